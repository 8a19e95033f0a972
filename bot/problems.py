"""The words for what stops a start, in Vietnamese: the contractor and organisers read them.

They stand here and not in the catalogue of messages because they explain a broken catalogue too.
Every line is `file:line: key: what was found, what is allowed`.
"""

import re
from collections.abc import Mapping

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from handlers.catalogue import Flaw
from handlers.ports import HoithiError
from question_bank.importers.document import TomlDocument

WORDS: Mapping[str, str] = {
    "missing": "thiếu khóa này; cần ghi thêm (xem config.toml mẫu)",
    "extra_forbidden": "không có khóa này; xin xóa hoặc sửa lại tên",
    "greater_than_equal": "tìm thấy {found}; cho phép từ {ge} trở lên",
    "less_than_equal": "tìm thấy {found}; cho phép đến {le}",
    "int_type": "tìm thấy {found}; cho phép số nguyên, không có dấu nháy",
    "string_type": "tìm thấy {found}; cho phép chữ trong dấu nháy",
    "bool_type": "tìm thấy {found}; cho phép true hoặc false",
    "list_type": "tìm thấy {found}; cho phép danh sách [...]",
    "tuple_type": 'tìm thấy {found}; cho phép cặp ["mã", số lượng]',
    "dict_type": "tìm thấy {found}; cho phép một bảng [...]",
    "model_type": "tìm thấy {found}; cho phép một bảng [...]",
    "literal_error": "tìm thấy {found}; cho phép một trong: {expected}",
    "string_pattern_mismatch": "tìm thấy {found}; cho phép dạng {pattern}",
    "too_long": "tìm thấy {found}; cho phép đến {max_length} mục",
    "too_short": "danh sách trống; cần ít nhất {min_length} mục",
    "string_too_short": "để trống; cần ít nhất {min_length} ký tự",
    "string_too_long": "quá dài; cho phép đến {max_length} ký tự",
    "time_zone": "tìm thấy {found}; cho phép tên múi giờ như Asia/Ho_Chi_Minh",
    "tz_data": "máy không có dữ liệu múi giờ; cần cài gói tzdata: apt install tzdata, hoặc "
    "pip install tzdata trong môi trường của chương trình",
    "moment": 'tìm thấy {typed}; cho phép dạng "07:00 08/12/2025", cuối ngày là "24:00"',
    "window": "giờ đóng {typed} không sau giờ mở; cần giờ đóng sau giờ mở",
    "tally_hours": "tìm thấy {typed}; cần sau giờ của bản tin buổi sáng (morning)",
    "above_paper": "tìm thấy {typed}; cho phép đến tổng số câu của [contest.draw]",
    "other": "tìm thấy {found}; giá trị không hợp lệ ({type})",
}

