"""How a chat's link is named to people, in private screens and in messages alike."""

from handlers.buttons import PlainButton
from handlers.desk import Desk
from handlers.office_groups import WARD, UnitChat
from handlers.records import Sender
from handlers.reply import Button, Rows

OF_WARD = "*"
"""In place of a unit's code in a button: the organisers' own chats."""


def unit_name(desk: Desk, unit: str) -> str:
    """The unit as people know it, or the ward."""
    found = desk.units.find(unit)
    if found is not None:
        return found.title
    return desk.text("groups.ward") if unit == WARD else unit


def names_of(desk: Desk, link: UnitChat) -> dict[str, str]:
    """What nearly every text about a link names."""
    return {"title": link.group.title, "unit": unit_name(desk, link.unit)}


def asked_text(desk: Desk, link: UnitChat, other: UnitChat | None) -> str:
    """The question whether a chat is the unit's, `other` being the link that stands there."""
    named = None if other is None else unit_name(desk, other.unit)
    entry = "groups.asked_ward" if link.unit == WARD else "groups.asked"
    return desk.text(entry, other=named, **names_of(desk, link))


def asked_rows(desk: Desk, sender: Sender, link: UnitChat, other: UnitChat | None) -> Rows:
    """Its two answers; a yes that ends another unit's link names that link."""
    yes = PlainButton("group_yes", str(link.id))
    if other is not None:
        yes = PlainButton("group_swap", f"{link.id} {other.id}")
    rows = Rows().add(desk.button(sender, "group_swap" if other else "group_yes", yes))
    return rows.add(desk.button(sender, "group_no", PlainButton("group_no", str(link.id))))


def list_door(desk: Desk, sender: Sender, unit: str) -> Button:
    """The door to the unit's chats."""
    return desk.button(sender, "groups", PlainButton("groups", unit or OF_WARD))
