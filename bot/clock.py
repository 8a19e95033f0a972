"""Clocks: the machine's date made steady, and the contest's, which a rehearsal may set and hasten.

Decides how wall clock, monotonic clock and contest time belong together (FAULTS T23). Who may
move the contest's clock is `web.clock`'s.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import structlog

from bot.moments import read_iso
from bot.problems import stop
from scoring.instant import HOUR_MS, SECOND_MS, Instant

MAX_RATE = 10_000
STEP_MS = SECOND_MS
"""A step of the machine's clock by so much is logged; less is how time is kept."""

FAR_BACK_MS = 24 * HOUR_MS
"""So far behind what is recorded, waiting is no answer: the contest's days would be others."""

# Time asleep counts where the system can tell: nobody answered then.
_ELAPSED = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Anchor:
    """At `machine_ms` the contest clock showed `contest`, and runs at `rate` times from there."""

    contest: Instant
    machine_ms: int
    rate: int = 1


def machine_ms() -> int:
    """The machine's own clock in milliseconds since 1970 UTC, floored; it may jump."""
    return time.time_ns() // 1_000_000


def elapsed_ms() -> int:
    """Milliseconds from any beginning: never back, whatever befalls the date."""
    return time.clock_gettime_ns(_ELAPSED) // 1_000_000


@dataclass(slots=True)
class SteadyClock:
    """The machine's date as this process tells it: never back.

    Forward it follows the machine's clock, its jumps too. Where that goes back this one runs on
    at half speed until it has been caught up with: times in the tables stay in order, and no tap
    is refused for coming before the one it follows.
    """

    wall_ms: Callable[[], int] = machine_ms
    elapsed_ms: Callable[[], int] = elapsed_ms
    _told_ms: int = 0
    _told_at: int = 0
    _slow_from: tuple[int, int] | None = None
    _jumped: tuple[int, int] | None = None

    def now_ms(self) -> int:
        wall, at = self.wall_ms(), self.elapsed_ms()
        if self._slow_from is None and wall >= self._told_ms:
            if self._told_ms:
                self._note_jump(wall, at)
            told = wall
        else:
            told = self._slowed(wall, at)
        self._told_ms, self._told_at = told, at
        return told

    def begin_after(self, recorded_ms: int) -> None:
        """Tell nothing before what another process has recorded."""
        self.now_ms()
        if self._told_ms < recorded_ms:
            self._told_ms = recorded_ms
            self._slow_from = None
            self._jumped = None

    def behind_ms(self) -> int:
        """How far the machine's clock is behind what is told; 0: it is not."""
        return max(0, self.now_ms() - self.wall_ms())

    def past_ms(self, length_ms: int) -> int:
        """What was told `length_ms` ago, or something before it."""
        now, at = self.now_ms(), self._told_at
        if self._jumped is not None and at - self._jumped[0] < length_ms:
            jumped_at, before_ms = self._jumped
            return min(now, before_ms) - (length_ms - (at - jumped_at))
        return now - length_ms

    def has_jumped(self, within_ms: int) -> bool:
        """Whether the machine's clock went forward by itself so lately."""
        self.now_ms()
        return self._jumped is not None and self._told_at - self._jumped[0] < within_ms

    def _slowed(self, wall: int, at: int) -> int:
        if self._slow_from is None:
            self._slow_from = self._told_ms, self._told_at
            back_ms = self._told_ms - wall
            if back_ms >= STEP_MS:
                log.error("clock_went_back", by_ms=back_ms)
        from_ms, from_at = self._slow_from
        slowed = from_ms + (at - from_at) // 2
        if wall < slowed:
            return slowed
        self._note_jump(wall, at)
        self._slow_from = None
        log.info("clock_caught_up")
        return wall

    def _note_jump(self, wall: int, at: int) -> None:
        expected = self._told_ms + at - self._told_at
        if wall - expected >= STEP_MS:
            self._jumped = at, expected
            log.error("clock_jumped", by_ms=wall - expected)


@dataclass(slots=True)
class ContestClock:
    """Tells contest time; without an anchor it is the machine's, made steady."""

    anchor: Anchor | None = None
    machine: SteadyClock = field(default_factory=SteadyClock)

    def now(self) -> Instant:
        return self.at_machine(self.machine.now_ms())

    def machine_ms(self) -> int:
        return self.machine.now_ms()

    def at_machine(self, at_ms: int) -> Instant:
        """Contest time at a machine instant."""
        anchor = self.anchor
        if anchor is None:
            return Instant(at_ms)
        return Instant(anchor.contest + (at_ms - anchor.machine_ms) * anchor.rate)

    def graced(self, grace_ms: int) -> Instant:
        """The contest instant that the machine's clock passed `grace_ms` ago.

        What lies before it has had its grace on the machine's clock (DESIGN §3). After a jump of
        either clock nothing before the jump's goal needs more grace than what has run since.
        """
        past = self.machine.past_ms(grace_ms)
        anchor = self.anchor
        if anchor is None:
            return Instant(past)
        return self.at_machine(past) if past >= anchor.machine_ms else Instant(anchor.contest - 1)


def refuse_far_back(recorded_ms: int, now_ms: int) -> None:
    """Raises SettingsProblemError where the machine's clock is a day or more behind the tables."""
    behind_ms = recorded_ms - now_ms
    if behind_ms >= FAR_BACK_MS:
        raise stop("clock", "clock_far_back", hours=behind_ms // HOUR_MS)


def read_clock(typed: str, zone: ZoneInfo, now_ms: int) -> Anchor:
    """The anchor that `HOITHI_CLOCK` sets, beginning at `now_ms` of the machine's.

    Raises:
        SettingsProblemError: neither `ISO` nor `ISO*RATE`.
    """
    moment, _, rate = typed.partition("*")
    is_rate = not rate or (rate.isdecimal() and 1 <= int(rate) <= MAX_RATE)
    try:
        at = read_iso(moment.strip(), zone)
    except ValueError as error:
        raise stop("HOITHI_CLOCK", "clock_form", key="HOITHI_CLOCK", found=typed) from error
    if not is_rate or ("*" in typed and not rate):
        raise stop("HOITHI_CLOCK", "clock_form", key="HOITHI_CLOCK", found=typed)
    return Anchor(at, now_ms, int(rate or 1))
