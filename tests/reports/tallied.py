"""Tallies as a scheduler would hand them over, with few numbers to read."""

from reports.chart_texts import TallyShown, UnitShown
from reports.charts import Day
from scoring.rules import UnitRule
from scoring.tallies import Count, lines_of

AT, BEFORE = "20:00 ngày 10/12/2025", "20:00 ngày 09/12/2025"


def tally_of(
    people: list[tuple[int, int]],
    targets: tuple[int, ...] = (50,),
    before: str = BEFORE,
    days_left: int = 4,
) -> TallyShown:
    """Units with (people now, people before) and twice as many attempts."""
    rules = [
        UnitRule(f"T{place}", "to-dan-pho", 0, targets[place % len(targets)])
        for place in range(len(people))
    ]
    now = {f"T{place}": Count(one, one, 2 * one) for place, (one, _) in enumerate(people)}
    was = {f"T{place}": Count(one, one, 2 * one) for place, (_, one) in enumerate(people)}
    titles = {rule.code: f"Tổ dân phố {place}" for place, rule in enumerate(rules)}
    lines = lines_of(rules, now, was, days_left)
    return TallyShown("Tổ dân phố", lines, titles, AT, before)


def unit_of(people: int, target: int = 50, days_left: int = 4, before: str = BEFORE) -> UnitShown:
    earlier = max(0, people - 5)
    tally = tally_of([(people, earlier), (99, 0)], (target,), days_left=days_left)
    days = (Day("08/12", earlier), Day("09/12", people), Day("10/12", None))
    return UnitShown("Tổ dân phố 0", tally.lines[0], AT, before, days)
