"""Registering and correcting people: numbers without gaps, one row an identity (DESIGN §4).

The counter's row is locked first and raised by the numbers really taken: a refusal takes none,
and a rollback gives its numbers back. That lock also makes "count, then insert" one step.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from handlers.records import (
    Consent,
    CorrectData,
    Dialogue,
    Participant,
    PersonNumber,
    Register,
    Registered,
    RegisterRefusal,
    Relation,
)
from scoring.entries import fix_entry, reg_entry
from scoring.instant import Instant
from store.assisting import Assisted
from store.closing import is_closed
from store.dialogues import Standing, lock_accounts, write_dialogues
from store.encryption import Vault
from store.identity import (
    SALT_BYTES,
    Indexes,
    data_values,
    indexes_of,
    participant_of,
    salt_of,
    seal_salt,
    who_of,
)
from store.insertion import InsertOrUpdate
from store.ledger_queue import queue_entries
from store.lists import among
from store.tables import ACCOUNT, ACCOUNT_PERSON, ATTEMPT, CONSENT, COUNTER, PARTICIPANT
from store.unit_counts import count_registrations, recounted

_COUNTER = "person"
_LOCK_COUNTER: dict[str, Any] = {
    name: build(COUNTER)
    .values(name=_COUNTER, value=0)
    .on_conflict_do_update(index_elements=["name"], set_={"value": COUNTER.c.value})
    .returning(COUNTER.c.value)
    for name, build in (("sqlite", sqlite_insert), ("postgresql", postgres_insert))
}
_RAISE_COUNTER = update(COUNTER).where(COUNTER.c.name == _COUNTER)
_ALIKE = select(
    PARTICIPANT.c.number,
    PARTICIPANT.c.phone_index,
    PARTICIPANT.c.identity_index,
    PARTICIPANT.c.erased_at,
).where(
    or_(
        among(PARTICIPANT.c.phone_index, "phones"),
        among(PARTICIPANT.c.identity_index, "identities"),
    )
)
_INSERT = insert(PARTICIPANT)
_OWN = (
    update(ACCOUNT)
    .where(ACCOUNT.c.id == bindparam("account_id"))
    .values(person=bindparam("new_person"))
)
_HELPS = InsertOrUpdate(ACCOUNT_PERSON, ["account", "person"], ["relation", "at"])
_CONSENT = insert(CONSENT)
_FLAG = (
    update(PARTICIPANT)
    .where(
        PARTICIPANT.c.phone_index == bindparam("phone"),
        PARTICIPANT.c.number < bindparam("before"),
        PARTICIPANT.c.is_phone_verified.is_(False),
    )
    .values(is_flagged=True)
)
_LOCK_PERSON = (
    select(PARTICIPANT)
    .where(PARTICIPANT.c.number == bindparam("person"))
    .with_for_update(key_share=True)
)
_HAS_ATTEMPT = (
    select(func.count()).select_from(ATTEMPT).where(ATTEMPT.c.person == bindparam("person"))
)
_CORRECT = update(PARTICIPANT).where(PARTICIPANT.c.number == bindparam("person"))

_Outcome = Registered | RegisterRefusal


@dataclass(slots=True)
class _Known:
    """Who is registered already, as far as the orders of a batch can meet them."""

    numbers: dict[bytes, int] = field(default_factory=dict)
    """By identity index."""
    phones: dict[int, bytes] = field(default_factory=dict)
    """Phone index by number."""
    erased: dict[bytes, int] = field(default_factory=dict)
    """Who had the identity before it was erased, by identity index."""

    def add(self, number: int, indexes: Indexes) -> None:
        self.erased.pop(indexes.identity, None)
        self.numbers[indexes.identity] = number
        self.phones[number] = indexes.phone

    def refusal(self, indexes: Indexes, limit: int, but: int = 0) -> RegisterRefusal | None:
        """Why nobody else (`but` aside) may have this identity or phone."""
        if self.numbers.get(indexes.identity, but) != but:
            return RegisterRefusal.IDENTITY_TAKEN
        family = [
            number
            for number, phone in self.phones.items()
            if phone == indexes.phone and number != but
        ]
        return RegisterRefusal.FAMILY_FULL if len(family) >= limit else None


@dataclass(frozen=True, slots=True)
class _Taken:
    """An order that got a number."""

    order: Register
    number: PersonNumber
    salt: bytes
    is_back: bool = False
    """Somebody whose data were erased has returned, to the number he had."""

    @property
    def participant(self) -> Participant:
        return Participant(self.number, self.order.data, self.order.at)


class Registrar:
    """Executes registrations together, corrections one by one."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def register(self, connection: Connection, orders: Sequence[Register]) -> list[_Outcome]:
        if is_closed(connection):
            return [RegisterRefusal.CLOSED] * len(orders)
        last = lock_counter(connection)
        standing = lock_accounts(connection, {order.account for order in orders})
        indexes = [indexes_of(self._vault, order.data) for order in orders]
        known = _known(connection, indexes)
        assisted = Assisted.of(connection, orders)
        outcomes: list[_Taken | RegisterRefusal] = []
        for order, index in zip(orders, indexes, strict=True):
            refusal = _unready(order, standing) or known.refusal(index, order.family_limit)
            refusal = refusal or assisted.refusal(order)
            if refusal is not None:
                outcomes.append(refusal)
                continue
            back = known.erased.get(index.identity)
            if back is None:
                last = PersonNumber(last + 1)
            number = last if back is None else PersonNumber(back)
            known.add(number, index)
            assisted.add(order)
            standing[order.account] = Standing(order.step + 1, number)
            salt = secrets.token_bytes(SALT_BYTES)
            outcomes.append(_Taken(order, number, salt, is_back=back is not None))
        taken = [outcome for outcome in outcomes if isinstance(outcome, _Taken)]
        if taken:
            self._write(connection, taken, last)
        return [Registered(one.participant) if isinstance(one, _Taken) else one for one in outcomes]

    def correct(self, connection: Connection, orders: Sequence[CorrectData]) -> list[_Outcome]:
        if is_closed(connection):
            return [RegisterRefusal.CLOSED] * len(orders)
        lock_counter(connection)
        return [self._correct_one(connection, order) for order in orders]

    def _write(self, connection: Connection, taken: Sequence[_Taken], last: PersonNumber) -> None:
        fresh = [self._row_of(one) for one in taken if not one.is_back]
        if fresh:
            connection.execute(_INSERT, fresh)
        for one in taken:
            if one.is_back:
                self._bring_back(connection, one)
        connection.execute(
            _OWN, [{"account_id": one.order.account, "new_person": one.number} for one in taken]
        )
        _HELPS.execute(connection, [_helps(one) for one in taken])
        consents = [
            consent_values(one.number, one.order.account, consent)
            for one in taken
            for consent in one.order.consents
        ]
        if consents:
            connection.execute(_CONSENT, consents)
        ended = {one.order.account: _ended(one.order) for one in taken}
        write_dialogues(connection, self._vault, ended)
        queue_entries(connection, [(_entry_of(one), one.order.at) for one in taken])
        fresh_units = [(one.order.data.unit, one.order.at) for one in taken if not one.is_back]
        count_registrations(connection, fresh_units)
        for one in taken:
            if one.order.data.is_phone_verified:
                phone = indexes_of(self._vault, one.order.data).phone
                connection.execute(_FLAG, {"phone": phone, "before": one.number})
        connection.execute(_RAISE_COUNTER.values(value=last))

    def _bring_back(self, connection: Connection, one: _Taken) -> None:
        """Somebody who was erased returns: the number and when it was given stay his."""
        row = self._row_of(one) | {"erased_at": None}
        del row["registered_at"], row["registered_by"]
        with recounted(connection, [one.number]):
            connection.execute(_CORRECT.values(row), {"person": one.number})

    def _row_of(self, one: _Taken) -> dict[str, object]:
        return data_values(self._vault, one.number, one.order.data) | {
            "number": one.number,
            "salt_box": seal_salt(self._vault, one.number, one.salt),
            "registered_at": one.order.at,
            "registered_by": one.order.account,
            "is_flagged": False,
            "relation": one.order.relation.value,
            "age_band": one.order.age_band,
        }

    def _correct_one(self, connection: Connection, order: CorrectData) -> _Outcome:
        standing = lock_accounts(connection, {order.account}).get(order.account)
        if standing != Standing(order.step, order.person):
            return RegisterRefusal.SUPERSEDED
        person = connection.execute(_LOCK_PERSON, {"person": order.person}).one()
        if connection.execute(_HAS_ATTEMPT, {"person": order.person}).scalar_one():
            return RegisterRefusal.LOCKED
        index = indexes_of(self._vault, order.data)
        refusal = refusal_of_change(connection, index, order.family_limit, order.person)
        if refusal is not None:
            return refusal
        return self._write_correction(connection, order, person)

    def _write_correction(
        self, connection: Connection, order: CorrectData, person: Row[Any]
    ) -> Registered:
        values = data_values(self._vault, order.person, order.data)
        values["age_band"] = order.age_band
        with recounted(connection, [order.person]):
            connection.execute(_CORRECT.values(values), {"person": order.person})
        write_dialogues(connection, self._vault, {order.account: _ended(order)})
        who = who_of(order.data, salt_of(self._vault, person))
        entry = fix_entry(order.person, order.at, order.data.unit, who)
        queue_entries(connection, [(entry, order.at)])
        if order.data.is_phone_verified:
            phone = values["phone_index"]
            connection.execute(_FLAG, {"phone": phone, "before": order.person})
        return Registered(replace(participant_of(self._vault, person), data=order.data))


