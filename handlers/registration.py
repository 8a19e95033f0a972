"""The registration dialogue: consent, a few fields, a summary to correct, a number.

Each accepted answer is one committed step (DESIGN §6); a button of an earlier step changes
nothing. Which question comes next is `handlers.draft`, how it looks `registration_screens`.
"""

from dataclasses import replace

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
    personal_data,
    question_before,
    question_now,
    settled,
)
from handlers.fields import (
    MAX_NAME,
    OLDEST_BORN,
    Refused,
    read_born,
    read_name,
    read_phone,
    read_shared_phone,
)
from handlers.home import home_button, home_screen, visit
from handlers.incoming import Incoming, SharedContact, Text
from handlers.records import (
    Consent,
    CorrectData,
    Dialogue,
    Event,
    Move,
    MoveDialogue,
    PersonalData,
    PersonNumber,
    Register,
    Registered,
    RegisterRefusal,
    Visitor,
)
from handlers.registration_screens import (
    DIALOGUES,
    REGISTRATION,
    back_row,
    blocks_page,
    question_screen,
    unit_page,
    units_found,
)
from handlers.rendering import phone_shown
from handlers.reply import Place, Reply, Rows, Screen
from question_bank.text import fold

CONSENT_PURPOSE = "take_part"


async def begin(desk: Desk, incoming: Incoming, offer: str, place: Place) -> Reply:
    """Open the registration; a dialogue under way goes on where it is."""
    visitor = await visit(desk, incoming)
    if visitor.participant is not None:
        text = desk.text("home.already_registered", number=visitor.participant.number)
        rows = Rows().add(home_button(desk, incoming.sender))
        return Reply((Screen(text, rows.done(), place),))
    if visitor.dialogue.name == REGISTRATION:
        return Reply((_present(desk, incoming, visitor, place),))
    draft = Draft(offer=offer or None, suggestion=_suggested(incoming))
    return await _open(desk, incoming, visitor, draft, place)


async def begin_correction(desk: Desk, incoming: Incoming) -> Reply:
    """Correct one's data, as long as no attempt was opened."""
    visitor = await visit(desk, incoming)
    if visitor.participant is None or visitor.history.attempts > 0:
        return Reply((_locked(desk, incoming),))
    return await _open(desk, incoming, visitor, draft_of(visitor), Place.HERE)


async def press(desk: Desk, incoming: Incoming, button: DialogueButton) -> Reply:
    visitor = await visit(desk, incoming)
    dialogue = visitor.dialogue
    if dialogue.name != REGISTRATION or DIALOGUES[dialogue.name] != button.dialogue:
        screen = home_screen(desk, incoming, visitor)
        return Reply((screen,), desk.text("toast.old_button"))
    if dialogue.step != button.step:
        screen = _present(desk, incoming, visitor, Place.HERE)
        return Reply((screen,), desk.text("toast.old_button"))
    return await _pressed(desk, incoming, visitor, button.choice)


async def typed(desk: Desk, incoming: Incoming, visitor: Visitor) -> Reply:
    """Text, a contact or anything else sent while the registration is open."""
    draft = draft_from(visitor.dialogue.draft)
    question = _question(desk, incoming, draft)
    content = incoming.content
    if isinstance(content, SharedContact):
        return await _contact(desk, incoming, visitor, draft)
    if not isinstance(content, Text):
        text = Screen(desk.text("register.send_text"), place=Place.BELOW)
        return Reply((text, _present(desk, incoming, visitor, Place.BELOW)))
    if fold(content.text) == fold(desk.text("button.back")) or fold(content.text) == "quay lai":
        return await _go_back(desk, incoming, visitor, draft)
    if question == UNIT:
        found = units_found(desk, incoming.sender, visitor.dialogue.step, content.text)
        return Reply((found,))
    answer = _read(desk, incoming, question, content.text)
    if answer is None:
        text = Screen(desk.text("register.use_buttons"), place=Place.BELOW)
        return Reply((text, _present(desk, incoming, visitor, Place.BELOW)))
    if isinstance(answer, Refused):
        return Reply((_refusal(desk, incoming, visitor, answer),))
    return await _step(desk, incoming, visitor, given(draft, **answer))


