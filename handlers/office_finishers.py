"""What the handlers ask of the list of who has finished: names of a unit's people, no results."""

from dataclasses import dataclass, field
from typing import Protocol

from handlers.records import PersonNumber


@dataclass(frozen=True, slots=True)
class NamesAsked:
    """People of a unit numbered above `after` with a participation, `limit` of them at most.

    Whoever was born after `born_until` is not named.
    """

    unit: str
    after: int
    limit: int
    born_until: int


@dataclass(frozen=True, slots=True)
class Finisher:
    number: PersonNumber
    name: str = field(repr=False)


class Finishers(Protocol):
    async def named(self, asked: NamesAsked) -> tuple[Finisher, ...]:
        """By number; without those who withdrew or do not count."""
