"""How a person looks to staff: masked, with attempts and voids, and never with what was right.

DESIGN §4: during the contest nobody sees scores; these screens show none at any time.
"""

from collections.abc import Sequence

from markupsafe import Markup

from handlers.desk import Desk
from handlers.home import unit_title
from handlers.masking import born_masked, name_masked, phone_masked
from handlers.office_persons import EXCLUDED, PersonFile, SeenAttempt, StandingVoid
from handlers.records import Participant, PersonNumber
from handlers.rendering import phone_shown
from handlers.reply import Button, Place, Reply, Rows, Screen
from handlers.staff import Staff, screen_of
from scoring.deadline import due_of
from scoring.instant import MINUTE_MS

DEED = "timnguoi"
MOST_ATTEMPTS = 20
"""Of more the latest are shown: one message holds no more."""


async def person_reply(staff: Staff, number: int, toast: str = "") -> Reply:
    """The person as he stands now, with a door to everything that may be done."""
    file = await staff.desk.office.persons.file_of(number)
    if file is None:
        return screen_of(staff, "person.none", _search_rows(staff), number=number)
    if file.participant is None:
        return screen_of(staff, "person.erased", _search_rows(staff), number=number)
    facts = await _facts(staff, file, file.participant)
    shown = screen_of(staff, "person.shown", _rows(staff, file), **facts)
    return Reply(shown.screens, toast)


def found_line(staff: Staff, one: Participant) -> str:
    """One person of a list, masked."""
    return staff.text("person.line", number=one.number, **_masked(staff, one))


def full_screen(staff: Staff, one: Participant) -> Screen:
    """Everything, in a message that the platform lets nobody forward."""
    data = one.data
    text = staff.text(
        "person.full",
        number=one.number,
        name=data.name,
        born=data.born,
        phone=phone_shown(data.phone),
        unit=unit_title(staff.desk, one),
        audience=staff.desk.customs.audiences.get(data.audience or ""),
        guardian=phone_shown(data.guardian_phone) if data.guardian_phone else None,
    )
    rows = Rows().add(back_button(staff, one.number))
    return Screen(text, rows.done(), Place.BELOW, is_protected=True)


def told(staff: Staff, person: int, entry: str, **arguments: object) -> Reply:
    """What became of a deed, with the way back to the person."""
    return screen_of(staff, entry, Rows().add(back_button(staff, person)), **arguments)


def back_button(staff: Staff, number: int) -> Button:
    return staff.labelled(staff.text("button.person_back", number=number), DEED, str(number))


def why_text(desk: Desk, code: str) -> str:
    """The words of a void's code; a code of another version as it is."""
    entry = f"button.void_why_{code}"
    return desk.text(entry) if desk.catalogue.has(entry) else code


async def _facts(staff: Staff, file: PersonFile, one: Participant) -> dict[str, object]:
    old = staff.desk.units.find(file.moved_from) if file.moved_from else None
    return {
        "number": file.number,
        **_masked(staff, one),
        "is_verified": one.data.is_phone_verified,
        "moved_from": file.moved_from if old is None else old.title,
        "relation": staff.text(f"statistics.relation_{one.relation.value}"),
        "channel": staff.text(f"statistics.channel_{file.channel}"),
        "registered": staff.desk.rendering.moment(one.registered_at),
        "is_flagged": file.is_flagged,
        "attempts": await _attempts(staff, file),
        "voids": _joined([_void_line(staff, one) for one in file.voids]),
    }


def _masked(staff: Staff, one: Participant) -> dict[str, object]:
    return {
        "name": name_masked(one.data.name),
        "born": born_masked(one.data.born),
        "phone": phone_masked(one.data.phone),
        "unit": unit_title(staff.desk, one),
    }


async def _attempts(staff: Staff, file: PersonFile) -> Markup:
    due = ""
    if any(one.end is None for one in file.attempts):
        due = await _due(staff, file.number)
    shown = file.attempts[-MOST_ATTEMPTS:]
    return _joined([_attempt_line(staff, one, due) for one in shown])


async def _due(staff: Staff, person: PersonNumber) -> str:
    """When the paper under way is to be handed in, by what is decided and given so far."""
    attempt = await staff.desk.office.extra_times.open_paper(person)
    if attempt is None:
        return ""
    timeline = staff.desk.contest.timeline
    return staff.desk.rendering.time(due_of(attempt, timeline, staff.incoming.received_at))


def _attempt_line(staff: Staff, one: SeenAttempt, due: str) -> str:
    moment = staff.desk.rendering.moment
    return staff.text(
        "person.attempt",
        number=one.number,
        opened=moment(one.opened_at),
        end=None if one.end is None else staff.text(f"result.end_{one.end.name.lower()}"),
        ended="" if one.ended_at is None else moment(one.ended_at),
        due=due,
        answered=one.answered,
        extra=one.extra_ms // MINUTE_MS,
    )


def _void_line(staff: Staff, one: StandingVoid) -> str:
    facts = {
        "why": why_text(staff.desk, one.why),
        "doc": one.doc,
        "at": staff.desk.rendering.moment(one.at),
    }
    if one.attempt:
        return staff.text("person.void_attempt", number=one.attempt, **facts)
    return staff.text("person.void_person", **facts)


def _joined(lines: Sequence[str]) -> Markup:
    # Each line is the catalogue's own, escaped there.
    return Markup("\n").join(lines)


def _rows(staff: Staff, file: PersonFile) -> Rows:
    number = str(file.number)
    doors = [staff.door("person_full", DEED, f"full {number}")]
    doors.append(staff.door("person_fix", DEED, f"fix {number}"))
    doors.append(staff.door("person_void", DEED, f"void {number}"))
    if any(one.why != EXCLUDED for one in file.voids):
        doors.append(staff.door("person_restore", DEED, f"restore {number}"))
    if any(one.end is None for one in file.attempts):
        doors.append(staff.door("person_extra", DEED, f"extra {number}"))
    return Rows().grid(doors, 2).add(staff.door("person_search", DEED))


def _search_rows(staff: Staff) -> Rows:
    return Rows().add(staff.door("person_search", DEED))
