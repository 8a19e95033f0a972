"""The words for what is wrong with a list of units: `what is wrong; what is allowed`."""

from bot.units import words

TOML_LARGE = "tệp .toml nặng quá {most} KB; cần danh sách đơn vị, không phải tệp khác"

NO_UNITS = "danh sách đơn vị trống; cần ít nhất một đơn vị"
TOO_MANY = "có {found} đơn vị; cần không quá {most}"
NO_HEADER = (
    "không thấy dòng tiêu đề; cần các cột Tên, Nhóm (và Mã, Thôn hoặc tên cũ, Quy mô, Chỉ tiêu nếu "
    "có); xem tệp mẫu: hoithi units template"
)
NO_BLOCK_COLUMN = "thiếu cột Nhóm; cần thêm cột này, ghi một trong: {allowed}"
COLUMN_TWICE = "cột “{name}” có hai lần; cần bỏ một cột"
LONE_TEXT = "dòng này chỉ có “{found}”; cần đủ các cột, hoặc tên một nhóm: {allowed}, hoặc xóa dòng"

CODE = "mã “{found}” không hợp lệ; cần 1-20 ký tự A-Z a-z 0-9 - _, không dấu"
CODE_TWICE = "mã đơn vị “{found}” đã dùng ở {first}; cần mỗi đơn vị một mã"
NO_BLOCK = "chưa ghi nhóm; cần một trong: {allowed}"
BLOCK = "không có nhóm “{found}”; cần một trong: {allowed}"
NO_NAME = "thiếu tên đơn vị; cần có tên"
TEXT = "{key} “{found}” có ký tự ẩn, khoảng trắng thừa hoặc dấu chồng; cần gõ lại"
LONG = "{key} dài {found} ký tự; cần không quá {most}"
SEPARATOR = "{key} “{found}” có dấu chấm phẩy; cần tách thành hai mục"
NAME_TWICE = (
    "đơn vị “{name}” trùng tên với {first}; cần ghi thôn hoặc tên cũ khác nhau để phân biệt"
)
NUMBER = "{key} là “{found}”; cần số nguyên từ 0 đến {most}"
PHONE = "số điện thoại “{found}” không đọc được; cần số di động Việt Nam, 10 chữ số"
PHONE_ALONE = "có số điện thoại mà không có tên tổ trưởng; cần ghi tên"
PHONES_MORE = "có {phones} số điện thoại mà {names} tên tổ trưởng; cần cùng thứ tự, không nhiều hơn"
REPLACES = "mã cũ “{found}” không có trong danh sách đang dùng; cần mã đang dùng, hoặc bỏ ô này"
REPLACES_KEPT = "mã cũ “{found}” vẫn có trong danh sách mới; cần bỏ ô này, hoặc bỏ đơn vị đó"
REPLACES_TWICE = "mã cũ “{found}” đã có {first} thay; cần một đơn vị thay"
MAP_FORM = "--map “{found}” không đúng dạng; cần MÃ_CŨ=MÃ_MỚI"
MAP_NEW = "--map: không có đơn vị “{found}” trong danh sách mới; cần mã có trong tệp"

KEY = "đơn vị thứ {index}: “{key}” là {found}; cần {wanted}"
UNKNOWN_KEY = "không có khóa “{key}”; cho phép blocks, residential_block, [[unit]]"
NUMBER_KEYS = {"size": words.SIZE, "target": words.TARGET}
KEYS = "code, block, name, place, aliases, size, target, leaders, replaces"
QUOTED = '"..."'
CODE_WANTED = "A-Z a-z 0-9 - _ (1-20)"
LIST_WANTED = '["..."]'
LEADERS_WANTED = '[{ name = "...", phone = "..." }]'

BLOCK_ID = "nhóm “{key}”: mã cần 1-20 ký tự a-z 0-9 -, tên cần là chữ không trống"
RESIDENTIAL = "residential_block là {found}; cho phép một trong: {allowed}"


def at(place: str, template: str, **facts: object) -> str:
    """`place: what is wrong; what is allowed`."""
    return f"{place}: {template.format(**facts)}"
