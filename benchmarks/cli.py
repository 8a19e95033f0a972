"""The command line of the benchmarks: which rows, how many rounds, in which form.

Examples stand in the help. Exit 0: measured; 1: a count that must hold did not; 2: wrong use.
"""

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.profiled import Asked, profile
from benchmarks.rounds import FULL_ROUNDS
from benchmarks.rows import ROWS, Row
from benchmarks.running import measure
from benchmarks.sizes import FULL, QUICK
from benchmarks.table import table_json, table_markdown, table_text

QUICK_ROUNDS = 3

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


class Regime(Enum):
    SATURATION = "saturation"
    PACE = "pace"


class Store(Enum):
    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


class WalkName(Enum):
    PAPER = "paper"
    TAPS = "taps"


HELP = """How fast the bot is, as ratios to other bots measured in the same run.

Examples:

  python -m benchmarks                          every row, 3 rounds, a table

  python -m benchmarks --only P1,P2 --rounds 5  two rows, five rounds

  python -m benchmarks --full --markdown t.md   all sizes, the table for docs/benchmarks.md

  python -m benchmarks --profile saturation --store sqlite --walk taps
"""


@app.command(help=HELP)
def run(  # noqa: PLR0913, PLR0917 (a command line's options)
    only: Annotated[str, typer.Option(help="Rows, by comma: P1,P4.")] = "",
    rounds: Annotated[int, typer.Option(min=0, help="Rounds; 0: 3, with --full 5.")] = 0,
    full: Annotated[bool, typer.Option("--full", help="All sizes.")] = False,  # noqa: FBT002 (a flag)
    as_json: Annotated[bool, typer.Option("--json", help="JSON in place of the table.")] = False,  # noqa: FBT002 (a flag)
    markdown: Annotated[Path | None, typer.Option(help="Write the table there, too.")] = None,
    regime: Annotated[
        Regime | None, typer.Option("--profile", help="Profile a regime, measure nothing.")
    ] = None,
    store: Annotated[Store, typer.Option(help="Of the profile.")] = Store.POSTGRESQL,
    walk: Annotated[
        WalkName, typer.Option(help="Of the profile: whole papers, or taps alone.")
    ] = WalkName.PAPER,
    people: Annotated[int, typer.Option(help="Of the profile.")] = 600,
    seconds: Annotated[float, typer.Option(help="Of the profile: the window.")] = 15.0,
    top: Annotated[int, typer.Option(help="Of the profile: functions shown.")] = 25,
) -> None:
    if regime is not None:
        asked = Asked(regime.value, store.value, walk.value, people, seconds, top)
        typer.echo(profile(asked))
        return
    rows = _rows(only)
    rounds = rounds or (FULL_ROUNDS if full else QUICK_ROUNDS)
    measured, samples = measure(rows, FULL if full else QUICK, rounds)
    typer.echo(table_json(measured, samples) if as_json else table_text(measured))
    if markdown is not None:
        write_into(markdown, table_markdown(measured))
    if measured.failures:
        raise typer.Exit(1)


def _rows(only: str) -> tuple[Row, ...]:
    wanted = {one.strip().upper() for one in only.split(",") if one.strip()}
    unknown = wanted - {row.group for row in ROWS}
    if unknown:
        raise typer.BadParameter(f"no such row: {', '.join(sorted(unknown))}")
    return tuple(row for row in ROWS if not wanted or row.group in wanted)


BEGIN, END = "<!-- table begins -->", "<!-- table ends -->"


def write_into(path: Path, table: str) -> None:
    """Put the table between the two marks of a page, or into a file of its own."""
    if not path.exists():
        path.write_text(table, encoding="utf-8")
        return
    before, begin, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise typer.BadParameter(f"{path} has no {BEGIN} and {END}")
    path.write_text(f"{before}{begin}\n\n{table}\n{end}{after}", encoding="utf-8")
