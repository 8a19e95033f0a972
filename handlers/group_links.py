"""The signed code that a leader's link carries into a group: whose it is, and for which unit.

It cannot be forged, fits this contest only, and is worth something as long as the leader leads
the unit: that is asked in SQL when it comes back.
"""

from handlers.buttons import PlainButton
from handlers.desk import Desk
from handlers.own_units import number_in
from handlers.records import AccountId, Sender

# No person's id: what was signed for a person's button is never a link, nor the other way round.
_SIGNED_FOR = Sender("", "startgroup")
_NAME = "link"


def group_address(desk: Desk, account: AccountId, unit: str) -> str:
    """The address that adds the bot to a group with the leader's code, at most 64 signs of it."""
    code = desk.contest.signer.write(PlainButton(_NAME, f"{account} {unit}"), _SIGNED_FOR)
    return f"https://t.me/{desk.username}?startgroup={code}"


def read_code(desk: Desk, code: str) -> tuple[AccountId, str] | None:
    """Who made the code and for which unit; None: it is not one of ours."""
    button = desk.contest.signer.read(code, _SIGNED_FOR)
    if not isinstance(button, PlainButton) or button.name != _NAME:
        return None
    account, _, unit = button.argument.partition(" ")
    number = number_in(account)
    return (AccountId(number), unit) if number and unit else None
