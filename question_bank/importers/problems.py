"""The words for what is wrong in a file, in Vietnamese: organisers read them.

Every line is `file:line: what is wrong, what is allowed`.
"""

from collections.abc import Mapping
from pathlib import Path

from question_bank.importers.finding import Finding, Severity
from question_bank.problem import Problem

UNREADABLE = "không đọc được tệp ({reason}); cần một tệp có sẵn và có quyền đọc"
NOT_UTF8 = "tệp không phải UTF-8; hãy lưu lại với bảng mã UTF-8"
SYNTAX = "sai cú pháp TOML ở cột {column}: {reason}"
TOO_DEEP = "các dấu [ hoặc {{ lồng nhau quá sâu; cần bớt số tầng"
NO_FILES = "thư mục không có tệp câu hỏi nào; cần ít nhất một tệp .toml"

UNKNOWN_KEY = "không có mục “{key}”; các mục được dùng: {allowed}"
MISSING_KEY = "thiếu mục “{key}”; cần {wanted}"
WRONG_TYPE = "“{key}” là {found}; cần {wanted}"
EMPTY_TEXT = "“{key}” để trống; cần có chữ"
UNCLEAN_TEXT = (
    "“{key}” có ký tự ẩn, khoảng trắng thừa, xuống dòng hoặc chữ không ở dạng NFC"
    " (từ ký tự thứ {position}); cần ghi đúng: “{clean}”"
)
BAD_QUESTION_ID = "id câu hỏi “{found}” không hợp lệ; cần 1–32 ký tự trong a–z, 0–9, dấu -"
BAD_OPTION_ID = "id phương án “{found}” không hợp lệ; cần đúng một chữ cái a–z"
BAD_TOPIC = "topic “{found}” không hợp lệ; cần 1–32 ký tự trong A–Z, a–z, 0–9, dấu _ và -"
UNKNOWN_TOPIC = "không có chủ đề “{found}”; các chủ đề đã có: {allowed}"
OPTION_COUNT = "có {found} phương án; cần từ {least} đến {most}"
SAME_OPTION_ID = "id phương án “{found}” bị lặp; cần mỗi phương án một id riêng"
WRONG_ANSWER = "đáp án “{found}” không có trong các phương án; cần một trong: {allowed}"
BAD_STATUS = "status là “{found}”; cần một trong: {allowed}"
BAD_DIFFICULTY = "difficulty là {found}; cần 1 (dễ), 2 (vừa) hoặc 3 (khó)"
SAME_QUESTION_ID = "id câu hỏi “{found}” đã dùng ở {first}; cần mỗi câu một id riêng"
OTHER_TITLE = "chủ đề “{topic}” đã có tên khác (“{title}”) ở {first}; cần một tên chung"

STRING = "chuỗi ký tự trong dấu nháy"
BOOLEAN = "true hoặc false"
INTEGER = "số nguyên"
ARRAY = "danh sách [...]"
TABLE = "bảng các mục"
OTHER = "một kiểu khác"
QUESTIONS = "danh sách bảng [[question]]"
OPTIONS = 'danh sách { id = "a", text = "…" }'

