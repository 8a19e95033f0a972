"""Whether a message that waited is still for whose private chat it goes to.

What concerns a unit or the ward waits for the morning, or behind many others: a role may have ended
meanwhile, and who has none hears nothing more of what went with it.
"""

from collections.abc import Collection

from handlers.desk import Desk
from handlers.office_groups import WARD
from handlers.records import Grant, OutboxMessage, Role


async def is_told_of(desk: Desk, message: OutboxMessage, unit: str) -> bool:
    """Of the unit, or of the `WARD`; a group's message is the group's, whoever leads the unit."""
    channel, chat, office = message.channel, message.chat, desk.office
    grants = await office.roles.grants_in(channel, chat)
    if grants is None or answers_for(grants, unit):
        return True
    return await office.unit_chats.is_linked(channel, chat, unit)


def answers_for(grants: Collection[Grant], unit: str) -> bool:
    """Whether one of the roles leads the unit; organisers answer for everything."""
    if any(grant.role is Role.ORGANISER for grant in grants):
        return True
    return unit != WARD and Grant(Role.LEADER, unit) in grants
