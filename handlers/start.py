"""Opening an attempt: what to know first, then the first question."""

from handlers.buttons import PlainButton
from handlers.desk import Desk
from handlers.home import (
    home_button,
    home_screen,
    is_over,
    open_paper_screen,
    refusal_text,
    start_refusal,
    visit,
)
from handlers.incoming import Incoming
from handlers.paper_screen import know_name, paper_screen
from handlers.records import AttemptNotStarted, AttemptStarted, StartAttempt, Visitor
from handlers.reply import Place, Reply, Rows, Screen
from question_bank.draw import draw_paper
from scoring.instant import MINUTE_MS, Instant, day_start
from scoring.limits import StartRefusal


async def show_intro(desk: Desk, incoming: Incoming, place: Place) -> Reply:
    """What a paper is, with the button that starts its clock; or why there is none now."""
    visitor = await visit(desk, incoming)
    now = incoming.received_at
    if visitor.session is not None:
        return Reply((open_paper_screen(desk, incoming.sender, visitor.session, now, place),))
    if visitor.participant is None and not is_over(desk, now):
        return _not_registered(desk, incoming, place)
    refusal = start_refusal(desk, visitor, now)
    if refusal is not None:
        return _refused(desk, incoming, refusal, place)
    return Reply((_intro(desk, incoming, visitor.history.attempts + 1, place),))


async def begin(desk: Desk, incoming: Incoming, argument: str) -> Reply:
    """The pressed "Bắt đầu làm bài" of attempt number `argument`."""
    visitor = await visit(desk, incoming)
    if visitor.session is not None:
        return Reply((home_screen(desk, incoming, visitor),))
    number = visitor.history.attempts + 1
    refusal = start_refusal(desk, visitor, incoming.received_at)
    is_fresh = argument == str(number)
    if visitor.participant is None or refusal is not None or not is_fresh:
        return await show_intro(desk, incoming, Place.HERE)
    outcome = await desk.attempts.start(_order(desk, incoming, visitor, number))
    if isinstance(outcome, AttemptNotStarted):
        if outcome.refusal is not None:
            return _refused(desk, incoming, outcome.refusal, Place.HERE)
        return await show_intro(desk, incoming, Place.HERE)
    return await _opened(desk, incoming, outcome)


def _refused(desk: Desk, incoming: Incoming, refusal: StartRefusal, place: Place) -> Reply:
    rows = Rows().add(
        desk.button(incoming.sender, "practice", PlainButton("practice")),
        home_button(desk, incoming.sender),
    )
    text = refusal_text(desk, refusal, incoming.received_at)
    return Reply((Screen(text, rows.done(), place),))


async def _opened(desk: Desk, incoming: Incoming, outcome: AttemptStarted) -> Reply:
    desk.sessions.keep(incoming.sender, outcome.session)
    await know_name(desk, outcome.session)
    now = incoming.received_at
    return Reply((paper_screen(desk, incoming.sender, outcome.session, now),))


def _order(desk: Desk, incoming: Incoming, visitor: Visitor, number: int) -> StartAttempt:
    if visitor.participant is None:
        raise ValueError("only a participant opens an attempt")
    contest, now = desk.contest, incoming.received_at
    person = visitor.participant.number
    return StartAttempt(
        account=visitor.account,
        person=person,
        number=number,
        paper=draw_paper(contest.draw_key, contest.bank, contest.rules.draw, person, number),
        commitments=contest.commitments,
        at=now,
        due=_due(desk, now),
        day_start=day_start(now),
        limits=contest.rules.limits,
        is_helped=visitor.participant.is_helped,
    )


def _due(desk: Desk, now: Instant) -> Instant:
    """The paper's limit, never beyond closing (rules 5.2)."""
    closes = desk.contest.timeline.window_at(now).closes
    return Instant(min(closes, now + desk.contest.rules.minutes * MINUTE_MS))


def _intro(desk: Desk, incoming: Incoming, number: int, place: Place) -> Screen:
    rules = desk.contest.rules
    text = desk.text("paper.intro", number=number, size=rules.paper_size, minutes=rules.minutes)
    rows = Rows().add(desk.button(incoming.sender, "begin", PlainButton("begin", str(number))))
    return Screen(text, rows.add(home_button(desk, incoming.sender)).done(), place)


def _not_registered(desk: Desk, incoming: Incoming, place: Place) -> Reply:
    rows = Rows().add(desk.button(incoming.sender, "register", PlainButton("register")))
    rows.add(desk.button(incoming.sender, "practice", PlainButton("practice")))
    return Reply((Screen(desk.text("home.not_registered"), rows.done(), place),))
