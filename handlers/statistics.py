"""`/thongke`: people and attempts by unit, block, audience, age, hour, day, channel.

Each as lines and as a picture; all of it as a workbook by link. Scores only once the contest is
closed.
"""

from collections.abc import Callable, Mapping

from markupsafe import Markup

from handlers.file_links import offer_download
from handlers.office_statistics import Property, Tallied
from handlers.reply import Button, Place, Reply, Rows, Screen
from handlers.staff import Staff, screen_of
from scoring.age_bands import BANDS
from scoring.instant import CONTEST_OFFSET_MS, DAY_MS, Instant

DEED = "thongke"
WORKBOOK = "results_file"
LINES = 16
"""On a page, so that a page is one picture."""

PICTURE = "picture"
BLOCK, SCORE = "block", "score"
_NAMES = ("unit", BLOCK, "day", "hour", "audience", "age", "channel", "relation", SCORE)


async def begin(staff: Staff, argument: str) -> Reply:
    """The command and every button of it: `name [page [picture]]`."""
    name, page, look = (*argument.split(" "), "", "", "")[:3]
    if name == SCORE:
        return await _scores(staff)
    if name not in _NAMES:
        return screen_of(staff, "statistics.menu", _menu(staff))
    show = _drawn if look == PICTURE else _shown
    return await show(staff, name, int(page) if page.isdecimal() else 1)


async def send_workbook(staff: Staff, _: str) -> Reply:
    """The organisers' workbook: everybody, every attempt; results once the contest is closed."""
    return await offer_download(staff, "results-xlsx")


async def counted(staff: Staff, name: str) -> tuple[tuple[str, Tallied], ...]:
    """The lines of one of the statistics, each with its title."""
    asked = Property.UNIT if name == BLOCK else Property(name)
    found = await staff.desk.office.statistics.by(asked)
    if name == BLOCK:
        found = _by_block(staff, found)
    return tuple((_TITLES[name](staff, one.value), one) for one in found)


async def _shown(staff: Staff, name: str, page: int) -> Reply:
    lines = await counted(staff, name)
    pages = max(1, -(-len(lines) // LINES))
    page = min(max(page, 1), pages)
    shown = lines[(page - 1) * LINES : page * LINES]
    rows = Rows().add(*_turns(staff, name, page, pages))
    if shown and staff.desk.office.pictures is not None:
        rows.add(staff.door("statistics_picture", DEED, f"{name} {page} {PICTURE}"))
    rows.add(staff.door("statistics_menu", DEED))
    texts = (
        staff.text("statistics.line", title=title, people=one.people, attempts=one.attempts)
        for title, one in shown
    )
    return screen_of(
        staff,
        "statistics.page",
        rows,
        what=staff.text(f"button.statistics_{name}"),
        lines=Markup("\n").join(texts),
        people=sum(one.people for _, one in lines),
        attempts=sum(one.attempts for _, one in lines),
        page=page,
        pages=pages if pages > 1 else 0,
    )


async def _drawn(staff: Staff, name: str, page: int) -> Reply:
    """The page's lines in a picture, below what is being read."""
    lines = (await counted(staff, name))[(page - 1) * LINES : page * LINES]
    pictures = staff.desk.office.pictures
    title = staff.text(f"button.statistics_{name}")
    picture = None if pictures is None else await pictures.counts_picture(title, lines)
    rows = Rows().add(staff.door("statistics_menu", DEED))
    if picture is None:
        return screen_of(staff, "statistics.no_picture", rows)
    return Reply((Screen("", rows.done(), Place.BELOW, file=picture),))


async def _scores(staff: Staff) -> Reply:
    size = staff.desk.contest.rules.paper_size
    found = await staff.desk.office.statistics.by_score()
    rows = Rows().add(staff.door("statistics_menu", DEED))
    if found is None:
        return screen_of(staff, "statistics.not_yet", rows)
    texts = (
        staff.text("statistics.score_line", correct=correct, size=size, count=count)
        for correct, count in found
    )
    return screen_of(staff, "statistics.scores", rows, lines=Markup("\n").join(texts))


def _menu(staff: Staff) -> Rows:
    buttons = [staff.door(f"statistics_{name}", DEED, name) for name in _NAMES]
    rows = Rows().grid(buttons, 2)
    return rows.add(staff.door(WORKBOOK, WORKBOOK)) if staff.may(WORKBOOK) else rows


def _turns(staff: Staff, name: str, page: int, pages: int) -> list[Button]:
    turns = []
    if page > 1:
        turns.append(staff.door("page_before", DEED, f"{name} {page - 1}"))
    if page < pages:
        turns.append(staff.door("page_after", DEED, f"{name} {page + 1}"))
    return turns


def _by_block(staff: Staff, units: tuple[Tallied, ...]) -> tuple[Tallied, ...]:
    """A unit that the list has no more is of no block: it is counted under ""."""
    sums = {block: [0, 0] for block in staff.desk.units.blocks}
    for one in units:
        unit = staff.desk.units.find(one.value)
        both = sums.setdefault("" if unit is None else unit.block, [0, 0])
        both[0] += one.people
        both[1] += one.attempts
    return tuple(Tallied(block, *both) for block, both in sums.items())


def _unit_title(staff: Staff, value: str) -> str:
    unit = staff.desk.units.find(value)
    return value if unit is None else unit.title


def _age_title(staff: Staff, value: str) -> str:
    if not value:
        return staff.text("statistics.unknown")
    at = int(value)
    last = BANDS[at + 1] - 1 if at + 1 < len(BANDS) else None
    return staff.text("statistics.age", first=BANDS[at], last=last)


def _day_title(staff: Staff, value: str) -> str:
    return staff.desk.rendering.day(Instant(int(value) * DAY_MS - CONTEST_OFFSET_MS))


_TITLES: Mapping[str, Callable[[Staff, str], str]] = {
    "unit": _unit_title,
    BLOCK: lambda staff, value: (
        staff.desk.units.blocks.get(value) or staff.text("statistics.unknown")
    ),
    "day": _day_title,
    "hour": lambda staff, value: staff.text("statistics.hour", hour=f"{int(value):02d}"),
    "audience": lambda staff, value: staff.desk.customs.audiences.get(
        value, staff.text("statistics.no_audience")
    ),
    "age": _age_title,
    "channel": lambda staff, value: staff.text(f"statistics.channel_{value}"),
    "relation": lambda staff, value: staff.text(f"statistics.relation_{value}"),
}
"""How each property's values are called."""
