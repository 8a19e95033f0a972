"""What is answered in groups and channels: links, a unit's figures, and what happens to the bot.

A group is no place for personal data, and nobody who speaks there becomes an account: only
commands are answered, each at most once a minute, since all the group reads it. A button is
nobody's there: ours are under private messages only.
"""

from handlers.desk import Desk
from handlers.group_links import read_code
from handlers.incoming import Command, GroupMoved, GroupStatus, Incoming
from handlers.office_groups import AskForLink, AskOutcome, GroupChat, Standing
from handlers.records import Event
from handlers.reply import NOTHING, Place, Reply, Screen
from handlers.staff_table import COMMANDS
from handlers.unit_report import chat_report
from question_bank.text import clean

LONGEST_TITLE = 60
ANSWERED = frozenset({"start", "baocao"})
"""Commands that mean something in a group."""

_ASKED = {
    AskOutcome.ASKED: "groups.ask_sent",
    AskOutcome.LINKED: "groups.already",
    AskOutcome.REFUSED: "groups.ask_refused",
    AskOutcome.ENDED: "groups.bad_code",
}


async def answer(desk: Desk, incoming: Incoming) -> Reply:
    """The reply, in the topic that was spoken in."""
    match incoming.content:
        case Command("start", code) if code:
            said = await _ask_for_link(desk, incoming, code)
        case Command("baocao", _):
            said = await _report(desk, incoming)
        case Command(name, _):
            said = await _hint(desk, incoming, name)
        case GroupStatus() | GroupMoved():
            await _note(desk, incoming, incoming.content)
            return NOTHING
        case _:
            return NOTHING
    return said


def group_of(incoming: Incoming) -> GroupChat:
    """Where it was sent; the title as it may be shown."""
    title = clean(incoming.title)[:LONGEST_TITLE].strip()
    channel = incoming.sender.channel
    return GroupChat(channel, incoming.chat, incoming.chat_kind, title, incoming.thread)


async def _ask_for_link(desk: Desk, incoming: Incoming, code: str) -> Reply:
    """Somebody brought a leader's code here, whoever it was: the leader himself is asked."""
    made = read_code(desk, code)
    unit = None if made is None else desk.units.find(made[1])
    outcome = AskOutcome.ENDED
    if made is not None and unit is not None:
        event = Event(incoming.sender.channel, incoming.event)
        at = incoming.received_at
        order = AskForLink(group_of(incoming), unit.code, made[0], at, event)
        outcome = await desk.office.unit_chats.ask(order)
    title = "" if unit is None else unit.title
    text = desk.text(_ASKED[outcome], unit=title, button=desk.text("button.groups"))
    return await _said(desk, incoming, f"link-{outcome.value}", text)


async def _report(desk: Desk, incoming: Incoming) -> Reply:
    """The figures of the group's own unit; anybody may ask."""
    found = await desk.office.unit_chats.of_chat(incoming.sender.channel, incoming.chat)
    if found is None:
        text = desk.text("groups.no_unit", button=desk.text("button.groups"))
        return await _said(desk, incoming, "no-unit", text)
    if not await desk.office.group_pace.is_due(incoming.chat, "report"):
        return NOTHING
    return _in_thread(incoming, await chat_report(desk, found.unit, incoming.received_at))


async def _hint(desk: Desk, incoming: Incoming, name: str) -> Reply:
    """A command in the wrong chat; those that there are not share one answer."""
    known = {*COMMANDS, *(command for command, _ in desk.catalogue.commands)}
    what = f"hint-{name}" if name in known else "hint"
    return await _said(desk, incoming, what, desk.text("home.group"))


async def _said(desk: Desk, incoming: Incoming, what: str, text: str) -> Reply:
    """Words to the group, unless it has just read them."""
    is_due = await desk.office.group_pace.is_due(incoming.chat, what)
    return _in_thread(incoming, text) if is_due else NOTHING


def _in_thread(incoming: Incoming, text: str) -> Reply:
    return Reply((Screen(text, place=Place.BELOW, thread=incoming.thread),))


async def _note(desk: Desk, incoming: Incoming, content: GroupStatus | GroupMoved) -> None:
    """What befell the bot or the group itself; nothing is said there."""
    chats, at, channel = desk.office.unit_chats, incoming.received_at, incoming.sender.channel
    if isinstance(content, GroupMoved):
        await chats.move(channel, incoming.chat, content.to, at)
        return
    sender = None if incoming.is_anonymous else incoming.sender
    event = Event(channel, incoming.event)
    await chats.stand(Standing(group_of(incoming), content, sender, at, event))
