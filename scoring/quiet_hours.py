"""The quiet hours of the contest's day, in which nobody is written to unasked. Pure."""

from scoring.instant import HOUR_MS, Instant, day_start

QUIET_FROM_MS, QUIET_UNTIL_MS = 21 * HOUR_MS, 7 * HOUR_MS
"""Times of day between which nobody is written to unasked."""


def is_quiet(at: Instant) -> bool:
    """Whether `at` is in the quiet hours of the contest's day."""
    time_ms = at - day_start(at)
    return time_ms >= QUIET_FROM_MS or time_ms < QUIET_UNTIL_MS
