"""The contest's phase: a pure function of calendar, recorded decisions and the instant asked.

No job sets the phase and no row stores it; a dead scheduler changes nothing (FAULTS T21, T28).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from scoring.instant import SECOND_MS, Instant

DECISION_DELAY_MS = 5 * SECOND_MS
"""A decision takes effect this long after it is recorded: every process has read it by then."""

ENDING_GRACE_MS = 5 * SECOND_MS
"""Expiry and closing rows wait this long on the machine's clock, so that what was received in
time still lands."""


class Phase(Enum):
    BEFORE = "before"
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"
    PROVISIONAL = "provisional"
    FINAL = "final"


class Ruling(Enum):
    """What an organiser's recorded decision changes."""

    OPEN = "open"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    CLOSE = "close"
    PROVISIONAL = "provisional"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class Calendar:
    """The window, half-open: `opens` is inside, `closes` is not."""

    opens: Instant
    closes: Instant


@dataclass(frozen=True, slots=True)
class Decision:
    """An organiser's decision as recorded.

    `until` is the new closing instant of an EXTEND, else None.
    """

    ruling: Ruling
    recorded_at: Instant
    until: Instant | None = None

    @property
    def takes_effect_at(self) -> Instant:
        return Instant(self.recorded_at + DECISION_DELAY_MS)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, half-open."""

    begins: Instant
    ends: Instant


@dataclass(frozen=True, slots=True)
class Timeline:
    """The calendar with what was decided since and when nobody could be served.

    Decisions and outages in the order they were recorded.
    """

    calendar: Calendar
    decisions: tuple[Decision, ...] = ()
    outages: tuple[Span, ...] = ()

    def phase_at(self, now: Instant) -> Phase:
        window = self.window_at(now)
        rulings = {decision.ruling for decision in self._in_force(now)}
        if Ruling.FINAL in rulings:
            return Phase.FINAL
        if Ruling.PROVISIONAL in rulings:
            return Phase.PROVISIONAL
        if now < window.opens:
            return Phase.BEFORE
        if now >= window.closes:
            return Phase.CLOSED
        return Phase.PAUSED if self._is_paused_at(now) else Phase.OPEN

    def window_at(self, now: Instant) -> Calendar:
        """The window as the decisions in force at `now` have left it."""
        if not self.decisions:
            return self.calendar
        opens, closes = self.calendar.opens, self.calendar.closes
        for decision in self._in_force(now):
            effect = decision.takes_effect_at
            if decision.ruling is Ruling.OPEN:
                opens = min(opens, effect)
            elif decision.ruling is Ruling.EXTEND and decision.until is not None:
                # The window cannot shrink silently (FAULTS T26): an extension only extends.
                closes = max(closes, decision.until)
            elif decision.ruling is Ruling.CLOSE:
                closes = min(closes, effect)
        return Calendar(opens, closes)

    def pauses_until(self, now: Instant) -> tuple[Span, ...]:
        """Every pause in force at or before `now`; one still under way ends at `now`."""
        spans: list[Span] = []
        paused_at: Instant | None = None
        for decision in self._in_force(now):
            if decision.ruling is Ruling.PAUSE and paused_at is None:
                paused_at = decision.takes_effect_at
            elif decision.ruling is Ruling.RESUME and paused_at is not None:
                spans.append(Span(paused_at, decision.takes_effect_at))
                paused_at = None
        if paused_at is not None:
            spans.append(Span(paused_at, now))
        return tuple(spans)

    def losses_until(self, now: Instant) -> tuple[Span, ...]:
        """Pauses and outages that began before `now`, none of them reaching beyond it."""
        if not self.decisions and not self.outages:
            return ()
        outages = (Span(one.begins, min(one.ends, now)) for one in self.outages if one.begins < now)
        return (*self.pauses_until(now), *outages)

    def borders_of_losses(self) -> tuple[Instant, ...]:
        """Every instant at which time begins or ceases to be lost, in order."""
        decided = {decision.takes_effect_at for decision in self.decisions}
        return tuple(sorted(decided | {outage.begins for outage in self.outages}))

    def _in_force(self, now: Instant) -> list[Decision]:
        return [decision for decision in self.decisions if decision.takes_effect_at <= now]

    def _is_paused_at(self, now: Instant) -> bool:
        rulings = [
            decision.ruling
            for decision in self._in_force(now)
            if decision.ruling in {Ruling.PAUSE, Ruling.RESUME}
        ]
        return bool(rulings) and rulings[-1] is Ruling.PAUSE


def lost_ms(opened_at: Instant, until: Instant, spans: Sequence[Span]) -> int:
    """Time of an open paper that fell into pauses or outages; overlaps are counted once."""
    total = 0
    reached = opened_at
    for span in sorted(spans, key=lambda one: one.begins):
        begins, ends = max(span.begins, reached), min(span.ends, until)
        if begins < ends:
            total += ends - begins
            reached = ends
    return total
