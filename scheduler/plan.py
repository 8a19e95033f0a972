"""The plan: which jobs are due at an instant, from the calendar alone. Pure.

No job sets the phase: the contest opens and closes by comparison even if nothing here ever runs
(FAULTS T21, T28). Whether a due job was done before is asked of SQL by its key.
"""

from dataclasses import dataclass
from enum import Enum

from scoring.contest import Timeline
from scoring.instant import MINUTE_MS, Instant

LATE_MS = 2 * MINUTE_MS
"""An announcement this late says that it is late."""


class Job(Enum):
    """Jobs that run once a contest; the value is the key in SQL, with the planned instant."""

    OPENING = "opening"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class Due:
    job: Job
    planned_at: Instant
    is_late: bool = False


def due_jobs(timeline: Timeline, now: Instant, graced: Instant) -> tuple[Due, ...]:
    """What the calendar wants done at `now`, in order.

    `graced` is the instant whose grace is over: the closing waits for it, so that what was
    received in time still lands (DESIGN §4).
    """
    window = timeline.window_at(now)
    due = []
    # Announcing an opening after the closing would only mislead.
    if window.opens <= now < window.closes:
        due.append(Due(Job.OPENING, window.opens, now - window.opens > LATE_MS))
    if window.closes <= graced:
        due.append(Due(Job.CLOSING, window.closes))
    return tuple(due)
