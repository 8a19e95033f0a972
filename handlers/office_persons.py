"""What is asked of those who take part, by those who run the contest: values and ports.

What staff see of an attempt has no field for what was right: nobody sees it while the contest runs
(DESIGN §4). Orders carry their line of the audit trail and the step of the dialogue they end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from handlers.office_roles import Ordered
from handlers.records import Participant, PersonNumber
from scoring.attempt import Act, Attempt
from scoring.contest import Timeline
from scoring.instant import Instant
from scoring.limits import AttemptLimits

PEOPLE_A_PAGE = 8
EXCLUDED = "excluded"
"""The code of voids that the list of who is never ranked makes and takes back."""


@dataclass(frozen=True, slots=True)
class SeenAttempt:
    """An attempt as staff may see it; `answered` so far where it is open."""

    number: int
    opened_at: Instant
    ended_at: Instant | None
    end: Act | None
    answered: int
    extra_ms: int = 0


@dataclass(frozen=True, slots=True)
class StandingVoid:
    """A void in force; `attempt` 0 is the whole person, `why` a code."""

    attempt: int
    why: str
    doc: str
    at: Instant


@dataclass(frozen=True, slots=True)
class PersonFile:
    """Everything staff may see of a person; `participant` None: erased, the number is left.

    `is_flagged`: somebody is to look at it. `moved_from` is the unit that went.
    """

    number: PersonNumber
    participant: Participant | None
    channel: str
    is_flagged: bool
    moved_from: str | None
    attempts: tuple[SeenAttempt, ...]
    voids: tuple[StandingVoid, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of people by number, and how many there are in all."""

    total: int
    people: tuple[Participant, ...]


class Persons(Protocol):
    async def file_of(self, number: int) -> PersonFile | None: ...

    async def by_phone(self, phone: str, page: int) -> Found:
        """People of a phone in E.164; pages from 1."""

    async def by_name(self, name: str, page: int) -> Found:
        """People of a whole name, however it is spelt; pages from 1."""


@dataclass(frozen=True, slots=True)
class CorrectPerson:
    """Put values of `PersonalData` in place of those that were shown (`was`).

    `year` is the contest's, for the age band.
    """

    person: PersonNumber
    changes: Mapping[str, object]
    was: Mapping[str, object]
    year: int
    family_limit: int
    ordered: Ordered


class Corrected(Enum):
    DONE = "done"
    SUPERSEDED = "superseded"
    """The dialogue has gone on since."""
    GONE = "gone"
    """Nobody has the number, or his data were erased."""
    OUTDATED = "outdated"
    """Somebody else has corrected it meanwhile."""
    IDENTITY_TAKEN = "identity_taken"
    FAMILY_FULL = "family_full"
    LISTED = "listed"
    """The new phone is on the list of who is never ranked, and attempts of the person count."""
    CLOSED = "closed"
    """After the closing a unit's people stay as they were counted."""


class Corrections(Protocol):
    async def correct(self, order: CorrectPerson) -> Corrected: ...


@dataclass(frozen=True, slots=True)
class VoidPapers:
    """Let an attempt (0: all of a person) not count; `why` is a code, `doc` a decision's number."""

    person: PersonNumber
    attempt: int
    why: str
    doc: str
    ordered: Ordered


@dataclass(frozen=True, slots=True)
class RestorePapers:
    """Let it count again, within `limits`: the attempts that took its place count, too."""

    person: PersonNumber
    attempt: int
    doc: str
    limits: AttemptLimits
    ordered: Ordered


class Voided(Enum):
    DONE = "done"
    SUPERSEDED = "superseded"
    NEEDS_SECOND = "needs_second"
    """Results were published: it takes a proposal and a second person."""
    GONE = "gone"
    """There is no such person or attempt."""
    OPEN = "open"
    """The paper is under way: it ends first."""
    ALREADY = "already"
    """Void before, or not void any more."""
    LISTED = "listed"
    """The list of who is never ranked made it, and takes it back."""
    OVER_LIMITS = "over_limits"
    """Another attempt took its place: both would be more than the rules allow."""


class Voids(Protocol):
    async def void(self, order: VoidPapers) -> Voided: ...

    async def restore(self, order: RestorePapers) -> Voided: ...


@dataclass(frozen=True, slots=True)
class GiveTime:
    """Give an open attempt so much more time; what was received in time lands in any case."""

    person: PersonNumber
    attempt: int
    extra_ms: int
    timeline: Timeline
    ordered: Ordered


class Given(Enum):
    DONE = "done"
    SUPERSEDED = "superseded"
    ENDED = "ended"
    """The paper has ended, or its time was up."""
    NO_ROOM = "no_room"
    """It runs to the contest's last instant already."""


class ExtraTimes(Protocol):
    async def open_paper(self, person: PersonNumber) -> Attempt | None:
        """The attempt that the person has open."""

    async def give(self, order: GiveTime) -> Given: ...
