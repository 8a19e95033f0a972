from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.moments import http_date_ms, read_iso
from handlers.moments import instant_of, read_moment
from scoring.instant import Instant

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def shown(at: Instant) -> str:
    moment = EPOCH + timedelta(milliseconds=at)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("24:00 14/12/2025", "2025-12-14T17:00:00.000Z"),
        ("00:00 15/12/2025", "2025-12-14T17:00:00.000Z"),
        ("07:00 08/12/2025", "2025-12-08T00:00:00.000Z"),
        ("7:00 8/12/2025", "2025-12-08T00:00:00.000Z"),
        ("23:59 14/12/2025", "2025-12-14T16:59:00.000Z"),
        ("07h00 08/12/2025", "2025-12-08T00:00:00.000Z"),
        ("07H00 ngày 08/12/2025", "2025-12-08T00:00:00.000Z"),
        ("  07:00   ngày  08/12/2025 ", "2025-12-08T00:00:00.000Z"),
        ("24:00 31/12/2025", "2025-12-31T17:00:00.000Z"),
        ("24:00 28/02/2024", "2024-02-28T17:00:00.000Z"),
        ("24:00 29/02/2024", "2024-02-29T17:00:00.000Z"),
    ],
)
def test_t22_moment_table(typed: str, iso: str):
    assert shown(read_moment(typed, ZONE)) == iso


@pytest.mark.parametrize(
    "typed",
    [
        "24:01 14/12/2025",
        "25:00 14/12/2025",
        "24:60 14/12/2025",
        "07:60 08/12/2025",
        "07:00 31/02/2026",
        "24:00 31/02/2026",
        "24:00 29/02/2025",
        "07:00 00/12/2025",
        "07:00 08/13/2025",
        "07:00 2025-12-08",
        "07:00 08/12/25",
        "07:0 08/12/2025",
        "07.00 08/12/2025",
        "07:00:00 08/12/2025",
        "-07:00 08/12/2025",
        "07:00 08/12/0000",
        "24:00 31/12/9999",
        "07:00",
        "08/12/2025",
        "07:00 08/12/2025 sáng",
        "",
    ],
)
def test_t22_moment_refused(typed: str):
    with pytest.raises(ValueError, match=r".+"):
        read_moment(typed, ZONE)


def test_moment_is_meant_in_its_zone():
    there = read_moment("07:00 08/12/2025", ZoneInfo("Asia/Kolkata"))

    assert shown(there) == "2025-12-08T01:30:00.000Z"


@settings(deadline=None)
@given(st.dates(datetime(1976, 1, 1).date(), datetime(2100, 1, 1).date()))  # noqa: DTZ001 (days)
def test_t22_end_of_a_day_is_the_beginning_of_the_next(day: datetime):
    after = day + timedelta(days=1)

    end = read_moment(f"24:00 {day:%d/%m/%Y}", ZONE)

    assert end == read_moment(f"00:00 {after:%d/%m/%Y}", ZONE)
    assert end == read_moment(f"23:59 {day:%d/%m/%Y}", ZONE) + 60_000


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("2025-12-10T09:00:00+07:00", "2025-12-10T02:00:00.000Z"),
        ("2025-12-10T02:00:00Z", "2025-12-10T02:00:00.000Z"),
        ("2025-12-10T09:00", "2025-12-10T02:00:00.000Z"),
        ("2025-12-10 09:00:00.123", "2025-12-10T02:00:00.123Z"),
        ("2025-12-10", "2025-12-09T17:00:00.000Z"),
    ],
)
def test_iso_table(typed: str, iso: str):
    assert shown(read_iso(typed, ZONE)) == iso


@pytest.mark.parametrize("typed", ["", "x", "24:00 14/12/2025", "2025-13-01", "2025-12-10T25:00"])
def test_iso_refused(typed: str):
    with pytest.raises(ValueError, match=r".+"):
        read_iso(typed, ZONE)


@pytest.mark.parametrize(
    ("microseconds", "instant"), [(0, 0), (999, 0), (1_000, 1), (-1, -1), (-1_000, -1)]
)
def test_instant_is_floored(microseconds: int, instant: int):
    assert instant_of(EPOCH + timedelta(microseconds=microseconds)) == instant


@pytest.mark.parametrize(
    ("header", "ms"),
    [
        (b"Wed, 10 Dec 2025 02:00:00 GMT", 1_765_332_000_000),
        (b"Wed, 10 Dec 2025 09:00:00 +0700", 1_765_332_000_000),
        (b"Wed, 10 Dec 2025 02:00:00 -0000", None),
        (b"Wed, 99 Dec 2025 02:00:00 GMT", None),
        (b"yesterday", None),
        (b"", None),
        (b"\xff", None),
    ],
)
def test_http_date_table(header: bytes, ms: int | None):
    assert http_date_ms(header) == ms