STARTS: Mapping[str, str] = {
    "config_missing": "không có tệp này; chạy lệnh trong thư mục có config.toml, hoặc chỉ rõ "
    "--config ĐƯỜNG_DẪN",
    "file_missing": "không có tệp {path}; sửa đường dẫn hoặc khôi phục tệp",
    "entry_twice": "mục “{item}” đã có ở tệp {other}; mỗi mục chỉ đứng ở một tệp",
    "not_utf8": "tệp không phải UTF-8; hãy lưu lại với bảng mã UTF-8",
    "rules_empty": "thể lệ chưa có điều khoản nào; cần các dòng bắt đầu bằng “## Điều”",
    "practice_few": "chỉ có {found} câu luyện tập; cần ít nhất {wanted}",
    "token_form": "TELEGRAM_BOT_TOKEN không đúng dạng 123456789:ABC...; lấy lại từ @BotFather",
    "token_refused": "Telegram không nhận TELEGRAM_BOT_TOKEN; lấy lại từ @BotFather",
    "token_argv": "mã bí mật của bot nằm trong dòng lệnh, ai cũng đọc được; đặt vào biến môi "
    "trường TELEGRAM_BOT_TOKEN",
    "api_unreachable": "không nối được tới {found}; kiểm tra mạng và TELEGRAM_API_URL",
    "data_key_missing": "thiếu HOITHI_DATA_KEY; chạy bot thật cần khóa dữ liệu. Tạo bằng: "
    'python3 -c "import secrets; print(secrets.token_hex(32))" và cất giữ cẩn thận',
    "data_key_form": "HOITHI_DATA_KEY không đúng dạng; cần 64 ký tự trong 0-9, a-f",
    "data_key_wrong": "HOITHI_DATA_KEY không phải khóa đã dùng với cơ sở dữ liệu này; dùng lại "
    "khóa cũ",
    "address_form": "{key} là {found}; cần dạng {wanted}",
    "clock_form": "{key} là {found}; cần ISO 8601 hoặc ISO*TỐC_ĐỘ, ví dụ "
    "2025-12-10T09:00:00+07:00*60",
    "clock_far_back": "đồng hồ máy chậm hơn giờ đã ghi trong cơ sở dữ liệu {hours} giờ; kiểm tra "
    "ngày giờ của máy và bật đồng bộ giờ (timedatectl set-ntp true). Nếu giờ máy đã đúng, lần chạy "
    "trước đã ghi giờ sai: khôi phục bản sao lưu trước lúc đó",
    "loopback_only": "{key} chỉ dùng khi mọi nền tảng ở địa chỉ 127.0.0.1; TELEGRAM_API_URL "
    "là {found}",
    "public_url": "PUBLIC_URL là {found}; cần địa chỉ https (http chỉ dùng khi TELEGRAM_API_URL "
    "ở 127.0.0.1)",
    "webhook_refused": "Telegram không nhận {method} ({why}); kiểm tra PUBLIC_URL và mạng",
    "webhook_secret": "thiếu TELEGRAM_WEBHOOK_SECRET hoặc sai dạng; cần 16-256 ký tự A-Z a-z 0-9 "
    "_ - khi có PUBLIC_URL",
    "metrics_token": "METRICS_TOKEN sai dạng; cần 16-256 ký tự A-Z a-z 0-9 _ -",
    "redis": "không mở được Redis; kiểm tra REDIS_URL, dạng redis://máy:6379/0",
    "database": "không mở được cơ sở dữ liệu; kiểm tra DATABASE_URL và máy chủ ({why})",
    "port_taken": "cổng {found} đã có chương trình khác dùng; dừng chương trình đó hoặc đổi BIND",
    "trial_beside_run": "cuộc thi thật đang chạy trên máy này hoặc trên cơ sở dữ liệu này; dừng "
    "cuộc thi thật trước khi thi thử",
    "trial_webhook": "bot đang nhận tin qua webhook của một lần chạy thật; dừng lần chạy đó và gọi "
    "deleteWebhook, hoặc dùng một bot khác để thi thử",
    "workers_need": "chạy nhiều tiến trình cần {wanted}",
    "worker_failed": "một tiến trình không khởi động được; xem nhật ký ở trên",
    "bind_host": "BIND là {found}, không phải địa chỉ của máy này; dùng 127.0.0.1:8080 hoặc "
    "0.0.0.0:8080",
    "redis_engine": "Redis bản nhúng không khởi động được ({why}); cài Redis và đặt REDIS_URL",
    "schema": "cơ sở dữ liệu do bản chương trình mới hơn tạo ra; dùng bản mới hơn đó",
    "contest_kind": "cơ sở dữ liệu này thuộc một lần chạy kiểu “{found}”, không phải “{wanted}”; "
    "dùng cơ sở dữ liệu khác",
    "contest_changed": "{path} đã đổi sau khi cuộc thi bắt đầu: trước là {before}, nay là "
    "{after}; khôi phục như cũ",
    "rules_changed": "{path} đã đổi sau khi cuộc thi bắt đầu: trước là {before}, nay là {after}; "
    "khôi phục như cũ, hoặc đề nghị sửa thể lệ bằng lệnh hoithi amend",
    "window_changed": "{path} đã đổi sau khi cuộc thi bắt đầu: trước là {before}, nay là {after}; "
    "khôi phục như cũ; giờ mở, giờ đóng đổi trong bot bằng /mosom, /giahan, /dongsom",
    "outbox_no_database": "chưa có cơ sở dữ liệu; chạy hoithi run trước, hoặc đặt DATABASE_URL",
    "outbox_old_schema": "cơ sở dữ liệu khác phiên bản chương trình; chạy hoithi run một lần trước",
    "catalogue": "mục {entry}: {what}",
    "quota": "{what}",
    "ladder": "{key}: tìm thấy “{found}”; cho phép mã nhóm có trong danh sách đơn vị: {allowed}",
}

