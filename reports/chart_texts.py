"""Charts with all their words, made of tallies and counts: what is told, not how it looks. Pure.

Decides which bars share a picture, what stands beside each, and where a scale ends. Titles of
units and instants come rendered; the other words are the catalogue's section [chart].
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from handlers.catalogue import Catalogue
from reports.charts import Bar, BarsLegend, BarsPage, Day, DaysChart, Hour, HoursChart
from reports.numbers import change_shown, number_shown
from scoring.tallies import Count, UnitLine, total_of

MOST_BARS = 16
"""On one picture: it is then about as tall as a phone, whose clients shrink what is taller."""

MOST_TARGETS = 3
"""A bar longer than this many targets is broken, so that the others can be told apart."""

HOURS = 24


@dataclass(frozen=True, slots=True)
class TallyShown:
    """The units of one block at an instant, in the order they are to stand.

    `titles` by unit code; `at` and `before` are instants as people read them, `before` empty
    where there was no tally before.
    """

    block: str
    lines: tuple[UnitLine, ...]
    titles: Mapping[str, str]
    at: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class UnitShown:
    """One unit: its line, and the people it had at the end of each day of the contest."""

    title: str
    line: UnitLine
    at: str
    before: str
    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A line of statistics: an audience, an age band, a channel, a block."""

    name: str
    count: Count


def overview_pages(catalogue: Catalogue, tally: TallyShown) -> tuple[BarsPage, ...]:
    """The organisers' chart of a tally: people of each unit against its target."""
    bars = tuple(_bar_of(catalogue, line, tally) for line in tally.lines)
    counts = {line.code: line.count for line in tally.lines}
    page = BarsPage(
        title=catalogue.text("chart.overview_title", block=tally.block),
        about=catalogue.text("chart.at", at=tally.at),
        total=_told(catalogue, total_of(counts)),
        note=_reached(catalogue, bars),
        legend=_legend(catalogue, bars, tally.before),
        bars=bars,
        scale=_scale(bars),
    )
    return _pages(catalogue, page)


def unit_chart(catalogue: Catalogue, unit: UnitShown) -> DaysChart:
    """A unit's own chart for its own chat."""
    line = unit.line
    people = number_shown(line.count.people)
    return DaysChart(
        title=unit.title,
        about=catalogue.text("chart.at", at=unit.at),
        figure=f"{people}/{number_shown(line.target)}" if line.target else people,
        figure_word=catalogue.text("chart.people_word"),
        attempts=catalogue.text("chart.attempts", attempts=number_shown(line.count.attempts)),
        facts=_facts(catalogue, unit),
        advice=_advice(catalogue, line),
        days=unit.days,
        target=line.target,
        goal=catalogue.text("chart.legend_target", target=number_shown(line.target)),
        pace=catalogue.text("chart.pace_line"),
    )


def statistics_pages(
    catalogue: Catalogue, title: str, at: str, groups: Sequence[Group]
) -> tuple[BarsPage, ...]:
    """People and attempts of groups that have no target."""
    bars = tuple(
        Bar(one.name, _told(catalogue, one.count), one.count.people, one.count.attempts)
        for one in groups
    )
    page = BarsPage(
        title=title,
        about=catalogue.text("chart.at", at=at),
        total="",
        note="",
        legend=BarsLegend(
            people=catalogue.text("chart.legend_people"),
            attempts=catalogue.text("chart.legend_attempts"),
        ),
        bars=bars,
        scale=max([1, *(max(bar.people, bar.attempts) for bar in bars)]),
    )
    return _pages(catalogue, page)


def hours_chart(catalogue: Catalogue, title: str, at: str, hours: Sequence[Count]) -> HoursChart:
    """What came in each of the 24 hours of the day, from midnight on."""
    if len(hours) != HOURS:
        raise ValueError(f"{len(hours)} hours, not {HOURS}")
    most = max(hours, key=lambda one: one.attempts)
    return HoursChart(
        title=title,
        about=catalogue.text("chart.at", at=at),
        people=catalogue.text("chart.legend_people"),
        attempts=catalogue.text("chart.legend_attempts"),
        peak=_told(catalogue, most) if most.attempts else "",
        hour_names=tuple(catalogue.text("chart.hour", hour=hour) for hour in range(HOURS)),
        hours=tuple(Hour(one.people, one.attempts) for one in hours),
    )


