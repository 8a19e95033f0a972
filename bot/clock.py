"""The contest clock: the machine's, or in a rehearsal one that was set and may run faster.

Decides how machine time and contest time belong together. Who may move it is `web.clock`'s.
"""

import time
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.moments import read_iso
from bot.problems import stop
from scoring.instant import Instant

MAX_RATE = 10_000


@dataclass(frozen=True, slots=True)
class Anchor:
    """At `machine_ms` the contest clock showed `contest`, and runs at `rate` times from there."""

    contest: Instant
    machine_ms: int
    rate: int = 1


def machine_ms() -> int:
    """The machine's clock in milliseconds since 1970 UTC, floored."""
    return time.time_ns() // 1_000_000


class ContestClock:
    """Tells contest time; without an anchor it is the machine's."""

    def __init__(self, anchor: Anchor | None = None) -> None:
        self.anchor = anchor

    def now(self) -> Instant:
        return self.at_machine(machine_ms())

    def machine_ms(self) -> int:
        return machine_ms()

    def at_machine(self, at_ms: int) -> Instant:
        """Contest time at a machine instant."""
        anchor = self.anchor
        if anchor is None:
            return Instant(at_ms)
        return Instant(anchor.contest + (at_ms - anchor.machine_ms) * anchor.rate)

    def graced(self, grace_ms: int) -> Instant:
        """The contest instant that the machine's clock passed `grace_ms` ago.

        What lies before it has had its grace on the machine's clock (DESIGN §3). After a jump of
        the clock nothing before the jump's goal needs more grace than what has run since.
        """
        past = machine_ms() - grace_ms
        anchor = self.anchor
        if anchor is None:
            return Instant(past)
        return self.at_machine(past) if past >= anchor.machine_ms else Instant(anchor.contest - 1)


def read_clock(typed: str, zone: ZoneInfo) -> Anchor:
    """The anchor that `HOITHI_CLOCK` sets, beginning now.

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
    return Anchor(at, machine_ms(), int(rate or 1))
