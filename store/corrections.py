"""Correcting a person's data on request, after the first attempt too, with the ledger's `fix`.

Decides under the registrations' lock whether the new identity is free, and that what staff were
shown still stands. Erasure takes the same person's lock: of both at once the second sees the first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, select, update

from handlers.office_persons import Corrected, CorrectPerson
from handlers.records import PersonalData, RegisterRefusal
from scoring.age_bands import age_band
from scoring.entries import fix_entry
from store.audit import write_audit
from store.closing import is_closed
from store.dialogues import end_step
from store.encryption import Vault
from store.group_commit import Kind, Writer
from store.identity import data_values, indexes_of, participant_of, salt_of, who_of
from store.ledger_queue import queue_entries
from store.registrations import lock_counter, refusal_of_change
from store.tables import ATTEMPT, EXCLUSION, PARTICIPANT, VOID
from store.unit_counts import move_person

_LOCK = (
    select(PARTICIPANT)
    .where(PARTICIPANT.c.number == bindparam("person"), PARTICIPANT.c.erased_at.is_(None))
    .with_for_update(key_share=True)
)
_CORRECT = update(PARTICIPANT).where(PARTICIPANT.c.number == bindparam("of_person"))
# Attempts that count, of somebody whose phone would be one that is never ranked.
_COUNTS_LISTED = select(
    exists().where(EXCLUSION.c.phone_index == bindparam("phone"))
    & exists().where(ATTEMPT.c.person == bindparam("person"))
    & ~exists().where(
        VOID.c.person == bindparam("person"), VOID.c.attempt == 0, VOID.c.restored_at.is_(None)
    )
)
_REFUSALS = {
    RegisterRefusal.IDENTITY_TAKEN: Corrected.IDENTITY_TAKEN,
    RegisterRefusal.FAMILY_FULL: Corrected.FAMILY_FULL,
}


class CorrectionsStore:
    def __init__(self, writer: Writer, vault: Vault) -> None:
        self._writer = writer
        self._vault = vault
        # Right after registrations and one's own corrections: the counter is locked before people.
        self._correct = Kind(3, self._correct_all)

    async def correct(self, order: CorrectPerson) -> Corrected:
        outcome: Corrected = await self._writer.commit(self._correct, order)
        return outcome

    def _correct_all(
        self, connection: Connection, orders: Sequence[CorrectPerson]
    ) -> list[Corrected]:
        has_closed = is_closed(connection)
        lock_counter(connection)
        return [self._correct_one(connection, order, has_closed=has_closed) for order in orders]

    def _correct_one(
        self, connection: Connection, order: CorrectPerson, *, has_closed: bool
    ) -> Corrected:
        ordered = order.ordered
        if not end_step(connection, self._vault, ordered.at, ordered.account, ordered.step):
            return Corrected.SUPERSEDED
        row = connection.execute(_LOCK, {"person": order.person}).first()
        if row is None:
            return Corrected.GONE
        before = participant_of(self._vault, row).data
        after = _changed(before, order.changes)
        refusal = _outdated(before, order) or _closed(before, after, has_closed=has_closed)
        refusal = refusal or self._taken(connection, before, after, order)
        if refusal is None:
            self._write(connection, order, row, after)
        return refusal or Corrected.DONE

    def _taken(
        self,
        connection: Connection,
        before: PersonalData,
        after: PersonalData,
        order: CorrectPerson,
    ) -> Corrected | None:
        indexes = indexes_of(self._vault, after)
        if before.phone != after.phone:
            asked = {"phone": indexes.phone, "person": order.person}
            if connection.execute(_COUNTS_LISTED, asked).scalar_one():
                return Corrected.LISTED
        refusal = refusal_of_change(connection, indexes, order.family_limit, order.person)
        return None if refusal is None else _REFUSALS[refusal]

    def _write(
        self, connection: Connection, order: CorrectPerson, row: Row[Any], after: PersonalData
    ) -> None:
        at = order.ordered.at
        values = data_values(self._vault, order.person, after)
        values["age_band"] = age_band(after.born, order.year)
        values |= _looked_at(order.changes, row)
        connection.execute(_CORRECT.values(values), {"of_person": order.person})
        if after.unit != row.unit:
            move_person(connection, order.person, row.unit, after.unit)
        who = who_of(after, salt_of(self._vault, row))
        queue_entries(connection, [(fix_entry(order.person, at, after.unit, who), at)])
        detail = {**order.ordered.entry.detail, "fields": sorted(order.changes)}
        write_audit(connection, [replace(order.ordered.entry, detail=detail)])


def _changed(before: PersonalData, changes: Mapping[str, object]) -> PersonalData:
    """A phone that staff typed is nobody's verified one."""
    typed = {"is_phone_verified": False} if "phone" in changes else {}
    return replace(before, **{**changes, **typed})  # type: ignore[arg-type]


def _outdated(before: PersonalData, order: CorrectPerson) -> Corrected | None:
    is_as_shown = all(getattr(before, field) == value for field, value in order.was.items())
    return None if is_as_shown else Corrected.OUTDATED


def _closed(before: PersonalData, after: PersonalData, *, has_closed: bool) -> Corrected | None:
    return Corrected.CLOSED if has_closed and before.unit != after.unit else None


def _looked_at(changes: Mapping[str, object], row: Row[Any]) -> dict[str, object]:
    """What the correction settles of the flags that asked somebody to look."""
    if "unit" in changes:
        is_flagged = row.is_flagged and row.moved_from is None
        return {"moved_from": None, "is_flagged": is_flagged}
    if "phone" in changes and row.moved_from is None:
        return {"is_flagged": False}
    return {}