async def cancel(desk: Desk, incoming: Incoming, visitor: Visitor) -> Reply:
    """Leave the dialogue; what was typed is gone."""
    await desk.people.move(
        MoveDialogue(
            visitor.account, Dialogue(), incoming.received_at, from_step=visitor.dialogue.step
        )
    )
    gone = Screen(desk.text("home.cancelled"), place=Place.BELOW, removes_keyboard=True)
    fresh = await visit(desk, incoming)
    return Reply((gone, home_screen(desk, incoming, fresh, Place.BELOW)))


def _read(
    desk: Desk, incoming: Incoming, question: str, text: str
) -> dict[str, object] | Refused | None:
    """The fields that typed text gives to a question; None: it is answered by buttons."""
    if question == NAME:
        name = read_name(text)
        return name if isinstance(name, Refused) else {"name": name}
    if question == BORN:
        born = read_born(text, _this_year(desk, incoming), desk.contest.rules.min_age)
        return born if isinstance(born, Refused) else {"born": born}
    if question in {PHONE, GUARDIAN}:
        phone = read_phone(text)
        if isinstance(phone, Refused):
            return phone
        if question == GUARDIAN:
            return {"guardian": phone}
        return {"phone": phone, "is_phone_verified": False}
    return None


async def _contact(desk: Desk, incoming: Incoming, visitor: Visitor, draft: Draft) -> Reply:
    """A shared contact counts only where the platform vouches that it is the sender's own."""
    content = incoming.content
    if not isinstance(content, SharedContact) or _question(desk, incoming, draft) != PHONE:
        return Reply((_present(desk, incoming, visitor, Place.BELOW),))
    if not content.is_own:
        button = desk.text("button.share_phone")
        text = desk.text("register.phone_not_own", button=button)
        return Reply((Screen(text, place=Place.BELOW),))
    phone = read_shared_phone(content.phone)
    if isinstance(phone, Refused):
        return Reply((_refusal(desk, incoming, visitor, phone),))
    verified = given(draft, phone=phone, is_phone_verified=True)
    return await _step(desk, incoming, visitor, verified)


def _suggested(incoming: Incoming) -> str | None:
    """The platform's name for the person, if it could be one on a certificate."""
    name = read_name(incoming.sender_name)
    return None if isinstance(name, Refused) or len(name) > 40 else name  # noqa: PLR2004


async def _pressed(desk: Desk, incoming: Incoming, visitor: Visitor, choice: str) -> Reply:
    draft = draft_from(visitor.dialogue.draft)
    what, _, value = choice.partition("=")
    sender, step = incoming.sender, visitor.dialogue.step
    if what == "block":
        block, _, page = value.partition("/")
        screen = unit_page(desk, sender, step, block, int(page))
        return Reply((screen or blocks_page(desk, sender, step),))
    if what == "blocks":
        return Reply((blocks_page(desk, sender, step),))
    if what == "cancel":
        return await cancel(desk, incoming, visitor)
    if what == "disagree":
        return await _refuse_consent(desk, incoming, visitor)
    if what == "back":
        return await _go_back(desk, incoming, visitor, draft)
    if what == "confirm":
        return await _confirm(desk, incoming, visitor, draft)
    changed = _changed(desk, incoming, draft, what, value)
    if changed is None:
        return Reply((_present(desk, incoming, visitor, Place.HERE),))
    return await _step(desk, incoming, visitor, changed)