NO_STEM = "thiếu nội dung câu hỏi; cần có chữ"
EMPTY_OPTION = "phương án {letter} để trống; cần có chữ"
PILED_MARKS = "có chữ chồng quá nhiều dấu; cần gõ lại câu này"
OPTION_IDS = (
    "mã phương án “{found}” không hợp lệ; cần {count} chữ cái a–z khác nhau, cách bằng dấu phẩy"
)
NO_KEY = (
    "chưa có đáp án; cần đánh dấu một phương án (in đậm, gạch chân, tô màu, dấu *)"
    " hoặc ghi “Đáp án: B”"
)
SEVERAL_KEYS = "có nhiều đáp án: “{found}”; cần đúng một"
KEY_UNKNOWN = (
    "đáp án “{found}” không khớp phương án nào; cần một trong: {allowed}, hoặc ghi y nguyên "
    "một phương án"
)
KEY_UNCLEAR = "đáp án “{found}” khớp nhiều hơn một phương án; cần một trong: {allowed}"
KEYS_DISAGREE = "các dấu đáp án không khớp nhau: {signs}; cần tất cả chỉ một phương án"
DIFFICULTY_WORD = "mức độ “{found}” không hiểu được; cần 1 (dễ), 2 (vừa) hoặc 3 (khó)"
PIN_WORD = "mục giữ chỗ phương án cuối là “{found}”; cần có hoặc không"
STATUS_WORD = "trạng thái “{found}” không hiểu được; cần nháp, đã duyệt hoặc đã bỏ"
OLD_TCVN3 = (
    "chữ gõ bằng bảng mã TCVN3 (ABC): “{found}”; cần chuyển sang Unicode (Unikey: "
    "Ctrl+Shift+F6, nguồn TCVN3, đích Unicode)"
)
OLD_VNI = (
    "chữ gõ bằng bảng mã VNI: “{found}”; cần chuyển sang Unicode (Unikey: Ctrl+Shift+F6, "
    "nguồn VNI Windows, đích Unicode)"
)
OLD_BROKEN = "chữ bị vỡ vì mở sai bảng mã: “{found}”; cần mở lại tệp gốc với bảng mã UTF-8 rồi lưu"
OLD_ENCODINGS = {"TCVN3": OLD_TCVN3, "VNI": OLD_VNI, "UTF-8": OLD_BROKEN}
KEY_SIGNS = {
    "bold": "in đậm",
    "underline": "gạch chân",
    "colour": "chữ màu",
    "highlight": "tô nền",
    "star": "dấu sao",
    "line": "dòng “Đáp án”",
    "column": "cột “Đáp án”",
    "table": "bảng đáp án",
}

EXAMPLE = "[Ví dụ]"
GUIDE_SHEET = "Hướng dẫn"
QUESTION_LABEL = "Câu {number}"
ROW = "dòng {row}"
ROW_OF_SHEET = "trang “{sheet}”, dòng {row}"
SHEET = "trang “{sheet}”"
PARAGRAPH = "đoạn {number}"

NO_SUCH_QUESTION = "không có câu hoặc tệp “{found}”; cần mã câu, hoặc tên tệp trong thư mục này"
SAME_PERSON = "{by} là người soạn câu này; cần một người khác duyệt"
NOT_A_DRAFT = "câu này không phải bản nháp; cần bỏ khỏi lệnh duyệt"
ODD_LAYOUT = "tệp viết theo cách lạ nên không tự sửa được; cần ghi status bằng tay"
EXAMPLE_SKIPPED = "câu ví dụ của tệp mẫu, không nhập; xin xóa hoặc sửa chữ [Ví dụ] ở đầu câu"

NO_TOPIC = (
    "chưa có chủ đề; cần ghi chủ đề trong tệp (nhập bằng dòng lệnh thì có thể thêm --topic MÃ)"
)
TOPIC_NAME = "không có chủ đề “{found}” ({count} câu); các chủ đề đã có: {allowed}"
ID_TAKEN = (
    "mã câu “{found}” đã có ở {first}; cần mã khác (nhập bằng dòng lệnh thì có thể ghi vào thư mục "
    "riêng bằng --into)"
)
ID_TWICE = "mã câu “{found}” đã dùng ở {first}; cần mỗi câu một mã riêng"
NO_QUESTIONS = (
    "không tìm thấy câu hỏi nào; xem tệp mẫu (lệnh /nganhang, hoặc hoithi questions template "
    "THƯ_MỤC)"
)
TOO_MANY_QUESTIONS = "có {found} câu hỏi; cần không quá {most} câu mỗi tệp"

