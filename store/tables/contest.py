"""The contest's own tables: people, papers, the ledger's queue, the outbox, processes.

Instants are integer milliseconds. Columns named `*_box` are encrypted (`store.encryption`), those
named `*_index` are keyed hashes for search.
"""

from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
    true,
)
from sqlmodel import Field

from store.tables.columns import (
    NEVER_REUSED,
    Row,
    big,
    big_key,
    flag,
    key_of,
    serial,
    table_of,
)


class ContestRow(Row, table=True):
    """One row: the contest of this database. `lock` is always 1."""

    __tablename__: ClassVar[Any] = "contest"
    lock: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    id: bytes
    kind: str
    key_check: bytes
    seed_box: bytes
    bank_salt_box: bytes
    leaf_salt_box: bytes
    signing_key_box: bytes
    origin: str
    created_at: int = big()


class RulesVersionRow(Row, table=True):
    """A version of the rules; `notice` is what the public was told of the change.

    `draw_rules` is the hash under which the draw key was made (LEDGER §2): its own, or that of the
    version whose draw it keeps.
    """

    __tablename__: ClassVar[Any] = "rules_version"
    hash: str = Field(primary_key=True)
    json_text: str
    since: int = big()
    draw_rules: str | None = None
    notice: str | None = None


class BankVersionRow(Row, table=True):
    """A bank's canonical questions (keys included), encrypted: `bank_box`."""

    __tablename__: ClassVar[Any] = "bank_version"
    root: str = Field(primary_key=True)
    bank_box: bytes
    since: int = big()


class CounterRow(Row, table=True):
    __tablename__: ClassVar[Any] = "counter"
    name: str = Field(primary_key=True)
    value: int = big()


class AccountRow(Row, table=True):
    __tablename__: ClassVar[Any] = "account"
    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        Index("ix_account_chat", "channel", "chat"),
        NEVER_REUSED,
    )
    id: int = serial()
    channel: str
    external_id: str
    chat: str
    person: int | None = Field(
        default=None,
        sa_column=Column(BigInteger, ForeignKey("participant.number"), nullable=True, index=True),
    )
    is_reachable: bool
    created_at: int = big()
    is_reminded: bool = Field(
        sa_column=Column(Boolean, nullable=False, server_default=true()), default=True
    )
    reminded_at: int | None = big(nullable=True)


class ParticipantRow(Row, table=True):
    """No index on `unit`: what asks by it is asked for seldom, or reads most of the table anyhow.

    `salt_box` holds the 32 bytes inside `who`; `registered_by` is an account's id.

    `relation`: own, family, assisted. `age_band` is coarse on purpose: statistics need no more.
    Erased, the boxes are empty; `identity_index` stays until the results are final.
    """

    __tablename__: ClassVar[Any] = "participant"
    number: int = big_key()
    name_box: bytes
    born_box: bytes
    phone_box: bytes
    guardian_box: bytes | None = None
    salt_box: bytes
    phone_index: bytes = Field(index=True)
    identity_index: bytes = Field(unique=True)
    unit: str
    audience: str | None = None
    is_phone_verified: bool
    registered_at: int = big()
    registered_by: int = big()
    is_flagged: bool
    is_publishing_name: bool | None = None
    relation: str = Field(sa_column=Column(String, nullable=False, server_default="own"))
    age_band: int | None = None
    name_index: bytes | None = Field(default=None, index=True)
    erased_at: int | None = big(nullable=True)
    moved_from: str | None = None


class ConsentRow(Row, table=True):
    __tablename__: ClassVar[Any] = "consent"
    __table_args__ = (NEVER_REUSED,)
    id: int = serial()
    person: int = Field(
        sa_column=Column(BigInteger, ForeignKey("participant.number"), nullable=False, index=True)
    )
    purpose: str
    text_version: str
    is_given: bool
    at: int = big()
    account: int = big(reference="account.id")


_IS_RUNNING = text("name != ''")


class DialogueRow(Row, table=True):
    """It stays when it has ended, for its step; then it has no name."""

    __tablename__: ClassVar[Any] = "dialogue"
    __table_args__ = (
        Index("ix_dialogue_running", "at", sqlite_where=_IS_RUNNING, postgresql_where=_IS_RUNNING),
    )
    account: int = key_of("account.id")
    name: str
    step: int
    draft_box: bytes
    at: int = big()


class EventRow(Row, table=True):
    """`kept_since` is the contest's instant of the input, for the purge."""

    __tablename__: ClassVar[Any] = "event"
    channel: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    kept_since: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))


_IS_OPEN = text("ended_at IS NULL")
_OF_OPEN: dict[str, Any] = {"sqlite_where": _IS_OPEN, "postgresql_where": _IS_OPEN}


class AttemptRow(Row, table=True):
    __tablename__: ClassVar[Any] = "attempt"
    __table_args__ = (
        UniqueConstraint("person", "number"),
        Index("uq_attempt_open_person", "person", unique=True, **_OF_OPEN),
        Index("uq_attempt_open_account", "account", unique=True, **_OF_OPEN),
        Index("ix_attempt_open_due", "due", **_OF_OPEN),
        NEVER_REUSED,
    )
    id: int = serial()
    person: int = big(reference="participant.number")
    number: int
    account: int = big(reference="account.id")
    paper: str
    bank: str
    rules: str
    opened_at: int = big()
    due: int = big()
    wait_ms: int = big()
    extra_ms: int = big()
    guess_salt: bytes
    ended_at: int | None = big(nullable=True)
    end: int | None = None
    correct: int | None = None
    answered: int | None = None
    guess: int | None = None
    duration_ms: int | None = big(nullable=True)


