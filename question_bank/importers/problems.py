"""The words for what is wrong in a file, in Vietnamese: organisers read them.

Every line is `file:line: what is wrong, what is allowed`.
"""

from collections.abc import Mapping
from pathlib import Path

from question_bank.importers.finding import Finding
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
    "text-empty": "“{0}” để trống; cần có chữ",
    "text-not-nfc": "“{0}” không ở dạng Unicode NFC; cần gõ lại hoặc chuyển về NFC",
    "source-missing": "chưa ghi nguồn; cần văn bản, điều khoản hoặc sách làm căn cứ",
    "quotas-empty": "số câu rút cho mỗi đề bằng 0; cần ít nhất một câu",
    "quotas-mixed": "“*” đi cùng {0} có thể rút trùng câu; cần chỉ “*” hoặc chỉ các chủ đề",
    "quota-negative": "số câu rút là {0}; cần từ 0 trở lên",
    "quota-not-met": "cần rút {0} câu mà ngân hàng chỉ có {1}; cần thêm câu hoặc rút ít hơn",
    "quota-not-a-key": "chủ đề không ghi được vào bộ quy tắc; cần ký tự trong A–Z, a–z, 0–9, dấu _",
}


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
    place = places.get(problem.where, problem.where)
    return f"{place}: {CHECKS[problem.what].format(*problem.facts)}"


_CODES = {
    words: name.lower().replace("_", "-")
    for name, words in tuple(globals().items())
    if name.isupper() and isinstance(words, str)
}
