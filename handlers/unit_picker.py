"""Choosing a unit: a leader of several among his own, all others block by block or by words."""

from collections.abc import Sequence

from handlers.group_words import OF_WARD
from handlers.own_units import not_his, own_units
from handlers.reply import Button, Reply, Rows
from handlers.staff import Staff, screen_of
from handlers.units import Unit
from question_bank.text import clean

UNITS_A_PAGE = 8
LONGEST_ECHO = 40
PAGE = ":"
"""Begins a button's argument that names a page of a block, which no code does."""


def pick_unit(staff: Staff) -> Reply:
    """His units, or the ward as a whole and the blocks of all."""
    if staff.units is not None:
        return _choice(staff, own_units(staff))
    rows = Rows().add(staff.door("whole_ward", staff.deed, OF_WARD))
    for block, title in staff.desk.units.blocks.items():
        rows.add(staff.labelled(title, staff.deed, f"{PAGE}{block}/1"))
    return screen_of(staff, "leader.pick_block", rows)


def block_page(staff: Staff, argument: str) -> Reply:
    """One page of a block's units, the first of all where there is no such page."""
    block, _, number = argument.removeprefix(PAGE).partition("/")
    units = [one for one in own_units(staff) if one.block == block]
    page, pages = int(number) if number.isdecimal() else 0, -(-len(units) // UNITS_A_PAGE)
    if not 1 <= page <= pages:
        return pick_unit(staff)
    rows = _rows(staff, units[(page - 1) * UNITS_A_PAGE : page * UNITS_A_PAGE])
    rows.add(*_page_buttons(staff, block, page, pages))
    title = staff.desk.units.blocks.get(block, block)
    return screen_of(staff, "leader.pick_unit", rows, block=title, page=page, pages=pages)


async def search(staff: Staff, typed: str) -> Unit | Reply:
    """The one unit that typed words name, else those to choose from."""
    found = staff.desk.units.search(typed, UNITS_A_PAGE)
    own = [unit for unit in found if staff.may_see(unit.code)]
    if len(own) == 1:
        return own[0]
    if own:
        return _choice(staff, own)
    if found:
        return await not_his(staff, found[0].code)
    shown = clean(typed)[:LONGEST_ECHO]
    return screen_of(staff, "leader.not_found", Rows(), typed=shown)


def _choice(staff: Staff, units: Sequence[Unit]) -> Reply:
    return screen_of(staff, "leader.choose_unit", _rows(staff, units))


def _rows(staff: Staff, units: Sequence[Unit]) -> Rows:
    rows = Rows()
    for unit in units:
        rows.add(staff.labelled(unit.title, staff.deed, unit.code))
    return rows


def _page_buttons(staff: Staff, block: str, page: int, pages: int) -> list[Button]:
    buttons = []
    if page > 1:
        buttons.append(staff.door("page_before", staff.deed, f"{PAGE}{block}/{page - 1}"))
    if page < pages:
        buttons.append(staff.door("page_after", staff.deed, f"{PAGE}{block}/{page + 1}"))
    return buttons
