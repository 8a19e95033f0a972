"""Giving an open paper more time: how much, why, and what the new limit is, asked twice."""

from dataclasses import replace

from handlers import fields
from handlers.fields import Refused, read_reason
from handlers.office_persons import Given, GiveTime
from handlers.office_roles import Ordered
from handlers.person_screens import DEED, person_reply, told
from handlers.records import PersonNumber
from handlers.reply import Button, Reply, Rows
from handlers.staff import Staff, StaffDialogue, ask, screen_of
from scoring.attempt import Attempt
from scoring.deadline import due_of, ending_of
from scoring.instant import MINUTE_MS, Instant

DIALOGUE = "extra_time"
MOST_MINUTES = 60
OFFERED = (5, 10, 15, 30)


async def begin(staff: Staff, number: int) -> Reply:
    attempt = await _running(staff, number)
    if attempt is None:
        return told(staff, number, "extra.not_open", number=number)
    draft: dict[str, object] = {"person": number, "attempt": attempt.number}
    at = await ask(staff, DIALOGUE, draft)
    if at is None:
        return await person_reply(staff, number)
    rows = Rows().grid([_offered(at, minutes) for minutes in OFFERED], 2)
    facts = {"number": number, "attempt": attempt.number, "most": MOST_MINUTES}
    return screen_of(at, "extra.minutes", rows, due=_due(staff, attempt, 0), **facts)


async def typed(staff: Staff, text: str) -> Reply:
    """The minutes, then the reason."""
    if not _number(staff, "minutes"):
        return await _take_minutes(staff, fields.typed(text))
    why = read_reason(text)
    if isinstance(why, Refused):
        return screen_of(staff, why.entry)
    return await _sure(staff, why)


async def pressed(staff: Staff, choice: str) -> Reply:
    what, _, value = choice.partition("=")
    if what == "minutes":
        return await _take_minutes(staff, value)
    if what == "sure" and staff.visitor.dialogue.draft.get("why"):
        return await _give(staff)
    return await person_reply(staff, _number(staff, "person"))


GIVING = StaffDialogue(DEED, typed, pressed)


async def _take_minutes(staff: Staff, text: str) -> Reply:
    is_number = text.isascii() and text.isdecimal() and len(text) < len("100")
    if not is_number or not 1 <= int(text) <= MOST_MINUTES:
        return screen_of(staff, "extra.minutes_invalid", most=MOST_MINUTES)
    draft = dict(staff.visitor.dialogue.draft)
    at = await ask(staff, DIALOGUE, draft | {"minutes": int(text)})
    if at is None:
        return await person_reply(staff, _number(staff, "person"))
    return screen_of(at, "person.why")


async def _sure(staff: Staff, why: str) -> Reply:
    number = _number(staff, "person")
    attempt = await _running(staff, number)
    if attempt is None:
        return told(staff, number, "extra.not_open", number=number)
    minutes = _number(staff, "minutes")
    before, after = _due(staff, attempt, 0), _due(staff, attempt, minutes)
    at = await ask(staff, DIALOGUE, {**staff.visitor.dialogue.draft, "why": why})
    if at is None:
        return await person_reply(staff, number)
    rows = Rows().add(at.press("extra_yes", "sure")).add(at.press("not_now", "no"))
    facts = {"number": number, "attempt": attempt.number, "minutes": minutes, "why": why}
    return screen_of(at, "extra.sure", rows, before=before, after=after, **facts)


async def _give(staff: Staff) -> Reply:
    number, attempt = _number(staff, "person"), _number(staff, "attempt")
    minutes, why = _number(staff, "minutes"), str(staff.visitor.dialogue.draft["why"])
    subject = f"person:{number}"
    entry = staff.entry("person.extra", subject, why, attempt=attempt, minutes=minutes)
    order = GiveTime(
        PersonNumber(number),
        attempt,
        minutes * MINUTE_MS,
        staff.desk.contest.timeline,
        Ordered(entry, staff.visitor.dialogue.step),
    )
    outcome = await staff.desk.office.extra_times.give(order)
    if outcome is Given.ENDED:
        return told(staff, number, "extra.not_open", number=number)
    if outcome is not Given.DONE:
        return told(staff, number, f"extra.{outcome.value}")
    running = await _running(staff, number)
    due = "" if running is None else _due(staff, running, 0)
    return told(staff, number, "extra.done", minutes=minutes, due=due)


async def _running(staff: Staff, number: int) -> Attempt | None:
    """The person's paper, if its time is not up."""
    attempt = await staff.desk.office.extra_times.open_paper(PersonNumber(number))
    if attempt is None:
        return None
    timeline, now = staff.desk.contest.timeline, staff.incoming.received_at
    return attempt if ending_of(attempt, timeline, now) is None else None


def _due(staff: Staff, attempt: Attempt, minutes: int) -> str:
    longer = replace(attempt, extra_ms=attempt.extra_ms + minutes * MINUTE_MS)
    timeline, now = staff.desk.contest.timeline, staff.incoming.received_at
    return staff.desk.rendering.time(Instant(due_of(longer, timeline, now)))


def _offered(staff: Staff, minutes: int) -> Button:
    label = staff.text("button.extra_minutes", minutes=minutes)
    return staff.press_labelled(label, f"minutes={minutes}")


def _number(staff: Staff, name: str) -> int:
    value = staff.visitor.dialogue.draft.get(name)
    return value if isinstance(value, int) else 0
