"""After the paper: the receipt, the question about publishing the name, one's own results."""

from handlers.buttons import PlainButton
from handlers.desk import Desk
from handlers.home import home_button, is_over, visit
from handlers.incoming import Incoming
from handlers.paper_screen import running_row
from handlers.records import (
    AttemptFinished,
    AttemptRecord,
    Consent,
    RecordConsent,
    Visitor,
)
from handlers.reply import Place, Reply, Rows, Screen
from scoring.attempt import Act
from scoring.deadline import due_of
from scoring.grading import is_participation

PUBLISH_PURPOSE = "publish_name"
SHOWN_RESULTS = 20
"""Attempts in one's own list: more would outgrow what one message holds."""


async def receipt_reply(desk: Desk, incoming: Incoming, finished: AttemptFinished) -> Reply:
    """Score, time and attempt; then, once a person, whether the name may be published."""
    attempt = finished.attempt
    record = AttemptRecord(
        id=attempt.id,
        number=attempt.number,
        opened_at=attempt.opened_at,
        ended_at=attempt.ended_at,
        end=attempt.ended_by,
        grade=finished.grade,
        duration_ms=finished.duration_ms,
        min_answers=finished.min_answers,
        guess=attempt.guess,
    )
    return _receipt(desk, incoming, await visit(desk, incoming), record)


async def receipt_again(desk: Desk, incoming: Incoming, attempt: int) -> Reply | None:
    """The receipt of a submitted attempt of this person; None: it is not his, or not submitted."""
    visitor = await visit(desk, incoming)
    if visitor.participant is None or visitor.session is not None:
        return None
    records = await desk.attempts.of_person(visitor.participant.number)
    submitted = [one for one in records if one.id == attempt and one.end is Act.SUBMIT]
    return _receipt(desk, incoming, visitor, submitted[0]) if submitted else None


def _receipt(desk: Desk, incoming: Incoming, visitor: Visitor, record: AttemptRecord) -> Reply:
    rows = Rows().add(
        desk.button(incoming.sender, "result", PlainButton("result")),
        home_button(desk, incoming.sender),
    )
    screens = [Screen(_receipt_text(desk, visitor, record), rows.done())]
    if visitor.participant is not None and visitor.participant.is_publishing_name is None:
        screens.append(_publish_screen(desk, incoming))
    return Reply(tuple(screens))


async def publish(desk: Desk, incoming: Incoming, argument: str) -> Reply:
    """The pressed answer to the question about publishing the name."""
    visitor = await visit(desk, incoming)
    if visitor.participant is None:
        return Reply(toast=desk.text("toast.old_button"))
    is_given = argument == "yes"
    consent = Consent(PUBLISH_PURPOSE, desk.customs.consent_version, is_given, incoming.received_at)
    await desk.people.consent(RecordConsent(visitor.account, visitor.participant.number, consent))
    entry = "paper.publish_given" if is_given else "paper.publish_refused"
    rows = Rows().add(home_button(desk, incoming.sender))
    return Reply((Screen(desk.text(entry), rows.done()),))


async def show_results(desk: Desk, incoming: Incoming, place: Place) -> Reply:
    visitor = await visit(desk, incoming)
    if visitor.participant is None:
        text = desk.text("home.not_registered")
    else:
        records = await desk.attempts.of_person(visitor.participant.number)
        text = _results_text(desk, incoming, visitor, records)
    if visitor.session is not None:
        return Reply((Screen(text, (running_row(desk, incoming.sender),), Place.BELOW),))
    rows = Rows().add(home_button(desk, incoming.sender))
    return Reply((Screen(text, rows.done(), place),))


def _receipt_text(desk: Desk, visitor: Visitor, record: AttemptRecord) -> str:
    grade = record.grade
    participant = visitor.participant
    return desk.text(
        "paper.receipt",
        name="" if participant is None else participant.data.name,
        person="" if participant is None else participant.number,
        number=record.number,
        correct=grade.correct,
        size=grade.size,
        duration=desk.rendering.duration(record.duration_ms),
        guess=record.guess,
        ended="" if record.ended_at is None else desk.rendering.moment(record.ended_at),
        is_participation=is_participation(grade.answered, record.min_answers),
        min_answers=record.min_answers,
    )


def _publish_screen(desk: Desk, incoming: Incoming) -> Screen:
    rows = Rows().add(
        desk.button(incoming.sender, "publish_yes", PlainButton("publish", "yes")),
        desk.button(incoming.sender, "publish_no", PlainButton("publish", "no")),
    )
    return Screen(desk.text("paper.publish"), rows.done(), Place.BELOW)


def _results_text(
    desk: Desk, incoming: Incoming, visitor: Visitor, records: tuple[AttemptRecord, ...]
) -> str:
    if visitor.participant is None or not records:
        return desk.text("result.none")
    lines = [_line(desk, incoming, visitor, record) for record in records[-SHOWN_RESULTS:]]
    title = desk.text("result.title", person=visitor.participant.number)
    if len(records) > len(lines):
        title += "\n" + desk.text("result.earlier", count=len(records) - len(lines))
    closing = desk.text("result.closing", is_over=is_over(desk, incoming.received_at))
    return "\n\n".join([title, *lines, closing])


def _line(desk: Desk, incoming: Incoming, visitor: Visitor, record: AttemptRecord) -> str:
    if record.end is None or record.ended_at is None:
        return desk.text(
            "result.line_open", number=record.number, due=_due(desk, incoming, visitor)
        )
    return desk.text(
        "result.line",
        number=record.number,
        correct=record.grade.correct,
        size=record.grade.size,
        duration=desk.rendering.duration(record.duration_ms),
        end=desk.text(f"result.end_{Act(record.end).name.lower()}"),
        ended=desk.rendering.moment(record.ended_at),
        is_void=record.void_doc is not None,
        doc=record.void_doc or "",
        is_participation=is_participation(record.grade.answered, record.min_answers),
        min_answers=record.min_answers,
    )


def _due(desk: Desk, incoming: Incoming, visitor: Visitor) -> str:
    if visitor.session is None:
        return ""
    timeline = desk.contest.timeline
    return desk.rendering.time(due_of(visitor.session.attempt, timeline, incoming.received_at))
