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
ReportFile = Annotated[Path, typer.Option("--out", help=RESULTS["report_out"])]
UnitCode = Annotated[str, typer.Option("--unit", help=RESULTS["report_unit"])]
CsvFolder = Annotated[Path | None, typer.Option("--csv", help=RESULTS["csv_option"])]
CONFIG = Path("config.toml")
_SUFFIX, _REPORT_SUFFIX = ".xlsx", ".docx"


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


@results_app.command("report", help=RESULTS["report"])
def report_command(out: ReportFile, unit: UnitCode = "", *, config: ConfigPath = CONFIG) -> None:
    if out.suffix.lower() != _REPORT_SUFFIX:
        facts = {"path": out, "found": out.suffix or "-"}
        raise typer.BadParameter(RESULTS["report_suffix"].format(**facts))
    from bot.report_export import export_report  # noqa: PLC0415 (as above)

    try:
        at = export_report(read_config(config), read_environment(), out, unit)
    except SettingsProblemError as error:
        _fail(error)
    typer.echo(RESULTS["report_done"].format(path=out, at=at))


def _check(out: Path, csv: Path | None) -> None:
    if out.suffix.lower() != _SUFFIX:
        raise typer.BadParameter(RESULTS["suffix"].format(path=out, found=out.suffix or "-"))
    if csv is not None and csv.is_file():
        raise typer.BadParameter(RESULTS["is_file"].format(path=csv))


def _fail(error: SettingsProblemError) -> NoReturn:
    for line in error.lines:
        typer.echo(line, err=True)
    raise typer.Exit(1)
