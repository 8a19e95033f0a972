"""The registration dialogue: consent, a few fields, a summary to correct, a number.

Each accepted answer is one committed step (DESIGN §6); a button of an earlier step changes
nothing. Which question comes next is `handlers.draft`, how it looks `registration_screens`, what
a finished draft becomes `handlers.enrolment`.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

from handlers.access import may_do
from handlers.buttons import DialogueButton
from handlers.desk import Desk
from handlers.draft import (
    BORN,
    GUARDIAN,
    NAME,
    PHONE,
    UNIT,
    Draft,
    draft_from,
    draft_of,
    given,
    question_before,
    question_now,
    settled,
)
from handlers.enrolment import confirm, locked_screen
from handlers.fields import (
    MAX_NAME,
    OLDEST_BORN,
    Refused,
    read_born,
    read_name,
    read_phone,
    read_shared_phone,
)
from handlers.home import home_button, home_screen, is_over, visit
from handlers.incoming import Incoming, SharedContact, Tap, Text
from handlers.records import Dialogue, Event, Move, MoveDialogue, Relation, Visitor
from handlers.registration_screens import (
    DIALOGUES,
    REGISTRATION,
    Asking,
    back_row,
    blocks_page,
    question_screen,
    unit_page,
    units_found,
)
from handlers.rendering import phone_shown
from handlers.reply import Place, Reply, Rows, Screen
from question_bank.text import fold

ASSISTING = "thiho"
"""The deed of who enters for others."""

LONGEST_SUGGESTION = 40
"""A longer name does not fit a button."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """One input to an open registration: who, where in it, and the draft so far."""

    desk: Desk
    incoming: Incoming
    visitor: Visitor
    draft: Draft

    @property
    def year(self) -> int:
        return self.desk.rendering.year(self.incoming.received_at)

    @property
    def step(self) -> int:
        return self.visitor.dialogue.step

    @property
    def question(self) -> str:
        return question_now(self.draft, self.desk.units, self.year)

    @property
    def may_go_on(self) -> bool:
        """Not who has lost the role that it needs, nor for another than it was begun for."""
        person, draft = self.visitor.participant, self.draft
        if draft.relation == Relation.ASSISTED.value:
            return may_do(ASSISTING, self.visitor.grants)
        return draft.fixing in {None, None if person is None else person.number}

    def present(self, place: Place) -> Screen:
        """What is asked now."""
        asking = Asking(self.desk, self.incoming.sender, self.step, place)
        return question_screen(asking, self.draft, self.question)


async def begin(desk: Desk, incoming: Incoming, offer: str, place: Place) -> Reply:
    """Open the registration; one under way goes on where it is."""
    visitor = await visit(desk, incoming)
    if visitor.participant is not None:
        text = desk.text("home.already_registered", number=visitor.participant.number)
        rows = Rows().add(home_button(desk, incoming.sender))
        return Reply((Screen(text, rows.done(), place),))
    if is_over(desk, incoming.received_at):
        return Reply((home_screen(desk, incoming, visitor, place),))
    if visitor.dialogue.name == REGISTRATION:
        return Reply((present_screen(desk, incoming, visitor, place),))
    draft = Draft(offer=offer or None, suggestion=suggested_name(incoming))
    return await _open(desk, incoming, visitor, draft, place)


async def begin_for(desk: Desk, incoming: Incoming, relation: Relation, place: Place) -> Reply:
    """Register somebody else on this account: a relative, or who comes to a service point."""
    visitor = await visit(desk, incoming)
    if visitor.session is not None or is_over(desk, incoming.received_at):
        return Reply((home_screen(desk, incoming, visitor, place),))
    unit = visitor.participant.data.unit if visitor.participant is not None else None
    offer = unit if relation is Relation.FAMILY else None
    return await _open(desk, incoming, visitor, Draft(offer=offer, relation=relation.value), place)


async def begin_correction(desk: Desk, incoming: Incoming) -> Reply:
    """Correct one's data, as long as no attempt was opened."""
    visitor = await visit(desk, incoming)
    is_late = is_over(desk, incoming.received_at)
    if visitor.participant is None or visitor.history.attempts > 0 or is_late:
        return Reply((locked_screen(desk, incoming),))
    return await _open(desk, incoming, visitor, draft_of(visitor), Place.HERE)


async def press(desk: Desk, incoming: Incoming, button: DialogueButton) -> Reply:
    visitor = await visit(desk, incoming)
    dialogue = visitor.dialogue
    if DIALOGUES.get(dialogue.name) != button.dialogue or dialogue.step != button.step:
        screen = present_screen(desk, incoming, visitor, Place.HERE)
        return Reply((screen,), desk.text("toast.old_button"))
    turn = _Turn(desk, incoming, visitor, draft_from(dialogue.draft))
    if not turn.may_go_on:
        return await cancel(desk, incoming, visitor)
    what, _, value = button.choice.partition("=")
    if what in _DOORS:
        return await _DOORS[what](turn, value)
    changed = _changed(turn, what, value)
    if changed is None:
        return Reply((turn.present(Place.HERE),))
    return await _step(turn, changed)


