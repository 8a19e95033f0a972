"""The home screen and the doors from it: what a person may do now, in one message."""

from collections.abc import Collection
from dataclasses import replace

from handlers.access import may_do
from handlers.buttons import PlainButton
from handlers.desk import Desk
from handlers.incoming import Incoming
from handlers.paper_screen import know_name, paper_screen, running_row
from handlers.records import Grant, Participant, Sender, Session, Visitor
from handlers.reply import Button, Place, Reply, Rows, Screen
from scoring.deadline import ending_of
from scoring.instant import Instant, day_start
from scoring.limits import StartRefusal, refusal_after, refusal_in


async def visit(desk: Desk, incoming: Incoming) -> Visitor:
    """The sender's state, read at once."""
    at = day_start(incoming.received_at)
    visitor = await desk.people.visit(incoming.sender, incoming.chat, at)
    if visitor.session is not None:
        await know_name(desk, visitor.session)
    return visitor


async def home_reply(desk: Desk, incoming: Incoming, place: Place = Place.HERE) -> Reply:
    return Reply((home_screen(desk, incoming, await visit(desk, incoming), place),))


def home_screen(
    desk: Desk, incoming: Incoming, visitor: Visitor, place: Place = Place.HERE
) -> Screen:
    """Home of a stranger or of a participant; an open paper comes first of all."""
    sender, now = incoming.sender, incoming.received_at
    if visitor.session is not None:
        return open_paper_screen(desk, sender, visitor.session, now, place)
    if visitor.participant is None:
        shown = stranger_screen(desk, sender, now, place)
    else:
        shown = _member_screen(desk, incoming, visitor, place)
    return replace(shown, buttons=(*office_rows(desk, sender, visitor.grants), *shown.buttons))


def office_rows(
    desk: Desk, sender: Sender, grants: Collection[Grant]
) -> tuple[tuple[Button, ...], ...]:
    """The door to what the contest's own people do most; none for residents."""
    doors = (("door_quanly", "quanly"), ("unit_figures", "baocao"))
    found = next((one for one in doors if may_do(one[1], grants)), None)
    return () if found is None else ((desk.button(sender, found[0], PlainButton(found[1])),),)


def _member_screen(desk: Desk, incoming: Incoming, visitor: Visitor, place: Place) -> Screen:
    if visitor.participant is None:
        raise ValueError("only a participant has a home of his own")
    sender, now = incoming.sender, incoming.received_at
    status, may_start = _status(desk, visitor, now)
    text = desk.text(
        "home.helping" if visitor.participant.is_helped else "home.registered",
        contest=desk.text("contest.name"),
        name=visitor.participant.data.name,
        number=visitor.participant.number,
        unit=unit_title(desk, visitor.participant),
        status=status,
    )
    return Screen(text, _member_rows(desk, sender, may_start=may_start), place)


def open_paper_screen(
    desk: Desk, sender: Sender, session: Session, now: Instant, place: Place = Place.HERE
) -> Screen:
    """The paper under way; past its limit, though not swept yet, that it has ended."""
    if ending_of(session.attempt, desk.contest.timeline, now) is None:
        return paper_screen(desk, sender, session, now, place)
    return ended_screen(desk, sender, place)


def ended_screen(desk: Desk, sender: Sender, place: Place = Place.HERE) -> Screen:
    """That the paper has ended by itself, with the ways on."""
    rows = Rows().add(desk.button(sender, "result", PlainButton("result")))
    rows.add(home_button(desk, sender))
    return Screen(desk.text("paper.ended_by_itself"), rows.done(), place)


def stranger_screen(desk: Desk, sender: Sender, now: Instant, place: Place) -> Screen:
    """Home of who is no participant: the way in, or that it is over."""
    if is_over(desk, now):
        text = refusal_text(desk, StartRefusal.CLOSED, now)
        return Screen(text, _stranger_rows(desk, sender)[1:], place)
    return Screen(_welcome(desk), _stranger_rows(desk, sender), place)


def is_over(desk: Desk, now: Instant) -> bool:
    """Whether the window has closed: nobody registers or opens a paper any more."""
    return refusal_in(desk.contest.timeline.phase_at(now)) is StartRefusal.CLOSED


