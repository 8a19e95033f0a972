"""Who may practise but is never ranked (rules 2.2): asked in the transaction of a start.

By phone, and by the account of whoever holds or held such a role. Changes of the list hold the
registrations' lock and lock people, as starts do: nobody slips in between list and paper.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select

from handlers.access import UNRANKED
from handlers.office_roles import Ordered
from store.encryption import Vault
from store.insertion import InsertNew
from store.lists import among
from store.tables import EXCLUSION, PARTICIPANT, ROLE

IS_UNRANKED = ROLE.c.role.in_(sorted(role.value for role in UNRANKED))
_OWN = "own"
PHONE_BOX = "exclusion.phone"
_INSERT = InsertNew(EXCLUSION, EXCLUSION.c.phone_index)


_BY_PHONE = exists().where(EXCLUSION.c.phone_index == PARTICIPANT.c.phone_index)
_PEOPLE = select(PARTICIPANT.c.number, PARTICIPANT.c.relation, _BY_PHONE.label("is_listed")).where(
    among(PARTICIPANT.c.number, "people")
)
_HOLDERS = (
    select(ROLE.c.account)
    .join(EXCLUSION, EXCLUSION.c.phone_index == ROLE.c.phone_index)
    .where(among(ROLE.c.account, "accounts"), IS_UNRANKED)
)


def is_excluded_by(account: Any) -> ColumnElement[bool]:
    """Whether the PARTICIPANT of the statement may not be ranked, played through `account`.

    Somebody else who is helped on a role holder's account is judged by the phone alone.
    """
    by_role = exists().where(
        ROLE.c.account == account, IS_UNRANKED, ROLE.c.phone_index == EXCLUSION.c.phone_index
    )
    return or_(_BY_PHONE, and_(PARTICIPANT.c.relation == _OWN, by_role))


def excluded_among(
    connection: Connection, pairs: Collection[tuple[int, int]]
) -> set[tuple[int, int]]:
    """Those of the pairs (person, account) who may open no attempt.

    Read after the people's rows are locked, it cannot be overtaken by a change of the list.
    """
    if not pairs:
        return set()
    people = {"people": sorted({person for person, _ in pairs})}
    known = {row.number: row for row in connection.execute(_PEOPLE, people)}
    accounts = {"accounts": sorted({account for _, account in pairs})}
    holders = set(connection.execute(_HOLDERS, accounts).scalars())
    return {
        (person, account)
        for person, account in pairs
        if person in known
        and (known[person].is_listed or (known[person].relation == _OWN and account in holders))
    }


def list_phone(
    connection: Connection, vault: Vault, phone: str, why: str, ordered: Ordered
) -> bool:
    """Put a phone on the list; False: it was there."""
    index = vault.index("phone", phone)
    row = {
        "phone_index": index,
        "phone_box": vault.seal(phone.encode(), PHONE_BOX, index.hex()),
        "name_box": None,
        "why": why,
        "account": ordered.account,
        "at": ordered.at,
    }
    return bool(_INSERT.execute(connection, [row]))
