import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.declared import customs_of, rules_of
from bot.files import load_catalogue, load_rules, load_units
from bot.moments import read_iso
from bot.problems import STARTS, WORDS, SettingsProblemError
from bot.settings import Config, read_config
from question_bank.canonical import canonical
from scoring.rules import rules_json

ROOT = Path(__file__).parents[2]
SHIPPED = (ROOT / "config.toml").read_text(encoding="utf-8")
MOMENT = 'cho phép dạng "07:00 08/12/2025", cuối ngày là "24:00"'
UNKNOWN = "không có khóa này; xin xóa hoặc sửa lại tên"
MISSING = "thiếu khóa này; cần ghi thêm (xem config.toml mẫu)"
WHOLE = "cho phép số nguyên, không có dấu nháy"
TEXT = "cho phép chữ trong dấu nháy"
TARGETS = "'perfect_people', 'perfect_attempts', 'people', 'attempts'"
FROM_ONE = "tìm thấy 0; cho phép từ 1 trở lên"

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def save(text: str) -> Path:
        path = tmp_path / "config.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return save


@pytest.fixture(scope="module")
def shipped() -> Config:
    return read_config(ROOT / "config.toml")


def problems_in(path: Path) -> list[str]:
    """The lines that stop the start, without the folder."""
    with pytest.raises(SettingsProblemError) as caught:
        read_config(path)
    return [line.removeprefix(f"{path.parent}/") for line in caught.value.lines]


def line_of(text: str, found: str) -> int:
    """The number of the line that begins with `found`."""
    return next(n for n, line in enumerate(text.splitlines(), 1) if line.startswith(found))


def test_shipped_config_is_read(shipped: Config):
    contest = shipped.settings.contest

    assert (contest.id, contest.minutes, contest.attempts, sum(contest.draw.values())) == (
        "phuluong-2025",
        15,
        3,
        15,
    )
    assert contest.calendar.opens == read_iso("2025-12-08T00:00:00Z", contest.zone)
    assert contest.calendar.closes == read_iso("2025-12-14T17:00:00Z", contest.zone)


def test_shipped_config_declares_canonical_rules(shipped: Config):
    rules = rules_of(shipped, load_units(shipped))

    assert canonical(rules_json(rules)).startswith(b'{"attempts":3,')


def test_shipped_config_leads_to_its_files(shipped: Config):
    assert shipped.path("units") == ROOT / "units.toml"
    assert load_catalogue(shipped).text("button.home") == "Màn hình chính"
    assert len(load_rules(shipped)) > 1


def test_shipped_config_s_customs(shipped: Config):
    customs = customs_of(shipped)

    assert (customs.family_limit, customs.double_tap_ms, customs.practice_size) == (4, 700, 5)


def test_settings_are_frozen(shipped: Config):
    with pytest.raises(ValidationError):
        shipped.settings.contest.minutes = 30


