"""The words of the unit files we write for organisers, and of what is said about a list.

The reader knows the headings too (`columns`): a change here is tried by round trips.
"""

from question_bank.importers.problems import EXAMPLE, GUIDE_SHEET

UNITS_SHEET = "Đơn vị"
BLOCKS_SHEET = "Nhóm"

CODE = "Mã"
BLOCK = "Nhóm"
NAME = "Tên"
PLACE = "Thôn hoặc tên cũ"
ALIASES = "Tên gọi khác"
SIZE = "Quy mô"
TARGET = "Chỉ tiêu"
LEADER = "Tổ trưởng"
PHONE = "Điện thoại tổ trưởng"
REPLACES = "Thay cho mã"
NO_PHONE = "-"
BLOCK_ID = "Mã nhóm"
BLOCK_TITLE = "Tên nhóm"

USUAL_BLOCKS = {
    "to-dan-pho": "Tổ dân phố",
    "co-quan": "Cơ quan, đơn vị",
    "truong-hoc": "Trường học",
}
"""Where no list is there yet to take them from; the first is the residential one."""

EXAMPLE_ROW = {
    CODE: "TDP-01",
    NAME: f"{EXAMPLE} Tổ dân phố 1",
    PLACE: "Nhân Trạch",
    ALIASES: "Xóm Đình; Tổ 1 cũ",
    SIZE: "1250",
    TARGET: "50",
    LEADER: "Nguyễn Văn A",
    PHONE: "0900 000 000",
}

GUIDE = (
    f"{GUIDE_SHEET} lập danh sách đơn vị",
    "Mỗi dòng của trang “Đơn vị” là một đơn vị. Dòng ví dụ có chữ [Ví dụ] không được nhập.",
    (
        "Mã: in trong mã QR, gồm chữ không dấu, số, gạch ngang, tối đa 20 ký tự, mỗi đơn vị "
        "một mã. Để trống thì bot tự đặt theo tên. Đã dán mã QR thì giữ nguyên mã."
    ),
    "Nhóm: chọn trong danh sách (xem trang “Nhóm”).",
    "Tên: như người dân vẫn gọi. Hai đơn vị cùng tên cần ghi thôn hoặc tên cũ khác nhau.",
    "Tên gọi khác: các cách gọi khác để tìm, cách nhau bằng dấu chấm phẩy.",
    "Quy mô: số người của đơn vị, dùng để tính tỷ lệ. Không rõ thì để trống.",
    "Chỉ tiêu: số người cần tham gia. Để trống thì tổ dân phố là 50, đơn vị khác bằng quy mô.",
    (
        "Tổ trưởng, Điện thoại tổ trưởng: để Ban Tổ chức liên hệ; không tự cho ai quyền gì. Nhiều "
        "người thì cách nhau bằng dấu chấm phẩy, số điện thoại theo đúng thứ tự."
    ),
    (
        "Thay cho mã: khi đổi danh sách giữa cuộc thi, ghi mã cũ mà đơn vị này thay (nhiều mã cách "
        "nhau bằng dấu phẩy). Người của đơn vị cũ được chuyển sang đơn vị này."
    ),
    "Nhập danh sách:  hoithi units import TÊN_TỆP.xlsx",
)

TOML_HEAD = """\
# Danh sách đơn vị. Mỗi đơn vị một bảng [[unit]].
#   code    mã, dùng trong mã QR: chữ cái, số, gạch ngang, gạch dưới; tối đa 20 ký tự
#   block   nhóm, một trong các mã ở [blocks]
#   name    tên hiện ra cho người dự thi        place   thôn, khu dân cư hoặc tên cũ
#   aliases tên gọi khác để tìm
#   size    quy mô đã khai, số người (0: chưa có)    target  chỉ tiêu số người tham gia
#   leaders tổ trưởng, người phụ trách: [{ name = "…", phone = "…" }]

# Nhóm dân cư: người thuộc nhóm này không phải chọn đối tượng dự thi.
"""