FLAWS: Mapping[str, str] = {
    "missing_entry": "thiếu mục này; cần có đủ các mục của tệp gốc",
    "unknown_entry": "không có mục này; xin xóa hoặc sửa lại tên",
    "broken_entry": "dấu {{{{ }}}} hoặc {{% %}} viết sai ({detail})",
    "unknown_placeholder": "chỗ trống “{detail}” không có ở mục này; xin xóa",
    "missing_placeholder": "thiếu chỗ trống “{detail}”; cần giữ lại",
    "too_long": "quá dài; cho phép đến {detail} ký tự",
    "empty": "để trống; cần có chữ",
    "bad_markup": "thẻ “{detail}” sai hoặc chưa đóng; cho phép <b>, <i>, <u>, <s>, <code>, "
    "<blockquote>",
    "not_a_section": "không phải một phần [...]; xem tệp gốc",
    "not_a_text": "không phải chữ trong dấu nháy; xem tệp gốc",
}


class SettingsProblemError(HoithiError):
    """What stops a start; each of `lines` is `place: what is wrong, what is allowed`."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def stop(place: str, entry: str, **facts: object) -> SettingsProblemError:
    """One problem of `STARTS`, said of `place`."""
    return SettingsProblemError((f"{place}: {STARTS[entry].format(**facts)}",))


def problems_of(error: ValidationError, document: TomlDocument) -> tuple[str, ...]:
    """A line for each finding about a config file, in the order of its lines."""
    found = [_line_of(one, document) for one in error.errors()]
    return tuple(line for _, line in sorted(found))


def flaw_line(flaw: Flaw, place: str) -> str:
    """`place` is `file:line` of the entry."""
    what = FLAWS[flaw.kind].format(detail=flaw.detail)
    return f"{place}: {flaw.entry}: {what}"


def _line_of(found: ErrorDetails, document: TomlDocument) -> tuple[int, str]:
    path = _path_of(found["loc"])
    kind, facts = found["type"], dict(found.get("ctx", {}))
    if kind == "value_error":
        kind, path, facts = _own_check(str(facts["error"]), path)
    words = WORDS.get(kind, WORDS["other"])
    if "expected" in facts:
        facts["expected"] = facts["expected"].replace(" or ", ", ")
    said = words.format(**(facts | {"found": _shown(found["input"]), "type": kind}))
    return document.line_of(path), f"{document.place(path)}: {path}: {said}"


def _own_check(said: str, path: str) -> tuple[str, str, dict[str, object]]:
    """A check of `bot.settings`: `kind`, or `kind key typed`."""
    kind, _, rest = said.partition(" ")
    key, _, typed = rest.partition(" ")
    return kind, f"{path}.{key}" if key else path, {"typed": f"“{typed}”"}


def _path_of(location: tuple[int | str, ...]) -> str:
    path = ""
    for part in location:
        if isinstance(part, int):
            path += f"[{part}]"
        elif part != "[key]":
            path += f".{part}" if path else part
    return path


def _shown(value: object) -> str:
    """A value as it stands in the file, cut short."""
    text = f"“{value}”" if isinstance(value, str) else re.sub(r"\s+", " ", str(value))
    return text if len(text) <= 60 else text[:57] + "..."  # noqa: PLR2004


SAYS: Mapping[str, str] = {
    "about": "Hội thi: cuộc thi của phường trong ứng dụng trò chuyện.",
    "config_option": "Tệp cấu hình.",
    "log_option": "Mức nhật ký: debug, info, warning, error.",
    "run": "Chạy bot. Không có TELEGRAM_BOT_TOKEN thì mở trang chat diễn tập.\n\n"
    "Ví dụ:  hoithi run --config config.toml\n\n"
    "         hoithi run --trial\n\n"
    "         hoithi run --workers 4",
    "workers_option": "Số tiến trình sau cùng một cổng; trên 1 thì cần PostgreSQL và PUBLIC_URL.",
    "trial_option": "Thi thử: cơ sở dữ liệu riêng trong data/trial, mở 7 ngày từ bây giờ, mọi tin "
    "nhắn ghi THI THỬ; không tính vào cuộc thi.",
    "workers_ready": "Hội thi đang chạy với {count} tiến trình.\nKiểm tra sức khỏe: {web}/readyz",
    "check": "Kiểm tra cấu hình, câu hỏi, đơn vị, cơ sở dữ liệu, mã bot; không thay đổi gì.\n\n"
    "Ví dụ:  hoithi check",
    "outbox": "Hộp thư đi: xem, gửi lại, bỏ các tin không phải câu trả lời (thông báo, nhắc).\n\n"
    "Ví dụ:  hoithi outbox list --state dead",
    "outbox_list": "Liệt kê tin đang chờ và tin không gửi được.\n\n"
    "Ví dụ:  hoithi outbox list --state dead",
    "outbox_resend": "Gửi lại các tin không gửi được.\n\n"
    "Ví dụ:  hoithi outbox resend 12 15\n\n         hoithi outbox resend --all-dead",
    "outbox_drop": "Bỏ các tin chưa gửi, không gửi nữa.\n\nVí dụ:  hoithi outbox drop 12 15",
    "outbox_state_option": "Chỉ các tin ở trạng thái này.",
    "outbox_json_option": "In JSON cho chương trình khác đọc.",
    "outbox_dead_option": "Tất cả các tin không gửi được.",
    "outbox_ids": "Số của tin, xem ở hoithi outbox list.",
    "outbox_columns": "Số|Nơi nhận|Tin|Lần thử|Trạng thái|Lý do|Từ lúc",
    "outbox_more": "Chỉ hiện {shown} tin đầu; dùng --state để thu hẹp.",
    "outbox_singles": "tin lẻ",
    "outbox_empty": "Hộp thư đi trống.",
    "outbox_twice": "(có thể đã tới một lần)",
    "outbox_working": "Đang đưa lại vào hàng chờ...",
    "outbox_resent": "Đã đưa lại vào hàng chờ {count} tin.",
    "outbox_dropped": "Đã bỏ {count} tin.",
    "outbox_not_changed": "Không đổi được tin số {ids}: không có, đang gửi hoặc đã gửi.",
    "outbox_which": "cần số của tin, hoặc --all-dead (không dùng cả hai)",
    "invite": "Mời người vào một vai trò: in đường dẫn mời, chờ người nhận khai tên và số điện "
    "thoại, rồi hỏi có đúng người không. Bot phải đang chạy. Dùng cho người đầu tiên của Ban Tổ "
    "chức; những người sau thì mời trong bot bằng lệnh /moi.\n\n"
    "Ví dụ:  hoithi invite organiser\n\n         hoithi invite leader --unit TDP-06",
    "invite_role": "organiser: Ban Tổ chức; judge: Ban Giám khảo; secretary: Tổ Thư ký; leader: "
    "tổ trưởng; technician: người kỹ thuật.",
    "invite_unit_option": "Mã đơn vị của tổ trưởng.",
    "invite_trial_option": "Mời vào lần thi thử (hoithi run --trial).",
    "invite_json_option": "Nói bằng JSON, mỗi dòng một việc; đọc câu trả lời từ đầu vào: y là "
    "duyệt, chữ khác là không duyệt.",
    "invite_no_unit": "chỉ tổ trưởng (leader) mới có --unit",
    "invite_unit": "tổ trưởng cần --unit là mã có trong danh sách đơn vị; tìm thấy: {found}",
    "invite_there": "Lưu ý: đã có Ban Tổ chức. Nên mời trong bot bằng lệnh /moi; lời mời từ đây "
    "được ghi vào nhật ký và báo cho Ban Tổ chức.",
    "invite_first": "Lưu ý: chưa có ai trong Ban Tổ chức. Nên chạy hoithi invite organiser trước.",
    "invite_rehearsal": "trong trang chat diễn tập, nhắn dòng sau:  /start {payload}",
    "invite_made": "Lời mời số {number} vào vai trò: {title}. Dùng một lần, trong 24 giờ.\n"
    "Gửi riêng cho người được mời, không đưa vào nhóm:\n\n    {where}\n",
    "invite_waiting": "Đang chờ người được mời mở đường dẫn và khai tên. Ctrl+C để rút lời mời.",
    "invite_claimed": "Người nhận lời mời:\n  Họ và tên: {name}\n  Số điện thoại: {phone}",
    "invite_verified": "{phone} (đã xác minh)",
    "invite_typed": "{phone} (chưa xác minh: người nhận tự gõ)",
    "invite_ask": "Đúng người này? Duyệt vào vai trò {title}",
    "invite_doc": "Người này đã có lượt thi; các lượt đó sẽ không được tính. Số quyết định "
    "(ví dụ 12/QĐ-UBND)",
    "invite_approved": "Đã duyệt: {title}. Hai bên đều được báo trong bot.",
    "invite_refused": "Không duyệt. Lời mời này hết hiệu lực; người nhận được báo.",
    "invite_expired": "Lời mời đã hết hạn mà không có người nhận.",
    "invite_withdrawn": "Đã rút lời mời.",
    "invite_gone": "Lời mời đã được xử lý ở nơi khác.",
    "check_units": "Cảnh báo: tệp đơn vị khác danh sách đang dùng trong cơ sở dữ liệu; danh sách "
    "trong cơ sở dữ liệu được dùng. Lấy ra bằng hoithi units export, đổi bằng hoithi units import",
    "age_days": "{count} ngày",
    "age_hours": "{count} giờ",
    "age_minutes": "{count} phút",
    "age_seconds": "{count} giây",
    "version": "Phiên bản của chương trình.",
    "rehearsal_ready": "Hội thi đang diễn tập. Mở trang chat bằng trình duyệt:\n\n    {chat}/\n\n"
    "Dừng: bấm Ctrl+C.",
    "ready": "Hội thi đang chạy: https://t.me/{username}\nKiểm tra sức khỏe: {web}/readyz",
    "check_files": "Tệp: {questions} câu hỏi, {practice} câu luyện tập, {units} đơn vị, "
    "{texts} câu chữ, {rules_pages} trang thể lệ: đạt",
    "check_sql": "Cơ sở dữ liệu: đạt",
    "check_contest": "Cuộc thi trong cơ sở dữ liệu: khớp với cấu hình và khóa dữ liệu",
    "check_sql_new": "Cơ sở dữ liệu: tệp SQLite, được tạo khi chạy lần đầu",
    "check_clock_back": "Cảnh báo: đồng hồ máy chậm hơn giờ đã ghi {minutes} phút; bật đồng bộ giờ "
    "(timedatectl set-ntp true). Chạy ngay cũng được: giờ cuộc thi không lùi, chạy chậm một nửa "
    "cho đến khi đồng hồ máy đuổi kịp",
    "check_redis_embedded": "Redis: bản nhúng, tự khởi động khi chạy",
    "check_redis": "Redis: đạt",
    "check_redis_away": "Redis: không nối được; cuộc thi vẫn chạy từ cơ sở dữ liệu, chậm hơn",
    "check_window": "Thời gian thi: từ {opens} đến {closes}",
    "check_window_past": "Cảnh báo: thời gian thi đã qua; muốn thử, chạy hoithi run --trial",
    "check_rehearsal": "Nền tảng: chưa có TELEGRAM_BOT_TOKEN, sẽ chạy diễn tập",
    "check_telegram": "Telegram: đạt, bot @{username}",
    "check_alarms": "Báo sự cố: đạt, tới cuộc trò chuyện {chat}",
    "check_alarms_none": "Báo sự cố: chưa đặt alarms.chat, sự cố chỉ được ghi vào nhật ký",
    "check_alarms_away": "Cảnh báo: không báo được sự cố tới {chat}; người nhận cần bấm Bắt đầu "
    "với bot, hoặc thêm bot vào nhóm; kiểm tra alarms.chat",
    "questions": "Ngân hàng câu hỏi: kiểm tra, nhập, xuất, thống kê, tệp mẫu.",
    "json_option": "In ra JSON cho chương trình khác đọc.",
    "questions_check": "Kiểm tra ngân hàng câu hỏi, hoặc các tệp câu hỏi (.xlsx, .docx, .csv, "
    ".toml, .xls) trước khi nhập.\n\nVí dụ:  hoithi questions check cau-hoi.xlsx",
    "questions_files": "Các tệp cần kiểm tra; không ghi thì kiểm tra ngân hàng trong cấu hình.",
    "questions_import": "Nhập câu hỏi từ tệp Excel, Word, csv hoặc toml vào ngân hàng. Cho xem "
    "trước và hỏi lại; tệp có lỗi thì không ghi gì.\n\n"
    "Ví dụ:  hoithi questions import cau-hoi.docx --topic de_an_06",
    "questions_file": "Tệp câu hỏi.",
    "into_option": "Thư mục ngân hàng nhận câu hỏi; mặc định là ngân hàng trong cấu hình.",
    "topic_option": "Mã chủ đề của mọi câu trong tệp.",
    "source_option": "Nguồn cho những câu chưa ghi nguồn.",
    "skip_option": "Bỏ các câu có lỗi, nhập các câu còn lại.",
    "yes_option": "Không hỏi lại.",
    "questions_export": "Xuất ngân hàng ra tệp .xlsx, .toml hoặc .docx (bản in cho Ban Giám khảo)."
    "\n\nVí dụ:  hoithi questions export de-in.docx --without-keys",
    "export_file": "Tệp cần ghi; đuôi .xlsx, .toml hoặc .docx.",
    "keys_option": "Có hay không có đáp án.",
    "export_topic": "Chỉ xuất chủ đề có mã này.",
    "questions_template": "Ghi hai tệp mẫu để soạn câu hỏi: Excel và Word.\n\n"
    "Ví dụ:  hoithi questions template tep-mau",
    "template_folder": "Thư mục nhận tệp mẫu; chưa có thì được tạo.",
    "questions_stats": "Thống kê ngân hàng: chủ đề, mức độ, nguồn, vị trí đáp án.\n\n"
    "Ví dụ:  hoithi questions stats --json",
    "questions_approve": "Duyệt câu nháp: chỉ câu đã duyệt mới được rút vào đề. Người duyệt phải "
    'khác người soạn.\n\nVí dụ:  hoithi questions approve da06-017 --by "Nguyễn Văn A"',
    "questions_retire": "Bỏ câu hỏi: không rút vào đề nữa, vẫn lưu trong ngân hàng.\n\n"
    "Ví dụ:  hoithi questions retire da06-017",
    "ids_argument": "Mã câu hỏi; hoặc tên tệp .toml, là mọi câu trong tệp đó.",
    "by_option": "Họ tên người duyệt.",
    "author_option": "Họ tên người soạn; người khác mới được duyệt.",
    "keep_option": "Giữ trạng thái ghi trong tệp; dùng khi chuyển một ngân hàng đã duyệt.",
    "approved": "Đã duyệt {count} câu.",
    "retired": "Đã bỏ {count} câu.",
    "import_drafts": "Các câu mới là bản nháp, chưa rút vào đề. "
    "Một người khác, không phải người soạn, duyệt bằng:\n"
    "  hoithi questions approve {name} --by HỌ_TÊN",
    "column_place": "Ở đâu",
    "column_question": "Câu",
    "column_what": "Sai gì",
    "column_wanted": "Cần làm gì",
    "found_error": "LỖI",
    "found_warning": "Cảnh báo",
    "checked": "Đã kiểm tra {questions} câu: {errors} lỗi, {warnings} cảnh báo.",
    "checked_fine": "Đã kiểm tra {questions} câu: đạt, không có lỗi.",
    "read_file": "Đang đọc {file} ...",
    "import_bad": "Chưa nhập câu nào: tệp có {errors} lỗi, {good}/{seen} câu dùng được. Sửa tệp "
    "rồi nhập lại, hoặc thêm --skip-bad để bỏ các câu có lỗi.",
    "import_none": "Không có câu nào nhập được.",
    "import_skipped": "Bỏ {bad} câu có lỗi.",
    "import_preview": "Sẽ nhập {count} câu vào {folder}:",
    "import_topic": "  {count:>4}  {title} ({topic})",
    "import_shown": "{shown} câu đầu, như người dự thi nhìn thấy:",
    "import_key": "(Đáp án: {letter} – người dự thi không thấy dòng này)",
    "import_ask": "Nhập {count} câu này?",
    "import_stopped": "Chưa nhập câu nào.",
    "import_done": "Đã nhập {count} câu vào {path}",
    "import_unwritable": "{path}: không ghi được ({why}); cần thư mục có quyền ghi",
    "export_done": "Đã ghi {count} câu vào {path}",
    "export_secret": "Tệp có đáp án: cất giữ kín, không gửi qua tin nhắn.",
    "export_suffix": "{path}: đuôi tệp {found} không xuất được; cần .xlsx, .toml hoặc .docx",
    "export_keys": (
        "{path}: tệp .toml luôn có đáp án; cần bỏ --without-keys, hoặc xuất .docx, .xlsx"
    ),
    "export_topic_unknown": "không có chủ đề “{found}”; các chủ đề: {allowed}",
    "export_empty": "không có câu nào để xuất",
    "template_done": "Đã ghi tệp mẫu: {path}",
    "template_there": "{path}: đã có tệp này; cần chọn thư mục khác, hoặc xóa tệp cũ",
    "stats_title": "{questions} câu hỏi",
    "stats_topic": "Chủ đề",
    "stats_count": "Số câu",
    "stats_quota": "Mỗi đề",
    "stats_levels": "Dễ / vừa / khó",
    "stats_statuses": "Đã duyệt {approved} câu; nháp {draft} câu; đã bỏ {retired} câu",
    "stats_places": "Vị trí đáp án: {places}",
    "stats_lengths": "Đáp án dài nhất: {longest} câu; ngắn nhất: {shortest} câu; may rủi: {chance}",
    "stats_sources": "Nguồn: {documents} văn bản, {unsourced} câu chưa ghi nguồn. Nhiều nhất:",
    "stats_source": "  {count:>4}  {source}",
    "results_not_yet": "Tỷ lệ trả lời đúng của từng câu: chỉ xem được sau khi cuộc thi đóng.",
    "results_title": "Kết quả từng câu, câu khó nhất trước",
    "results_answers": "Số lượt",
    "results_share": "Trả lời đúng",
    "results_tells": "Độ phân biệt",
    "results_stem": "Câu hỏi",
    "results_explained": "Độ phân biệt từ -1 đến 1: câu tốt từ 0,2 trở lên; dưới 0 (in đỏ) là "
    "người làm bài kém lại hay đúng câu này, cần xem lại đáp án. Dưới {least} lượt thì chưa tính.",
}
"""What the command line says when all is well."""

OUTBOX_STATES: Mapping[str, str] = {
    "pending": "đang chờ",
    "claimed": "đang gửi",
    "sent": "đã gửi",
    "dead": "không gửi được",
    "unreachable": "không liên lạc được",
    "stale": "quá hạn, không gửi",
    "dropped": "đã bỏ",
}

OUTBOX_REASONS: Mapping[str, str] = {
    "unknown": "hai lần không rõ tin đã tới hay chưa",
    "later": "nền tảng yêu cầu chờ",
    "unsent": "chưa nối được tới nền tảng",
    "markup": "thẻ trong câu chữ bị từ chối",
    "too_long": "tin quá dài",
    "empty": "tin trống",
    "button": "nút bấm bị từ chối",
    "no_rights": "bot không có quyền nhắn vào nhóm",
    "topic": "chủ đề trong nhóm đã đóng hoặc đã xóa",
    "migrated": "nhóm đổi mã liên tục",
    "defect": "lỗi chương trình, xem nhật ký",
    "other": "nền tảng từ chối, lý do chưa gặp; xem nhật ký",
}
"""Why a message was not delivered, by the reason's code (bot/platforms/telegram_errors.py)."""
