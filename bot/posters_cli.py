"""`hoithi posters`: posters and banner as files. Exit 0 fine, 1 a problem found, 2 wrong use.

Decides what is asked and said; what is made is `bot.posters`'. What draws is loaded when the
command runs: `--help` need not wait for it.
"""

import asyncio
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import typer

from bot.problems import SAYS, SettingsProblemError
from bot.settings import read_config
from reports.posters import Size
from reports.problems import POSTERS

if TYPE_CHECKING:
    from bot.posters import Order
    from reports.poster_texts import PosterFacts

CONFIG = Path("config.toml")
MOST_LINK = 200
"""Characters: with more, a code's squares get too small for a poster."""

_BOT = re.compile(r"(?:@|https://t\.me/)?([A-Za-z][A-Za-z0-9_]{4,31})")
_LINK = re.compile(r"https://[^\s/]+\S*")


def _bot_name(typed: str) -> str:
    found = _BOT.fullmatch(typed)
    if typed and not found:
        raise typer.BadParameter(POSTERS["bot_form"])
    return found[1] if found else ""


def _zalo_link(typed: str) -> str:
    if typed and (len(typed) > MOST_LINK or not _LINK.fullmatch(typed)):
        raise typer.BadParameter(POSTERS["zalo_form"].format(most=MOST_LINK))
    return typed


Out = Annotated[Path, typer.Option("--out", help=POSTERS["out"])]
Paper = Annotated[Literal["a4", "a5", "both"], typer.Option("--size", help=POSTERS["size"])]
Codes = Annotated[list[str] | None, typer.Option("--unit", help=POSTERS["unit"])]
Each = Annotated[bool, typer.Option("--each", help=POSTERS["each"])]
Zalo = Annotated[str, typer.Option("--zalo", help=POSTERS["zalo"], callback=_zalo_link)]
Bot = Annotated[str, typer.Option("--bot", help=POSTERS["bot"], callback=_bot_name)]


def posters_command(  # noqa: PLR0913 - a command has as many options as it has
    out: Out,
    *,
    size: Paper = "both",
    unit: Codes = None,
    each: Each = False,
    zalo: Zalo = "",
    bot: Bot = "",
    config: Annotated[Path, typer.Option("--config", help=SAYS["config_option"])] = CONFIG,
) -> None:
    from bot.posters import Order, ask_bot, facts_of, wanted_units  # noqa: PLC0415

    try:
        settings = read_config(config)
        units, listed = wanted_units(settings, unit or ())
        facts = facts_of(settings, bot or asyncio.run(ask_bot()), zalo)
        sizes: tuple[Size, ...] = ("a4", "a5") if size == "both" else (size,)
        _make(facts, Order(out, sizes, units, is_whole=not unit, is_each=each))
        typer.echo(listed)
        typer.echo(POSTERS["check"])
    except SettingsProblemError as error:
        _fail(*error.lines)


def _make(facts: "PosterFacts", order: "Order") -> None:
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress  # noqa: PLC0415

    from bot.posters import write_posters  # noqa: PLC0415

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(POSTERS["working"], total=order.steps)
        said = list(write_posters(facts, order, lambda: progress.advance(task)))
    for line in said:
        typer.echo(line)


def _fail(*lines: str) -> NoReturn:
    for line in lines:
        typer.echo(line, err=True)
    raise typer.Exit(1)