def _bar_of(catalogue: Catalogue, line: UnitLine, tally: TallyShown) -> Bar:
    grown = line.grown.people if tally.before else 0
    return Bar(
        name=tally.titles[line.code],
        told=_told(catalogue, line.count),
        people=line.count.people,
        grown=max(0, grown),
        change=change_shown(grown),
        target=line.target,
    )


def _told(catalogue: Catalogue, count: Count) -> str:
    people, attempts = number_shown(count.people), number_shown(count.attempts)
    return catalogue.text("chart.told", people=people, attempts=attempts)


def _reached(catalogue: Catalogue, bars: Sequence[Bar]) -> str:
    aiming = [bar for bar in bars if bar.target]
    if not aiming:
        return ""
    reached = sum(bar.is_reached for bar in aiming)
    return catalogue.text("chart.reached_units", reached=reached, units=len(aiming))


def _legend(catalogue: Catalogue, bars: Sequence[Bar], before: str) -> BarsLegend:
    """Only what stands on the chart is explained."""
    grown = sum(bar.grown for bar in bars)
    facts = {"people": number_shown(grown), "before": before}
    is_reached, is_none = any(bar.is_reached for bar in bars), any(not bar.people for bar in bars)
    return BarsLegend(
        grown=catalogue.text("chart.legend_grown", **facts) if grown else "",
        reached=catalogue.text("chart.legend_reached") if is_reached else "",
        none=catalogue.text("chart.legend_none") if is_none else "",
        target=_legend_target(catalogue, {bar.target for bar in bars if bar.target}),
    )


def _legend_target(catalogue: Catalogue, targets: set[int]) -> str:
    if len(targets) == 1:
        return catalogue.text("chart.legend_target", target=number_shown(*targets))
    return catalogue.text("chart.legend_targets") if targets else ""


def _scale(bars: Sequence[Bar]) -> int:
    """The target stands well within, and one long bar does not flatten all the others."""
    target = max((bar.target for bar in bars), default=0)
    people = max((bar.people for bar in bars), default=0)
    if not target:
        return max(1, people)
    return max(target + max(1, target // 10), min(people, MOST_TARGETS * target))


def _pages(catalogue: Catalogue, page: BarsPage) -> tuple[BarsPage, ...]:
    """The bars in their order, shared out evenly, `MOST_BARS` a page at most."""
    count = max(1, -(-len(page.bars) // MOST_BARS))
    if count == 1:
        return (page,)
    size, rest = divmod(len(page.bars), count)
    pages, begin = [], 0
    for number in range(1, count + 1):
        end = begin + size + (number <= rest)
        about = catalogue.text("chart.page", about=page.about, page=number, pages=count)
        pages.append(replace(page, about=about, bars=page.bars[begin:end]))
        begin = end
    return tuple(pages)


def _facts(catalogue: Catalogue, unit: UnitShown) -> tuple[str, ...]:
    line = unit.line
    facts = []
    if unit.before and line.grown.people:
        change = change_shown(line.grown.people)
        facts.append(catalogue.text("chart.unit_grown", change=change, before=unit.before))
    if line.of > 1 and line.count.people:
        facts.append(catalogue.text("chart.unit_place", place=line.place, of=line.of))
    return tuple(facts)


def _advice(catalogue: Catalogue, line: UnitLine) -> str:
    if not line.target:
        return ""
    if line.is_reached:
        return catalogue.text("chart.unit_reached")
    missing = number_shown(line.missing)
    if line.pace is None:
        return catalogue.text("chart.unit_missing", missing=missing)
    return catalogue.text("chart.unit_pace", missing=missing, pace=number_shown(line.pace))
