"""`hoithi units …`: the list of units on the command line. Exit 0 fine, 1 a problem, 2 misuse."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.environment import read_environment
from bot.problems import SAYS, SettingsProblemError
from bot.settings import read_config
from bot.units.words import SAYS as WORDS

if TYPE_CHECKING:
    from bot.units.commands import Ward
    from bot.units.importing import Prepared

units_app = typer.Typer(
    name="units", no_args_is_help=True, rich_markup_mode=None, help=WORDS["units"]
)

ConfigPath = Annotated[Path, typer.Option("--config", help=SAYS["config_option"])]
UnitsFile = Annotated[Path, typer.Argument(help=WORDS["file"])]
Maps = Annotated[list[str] | None, typer.Option("--map", help=WORDS["map"])]
Why = Annotated[str, typer.Option("--why", help=WORDS["why"])]
Yes = Annotated[bool, typer.Option("--yes", help=WORDS["yes"])]
Out = Annotated[Path, typer.Option("--out", help=WORDS["out"])]
TemplateOut = Annotated[Path, typer.Option("--out", help=WORDS["template_out"])]
WithLeaders = Annotated[bool, typer.Option("--with-leaders", help=WORDS["with_leaders"])]
CONFIG = Path("config.toml")


@units_app.command("import", help=WORDS["import"])
def import_command(
    file: UnitsFile,
    *,
    maps: Maps = None,
    why: Why = "",
    yes: Yes = False,
    config: ConfigPath = CONFIG,
) -> None:
    from rich.console import Console  # noqa: PLC0415 (--help need not wait for it)

    from bot.units.commands import prepared_import  # noqa: PLC0415

    with _told():
        ward = _ward(config)
        reason = _reason(why) if ward.has_contest else ""
        with Console(stderr=True).status(WORDS["reading"]):
            prepared = prepared_import(ward, file, maps or [])
        if prepared.units is None:
            last = WORDS["bad"].format(count=len(prepared.problems))
            raise SettingsProblemError((*prepared.problems, last))
        for line in prepared.lines:
            typer.echo(line)
        if not prepared.changes.is_none:
            _take(ward, prepared, reason, yes=yes)


@units_app.command("export", help=WORDS["export"])
def export_command(
    *, out: Out, with_leaders: WithLeaders = False, config: ConfigPath = CONFIG
) -> None:
    from bot.units.commands import export_list  # noqa: PLC0415

    with _told():
        count = export_list(_ward(config), out, with_leaders=with_leaders)
    typer.echo(WORDS["written"].format(count=count, path=out))
    if with_leaders:
        typer.echo(WORDS["with_phones"])


@units_app.command("template", help=WORDS["template"])
def template_command(*, out: TemplateOut, config: ConfigPath = CONFIG) -> None:
    from bot.units.commands import write_template  # noqa: PLC0415

    with _told():
        write_template(_ward(config), out)
    typer.echo(SAYS["template_done"].format(path=out))


def _take(ward: "Ward", prepared: "Prepared", why: str, *, yes: bool) -> None:
    """Ask a second time, then write the file or propose."""
    from bot.units.commands import propose_list, write_list  # noqa: PLC0415

    path = ward.config.path("units")
    entry = "ask_proposal" if ward.has_contest else "ask_file"
    if not yes and not typer.confirm(WORDS[entry].format(path=path), default=False):
        typer.echo(WORDS["stopped"])
        raise typer.Exit(1)
    if ward.has_contest:
        number = propose_list(ward, prepared, why)
        typer.echo(WORDS["proposed"].format(number=number))
        return
    units = prepared.units
    if units is None:
        return
    kept = write_list(ward, units)
    typer.echo(WORDS["written"].format(count=len(units.units), path=path))
    if kept is not None:
        typer.echo(WORDS["kept"].format(path=kept))
    if any(unit.leaders for unit in units.units):
        typer.echo(WORDS["with_phones"])


def _ward(config: Path) -> "Ward":
    from bot.units.commands import ward_of  # noqa: PLC0415

    return ward_of(read_config(config), read_environment())


def _reason(typed: str) -> str:
    from handlers.fields import Refused, read_reason  # noqa: PLC0415

    reason = read_reason(typed)
    if isinstance(reason, Refused):
        raise typer.BadParameter(WORDS["why_missing"])
    return reason


@contextmanager
def _told() -> Iterator[None]:
    """A problem in words, and exit 1."""
    try:
        yield
    except SettingsProblemError as error:
        for line in error.lines:
            typer.echo(line, err=True)
        raise typer.Exit(1) from error
