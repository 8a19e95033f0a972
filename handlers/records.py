"""What handlers and stores hand each other: values only.

Inputs are imperative (`StartAttempt`), records past tense or nouns (`AttemptStarted`). Identity
fields appear here in the clear and nowhere in logs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import NewType

from question_bank.draw import Paper
from question_bank.question import QuestionBank
from scoring.attempt import Act, Attempt
from scoring.contest import Timeline
from scoring.entries import Commitments
from scoring.grading import Grade
from scoring.instant import Instant
from scoring.limits import AttemptLimits, History, StartRefusal

AccountId = NewType("AccountId", int)
PersonNumber = NewType("PersonNumber", int)
EventId = NewType("EventId", str)
"""The platform's id of one delivery, unique within its channel (Telegram: the update id)."""


EPOCH = Instant(0)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who speaks: channel (`tg`, `web`, `zo`, `zb`; LEDGER §4 `via`) and the id there."""

    channel: str
    id: str


class Role(Enum):
    """What somebody may be besides a participant; what each may do is `handlers.access`."""

    ORGANISER = "organiser"
    JUDGE = "judge"
    SECRETARY = "secretary"
    LEADER = "leader"
    TECHNICIAN = "technician"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that an account has; `unit` of a leader, else ""."""

    role: Role
    unit: str = ""


USE = "use"
"""The act of a line that tells of a look or a press; what it changed has a line of its own."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the audit trail (DESIGN §4): numbers and codes, never names.

    `account` None and `role` "cli": the command line. `subject` names what it was done to, as in
    `person:17`, `unit:TDP-06`, `decision:3`; `detail` holds JSON values.
    """

    at: Instant
    account: AccountId | None
    role: str
    act: str
    subject: str = ""
    detail: Mapping[str, object] = field(default_factory=dict)
    why: str = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent given or refused, with the version of the text that was read."""

    purpose: str
    text_version: str
    is_given: bool
    at: Instant


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Fields of a participant; phones in E.164, `name` clean and NFC."""

    name: str
    born: int
    phone: str
    is_phone_verified: bool
    unit: str
    audience: str | None = None
    guardian_phone: str | None = None


class Relation(Enum):
    """How somebody takes part through an account (DESIGN §4)."""

    OWN = "own"
    FAMILY = "family"
    """Helped by a relative on his account."""
    ASSISTED = "assisted"
    """Entered by an official at a public-service point."""


@dataclass(frozen=True, slots=True)
class Participant:
    number: PersonNumber
    data: PersonalData
    registered_at: Instant
    is_publishing_name: bool | None = None
    relation: Relation = Relation.OWN

    @property
    def is_helped(self) -> bool:
        return self.relation is not Relation.OWN


@dataclass(frozen=True, slots=True)
class Dialogue:
    """The dialogue an account is in; `name` is "" for none.

    `step` only ever rises for an account, so a button of an earlier step never fits again.
    """

    name: str = ""
    step: int = 0
    draft: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Session:
    """An open attempt as one account plays it.

    `moved_ms` and `moved_choice`: machine time and button of the tap that led to the present
    view, for the double tap; 0 and None after a rebuild. `is_helped`: somebody is helped on this
    account, and his name stands on every screen.
    """

    account: AccountId
    attempt: Attempt
    moved_ms: int = 0
    moved_choice: int | None = None
    is_helped: bool = False


@dataclass(frozen=True, slots=True)
class AttemptRecord:
    """An ended or open attempt in a person's own list.

    `void_doc` is the decision under which it does not count; None: it counts by the rules.
    """

    id: int
    number: int
    opened_at: Instant
    ended_at: Instant | None
    end: Act | None
    grade: Grade
    duration_ms: int
    min_answers: int
    """What makes a participation by the rules that it was opened under."""

    guess: int | None = None
    void_doc: str | None = None


@dataclass(frozen=True, slots=True)
class Visitor:
    """All that an input without a view needs of its sender, read at once.

    `is_excluded`: the participant may practise and opens no attempt (rules 2.2).
    """

    account: AccountId
    participant: Participant | None
    dialogue: Dialogue
    session: Session | None
    history: History
    grants: tuple[Grant, ...] = ()
    is_excluded: bool = False