def _changed(desk: Desk, incoming: Incoming, draft: Draft, what: str, value: str) -> Draft | None:
    """The draft after a pressed choice; None: the choice is not in the lists any more."""
    match what:
        case "agree":
            return given(draft, consent_at=incoming.received_at)
        case "suggested" if draft.suggestion:
            return given(draft, name=draft.suggestion)
        case "other":
            return replace(draft, offer=None)
        case "edit":
            return replace(draft, asking=value, offer=None)
        case "unit" if (unit := desk.units.find(value)) is not None:
            return given(draft, unit=unit.code)
        case "audience" if value in desk.customs.audiences:
            return given(draft, audience=value)
    return None


async def _go_back(desk: Desk, incoming: Incoming, visitor: Visitor, draft: Draft) -> Reply:
    before = question_before(draft, desk.units, _this_year(desk, incoming))
    if before is None:
        return await cancel(desk, incoming, visitor)
    return await _step(desk, incoming, visitor, replace(draft, asking=before))


async def _refuse_consent(desk: Desk, incoming: Incoming, visitor: Visitor) -> Reply:
    await desk.people.move(
        MoveDialogue(
            visitor.account, Dialogue(), incoming.received_at, from_step=visitor.dialogue.step
        )
    )
    rows = Rows().add(home_button(desk, incoming.sender))
    return Reply((Screen(desk.text("register.refused"), rows.done()),))


async def _open(
    desk: Desk, incoming: Incoming, visitor: Visitor, draft: Draft, place: Place
) -> Reply:
    to = Dialogue(REGISTRATION, draft=draft.as_dict())
    order = MoveDialogue(visitor.account, to, incoming.received_at, from_step=visitor.dialogue.step)
    await desk.people.move(order)
    return Reply((_present(desk, incoming, await visit(desk, incoming), place),))


async def _step(desk: Desk, incoming: Incoming, visitor: Visitor, draft: Draft) -> Reply:
    """Commit the changed draft, then ask what comes next."""
    draft = settled(draft, desk.units, _this_year(desk, incoming))
    dialogue = visitor.dialogue
    order = MoveDialogue(
        visitor.account,
        Dialogue(REGISTRATION, draft=draft.as_dict()),
        incoming.received_at,
        from_step=dialogue.step,
        event=_event_of(incoming),
    )
    move, step = await desk.people.move(order)
    if move is not Move.MOVED:
        fresh = await visit(desk, incoming)
        return Reply((_present(desk, incoming, fresh, Place.BELOW),))
    moved = replace(visitor, dialogue=Dialogue(REGISTRATION, step, draft.as_dict()))
    was_phone = _question(desk, incoming, draft_from(dialogue.draft)) == PHONE
    place = _place_of(incoming)
    if not was_phone:
        return Reply((_present(desk, incoming, moved, place),))
    return Reply((_phone_done(desk, draft), _present(desk, incoming, moved, Place.BELOW)))


async def _confirm(desk: Desk, incoming: Incoming, visitor: Visitor, draft: Draft) -> Reply:
    data = personal_data(draft)
    if data is None:
        return Reply((_present(desk, incoming, visitor, Place.HERE),))
    if draft.fixing is not None:
        outcome = await desk.people.correct(_correction(desk, incoming, visitor, data))
    else:
        outcome = await desk.people.register(_order(desk, incoming, visitor, draft, data))
    if isinstance(outcome, RegisterRefusal):
        return await _refused_registration(desk, incoming, outcome)
    return await _registered(desk, incoming, outcome, is_fixed=draft.fixing is not None)


async def _registered(
    desk: Desk, incoming: Incoming, outcome: Registered, *, is_fixed: bool
) -> Reply:
    entry = "register.corrected" if is_fixed else "register.done"
    done = Screen(desk.text(entry, number=outcome.participant.number))
    home = home_screen(desk, incoming, await visit(desk, incoming), Place.BELOW)
    return Reply((done, home))


