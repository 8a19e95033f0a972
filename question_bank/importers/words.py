"""The words of the files we write for organisers, in Vietnamese: exports and templates.

The readers know these words too (`columns`, `labels`): a change here is tried by round trips.
"""

from question_bank.importers.problems import EXAMPLE, GUIDE_SHEET

QUESTIONS_SHEET = "Câu hỏi"
TOPICS_SHEET = "Chủ đề"

ORDINAL = "STT"
ID = "Mã câu"
TOPIC_CODE = "Mã chủ đề"
TOPIC = "Chủ đề"
TOPIC_TITLE = "Tên chủ đề"
STEM = "Câu hỏi"
OPTION = "Phương án {letter}"
KEY = "Đáp án"
DIFFICULTY = "Mức độ"
SOURCE = "Nguồn"
EXPLANATION = "Giải thích"
PIN = "Giữ chỗ phương án cuối"
OPTION_IDS = "Mã phương án"
YES = "có"
STATUS = "Trạng thái"
STATUSES = {"draft": "nháp", "approved": "đã duyệt", "retired": "đã bỏ"}
AUTHOR = "Người soạn"
APPROVED_BY = "Người duyệt"

PAPER_TITLE = "NGÂN HÀNG CÂU HỎI TRẮC NGHIỆM"
PAPER_COUNT = "Gồm {count} câu hỏi"
PAPER_WITH_KEYS = "Bản có đáp án – dành cho Ban Giám khảo, không phổ biến"
PAPER_WITHOUT_KEYS = "Bản không có đáp án"
PAGE = "Trang "
QUESTION = "Câu {number}. "
NOTE = "{name}: {text}"
ANSWERS = "BẢNG ĐÁP ÁN"

EXAMPLE_QUESTION = {
    "stem": f"{EXAMPLE} Quyết định số 06/QĐ-TTg ngày 06/01/2022 phê duyệt đề án thường gọi là gì?",
    "options": ("Đề án 05", "Đề án 06", "Đề án 07", "Đề án 08"),
    "key": "B",
    "difficulty": "1",
    "source": "Quyết định số 06/QĐ-TTg ngày 06/01/2022 của Thủ tướng Chính phủ",
    "explanation": "Đề án phát triển ứng dụng dữ liệu về dân cư, định danh và xác thực điện tử.",
}

GUIDE = (
    f"{GUIDE_SHEET} soạn câu hỏi",
    (
        "Mỗi dòng của trang “Câu hỏi” là một câu. Dòng ví dụ bắt đầu bằng [Ví dụ] không được nhập; "
        "xin xóa khi soạn xong."
    ),
    "Chủ đề: chọn trong danh sách (xem trang “Chủ đề”).",
    "Câu hỏi: một ý, dễ hiểu, gõ tiếng Việt có dấu, bảng mã Unicode.",
    "Phương án: từ 3 đến 5, dài gần như nhau, cùng một dạng; không dùng “tất cả các phương án”.",
    "Đáp án: một chữ cái A, B, C, D hoặc E. Mỗi câu chỉ một đáp án đúng.",
    "Mức độ: 1 (dễ), 2 (vừa), 3 (khó).",
    "Nguồn: tên văn bản, số, ngày, điều khoản làm căn cứ. Bắt buộc.",
    "Giải thích: một câu, hiện cho người thi xem sau khi cuộc thi đóng.",
    "Không dùng công thức, hình, macro. Số và ngày xin gõ thành chữ.",
    "Soạn xong, chạy:  hoithi questions check TỆP  rồi  hoithi questions import TỆP",
    "Tệp có đáp án là tài liệu kín: không gửi qua tin nhắn.",
)
GUIDE_OF_PAPER = (
    (
        "Gõ tiếp câu hỏi theo mẫu dưới đây: “Câu 1.” ở đầu câu hỏi, “A.” “B.” “C.” “D.” ở đầu mỗi "
        "phương án, mỗi phương án một dòng."
    ),
    (
        "Đánh dấu đáp án đúng bằng chữ đậm, hoặc thêm dòng “Đáp án: B”. Thêm dòng “Nguồn: …” "
        "và “Giải thích: …” ngay dưới các phương án."
    ),
    "Câu bắt đầu bằng [Ví dụ] không được nhập. Không dùng hình, hộp văn bản, công thức.",
)
