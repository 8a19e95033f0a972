"""Claiming an invitation: consent, phone, name, a look at what is sent, and then to wait.

Anybody may open the link; whoever made it decides who it was for. Each answer is one committed
step, as in the registration; how the questions look is `handlers.claim_screens`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from handlers.buttons import DialogueButton
from handlers.claim_screens import (
    CLAIM,
    NAME,
    PHONE,
    SUMMARY,
    ClaimAsking,
    ClaimDraft,
    claim_draft,
    claim_question,
    claim_screen,
)
from handlers.desk import Desk
from handlers.fields import Refused, read_name, read_phone
from handlers.home import home_button, home_screen, visit
from handlers.incoming import Incoming, SharedContact, Tap, Text
from handlers.office_roles import (
    INVITATION_PREFIX,
    Claim,
    ClaimOutcome,
    Holder,
    Invitation,
    InvitationState,
)
from handlers.records import Dialogue, Event, Move, MoveDialogue, Visitor
from handlers.registration import cancel, own_phone, suggested_name
from handlers.registration_screens import REGISTRATION
from handlers.rendering import phone_shown
from handlers.reply import Effect, Place, Reply, Rows, Screen
from question_bank.text import fold


@dataclass(frozen=True, slots=True)
class _Turn:
    """One input to an open claim."""

    desk: Desk
    incoming: Incoming
    visitor: Visitor
    draft: ClaimDraft

    @property
    def question(self) -> str:
        return claim_question(self.draft)

    def present(self, place: Place) -> Screen:
        asking = ClaimAsking(self.desk, self.incoming.sender, self.visitor.dialogue.step, place)
        return claim_screen(asking, self.draft)


def is_invitation(argument: str) -> bool:
    return argument.startswith(INVITATION_PREFIX)


async def begin(desk: Desk, incoming: Incoming, visitor: Visitor, argument: str) -> Reply:
    """An opened link: what it offers, or why there is nothing to take."""
    token = argument.removeprefix(INVITATION_PREFIX)
    if visitor.session is not None:
        told = Screen(desk.text("claim.paper_first"), place=Place.BELOW)
        return Reply((told, home_screen(desk, incoming, visitor, Place.BELOW)))
    if visitor.dialogue.name == REGISTRATION:
        return _said(desk, incoming, "claim.registration_first")
    invitation = await desk.office.invitations.by_token(token)
    if invitation is None:
        return _said(desk, incoming, "claim.unknown")
    refusal = _unfit(visitor, invitation, incoming.received_ms)
    if refusal is ClaimOutcome.TAKEN:
        at = incoming.received_at
        await desk.office.invitations.reused(invitation.id, visitor.account, at)
    if refusal is not None:
        return _said(desk, incoming, f"claim.{refusal.value}")
    if visitor.dialogue.name == CLAIM:
        under_way = _turn(desk, incoming, visitor)
        if under_way.draft.token == token:
            return Reply((under_way.present(Place.BELOW),))
    draft = ClaimDraft(
        token=token,
        role=invitation.grant.role.value,
        unit=invitation.grant.unit,
        suggestion=suggested_name(incoming),
    )
    return await _moved(_Turn(desk, incoming, visitor, draft), draft)


async def press(desk: Desk, incoming: Incoming, button: DialogueButton) -> Reply:
    visitor = await visit(desk, incoming)
    if visitor.dialogue.name != CLAIM or visitor.dialogue.step != button.step:
        screen = home_screen(desk, incoming, visitor, Place.BELOW)
        return Reply((screen,), desk.text("toast.old_button"), effect=Effect.STALE)
    turn = _turn(desk, incoming, visitor)
    if button.choice == "send":
        return await _send(turn)
    if button.choice == "back":
        return await _go_back(turn)
    changed = _changed(turn.draft, button.choice)
    # What is left is "no": to disagree and to cancel.
    return await (cancel(desk, incoming, visitor) if changed is None else _moved(turn, changed))


async def typed(desk: Desk, incoming: Incoming, visitor: Visitor) -> Reply:
    """Text, a contact or anything else sent while the claim is open."""
    turn = _turn(desk, incoming, visitor)
    content = incoming.content
    if isinstance(content, SharedContact):
        return await _contact(turn, content)
    if not isinstance(content, Text):
        return _told(turn, "register.send_text")
    if await desk.people.was_taken(Event(incoming.sender.channel, incoming.event)):
        return Reply((turn.present(Place.BELOW),))
    if fold(content.text) in {fold(desk.text("button.back")), "quay lai"}:
        return await _go_back(turn)
    return await _field(turn, content.text)


def _changed(draft: ClaimDraft, choice: str) -> ClaimDraft | None:
    """The draft after a pressed choice; None: none that goes on."""
    if choice == "suggested" and not draft.suggestion:
        return None
    changes: Mapping[str, ClaimDraft] = {
        "agree": replace(draft, has_agreed=True),
        "suggested": replace(draft, name=draft.suggestion),
        "edit_phone": replace(draft, phone=None),
        "edit_name": replace(draft, name=None),
    }
    return changes.get(choice)


async def _field(turn: _Turn, text: str) -> Reply:
    if turn.question not in {PHONE, NAME}:
        return _told(turn, "register.use_buttons")
    value = read_phone(text) if turn.question == PHONE else read_name(text)
    if isinstance(value, Refused):
        return _told(turn, "claim.name_invalid" if turn.question == NAME else value.entry)
    if turn.question == NAME:
        return await _moved(turn, replace(turn.draft, name=value))
    return await _moved(turn, replace(turn.draft, phone=value, is_phone_verified=False))


async def _contact(turn: _Turn, contact: SharedContact) -> Reply:
    if turn.question != PHONE:
        return Reply((turn.present(Place.BELOW),))
    phone = own_phone(turn.desk, contact)
    if isinstance(phone, Refused):
        return _told(turn, phone.entry)
    if isinstance(phone, Screen):
        return Reply((phone,))
    return await _moved(turn, replace(turn.draft, phone=phone, is_phone_verified=True))


async def _go_back(turn: _Turn) -> Reply:
    """To the question before; before the first there is only the way out."""
    before = {
        PHONE: replace(turn.draft, has_agreed=False),
        NAME: replace(turn.draft, phone=None),
        SUMMARY: replace(turn.draft, name=None),
    }
    if turn.question not in before:
        return await cancel(turn.desk, turn.incoming, turn.visitor)
    return await _moved(turn, before[turn.question])


async def _moved(turn: _Turn, draft: ClaimDraft) -> Reply:
    """Commit the changed draft, then ask what comes next."""
    desk, incoming = turn.desk, turn.incoming
    to = Dialogue(CLAIM, draft=draft.as_dict())
    order = MoveDialogue(
        turn.visitor.account,
        to,
        incoming.received_at,
        turn.visitor.dialogue.step,
        _event_of(incoming),
    )
    move, step = await desk.people.move(order)
    if move is not Move.MOVED:
        fresh = await visit(desk, incoming)
        if fresh.dialogue.name != CLAIM:
            return Reply((home_screen(desk, incoming, fresh, Place.BELOW),))
        return Reply((_turn(desk, incoming, fresh).present(Place.BELOW),))
    visitor = replace(turn.visitor, dialogue=replace(to, step=step))
    now = _Turn(desk, incoming, visitor, draft)
    if turn.question == PHONE and turn.visitor.dialogue.name == CLAIM:
        return Reply((_phone_done(desk, draft), now.present(Place.BELOW)))
    is_tap = isinstance(incoming.content, Tap)
    return Reply((now.present(Place.HERE if is_tap else Place.BELOW),))


async def _send(turn: _Turn) -> Reply:
    draft, incoming = turn.draft, turn.incoming
    if draft.name is None or draft.phone is None or not draft.has_agreed:
        return Reply((turn.present(Place.HERE),))
    order = Claim(
        token=draft.token,
        account=turn.visitor.account,
        step=turn.visitor.dialogue.step,
        holder=Holder(draft.name, draft.phone, draft.is_phone_verified),
        at=incoming.received_at,
        machine_ms=incoming.received_ms,
    )
    outcome = await turn.desk.office.invitations.claim(order)
    if outcome is ClaimOutcome.SUPERSEDED:
        fresh = await visit(turn.desk, incoming)
        screen = home_screen(turn.desk, incoming, fresh, Place.BELOW)
        return Reply((screen,), turn.desk.text("toast.old_button"), effect=Effect.STALE)
    is_done = outcome is ClaimOutcome.CLAIMED
    return _said(turn.desk, incoming, f"claim.{outcome.value}", is_done=is_done)


def _unfit(visitor: Visitor, invitation: Invitation, machine_ms: int) -> ClaimOutcome | None:
    """Why the link offers this visitor nothing; CLAIMED: his claim waits already."""
    is_mine = invitation.account == visitor.account
    if invitation.made_by == visitor.account:
        return ClaimOutcome.OWN
    if invitation.grant in visitor.grants:
        return ClaimOutcome.HELD
    if invitation.state is InvitationState.CLAIMED:
        return ClaimOutcome.CLAIMED if is_mine else ClaimOutcome.TAKEN
    if invitation.state is InvitationState.APPROVED and not is_mine:
        return ClaimOutcome.TAKEN
    return None if invitation.is_open(machine_ms) else ClaimOutcome.ENDED


def _said(desk: Desk, incoming: Incoming, entry: str, *, is_done: bool = True) -> Reply:
    rows = Rows().add(home_button(desk, incoming.sender))
    place = Place.HERE if isinstance(incoming.content, Tap) else Place.BELOW
    effect = Effect.DONE if is_done else Effect.REFUSED
    return Reply((Screen(desk.text(entry), rows.done(), place),), effect=effect)


def _told(turn: _Turn, entry: str) -> Reply:
    """Words about an input that does not fit, then the question again."""
    told = Screen(turn.desk.text(entry), place=Place.BELOW)
    return Reply((told, turn.present(Place.BELOW)))


def _phone_done(desk: Desk, draft: ClaimDraft) -> Screen:
    """Takes the contact keyboard away; on a step back there is no number to name."""
    if draft.phone is None:
        text = desk.text("button.back")
    else:
        text = desk.text("register.phone_received", phone=phone_shown(draft.phone))
    return Screen(text, place=Place.BELOW, removes_keyboard=True)


def _turn(desk: Desk, incoming: Incoming, visitor: Visitor) -> _Turn:
    return _Turn(desk, incoming, visitor, claim_draft(visitor.dialogue.draft))


def _event_of(incoming: Incoming) -> Event | None:
    """Typed input takes effect once by its event (FAULTS R3); a button by its step."""
    if isinstance(incoming.content, Tap):
        return None
    return Event(incoming.sender.channel, incoming.event)
