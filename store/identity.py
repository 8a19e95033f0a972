"""A participant's row: identity fields in boxes, keyed hashes to find people by.

Decides when two people are one: phone, folded full name and birth year (DESIGN §4).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Row

from handlers.records import Participant, PersonalData, PersonNumber, Relation
from question_bank.text import fold
from scoring.entries import Identity, person_digest
from scoring.instant import Instant
from store.encryption import Vault

SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Indexes:
    """Blind indexes of a person's data."""

    phone: bytes
    identity: bytes


def indexes_of(vault: Vault, data: PersonalData) -> Indexes:
    who = "\n".join((data.phone, fold(data.name), str(data.born)))
    return Indexes(vault.index("phone", data.phone), vault.index("identity", who))


def who_of(data: PersonalData, salt: bytes) -> str:
    """`who` of the ledger's `reg` and `fix`."""
    return person_digest(Identity(data.name, str(data.born), data.phone, data.unit), salt)


def data_values(vault: Vault, number: int, data: PersonalData) -> dict[str, object]:
    """The columns of `participant` that follow from a person's data."""

    def sealed(column: str, text: str) -> bytes:
        return vault.seal(text.encode(), f"participant.{column}", number)

    indexes = indexes_of(vault, data)
    guardian = data.guardian_phone
    return {
        "name_box": sealed("name", data.name),
        "born_box": sealed("born", str(data.born)),
        "phone_box": sealed("phone", data.phone),
        "guardian_box": None if guardian is None else sealed("guardian", guardian),
        "phone_index": indexes.phone,
        "identity_index": indexes.identity,
        "unit": data.unit,
        "audience": data.audience,
        "is_phone_verified": data.is_phone_verified,
        "name_index": name_index(vault, data.name),
    }


def name_index(vault: Vault, name: str) -> bytes:
    """Finds people by their whole name, however it is spelt."""
    return vault.index("name", fold(name))


ERASED: Mapping[str, object] = {
    "name_box": b"",
    "born_box": b"",
    "phone_box": b"",
    "guardian_box": None,
    "salt_box": b"",
    "phone_index": b"",
    "name_index": None,
    "is_phone_verified": False,
    "is_publishing_name": None,
}
"""What is left of a person's columns after erasure; the identity's hash stays (DESIGN §8)."""


def seal_salt(vault: Vault, number: int, salt: bytes) -> bytes:
    return vault.seal(salt, "participant.salt", number)


def salt_of(vault: Vault, row: Row[Any]) -> bytes:
    return vault.unseal(row.salt_box, "participant.salt", row.number)


def participant_of(vault: Vault, row: Row[Any]) -> Participant:
    def text(column: str) -> str:
        box = cast("bytes", row._mapping[f"{column}_box"])  # noqa: SLF001 (the row's public mapping)
        return vault.unseal(box, f"participant.{column}", row.number).decode()

    data = PersonalData(
        name=text("name"),
        born=int(text("born")),
        phone=text("phone"),
        is_phone_verified=row.is_phone_verified,
        unit=row.unit,
        audience=row.audience,
        guardian_phone=None if row.guardian_box is None else text("guardian"),
    )
    return Participant(
        PersonNumber(row.number),
        data,
        Instant(row.registered_at),
        row.is_publishing_name,
        Relation(row.relation),
    )
