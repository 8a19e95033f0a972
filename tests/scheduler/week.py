"""A contest week as a test lives it: who does what when, and the test's own count of it. Pure.

Decides the residents' deeds and which of them a tally must hold, from the instants alone and by no
bucket; nothing here asks the store.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from typing import NamedTuple

from handlers.units import Unit, Units
from scoring.instant import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, Instant
from scoring.tallies import Count

BEGINS = Instant(1_765_126_800_000)
"""Midnight in Hà Nội on the day of the opening, 08/12/2025."""


def on(day: int, hour: int, minute: int = 0, second: int = 0) -> Instant:
    """`on(8, 20)` is 20:00 on 08/12."""
    time_ms = hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS
    return Instant(BEGINS + (day - 8) * DAY_MS + time_ms)


OPENS, CLOSES = on(8, 7), on(15, 0)
PAPER_MS = 15 * MINUTE_MS
LEAST = 2
"""Answers that make a participation."""

HOMES, OFFICES = "to-dan-pho", "co-quan"
UNITS = Units(
    tuple(
        Unit(f"DV-{number:02}", HOMES if number < 48 else OFFICES, f"Đơn vị {number}", target=50)
        for number in range(60)
    ),
    {HOMES: "Tổ dân phố", OFFICES: "Cơ quan, đơn vị"},
    HOMES,
)
CODES = tuple(unit.code for unit in UNITS.units)
BLOCKS = {unit.code: unit.block for unit in UNITS.units}
EMPTY = CODES[59]
"""Nobody is of this unit."""


class Life(NamedTuple):
    """A process, from its first tick to its last."""

    since: Instant
    until: Instant


LIVES = (
    Life(on(8, 5), on(9, 20, 0, 15)),
    # Killed right after the evening's tally; the next one finds all of it still due.
    Life(on(9, 20, 0, 16), on(10, 18)),
    # A day of downtime.
    Life(on(11, 18), on(12, 6, 30)),
    # Away when the morning's hour struck.
    Life(on(12, 7, 30), on(15, 12)),
)


def ticks_of(life: Life) -> Iterator[Instant]:
    """At the start, at the end, and fifteen seconds after each hour."""
    yield life.since
    hour = Instant(life.since // HOUR_MS * HOUR_MS + 15 * SECOND_MS)
    while hour < life.until:
        if hour > life.since:
            yield hour
        hour = Instant(hour + HOUR_MS)
    yield life.until


@dataclass(slots=True)
class Paper:
    """`submitted_at` None: left open, until its time is up or the contest closes."""

    opened_at: Instant
    answers: int
    submitted_at: Instant | None

    @property
    def ended_at(self) -> Instant:
        if self.submitted_at is not None:
            return self.submitted_at
        return Instant(min(self.opened_at + PAPER_MS, CLOSES))

    def is_before(self, until: Instant) -> bool:
        """Whether it ended before; what the closing ended belongs to the last day."""
        is_closed = self.submitted_at is None and self.ended_at == CLOSES
        return self.ended_at < until or (is_closed and until == CLOSES)


@dataclass(slots=True)
class Resident:
    """Somebody's week; `void_papers` are numbers from 1."""

    unit: str
    registered_at: Instant
    papers: list[Paper]
    is_void: bool = False
    void_papers: set[int] = field(default_factory=set)

    def taken(self, until: Instant) -> int:
        """Participations that ended before."""
        return sum(
            paper.answers >= LEAST and number not in self.void_papers and paper.is_before(until)
            for number, paper in enumerate(self.papers, 1)
        )


def counted(residents: Sequence[Resident], until: Instant) -> Mapping[str, Count]:
    """What had happened before an instant, by unit, of those who are not void now."""
    registered: Counter[str] = Counter()
    people: Counter[str] = Counter()
    attempts: Counter[str] = Counter()
    for one in residents:
        if not one.is_void:
            taken = one.taken(until)
            registered[one.unit] += one.registered_at < until
            people[one.unit] += taken > 0
            attempts[one.unit] += taken
    return {code: Count(registered[code], people[code], attempts[code]) for code in CODES}


class Line(NamedTuple):
    """What a tally must say of a unit."""

    count: Count
    grown: Count
    missing: int
    place: int
    of: int


def lines_at(residents: Sequence[Resident], at: Instant) -> Mapping[str, Line]:
    now, before = counted(residents, at), counted(residents, Instant(at - DAY_MS))
    people: dict[str, list[int]] = defaultdict(list)
    for code in CODES:
        people[BLOCKS[code]].append(now[code].people)
    return {
        code: Line(
            now[code],
            now[code] - before[code],
            max(0, 50 - now[code].people),
            1 + sorted(people[BLOCKS[code]], reverse=True).index(now[code].people),
            len(people[BLOCKS[code]]),
        )
        for code in CODES
    }


def is_alive(since: Instant, until: Instant) -> bool:
    """Whether the bot is there all along, restarts of a second apart."""
    gaps = [(one.until, next_.since) for one, next_ in pairwise(LIVES)]
    return all(
        until < begin or since >= end if end - begin > MINUTE_MS else not begin < since < end
        for begin, end in gaps
    )


def residents_of(count: int) -> list[Resident]:
    """Units of all sizes; papers on different days; ends at, before and after the hours."""
    chance = Random(2025)
    # The first units are large enough to reach their target, the last ones small.
    weights = [100 - number for number in range(59)]
    units = chance.choices(CODES[:59], weights, k=count)
    return [_resident(chance, unit, index) for index, unit in enumerate(units)]


def _resident(chance: Random, unit: str, index: int) -> Resident:
    days = sorted(chance.sample(range(8, 15), chance.choices((0, 1, 2), (10, 55, 35))[0]))
    papers: list[Paper] = []
    for day in days:
        paper = _paper(chance, day, index)
        if not papers or papers[-1].ended_at < paper.opened_at:
            papers.append(paper)
    latest = papers[0].opened_at if papers else CLOSES
    return Resident(unit, _alive_at(chance, on(8, 5), latest), papers)


def _paper(chance: Random, day: int, index: int) -> Paper:
    answers = chance.choices((0, 1, 2, 3), (2, 3, 75, 20))[0]
    if index % 20 == 0 and day != 10:
        # To the millisecond at the evening's hour, before it and after it.
        ended_at = Instant(on(day, 20) + chance.choice((-1, 0, 1, 5_000)))
        return Paper(Instant(ended_at - 6 * MINUTE_MS), answers, ended_at)
    if index % 20 == 1 and day == 14:
        return Paper(Instant(CLOSES - chance.randrange(1, PAPER_MS)), answers, None)
    opened_at = _alive_at(chance, max(OPENS, on(day, 6)), on(day, 24), PAPER_MS)
    submitted_at = Instant(opened_at + chance.randrange(4 * MINUTE_MS, 14 * MINUTE_MS))
    is_left = chance.random() < 0.1 or submitted_at >= CLOSES
    return Paper(opened_at, answers, None if is_left else submitted_at)


def _alive_at(chance: Random, since: Instant, before: Instant, length_ms: int = 0) -> Instant:
    while True:
        at = Instant(chance.randrange(since, before))
        if is_alive(at, Instant(at + length_ms)):
            return at
