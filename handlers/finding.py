"""`/timnguoi`: people by number, phone or whole name, masked; shown in full on request, audited.

What was typed is kept in the dialogue's box, so that no page button carries anybody's data.
"""

from collections.abc import Awaitable, Callable, Mapping

from markupsafe import Markup

from handlers import correcting, extra_time, voiding
from handlers.fields import Refused, read_name, read_phone, read_shared_phone, typed
from handlers.masking import name_masked
from handlers.office_persons import PEOPLE_A_PAGE, Found
from handlers.person_screens import DEED, found_line, full_screen, person_reply
from handlers.records import USE, Participant
from handlers.reply import Reply, Rows
from handlers.staff import Staff, StaffDialogue, StaffHandler, ask, screen_of

DIALOGUE = "find_person"
MOST_DIGITS = 9
"""A longer number is nobody's person number."""

LONGEST_NAME = 40
"""Of a longer one its end is shown on a button."""


async def begin(staff: Staff, argument: str) -> Reply:
    """The command with what is looked for, and every button: a number, or `word number`."""
    word, _, number = argument.partition(" ")
    if word in _DOORS and _is_number(number):
        return await _DOORS[word](staff, int(number))
    if argument:
        return await search(staff, argument)
    return await _ask(staff)


async def search(staff: Staff, text: str) -> Reply:
    """What was typed: a person number, a phone in any usual spelling, or a whole name."""
    by, value = _query(text)
    if by == "number":
        return await person_reply(staff, int(value))
    if not by:
        return screen_of(staff, "person.query_invalid")
    at = await ask(staff, DIALOGUE, {"by": by, "query": value})
    return await (_ask(staff) if at is None else _page(at, 1))


async def pressed(staff: Staff, choice: str) -> Reply:
    """A page of what was found."""
    _, _, page = choice.partition("=")
    return await _page(staff, int(page) if _is_number(page) else 1)


async def _ask(staff: Staff) -> Reply:
    at = await ask(staff, DIALOGUE, {})
    return screen_of(at or staff, "person.search")


async def _page(staff: Staff, page: int) -> Reply:
    found, by = await _found(staff, page)
    await staff.desk.office.audit.record(staff.entry(USE, DEED, by=by, found=found.total))
    if not found.people:
        return screen_of(staff, "person.found_none")
    rows = Rows()
    for one in found.people:
        rows.add(staff.labelled(_label(staff, one), DEED, str(one.number)))
    pages = -(-found.total // PEOPLE_A_PAGE)
    if page > 1:
        rows.add(staff.press("page_before", f"page={page - 1}"))
    if page < pages:
        rows.add(staff.press("page_after", f"page={page + 1}"))
    # Each line is the catalogue's own, escaped there.
    lines = Markup("\n\n").join(found_line(staff, one) for one in found.people)
    shown = {"page": page, "pages": pages if pages > 1 else 0}
    return screen_of(staff, "person.found", rows, total=found.total, lines=lines, **shown)


async def _found(staff: Staff, page: int) -> tuple[Found, str]:
    """A page of people, and by what they were looked for."""
    draft, persons = staff.visitor.dialogue.draft, staff.desk.office.persons
    by, query = str(draft.get("by", "")), str(draft.get("query", ""))
    if by == "phone":
        return await persons.by_phone(query, page), by
    if by == "name":
        return await persons.by_name(query, page), by
    return Found(0, ()), by


async def _unmask(staff: Staff, number: int) -> Reply:
    """Everything about a person; that it was looked at has a line of its own first."""
    file = await staff.desk.office.persons.file_of(number)
    if file is None or file.participant is None:
        return await person_reply(staff, number)
    await staff.desk.office.audit.record(staff.entry("person.unmask", f"person:{number}"))
    return Reply((full_screen(staff, file.participant),))


_DOORS: Mapping[str, Callable[[Staff, int], Awaitable[Reply]]] = {
    "full": _unmask,
    "fix": correcting.begin,
    "void": voiding.begin,
    "restore": voiding.begin_restoring,
    "extra": extra_time.begin,
}


def _query(text: str) -> tuple[str, str]:
    """By what somebody is looked for, and the value as it is stored; "": not readable."""
    value = typed(text)
    if _is_number(value) and not value.startswith("0"):
        return "number", value
    if any(sign.isdigit() for sign in value):
        phone = read_phone(value)
        if isinstance(phone, Refused):
            phone = read_shared_phone(value)
        return ("", "") if isinstance(phone, Refused) else ("phone", phone)
    name = read_name(value)
    return ("", "") if isinstance(name, Refused) else ("name", name)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS


def _label(staff: Staff, one: Participant) -> str:
    name = name_masked(one.data.name)
    shown = name if len(name) <= LONGEST_NAME else f"…{name[-LONGEST_NAME:]}"
    return staff.text("button.person_one", number=one.number, name=shown)


COMMANDS: Mapping[str, StaffHandler] = {DEED: begin}
DIALOGUES: Mapping[str, StaffDialogue] = {
    DIALOGUE: StaffDialogue(DEED, search, pressed),
    correcting.DIALOGUE: correcting.CORRECTING,
    voiding.DIALOGUE: voiding.VOIDING,
    extra_time.DIALOGUE: extra_time.GIVING,
}
