"""Moments as organisers type them: `07:00 08/12/2025`, and `24:00` for the end of a day.

With settings and rendering, the only places where datetime is used.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scoring.instant import Instant

_TYPED = re.compile(r"\s*(\d{1,2})[:hH](\d{2})\s+(?:ngày\s+)?(\d{1,2})/(\d{1,2})/(\d{4})\s*")
END_OF_DAY = 24


def read_moment(typed: str, zone: ZoneInfo) -> Instant:
    """The instant of `HH:MM dd/mm/yyyy` in `zone`; 24:00 is 00:00 of the next day (FAULTS T22).

    Raises:
        ValueError: not of that form, or no such day or time (24:01 is none).
    """
    match = _TYPED.fullmatch(typed)
    if match is None:
        raise ValueError("not HH:MM dd/mm/yyyy")
    hour, minute, day, month, year = (int(part) for part in match.groups())
    if hour == END_OF_DAY and minute == 0:
        local = datetime.combine(_day_after(date(year, month, day)), time(0), zone)
    else:
        local = datetime(year, month, day, hour, minute, tzinfo=zone)
    return instant_of(local)


def _day_after(day: date) -> date:
    if day == date.max:
        raise ValueError("no day after")
    return day + timedelta(days=1)


def instant_of(moment: datetime) -> Instant:
    """Milliseconds since 1970 UTC, floored."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return Instant((moment - epoch) // timedelta(milliseconds=1))