def lock_counter(connection: Connection) -> PersonNumber:
    """The last number given, its row locked until the transaction ends."""
    statement = _LOCK_COUNTER[connection.dialect.name]
    return PersonNumber(connection.execute(statement).scalar_one())


def refusal_of_change(
    connection: Connection, indexes: Indexes, limit: int, person: int
) -> RegisterRefusal | None:
    """Why this person may not have that identity or phone; the counter is locked.

    An identity that was erased is kept for who comes back to it.
    """
    known = _known(connection, [indexes])
    if known.erased.get(indexes.identity, person) != person:
        return RegisterRefusal.IDENTITY_TAKEN
    return known.refusal(indexes, limit, but=person)


def consent_values(person: int, account: int, consent: Consent) -> dict[str, object]:
    return {
        "person": person,
        "purpose": consent.purpose,
        "text_version": consent.text_version,
        "is_given": consent.is_given,
        "at": consent.at,
        "account": account,
    }


def _known(connection: Connection, indexes: Sequence[Indexes]) -> _Known:
    known = _Known()
    wanted = {
        "phones": sorted({index.phone for index in indexes}),
        "identities": sorted({index.identity for index in indexes}),
    }
    for row in connection.execute(_ALIKE, wanted):
        if row.erased_at is None:
            known.add(row.number, Indexes(row.phone_index, row.identity_index))
        else:
            known.erased[row.identity_index] = row.number
    return known


def _unready(order: Register, standing: Mapping[int, Standing]) -> RegisterRefusal | None:
    account = standing.get(order.account)
    if account is None or account.step != order.step:
        return RegisterRefusal.SUPERSEDED
    is_taken = account.person is not None and order.relation is Relation.OWN
    return RegisterRefusal.ALREADY_REGISTERED if is_taken else None


def _helps(one: _Taken) -> dict[str, object]:
    """That the account is one through which this person takes part."""
    account, at = one.order.account, one.order.at
    relation = one.order.relation.value
    return {"account": account, "person": one.number, "relation": relation, "at": at}


def _ended(order: Register | CorrectData) -> tuple[Dialogue, Instant]:
    return Dialogue("", order.step + 1), order.at


def _entry_of(one: _Taken) -> dict[str, object]:
    order = one.order
    who = who_of(order.data, one.salt)
    if one.is_back:
        return dict(fix_entry(one.number, order.at, order.data.unit, who))
    return dict(reg_entry(one.number, order.at, order.data.unit, order.sender.channel, who))
