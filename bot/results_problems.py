"""What `hoithi results` says, in Vietnamese: to organisers who take the figures home."""

from collections.abc import Mapping

RESULTS: Mapping[str, str] = {
    "about": "Kết quả: bảng tính của Ban Tổ chức.\n\n"
    "Ví dụ:  hoithi results export --out so-lieu.xlsx",
    "export": "Xuất bảng tính Excel của Ban Tổ chức: tổng hợp, theo đơn vị, theo ngày, người dự "
    "thi, lượt thi. Chạy được khi cuộc thi đang mở; số câu đúng và số dự đoán chỉ có sau khi cuộc "
    "thi đóng. Tệp có thông tin cá nhân, chỉ chủ tệp đọc được.\n\n"
    "Ví dụ:  hoithi results export --out so-lieu.xlsx\n\n"
    "         hoithi results export --out so-lieu.xlsx --csv thu-muc",
    "report": "Xuất báo cáo Word về kết quả tham gia: của một đơn vị, hoặc của toàn phường. Chỉ có "
    "số người, số lượt; không có họ tên, không có điểm.\n\n"
    "Ví dụ:  hoithi results report --out bao-cao.docx\n\n"
    "         hoithi results report --unit TDP-06 --out bao-cao-tdp-06.docx",
    "report_out": "Tệp Word cần ghi, đuôi .docx; có rồi thì được thay bằng tệp mới.",
    "report_unit": "Mã đơn vị; không ghi thì báo cáo toàn phường.",
    "report_suffix": "{path}: đuôi tệp là “{found}”; cần .docx",
    "report_done": "Đã ghi {path}; số liệu tính đến {at}.",
    "no_unit": "không có đơn vị “{code}” trong danh sách đang dùng; xem mã: hoithi units export",
    "out_option": "Tệp Excel cần ghi, đuôi .xlsx; có rồi thì được thay bằng tệp mới.",
    "csv_option": "Ghi thêm các danh sách thành tệp .csv vào thư mục này.",
    "suffix": "{path}: đuôi tệp là “{found}”; cần .xlsx",
    "is_file": "{path}: đây là một tệp; cần một thư mục",
    "reading": "Đang ghi",
    "done": "Đã ghi {path}: {registered} người đăng ký, {people} người tham gia, {attempts} lượt "
    "tham gia; số liệu tính đến {at}.",
    "done_csv": "Đã ghi các danh sách .csv vào {path}.",
    "private": "Tệp có thông tin cá nhân: không gửi qua ứng dụng nhắn tin.",
    "no_contest": "chưa có cuộc thi nào trong cơ sở dữ liệu này; chạy hoithi run trước",
    "unwritable": "{path}: không ghi được ({why}); kiểm tra quyền và chỗ trống",
    "too_many": "{path}: quá nhiều dòng cho một trang tính Excel (tối đa 1.048.573)",
    "unreadable": "một thông tin được mã hóa trong cơ sở dữ liệu không mở được ({why}); kiểm tra "
    "HOITHI_DATA_KEY, hoặc khôi phục bản sao lưu",
}
