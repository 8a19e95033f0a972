"""A resident at the paper: taps and typed text become orders, transitions are committed first.

The rules are the engine's (`scoring.attempt`); the order of things here is load, ask, save,
reply. SQL decides which transition a view takes (FAULTS R2).
"""

from dataclasses import replace

from handlers.buttons import PaperButton
from handlers.desk import Desk
from handlers.fields import Refused, read_guess, read_letter, read_place
from handlers.home import ended_reply, ended_screen, home_button
from handlers.incoming import Attachment, Incoming, Text
from handlers.paper_screen import know_name, letters_of, paper_screen
from handlers.receipt import receipt_again, receipt_reply
from handlers.records import Event, FinishAttempt, Move, Session
from handlers.rendering import number_shown
from handlers.reply import Effect, Place, Reply, Rows, Screen
from scoring.attempt import (
    ENDINGS,
    MAX_GUESS,
    Act,
    Order,
    Refusal,
    Stage,
    Transition,
    advance,
    decide,
)
from scoring.contest import Phase
from scoring.deadline import ending_of

_TOASTS = {
    Refusal.STALE_VIEW: "stale_view",
    Refusal.NOT_HERE: "not_here",
    Refusal.NO_SUCH_CHOICE: "no_such_choice",
    Refusal.OVERDUE: "overdue",
    Refusal.ENDED: "ended",
}


async def press(desk: Desk, incoming: Incoming, button: PaperButton) -> Reply:
    """A tap on a paper's button."""
    session = await desk.sessions.load(incoming.sender)
    if session is not None and session.is_helped:
        await know_name(desk, session)
    if session is not None and _led_here(session, button) and not _is_over(desk, incoming, session):
        # The platform delivered it again: no words, and nothing that SQL would have to say.
        return Reply((_present(desk, incoming, session),), effect=Effect.REPEATED)
    session = await _session_at(desk, incoming, session, button)
    if session is None:
        return await _answer_ended(desk, incoming, button)
    if button.view != session.attempt.view:
        return await _answer_stale(desk, incoming, session, button)
    if _is_double_tap(desk, incoming, session, button):
        return Reply(toast=desk.text("toast.double_tap"), effect=Effect.DOUBLE_TAP)
    order = Order(button.act, button.choice, button.view)
    return await _carry_out(desk, incoming, session, order)


async def typed(desk: Desk, incoming: Incoming, session: Session) -> Reply:
    """Text or anything else sent while a paper is open; the paper follows at the bottom."""
    order = _order_of(desk, incoming, session)
    if isinstance(order, str):
        event = _event_of(incoming)
        if event is not None and await desk.people.was_taken(event):
            return await _answer_repeated(desk, incoming)
        screens = (Screen(order, place=Place.BELOW), _below(desk, incoming, session))
        return Reply(screens, effect=Effect.REFUSED)
    return await _carry_out(desk, incoming, session, order)


async def _carry_out(desk: Desk, incoming: Incoming, session: Session, order: Order) -> Reply:
    refusal = _refusal_now(desk, incoming)
    if refusal is not None:
        return _refused(desk, incoming, session, refusal)
    if _is_over(desk, incoming, session):
        # Time given back stands in SQL first: nobody is told that it is up before it was asked.
        fresh = await _reloaded(desk, incoming)
        if fresh is None or _is_over(desk, incoming, fresh):
            return await _answer_overdue(desk, incoming)
        session = fresh
    transition = decide(session.attempt, order, incoming.received_at)
    if isinstance(transition, Refusal):
        return _refused(desk, incoming, session, f"toast.{_TOASTS[transition]}")
    if transition.act is Act.SUBMIT:
        return await _submit(desk, incoming, session)
    return await _record(desk, incoming, session, transition)


async def _record(
    desk: Desk, incoming: Incoming, session: Session, transition: Transition
) -> Reply:
    desk.decided(incoming)
    standing = await desk.attempts.record(transition, _event_of(incoming))
    if isinstance(standing, Move):
        return await _answer_repeated(desk, incoming)
    if standing is not None:
        return await _answer_standing(desk, incoming, standing, transition)
    moved = Session(
        session.account,
        advance(session.attempt, transition),
        moved_ms=incoming.received_ms,
        moved_choice=_choice_pressed(transition),
        is_helped=session.is_helped,
    )
    desk.sessions.keep(incoming.sender, moved)
    return Reply((_present(desk, incoming, moved),), effect=Effect.STEP)


