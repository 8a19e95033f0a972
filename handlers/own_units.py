"""Whose unit it is: asked again for each unit or link that a button or a word names (FAULTS T41).

`handlers.access` says for which units somebody may do a deed; here every argument meets it.
"""

from dataclasses import replace

from handlers.office_groups import UnitChat
from handlers.reply import Effect, Reply
from handlers.staff import Staff, screen_of
from handlers.units import Unit

LONGEST_NUMBER = 15


async def unit_for(staff: Staff, code: str) -> Unit | Reply:
    """The unit of the code, or the refusal."""
    unit = staff.desk.units.find(code)
    if unit is None:
        return replace(screen_of(staff, "leader.no_such_unit"), effect=Effect.REFUSED)
    return unit if staff.may_see(unit.code) else await not_his(staff, unit.code)


async def link_for(staff: Staff, argument: str) -> UnitChat | Reply:
    """The link of that number, or the refusal."""
    found = await staff.desk.office.unit_chats.find(number_in(argument))
    if found is None:
        return replace(screen_of(staff, "groups.gone"), effect=Effect.STALE)
    return found if staff.may_see(found.unit) else await not_his(staff, found.unit)


def number_in(argument: str) -> int:
    """The number that a button's argument is; 0 where it is none that a table could hold."""
    return int(argument) if argument.isdecimal() and len(argument) <= LONGEST_NUMBER else 0


async def not_his(staff: Staff, unit: str) -> Reply:
    """That it is another's, which is entered in the audit trail."""
    subject = f"unit:{unit}" if unit else "ward"
    await staff.desk.office.audit.record(staff.entry("refused", subject, deed=staff.deed))
    return replace(screen_of(staff, "leader.other_unit"), effect=Effect.REFUSED)


def own_units(staff: Staff) -> tuple[Unit, ...]:
    """The units for which he may do the deed, in the order of the list."""
    return tuple(unit for unit in staff.desk.units.units if staff.may_see(unit.code))