async def typed(desk: Desk, incoming: Incoming, visitor: Visitor) -> Reply:
    """Text, a contact or anything else sent while the registration is open."""
    turn = _Turn(desk, incoming, visitor, draft_from(visitor.dialogue.draft))
    return await (_sent(turn) if turn.may_go_on else cancel(desk, incoming, visitor))


async def cancel(desk: Desk, incoming: Incoming, visitor: Visitor) -> Reply:
    """Leave the dialogue; what was typed is gone."""
    await _close(desk, incoming, visitor)
    gone = Screen(desk.text("home.cancelled"), place=Place.BELOW, removes_keyboard=True)
    fresh = await visit(desk, incoming)
    return Reply((gone, home_screen(desk, incoming, fresh, Place.BELOW)))


def present_screen(desk: Desk, incoming: Incoming, visitor: Visitor, place: Place) -> Screen:
    """What the dialogue asks now; home where none is open."""
    if visitor.dialogue.name != REGISTRATION:
        return home_screen(desk, incoming, visitor, place)
    return _Turn(desk, incoming, visitor, draft_from(visitor.dialogue.draft)).present(place)


async def _sent(turn: _Turn) -> Reply:
    desk, incoming, content = turn.desk, turn.incoming, turn.incoming.content
    if isinstance(content, SharedContact):
        return await _contact(turn, content)
    if not isinstance(content, Text):
        return _told(turn, "register.send_text")
    if await desk.people.was_taken(Event(incoming.sender.channel, incoming.event)):
        # Delivered again: it is not the answer to the question that followed (R2).
        return Reply((turn.present(Place.BELOW),))
    if fold(content.text) in {fold(desk.text("button.back")), "quay lai"}:
        return await _go_back(turn, "")
    if turn.question == UNIT:
        asking = Asking(desk, incoming.sender, turn.step, Place.BELOW)
        return Reply((units_found(asking, content.text),))
    return await _field(turn, content.text)


async def _field(turn: _Turn, text: str) -> Reply:
    answer = _read(turn, text)
    if answer is None:
        return _told(turn, "register.use_buttons")
    if isinstance(answer, Refused):
        return Reply((_refusal(turn, answer),))
    return await _step(turn, given(turn.draft, **answer))


def _read(turn: _Turn, text: str) -> dict[str, object] | Refused | None:
    """The fields that typed text gives to a question; None: it is answered by buttons."""
    answer: str | int | Refused
    if turn.question == NAME:
        answer = read_name(text)
    elif turn.question == BORN:
        answer = read_born(text, turn.year, turn.desk.contest.rules.min_age)
    elif turn.question in {PHONE, GUARDIAN}:
        answer = read_phone(text)
    else:
        return None
    if isinstance(answer, Refused):
        return answer
    typed_phone = {"is_phone_verified": False} if turn.question == PHONE else {}
    return {turn.question: answer, **typed_phone}


async def _contact(turn: _Turn, contact: SharedContact) -> Reply:
    if turn.question != PHONE:
        return Reply((turn.present(Place.BELOW),))
    if turn.draft.is_assisted:
        return _told(turn, "register.phone_assisted_type")
    phone = own_phone(turn.desk, contact)
    if isinstance(phone, Refused):
        return Reply((_refusal(turn, phone),))
    if isinstance(phone, Screen):
        return Reply((phone,))
    return await _step(turn, given(turn.draft, phone=phone, is_phone_verified=True))


def own_phone(desk: Desk, contact: SharedContact) -> str | Refused | Screen:
    """A contact counts only where the platform vouches that it is the sender's own.

    The screen tells that it is somebody else's.
    """
    if not contact.is_own:
        button = desk.text("button.share_phone")
        return Screen(desk.text("register.phone_not_own", button=button), place=Place.BELOW)
    return read_shared_phone(contact.phone)


def suggested_name(incoming: Incoming) -> str | None:
    """The platform's name for the person, if it could be one on a certificate."""
    name = read_name(incoming.sender_name)
    return None if isinstance(name, Refused) or len(name) > LONGEST_SUGGESTION else name


async def _show_block(turn: _Turn, value: str) -> Reply:
    asking = Asking(turn.desk, turn.incoming.sender, turn.step, Place.HERE)
    block, _, page = value.partition("/")
    return Reply((unit_page(asking, block, int(page)) or blocks_page(asking),))


async def _show_blocks(turn: _Turn, _: str) -> Reply:
    asking = Asking(turn.desk, turn.incoming.sender, turn.step, Place.HERE)
    return Reply((blocks_page(asking),))


async def _cancel(turn: _Turn, _: str) -> Reply:
    return await cancel(turn.desk, turn.incoming, turn.visitor)


async def _go_back(turn: _Turn, _: str) -> Reply:
    before = question_before(turn.draft, turn.desk.units, turn.year)
    if before is None:
        return await cancel(turn.desk, turn.incoming, turn.visitor)
    return await _step(turn, replace(turn.draft, asking=before, is_edit=False))