async def _submit(desk: Desk, incoming: Incoming, session: Session) -> Reply:
    desk.decided(incoming)
    finished = await desk.attempts.finish(
        FinishAttempt(
            session,
            Act.SUBMIT,
            incoming.received_at,
            desk.contest.bank,
            desk.contest.timeline,
        )
    )
    if finished is None:
        again = await receipt_again(desk, incoming, session.attempt.id)
        if again is not None:
            return replace(again, effect=Effect.REPEATED)
        return await _answer_superseded(desk, incoming)
    desk.sessions.drop(incoming.sender)
    return replace(await receipt_reply(desk, incoming, finished), effect=Effect.STEP)


async def _reloaded(desk: Desk, incoming: Incoming) -> Session | None:
    """The session as SQL has it, with all that its screens need."""
    session = await desk.sessions.reload(incoming.sender)
    if session is not None:
        await know_name(desk, session)
    return session


async def _session_at(
    desk: Desk, incoming: Incoming, session: Session | None, button: PaperButton
) -> Session | None:
    """The session if it fits the button; else what SQL says, before anyone is told (DESIGN §6)."""
    if session is None:
        return None
    if session.attempt.id == button.attempt and session.attempt.view == button.view:
        return session
    fresh = await _reloaded(desk, incoming)
    if fresh is None or fresh.attempt.id != button.attempt:
        return None
    if fresh.attempt.view == session.attempt.view:
        # What SQL does not know: which tap led here, for the double tap.
        desk.sessions.keep(incoming.sender, session)
        return session
    return fresh


async def _answer_stale(
    desk: Desk, incoming: Incoming, session: Session, button: PaperButton
) -> Reply:
    """A button of another view changes nothing; the same tap again needs no words (R2)."""
    standing = await desk.attempts.recorded_at(session.attempt.id, button.view)
    screens = (_present(desk, incoming, session),)
    if standing is not None and _same_press(standing, button):
        return Reply(screens, effect=Effect.REPEATED)
    return Reply(screens, desk.text("toast.stale_view"), effect=Effect.STALE)


async def _answer_standing(
    desk: Desk, incoming: Incoming, standing: Transition, asked: Transition
) -> Reply:
    """The view was taken already: by this very input before, by another, or by the sweeper."""
    session = await _reloaded(desk, incoming)
    if session is None:
        late = standing.act in ENDINGS and asked.act not in ENDINGS
        toast = desk.text("toast.overdue" if late else "toast.ended")
        return replace(await ended_reply(desk, incoming, toast), effect=Effect.REFUSED)
    if (standing.act, standing.choice) == (asked.act, asked.choice):
        return Reply((_present(desk, incoming, session),), effect=Effect.REPEATED)
    return _refused(desk, incoming, session, "toast.stale_view")


async def _answer_repeated(desk: Desk, incoming: Incoming) -> Reply:
    """The same typed text delivered again: the present screen again (R2)."""
    session = await _reloaded(desk, incoming)
    if session is None:
        return replace(await ended_reply(desk, incoming, ""), effect=Effect.REPEATED)
    return Reply((_below(desk, incoming, session),), effect=Effect.REPEATED)


async def _answer_superseded(desk: Desk, incoming: Incoming) -> Reply:
    session = await _reloaded(desk, incoming)
    if session is None:
        toast = desk.text("toast.ended")
        return replace(await ended_reply(desk, incoming, toast), effect=Effect.STALE)
    return _refused(desk, incoming, session, "toast.stale_view")


async def _answer_ended(desk: Desk, incoming: Incoming, button: PaperButton) -> Reply:
    """No open attempt fits the button: the submission again shows its receipt again (R2)."""
    if button.act is Act.SUBMIT:
        receipt = await receipt_again(desk, incoming, button.attempt)
        if receipt is not None:
            return replace(receipt, effect=Effect.REPEATED)
    return await _answer_superseded(desk, incoming)


async def _answer_overdue(desk: Desk, incoming: Incoming) -> Reply:
    """Too late: in a toast on a tap, in a message on typed text."""
    text = desk.text("toast.overdue")
    if isinstance(incoming.content, Text | Attachment):
        rows = Rows().add(home_button(desk, incoming.sender))
        return Reply((Screen(text, rows.done(), Place.BELOW),), effect=Effect.REFUSED)
    return Reply((ended_screen(desk, incoming.sender),), text, effect=Effect.REFUSED)


