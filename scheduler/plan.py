"""The plan: which jobs are due at an instant, from the calendar alone. Pure.

No job sets the phase: the contest opens and closes by comparison even if nothing here ever runs
(FAULTS T21, T28). Whether a due job was done before is asked of SQL by its key.
"""

from dataclasses import dataclass
from enum import Enum

from scoring.contest import Timeline
from scoring.instant import DAY_MS, HOUR_MS, MINUTE_MS, Instant, day_start
from scoring.quiet_hours import is_quiet

LATE_MS = 2 * MINUTE_MS
"""An announcement this late says that it is late."""


EVENING_MS = 20 * HOUR_MS
"""A reminder that would fall into the quiet hours goes out at this time before them: the last
chat is written to before they begin."""


class Job(Enum):
    """Jobs that run once a contest; the value is the key in SQL, with the planned instant."""

    REMINDER = "reminder"
    OPENING = "opening"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class Due:
    job: Job
    planned_at: Instant
    is_late: bool = False


def due_jobs(
    timeline: Timeline, now: Instant, graced: Instant, reminder_ms: int = 0
) -> tuple[Due, ...]:
    """What the calendar wants done at `now`, in order.

    `graced` is the instant whose grace is over: the closing waits for it, so that what was
    received in time still lands (DESIGN §4). `reminder_ms` before the opening those who have
    registered are reminded; 0: never.
    """
    window = timeline.window_at(now)
    due = []
    if reminder_ms and now < window.opens and not is_quiet(now):
        planned_at = reminder_at(window.opens, reminder_ms)
        # Nobody is reminded of what has come; a late reminder is a reminder all the same.
        if planned_at <= now:
            due.append(Due(Job.REMINDER, planned_at))
    # Announcing an opening after the closing would only mislead.
    if window.opens <= now < window.closes:
        due.append(Due(Job.OPENING, window.opens, now - window.opens > LATE_MS))
    if window.closes <= graced:
        due.append(Due(Job.CLOSING, window.closes))
    return tuple(due)


def reminder_at(opens: Instant, before_ms: int) -> Instant:
    """The instant of the reminder: so long before, or the evening before the quiet hours."""
    at = Instant(opens - before_ms)
    if not is_quiet(at):
        return at
    evening = Instant(day_start(at) + EVENING_MS)
    return evening if evening < at else Instant(day_start(Instant(evening - DAY_MS)) + EVENING_MS)