async def ended_reply(desk: Desk, incoming: Incoming, toast: str) -> Reply:
    """For a button of a paper that has ended: where things stand now."""
    visitor = await visit(desk, incoming)
    if visitor.session is not None:
        return Reply((home_screen(desk, incoming, visitor),), toast)
    return Reply((ended_screen(desk, incoming.sender),), toast)


def unit_title(desk: Desk, participant: Participant) -> str:
    unit = desk.units.find(participant.data.unit)
    return unit.title if unit is not None else participant.data.unit


def home_button(desk: Desk, sender: Sender) -> Button:
    return desk.button(sender, "home", PlainButton("home"))


def help_screen(desk: Desk, incoming: Incoming, visitor: Visitor) -> Screen:
    text = desk.text("home.help", hotline=desk.text("contest.hotline"))
    if visitor.session is not None:
        return Screen(text, (running_row(desk, incoming.sender),), Place.BELOW)
    return Screen(text, ((home_button(desk, incoming.sender),),), Place.BELOW)


def refusal_text(desk: Desk, refusal: StartRefusal, now: Instant) -> str:
    """Why no attempt may be opened, in words."""
    window = desk.contest.timeline.window_at(now)
    limits = desk.contest.rules.limits
    border = desk.rendering.border
    match refusal:
        case StartRefusal.BEFORE_OPENING:
            return desk.text("home.before", opens=border(window.opens))
        case StartRefusal.PAUSED:
            return desk.text("home.paused")
        case StartRefusal.CLOSED:
            return desk.text("home.closed", closes=border(window.closes))
        case StartRefusal.EXCLUDED:
            return desk.text("home.excluded", hotline=desk.text("contest.hotline"))
        case StartRefusal.NO_ATTEMPTS_LEFT:
            return desk.text("home.no_attempts_left", limit=limits.attempts)
        case StartRefusal.NO_ATTEMPTS_TODAY:
            closes = border(window.closes)
            return desk.text("home.no_attempts_today", limit=limits.per_day, closes=closes)


def start_refusal(desk: Desk, visitor: Visitor, now: Instant) -> StartRefusal | None:
    """Why this visitor may not open an attempt now, or None."""
    by_phase = refusal_in(desk.contest.timeline.phase_at(now))
    if visitor.is_excluded and by_phase is not StartRefusal.CLOSED:
        return StartRefusal.EXCLUDED
    return by_phase or refusal_after(visitor.history, desk.contest.rules.limits)


def _status(desk: Desk, visitor: Visitor, now: Instant) -> tuple[str, bool]:
    refusal = start_refusal(desk, visitor, now)
    if refusal is not None:
        return refusal_text(desk, refusal, now), False
    closes = desk.rendering.border(desk.contest.timeline.window_at(now).closes)
    if visitor.history.attempts == 0:
        return desk.text("home.open_first", closes=closes), True
    attempts = visitor.history.attempts
    return desk.text("home.open_more", attempts=attempts, closes=closes), True


def _welcome(desk: Desk) -> str:
    rules = desk.contest.rules
    return desk.text(
        "home.welcome",
        contest=desk.text("contest.name"),
        opens=desk.rendering.border(rules.calendar.opens),
        closes=desk.rendering.border(rules.calendar.closes),
        size=rules.paper_size,
        minutes=rules.minutes,
    )


def _stranger_rows(desk: Desk, sender: Sender) -> tuple[tuple[Button, ...], ...]:
    return (
        Rows()
        .add(desk.button(sender, "register", PlainButton("register")))
        .add(
            desk.button(sender, "practice", PlainButton("practice")),
            desk.button(sender, "rules", PlainButton("rules", "1")),
        )
        .add(desk.button(sender, "help", PlainButton("help")))
        .done()
    )


def _member_rows(desk: Desk, sender: Sender, *, may_start: bool) -> tuple[tuple[Button, ...], ...]:
    rows = Rows()
    if may_start:
        rows.add(desk.button(sender, "start", PlainButton("start")))
    rows.add(
        desk.button(sender, "practice", PlainButton("practice")),
        desk.button(sender, "result", PlainButton("result")),
    )
    rows.add(
        desk.button(sender, "rules", PlainButton("rules", "1")),
        desk.button(sender, "data", PlainButton("data")),
    )
    rows.add(
        desk.button(sender, "family", PlainButton("family")),
        desk.button(sender, "help", PlainButton("help")),
    )
    return rows.done()