# The line in the shipped file, what it becomes, the key, and what is said of it.
BROKEN = [
    ("minutes = 15", "minuets = 15\nminutes = 15", "contest.minuets", UNKNOWN),
    ("[paper]", "[papers]\n[paper]", "papers", UNKNOWN),
    ("minutes = 15", 'minutes = "15"', "contest.minutes", f"tìm thấy “15”; {WHOLE}"),
    ("minutes = 15", "minutes = 15.0", "contest.minutes", f"tìm thấy 15.0; {WHOLE}"),
    ("minutes = 15", "minutes = true", "contest.minutes", f"tìm thấy True; {WHOLE}"),
    ("minutes = 15", "minutes = [15]", "contest.minutes", f"tìm thấy [15]; {WHOLE}"),
    ("minutes = 15", "minutes = 0", "contest.minutes", FROM_ONE),
    ("minutes = 15", "minutes = 181", "contest.minutes", "tìm thấy 181; cho phép đến 180"),
    ("attempts = 3", "attempts = -1", "contest.attempts", "tìm thấy -1; cho phép từ 0 trở lên"),
    (
        "attempts_per_day = 1",
        "attempts_per_day = 101",
        "contest.attempts_per_day",
        "tìm thấy 101; cho phép đến 100",
    ),
    (
        "percent = 50",
        "percent = 101",
        "contest.prizes.gate.percent",
        "tìm thấy 101; cho phép đến 100",
    ),
    (
        'id = "phuluong-2025"',
        'id = "Phú Lương"',
        "contest.id",
        "tìm thấy “Phú Lương”; cho phép dạng ^[a-z0-9-]{3,40}$",
    ),
    (
        'origin = "phuluong.hanoi.gov.vn/cuoc-thi-2025"',
        'origin = "x y z"',
        "contest.origin",
        "tìm thấy “x y z”; cho phép dạng ^[a-z0-9./-]{3,80}$",
    ),
    ('id = "phuluong-2025"', "id = 2025", "contest.id", f"tìm thấy 2025; {TEXT}"),
    (
        'time_zone = "Asia/Ho_Chi_Minh"',
        'time_zone = "Asia/Hanoi"',
        "contest.time_zone",
        "tìm thấy “Asia/Hanoi”; cho phép tên múi giờ như Asia/Ho_Chi_Minh",
    ),
    (
        'time_zone = "Asia/Ho_Chi_Minh"',
        'time_zone = "../../etc/passwd"',
        "contest.time_zone",
        "tìm thấy “../../etc/passwd”; cho phép tên múi giờ như Asia/Ho_Chi_Minh",
    ),
    (
        'time_zone = "Asia/Ho_Chi_Minh"',
        'time_zone = ""',
        "contest.time_zone",
        "tìm thấy “”; cho phép tên múi giờ như Asia/Ho_Chi_Minh",
    ),
    (
        'opens = "07:00 08/12/2025"',
        'opens = "7 giờ 08/12/2025"',
        "contest.opens",
        f"tìm thấy “7 giờ 08/12/2025”; {MOMENT}",
    ),
    (
        'closes = "24:00 14/12/2025"',
        'closes = "24:01 14/12/2025"',
        "contest.closes",
        f"tìm thấy “24:01 14/12/2025”; {MOMENT}",
    ),
    (
        'closes = "24:00 14/12/2025"',
        'closes = "24:00 31/12/9999"',
        "contest.closes",
        f"tìm thấy “24:00 31/12/9999”; {MOMENT}",
    ),
    (
        'closes = "24:00 14/12/2025"',
        "closes = 2025-12-14T17:00:00Z",
        "contest.closes",
        f"tìm thấy 2025-12-14 17:00:00+00:00; {TEXT}",
    ),
    (
        'closes = "24:00 14/12/2025"',
        'closes = "07:00 08/12/2025"',
        "contest.closes",
        "giờ đóng “07:00 08/12/2025” không sau giờ mở; cần giờ đóng sau giờ mở",
    ),
    (
        'closes = "24:00 14/12/2025"',
        'closes = "24:00 07/12/2025"',
        "contest.closes",
        "giờ đóng “24:00 07/12/2025” không sau giờ mở; cần giờ đóng sau giờ mở",
    ),
    (
        'counted = "best"',
        'counted = "worst"',
        "contest.counted",
        "tìm thấy “worst”; cho phép một trong: 'best', 'first', 'last'",
    ),
    (
        'prediction = "perfect_people"',
        "prediction = 1",
        "contest.prediction",
        f"tìm thấy 1; cho phép một trong: {TARGETS}",
    ),
    (
        "an_toan_so = 1",
        "an-toan-so = 1",
        "contest.draw.an-toan-so",
        "tìm thấy “an-toan-so”; cho phép dạng ^[A-Za-z0-9_]{1,40}$",
    ),
    (
        "an_toan_so = 1",
        '"*" = 1',
        "contest.draw.*",
        "tìm thấy “*”; cho phép dạng ^[A-Za-z0-9_]{1,40}$",
    ),
    (
        "an_toan_so = 1",
        "an_toan_so = 0",
        "contest.draw.an_toan_so",
        FROM_ONE,
    ),
    (
        "ladders = []",
        'ladders = [["TO DAN PHO"]]',
        "contest.prizes.ladders[0][0]",
        "tìm thấy “TO DAN PHO”; cho phép dạng ^[a-z0-9-]{1,20}$",
    ),
    (
        "ladders = []",
        'ladders = "to-dan-pho"',
        "contest.prizes.ladders",
        "tìm thấy “to-dan-pho”; cho phép danh sách [...]",
    ),
    (
        'ranking = ["correct", "gap", "duration", "submitted", "lot"]',
        "ranking = []",
        "contest.prizes.ranking",
        "danh sách trống; cần ít nhất 1 mục",
    ),
    (
        'ranking = ["correct", "gap", "duration", "submitted", "lot"]',
        'ranking = ["correct", "age"]',
        "contest.prizes.ranking[1]",
        "tìm thấy “age”; cho phép một trong: 'correct', 'gap', 'duration', 'submitted', 'lot'",
    ),
    (
        'collective = [["nhat", 1], ["nhi", 1], ["ba", 1], ["khuyen_khich", 5]]',
        'collective = [["nhat", 1, 2]]',
        "contest.prizes.collective[0]",
        "tìm thấy ['nhat', 1, 2]; cho phép đến 2 mục",
    ),
    (
        'collective = [["nhat", 1], ["nhi", 1], ["ba", 1], ["khuyen_khich", 5]]',
        'collective = ["nhat"]',
        "contest.prizes.collective[0]",
        'tìm thấy “nhat”; cho phép cặp ["mã", số lượng]',
    ),
    (
        'collective = [["nhat", 1], ["nhi", 1], ["ba", 1], ["khuyen_khich", 5]]',
        'collective = [["nhat", 0]]',
        "contest.prizes.collective[0][1]",
        FROM_ONE,
    ),
    (
        'consent_version = "2025-12-04"',
        'consent_version = "  "',
        "people.consent_version",
        "để trống; cần ít nhất 1 ký tự",
    ),
    (
        'consent_version = "2025-12-04"',
        f'consent_version = "{"x" * 41}"',
        "people.consent_version",
        "quá dài; cho phép đến 40 ký tự",
    ),
    (
        'can-bo = "Cán bộ, công chức, viên chức"',
        'CAN_BO = "Cán bộ"',
        "people.audiences.CAN_BO",
        "tìm thấy “CAN_BO”; cho phép dạng ^[a-z0-9-]{1,20}$",
    ),
    (
        "family_limit = 4",
        "family_limit = 0",
        "people.family_limit",
        FROM_ONE,
    ),
    (
        'morning = "07:00"',
        'morning = "06:00"',
        "tally.morning",
        "tìm thấy “06:00”; cho phép dạng ^(0[7-9]|1[0-9]|20):00$",
    ),
    (
        'hour = "20:00"',
        'hour = "20:30"',
        "tally.hour",
        "tìm thấy “20:30”; cho phép dạng ^(0[7-9]|1[0-9]|20):00$",
    ),
    (
        'hour = "20:00"',
        'hour = "07:00"',
        "tally.hour",
        "tìm thấy “07:00”; cần sau giờ của bản tin buổi sáng (morning)",
    ),
    (
        'hour = "19:00"',
        'hour = "21:00"',
        "reminders.hour",
        "tìm thấy “21:00”; cho phép dạng ^(0[7-9]|1[0-9]|20):[0-5][0-9]$",
    ),
    ("leader_days = [3, 5, 6]", "leader_days = [0]", "reminders.leader_days[0]", FROM_ONE),
    (
        'chat = ""',
        'chat = "@kythuat"',
        "alarms.chat",
        "tìm thấy “@kythuat”; cho phép dạng ^(-?[0-9]{1,20})?$",
    ),
    ('chat = ""', "chat = -100123", "alarms.chat", f"tìm thấy -100123; {TEXT}"),
    ("port = 8081", "port = 65536", "rehearsal.port", "tìm thấy 65536; cho phép đến 65535"),
    (
        "port = 8081",
        f"port = {10**30}",
        "rehearsal.port",
        "tìm thấy 1" + "0" * 30 + "; cho phép đến 65535",
    ),
    ('units = "units.toml"', "units = false", "files.units", f"tìm thấy False; {TEXT}"),
]


