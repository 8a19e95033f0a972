"""Lists of everybody, as the store reads them and the reports write them: values and one port.

All that is listed is as of an instant: what came after it is left out, whenever the list is read.
Identity fields appear here in the clear and nowhere in logs.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Protocol

from handlers.records import PersonNumber
from scoring.attempt import Act
from scoring.instant import Instant

OWN, FAMILY, ASSISTED = "own", "family", "assisted"
"""`relation`: who spoke for the person at registration."""


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A participant and what came of the attempts.

    `name`, `born` and `phone` are None where they were erased on request. `opened` counts every
    attempt, `participations` those that count; `first_at` is when the first that counts ended.
    `is_void`: all that the person did was voided, and counts nowhere.
    """

    number: PersonNumber
    name: str | None
    born: int | None
    phone: str | None
    is_phone_verified: bool
    guardian_phone: str | None
    unit: str
    audience: str | None
    registered_at: Instant
    channel: str
    relation: str
    is_flagged: bool
    opened: int
    participations: int
    first_at: Instant | None
    is_void: bool = False


@dataclass(frozen=True, slots=True)
class ListedAttempt:
    """An attempt; what only its end tells is None while it is open.

    `unit` is the person's; `is_participation`: it ended with as many answers as the rules it was
    opened under ask for, and counts; `is_void`: it was voided, by itself or with its person.
    `correct` and `guess` are None for all until the contest is closed: while it runs nobody sees
    results (DESIGN §4).
    """

    person: PersonNumber
    unit: str
    number: int
    opened_at: Instant
    ended_at: Instant | None
    end: Act | None
    answered: int | None
    duration_ms: int | None
    correct: int | None
    guess: int | None
    is_participation: bool
    is_void: bool = False


@dataclass(frozen=True, slots=True)
class ListingSize:
    """How much there is to list; `is_closed`: results are told."""

    people: int
    attempts: int
    is_closed: bool


class Listing(Protocol):
    """Everybody as of `at`, a page of rows at a time, in order of person number."""

    async def size(self, at: Instant) -> ListingSize: ...

    def people(self, at: Instant) -> AsyncGenerator[tuple[ListedPerson, ...], None]: ...

    def attempts(self, at: Instant) -> AsyncGenerator[tuple[ListedAttempt, ...], None]: ...
