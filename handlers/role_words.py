"""How roles and those who hold them are named to people."""

from handlers.access import UNRANKED
from handlers.desk import Desk
from handlers.office_roles import Holder
from handlers.records import Grant, Role
from handlers.rendering import phone_shown

SHOWN_DIGITS = 3


def role_title(desk: Desk, grant: Grant) -> str:
    """`Ban Giám khảo`; a leader's with the unit."""
    if grant.role is not Role.LEADER or not grant.unit:
        return desk.text(f"role.{grant.role.value}")
    unit = desk.units.find(grant.unit)
    return desk.text("role.leader_of", unit=grant.unit if unit is None else unit.title)


def phone_title(desk: Desk, holder: Holder) -> str:
    """The whole number, and whether the platform vouched for it."""
    entry = "format.phone_verified" if holder.is_phone_verified else "format.phone_typed"
    return desk.text(entry, phone=phone_shown(holder.phone))


def masked_phone(phone: str) -> str:
    """The last digits: enough to tell two apart, too little to call."""
    return f"…{phone[-SHOWN_DIGITS:]}"


def is_unranked(grant: Grant) -> bool:
    return grant.role in UNRANKED
