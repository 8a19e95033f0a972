"""What is known of a person, shown to that person; and the rules, page by page."""

from markupsafe import Markup

from handlers.buttons import PlainButton
from handlers.desk import Desk
from handlers.home import home_button, home_screen, unit_title, visit
from handlers.incoming import Incoming
from handlers.records import EraseData, Participant, Visitor
from handlers.reminders import reminders_line
from handlers.rendering import phone_shown
from handlers.reply import Place, Reply, Rows, Screen


async def show_data(desk: Desk, incoming: Incoming, place: Place) -> Reply:
    visitor = await visit(desk, incoming)
    reminders, switch = await reminders_line(desk, incoming.sender, visitor.account)
    rows = Rows()
    if visitor.participant is None:
        rows.add(desk.button(incoming.sender, "register", PlainButton("register")))
        rows.add(switch, home_button(desk, incoming.sender))
        text = "\n\n".join((desk.text("data.none"), reminders))
        return Reply((Screen(text, rows.done(), place),))
    if visitor.history.attempts == 0:
        rows.add(desk.button(incoming.sender, "edit_data", PlainButton("edit")))
    if visitor.participant.is_publishing_name:
        rows.add(desk.button(incoming.sender, "publish_withdraw", PlainButton("publish", "no")))
    number = visitor.participant.number
    rows.add(switch)
    rows.add(desk.button(incoming.sender, "erase", PlainButton("erase", f"sure {number}")))
    rows.add(home_button(desk, incoming.sender))
    data = _data_text(desk, visitor.participant)
    text = "\n\n".join((data, reminders, _edit_text(desk, visitor)))
    return Reply((Screen(text, rows.done(), place),))


async def erase(desk: Desk, incoming: Incoming, argument: str) -> Reply:
    """Withdraw and have one's data destroyed: said what it means, then asked once more."""
    word, _, number = argument.partition(" ")
    visitor = await visit(desk, incoming)
    participant = visitor.participant
    if participant is None or str(participant.number) != number:
        return await show_data(desk, incoming, Place.HERE)
    if visitor.session is not None:
        return Reply((home_screen(desk, incoming, visitor),), desk.text("toast.erase_later"))
    if word != "yes":
        return _erase_sure(desk, incoming, participant)
    at = incoming.received_at
    is_done = await desk.people.erase(EraseData(visitor.account, participant.number, at))
    desk.names.pop(participant.number, None)
    entry = "data.erased" if is_done else "data.none"
    rows = Rows().add(home_button(desk, incoming.sender))
    text = desk.text(entry, **({"number": number} if is_done else {}))
    return Reply((Screen(text, rows.done()),))


def _erase_sure(desk: Desk, incoming: Incoming, participant: Participant) -> Reply:
    rows = Rows().add(
        desk.button(incoming.sender, "erase_yes", PlainButton("erase", f"yes {participant.number}"))
    )
    rows.add(desk.button(incoming.sender, "erase_no", PlainButton("data")))
    text = desk.text("data.erase_sure", name=participant.data.name, number=participant.number)
    return Reply((Screen(text, rows.done()),))


def show_rules(desk: Desk, incoming: Incoming, page: int, place: Place) -> Reply:
    """One page of the rules, with doors to its neighbours."""
    pages = len(desk.rules_pages)
    page = min(max(page, 1), pages)
    text = desk.text(
        "rules.page",
        text=Markup(desk.rules_pages[page - 1]),  # noqa: S704 (made safe when the file was read)
        page=page,
        pages=pages,
    )
    turns = []
    if page > 1:
        before = PlainButton("rules", str(page - 1))
        turns.append(desk.button(incoming.sender, "page_before", before))
    if page < pages:
        after = PlainButton("rules", str(page + 1))
        turns.append(desk.button(incoming.sender, "page_after", after))
    rows = Rows().add(*turns).add(home_button(desk, incoming.sender))
    return Reply((Screen(text, rows.done(), place),))


def _edit_text(desk: Desk, visitor: Visitor) -> str:
    if visitor.history.attempts == 0:
        return desk.text("data.editable")
    return desk.text("data.locked", hotline=desk.text("contest.hotline"))


def _data_text(desk: Desk, participant: Participant) -> str:
    data = participant.data
    phone_entry = "format.phone_verified" if data.is_phone_verified else "format.phone_typed"
    return desk.text(
        "data.shown",
        number=participant.number,
        name=data.name,
        born=data.born,
        phone=desk.text(phone_entry, phone=phone_shown(data.phone)),
        unit=unit_title(desk, participant),
        audience=desk.customs.audiences.get(data.audience or ""),
        guardian=phone_shown(data.guardian_phone) if data.guardian_phone else None,
        registered=desk.rendering.moment(participant.registered_at),
        publish=participant.is_publishing_name,
    )
