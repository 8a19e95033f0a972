"""How many people an official enters on a day: counted in the registration's own transaction.

The counter's row is locked there, so counting and registering are one step.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, func, select

from handlers.records import Register, RegisterRefusal, Relation
from store.tables import ACCOUNT_PERSON, PARTICIPANT

# By the account's own people: nobody may wait, while the counter is locked, for a walk through all.
_ENTERED = (
    select(func.count())
    .select_from(ACCOUNT_PERSON)
    .join(PARTICIPANT, PARTICIPANT.c.number == ACCOUNT_PERSON.c.person)
    .where(
        ACCOUNT_PERSON.c.account == bindparam("of_account"),
        PARTICIPANT.c.registered_by == bindparam("of_account"),
        PARTICIPANT.c.relation == Relation.ASSISTED.value,
        PARTICIPANT.c.registered_at >= bindparam("day_start"),
    )
)


@dataclass(slots=True)
class Assisted:
    """Entered today, by account."""

    counts: Counter[int] = field(default_factory=Counter)

    @classmethod
    def of(cls, connection: Connection, orders: Sequence[Register]) -> "Assisted":
        """As far as these orders need it."""
        found = cls()
        for order in orders:
            if order.relation is Relation.ASSISTED and order.account not in found.counts:
                asked = {"of_account": order.account, "day_start": order.day_start}
                found.counts[order.account] = connection.execute(_ENTERED, asked).scalar_one()
        return found

    def refusal(self, order: Register) -> RegisterRefusal | None:
        if order.relation is not Relation.ASSISTED:
            return None
        is_full = self.counts[order.account] >= order.assisted_limit
        return RegisterRefusal.ASSISTED_FULL if is_full else None

    def add(self, order: Register) -> None:
        if order.relation is Relation.ASSISTED:
            self.counts[order.account] += 1