NO_HEADER = "không thấy dòng tiêu đề; cần các cột: Câu hỏi, A, B, C, D, Đáp án (xem tệp mẫu)"
COLUMN_TWICE = "cột “{name}” có hai lần ({first} và {second}); cần bỏ một cột"
LONE_TEXT = "dòng này chỉ có “{found}”, không thành câu hỏi; cần đủ các cột, hoặc xóa dòng"
SHEET_SKIPPED = "trang tính không có bảng câu hỏi, đã bỏ qua; cần tiêu đề như tệp mẫu nếu muốn nhập"
HIDDEN_SHEET = "trang tính bị ẩn nhưng có câu hỏi; cần bỏ ẩn hoặc xóa trang"
FORMULA = "ô {cell} là công thức; cần dán lại thành giá trị (Dán đặc biệt, Giá trị)"
ERROR_CELL = "ô {cell} báo lỗi {found}; cần ghi chữ đúng"
FRACTION = (
    "ô {cell} là số lẻ hoặc phần trăm ({found}), có thể hiện khác trong Excel; cần định dạng "
    "ô là Văn bản (Text) rồi gõ lại"
)
TIME_CELL = "ô {cell} là giờ hoặc khoảng thời gian; cần định dạng ô là Văn bản (Text) rồi gõ lại"
LONG_CELL = "ô {cell} dài {found} ký tự; cần không quá {most}"
TOO_MANY_COLUMNS = "có {found} cột; cần không quá {most}"
TOO_MANY_ROWS = "có {found} dòng; cần không quá {most}"
CSV_BROKEN = "tệp csv sai dấu nháy kép; cần mở bằng Excel và lưu lại"
CSV_ENCODING = "tệp csv không phải UTF-8; cần lưu lại dạng “CSV UTF-8 (Comma delimited)”"

LONE_PARAGRAPH = "đoạn “{found}” không thuộc câu nào; cần nối vào câu, hoặc xóa"
OPTION_WITHOUT_QUESTION = "phương án “{found}” đứng trước mọi câu hỏi; cần có câu hỏi ở trên"
OPTION_LABEL = (
    "phương án ghi “{found}.” mà thứ tự phải là “{wanted}.”; cần ghi lại chữ cái theo thứ tự"
)
TEXT_BOX = "có chữ trong hộp văn bản: “{found}”, không đọc được theo thứ tự; cần đưa ra ngoài hộp"
PICTURE = "câu này có hình, bot chỉ gửi chữ; cần mô tả hình bằng chữ"
EQUATION = "câu này có công thức toán dạng Word; cần gõ bằng chữ"
ANSWER_NUMBER = "bảng đáp án có câu {found} mà tệp không có; cần sửa số câu"
ANSWER_TWICE = "bảng đáp án ghi câu {found} hai lần khác nhau; cần một"
NUMBER_TWICE = "số câu {found} có hai lần trong phần dùng bảng đáp án; cần đánh số lại"

EMPTY_FILE = "tệp rỗng; cần chọn lại tệp"
FILE_TOO_LARGE = "tệp nặng {found} MB; cần không quá {most} MB (xóa hình trong tệp)"
NOT_A_KIND = "không biết loại tệp này; cần .xlsx, .docx, .csv, .toml hoặc .xls"
OLD_WORD = (
    "tệp .doc kiểu cũ không nhập được; cần mở bằng Word hoặc LibreOffice, chọn Lưu thành "
    "(Save As), loại “Word Document (*.docx)”"
)
RICH_TEXT = (
    "tệp này là RTF; cần mở bằng Word, chọn Lưu thành (Save As), loại “Word Document (*.docx)”"
)
WEB_PAGE = (
    "tệp này là trang web (HTML) mang đuôi {suffix}; cần mở bằng Excel hoặc Word và lưu lại "
    "đúng loại"
)
PDF = "tệp này là PDF; cần tệp Word hoặc Excel gốc"
WRONG_SUFFIX = "tên tệp có đuôi {suffix} mà bên trong là {found}; cần đổi đuôi thành {wanted}"
NOT_WHAT_IT_SAYS = (
    "tên tệp có đuôi {suffix} mà bên trong không phải; tệp có thể đã hỏng, cần mở và lưu lại"
)
MACROS = "tệp có macro; cần lưu lại dạng không có macro (.xlsx hoặc .docx)"
LOCKED = "tệp đặt mật khẩu; cần bỏ mật khẩu rồi lưu lại"
ZIP_BROKEN = "tệp bị hỏng, không mở được; cần mở bằng Excel hoặc Word và lưu lại"
ZIP_LARGE = "tệp bung ra quá lớn ({found} MB); cần không quá {most} MB"
ZIP_BOMB = "tệp nén bất thường, không mở để giữ an toàn; cần tạo lại tệp từ Excel hoặc Word"
ZIP_ENTRIES = "tệp có quá nhiều phần bên trong ({found}); cần tạo lại tệp từ Excel hoặc Word"
FORBIDDEN_XML = (
    "tệp có khai báo XML không an toàn (DTD, thực thể); cần tạo lại tệp từ Excel hoặc Word"
)
FILE_BROKEN = "không đọc được bên trong tệp; tệp có thể đã hỏng, cần mở và lưu lại rồi thử lại"
TOO_HEAVY = "đọc tệp tốn quá nhiều bộ nhớ hoặc thời gian nên đã dừng; cần chia nhỏ hoặc tạo lại tệp"

