"""`hoithi results …`: what comes of the contest, as files. Exit 0 fine, 1 a problem, 2 wrong use.

Decides what is asked and said; what is done is `bot.results`', imported when a command runs.
"""

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.environment import read_environment
from bot.problems import SAYS, SettingsProblemError
from bot.results_problems import RESULTS
from bot.settings import read_config

results_app = typer.Typer(
    name="results",
    no_args_is_help=True,
    rich_markup_mode=None,
    help=RESULTS["about"],
)

ConfigPath = Annotated[Path, typer.Option("--config", help=SAYS["config_option"])]
OutFile = Annotated[Path, typer.Option("--out", help=RESULTS["out_option"])]
CsvFolder = Annotated[Path | None, typer.Option("--csv", help=RESULTS["csv_option"])]
CONFIG = Path("config.toml")
_SUFFIX = ".xlsx"


@results_app.callback()
def results_command() -> None:
    """A group, though it has one command so far."""


@results_app.command("export", help=RESULTS["export"])
def export_command(out: OutFile, csv: CsvFolder = None, *, config: ConfigPath = CONFIG) -> None:
    _check(out, csv)
    from bot.results import export_results  # noqa: PLC0415 (the store is not needed for --help)
    from reports.workbook import Target  # noqa: PLC0415

    try:
        settings, environment = read_config(config), read_environment()
        exported = export_results(settings, environment, Target(out, csv))
    except SettingsProblemError as error:
        _fail(error)
    count = exported.count
    facts = {"registered": count.registered, "people": count.people, "attempts": count.attempts}
    typer.echo(RESULTS["done"].format(path=out, at=exported.at, **facts))
    if csv is not None:
        typer.echo(RESULTS["done_csv"].format(path=csv))
    typer.echo(RESULTS["private"], err=True)


def _check(out: Path, csv: Path | None) -> None:
    if out.suffix.lower() != _SUFFIX:
        raise typer.BadParameter(RESULTS["suffix"].format(path=out, found=out.suffix or "-"))
    if csv is not None and csv.is_file():
        raise typer.BadParameter(RESULTS["is_file"].format(path=csv))


def _fail(error: SettingsProblemError) -> NoReturn:
    for line in error.lines:
        typer.echo(line, err=True)
    raise typer.Exit(1)
