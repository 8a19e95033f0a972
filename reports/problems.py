"""What `hoithi posters` says, in Vietnamese: to organisers who make posters, and who print them."""

from collections.abc import Mapping

POSTERS: Mapping[str, str] = {
    "help": "Làm áp phích A4, A5 có mã QR cho từng đơn vị và cho cả phường, cùng biểu ngữ cho "
    "trang web. Mã QR của đơn vị mở bot và chọn sẵn đơn vị đó.\n\n"
    "Ví dụ:  hoithi posters --out ap-phich\n\n"
    "         hoithi posters --out ap-phich --size a4 --each\n\n"
    "         hoithi posters --out ap-phich --unit TDP-06 --unit TDP-07\n\n"
    "         hoithi posters --out ap-phich --bot phuluong_bot --zalo https://zalo.me/123456",
    "out": "Thư mục nhận các tệp; chưa có thì được tạo, tệp cũ cùng tên bị ghi đè.",
    "size": "Khổ giấy: a4, a5 hoặc both (cả hai).",
    "unit": "Chỉ làm cho đơn vị có mã này; ghi nhiều lần cho nhiều đơn vị.",
    "each": "Ghi thêm cho mỗi đơn vị một tệp riêng và một hình mã QR, tên tệp là mã đơn vị.",
    "zalo": "Đường dẫn Zalo, để in thêm mã QR của Zalo; {unit} trong đó được thay bằng mã đơn vị.",
    "bot": "Tên của bot trên Telegram; không ghi thì hỏi Telegram bằng TELEGRAM_BOT_TOKEN.",
    "bot_form": "cần tên bot như phuluong_bot: 5-32 ký tự chữ, số, gạch dưới, bắt đầu bằng chữ",
    "zalo_form": "cần đường dẫn https://, dài đến {most} ký tự, không có dấu cách",
    "no_bot": "chưa biết tên bot; ghi --bot TÊN_BOT, hoặc đặt biến môi trường TELEGRAM_BOT_TOKEN",
    "no_unit": "{list}: không có đơn vị mã “{code}”; cho phép các mã: {allowed}",
    "unwritable": "{path}: không ghi được ({why}); cần thư mục có quyền ghi",
    "working": "Đang làm áp phích",
    "written": "Đã ghi {path}",
    "folder": "Đã ghi {count} tệp riêng của {units} đơn vị vào {path}",
    "stored": "danh sách đơn vị trong cơ sở dữ liệu",
    "from_sql": "Đơn vị lấy từ danh sách đang có hiệu lực trong cơ sở dữ liệu (bản số {number}).",
    "from_file": "Đơn vị lấy từ tệp {path}, vì ở đây không có cơ sở dữ liệu của cuộc thi chính "
    "thức. Nếu danh sách đã được đổi trong cuộc thi thì xin chạy lệnh này ở máy chủ của bot.",
    "check": "Trước khi in nhiều, hãy in thử một tờ và quét mã bằng điện thoại.",
}