# what Python's TOML reader says (its beginning) → what an organiser can do about it
SYNTAX_REASONS = {
    "Invalid value": "giá trị không hiểu được; chữ cần đặt trong dấu nháy kép",
    "Expected '=' after a key": "thiếu dấu =; cần viết tên = giá trị",
    "Expected newline": "thừa ký tự sau giá trị; cần mỗi mục một dòng",
    "Cannot overwrite a value": "mục bị ghi hai lần; cần bỏ một",
    "Cannot declare": "bảng bị khai báo hai lần; cần bỏ một",
    "Duplicate inline table key": "mục bị ghi hai lần; cần bỏ một",
    "Illegal character": "dấu nháy chưa đóng hoặc có ký tự điều khiển; cần đóng dấu nháy",
    "Found invalid character": "có ký tự điều khiển; cần xóa ký tự đó",
    "Unterminated string": "dấu nháy chưa đóng; cần đóng dấu nháy",
    "Expected \"'": "dấu nháy chưa đóng; cần đóng dấu nháy",
    "Unescaped": "dấu \\ đứng một mình; cần viết \\\\",
    "Invalid hex value": "mã ký tự sau \\u không đúng; cần các chữ số 0–9, a–f",
    "Unclosed array": "danh sách chưa đóng hoặc thiếu dấu phẩy; cần dấu ] ở cuối",
    "Unclosed inline table": "bảng trong một dòng chưa đóng hoặc thiếu dấu phẩy; cần dấu } ở cuối",
    "Expected ']": "tiêu đề bảng chưa đóng; cần dấu ]",
    'Expected "]': "tiêu đề bảng chưa đóng; cần dấu ]",
}
SYNTAX_OTHER = "dòng này không hiểu được; cần dạng tên = giá trị hoặc [[question]]"
LAST_COLUMN = "cuối tệp"

CHECKS = {
    "stem-twin": "câu hỏi trùng nội dung với câu {0}; cần sửa hoặc bỏ một câu",
    "options-twin": "phương án {0} và {1} trùng nhau; cần hai nội dung khác nhau",
    "message-too-long": "câu hỏi và phương án dài {0} ký tự; cần không quá {1}",
    "zalo-too-long": "câu hỏi và phương án dài {0} ký tự, Zalo không gửi được; cần không quá {1}",
    "text-empty": "“{0}” để trống; cần có chữ",
    "text-not-nfc": "“{0}” không ở dạng Unicode NFC; cần gõ lại hoặc chuyển về NFC",
    "source-missing": "chưa ghi nguồn; cần văn bản, điều khoản hoặc sách làm căn cứ",
    "quotas-empty": "số câu rút cho mỗi đề bằng 0; cần ít nhất một câu",
    "quotas-mixed": "“*” đi cùng {0} có thể rút trùng câu; cần chỉ “*” hoặc chỉ các chủ đề",
    "quota-negative": "số câu rút là {0}; cần từ 0 trở lên",
    "quota-not-met": "cần rút {0} câu mà ngân hàng chỉ có {1}; cần thêm câu hoặc rút ít hơn",
    "quota-not-a-key": "chủ đề không ghi được vào bộ quy tắc; cần ký tự trong A–Z, a–z, 0–9, dấu _",
}

