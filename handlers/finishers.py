"""The names of a unit's people who have finished: to its leader, in private, if the ward wants it.

No results, nobody under 16, nobody who withdrew; the platform lets nobody pass the list on, and
each look is in the audit trail before it is shown.
"""

from dataclasses import replace

from markupsafe import Markup

from handlers.access import may_do
from handlers.fields import GUARDED_AGE
from handlers.office_finishers import Finisher, NamesAsked
from handlers.own_units import number_in, unit_for
from handlers.reply import Button, Effect, Place, Reply, Rows, Screen
from handlers.staff import Staff, screen_of
from handlers.units import Unit

NAMES = "finished"
NAMES_A_PAGE = 30


async def show_names(staff: Staff, argument: str) -> Reply:
    """One page: `argument` is the unit's code and the number after which it begins."""
    code, _, number = argument.partition(" ")
    unit = await unit_for(staff, code)
    if isinstance(unit, Reply):
        return unit
    if not staff.desk.customs.is_naming_finishers:
        return replace(screen_of(staff, "leader.names_off"), effect=Effect.REFUSED)
    after = number_in(number)
    await staff.desk.office.audit.record(
        staff.entry("names.look", f"unit:{unit.code}", after=after)
    )
    found = await staff.desk.office.finishers.named(_asked(staff, unit, after))
    return _page(staff, unit, found)


def names_door(staff: Staff, unit: Unit) -> list[Button]:
    """The door to the names, for who may read them."""
    is_open = staff.desk.customs.is_naming_finishers
    if not is_open or not may_do(NAMES, staff.visitor.grants, unit.code):
        return []
    return [staff.door("names", NAMES, unit.code)]


def _asked(staff: Staff, unit: Unit, after: int) -> NamesAsked:
    year = staff.desk.rendering.year(staff.incoming.received_at)
    return NamesAsked(
        unit=unit.code,
        after=after,
        limit=NAMES_A_PAGE + 1,
        born_until=year - GUARDED_AGE,
    )


def _page(staff: Staff, unit: Unit, found: tuple[Finisher, ...]) -> Reply:
    shown, rows = found[:NAMES_A_PAGE], Rows()
    if len(found) > NAMES_A_PAGE:
        rows.add(staff.door("page_after", NAMES, f"{unit.code} {shown[-1].number}"))
    rows.add(staff.door("unit_figures", "baocao", unit.code))
    lines = [staff.text("leader.finisher", name=one.name) for one in shown]
    names = Markup("\n").join(lines)
    text = staff.text("leader.names", unit=unit.title, names=names)
    return Reply((Screen(text, rows.done(), Place.BELOW, is_protected=True),))
