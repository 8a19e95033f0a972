"""The one door of the dialogues: which handler answers an input.

Buttons lead by what they carry, commands by name, everything else by where the person is: at a
paper, in a dialogue, or at home.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from handlers import (
    claim,
    family,
    groups,
    own_data,
    paper,
    practice,
    receipt,
    registration,
    staff_door,
    start,
)
from handlers.buttons import DialogueButton, PaperButton, PlainButton, PracticeButton
from handlers.claim_screens import CLAIM, CLAIM_DIALOGUE
from handlers.desk import Desk
from handlers.home import (
    help_screen,
    home_button,
    home_reply,
    home_screen,
    is_over,
    visit,
)
from handlers.incoming import (
    Attachment,
    Command,
    Departed,
    GroupMoved,
    GroupStatus,
    Incoming,
    SharedContact,
    Tap,
    Text,
)
from handlers.records import Visitor
from handlers.registration_screens import REGISTRATION
from handlers.reminders import switch_reminders
from handlers.reply import NOTHING, Effect, Place, Reply, Rows, Screen
from handlers.staff import STAFF_DIALOGUE

Handler = Callable[[Desk, Incoming, str], Awaitable[Reply]]


async def answer(desk: Desk, incoming: Incoming) -> Reply:
    """The reply to one input; what it changed is committed when this returns."""
    content = incoming.content
    if not incoming.is_private:
        if isinstance(content, Command) and content.name not in groups.ANSWERED:
            await staff_door.refuse_in_group(desk, incoming, content.name)
        return await groups.answer(desk, incoming)
    match content:
        case Tap(data):
            return await _answer_tap(desk, incoming, data)
        case Command(name, argument):
            return await _command_of(name)(desk, incoming, argument)
        case Departed():
            await desk.people.depart((await visit(desk, incoming)).account)
            return NOTHING
        case Text() | SharedContact() | Attachment():
            return await _answer_loose(desk, incoming)
        case GroupStatus() | GroupMoved():
            return NOTHING


async def _answer_tap(desk: Desk, incoming: Incoming, data: str) -> Reply:
    button = desk.contest.signer.read(data, incoming.sender)
    match button:
        case PaperButton():
            return await paper.press(desk, incoming, button)
        case DialogueButton():
            return await _press_dialogue(desk, incoming, button)
        case PracticeButton():
            return practice.press(desk, incoming, button)
        case PlainButton(name, argument) if (door := _door_of(name)) is not None:
            return await door(desk, incoming, argument)
    screen = home_screen(desk, incoming, await visit(desk, incoming), Place.BELOW)
    return Reply((screen,), desk.text("toast.stale_view"), effect=Effect.STALE)


def _command_of(name: str) -> Handler:
    return COMMANDS.get(name) or staff_door.command(name) or _unknown


def _door_of(name: str) -> Handler | None:
    return DOORS.get(name) or staff_door.door(name)


async def _press_dialogue(desk: Desk, incoming: Incoming, button: DialogueButton) -> Reply:
    if button.dialogue == STAFF_DIALOGUE:
        return await staff_door.press(desk, incoming, button)
    if button.dialogue == CLAIM_DIALOGUE:
        return await claim.press(desk, incoming, button)
    return await registration.press(desk, incoming, button)


async def _answer_loose(desk: Desk, incoming: Incoming) -> Reply:
    """Text, contacts, stickers: they belong to whatever is open."""
    visitor = await visit(desk, incoming)
    if visitor.session is not None:
        content = incoming.content
        as_text = content if isinstance(content, Text) else Attachment()
        return await paper.typed(desk, replace(incoming, content=as_text), visitor.session)
    if visitor.dialogue.name == REGISTRATION:
        return await registration.typed(desk, incoming, visitor)
    if visitor.dialogue.name == CLAIM:
        return await claim.typed(desk, incoming, visitor)
    if staff_door.is_open(visitor.dialogue) and isinstance(incoming.content, Text):
        return await staff_door.typed(desk, incoming, visitor, incoming.content.text)
    hint = Screen(desk.text("home.hint"), place=Place.BELOW, removes_keyboard=True)
    return Reply((hint, home_screen(desk, incoming, visitor, Place.BELOW)))


async def _start(desk: Desk, incoming: Incoming, argument: str) -> Reply:
    """/start, perhaps with a scanned link's unit or an invitation; never more than an offer."""
    visitor = await visit(desk, incoming)
    if claim.is_invitation(argument):
        return await claim.begin(desk, incoming, visitor, argument)
    screen = home_screen(desk, incoming, visitor, Place.BELOW)
    is_known = visitor.participant is not None or visitor.session is not None
    if not argument or is_known or is_over(desk, incoming.received_at):
        return Reply((screen,))
    unit = desk.units.find(argument)
    if unit is None:
        told = Screen(desk.text("home.unknown_unit"), place=Place.BELOW)
        return Reply((told, screen))
    door = desk.button(incoming.sender, "register", PlainButton("register", unit.code))
    return Reply((replace(screen, buttons=((door,), *screen.buttons[1:])),))


