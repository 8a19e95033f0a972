"""How findings and numbers about questions look: a table for a person, lines for a pipe.

Decides looks only; `bot.questions` found what is shown.
"""

import json
from collections.abc import Iterable, Sequence

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.problems import SAYS
from bot.questions import Checked
from question_bank.census import Census
from question_bank.importers.finding import Finding, is_error
from question_bank.item_analysis import LEAST_ANSWERS, ItemResult
from question_bank.question import QuestionBank

_MOST_SOURCES = 10
_LETTERS = "ABCDEFGH"


def show_checked(checked: Checked, *, is_json: bool) -> None:
    if is_json:
        echo_json(
            {
                "files": list(checked.files),
                "questions": checked.questions,
                "errors": checked.errors,
                "warnings": checked.warnings,
                "findings": [finding.as_json() for finding in checked.findings],
            }
        )
        return
    show_findings(checked.findings)
    entry = "checked" if checked.findings else "checked_fine"
    facts = {"errors": checked.errors, "warnings": checked.warnings}
    typer.echo(SAYS[entry].format(questions=checked.questions, **facts))


def show_findings(findings: Sequence[Finding]) -> None:
    """Errors first, each kind in the order of the file."""
    ordered = sorted(findings, key=lambda finding: not is_error(finding))
    console = Console(highlight=False)
    if console.is_terminal:
        for file in dict.fromkeys(finding.file for finding in ordered):
            console.print(_table(file, [each for each in ordered if each.file == file]))
        return
    for line in _lines(ordered):
        typer.echo(line)


def echo_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def show_census(census: Census) -> None:
    table = Table(title=SAYS["stats_title"].format(questions=census.questions))
    for name in ("stats_topic", "stats_count", "stats_quota", "stats_levels"):
        table.add_column(SAYS[name], justify="left" if name == "stats_topic" else "right")
    for topic in census.topics:
        levels = " / ".join(map(str, topic.difficulty))
        table.add_row(Text(topic.title), str(topic.questions), str(topic.quota), levels)
    Console(highlight=False).print(table)
    statuses = {str(name): count for name, count in census.statuses.items()}
    typer.echo(SAYS["stats_statuses"].format(**statuses))
    places = zip(_LETTERS, census.places, strict=False)
    said = ", ".join(f"{letter} {count}" for letter, count in places)
    typer.echo(SAYS["stats_places"].format(places=said))
    chance = round(census.clues[0].chance) if census.clues else 0
    facts = {"longest": census.longest, "shortest": census.shortest, "chance": chance}
    typer.echo(SAYS["stats_lengths"].format(**facts))
    facts = {"documents": len(census.sources), "unsourced": census.unsourced}
    typer.echo(SAYS["stats_sources"].format(**facts))
    for source, count in census.sources[:_MOST_SOURCES]:
        typer.echo(SAYS["stats_source"].format(count=count, source=source))


def show_results(results: Sequence[ItemResult] | None, bank: QuestionBank) -> None:
    """After a contest: the hardest questions first, and which keys somebody should look at."""
    if results is None:
        typer.echo(SAYS["results_not_yet"])
        return
    table = Table(title=SAYS["results_title"])
    for name in ("column_question", "results_answers", "results_share", "results_tells"):
        table.add_column(SAYS[name], justify="left" if name == "column_question" else "right")
    table.add_column(SAYS["results_stem"])
    for one in sorted(results, key=lambda one: (one.share, one.question)):
        tells = (
            "–" if one.discrimination is None else f"{one.discrimination:+.2f}".replace(".", ",")
        )
        stem = bank.by_id[one.question].stem if one.question in bank.by_id else "–"
        style = "bold red" if one.is_suspect else ""
        cells = (one.question, str(one.answers), f"{one.share:.0%}", tells.replace(".", ","), stem)
        table.add_row(*(Text(cell, style=style) for cell in cells))
    Console(highlight=False).print(table)
    typer.echo(SAYS["results_explained"].format(least=LEAST_ANSWERS))


def _table(file: str, findings: Iterable[Finding]) -> Table:
    table = Table(title=Text(file), title_justify="left", show_lines=True, expand=True)
    table.add_column("", no_wrap=True)
    table.add_column(SAYS["column_place"], ratio=3)
    table.add_column(SAYS["column_question"], ratio=2)
    for name in ("column_what", "column_wanted"):
        table.add_column(SAYS[name], ratio=6)
    for finding in findings:
        is_bad = is_error(finding)
        mark = Text(
            SAYS["found_error"] if is_bad else SAYS["found_warning"],
            style="bold red" if is_bad else "yellow",
        )
        cells = (finding.at, finding.question, finding.what, finding.wanted)
        table.add_row(mark, *map(Text, cells))
    return table


def _lines(findings: Iterable[Finding]) -> Iterable[str]:
    for finding in findings:
        # a warning says so: a pipe has no colours
        mark = "" if is_error(finding) else f"{SAYS['found_warning']}: "
        about = f"{finding.question}: " if finding.question else ""
        yield f"{finding.place}: {mark}{about}{finding.words}"
