"""What a confirmed registration becomes: a participant with a number, or words that say why not."""

from handlers.desk import Desk
from handlers.draft import Draft, personal_data
from handlers.home import home_button, home_screen, refusal_text, visit
from handlers.incoming import Incoming
from handlers.records import (
    Consent,
    CorrectData,
    Dialogue,
    MoveDialogue,
    PersonalData,
    PersonNumber,
    Register,
    Registered,
    RegisterRefusal,
    Relation,
    Visitor,
)
from handlers.reply import Place, Reply, Rows, Screen
from scoring.age_bands import age_band
from scoring.instant import Instant, day_start
from scoring.limits import StartRefusal

CONSENT_PURPOSE = "take_part"


async def confirm(
    desk: Desk, incoming: Incoming, visitor: Visitor, draft: Draft
) -> Reply | tuple[Screen, ...]:
    """Register or correct; screens instead of a reply: the dialogue goes on below them."""
    data = personal_data(draft)
    if data is None:
        return ()
    if draft.fixing is not None:
        person = PersonNumber(draft.fixing)
        outcome = await desk.people.correct(_correction(desk, incoming, visitor, person, data))
    else:
        outcome = await desk.people.register(_order(desk, incoming, visitor, draft, data))
    if outcome in {RegisterRefusal.LOCKED, RegisterRefusal.CLOSED}:
        return await _ended(desk, incoming, visitor, outcome)
    if isinstance(outcome, RegisterRefusal):
        return _refused(desk, outcome)
    return await _registered(desk, incoming, outcome, is_fixed=draft.fixing is not None)


def locked_screen(desk: Desk, incoming: Incoming) -> Screen:
    text = desk.text("register.locked", hotline=desk.text("contest.hotline"))
    return Screen(text, Rows().add(home_button(desk, incoming.sender)).done())


async def _registered(
    desk: Desk, incoming: Incoming, outcome: Registered, *, is_fixed: bool
) -> Reply:
    entry = "register.corrected" if is_fixed else "register.done"
    done = Screen(desk.text(entry, number=outcome.participant.number))
    home = home_screen(desk, incoming, await visit(desk, incoming), Place.BELOW)
    return Reply((done, home))


async def _ended(
    desk: Desk, incoming: Incoming, visitor: Visitor, refusal: RegisterRefusal
) -> Reply:
    """Nothing can come of this dialogue any more: it is closed with the words that say why."""
    at, step = incoming.received_at, visitor.dialogue.step
    await desk.people.move(MoveDialogue(visitor.account, Dialogue(), at, step))
    if refusal is RegisterRefusal.LOCKED:
        return Reply((locked_screen(desk, incoming),))
    text = refusal_text(desk, StartRefusal.CLOSED, at)
    rows = Rows().add(home_button(desk, incoming.sender))
    return Reply((Screen(text, rows.done()),))


def _refused(desk: Desk, refusal: RegisterRefusal) -> tuple[Screen, ...]:
    hotline = desk.text("contest.hotline")
    match refusal:
        case RegisterRefusal.IDENTITY_TAKEN:
            text = desk.text("register.identity_taken", hotline=hotline)
        case RegisterRefusal.FAMILY_FULL:
            limit = desk.customs.family_limit
            text = desk.text("register.family_full", limit=limit, hotline=hotline)
        case RegisterRefusal.ASSISTED_FULL:
            text = desk.text("register.assisted_full", limit=desk.customs.assisted_limit)
        case _:
            return ()
    return (Screen(text, place=Place.BELOW),)


def _order(
    desk: Desk, incoming: Incoming, visitor: Visitor, draft: Draft, data: PersonalData
) -> Register:
    at = incoming.received_at if draft.consent_at is None else Instant(draft.consent_at)
    version = draft.consent_version or desk.customs.consent_version
    consent = Consent(CONSENT_PURPOSE, version, is_given=True, at=at)
    return Register(
        sender=incoming.sender,
        account=visitor.account,
        step=visitor.dialogue.step,
        data=data,
        consents=(consent,),
        at=incoming.received_at,
        family_limit=desk.customs.family_limit,
        relation=Relation(draft.relation or Relation.OWN.value),
        age_band=_age_band(desk, data, incoming.received_at),
        assisted_limit=desk.customs.assisted_limit,
        day_start=day_start(incoming.received_at),
    )


def _age_band(desk: Desk, data: PersonalData, at: Instant) -> int:
    return age_band(data.born, desk.rendering.year(at))


def _correction(
    desk: Desk, incoming: Incoming, visitor: Visitor, person: PersonNumber, data: PersonalData
) -> CorrectData:
    return CorrectData(
        account=visitor.account,
        person=person,
        step=visitor.dialogue.step,
        data=data,
        at=incoming.received_at,
        family_limit=desk.customs.family_limit,
        age_band=_age_band(desk, data, incoming.received_at),
    )
