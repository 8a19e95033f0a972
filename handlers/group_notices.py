"""How messages about groups look when they leave the outbox: rendered at the last moment.

The outbox holds numbers and codes; a group's name is read from its box here.
"""

from handlers.desk import Desk
from handlers.group_words import asked_rows, asked_text, list_door, names_of, unit_name
from handlers.home import home_button
from handlers.office_groups import LinkState, UnitChat
from handlers.records import OutboxMessage, Sender
from handlers.reply import Place, Rows, Screen
from handlers.told_of import is_told_of

PREFIX = "groups."
_IN_THE_GROUP = frozenset({"groups.welcome", "groups.trial"})
# What says how things stand, and says it only while they do.
_WHILE = {
    "groups.asked": LinkState.PENDING,
    "groups.lost": LinkState.LOST,
    "groups.muted": LinkState.LINKED,
}


async def group_notice(desk: Desk, message: OutboxMessage) -> Screen | None:
    """The screen to send; None: what it tells of is not so any more."""
    name, arguments = message.notice.message, message.notice.arguments
    if name in _IN_THE_GROUP:
        unit = unit_name(desk, str(arguments["unit"]))
        return Screen(desk.text(name, unit=unit), place=Place.BELOW)
    number = arguments.get("link")
    link = await desk.office.unit_chats.find(number) if isinstance(number, int) else None
    if link is None or link.state is not _WHILE.get(name, link.state):
        return None
    if not await is_told_of(desk, message, link.unit):
        return None
    sender = Sender(message.channel, message.chat)
    if name == "groups.asked":
        return await _asked(desk, sender, link)
    if name == "groups.muted" and link.can_send:
        return None
    rows = Rows().add(list_door(desk, sender, link.unit)).add(home_button(desk, sender))
    return Screen(desk.text(name, **names_of(desk, link)), rows.done(), Place.BELOW)


async def _asked(desk: Desk, sender: Sender, link: UnitChat) -> Screen:
    other = await desk.office.unit_chats.of_chat(link.group.channel, link.group.chat)
    text, rows = asked_text(desk, link, other), asked_rows(desk, sender, link, other)
    return Screen(text, rows.done(), Place.BELOW)