WARNINGS = {
    "drafts": "có {0} câu nháp chưa duyệt, chưa được rút vào đề; người khác người soạn duyệt bằng "
    "hoithi questions approve",
    "near-twin": "câu hỏi gần giống câu {0} ({1}%); xem lại để không hỏi hai lần một ý",
    "old-encoding": "chữ gõ bằng bảng mã {0}; cần chuyển sang Unicode",
    "english": "“{0}” có chữ tiếng Anh: “{1}”; nên viết bằng tiếng Việt",
    "unmarked": "“{0}” không có dấu tiếng Việt: “{1}”; cần gõ có dấu",
    "mixed-scripts": "“{0}” lẫn chữ cái Nga hoặc Hy Lạp trông giống chữ Latinh; cần gõ lại",
    "all-of-them": "phương án {0} dạng “tất cả các phương án”; nên thay bằng một nội dung cụ thể",
    "explanation-missing": "chưa có lời giải thích; nên có một câu để hiện sau khi thi",
    "tone-marks": "“{0}” khác cách đặt dấu thanh của đa số câu; nên viết “{1}”",
    "topic-unused": "chủ đề có {0} câu nhưng đề thi không rút câu nào; xem [contest.draw]",
    "little-room": "chủ đề có {0} câu, mỗi đề rút {1}; nên có ít nhất {2} câu để đề ít trùng nhau",
    "clue-longest": "đoán phương án dài nhất thì đúng {0}/{1} câu (may rủi: {2}); nên viết các "
    "phương án dài như nhau",
    "clue-shortest": "đoán phương án ngắn nhất thì đúng {0}/{1} câu (may rủi: {2}); nên viết các "
    "phương án dài như nhau",
    "clue-digits": "đoán phương án nhiều chữ số nhất thì đúng {0}/{1} câu (may rủi: {2}); nên cho "
    "các phương án cùng dạng",
    "clue-no-digits": "đoán phương án ít chữ số nhất thì đúng {0}/{1} câu (may rủi: {2}); nên cho "
    "các phương án cùng dạng",
    "clue-words-of-stem": "đoán phương án nhắc lại chữ của câu hỏi thì đúng {0}/{1} câu (may rủi: "
    "{2}); nên thay chữ trong đáp án",
    "clue-words-of-others": (
        "đoán phương án giống các phương án khác nhất thì đúng {0}/{1} câu (may "
        "rủi: {2}); nên viết phương án sai khác nhau hơn"
    ),
    "clue-own-words": (
        "đoán phương án khác các phương án còn lại nhất thì đúng {0}/{1} câu (may rủi: "
        "{2}); nên viết phương án sai gần với đáp án hơn"
    ),
    "clue-first": "đáp án đứng thứ nhất ở {0}/{1} câu (may rủi: {2}); nên rải đều các vị trí",
    "clue-second": "đáp án đứng thứ hai ở {0}/{1} câu (may rủi: {2}); nên rải đều các vị trí",
    "clue-third": "đáp án đứng thứ ba ở {0}/{1} câu (may rủi: {2}); nên rải đều các vị trí",
    "clue-fourth": "đáp án đứng thứ tư ở {0}/{1} câu (may rủi: {2}); nên rải đều các vị trí",
}
"""Nothing here stops a start."""


def finding_at(file: Path | str, at: int | str, template: str, **facts: object) -> Finding:
    """`template` with its facts, said of a line, row or paragraph of `file`."""
    return Finding(str(file), str(at), code_of(template), template.format(**facts))


def code_of(template: str) -> str:
    """The name a program knows a finding by: its constant's, in lower case."""
    return _CODES[template]


def syntax_reason(said: str) -> str:
    """Words for a message of Python's TOML reader."""
    for beginning, reason in SYNTAX_REASONS.items():
        if said.startswith(beginning):
            return reason
    return SYNTAX_OTHER


def type_name(value: object) -> str:
    """Words for the TOML type of a value."""
    # bool before int: True is an int to Python
    names = ((str, STRING), (bool, BOOLEAN), (int, INTEGER), (list, ARRAY), (dict, TABLE))
    return next((name for kind, name in names if isinstance(value, kind)), OTHER)


def line_of_problem(problem: Problem, places: Mapping[str, str]) -> str:
    """A check's finding; `places` says in which `file:line` a question or topic stands."""
    return str(finding_of_problem(problem, places))


def finding_of_problem(problem: Problem, places: Mapping[str, str]) -> Finding:
    """As `line_of_problem`; what `WARNINGS` has words for is a warning."""
    file, colon, at = places.get(problem.where, problem.where).rpartition(":")
    is_warning = problem.what in WARNINGS
    words = (WARNINGS if is_warning else CHECKS)[problem.what].format(*problem.facts)
    severity: Severity = "warning" if is_warning else "error"
    place = (file, at) if colon else (at, "")
    return Finding(*place, problem.what, words, problem.where, severity)


_CODES = {
    words: name.lower().replace("_", "-")
    for name, words in tuple(globals().items())
    if name.isupper() and isinstance(words, str)
}
