"""“Báo cáo kết quả tham gia”: what a unit tells the organisers, and the standing body of all units.

People and attempts, the target, growth by day: no names, no results. Number, date and remarks are
left to be written by hand; how an official paper looks is `reports.administrative`'s.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count as count_from

from handlers.rendering import Rendering
from handlers.units import Unit, Units
from reports.administrative import Ending, Grid, Letterhead, Paper
from reports.cells import count_shown, day_shown
from reports.sums import DayFigures, UnitFigures, added
from scoring.instant import Instant
from scoring.tallies import Count, UnitLine

_REMARK_LINES = 4
_NOTHING = "–"
_DAY_WIDTHS = (3.0, 3.2, 3.2, 3.2, 3.4)
_BLOCK_WIDTHS = (4.2, 2.0, 2.2, 2.5, 2.5, 2.6)
_UNIT_WIDTHS = (1.1, 5.4, 1.6, 1.9, 1.9, 1.8, 2.3)


@dataclass(frozen=True, slots=True)
class Figures:
    """What both reports are of: everything up to `at`, by day, and a picture of it (PNG)."""

    days: Sequence[DayFigures]
    at: Instant
    min_answers: int
    chart: bytes | None = None


def unit_report(
    rendering: Rendering, units: Units, unit: Unit, line: UnitLine, figures: Figures
) -> bytes:
    """A unit's report to the organisers, as a Word file."""
    words = _Words(rendering)
    paper = Paper(words.letterhead(words.said("superior"), unit.title, figures.at))
    paper.add_title(words.said("kind"), words.said("about", contest=words.contest))
    paper.add_addressee(words.said("addressee"))
    facts = {"unit": unit.title, "at": rendering.moment(figures.at), "contest": words.contest}
    paper.add_text(words.said("opening", **facts))
    paper.add_heading(words.said("heading_results"))
    for text in _results_of(words, line, units.blocks[unit.block]):
        paper.add_text(text)
    paper.add_text(words.said("definitions", min_answers=figures.min_answers))
    _add_days(paper, words, figures)
    _add_remarks(paper, words, words.said("closing", unit=unit.title))
    signer = "leader" if units.is_residential(unit) else "head_of_unit"
    return paper.finish(
        words.ending(words.said("recipients_2", unit=unit.title), words.said(signer))
    )


def ward_report(rendering: Rendering, lines: Sequence[UnitFigures], figures: Figures) -> bytes:
    """The standing body's report of all units, as a Word file."""
    words = _Words(rendering)
    head = words.letterhead(words.said("ward_superior"), words.said("ward_body"), figures.at)
    paper = Paper(head)
    paper.add_title(words.said("kind"), words.said("ward_about", contest=words.contest))
    paper.add_addressee(words.said("ward_addressee"))
    facts = {"units": len(lines), "at": rendering.moment(figures.at), "contest": words.contest}
    paper.add_text(words.said("ward_opening", **facts))
    paper.add_heading(words.said("heading_results"))
    for text in _ward_results_of(words, lines):
        paper.add_text(text)
    paper.add_text(words.said("definitions", min_answers=figures.min_answers))
    paper.add_heading(words.said("heading_blocks"))
    paper.add_grid(_blocks_grid(words, lines))
    _add_days(paper, words, figures)
    paper.add_heading(words.said("heading_units"))
    paper.add_grid(_units_grid(words, lines))
    _add_remarks(paper, words, words.said("ward_closing"))
    return paper.finish(words.ending(words.said("ward_recipients_2"), words.said("ward_signer")))


class _Words:
    """The catalogue's words, with counts as people write them."""

    def __init__(self, rendering: Rendering) -> None:
        self._rendering = rendering
        self._text = rendering.catalogue.text
        self.contest = self._text("contest.name")

    def said(self, entry: str, /, **facts: object) -> str:
        shown = {
            name: count_shown(value) if isinstance(value, int) else value
            for name, value in facts.items()
        }
        return self._text(f"report.{entry}", **shown)

    def heads(self, *columns: str) -> tuple[str, ...]:
        return tuple(self._text(f"workbook.head_{one}") for one in columns)

    @property
    def total(self) -> str:
        return self._text("workbook.total")

    def letterhead(self, superior: str, body: str, at: Instant) -> Letterhead:
        year = str(self._rendering.year(at))
        return Letterhead(
            superior=superior,
            body=body.upper(),
            sign=self.said("sign"),
            nation=self.said("nation"),
            motto=self.said("motto"),
            place_and_date=self.said("place_and_date", year=year),
        )

    def ending(self, kept: str, signer: str) -> Ending:
        recipients = (self.said("recipients"), self.said("recipients_1"), kept)
        return Ending(recipients, signer, self.said("signature"))


def _results_of(words: _Words, line: UnitLine, block: str) -> tuple[str, ...]:
    count = line.count
    return (
        words.said("people", people=count.people, registered=count.registered),
        words.said("attempts", attempts=count.attempts),
        _target_of(words, line),
        words.said("rank", place=line.place, of=line.of, block=block),
    )