@pytest.mark.parametrize(
    ("shipped_text", "text", "key", "said"),
    [pytest.param(*row, id=f"{row[2]} {number}") for number, row in enumerate(BROKEN)],
)
def test_broken_key_is_said_in_one_line(
    write: Write, shipped_text: str, text: str, key: str, said: str
):
    before, after = SHIPPED.split(f"\n{shipped_text}\n", maxsplit=1)
    broken = f"{before}\n{text}\n{after}"

    problems = problems_in(write(broken))

    number = 2 + before.count("\n")
    assert problems == [f"config.toml:{number}: {key}: {said}"]


def test_broken_keys_are_said_at_their_lines(write: Write):
    broken = SHIPPED.replace("minutes = 15", "minutes = 0").replace("port = 8081", 'port = "x"')
    broken = broken.replace('id = "phuluong-2025"', "")

    problems = problems_in(write(broken))

    assert problems == [
        f"config.toml:{line_of(broken, '[contest]')}: contest.id: {MISSING}",
        f"config.toml:{line_of(broken, 'minutes')}: contest.minutes: {FROM_ONE}",
        f"config.toml:{line_of(broken, 'port')}: rehearsal.port: tìm thấy “x”; {WHOLE}",
    ]


def test_long_value_is_cut_in_what_is_said(write: Write):
    broken = SHIPPED.replace('id = "phuluong-2025"', f'id = "{"X" * 500}"')

    problems = problems_in(write(broken))

    assert [len(line) < 200 for line in problems] == [True]


