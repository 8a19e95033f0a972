"""Units as they stand in SQL: whole lists, the newest in force, and what a new one does to people.

Nobody is lost: people of a unit that went are moved to the one that stands for it, or flagged for
the secretaries; each move is a correction in the ledger (LEDGER §4, `fix`).
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, select, update

from handlers.proposals import OpenProposal
from handlers.unit_lists import (
    UnitChanges,
    changes_between,
    unit_rules,
    units_from_json,
    units_json,
)
from handlers.units import Units
from scoring.instant import Instant
from store.closing import hold_closing, is_closed
from store.encryption import Vault
from store.group_commit import Kind, Writer
from store.proposals import EFFECTS
from store.rules_versions import amend_rules
from store.schema import lock_opening
from store.sql import Database
from store.tables import PARTICIPANT, UNIT_LIST
from store.unit_moves import Moved, flag_lost, flag_people, move_people

UNITS = "units"
"""The kind of proposal: `content` is {list, moves, notice, base, told}."""

_BOX = "unit_list.list"
_NEWEST = select(UNIT_LIST).order_by(UNIT_LIST.c.id.desc()).limit(1)
_NEWEST_ID = select(func.max(UNIT_LIST.c.id))
_BY_UNIT = select(PARTICIPANT.c.unit, func.count()).group_by(PARTICIPANT.c.unit)


class StoredUnits(NamedTuple):
    id: int
    units: Units


class UnitListsStore:
    def __init__(self, database: Database, writer: Writer, vault: Vault) -> None:
        self._database = database
        self._writer = writer
        self._vault = vault

    async def newest_id(self) -> int | None:
        """What processes ask every second."""
        return await self._database.read(_newest_id)

    async def newest(self) -> StoredUnits | None:
        return await self._database.read(lambda one: newest_units(one, self._vault))

    async def begin(self, units: Units, at: Instant) -> StoredUnits:
        """The list in force; where there is none yet, `units` is the first."""

        def write(connection: Connection) -> StoredUnits:
            lock_opening(connection)
            standing = newest_units(connection, self._vault)
            if standing is not None:
                return standing
            made = keep_units(connection, self._vault, units, at)
            return StoredUnits(made, units)

        standing = await self.newest()
        return await self._database.write(write) if standing is None else standing

    async def flag_lost(self, units: Units) -> int:
        """Flag who registered for a unit after it went, as a process knew it till now; how many.

        For every process to call once it has taken a new list: what it committed before is in.
        """
        flagged: int = await self._writer.commit(_FLAG_LOST, [one.code for one in units.units])
        return flagged

    async def people_by_unit(self) -> Mapping[str, int]:
        """How many are registered for each unit code, whether the list has it or not."""

        def read(connection: Connection) -> dict[str, int]:
            return {row[0]: row[1] for row in connection.execute(_BY_UNIT)}

        return await self._database.read(read)


def newest_units(connection: Connection, vault: Vault) -> StoredUnits | None:
    row: Any = connection.execute(_NEWEST).first()
    if row is None:
        return None
    kept = vault.unseal_json(row.list_box, _BOX, row.id)
    return StoredUnits(row.id, units_from_json(kept if isinstance(kept, Mapping) else {}))


def _newest_id(connection: Connection) -> int | None:
    return connection.execute(_NEWEST_ID).scalar()


def keep_units(
    connection: Connection, vault: Vault, units: Units, at: Instant, account: int | None = None
) -> int:
    """Put a list in force; returns its id."""
    values = {"list_box": b"", "since": at, "account": account, "why": ""}
    made = int(
        connection.execute(insert(UNIT_LIST).values(values).returning(UNIT_LIST.c.id)).scalar_one()
    )
    # The box is bound to its row, whose number is known only now.
    box = vault.seal_json(units_json(units), _BOX, made)
    connection.execute(update(UNIT_LIST).where(UNIT_LIST.c.id == made).values(list_box=box))
    return made


def put_units(
    connection: Connection, vault: Vault, units: Units, moves: Mapping[str, str], at: Instant
) -> Moved:
    """Put a changed list in force, and move or flag the people of units that went.

    The contest's row is held: who registers meanwhile is in before it or after it.
    """
    standing = newest_units(connection, vault)
    before = units if standing is None else standing.units
    changes: UnitChanges = changes_between(before, units, moves)
    keep_units(connection, vault, units, at)
    moved = sum(
        move_people(connection, vault, (old, new), at) for old, new in changes.moves.items()
    )
    return Moved(moved, flag_people(connection, changes.left))


def _flag_all(connection: Connection, lists: Sequence[Sequence[str]]) -> list[int]:
    return [flag_lost(connection, codes) for codes in lists]


def _approve(connection: Connection, vault: Vault, opened: OpenProposal, at: Instant) -> bool:
    content = opened.proposal.content
    kept, moves = content.get("list"), content.get("moves")
    if not isinstance(kept, Mapping):
        return False
    hold_closing(connection)
    if is_closed(connection) or content.get("base") not in {None, _newest_id(connection)}:
        return False
    units = units_from_json(kept)
    put_units(connection, vault, units, dict(moves) if isinstance(moves, Mapping) else {}, at)
    amend_rules(connection, {"units": unit_rules(units)}, str(content.get("notice", "")), at)
    return True


_FLAG_LOST = Kind(85, _flag_all)
EFFECTS[UNITS] = _approve
