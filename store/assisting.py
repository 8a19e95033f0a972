"""How many people an official enters on a day: counted in the registration's own transaction.

The counter's row is locked there, so counting and registering are one step.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select

from handlers.records import Register, RegisterRefusal, Relation
from store.tables import PARTICIPANT


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
                counted = select(func.count()).where(
                    PARTICIPANT.c.registered_by == order.account,
                    PARTICIPANT.c.relation == Relation.ASSISTED.value,
                    PARTICIPANT.c.registered_at >= order.day_start,
                )
                found.counts[order.account] = connection.execute(counted).scalar_one()
        return found

    def refusal(self, order: Register) -> RegisterRefusal | None:
        if order.relation is not Relation.ASSISTED:
            return None
        is_full = self.counts[order.account] >= order.assisted_limit
        return RegisterRefusal.ASSISTED_FULL if is_full else None

    def add(self, order: Register) -> None:
        if order.relation is Relation.ASSISTED:
            self.counts[order.account] += 1
