"""Posters as files: which are made of the contest's settings and units, and what they are called.

Decides names and order of files; what stands on a poster is `reports.poster_texts`'.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from bot.environment import Environment, read_environment
from bot.files import load_catalogue
from bot.platforms.telegram_client import TelegramClient, open_client
from bot.problems import SettingsProblemError
from bot.settings import Config
from handlers.rendering import Rendering
from handlers.units import Unit
from reports.poster_texts import PosterFacts, banner_of, poster_of, telegram_link
from reports.posters import Poster, Size, banner_pdf, banner_png, code_png, posters_pdf
from reports.problems import POSTERS

MOST_CODES_NAMED = 20


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted: of no units, posters of all and of the ward, and the banner."""

    folder: Path
    sizes: tuple[Size, ...]
    units: tuple[Unit, ...]
    is_whole: bool
    is_each: bool

    @property
    def steps(self) -> int:
        """How many posters are drawn, for who shows how far it is."""
        pages = len(self.units) + self.is_whole
        return len(self.sizes) * (pages + (len(self.units) if self.is_each else 0))


def wanted_units(config: Config, codes: Iterable[str]) -> tuple[tuple[Unit, ...], str]:
    """The units of these codes, or all, in the order of the list; and a line that names the list.

    It is SQL's where a contest that counts is there, as for `hoithi units export`.

    Raises:
        SettingsProblemError: a code is no unit's, or the contest's list cannot be read.
    """
    # What reads and writes lists is not for a start of the bot, which draws posters too.
    from bot.units.commands import list_in_force, ward_of  # noqa: PLC0415

    units, number = list_in_force(ward_of(config, _environment()))
    path = config.path("units")
    wanted = {code.casefold() for code in codes}
    known = {unit.code.casefold() for unit in units.units}
    if unknown := sorted(wanted - known):
        allowed = ", ".join(unit.code for unit in units.units[:MOST_CODES_NAMED])
        facts = {"list": POSTERS["stored"] if number else path, "allowed": allowed}
        raise SettingsProblemError(
            tuple(POSTERS["no_unit"].format(code=code, **facts) for code in unknown)
        )
    listed = POSTERS["from_sql" if number else "from_file"].format(number=number, path=path)
    kept = (unit for unit in units.units if not wanted or unit.code.casefold() in wanted)
    return tuple(kept), listed


def _environment() -> Environment:
    """Whatever is set: without a database and without keys posters are made of the file."""
    return replace(read_environment(is_trial=True), is_trial=False)


def facts_of(config: Config, bot: str, zalo: str) -> PosterFacts:
    contest, catalogue = config.settings.contest, load_catalogue(config)
    rendering = Rendering(catalogue, contest.zone)
    return PosterFacts(
        catalogue,
        opens=rendering.border(contest.calendar.opens),
        closes=rendering.border(contest.calendar.closes),
        questions=sum(contest.draw.values()),
        bot=bot,
        zalo=zalo,
    )


async def ask_bot() -> str:
    """The user name of the bot whose token is in the environment.

    Raises:
        SettingsProblemError: there is no token, it is refused, or nobody answers.
    """
    # As for a trial: what a contest's data need is not asked for, nothing of them is touched.
    environment = read_environment(is_trial=True)
    if not environment.telegram_token:
        raise SettingsProblemError((POSTERS["no_bot"],))
    client = TelegramClient(environment.telegram_token, environment.telegram_api)
    try:
        return await open_client(client, environment.telegram_api)
    finally:
        await client.close()


def write_posters(facts: PosterFacts, order: Order, step: Callable[[], None]) -> Iterator[str]:
    """Write the files, and say each; `step` is called for every poster.

    Raises:
        SettingsProblemError: a file cannot be written.
    """
    for size in order.sizes:
        path = order.folder / f"ap-phich-{size}.pdf"
        wards = [None] if order.is_whole else []
        posters = (poster_of(facts, unit) for unit in (*wards, *order.units))
        _write(path, posters_pdf(_counted(posters, step), size))
        yield POSTERS["written"].format(path=path)
    if order.is_whole:
        yield from _write_banner(facts, order.folder)
    if order.is_each:
        yield _write_each(facts, order, step)


def _write_banner(facts: PosterFacts, folder: Path) -> Iterator[str]:
    banner = banner_of(facts)
    for name, draw in (("bieu-ngu.png", banner_png), ("bieu-ngu.pdf", banner_pdf)):
        _write(folder / name, draw(banner))
        yield POSTERS["written"].format(path=folder / name)


def _write_each(facts: PosterFacts, order: Order, step: Callable[[], None]) -> str:
    folder = order.folder / "don-vi"
    for unit in order.units:
        for size in order.sizes:
            posters = _counted([poster_of(facts, unit)], step)
            _write(folder / f"{unit.code}-{size}.pdf", posters_pdf(posters, size))
        link = telegram_link(facts.bot, unit.code)
        _write(folder / f"{unit.code}-qr.png", code_png(link))
    count = len(order.units) * (len(order.sizes) + 1)
    return POSTERS["folder"].format(count=count, units=len(order.units), path=folder)


def _counted(posters: Iterable[Poster], step: Callable[[], None]) -> Iterator[Poster]:
    for poster in posters:
        yield poster
        step()


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        facts = {"path": path, "why": error.strerror}
        raise SettingsProblemError((POSTERS["unwritable"].format(**facts),)) from error