PREVIEW = "Danh sách mới: {units} đơn vị; so với danh sách đang dùng"
SAME = "Danh sách này không khác danh sách đang dùng."
ADDED = "  Thêm {count}: {units}"
REMOVED = "  Bỏ {count}: {units}"
CHANGED = "  Sửa thông tin {count}: {units}"
MOVED = "  Chuyển: {people} người của {old} sang {new}"
LEFT = (
    "  CHÚ Ý: {people} người của {old} chưa có đơn vị thay, sẽ chờ Tổ Thư ký xem lại. Nếu có đơn "
    "vị thay, ghi {old} ở cột “Thay cho mã”, hoặc thêm --map {old}=MÃ_MỚI"
)
AFFECTED = "Số người bị ảnh hưởng: {people}"
IGNORED = "  Không dùng các cột: {columns}"
MORE = "{shown} … và {more} đơn vị nữa"

SAYS = {
    "units": "Danh sách đơn vị: nhập, xuất, tệp mẫu.",
    "import": "Nhập danh sách đơn vị từ tệp Excel, csv hoặc toml. Cho xem trước thay đổi gì, bao "
    "nhiêu người bị ảnh hưởng, rồi hỏi lại; tệp có lỗi thì không đổi gì. Trước khi cuộc thi thật "
    "bắt đầu thì ghi vào tệp đơn vị của cấu hình; sau đó thì lập một đề nghị, một người trong Ban "
    "Tổ chức duyệt bằng /duyet mới có hiệu lực.\n\n"
    "Ví dụ:  hoithi units import don-vi.xlsx\n\n"
    '         hoithi units import don-vi.xlsx --map TDP-06=TDP-01 --why "Sáp nhập tổ dân phố"',
    "file": "Tệp danh sách đơn vị: .xlsx, .csv hoặc .toml.",
    "map": "MÃ_CŨ=MÃ_MỚI: người của đơn vị cũ chuyển sang đơn vị mới. Dùng được nhiều lần.",
    "why": "Lý do, từ 5 đến 200 ký tự, không ghi số điện thoại; bắt buộc khi cuộc thi thật đã có.",
    "yes": "Không hỏi lại.",
    "export": "Xuất danh sách đơn vị đang dùng ra tệp .xlsx, .csv hoặc .toml.\n\n"
    "Ví dụ:  hoithi units export --out don-vi.xlsx",
    "out": "Tệp cần ghi; đuôi .xlsx, .csv hoặc .toml.",
    "with_leaders": "Ghi cả tên và số điện thoại tổ trưởng; tệp phải cất kín.",
    "template": "Ghi một tệp mẫu Excel để điền danh sách đơn vị.\n\n"
    "Ví dụ:  hoithi units template --out mau-don-vi.xlsx",
    "template_out": "Tệp mẫu cần ghi, đuôi .xlsx; chưa có thì mới ghi.",
    "reading": "Đang đọc tệp...",
    "why_missing": 'cuộc thi thật đã có: cần --why "lý do", từ 5 đến 200 ký tự, không ghi số điện '
    "thoại",
    "unreadable": "{path}: không đọc được tệp ({why}); cần một tệp có sẵn và có quyền đọc",
    "large": "{path}: tệp nặng quá {most} MB; cần danh sách đơn vị, không phải tệp khác",
    "bad": "Chưa đổi gì: có {count} lỗi ở trên. Sửa tệp rồi nhập lại.",
    "ask_file": "Ghi danh sách này vào {path}?",
    "ask_proposal": "Lập đề nghị đổi sang danh sách này?",
    "stopped": "Chưa đổi gì.",
    "written": "Đã ghi {count} đơn vị vào {path}",
    "kept": "Danh sách cũ còn ở {path}",
    "with_phones": "Tệp có tên, số điện thoại tổ trưởng: cất kín, không gửi qua tin nhắn.",
    "proposed": "Đã lập đề nghị số {number}. Có hiệu lực khi một người trong Ban Tổ chức duyệt "
    "bằng lệnh /duyet trong bot.",
    "unwritable": "{path}: không ghi được ({why}); cần thư mục có quyền ghi",
    "suffix": "{path}: đuôi tệp {found} không xuất được; cần .xlsx, .csv hoặc .toml",
    "template_suffix": "{path}: tệp mẫu cần đuôi .xlsx",
    "there": "{path}: đã có tệp này; cần tên khác, hoặc xóa tệp cũ",
}
"""What `hoithi units` says."""
