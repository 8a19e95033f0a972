"""Ending a chat's link: a question, and a second press that fits that question only."""

from handlers.group_words import names_of
from handlers.office_groups import LinkState
from handlers.own_units import link_for
from handlers.reply import Reply, Rows
from handlers.staff import Staff, StaffDialogue, ask, end, screen_of
from handlers.unit_groups import back

DROP = "group_drop"
"""The deed, and its dialogue."""


async def begin_drop(staff: Staff, argument: str) -> Reply:
    """First press: what will end."""
    link = await link_for(staff, argument)
    if isinstance(link, Reply):
        return link
    at = None
    if link.state is LinkState.LINKED:
        at = await ask(staff, DROP, {"link": link.id})
    if at is None:
        return screen_of(staff, "groups.gone", back(staff, link))
    rows = Rows().add(at.press("group_drop_sure", "yes")).add(at.press("group_keep", "no"))
    return screen_of(at, "groups.drop", rows, **names_of(at.desk, link))


async def _pressed(staff: Staff, choice: str) -> Reply:
    """Second press. The link's own state decides that it takes effect once."""
    link = await link_for(staff, _draft(staff))
    if isinstance(link, Reply):
        await end(staff)
        return link
    entry = "groups.kept"
    if choice == "yes":
        is_ended = await staff.desk.office.unit_chats.unlink(link.id, staff.entry(""))
        entry = "groups.dropped" if is_ended else "groups.gone"
    await end(staff)
    names = {} if entry == "groups.gone" else names_of(staff.desk, link)
    return screen_of(staff, entry, back(staff, link), **names)


async def _typed(staff: Staff, _: str) -> Reply:
    """Words where a button is wanted: the question once more."""
    return await begin_drop(staff, _draft(staff))


def _draft(staff: Staff) -> str:
    return str(staff.visitor.dialogue.draft.get("link", ""))


DROPPING = StaffDialogue(DROP, _typed, _pressed)