async def _refuse_consent(turn: _Turn, _: str) -> Reply:
    await _close(turn.desk, turn.incoming, turn.visitor)
    rows = Rows().add(home_button(turn.desk, turn.incoming.sender))
    return Reply((Screen(turn.desk.text("register.refused"), rows.done()),))


async def _confirm(turn: _Turn, _: str) -> Reply:
    if is_over(turn.desk, turn.incoming.received_at):
        return await cancel(turn.desk, turn.incoming, turn.visitor)
    done = await confirm(turn.desk, turn.incoming, turn.visitor, turn.draft)
    if isinstance(done, Reply):
        return done
    fresh = await visit(turn.desk, turn.incoming)
    screen = present_screen(turn.desk, turn.incoming, fresh, Place.BELOW)
    return Reply((*done, screen))


_DOORS: Mapping[str, Callable[[_Turn, str], Awaitable[Reply]]] = {
    "block": _show_block,
    "blocks": _show_blocks,
    "cancel": _cancel,
    "disagree": _refuse_consent,
    "back": _go_back,
    "confirm": _confirm,
}
"""Choices that give no field."""


def _changed(turn: _Turn, what: str, value: str) -> Draft | None:
    """The draft after a pressed choice; None: the choice is not in the lists any more."""
    draft, desk = turn.draft, turn.desk
    changed: Draft | None = None
    match what:
        case "agree":
            version = desk.customs.consent_version
            changed = given(draft, consent_at=turn.incoming.received_at, consent_version=version)
        case "suggested" if draft.suggestion:
            changed = given(draft, name=draft.suggestion)
        case "other":
            changed = replace(draft, offer=None)
        case "edit":
            changed = replace(draft, asking=value, is_edit=True, offer=None)
        case "unit" if (unit := desk.units.find(value)) is not None:
            changed = given(draft, unit=unit.code)
        case "audience" if value in desk.customs.audiences:
            changed = given(draft, audience=value)
    return changed


async def _open(
    desk: Desk, incoming: Incoming, visitor: Visitor, draft: Draft, place: Place
) -> Reply:
    to = Dialogue(REGISTRATION, draft=draft.as_dict())
    at, step = incoming.received_at, visitor.dialogue.step
    await desk.people.move(MoveDialogue(visitor.account, to, at, step, _event_of(incoming)))
    fresh = await visit(desk, incoming)
    return Reply((present_screen(desk, incoming, fresh, place),))


async def _close(desk: Desk, incoming: Incoming, visitor: Visitor) -> None:
    at, step = incoming.received_at, visitor.dialogue.step
    await desk.people.move(MoveDialogue(visitor.account, Dialogue(), at, step, _event_of(incoming)))


async def _step(turn: _Turn, draft: Draft) -> Reply:
    """Commit the changed draft, then ask what comes next."""
    desk, incoming = turn.desk, turn.incoming
    draft = settled(draft, desk.units, turn.year)
    to = Dialogue(REGISTRATION, draft=draft.as_dict())
    move, step = await desk.people.move(
        MoveDialogue(turn.visitor.account, to, incoming.received_at, turn.step, _event_of(incoming))
    )
    if move is not Move.MOVED:
        fresh = await visit(desk, incoming)
        return Reply((present_screen(desk, incoming, fresh, Place.BELOW),))
    moved = replace(turn.visitor, dialogue=replace(to, step=step))
    now = replace(turn, visitor=moved, draft=draft)
    if turn.question == PHONE:
        return Reply((_phone_done(desk, draft), now.present(Place.BELOW)))
    return Reply((now.present(_place_of(incoming)),))


def _phone_done(desk: Desk, draft: Draft) -> Screen:
    """Takes the contact keyboard away; on a step back there is no number to name."""
    if draft.asking is not None or not draft.phone:
        text = desk.text("button.back")
    else:
        text = desk.text("register.phone_received", phone=phone_shown(draft.phone))
    return Screen(text, place=Place.BELOW, removes_keyboard=True)


def _told(turn: _Turn, entry: str) -> Reply:
    """Words about an input that does not fit, then the question again."""
    told = Screen(turn.desk.text(entry), place=Place.BELOW)
    return Reply((told, turn.present(Place.BELOW)))


def _refusal(turn: _Turn, refused: Refused) -> Screen:
    arguments: dict[str, object] = {}
    if refused.entry == "register.name_invalid":
        arguments = {"limit": MAX_NAME}
    elif refused.entry == "register.born_invalid":
        last = turn.year - max(turn.desk.contest.rules.min_age, 1)
        arguments = {"first": OLDEST_BORN, "last": last}
    asking = Asking(turn.desk, turn.incoming.sender, turn.step, Place.BELOW)
    text = turn.desk.text(refused.entry, **arguments)
    return Screen(text, back_row(asking), Place.BELOW, is_live=True)


def _place_of(incoming: Incoming) -> Place:
    return Place.BELOW if isinstance(incoming.content, Text | SharedContact) else Place.HERE


def _event_of(incoming: Incoming) -> Event | None:
    """Typed input takes effect once by its event (FAULTS R3); a button by its step."""
    if not isinstance(incoming.content, Tap):
        return Event(incoming.sender.channel, incoming.event)
    return None
