"""The plan of tallies: which the calendar wants posted at an instant, and which it skips. Pure.

A tally is due when what belongs to it has settled, outside the quiet hours. A missed one is posted
late with its true date, or skipped when it is too old or a newer one is due as well. Whether it
was done before is asked of SQL by its key.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from scoring.contest import Calendar, Timeline
from scoring.instant import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, Instant, day_start
from scoring.quiet_hours import is_quiet

SETTLED_MS = 10 * SECOND_MS
"""A tally waits so long on the machine's clock for what was received before its hour."""

OLD_MS = 20 * HOUR_MS
"""A tally this late is skipped: the next one tells more."""

FINAL_OLD_MS = 3 * DAY_MS
"""The last one has no next."""

PROMPT_MS = 10 * MINUTE_MS
"""Within so long the organisers hear of the end by night, too: they are waiting for it."""


class TallyJob(Enum):
    """The value is the job's key in SQL, with its planned instant."""

    EVENING = "tally"
    MORNING = "tally_morning"
    FINAL = "tally_final"
    FINAL_UNITS = "tally_final_units"


FINALS = frozenset({TallyJob.FINAL, TallyJob.FINAL_UNITS})


@dataclass(frozen=True, slots=True)
class Hours:
    """Times of the contest's day, full hours outside the quiet ones."""

    evening_ms: int
    morning_ms: int


@dataclass(frozen=True, slots=True)
class DueTally:
    """`planned_at` is the key and the instant of the figures, `since` that of the day before."""

    job: TallyJob
    planned_at: Instant
    is_skipped: bool = False

    @property
    def since(self) -> Instant:
        return Instant(self.planned_at - DAY_MS)


@dataclass(frozen=True, slots=True)
class _Planned:
    """`due_from` is when it goes out; `is_passed`: a newer one is due as well."""

    job: TallyJob
    at: Instant
    due_from: Instant
    is_passed: bool = False


def due_tallies(
    timeline: Timeline, now: Instant, settled: Instant, hours: Hours
) -> tuple[DueTally, ...]:
    """What is to be posted or skipped at `now`, in order; `settled` is the instant settled by now.

    None before the opening, none after those that follow the closing.
    """
    window = timeline.window_at(now)
    planned = [*_evenings(window, settled, hours), *_mornings(window, settled, hours)]
    planned += _finals(window, hours)
    ready = [one for one in planned if one.due_from <= settled and _may_go_out(one, now)]
    ready.sort(key=lambda one: one.due_from)
    return tuple(DueTally(one.job, one.at, _is_skipped(one, now)) for one in ready)


def next_morning(at: Instant, hours: Hours) -> Instant:
    """The first morning after an instant."""
    morning = Instant(day_start(at) + hours.morning_ms)
    return morning if morning > at else Instant(morning + DAY_MS)


def _evenings(window: Calendar, settled: Instant, hours: Hours) -> Iterator[_Planned]:
    times = list(_times(window.opens, min(window.closes, settled + 1), hours.evening_ms))
    for at in times:
        is_passed = at != times[-1] or window.closes <= settled
        yield _Planned(TallyJob.EVENING, at, at, is_passed)


def _mornings(window: Calendar, settled: Instant, hours: Hours) -> Iterator[_Planned]:
    """Those within the window, and the one after it."""
    times = list(_times(window.opens, min(window.closes, settled + 1), hours.morning_ms))
    last = next_morning(window.closes, hours)
    times += [last] if last <= settled else []
    for at in times:
        yield _Planned(TallyJob.MORNING, at, at, is_passed=at != times[-1])


def _finals(window: Calendar, hours: Hours) -> Iterator[_Planned]:
    """The organisers hear of the end at once, the units in the morning."""
    yield _Planned(TallyJob.FINAL, window.closes, window.closes)
    morning = next_morning(window.closes, hours)
    yield _Planned(TallyJob.FINAL_UNITS, window.closes, morning)


def _times(after: Instant, before: int, time_ms: int) -> Iterator[Instant]:
    """The instants at that time of day between two, neither included."""
    at = Instant(day_start(after) + time_ms)
    while at < before:
        if at > after:
            yield at
        at = Instant(at + DAY_MS)


def _may_go_out(one: _Planned, now: Instant) -> bool:
    is_awaited = one.job is TallyJob.FINAL and now - one.at <= PROMPT_MS
    return is_awaited or not is_quiet(now)


def _is_skipped(one: _Planned, now: Instant) -> bool:
    old_ms = FINAL_OLD_MS if one.job in FINALS else OLD_MS
    return one.is_passed or now - one.due_from > old_ms
