"""Who may open an attempt: the phase, and how many attempts a person has had.

Counted in the transaction that opens the attempt, in SQL and never in Redis (FAULTS T36, R4).
"""

from dataclasses import dataclass
from enum import Enum

from scoring.contest import Phase


class StartRefusal(Enum):
    BEFORE_OPENING = "before_opening"
    PAUSED = "paused"
    CLOSED = "closed"
    EXCLUDED = "excluded"
    """Practice only (rules 2.2)."""
    NO_ATTEMPTS_LEFT = "no_attempts_left"
    NO_ATTEMPTS_TODAY = "no_attempts_today"


@dataclass(frozen=True, slots=True)
class AttemptLimits:
    """At most `attempts` in the contest and `per_day` on one day there; 0 means no limit."""

    attempts: int
    per_day: int


@dataclass(frozen=True, slots=True)
class History:
    """How many attempts a person has opened, in all and on the day asked about.

    `void` of all do not count any more, one by one; `today` is without those.
    """

    attempts: int
    today: int
    void: int = 0

    @property
    def counted(self) -> int:
        return self.attempts - self.void


_CLOSED_BY_PHASE = {
    Phase.BEFORE: StartRefusal.BEFORE_OPENING,
    Phase.PAUSED: StartRefusal.PAUSED,
    Phase.CLOSED: StartRefusal.CLOSED,
    Phase.PROVISIONAL: StartRefusal.CLOSED,
    Phase.FINAL: StartRefusal.CLOSED,
}


def refusal_in(phase: Phase) -> StartRefusal | None:
    """Why no attempt may be opened in this phase, or None."""
    return _CLOSED_BY_PHASE.get(phase)


def refusal_after(history: History, limits: AttemptLimits) -> StartRefusal | None:
    """Why this person may open no further attempt (rules 4.1), or None."""
    if limits.attempts and history.counted >= limits.attempts:
        return StartRefusal.NO_ATTEMPTS_LEFT
    if limits.per_day and history.today >= limits.per_day:
        return StartRefusal.NO_ATTEMPTS_TODAY
    return None
