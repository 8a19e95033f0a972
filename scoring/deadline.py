"""How long a paper runs, and how it ends when its owner does not end it.

The ending's instant and reason follow from the attempt alone, so sweeping at once, an hour late
or only at export gives the same rows (FAULTS T24, T25).
"""

from dataclasses import dataclass

from scoring.attempt import Act, Attempt
from scoring.contest import Timeline, lost_ms
from scoring.instant import Instant


@dataclass(frozen=True, slots=True)
class Ending:
    act: Act
    at: Instant


def due_of(attempt: Attempt, timeline: Timeline, now: Instant) -> Instant:
    """First instant that is too late for the paper: min(closes, due + time given back).

    What is decided after that instant neither revives the paper nor moves its end; an outage
    counts from its beginning, for nobody could have served the paper since.
    """
    borders = timeline.borders_of_losses()
    for known_at in (Instant(at) for border in borders for at in (border - 1, border)):
        if attempt.opened_at <= known_at < now:
            due = _due_as_known_at(known_at, attempt, timeline)
            if due <= known_at:
                return due
    return _due_as_known_at(now, attempt, timeline)


def _due_as_known_at(now: Instant, attempt: Attempt, timeline: Timeline) -> Instant:
    given_back = attempt.wait_ms + attempt.extra_ms
    lost = lost_ms(attempt.opened_at, now, timeline.losses_until(now))
    return Instant(min(timeline.window_at(now).closes, attempt.due + given_back + lost))


def ending_of(attempt: Attempt, timeline: Timeline, now: Instant) -> Ending | None:
    """How the paper has ended by itself at `now`, or None while it runs."""
    due = due_of(attempt, timeline, now)
    if now < due:
        return None
    closes = timeline.window_at(due).closes
    return Ending(Act.CLOSE if due >= closes else Act.EXPIRE, due)


def duration_ms(attempt: Attempt, timeline: Timeline, ended_at: Instant) -> int:
    """Time on the paper less what was given back (LEDGER §4, `ms`); never below 0."""
    return max(0, ended_at - attempt.opened_at - waited_ms(attempt, timeline, ended_at))


def waited_ms(attempt: Attempt, timeline: Timeline, ended_at: Instant) -> int:
    """Time lost to us and given back (LEDGER §4, `wait`)."""
    lost = lost_ms(attempt.opened_at, ended_at, timeline.losses_until(ended_at))
    return attempt.wait_ms + lost
