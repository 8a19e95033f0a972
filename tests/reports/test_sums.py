"""What rows come to, by unit and by day."""

from dataclasses import replace

from reports.sums import DayFigures, Sums, added, day_figures
from scoring.instant import DAY_MS, Instant, day_of
from scoring.tallies import NOBODY, Count
from tests.reports.crowd import CLOSES, OPENS, Crowd, units_of

FIRST = day_of(OPENS)


def test_a_person_counts_on_the_day_of_the_first_participation():
    crowd = Crowd(units_of(3), people=1)
    sums = Sums(CLOSES)
    later = Instant(OPENS + 2 * DAY_MS)

    sums.take_person(replace(crowd.person(1), registered_at=OPENS, first_at=later))

    grown = [one.grown for one in sums.days(OPENS, later)]
    assert grown == [Count(registered=1), NOBODY, Count(people=1)]


def test_only_ended_participations_count():
    crowd = Crowd(units_of(3), people=1)
    (attempt,) = crowd.attempts_of(1)
    sums = Sums(CLOSES)

    sums.take_attempt(replace(attempt, ended_at=OPENS, is_participation=True))
    sums.take_attempt(replace(attempt, ended_at=OPENS, is_participation=False))
    sums.take_attempt(replace(attempt, ended_at=None, is_participation=False))

    assert sums.total == Count(attempts=1)


def test_days_of_units_add_up_to_the_days_of_all():
    crowd = Crowd(units_of(12), people=200)
    sums = Sums(CLOSES)
    for person in crowd.listed():
        sums.take_person(person)
    for attempt in crowd.attempts():
        sums.take_attempt(attempt)
    at = Instant(CLOSES + DAY_MS)

    together = sums.days(OPENS, at)
    of_units = [sums.days(OPENS, at, unit.code) for unit in crowd.units.units]

    assert [one.day for one in together] == [one.day for one in of_units[0]]
    for place, day in enumerate(together):
        assert added(days[place].grown for days in of_units) == day.grown
    assert together[-1].reached == sums.total
    assert together[-1].day == day_of(Instant(CLOSES - 1))


def test_a_day_that_brought_nothing_is_a_day():
    grown = {FIRST: Count(2, 1, 1), FIRST + 2: Count(0, 1, 3)}

    assert day_figures(grown, FIRST, FIRST + 2) == (
        DayFigures(FIRST, Count(2, 1, 1), Count(2, 1, 1)),
        DayFigures(FIRST + 1, NOBODY, Count(2, 1, 1)),
        DayFigures(FIRST + 2, Count(0, 1, 3), Count(2, 2, 4)),
    )