def _refused(desk: Desk, incoming: Incoming, session: Session, entry: str) -> Reply:
    """A refusal in words: a toast on a tap, a message before the paper on typed text."""
    text = desk.text(entry)
    effect = Effect.STALE if entry == "toast.stale_view" else Effect.REFUSED
    if isinstance(incoming.content, Text | Attachment):
        screens = (Screen(text, place=Place.BELOW), _below(desk, incoming, session))
        return Reply(screens, effect=effect)
    return Reply((_present(desk, incoming, session),), text, effect=effect)


def _refusal_now(desk: Desk, incoming: Incoming) -> str | None:
    phase = desk.contest.timeline.phase_at(incoming.received_at)
    return "toast.paused" if phase is Phase.PAUSED else None


def _is_over(desk: Desk, incoming: Incoming, session: Session) -> bool:
    return ending_of(session.attempt, desk.contest.timeline, incoming.received_at) is not None


def _is_double_tap(desk: Desk, incoming: Incoming, session: Session, button: PaperButton) -> bool:
    """A second tap on the same place right after a new question appeared (FAULTS T35)."""
    if session.moved_choice is None or session.attempt.stage is not Stage.QUESTION:
        return False
    elapsed_ms = incoming.received_ms - session.moved_ms
    is_same = _pressed(button) == session.moved_choice
    return is_same and 0 <= elapsed_ms < desk.customs.double_tap_ms


def _pressed(button: PaperButton) -> int | None:
    """What was pressed, as the double tap compares it (`_choice_pressed`)."""
    return button.choice if button.act is Act.ANSWER else -button.act


def _led_here(session: Session, button: PaperButton) -> bool:
    """Whether the button is the one whose press made the present view."""
    attempt = session.attempt
    if (button.attempt, button.view) != (attempt.id, attempt.view - 1):
        return False
    return _pressed(button) == session.moved_choice


def _choice_pressed(transition: Transition) -> int:
    """Which button it was, as the double tap compares it: a letter's number, or minus the act."""
    if transition.act is Act.ANSWER and transition.choice is not None:
        return transition.choice
    return -(Act.FORWARD if transition.act is Act.SKIP else transition.act)


def _same_press(standing: Transition, button: PaperButton) -> bool:
    if button.act is Act.ANSWER:
        return standing.act is Act.ANSWER and standing.choice == button.choice
    if button.act is Act.BACK and button.choice is not None:
        return (standing.act, standing.place) == (Act.BACK, button.choice)
    return standing.act is button.act or (standing.act, button.act) == (Act.SKIP, Act.FORWARD)


def _order_of(desk: Desk, incoming: Incoming, session: Session) -> Order | str:
    """The order that typed text means at the present place, or the words that ask for one."""
    attempt = session.attempt
    text = incoming.content.text if isinstance(incoming.content, Text) else ""
    if attempt.stage is Stage.QUESTION:
        choice = read_letter(text)
        if choice is None:
            return desk.text("paper.type_letter", letters=letters_of(attempt))
        return Order(Act.ANSWER, choice)
    if attempt.stage is Stage.PREDICTION:
        guess = read_guess(text)
        if isinstance(guess, Refused):
            return desk.text(guess.entry, limit=number_shown(MAX_GUESS))
        return Order(Act.PREDICT, guess)
    place = read_place(text, attempt.size)
    return desk.text("paper.press_submit") if place is None else Order(Act.BACK, place)


def _event_of(incoming: Incoming) -> Event | None:
    """Typed text is kept by its event; a tap by its view."""
    if isinstance(incoming.content, Text):
        return Event(incoming.sender.channel, incoming.event)
    return None


def _present(desk: Desk, incoming: Incoming, session: Session) -> Screen:
    """The paper in place of the tapped message, or below typed text."""
    place = Place.BELOW if isinstance(incoming.content, Text | Attachment) else Place.HERE
    return paper_screen(desk, incoming.sender, session, incoming.received_at, place)


def _below(desk: Desk, incoming: Incoming, session: Session) -> Screen:
    return paper_screen(desk, incoming.sender, session, incoming.received_at, Place.BELOW)
