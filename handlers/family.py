"""Several people on one phone: "Thi giúp người nhà", and an official who enters for an elder.

An account plays for one person at a time; whose paper it is stands on every screen. Limits are
counted in SQL, where people are registered.
"""

from handlers import registration
from handlers.buttons import PlainButton
from handlers.desk import Desk
from handlers.home import home_button, home_screen, is_over, visit
from handlers.incoming import Incoming
from handlers.records import Participant, PersonNumber, Relation, Visitor
from handlers.reply import Place, Reply, Rows, Screen
from handlers.staff import Staff, screen_of

SHOWN = 8
ASSISTED = registration.ASSISTING


async def show_family(desk: Desk, incoming: Incoming, place: Place) -> Reply:
    """Who takes part on this account, and the way to help one more."""
    visitor = await visit(desk, incoming)
    if visitor.participant is None or visitor.session is not None:
        return Reply((home_screen(desk, incoming, visitor, place),))
    people = [
        one
        for one in await desk.people.helped(visitor.account)
        if one.relation is not Relation.ASSISTED or one.number == visitor.participant.number
    ]
    rows = _people_rows(desk, incoming, visitor, people)
    if len(people) < desk.customs.family_limit and not is_over(desk, incoming.received_at):
        rows.add(desk.button(incoming.sender, "family_new", PlainButton("family_new")))
    rows.add(home_button(desk, incoming.sender))
    text = desk.text("family.people", limit=desk.customs.family_limit)
    return Reply((Screen(text, rows.done(), place),))


async def begin_family(desk: Desk, incoming: Incoming, place: Place) -> Reply:
    return await registration.begin_for(desk, incoming, Relation.FAMILY, place)


async def switch(desk: Desk, incoming: Incoming, argument: str, place: Place) -> Reply:
    """Play for another of the account's people from now on."""
    visitor = await visit(desk, incoming)
    is_number = argument.isdecimal() and len(argument) < 15  # noqa: PLR2004
    number = PersonNumber(int(argument)) if is_number else PersonNumber(0)
    is_switched = await desk.people.switch(visitor.account, number)
    fresh = await visit(desk, incoming)
    toast = "" if is_switched else desk.text("toast.not_switched")
    return Reply((home_screen(desk, incoming, fresh, place),), toast)


async def assist(staff: Staff, argument: str) -> Reply:
    """`/thiho`: enter for who comes in person; `new`, or the number of who was entered before."""
    desk, incoming = staff.desk, staff.incoming
    if not desk.customs.assisted_limit:
        return screen_of(staff, "family.no_assistance")
    if argument == "new":
        return await registration.begin_for(desk, incoming, Relation.ASSISTED, staff.place)
    if argument.isdecimal():
        return await switch(desk, incoming, argument, staff.place)
    everybody = await desk.people.helped(staff.visitor.account)
    people = [one for one in everybody if one.relation is Relation.ASSISTED]
    rows = Rows().add(staff.door("assisted_new", ASSISTED, "new"))
    for one in reversed(people[-SHOWN:]):
        rows.add(staff.labelled(_label(desk, one), ASSISTED, str(one.number)))
    limit = desk.customs.assisted_limit
    return screen_of(staff, "family.assisting", rows, count=len(people), limit=limit)


def _people_rows(
    desk: Desk, incoming: Incoming, visitor: Visitor, people: list[Participant]
) -> Rows:
    rows = Rows()
    for one in people:
        is_now = visitor.participant is not None and one.number == visitor.participant.number
        label = _label(desk, one)
        if is_now:
            label = desk.text("button.family_now", who=label)
        does = PlainButton("helping", str(one.number))
        rows.add(desk.labelled(incoming.sender, label, does))
    return rows


def _label(desk: Desk, one: Participant) -> str:
    name = one.data.name
    shown = name if len(name) <= LONGEST else f"…{name[-LONGEST:]}"
    return desk.text("button.family_one", name=shown, number=one.number)


LONGEST = 40
"""Of a long name its end is shown: in Vietnamese that is what people are called by."""
