"""`/loaitru`: who may practise but is never ranked (rules 2.2), beside those who hold a role.

Phones are typed here and shown masked ever after. An entry that comes after an attempt, and a
removal that gives one back, name the decision they rest on.
"""

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from handlers.fields import Refused, read_decision, read_phone, read_reason
from handlers.office_roles import Exclude, Excluded, ListOutcome, Readmit
from handlers.records import Role
from handlers.rendering import phone_shown
from handlers.reply import Reply, Rows
from handlers.role_words import masked_phone
from handlers.staff import Staff, ask, overtaken, refused, screen_of, step_back

EXCLUDE, READMIT = "exclude", "readmit"
SHOWN = 8
KEY_DIGITS = 8
"""Of an entry's key in a button: enough to tell the entries of one list apart."""

_ROLE = "role:"
_WORDS = {
    ListOutcome.ALREADY: "exclusion.already",
    ListOutcome.HOLDS_ROLE: "exclusion.holds_role",
}


async def show(staff: Staff, argument: str) -> Reply:
    listed = await staff.desk.office.exclusions.listed()
    pages = max(1, -(-len(listed) // SHOWN))
    page = min(max(int(argument) if argument.isdecimal() else pages, 1), pages)
    shown = listed[(page - 1) * SHOWN : page * SHOWN]
    rows = Rows().add(staff.door("exclude", "exclude"))
    for one in shown:
        label = staff.text("button.readmit", phone=masked_phone(one.phone))
        rows.add(staff.labelled(label, READMIT, one.key[:KEY_DIGITS]))
    turns = []
    if page > 1:
        turns.append(staff.door("page_before", "loaitru", str(page - 1)))
    if page < pages:
        turns.append(staff.door("page_after", "loaitru", str(page + 1)))
    rows.add(*turns)
    lines = _joined(_line(staff, one) for one in shown)
    arguments = {"count": len(listed), "lines": lines, "page": page, "pages": pages}
    return screen_of(staff, "exclusion.list", rows, **arguments)


async def begin_adding(staff: Staff, _: str) -> Reply:
    return await _asked(staff, EXCLUDE, {}, "exclusion.phone")


async def begin_removal(staff: Staff, argument: str) -> Reply:
    entry = await _entry(staff, argument)
    if entry is None:
        return refused(staff, "exclusion.already")
    draft = {"key": entry.key, "phone": entry.phone}
    return await _asked(staff, READMIT, draft, "exclusion.why_back")


async def typed(staff: Staff, text: str) -> Reply:
    """What is asked follows from what is known: a phone, a reason, a decision."""
    draft = dict(staff.draft)
    dialogue = staff.visitor.dialogue.name
    if "phone" not in draft:
        phone = read_phone(text)
        if isinstance(phone, Refused):
            return refused(staff, phone.entry)
        return await _asked(staff, dialogue, {"phone": phone}, "exclusion.why")
    if "wants_doc" in draft:
        doc = read_decision(text)
        if isinstance(doc, Refused):
            return refused(staff, doc.entry)
        return await _confirm(staff, {**draft, "doc": doc})
    why = read_reason(text)
    if isinstance(why, Refused):
        return refused(staff, why.entry)
    return await _confirm(staff, {**draft, "why": why})


async def pressed(staff: Staff, choice: str) -> Reply:
    if choice != "confirm" or "why" not in staff.draft:
        return await step_back(staff, show)
    dialogue = staff.visitor.dialogue.name
    outcome = await _change(staff, dialogue)
    if outcome is ListOutcome.SUPERSEDED:
        return await overtaken(staff)
    if outcome is ListOutcome.NEEDS_DOC:
        draft = {**staff.draft, "wants_doc": True}
        return await _asked(staff, dialogue, draft, f"exclusion.doc_{dialogue}")
    if outcome is ListOutcome.DONE:
        return screen_of(staff, f"exclusion.done_{dialogue}", _to_list(staff))
    return refused(staff, _WORDS[outcome])


async def _change(staff: Staff, dialogue: str) -> ListOutcome:
    draft, exclusions = staff.draft, staff.desk.office.exclusions
    why, doc = str(draft["why"]), str(draft.get("doc", ""))
    if dialogue == EXCLUDE:
        ordered = staff.ordered("exclusion.add", why)
        return await exclusions.add(Exclude(str(draft["phone"]), why, ordered, doc))
    ordered = staff.ordered("exclusion.remove", why)
    return await exclusions.remove(Readmit(str(draft["key"]), ordered, doc))


async def _asked(staff: Staff, dialogue: str, draft: Mapping[str, object], entry: str) -> Reply:
    now = await ask(staff, dialogue, draft)
    if now is None:
        return await overtaken(staff)
    return screen_of(now, entry, Rows().add(now.press("back", "back")))


async def _confirm(staff: Staff, draft: dict[str, object]) -> Reply:
    dialogue = staff.visitor.dialogue.name
    now = await ask(staff, dialogue, draft)
    if now is None:
        return await overtaken(staff)
    rows = Rows().add(now.press(f"{dialogue}_sure", "confirm")).add(now.press("back", "back"))
    # Typed just now, it is shown whole to be read over; the list shows it masked.
    is_new = dialogue == EXCLUDE
    phone = phone_shown(str(draft["phone"])) if is_new else masked_phone(str(draft["phone"]))
    return screen_of(
        now,
        f"exclusion.confirm_{dialogue}",
        rows,
        phone=phone,
        why=draft["why"],
        doc=draft.get("doc"),
    )


def _line(staff: Staff, one: Excluded) -> str:
    why = one.why
    if why.startswith(_ROLE) and why.removeprefix(_ROLE) in {role.value for role in Role}:
        why = staff.text(f"role.{why.removeprefix(_ROLE)}")
    return staff.text(
        "exclusion.line",
        phone=masked_phone(one.phone),
        why=why,
        at=staff.desk.rendering.moment(one.at),
    )


def _to_list(staff: Staff) -> Rows:
    return Rows().add(staff.door("exclusion_list", "loaitru"))


def _joined(lines: Iterable[str]) -> Markup:
    return Markup("\n").join(lines)


async def _entry(staff: Staff, beginning: str) -> Excluded | None:
    listed = await staff.desk.office.exclusions.listed()
    found = [one for one in listed if beginning and one.key.startswith(beginning)]
    return found[0] if len(found) == 1 else None