class Move(Enum):
    """What became of a step of a dialogue."""

    MOVED = "moved"
    REPEATED = "repeated"
    """The same event was handled before."""
    SUPERSEDED = "superseded"
    """The dialogue has gone on since."""


@dataclass(frozen=True, slots=True)
class Event:
    """One delivery: the key under which an input without a view takes effect once."""

    channel: str
    id: EventId


@dataclass(frozen=True, slots=True)
class MoveDialogue:
    """Take a dialogue from `from_step` on; `from_step` None replaces whatever is there.

    The new step is the old one + 1, whatever `to.step` says. `event` is None for a button, whose
    step guards it.
    """

    account: AccountId
    to: Dialogue
    at: Instant
    from_step: int | None = None
    event: Event | None = None


@dataclass(frozen=True, slots=True)
class Register:
    """Register a person and end the dialogue at `step` in the same transaction.

    `assisted_limit` is how many an official may enter on the day that began at `day_start`.
    """

    sender: Sender
    account: AccountId
    step: int
    data: PersonalData
    consents: tuple[Consent, ...]
    at: Instant
    family_limit: int
    relation: Relation = Relation.OWN
    age_band: int = 0
    assisted_limit: int = 0
    day_start: Instant = EPOCH


@dataclass(frozen=True, slots=True)
class CorrectData:
    """Correct a participant's data before the first attempt; ends the dialogue at `step`."""

    account: AccountId
    person: PersonNumber
    step: int
    data: PersonalData
    at: Instant
    family_limit: int
    age_band: int = 0


@dataclass(frozen=True, slots=True)
class Registered:
    participant: Participant


class RegisterRefusal(Enum):
    SUPERSEDED = "superseded"
    ALREADY_REGISTERED = "already_registered"
    """This account has a participant already."""
    IDENTITY_TAKEN = "identity_taken"
    """Name, birth year and phone are a participant's already."""
    FAMILY_FULL = "family_full"
    ASSISTED_FULL = "assisted_full"
    """This official has entered as many as a day allows."""
    LOCKED = "locked"
    """The first attempt was opened: data are corrected by request only."""
    CLOSED = "closed"
    """The contest ended before this could be committed."""


@dataclass(frozen=True, slots=True)
class EraseData:
    """Destroy a person's data at his own request, from the account that plays for him."""

    account: AccountId
    person: PersonNumber
    at: Instant


@dataclass(frozen=True, slots=True)
class RecordConsent:
    account: AccountId
    person: PersonNumber
    consent: Consent


@dataclass(frozen=True, slots=True)
class StartAttempt:
    """Open attempt `number` of a person; `day_start` begins the contest's day of `at`."""

    account: AccountId
    person: PersonNumber
    number: int
    paper: Paper
    commitments: Commitments
    at: Instant
    due: Instant
    day_start: Instant
    limits: AttemptLimits
    is_helped: bool = False


@dataclass(frozen=True, slots=True)
class AttemptStarted:
    """`is_new` is False where the person's open attempt was found instead."""

    session: Session
    is_new: bool


@dataclass(frozen=True, slots=True)
class AttemptNotStarted:
    """`refusal` None: the number asked for has been used; nothing changed."""

    refusal: StartRefusal | None


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that is not a reply: an entry of the catalogue and its arguments (JSON values)."""

    message: str
    arguments: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FinishAttempt:
    """End an attempt by the transition (`act`, `at`) at `view`.

    What was answered, graded and entered in the ledger is read from SQL's rows in the same
    transaction. `notice` names the catalogue entry sent to the account where the owner did not
    end it himself.
    """

    session: Session
    act: Act
    at: Instant
    bank: QuestionBank
    timeline: Timeline
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class AttemptFinished:
    """`min_answers` makes a participation by the rules that it was opened under."""

    attempt: Attempt
    grade: Grade
    duration_ms: int
    min_answers: int


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """A message to send that answers nobody's input.

    `attempts` counts this one; `is_maybe_twice`: an earlier one may have arrived. `thread` is a
    forum's topic.
    """

    id: int
    channel: str
    chat: str
    notice: Notice
    attempts: int
    is_maybe_twice: bool = False
    thread: int | None = None


@dataclass(frozen=True, slots=True)
class JobDone:
    """A scheduled job's record: planned instant and how often it had effect (0 or 1)."""

    job: str
    planned_at: Instant
