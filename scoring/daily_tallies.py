"""A tally as taken at an instant: a value that is stored once and read again unchanged. Pure.

Decides what a tally holds, who moved most, who has nobody yet, and how many days are left. When it
is taken is the scheduler's, how it reads the texts'.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scoring.instant import DAY_MS, Instant, day_of, day_start
from scoring.rules import UnitRule
from scoring.tallies import Count, UnitLine, lines_of, total_of

NOON_MS = DAY_MS // 2


@dataclass(frozen=True, slots=True)
class Tally:
    """What had been counted before `at`, what of it from `since` on, and the closing known then.

    `total` may be more than its lines: people of units that the rules do not name any more.
    """

    at: Instant
    since: Instant
    closes: Instant
    lines: tuple[UnitLine, ...]
    total: Count
    grown: Count

    @property
    def is_final(self) -> bool:
        return self.closes <= self.at

    @property
    def reached(self) -> int:
        """Units that have their target."""
        return sum(line.is_reached for line in self.lines)

    def line_of(self, unit: str) -> UnitLine | None:
        return next((line for line in self.lines if line.code == unit), None)


def taken_at(
    at: Instant,
    closes: Instant,
    units: Sequence[UnitRule],
    counts: tuple[Mapping[str, Count], tuple[Instant, Mapping[str, Count]]],
) -> Tally:
    """The tally of all before `at`; `counts` are those, and the instant and counts of before."""
    now, (since, before) = counts
    return Tally(
        at=at,
        since=since,
        closes=closes,
        lines=lines_of(units, now, before, days_left(at, closes)),
        total=total_of(now),
        grown=total_of(now) - total_of(before),
    )


def days_left(at: Instant, closes: Instant) -> int:
    """Days whose noon is still to come before the closing: from the evening on, today is over."""
    last = day_of(Instant(closes - NOON_MS - 1))
    first = day_of(at) if at <= day_start(at) + NOON_MS else day_of(at) + 1
    return max(0, last - first + 1)


def movers(tally: Tally) -> tuple[UnitLine, ...]:
    """Units that gained people, those that gained most first."""
    gained = [line for line in tally.lines if line.grown.people > 0]
    return tuple(
        sorted(gained, key=lambda line: (-line.grown.people, -line.grown.attempts, line.code))
    )


def without_anybody(tally: Tally) -> tuple[UnitLine, ...]:
    """Units of which nobody has taken part, in the order of the list."""
    return tuple(line for line in tally.lines if not line.count.people)


def tally_json(tally: Tally) -> dict[str, object]:
    """As it is stored."""
    return {
        "at": tally.at,
        "since": tally.since,
        "closes": tally.closes,
        "total": _list_of(tally.total),
        "grown": _list_of(tally.grown),
        "lines": [
            {
                "g": line.code,
                "block": line.block,
                "target": line.target,
                "size": line.size,
                "count": _list_of(line.count),
                "grown": _list_of(line.grown),
                "missing": line.missing,
                "pace": line.pace,
                "place": line.place,
                "of": line.of,
            }
            for line in tally.lines
        ],
    }


def tally_from_json(kept: Mapping[str, Any]) -> Tally:
    """The tally whose `tally_json` this is."""
    return Tally(
        at=Instant(kept["at"]),
        since=Instant(kept["since"]),
        closes=Instant(kept["closes"]),
        lines=tuple(_line_from(line) for line in kept["lines"]),
        total=Count(*kept["total"]),
        grown=Count(*kept["grown"]),
    )


def _list_of(count: Count) -> list[int]:
    return [count.registered, count.people, count.attempts]


def _line_from(kept: Mapping[str, Any]) -> UnitLine:
    return UnitLine(
        code=kept["g"],
        block=kept["block"],
        target=kept["target"],
        size=kept["size"],
        count=Count(*kept["count"]),
        grown=Count(*kept["grown"]),
        missing=kept["missing"],
        pace=kept["pace"],
        place=kept["place"],
        of=kept["of"],
    )
