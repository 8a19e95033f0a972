"""People whose unit went: moved to the one that stands for it, with its counts, roles and chats.

A move is a correction of the person's data: the ledger hears of it, and where he came from stays.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, exists, select, update

from handlers.office_groups import LinkState
from handlers.records import Notice
from scoring.entries import fix_entry
from scoring.instant import Instant
from store.announcement import announce
from store.closing import is_closed
from store.encryption import Vault
from store.identity import participant_of, salt_of, who_of
from store.ledger_queue import queue_entries
from store.lists import among
from store.tables import INVITATION, PARTICIPANT, ROLE, UNIT_CHAT
from store.unit_counts import recounted

MOVED = "notice.unit_moved"

_OF_UNIT = (
    select(PARTICIPANT)
    .where(PARTICIPANT.c.unit == bindparam("old"))
    .order_by(PARTICIPANT.c.number)
    .with_for_update(key_share=True)
)
_MOVE = (
    update(PARTICIPANT)
    .where(PARTICIPANT.c.unit == bindparam("old"))
    .values(unit=bindparam("new"), moved_from=bindparam("old"))
)
# What is offered is given when it is approved: then the old unit is on no list any more.
_MOVE_OFFERS = (
    update(INVITATION)
    .where(INVITATION.c.unit == bindparam("old"), INVITATION.c.state.in_(("open", "claimed")))
    .values(unit=bindparam("new"))
)
_FLAG = (
    update(PARTICIPANT)
    .where(among(PARTICIPANT.c.unit, "units"))
    .values(is_flagged=True, moved_from=PARTICIPANT.c.unit)
)
_HELD = select(ROLE.c.account).where(ROLE.c.unit == bindparam("new"), ROLE.c.withdrawn_at.is_(None))


class Moved(NamedTuple):
    """How many people were moved, and how many wait for a secretary."""

    moved: int
    flagged: int


def move_people(connection: Connection, vault: Vault, units: tuple[str, str], at: Instant) -> int:
    """Everybody of the first unit to the second, with what hangs on it; how many."""
    old, new = units
    people = connection.execute(_OF_UNIT, {"old": old}).all()
    if not is_closed(connection):
        entries = [(_entry_of(vault, row, new, at), at) for row in people if row.erased_at is None]
        queue_entries(connection, entries)
    with recounted(connection, [row.number for row in people]):
        connection.execute(_MOVE, {"old": old, "new": new})
    _move_roles(connection, (old, new), at)
    connection.execute(_MOVE_OFFERS, {"old": old, "new": new})
    moved = PARTICIPANT.c.unit == new, PARTICIPANT.c.moved_from == old
    announce(connection, Notice(MOVED, {"unit": new}), at, *moved)
    _move_chats(connection, old, new)
    return len(people)


def flag_people(connection: Connection, units: Sequence[str]) -> int:
    """People of units that nothing stands for: kept where they were, for somebody to look at."""
    if not units:
        return 0
    return int(connection.execute(_FLAG, {"units": sorted(units)}).rowcount)


def flag_lost(connection: Connection, codes: Sequence[str]) -> int:
    """People of no unit of the list whom no change of it has met yet."""
    strangers = PARTICIPANT.c.unit.not_in(sorted(codes)), PARTICIPANT.c.moved_from.is_(None)
    flag = update(PARTICIPANT).where(*strangers, PARTICIPANT.c.erased_at.is_(None))
    return int(
        connection.execute(flag.values(is_flagged=True, moved_from=PARTICIPANT.c.unit)).rowcount
    )


def _entry_of(vault: Vault, row: Any, new: str, at: Instant) -> Any:
    data = replace(participant_of(vault, row).data, unit=new)
    return fix_entry(row.number, at, new, who_of(data, salt_of(vault, row)))


def _move_chats(connection: Connection, old: str, new: str) -> None:
    """Linked chats stay linked; a chat that asked for both units is asked for once."""
    twin = UNIT_CHAT.alias()
    is_twin = (UNIT_CHAT.c.channel == twin.c.channel, UNIT_CHAT.c.chat == twin.c.chat)
    is_linked = twin.c.state == LinkState.LINKED.value
    of_new = delete(UNIT_CHAT).where(UNIT_CHAT.c.unit == new)
    connection.execute(of_new.where(exists().where(*is_twin, twin.c.unit == old, is_linked)))
    of_old = delete(UNIT_CHAT).where(UNIT_CHAT.c.unit == old)
    connection.execute(of_old.where(exists().where(*is_twin, twin.c.unit == new)))
    connection.execute(update(UNIT_CHAT).where(UNIT_CHAT.c.unit == old).values(unit=new))


def _move_roles(connection: Connection, units: tuple[str, str], at: Instant) -> None:
    """Leaders lead on; who leads the other unit already keeps that role alone."""
    old, new = units
    held = list(connection.execute(_HELD, {"new": new}).scalars())
    of_old = update(ROLE).where(ROLE.c.unit == old, ROLE.c.withdrawn_at.is_(None))
    connection.execute(of_old.where(ROLE.c.account.not_in(held)).values(unit=new))
    connection.execute(of_old.values(withdrawn_at=at))