def _target_of(words: _Words, line: UnitLine) -> str:
    if not line.target:
        return words.said("target_none")
    facts = {"target": line.target, "share": _share(line.count.people, line.target)}
    if line.is_reached:
        return words.said("target_reached", **facts)
    return words.said("target_short", missing=line.missing, **facts)


def _ward_results_of(words: _Words, lines: Sequence[UnitFigures]) -> tuple[str, ...]:
    count, target, reached, aimed = _sums_of(lines)
    none_yet = sum(one.line.count.people == 0 for one in lines)
    return (
        words.said("people", people=count.people, registered=count.registered),
        words.said("attempts", attempts=count.attempts),
        words.said("ward_target", target=target, share=_share(count.people, target)),
        words.said("ward_reached", reached=reached, of=aimed, none_yet=none_yet),
    )


def _add_days(paper: Paper, words: _Words, figures: Figures) -> None:
    paper.add_heading(words.said("heading_days"))
    paper.add_grid(_days_grid(words, figures.days))
    if figures.chart is not None:
        paper.add_picture(figures.chart, words.said("chart"))


def _add_remarks(paper: Paper, words: _Words, closing: str) -> None:
    paper.add_heading(words.said("heading_remarks"))
    paper.add_dotted_lines(_REMARK_LINES)
    paper.add_closing(closing)


def _days_grid(words: _Words, days: Sequence[DayFigures]) -> Grid:
    grown = added(day.grown for day in days)
    rows = [_day_row(day_shown(one.day), one.grown, one.reached.people) for one in days]
    total = _day_row(words.total, grown, None)
    heads = words.heads("day", "day_registered", "day_people", "day_attempts", "sum_people")
    return Grid(_DAY_WIDTHS, heads, [*rows, total], frozenset({len(rows)}))


def _day_row(title: str, grown: Count, reached: int | None) -> list[str]:
    counts = (grown.registered, grown.people, grown.attempts, reached)
    return [title, *("" if one is None else count_shown(one) for one in counts)]


def _blocks_grid(words: _Words, lines: Sequence[UnitFigures]) -> Grid:
    blocks = dict.fromkeys(one.block for one in lines)
    rows = [_block_row(title, [one for one in lines if one.block == title]) for title in blocks]
    heads = words.heads("block", "units", "target", "people", "attempts", "reached_units")
    total = _block_row(words.total, lines)
    return Grid(_BLOCK_WIDTHS, heads, [*rows, total], frozenset({len(rows)}))


def _block_row(title: str, lines: Sequence[UnitFigures]) -> list[str]:
    count, target, reached, aimed = _sums_of(lines)
    counts = map(count_shown, (len(lines), target, count.people, count.attempts))
    return [title, *counts, f"{reached}/{aimed}"]


def _units_grid(words: _Words, lines: Sequence[UnitFigures]) -> Grid:
    """Block by block, each under its title."""
    rows: list[list[str]] = []
    strong, order = set(), count_from(1)
    for title in dict.fromkeys(one.block for one in lines):
        strong.add(len(rows))
        rows.append([title])
        rows += [_unit_row(words, next(order), one) for one in lines if one.block == title]
    strong.add(len(rows))
    count, target, _, _ = _sums_of(lines)
    counts = map(count_shown, (target, count.registered, count.people, count.attempts))
    rows.append(["", words.total, *counts, ""])
    heads = words.heads(
        "order", "unit", "target", "registered", "people", "attempts", "reached"
    )  # fmt: skip
    # The order and what came of the target.
    centred = frozenset({0, len(heads) - 1})
    return Grid(_UNIT_WIDTHS, heads, rows, frozenset(strong), texts=2, centred=centred)


def _unit_row(words: _Words, order: int, one: UnitFigures) -> list[str]:
    line, count = one.line, one.line.count
    outcome = _NOTHING
    if line.target:
        entry = "row_reached" if line.is_reached else "row_short"
        outcome = words.said(entry, missing=line.missing)
    target = count_shown(line.target) if line.target else _NOTHING
    counts = map(count_shown, (count.registered, count.people, count.attempts))
    return [str(order), one.title, target, *counts, outcome]


def _sums_of(lines: Sequence[UnitFigures]) -> tuple[Count, int, int, int]:
    """The count, the target, units that reached theirs, units that have one."""
    count = added(one.line.count for one in lines)
    aimed = [one.line for one in lines if one.line.target]
    reached = sum(one.is_reached for one in aimed)
    return count, sum(one.target for one in aimed), reached, len(aimed)


def _share(people: int, target: int) -> str:
    """`97,5%`, to the nearest tenth; never the whole where it is not reached."""
    if not target:
        return _NOTHING
    tenths = (people * 2_000 + target) // (2 * target)
    if people < target:
        tenths = min(tenths, 999)
    return f"{tenths // 10},{tenths % 10}%" if tenths % 10 else f"{tenths // 10}%"
