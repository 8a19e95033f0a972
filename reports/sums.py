"""What the rows of a list come to, by unit and by day: added up while they go by.

The figures of a workbook are therefore those of its own lists. Growth, targets and places are
`scoring.tallies`'.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import accumulate
from itertools import count as count_from

from handlers.listing import ListedAttempt, ListedPerson
from handlers.units import Unit, Units
from scoring.grading import is_participation
from scoring.instant import Instant, day_of
from scoring.rules import UnitRule
from scoring.tallies import Count, UnitLine, lines_of, total_of


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """A unit's line in a list; `unit` None: its code is in the list of units no more."""

    order: int
    code: str
    unit: Unit | None
    block: str
    line: UnitLine


@dataclass(frozen=True, slots=True)
class DayFigures:
    """What a day brought, and what there was at its end."""

    day: int
    grown: Count
    reached: Count


@dataclass(slots=True)
class _Tally:
    registered: int = 0
    people: int = 0
    attempts: int = 0

    def count(self) -> Count:
        return Count(self.registered, self.people, self.attempts)


@dataclass(slots=True)
class Sums:
    """`closes` is the window's end: an attempt that ended with it belongs to the last day."""

    closes: Instant
    min_answers: int
    opened: int = 0
    _units: dict[str, _Tally] = field(default_factory=lambda: defaultdict(_Tally))
    _days: dict[int, _Tally] = field(default_factory=lambda: defaultdict(_Tally))

    def take_person(self, person: ListedPerson) -> None:
        of_unit = self._units[person.unit]
        of_unit.registered += 1
        self._days[day_of(person.registered_at)].registered += 1
        if person.first_at is not None:
            of_unit.people += 1
            self._days[self._day_of_end(person.first_at)].people += 1

    def take_attempt(self, attempt: ListedAttempt) -> None:
        self.opened += 1
        if attempt.ended_at is not None and counts(attempt, self.min_answers):
            self._units[attempt.unit].attempts += 1
            self._days[self._day_of_end(attempt.ended_at)].attempts += 1

    @property
    def total(self) -> Count:
        return total_of(self._by_unit())

    def units(self, units: Units, gone: str) -> tuple[UnitFigures, ...]:
        """A line for each unit in the list's order, then those that are `gone` from it."""
        by_unit, known = self._by_unit(), {unit.code: unit for unit in units.units}
        strays = [UnitRule(code, "", 0, 0) for code in sorted(by_unit.keys() - known.keys())]
        rules = [UnitRule(one.code, one.block, one.size, one.target) for one in units.units]
        lines = lines_of([*rules, *strays], by_unit, {}, days_left=0)
        return tuple(
            UnitFigures(
                order=order,
                code=line.code,
                unit=known.get(line.code),
                block=units.blocks.get(line.block, gone),
                line=line,
            )
            for order, line in enumerate(lines, start=1)
        )

    def days(self, opens: Instant, at: Instant) -> tuple[DayFigures, ...]:
        """Each day from the first with anything, or the opening, to `at`, or the closing."""
        last = max([self._day_of_end(at), *self._days])
        first = min([day_of(opens), last, *self._days])
        tallies = [self._days.get(day, _Tally()) for day in range(first, last + 1)]
        grown = [tally.count() for tally in tallies]
        reached = accumulate(grown, _plus)
        return tuple(map(DayFigures, count_from(first), grown, reached))

    def _by_unit(self) -> dict[str, Count]:
        return {code: tally.count() for code, tally in self._units.items()}

    def _day_of_end(self, at: Instant) -> int:
        return day_of(Instant(min(at, self.closes - 1)))


def counts(attempt: ListedAttempt, min_answers: int) -> bool:
    """Whether an ended attempt is a participation."""
    return attempt.answered is not None and is_participation(attempt.answered, min_answers)


def _plus(one: Count, other: Count) -> Count:
    return total_of({"one": one, "other": other})
