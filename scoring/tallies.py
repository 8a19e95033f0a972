"""Tallies: how far each unit is from its target at an instant, as values. Pure.

Decides growth, what is missing, the pace that is needed, and the place among a block's units.
Where the counts come from is the store's, how they look the reports'.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scoring.rules import UnitRule


@dataclass(frozen=True, slots=True)
class Count:
    """People and attempts, always side by side: a person counts once, at the first participation.

    `registered` people may not have taken part yet.
    """

    registered: int = 0
    people: int = 0
    attempts: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.registered + other.registered,
            self.people + other.people,
            self.attempts + other.attempts,
        )

    def __sub__(self, other: "Count") -> "Count":
        """What was gained; a correction may take people away: it is below zero then."""
        return Count(
            self.registered - other.registered,
            self.people - other.people,
            self.attempts - other.attempts,
        )


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit in a tally.

    `grown` is what came since the tally before. `missing` people are left to the target, 0 when it
    is reached; `pace` is how many a day that is, rounded up over the days that are left, None when
    none is left. `place` counts from 1 within the block by people, equals sharing the best place;
    `of` is how many units the block has.
    """

    code: str
    block: str
    target: int
    size: int
    count: Count
    grown: Count
    missing: int
    pace: int | None
    place: int
    of: int

    @property
    def is_reached(self) -> bool:
        return self.target > 0 and self.count.people >= self.target


NOBODY = Count()


def lines_of(
    units: Sequence[UnitRule],
    now: Mapping[str, Count],
    before: Mapping[str, Count],
    days_left: int,
) -> tuple[UnitLine, ...]:
    """A line for each unit, in the order given; `now` and `before` by unit code."""
    lines = []
    for unit in units:
        count, earlier = now.get(unit.code, NOBODY), before.get(unit.code, NOBODY)
        peers = [now.get(one.code, NOBODY).people for one in units if one.block == unit.block]
        missing = max(0, unit.target - count.people)
        lines.append(
            UnitLine(
                code=unit.code,
                block=unit.block,
                target=unit.target,
                size=unit.size,
                count=count,
                grown=count - earlier,
                missing=missing,
                pace=-(-missing // days_left) if days_left > 0 else None,
                place=1 + sum(people > count.people for people in peers),
                of=len(peers),
            )
        )
    return tuple(lines)


def total_of(counts: Mapping[str, Count]) -> Count:
    """All units together."""
    return sum(counts.values(), NOBODY)
