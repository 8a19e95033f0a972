"""The words of `hoithi amend`, in Vietnamese: what it says, and why it will not."""

from collections.abc import Mapping

AMEND: Mapping[str, str] = {
    "amend": "Đề nghị sửa thể lệ giữa cuộc thi: so cấu hình vừa sửa với thể lệ đang có hiệu lực, "
    "cho xem từng thay đổi rồi lập đề nghị. Một người trong Ban Tổ chức duyệt bằng /duyet thì có "
    "hiệu lực: bài bắt đầu sau đó theo thể lệ mới, mọi người dự thi được thông báo.\n\n"
    'Ví dụ:  hoithi amend --why "Người cao tuổi cần thêm giờ" --notice "Thời gian làm bài là 20 '
    'phút, kể từ ngày 10/12/2025."',
    "why": "Lý do, từ 5 đến 200 ký tự, không ghi số điện thoại.",
    "notice": "Lời thông báo tới mọi người dự thi, từ 10 đến 1000 ký tự.",
    "yes": "Không hỏi lại.",
    "change": "{path}: {before} → {after}",
    "ask": "Lập đề nghị sửa thể lệ như trên?",
    "stopped": "Chưa lập đề nghị nào.",
    "proposed": "Đã lập đề nghị số {number}. Có hiệu lực khi một người trong Ban Tổ chức duyệt "
    "bằng lệnh /duyet trong bot. Giữ nguyên cấu hình đã sửa để dùng cho lần khởi động sau.",
    "why_wrong": "--why: cần lý do từ 5 đến 200 ký tự, không ghi số điện thoại",
    "notice_wrong": "--notice: cần lời thông báo từ 10 đến 1000 ký tự",
    "no_contest": "chưa có cuộc thi nào bắt đầu; sửa cấu hình là đủ, không cần hoithi amend",
    "same": "cấu hình không khác thể lệ đang có hiệu lực; sửa cấu hình trước rồi chạy lại",
    "window": "{path}: giờ mở, giờ đóng không sửa bằng lệnh này; trong bot dùng /mosom, /giahan, "
    "/dongsom, và ghi lại giờ cũ trong cấu hình",
    "units": "{path}: danh sách đơn vị không sửa bằng lệnh này; đổi bằng hoithi units import, hoặc "
    "lấy danh sách đang dùng về tệp đơn vị bằng hoithi units export",
    "bank": "{path}: câu hỏi không sửa bằng lệnh này; ghi lại câu hỏi như cũ",
    "fixed": "{path}: không sửa được sau khi cuộc thi bắt đầu; ghi lại như cũ",
}
