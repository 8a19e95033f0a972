// What the page itself says, in one place. The bot's own words come from the server.

export const WORDS = {
  bot: "Bot cuộc thi",
  botDescription: "Bấm “Bắt đầu” để trò chuyện với bot.",
  online: "bot",
  connecting: "đang kết nối lại…",
  goneShort: "đã ngắt",
  gone: "Người này không còn trên máy chủ diễn tập. Xin tải lại trang.",
  blocked: "đã chặn bot",
  chatOf: (name) => `Cuộc trò chuyện của ${name}`,
  messagesOf: (name) => `Tin nhắn của ${name}`,
  placeholder: "Tin nhắn",

  fromBot: "Bot:",
  fromPerson: "Người dự thi:",
  edited: "đã sửa",
  sticker: "Nhãn dán",
  voice: "Tin nhắn thoại",
  photo: "Ảnh",
  file: "Tệp đính kèm",
  location: "Vị trí trên bản đồ",
  contact: "Số điện thoại đã chia sẻ",
  spoiler: "Nội dung được che. Bấm để xem.",
  unknownKind: "Không hiển thị được tin nhắn này ở đây",

  waiting: "đang chờ bot trả lời",
  opensOutside: "mở ở trang mới",
  failed: "Chưa gửi được. Xin kiểm tra kết nối rồi thử lại.",
  noCommands: "Bot chưa có lệnh nào.",

  close: "Đóng",
  cancel: "Hủy",
  share: "Chia sẻ",
  shareTitle: "Chia sẻ số điện thoại với bot?",
  shareText: (phone, bot) => `Số ${phone} sẽ được gửi cho “${bot}”.`,
  shareTextNoPhone: (bot) => `Số điện thoại sẽ được gửi cho “${bot}”.`,
  scanTitle: "Quét mã QR của đơn vị",
  scanText: "Chọn một đơn vị, như khi quét mã QR trên áp phích của đơn vị đó.",
  scan: "Quét mã",
  noUnit: "Không quét mã",
  start: "Bắt đầu",
  startScanned: "Quét mã và bắt đầu",
  blockTitle: "Chặn bot?",
  blockText: "Bot sẽ không gửi được tin nhắn cho người này đến khi bỏ chặn.",
  block: "Chặn",

  people: "Người dự thi",
  peopleShown: (shown, all) => `Người dự thi (${shown}/${all})`,
  peopleActive: (name, hasNews) => `Người dự thi: ${name}${hasNews ? ", có tin nhắn mới" : ""}`,
  newMessages: "có tin nhắn mới",
  hiddenForRoom: (name) => `Màn hình hiện tối đa 4 người nên đã ẩn ${name}. Có thể hiện lại ở mục “Người dự thi”.`,
  nobody: "Chưa hiện người nào. Bấm “Thêm người” hoặc chọn ở mục “Người dự thi”.",
  serverAway: "Chưa kết nối được với máy chủ diễn tập. Xin chờ ít phút rồi tải lại trang.",

  moveBackTitle: "Quay lại thời điểm trước?",
  moveBack: "Quay lại sẽ bắt đầu một cuộc thi diễn tập mới; người dự thi phải đăng ký lại.",
  moveBackConfirm: "Quay lại",
  clockFailed: "Chưa chỉnh được đồng hồ. Xin thử lại.",
  clockShort: (time, phase) => `${time}, ${phase}. Chỉnh đồng hồ cuộc thi`,
};

export const PHASES = {
  before: "Chưa mở",
  open: "Đang mở",
  paused: "Đang tạm dừng",
  closed: "Đã đóng",
  provisional: "Kết quả tạm thời",
  final: "Kết quả chính thức",
};

export const BLOCKS = {
  "to-dan-pho": "Tổ dân phố",
  "co-quan": "Cơ quan, đơn vị",
  "truong-hoc": "Trường học",
  "": "Đơn vị khác",
};

/** People and phones made up for the rehearsal. */
export const EXAMPLE_NAMES = [
  "Nguyễn Thị Hoa", "Trần Văn Minh", "Lê Thị Lan", "Phạm Quốc Hùng", "Đỗ Thị Mai",
  "Vũ Đức Thắng", "Bùi Thị Ngọc", "Hoàng Văn Sơn", "Đặng Thu Hà", "Nguyễn Văn Bình",
  "Ngô Thị Thanh Xuân", "Dương Văn Khải", "Lý Thị Hạnh", "Đinh Công Thành", "Mai Thị Yến",
];
export const EXAMPLE_PHONE = 912345678;