async def _register(desk: Desk, incoming: Incoming, argument: str) -> Reply:
    return await registration.begin(desk, incoming, argument, _place(incoming))


async def _take(desk: Desk, incoming: Incoming, _: str) -> Reply:
    return await start.show_intro(desk, incoming, _place(incoming))


async def _begin(desk: Desk, incoming: Incoming, argument: str) -> Reply:
    return await start.begin(desk, incoming, argument)


async def _resume(desk: Desk, incoming: Incoming, _: str) -> Reply:
    visitor = await visit(desk, incoming)
    if visitor.session is None:
        return Reply((home_screen(desk, incoming, visitor),), desk.text("toast.ended"))
    return Reply((home_screen(desk, incoming, visitor, Place.BELOW),))


async def _practise(desk: Desk, incoming: Incoming, _: str) -> Reply:
    return practice.begin(desk, incoming, _place(incoming))


async def _results(desk: Desk, incoming: Incoming, _: str) -> Reply:
    return await receipt.show_results(desk, incoming, _place(incoming))


async def _rules(desk: Desk, incoming: Incoming, argument: str) -> Reply:
    page = int(argument) if argument.isdecimal() and len(argument) < 4 else 1  # noqa: PLR2004
    return own_data.show_rules(desk, incoming, page, _place(incoming))


async def _data(desk: Desk, incoming: Incoming, _: str) -> Reply:
    return await own_data.show_data(desk, incoming, _place(incoming))


async def _edit(desk: Desk, incoming: Incoming, _: str) -> Reply:
    return await registration.begin_correction(desk, incoming)


async def _family(desk: Desk, incoming: Incoming, _: str) -> Reply:
    return await family.show_family(desk, incoming, _place(incoming))


async def _family_new(desk: Desk, incoming: Incoming, _: str) -> Reply:
    return await family.begin_family(desk, incoming, _place(incoming))


async def _helping(desk: Desk, incoming: Incoming, argument: str) -> Reply:
    return await family.switch(desk, incoming, argument, _place(incoming))


async def _erase(desk: Desk, incoming: Incoming, argument: str) -> Reply:
    return await own_data.erase(desk, incoming, argument)


async def _publish(desk: Desk, incoming: Incoming, argument: str) -> Reply:
    return await receipt.publish(desk, incoming, argument)


async def _help(desk: Desk, incoming: Incoming, _: str) -> Reply:
    return Reply((help_screen(desk, incoming, await visit(desk, incoming)),))


async def _home(desk: Desk, incoming: Incoming, _: str) -> Reply:
    return await home_reply(desk, incoming, _place(incoming))


async def _cancel(desk: Desk, incoming: Incoming, _: str) -> Reply:
    visitor = await visit(desk, incoming)
    if visitor.session is not None:
        return _paper_goes_on(desk, incoming, visitor, "paper_cannot_cancel")
    if visitor.dialogue.name:
        return await registration.cancel(desk, incoming, visitor)
    rows = Rows().add(home_button(desk, incoming.sender))
    return Reply((Screen(desk.text("home.nothing_to_cancel"), rows.done(), Place.BELOW),))


async def _unknown(desk: Desk, incoming: Incoming, _: str) -> Reply:
    visitor = await visit(desk, incoming)
    if visitor.session is not None:
        return _paper_goes_on(desk, incoming, visitor, "unknown_command")
    rows = Rows().add(home_button(desk, incoming.sender))
    return Reply((Screen(desk.text("home.unknown_command"), rows.done(), Place.BELOW),))


def _paper_goes_on(desk: Desk, incoming: Incoming, visitor: Visitor, entry: str) -> Reply:
    told = Screen(desk.text(f"home.{entry}"), place=Place.BELOW)
    return Reply((told, home_screen(desk, incoming, visitor, Place.BELOW)))


def _place(incoming: Incoming) -> Place:
    return Place.HERE if isinstance(incoming.content, Tap) else Place.BELOW


COMMANDS: Mapping[str, Handler] = {
    "start": _start,
    "dangky": _register,
    "thi": _take,
    "luyentap": _practise,
    "ketqua": _results,
    "thele": _rules,
    "dulieu": _data,
    "trogiup": _help,
    "help": _help,
    "huy": _cancel,
}

DOORS: Mapping[str, Handler] = {
    "home": _home,
    "register": _register,
    "start": _take,
    "begin": _begin,
    "resume": _resume,
    "practice": _practise,
    "result": _results,
    "rules": _rules,
    "data": _data,
    "edit": _edit,
    "publish": _publish,
    "family": _family,
    "family_new": _family_new,
    "helping": _helping,
    "erase": _erase,
    "help": _help,
    "remind": switch_reminders,
}