def test_missing_table_is_said(write: Write):
    broken = SHIPPED[: SHIPPED.index("[rehearsal]")]

    assert problems_in(write(broken)) == [f"config.toml:1: rehearsal: {MISSING}"]


def test_empty_draw_is_refused(write: Write):
    start, end = SHIPPED.index("[contest.draw]"), SHIPPED.index("[contest.prizes]")
    broken = SHIPPED[:start] + "[contest.draw]\n" + SHIPPED[end:]

    problems = problems_in(write(broken))

    number = line_of(broken, "[contest.draw]")
    assert problems == [f"config.toml:{number}: contest.draw: danh sách trống; cần ít nhất 1 mục"]


def test_table_that_is_a_text_is_refused(write: Write):
    start, end = SHIPPED.index("[paper]"), SHIPPED.index("[schedule]")
    broken = 'paper = "x"\n' + SHIPPED[:start] + SHIPPED[end:]

    problems = problems_in(write(broken))

    assert problems == ["config.toml:1: paper: tìm thấy “x”; cho phép một bảng [...]"]


def test_config_that_is_no_file_is_said(tmp_path: Path):
    with pytest.raises(SettingsProblemError) as caught:
        read_config(tmp_path / "none.toml")

    said = STARTS["config_missing"]
    assert caught.value.lines == (f"{tmp_path}/none.toml: {said}",)


def test_config_that_is_no_toml_is_said_with_its_line(write: Write):
    problems = problems_in(write(SHIPPED.replace("minutes = 15", "minutes = ")))

    assert [line.split(": ")[0] for line in problems] == [
        f"config.toml:{line_of(SHIPPED, 'minutes')}"
    ]


def test_config_in_another_encoding_is_said(tmp_path: Path):
    path = tmp_path / "config.toml"
    path.write_bytes(SHIPPED.encode("utf-16"))

    assert [line.split(": ")[0] for line in problems_in(path)] == ["config.toml:1"]


def test_config_saved_by_notepad_is_read(tmp_path: Path, shipped: Config):
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SHIPPED.replace("\n", "\r\n").encode())

    assert read_config(path).settings == shipped.settings


def test_every_word_says_what_is_allowed():
    silent = [kind for kind, words in WORDS.items() if not re.search("cho phép|cần|xin", words)]

    assert silent == ["other"]
