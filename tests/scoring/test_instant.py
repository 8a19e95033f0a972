from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.instant import Instant, day_of, day_start

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# From the last change of the zone's offset to the end of the century.
instants = st.integers(190_000_000_000, 4_100_000_000_000).map(Instant)


def instant_of(iso: str) -> Instant:
    return Instant((datetime.fromisoformat(iso) - EPOCH) // timedelta(milliseconds=1))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("2025-12-07T16:59:59.999Z", "2025-12-07T17:00:00.000Z", id="midnight"),
        pytest.param("2024-02-28T16:59:59.999Z", "2024-02-28T17:00:00Z", id="leap day begins"),
        pytest.param("2024-02-29T16:59:59.999Z", "2024-02-29T17:00:00Z", id="leap day ends"),
        pytest.param("2025-12-31T16:59:59.999Z", "2025-12-31T17:00:00Z", id="new year"),
    ],
)
def test_day_of_changes_at_midnight_in_ha_noi(before: str, after: str):
    one, other = instant_of(before), instant_of(after)

    assert day_of(other) == day_of(one) + 1
    assert day_start(other) == other


@pytest.mark.parametrize("hour", ["00:00:00", "06:59:59", "07:00:00", "12:00:00", "23:59:59"])
def test_day_of_is_one_all_day(hour: str):
    at = instant_of(f"2025-12-10T{hour}+07:00")

    assert day_start(at) == instant_of("2025-12-10T00:00:00+07:00")


@settings(deadline=None)
@given(instants)
def test_day_start_agrees_with_the_tz_database(at: Instant):
    local = (EPOCH + timedelta(milliseconds=at)).astimezone(ZONE)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)

    assert day_start(at) == (midnight - EPOCH) // timedelta(milliseconds=1)


@settings(deadline=None)
@given(instants, instants)
def test_day_of_never_falls(one: Instant, other: Instant):
    first, last = sorted((one, other))

    assert day_of(first) <= day_of(last)
    assert day_of(day_start(first)) == day_of(first)
    assert day_of(Instant(day_start(first) - 1)) == day_of(first) - 1