class TransitionRow(Row, table=True):
    """The hottest table: one key, no further index, no foreign key to check at each tap."""

    __tablename__: ClassVar[Any] = "transition"
    __table_args__: ClassVar[Any] = ({"sqlite_with_rowid": False},)
    attempt: int = big_key()
    view: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    act: int
    place: int
    choice: int | None = None
    at: int = big()


class LedgerQueueRow(Row, table=True):
    """Entries on their way to the sequencer; `fields` is canonical JSON (LEDGER §4)."""

    __tablename__: ClassVar[Any] = "ledger_queue"
    __table_args__ = (NEVER_REUSED,)
    id: int = serial()
    kind: str
    fields_text: str
    at: int = big()


_IS_WAITING = text("state IN ('pending', 'claimed')")
_OF_WAITING: dict[str, Any] = {
    "sqlite_where": _IS_WAITING,
    "postgresql_where": _IS_WAITING,
}
_IS_DEAD = text("state = 'dead'")


class OutboxRow(Row, table=True):
    """`batch` names what sent many at once; `is_maybe_twice`: it may have arrived before."""

    __tablename__: ClassVar[Any] = "outbox"
    __table_args__ = (
        Index("ix_outbox_waiting", "is_bulk", "not_before_ms", "id", **_OF_WAITING),
        Index("ix_outbox_waiting_chat", "channel", "chat", **_OF_WAITING),
        Index("ix_outbox_batch", "batch", "state"),
        Index("ix_outbox_dead", "id", sqlite_where=_IS_DEAD, postgresql_where=_IS_DEAD),
        NEVER_REUSED,
    )
    id: int = serial()
    channel: str
    chat: str
    message: str
    arguments: str
    batch: str | None = None
    thread: int | None = big(nullable=True)
    is_bulk: bool = flag()
    created_at: int = big()
    not_before_ms: int = big()
    tries: int
    is_maybe_twice: bool = flag()
    state: str
    sent_at: int | None = big(nullable=True)
    error: str | None = None


class JobRunRow(Row, table=True):
    __tablename__: ClassVar[Any] = "job_run"
    job: str = Field(primary_key=True)
    planned_at: int = big_key()
    done_at: int = big()


class DecisionRow(Row, table=True):
    __tablename__: ClassVar[Any] = "decision"
    __table_args__ = (NEVER_REUSED,)
    id: int = serial()
    ruling: str
    recorded_at: int = big()
    until: int | None = big(nullable=True)
    by: str
    why: str


class ClockAnchorRow(Row, table=True):
    """One row. `lock` is always 1."""

    __tablename__: ClassVar[Any] = "clock_anchor"
    lock: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    contest_ms: int = big()
    machine_ms: int = big()
    rate: float


class DeadLetterRow(Row, table=True):
    __tablename__: ClassVar[Any] = "dead_letter"
    channel: str = Field(primary_key=True)
    event: str = Field(primary_key=True)
    why: str
    at: int = big()


class ProcessRow(Row, table=True):
    """A running process; `beat_ms` is the machine's clock at its last heartbeat."""

    __tablename__: ClassVar[Any] = "process"
    id: str = Field(primary_key=True)
    started_ms: int = big()
    beat_ms: int = big()


class HeartbeatRow(Row, table=True):
    """One row: when any process last beat, on the machine's clock. `lock` is always 1."""

    __tablename__: ClassVar[Any] = "heartbeat"
    lock: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    last_ms: int = big()


class OutageRow(Row, table=True):
    """When nobody could be served: contest instants, and how long it took by the machine."""

    __tablename__: ClassVar[Any] = "outage"
    __table_args__ = (NEVER_REUSED,)
    id: int = serial()
    begins: int = big()
    ends: int = big()
    machine_ms: int = big()


class LeaseRow(Row, table=True):
    """Who alone may do `name` until `until_ms` on the machine's clock."""

    __tablename__: ClassVar[Any] = "lease"
    name: str = Field(primary_key=True)
    holder: str
    until_ms: int = big()


CONTEST = table_of(ContestRow)
RULES_VERSION = table_of(RulesVersionRow)
BANK_VERSION = table_of(BankVersionRow)
COUNTER = table_of(CounterRow)
ACCOUNT = table_of(AccountRow)
PARTICIPANT = table_of(ParticipantRow)
CONSENT = table_of(ConsentRow)
DIALOGUE = table_of(DialogueRow)
EVENT = table_of(EventRow)
ATTEMPT = table_of(AttemptRow)
TRANSITION = table_of(TransitionRow)
LEDGER_QUEUE = table_of(LedgerQueueRow)
OUTBOX = table_of(OutboxRow)
JOB_RUN = table_of(JobRunRow)
DECISION = table_of(DecisionRow)
CLOCK_ANCHOR = table_of(ClockAnchorRow)
DEAD_LETTER = table_of(DeadLetterRow)
PROCESS = table_of(ProcessRow)
HEARTBEAT = table_of(HeartbeatRow)
OUTAGE = table_of(OutageRow)
LEASE = table_of(LeaseRow)
