"""Switching reminders off and on: one tap under each of them, and a line where one's data are."""

from handlers.buttons import PlainButton
from handlers.desk import Desk
from handlers.home import home_button, visit
from handlers.incoming import Incoming
from handlers.records import AccountId, Sender
from handlers.reply import Button, Reply, Rows, Screen

OFF, ON = "off", "on"


async def switch_reminders(desk: Desk, incoming: Incoming, argument: str) -> Reply:
    """The door `remind`; pressing it twice does no harm."""
    is_on = argument == ON
    account = (await visit(desk, incoming)).account
    await desk.office.reminders.switch(account, is_on=is_on)
    rows = Rows().add(switch_button(desk, incoming.sender, is_on=not is_on))
    rows.add(home_button(desk, incoming.sender))
    return Reply((Screen(desk.text(f"remind.{argument_of(is_on=is_on)}"), rows.done()),))


async def reminders_line(desk: Desk, sender: Sender, account: AccountId) -> tuple[str, Button]:
    """How it stands, and the button that changes it."""
    is_on = await desk.office.reminders.is_on(account)
    text = desk.text("remind.is_on" if is_on else "remind.is_off")
    return text, switch_button(desk, sender, is_on=not is_on)


def switch_button(desk: Desk, sender: Sender, *, is_on: bool) -> Button:
    argument = argument_of(is_on=is_on)
    return desk.button(sender, f"remind_{argument}", PlainButton("remind", argument))


def argument_of(*, is_on: bool) -> str:
    return ON if is_on else OFF
