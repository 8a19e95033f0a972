"""Instants: how the engine counts time.

Decides what an instant is and where a day begins. Calendars with names, and how an instant is
shown, belong to settings and rendering.
"""

from typing import NewType

Instant = NewType("Instant", int)
"""Milliseconds since 1970-01-01T00:00Z, floored once at the door (LEDGER §1)."""

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
# Asia/Ho_Chi_Minh has been UTC+7 without daylight saving since 1975 (tz database).
CONTEST_OFFSET_MS = 7 * 60 * MINUTE_MS


def day_of(at: Instant) -> int:
    """Number of the contest's day (Asia/Ho_Chi_Minh), rising by one each midnight there."""
    return (at + CONTEST_OFFSET_MS) // DAY_MS


def day_start(at: Instant) -> Instant:
    """First instant of the contest's day that holds `at`."""
    return Instant(day_of(at) * DAY_MS - CONTEST_OFFSET_MS)
