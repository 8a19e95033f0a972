"""A leader's side of his unit's groups, in private: listed, answered for, tried again.

Each answer is settled once by the link's state in SQL (`store.unit_chats`), whoever presses first;
what is asked reaches him through the outbox (`handlers.group_notices`).
"""

from markupsafe import Markup

from handlers.group_links import group_address
from handlers.group_words import OF_WARD, asked_rows, asked_text, list_door, names_of
from handlers.office_groups import WARD, SettleLink, SettleOutcome, UnitChat
from handlers.own_units import link_for, not_his, number_in, own_units, unit_for
from handlers.records import Grant, Role
from handlers.reply import Button, Reply, Rows, Screen
from handlers.staff import Staff, screen_of
from handlers.unit_picker import PAGE, block_page, pick_unit
from handlers.units import Unit

LONGEST_LABEL = 60


async def show_groups(staff: Staff, argument: str) -> Reply:
    """The chats of a unit, or of the ward, and the way to link one more."""
    if argument == OF_WARD:
        return await (_ward_list(staff) if staff.may_see(WARD) else not_his(staff, WARD))
    if argument.startswith(PAGE):
        return block_page(staff, argument)
    own = own_units(staff)
    if not argument and len(own) != 1:
        return pick_unit(staff)
    unit = await unit_for(staff, argument or own[0].code)
    return unit if isinstance(unit, Reply) else await _unit_list(staff, unit)


async def confirm(staff: Staff, argument: str) -> Reply:
    """It is the unit's group."""
    return await _settle(staff, argument, is_confirmed=True)


async def refuse(staff: Staff, argument: str) -> Reply:
    return await _settle(staff, argument, is_confirmed=False)


async def swap(staff: Staff, argument: str) -> Reply:
    """It is the unit's group, and no more the other unit's that was named beside."""
    number, _, other = argument.partition(" ")
    return await _settle(staff, number, is_confirmed=True, replaces=number_in(other))


async def try_again(staff: Staff, argument: str) -> Reply:
    """A word to a group that let nothing in."""
    link = await link_for(staff, argument)
    if isinstance(link, Reply):
        return link
    if not await staff.desk.office.unit_chats.try_again(link.id, staff.entry("")):
        return screen_of(staff, "groups.gone")
    return screen_of(staff, "groups.tried", back(staff, link), **names_of(staff.desk, link))


def back(staff: Staff, link: UnitChat) -> Rows:
    """The way back to the list that the link stands in."""
    return Rows().add(list_door(staff.desk, staff.incoming.sender, link.unit))


async def _settle(
    staff: Staff, argument: str, *, is_confirmed: bool, replaces: int | None = None
) -> Reply:
    link = await link_for(staff, argument)
    if isinstance(link, Reply):
        return link
    order = SettleLink(link.id, is_confirmed, staff.entry(""), replaces)
    outcome = await staff.desk.office.unit_chats.settle(order)
    if outcome is SettleOutcome.OTHER_UNIT:
        return await _ask_again(staff, link)
    entry = {
        SettleOutcome.LINKED: "groups.linked",
        SettleOutcome.REFUSED: "groups.refused",
        SettleOutcome.GONE: "groups.gone",
    }[outcome]
    names = {} if outcome is SettleOutcome.GONE else names_of(staff.desk, link)
    return screen_of(staff, entry, back(staff, link), **names)


async def _ask_again(staff: Staff, link: UnitChat) -> Reply:
    """The chat is another unit's: the second press names both."""
    desk, group = staff.desk, link.group
    other = await desk.office.unit_chats.of_chat(group.channel, group.chat)
    rows = asked_rows(desk, staff.incoming.sender, link, other)
    return Reply((Screen(asked_text(desk, link, other), rows.done(), staff.place),))


async def _unit_list(staff: Staff, unit: Unit) -> Reply:
    links = await staff.desk.office.unit_chats.linked(unit.code)
    rows = Rows()
    if Grant(Role.LEADER, unit.code) in staff.visitor.grants:
        address = group_address(staff.desk, staff.visitor.account, unit.code)
        rows.add(Button(staff.text("button.link_group"), url=address))
    _add_links(staff, rows, links)
    rows.add(staff.door("unit_figures", "baocao", unit.code))
    lines = _lines(staff, links)
    return screen_of(staff, "groups.list", rows, unit=unit.title, lines=lines)


async def _ward_list(staff: Staff) -> Reply:
    links = await staff.desk.office.unit_chats.linked(WARD)
    rows = Rows()
    _add_links(staff, rows, links)
    return screen_of(staff, "groups.ward_list", rows, lines=_lines(staff, links))


def _add_links(staff: Staff, rows: Rows, links: tuple[UnitChat, ...]) -> None:
    for link in links:
        if not link.can_send:
            rows.add(_link_button(staff, "group_try", link))
        rows.add(_link_button(staff, "group_drop", link))


def _link_button(staff: Staff, deed: str, link: UnitChat) -> Button:
    """The deed with the name of the chat that it is done to."""
    label = f"{staff.text(f'button.{deed}')}: {link.group.title}"
    return staff.labelled(label[:LONGEST_LABEL], deed, str(link.id))


def _lines(staff: Staff, links: tuple[UnitChat, ...]) -> str:
    lines = [
        staff.text("groups.line", title=link.group.title, is_muted=not link.can_send)
        for link in links
    ]
    return Markup("\n").join(lines) if lines else staff.text("groups.none")
