"""What the rows of a list come to, by unit and by day: added up while they go by.

The figures of a workbook are therefore those of its own lists. Growth, targets and places are
`scoring.tallies`'.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from itertools import count as count_from

from handlers.listing import ListedAttempt, ListedPerson
from handlers.units import Units
from scoring.instant import Instant, day_of
from scoring.rules import UnitRule
from scoring.tallies import NOBODY, Count, UnitLine, lines_of


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """A unit's line in a list; `block` is its block's title, as `title` is its own."""

    order: int
    code: str
    title: str
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
    _tallies: dict[tuple[str, int], _Tally] = field(default_factory=lambda: defaultdict(_Tally))

    def take_person(self, person: ListedPerson) -> None:
        if person.is_void:
            return
        self._tallies[person.unit, day_of(person.registered_at)].registered += 1
        if person.first_at is not None:
            self._tallies[person.unit, self._day_of_end(person.first_at)].people += 1

    def take_attempt(self, attempt: ListedAttempt) -> None:
        if attempt.ended_at is not None and attempt.is_participation:
            self._tallies[attempt.unit, self._day_of_end(attempt.ended_at)].attempts += 1

    @property
    def total(self) -> Count:
        return _sum_of(self._tallies.values())

    def units(self, units: Units, gone: str) -> tuple[UnitFigures, ...]:
        """A line for each unit in the list's order, then those that are `gone` from it."""
        return unit_figures(units, self._by_unit(), gone)

    def days(self, opens: Instant, at: Instant, unit: str | None = None) -> tuple[DayFigures, ...]:
        """Each day from the first with anything, or the opening, to `at`, or the closing.

        `unit` None: of all units together.
        """
        days = {day for _, day in self._tallies}
        last = max([self._day_of_end(at), *days])
        first = min([day_of(opens), last, *days])
        grown = {day: self._of_day(day, unit) for day in days}
        return day_figures(grown, first, last)

    def _by_unit(self) -> dict[str, Count]:
        found: dict[str, list[_Tally]] = defaultdict(list)
        for (unit, _), tally in self._tallies.items():
            found[unit].append(tally)
        return {unit: _sum_of(tallies) for unit, tallies in found.items()}

    def _of_day(self, day: int, unit: str | None) -> Count:
        return _sum_of(
            tally
            for (of, its_day), tally in self._tallies.items()
            if its_day == day and unit in {None, of}
        )

    def _day_of_end(self, at: Instant) -> int:
        return day_of(Instant(min(at, self.closes - 1)))


def unit_figures(units: Units, counted: Mapping[str, Count], gone: str) -> tuple[UnitFigures, ...]:
    """A line for each unit in the list's order, then those counted that are `gone` from it."""
    titles = {unit.code: unit.title for unit in units.units}
    strays = [UnitRule(code, "", 0, 0) for code in sorted(counted.keys() - titles.keys())]
    rules = [UnitRule(one.code, one.block, one.size, one.target) for one in units.units]
    lines = lines_of([*rules, *strays], counted, {}, days_left=0)
    return tuple(
        UnitFigures(
            order=order,
            code=line.code,
            title=titles.get(line.code, line.code),
            block=units.blocks.get(line.block, gone),
            line=line,
        )
        for order, line in enumerate(lines, start=1)
    )


def day_figures(grown: Mapping[int, Count], first: int, last: int) -> tuple[DayFigures, ...]:
    """Every day from `first` to `last`, those that brought nothing too."""
    counts_of_days = [grown.get(day, NOBODY) for day in range(first, last + 1)]
    reached = accumulate(counts_of_days, lambda one, other: added((one, other)))
    return tuple(map(DayFigures, count_from(first), counts_of_days, reached))


def added(each: Iterable[Count]) -> Count:
    """All together."""
    registered = people = attempts = 0
    for one in each:
        registered += one.registered
        people += one.people
        attempts += one.attempts
    return Count(registered, people, attempts)


def _sum_of(tallies: Iterable[_Tally]) -> Count:
    return added(tally.count() for tally in tallies)
