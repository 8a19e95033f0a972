"""Correcting a person's data on request: a field, its new value, why, and a second press.

What is typed is checked as at registration; whether it fits everybody else is decided in SQL.
"""

from dataclasses import dataclass, replace

from handlers.correction import (
    AUDIENCE,
    FIELD,
    FIELDS,
    GUARDIAN,
    SURE,
    WHY,
    Correction,
    correction_from,
)
from handlers.desk import Desk
from handlers.fields import (
    MAX_NAME,
    OLDEST_BORN,
    Refused,
    read_born,
    read_name,
    read_phone,
    read_reason,
)
from handlers.masking import born_masked, name_masked, phone_masked
from handlers.office_persons import Corrected, CorrectPerson
from handlers.office_roles import Ordered
from handlers.person_screens import DEED, person_reply, told
from handlers.records import PersonalData, PersonNumber
from handlers.rendering import phone_shown
from handlers.reply import Reply, Rows
from handlers.staff import Staff, StaffDialogue, ask, screen_of
from scoring.contest import Phase

DIALOGUE = "fix_person"
FOUND = 8


@dataclass(frozen=True, slots=True)
class _Turn:
    """One input to a correction."""

    staff: Staff
    correction: Correction

    @property
    def desk(self) -> Desk:
        return self.staff.desk

    @property
    def person(self) -> PersonNumber:
        return self.correction.one.number

    @property
    def data(self) -> PersonalData:
        return self.correction.one.data

    @property
    def year(self) -> int:
        return self.desk.rendering.year(self.staff.incoming.received_at)

    @property
    def asked(self) -> str:
        return self.correction.asked(self.desk.units, self.year)

    @property
    def changes(self) -> dict[str, object]:
        return self.correction.all_changes(self.desk.units, self.year)


async def begin(staff: Staff, number: int) -> Reply:
    file = await staff.desk.office.persons.file_of(number)
    if file is None or file.participant is None:
        return await person_reply(staff, number)
    return await _go_on(_Turn(staff, Correction(file.participant)))


async def typed(staff: Staff, text: str) -> Reply:
    turn = await _turn_of(staff)
    if isinstance(turn, Reply):
        return turn
    if turn.asked == "unit":
        return _units_found(turn, text)
    value = _read(turn, text)
    if value is None:
        return screen_of(staff, "person.press_first")
    if isinstance(value, Refused):
        return _refusal(turn, value)
    if turn.asked == WHY:
        return await _go_on(_Turn(staff, replace(turn.correction, why=str(value))))
    return await _given(turn, turn.asked, value)


async def pressed(staff: Staff, choice: str) -> Reply:
    turn = await _turn_of(staff)
    if isinstance(turn, Reply):
        return turn
    what, _, value = choice.partition("=")
    if what == SURE and turn.asked == SURE:
        return await _correct(turn)
    if what == FIELD and value in FIELDS:
        return await _choose(turn, value)
    if what == "unit" and (unit := staff.desk.units.find(value)) is not None:
        return await _given(turn, "unit", unit.code)
    if what == AUDIENCE and value in staff.desk.customs.audiences:
        return await _given(turn, AUDIENCE, value)
    return await person_reply(staff, turn.person)


CORRECTING = StaffDialogue(DEED, typed, pressed)


async def _choose(turn: _Turn, field: str) -> Reply:
    phase = turn.desk.contest.timeline.phase_at(turn.staff.incoming.received_at)
    if field == "unit" and phase not in {Phase.BEFORE, Phase.OPEN, Phase.PAUSED}:
        return told(turn.staff, turn.person, "correcting.closed")
    return await _go_on(_Turn(turn.staff, Correction(turn.correction.one, field)))


async def _given(turn: _Turn, field: str, value: object) -> Reply:
    """A value was said; one that stands already is nothing to correct."""
    correction = turn.correction
    if field == correction.field and getattr(turn.data, field) == value:
        return screen_of(turn.staff, "correcting.same")
    return await _go_on(_Turn(turn.staff, correction.given(field, value)))


async def _go_on(turn: _Turn) -> Reply:
    """Keep what was said, then ask what comes next."""
    at = await ask(turn.staff, DIALOGUE, turn.correction.as_dict())
    if at is None:
        return await person_reply(turn.staff, turn.person)
    now = replace(turn, staff=at)
    if now.asked == FIELD:
        return _fields(now)
    if now.asked == WHY:
        return screen_of(at, "person.why")
    if now.asked == SURE:
        return _sure(now)
    rows = Rows()
    if now.asked == AUDIENCE:
        for key, label in now.desk.customs.audiences.items():
            rows.add(at.press_labelled(label, f"{AUDIENCE}={key}"))
    entry = "guardian" if now.asked == GUARDIAN else now.asked
    return screen_of(at, f"correcting.ask_{entry}", rows)


