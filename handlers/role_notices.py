"""How messages about roles look when they leave the outbox: rendered at the last moment.

The outbox holds numbers and codes; who claims a role is read from its boxes here.
"""

from markupsafe import Markup

from handlers.buttons import PlainButton
from handlers.desk import Desk
from handlers.home import home_button, office_rows
from handlers.menus import staff_commands
from handlers.office_roles import InvitationState
from handlers.records import Grant, OutboxMessage, Role, Sender
from handlers.reply import Place, Rows, Screen
from handlers.role_words import role_title
from handlers.settle import claim_told

PREFIX = "roles."


async def role_notice(desk: Desk, message: OutboxMessage) -> Screen | None:
    """The screen to send; None: what it tells of has been settled since."""
    sender = Sender(message.channel, message.chat)
    name, arguments = message.notice.message, message.notice.arguments
    if name == "roles.claimed":
        return await _claimed(desk, sender, arguments.get("invitation"))
    grant = Grant(Role(str(arguments["role"])), str(arguments["unit"]))
    rows = Rows()
    if name == "roles.approved":
        lines = [
            desk.text("roles.command", name=command, words=words)
            for command, words in staff_commands(desk.catalogue, (grant,))
        ]
        text = desk.text(name, role=role_title(desk, grant), commands=Markup("\n").join(lines))
        for row in office_rows(desk, sender, (grant,)):
            rows.add(*row)
        rows.add(desk.button(sender, "own_roles", PlainButton("vaitro")))
    else:
        text = desk.text(name, role=role_title(desk, grant))
    return Screen(text, rows.add(home_button(desk, sender)).done(), Place.BELOW)


async def _claimed(desk: Desk, sender: Sender, invitation: object) -> Screen | None:
    found = None
    if isinstance(invitation, int):
        found = await desk.office.invitations.find(invitation)
    if found is None or found.state is not InvitationState.CLAIMED:
        return None
    text, rows = claim_told(desk, sender, found)
    return Screen(text, rows.done(), Place.BELOW)
