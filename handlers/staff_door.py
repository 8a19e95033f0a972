"""The door of those who run the contest: roles are asked before any of their handlers.

Which handler it is stands in `handlers.staff_table`, who may in `handlers.access`.
"""

from collections.abc import Awaitable, Callable

from handlers.access import DEEDS
from handlers.buttons import DialogueButton
from handlers.desk import Desk
from handlers.home import home_screen, visit
from handlers.incoming import Incoming, Tap
from handlers.records import USE, AuditEntry, Dialogue, Event, MoveDialogue, Visitor
from handlers.reply import Effect, Place, Reply
from handlers.staff import Staff, StaffHandler, admitted, screen_of
from handlers.staff_table import COMMANDS, DIALOGUES, DOORS

ASKS_HELP = frozenset({"--help", "-h", "?", "help"})
"""Typed behind a command, it is explained and not done."""

Handler = Callable[[Desk, Incoming, str], Awaitable[Reply]]


def command(name: str) -> Handler | None:
    return _guarded(name, COMMANDS.get(name))


def door(name: str) -> Handler | None:
    """What a button opens; a command may be a button, too."""
    return _guarded(name, DOORS.get(name) or COMMANDS.get(name))


def is_open(dialogue: Dialogue) -> bool:
    return dialogue.name in DIALOGUES


async def typed(desk: Desk, incoming: Incoming, visitor: Visitor, text: str) -> Reply:
    """What was typed into an open dialogue."""
    dialogue = DIALOGUES[visitor.dialogue.name]
    staff = await admitted(desk, incoming, visitor, dialogue.deed)
    if isinstance(staff, Reply):
        await _leave(desk, incoming, visitor)
        return staff
    if await desk.people.was_taken(Event(incoming.sender.channel, incoming.event)):
        # Delivered again: it is not the answer to the question that followed (R2).
        return Reply((home_screen(desk, incoming, visitor, Place.BELOW),), effect=Effect.REPEATED)
    return await dialogue.typed(staff, text)


async def press(desk: Desk, incoming: Incoming, button: DialogueButton) -> Reply:
    """A button of a dialogue: of another step than the present one it does nothing."""
    visitor = await visit(desk, incoming)
    dialogue = DIALOGUES.get(visitor.dialogue.name)
    if dialogue is None or visitor.dialogue.step != button.step:
        screen = home_screen(desk, incoming, visitor, Place.BELOW)
        return Reply((screen,), desk.text("toast.old_button"), effect=Effect.STALE)
    staff = await admitted(desk, incoming, visitor, dialogue.deed)
    if isinstance(staff, Reply):
        await _leave(desk, incoming, visitor)
        return staff
    return await dialogue.pressed(staff, button.choice)


async def refuse_in_group(desk: Desk, incoming: Incoming, name: str) -> None:
    """Enter in the audit trail that a deed of the staff was tried where it is not done (T40)."""
    if name in COMMANDS:
        account = await desk.people.account_of(incoming.sender)
        at, detail = incoming.received_at, {"where": "group"}
        await desk.office.audit.record(AuditEntry(at, account, "none", "refused", name, detail))


async def _leave(desk: Desk, incoming: Incoming, visitor: Visitor) -> None:
    """Who lost the role in mid-dialogue is out of it."""
    step = visitor.dialogue.step
    order = MoveDialogue(visitor.account, Dialogue(), incoming.received_at, step)
    await desk.people.move(order)


def _guarded(name: str, handler: StaffHandler | None) -> Handler | None:
    if handler is None:
        return None

    async def handle(desk: Desk, incoming: Incoming, argument: str) -> Reply:
        staff = await admitted(desk, incoming, await visit(desk, incoming), name)
        if isinstance(staff, Reply):
            return staff
        if argument.casefold() in ASKS_HELP and desk.catalogue.has(f"help.{name}"):
            return screen_of(staff, f"help.{name}")
        if DEEDS[name].is_audited:
            await desk.office.audit.record(_use_of(staff, argument))
        return await handler(staff, argument)

    return handle


def _use_of(staff: Staff, argument: str) -> AuditEntry:
    """That a role was used. A button's argument is ours; what was typed may name somebody."""
    is_tap = isinstance(staff.incoming.content, Tap)
    return staff.entry(USE, staff.deed, **({"argument": argument} if is_tap and argument else {}))