async def _refused_registration(desk: Desk, incoming: Incoming, refusal: RegisterRefusal) -> Reply:
    visitor = await visit(desk, incoming)
    hotline = desk.text("contest.hotline")
    if refusal is RegisterRefusal.IDENTITY_TAKEN:
        text = desk.text("register.identity_taken", hotline=hotline)
    elif refusal is RegisterRefusal.FAMILY_FULL:
        limit = desk.customs.family_limit
        text = desk.text("register.family_full", limit=limit, hotline=hotline)
    elif refusal is RegisterRefusal.LOCKED:
        return Reply((_locked(desk, incoming),))
    else:
        return Reply((_present(desk, incoming, visitor, Place.HERE),))
    below = _present(desk, incoming, visitor, Place.BELOW)
    return Reply((Screen(text, place=Place.BELOW), below))


def _order(
    desk: Desk, incoming: Incoming, visitor: Visitor, draft: Draft, data: PersonalData
) -> Register:
    at = incoming.received_at if draft.consent_at is None else draft.consent_at
    consent = Consent(CONSENT_PURPOSE, desk.customs.consent_version, is_given=True, at=at)  # type: ignore[arg-type]
    return Register(
        sender=incoming.sender,
        account=visitor.account,
        step=visitor.dialogue.step,
        data=data,
        consents=(consent,),
        at=incoming.received_at,
        family_limit=desk.customs.family_limit,
    )


def _correction(
    desk: Desk, incoming: Incoming, visitor: Visitor, data: PersonalData
) -> CorrectData:
    number = PersonNumber(0) if visitor.participant is None else visitor.participant.number
    return CorrectData(
        account=visitor.account,
        person=number,
        step=visitor.dialogue.step,
        data=data,
        at=incoming.received_at,
        family_limit=desk.customs.family_limit,
    )


def _present(desk: Desk, incoming: Incoming, visitor: Visitor, place: Place) -> Screen:
    """What the dialogue asks now; home where none is open."""
    if visitor.dialogue.name != REGISTRATION:
        return home_screen(desk, incoming, visitor, place)
    draft = draft_from(visitor.dialogue.draft)
    question = _question(desk, incoming, draft)
    return question_screen(desk, incoming.sender, draft, visitor.dialogue.step, question, place)


def _question(desk: Desk, incoming: Incoming, draft: Draft) -> str:
    return question_now(draft, desk.units, _this_year(desk, incoming))


def _phone_done(desk: Desk, draft: Draft) -> Screen:
    """Takes the contact keyboard away; on a step back there is no number to name."""
    phone = draft.phone or ""
    text = desk.text("register.phone_received", phone=phone_shown(phone))
    if draft.asking is not None or not phone:
        text = desk.text("button.back")
    return Screen(text, place=Place.BELOW, removes_keyboard=True)


def _refusal(desk: Desk, incoming: Incoming, visitor: Visitor, refused: Refused) -> Screen:
    arguments: dict[str, object] = {}
    if refused.entry == "register.name_invalid":
        arguments = {"limit": MAX_NAME}
    elif refused.entry == "register.born_invalid":
        last = _this_year(desk, incoming) - max(desk.contest.rules.min_age, 1)
        arguments = {"first": OLDEST_BORN, "last": last}
    rows = back_row(desk, incoming.sender, visitor.dialogue.step)
    return Screen(desk.text(refused.entry, **arguments), rows, Place.BELOW)


def _locked(desk: Desk, incoming: Incoming) -> Screen:
    text = desk.text("register.locked", hotline=desk.text("contest.hotline"))
    rows = Rows().add(home_button(desk, incoming.sender))
    return Screen(text, rows.done())


def _place_of(incoming: Incoming) -> Place:
    return Place.BELOW if isinstance(incoming.content, Text | SharedContact) else Place.HERE


def _event_of(incoming: Incoming) -> Event | None:
    """Typed input takes effect once by its event; a button by its step."""
    if isinstance(incoming.content, Text | SharedContact):
        return Event(incoming.sender.channel, incoming.event)
    return None


def _this_year(desk: Desk, incoming: Incoming) -> int:
    return desk.rendering.year(incoming.received_at)
