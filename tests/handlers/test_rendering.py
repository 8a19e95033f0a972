from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.moments import read_iso
from bot.texts import read_texts
from handlers.catalogue import Catalogue
from handlers.rendering import Rendering, phone_shown, progress_line
from scoring.instant import Instant

MESSAGES = Path(__file__).parents[2] / "handlers" / "messages"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture(scope="module")
def rendering() -> Rendering:
    return Rendering(Catalogue(read_texts(MESSAGES).tables), ZONE)


def at(iso: str) -> Instant:
    return read_iso(iso, ZONE)


@pytest.mark.parametrize(
    ("iso", "time", "moment"),
    [
        ("2025-12-10T09:14:03.999", "09:14", "09:14:03 ngày 10/12/2025"),
        ("2025-12-10T00:00:00", "00:00", "00:00:00 ngày 10/12/2025"),
        ("2025-12-09T23:59:59.999", "23:59", "23:59:59 ngày 09/12/2025"),
        ("2025-12-09T17:00:00Z", "00:00", "00:00:00 ngày 10/12/2025"),
    ],
)
def test_time_and_moment_table(rendering: Rendering, iso: str, time: str, moment: str):
    assert (rendering.time(at(iso)), rendering.moment(at(iso))) == (time, moment)


@pytest.mark.parametrize(
    ("iso", "border"),
    [
        ("2025-12-15T00:00:00", "24 giờ 00 phút ngày 14/12/2025"),
        ("2025-12-14T17:00:00Z", "24 giờ 00 phút ngày 14/12/2025"),
        ("2026-01-01T00:00:00", "24 giờ 00 phút ngày 31/12/2025"),
        ("2024-03-01T00:00:00", "24 giờ 00 phút ngày 29/02/2024"),
        ("2025-12-08T07:00:00", "07 giờ 00 phút ngày 08/12/2025"),
        ("2025-12-14T23:59:00", "23 giờ 59 phút ngày 14/12/2025"),
        ("2025-12-15T00:01:00", "00 giờ 01 phút ngày 15/12/2025"),
        ("2025-12-14T12:00:00", "12 giờ 00 phút ngày 14/12/2025"),
    ],
)
def test_t22_border_shows_midnight_as_the_end_of_a_day(rendering: Rendering, iso: str, border: str):
    assert rendering.border(at(iso)) == border


@pytest.mark.parametrize(
    ("length_ms", "shown"),
    [
        (0, "0 phút 00 giây"),
        (999, "0 phút 00 giây"),
        (1_000, "0 phút 01 giây"),
        (59_999, "0 phút 59 giây"),
        (60_000, "1 phút 00 giây"),
        (372_500, "6 phút 12 giây"),
        (900_000, "15 phút 00 giây"),
        (3_600_000, "60 phút 00 giây"),
    ],
)
def test_duration_table(rendering: Rendering, length_ms: int, shown: str):
    assert rendering.duration(length_ms) == shown


@pytest.mark.parametrize(
    ("iso", "year"),
    [("2025-12-31T16:59:59.999Z", 2025), ("2025-12-31T17:00:00Z", 2026)],
)
def test_year_begins_in_the_contest_s_zone(rendering: Rendering, iso: str, year: int):
    assert rendering.year(at(iso)) == year


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("+84912345678", "0912 345 678"),
        ("+842433831234", "+842433831234"),
        ("+12025550123", "+12025550123"),
        ("", ""),
    ],
)
def test_phone_shown_table(phone: str, shown: str):
    assert phone_shown(phone) == shown


@pytest.mark.parametrize(
    ("answered", "place", "line"),
    [
        ((False,) * 3, 1, "◉○○"),
        ((True, False, True), 2, "●◉●"),
        ((True, True, True), 3, "●●◉"),
        ((True, False, True), 4, "●○●"),
        ((True, False, True), 5, "●○●"),
        ((), 1, ""),
    ],
    ids=["first", "middle", "last answered", "prediction", "summary", "none"],
)
def test_progress_line_table(answered: tuple[bool, ...], place: int, line: str):
    assert progress_line(answered, place) == line


@settings(deadline=None)
@given(st.lists(st.booleans(), min_size=1, max_size=20), st.integers(1, 22))
def test_progress_line_has_one_sign_a_question(answered: list[bool], place: int):
    line = progress_line(tuple(answered), place)

    assert len(line) == len(answered)
    assert line.count("◉") == (place <= len(answered))
