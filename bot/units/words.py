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

PREVIEW = "Danh sách mới có {units} đơn vị. So với danh sách đang dùng:"
SAME = "Danh sách này không khác danh sách đang dùng."
ADDED = "  Thêm {count}: {units}"
REMOVED = "  Bỏ {count}: {units}"
CHANGED = "  Sửa thông tin {count}: {units}"
MOVES = "  {people} người của {old} chuyển sang {new}"
LEFT = (
    "  CHÚ Ý: {people} người của {old} chưa có đơn vị thay, chờ Tổ Thư ký xem lại; nếu có đơn vị "
)
LEFT += "thay, ghi ở cột “Thay cho mã” hoặc thêm --map {old}=MÃ_MỚI"
IGNORED = "  Không dùng các cột: {columns}"
MORE = "{shown} … và {more} đơn vị nữa"
