"""The plan of reminders: whom the calendar wants reminded at an instant. Pure.

Only on set days, at a set time, while the contest is open and outside the quiet hours. A reminder
that comes on another day is none: what was missed is left out. Whether it was done before is asked
of SQL by its key.
"""

from dataclasses import dataclass
from enum import Enum

from scoring.contest import Phase, Timeline
from scoring.instant import HOUR_MS, Instant, day_of, day_start
from scoring.quiet_hours import is_quiet

LAST_CALL_MS = HOUR_MS
"""So near to the closing nobody is sent to a paper any more."""


class ReminderJob(Enum):
    """The value is the job's key in SQL, with its planned instant."""

    LEADERS = "remind_leaders"
    RESIDENTS = "remind_residents"


@dataclass(frozen=True, slots=True)
class ReminderDays:
    """Days of the contest, counted from 1 on the day of the opening, and the time of day."""

    time_ms: int
    leaders: frozenset[int]
    residents: frozenset[int]


@dataclass(frozen=True, slots=True)
class DueReminder:
    job: ReminderJob
    planned_at: Instant


def due_reminders(timeline: Timeline, now: Instant, days: ReminderDays) -> tuple[DueReminder, ...]:
    """What is due at `now`, leaders first."""
    planned_at = Instant(day_start(now) + days.time_ms)
    if now < planned_at or not is_reminding(timeline, now):
        return ()
    window = timeline.window_at(now)
    if planned_at < window.opens or window.closes - now < LAST_CALL_MS:
        return ()
    day = day_of(now) - day_of(window.opens) + 1
    jobs = ((ReminderJob.LEADERS, days.leaders), (ReminderJob.RESIDENTS, days.residents))
    return tuple(DueReminder(job, planned_at) for job, on in jobs if day in on)


def is_reminding(timeline: Timeline, now: Instant) -> bool:
    """Whether anybody may be reminded of anything now."""
    return timeline.phase_at(now) is Phase.OPEN and not is_quiet(now)