def _fields(turn: _Turn) -> Reply:
    rows = Rows().grid([turn.staff.press(f"fix_{one}", f"{FIELD}={one}") for one in FIELDS], 2)
    return screen_of(turn.staff, "correcting.fields", rows, number=turn.person)


def _sure(turn: _Turn) -> Reply:
    """Before (masked: correcting is no way to look) and after."""
    staff, changes = turn.staff, turn.changes
    rows = Rows().add(staff.press("fix_yes", SURE)).add(staff.press("not_now", "no"))
    guardian = changes.get(GUARDIAN)
    shown = screen_of(
        staff,
        "correcting.sure",
        rows,
        number=turn.person,
        field=staff.text(f"button.fix_{turn.correction.field}"),
        before=_before(turn),
        after=_after(turn, changes[turn.correction.field]),
        audience=staff.desk.customs.audiences.get(str(changes.get(AUDIENCE) or "")),
        guardian=phone_shown(str(guardian)) if guardian else None,
        why=turn.correction.why,
        is_moved=turn.correction.field == "unit",
    )
    return Reply(tuple(replace(screen, is_protected=True) for screen in shown.screens))


async def _correct(turn: _Turn) -> Reply:
    staff, number, changes = turn.staff, turn.person, turn.changes
    entry = staff.entry("person.correct", f"person:{number}", turn.correction.why)
    order = CorrectPerson(
        person=number,
        changes=changes,
        was={field: getattr(turn.data, field) for field in changes} | dict(turn.correction.was),
        year=turn.year,
        family_limit=staff.desk.customs.family_limit,
        ordered=Ordered(entry, staff.visitor.dialogue.step),
    )
    outcome = await staff.desk.office.corrections.correct(order)
    staff.desk.names.pop(number, None)
    arguments: dict[str, object] = {}
    if outcome in {Corrected.DONE, Corrected.GONE}:
        arguments = {"number": number}
    elif outcome is Corrected.FAMILY_FULL:
        arguments = {"limit": staff.desk.customs.family_limit}
    return told(staff, number, f"correcting.{outcome.value}", **arguments)


async def _turn_of(staff: Staff) -> _Turn | Reply:
    """The correction that the open dialogue has come to; a reply where its person is gone."""
    draft = staff.visitor.dialogue.draft
    number = draft.get("person")
    person = number if isinstance(number, int) else 0
    file = await staff.desk.office.persons.file_of(person)
    if file is None or file.participant is None:
        return await person_reply(staff, person)
    return _Turn(staff, correction_from(file.participant, draft))


def _read(turn: _Turn, text: str) -> str | int | Refused | None:
    """What typed text gives to the field that is asked; None: it is answered by buttons."""
    match turn.asked:
        case "name":
            return read_name(text)
        case "born":
            return read_born(text, turn.year, turn.desk.contest.rules.min_age)
        case "phone" | "guardian_phone":
            return read_phone(text)
        case "why":
            return read_reason(text)
    return None


def _refusal(turn: _Turn, refused: Refused) -> Reply:
    arguments: dict[str, object] = {}
    if refused.entry == "register.name_invalid":
        arguments = {"limit": MAX_NAME}
    elif refused.entry == "register.born_invalid":
        last = turn.year - max(turn.desk.contest.rules.min_age, 1)
        arguments = {"first": OLDEST_BORN, "last": last}
    return screen_of(turn.staff, refused.entry, None, **arguments)


def _units_found(turn: _Turn, text: str) -> Reply:
    found = turn.desk.units.search(text, FOUND)
    if not found:
        return screen_of(turn.staff, "correcting.no_unit")
    rows = Rows()
    for unit in found:
        rows.add(turn.staff.press_labelled(unit.title, f"unit={unit.code}"))
    return screen_of(turn.staff, "correcting.units_found", rows, count=len(found))


def _before(turn: _Turn) -> str:
    data = turn.data
    masked = {
        "name": name_masked(data.name),
        "born": born_masked(data.born),
        "phone": phone_masked(data.phone),
    }
    return masked.get(turn.correction.field) or _unit(turn.desk, data.unit)


def _after(turn: _Turn, value: object) -> str:
    if turn.correction.field == "unit":
        return _unit(turn.desk, str(value))
    return phone_shown(str(value)) if turn.correction.field == "phone" else str(value)


def _unit(desk: Desk, code: str) -> str:
    unit = desk.units.find(code)
    return code if unit is None else unit.title
