"""The tables, as SQLModel classes and as the Core tables that statements use.

Decides columns, keys and indexes. Instants are integer milliseconds. Columns named `*_box` are
encrypted (`store.encryption`), those named `*_index` are keyed hashes for search. The classes
never leave this package, and hot statements make no objects of them.
"""

from typing import Any, ClassVar, cast

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite numbers rows by itself only where the key is plain INTEGER.
_SERIAL = BigInteger().with_variant(Integer(), "sqlite")
_NEVER_REUSED: dict[str, Any] = {"sqlite_autoincrement": True}


class Row(SQLModel, registry=registry(metadata=metadata)):
    """Base of the tables: one metadata of our own, with fixed names for constraints."""


def _big(*, nullable: bool = False, reference: str | None = None) -> Any:
    keys = () if reference is None else (ForeignKey(reference),)
    return Field(sa_column=Column(BigInteger, *keys, nullable=nullable))


def _serial() -> Any:
    return Field(default=None, sa_column=Column(_SERIAL, primary_key=True, autoincrement=True))


def _key_of(reference: str) -> Any:
    key = Column(BigInteger, ForeignKey(reference), primary_key=True, autoincrement=False)
    return Field(sa_column=key)


def _flag() -> Any:
    return Field(sa_column=Column(Boolean, nullable=False, server_default=false()))


def _big_key() -> Any:
    return Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))


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
    created_at: int = _big()


class RulesVersionRow(Row, table=True):
    __tablename__: ClassVar[Any] = "rules_version"
    hash: str = Field(primary_key=True)
    json_text: str
    since: int = _big()


class BankVersionRow(Row, table=True):
    """A bank's canonical questions (keys included), encrypted: `bank_box`."""

    __tablename__: ClassVar[Any] = "bank_version"
    root: str = Field(primary_key=True)
    bank_box: bytes
    since: int = _big()


class CounterRow(Row, table=True):
    __tablename__: ClassVar[Any] = "counter"
    name: str = Field(primary_key=True)
    value: int = _big()


class AccountRow(Row, table=True):
    __tablename__: ClassVar[Any] = "account"
    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        Index("ix_account_chat", "channel", "chat"),
        _NEVER_REUSED,
    )
    id: int = _serial()
    channel: str
    external_id: str
    chat: str
    person: int | None = Field(
        default=None,
        sa_column=Column(BigInteger, ForeignKey("participant.number"), nullable=True, index=True),
    )
    is_reachable: bool
    created_at: int = _big()


class ParticipantRow(Row, table=True):
    """`salt_box` holds the 32 bytes inside `who`; `registered_by` is an account's id."""

    __tablename__: ClassVar[Any] = "participant"
    number: int = _big_key()
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
    registered_at: int = _big()
    registered_by: int = _big()
    is_flagged: bool
    is_publishing_name: bool | None = None


class ConsentRow(Row, table=True):
    __tablename__: ClassVar[Any] = "consent"
    __table_args__ = (_NEVER_REUSED,)
    id: int = _serial()
    person: int = Field(
        sa_column=Column(BigInteger, ForeignKey("participant.number"), nullable=False, index=True)
    )
    purpose: str
    text_version: str
    is_given: bool
    at: int = _big()
    account: int = _big(reference="account.id")


_IS_RUNNING = text("name != ''")


class DialogueRow(Row, table=True):
    """It stays when it has ended, for its step; then it has no name."""

    __tablename__: ClassVar[Any] = "dialogue"
    __table_args__ = (
        Index("ix_dialogue_running", "at", sqlite_where=_IS_RUNNING, postgresql_where=_IS_RUNNING),
    )
    account: int = _key_of("account.id")
    name: str
    step: int
    draft_box: bytes
    at: int = _big()


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
        _NEVER_REUSED,
    )
    id: int = _serial()
    person: int = _big(reference="participant.number")
    number: int
    account: int = _big(reference="account.id")
    paper: str
    bank: str
    rules: str
    opened_at: int = _big()
    due: int = _big()
    wait_ms: int = _big()
    extra_ms: int = _big()
    guess_salt: bytes
    ended_at: int | None = _big(nullable=True)
    end: int | None = None
    correct: int | None = None
    answered: int | None = None
    guess: int | None = None
    duration_ms: int | None = _big(nullable=True)


class TransitionRow(Row, table=True):
    """The hottest table: one key, no further index, no foreign key to check at each tap."""

    __tablename__: ClassVar[Any] = "transition"
    __table_args__: ClassVar[Any] = ({"sqlite_with_rowid": False},)
    attempt: int = _big_key()
    view: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    act: int
    place: int
    choice: int | None = None
    at: int = _big()


class LedgerQueueRow(Row, table=True):
    """Entries on their way to the sequencer; `fields` is canonical JSON (LEDGER §4)."""

    __tablename__: ClassVar[Any] = "ledger_queue"
    __table_args__ = (_NEVER_REUSED,)
    id: int = _serial()
    kind: str
    fields_text: str
    at: int = _big()


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
        Index("ix_outbox_dead", "id", sqlite_where=_IS_DEAD, postgresql_where=_IS_DEAD),
        _NEVER_REUSED,
    )
    id: int = _serial()
    channel: str
    chat: str
    message: str
    arguments: str
    batch: str | None = None
    is_bulk: bool = _flag()
    created_at: int = _big()
    not_before_ms: int = _big()
    tries: int
    is_maybe_twice: bool = _flag()
    state: str
    sent_at: int | None = _big(nullable=True)
    error: str | None = None


class JobRunRow(Row, table=True):
    __tablename__: ClassVar[Any] = "job_run"
    job: str = Field(primary_key=True)
    planned_at: int = _big_key()
    done_at: int = _big()


class DecisionRow(Row, table=True):
    __tablename__: ClassVar[Any] = "decision"
    __table_args__ = (_NEVER_REUSED,)
    id: int = _serial()
    ruling: str
    recorded_at: int = _big()
    until: int | None = _big(nullable=True)
    by: str
    why: str


class ClockAnchorRow(Row, table=True):
    """One row. `lock` is always 1."""

    __tablename__: ClassVar[Any] = "clock_anchor"
    lock: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    contest_ms: int = _big()
    machine_ms: int = _big()
    rate: float


class DeadLetterRow(Row, table=True):
    __tablename__: ClassVar[Any] = "dead_letter"
    channel: str = Field(primary_key=True)
    event: str = Field(primary_key=True)
    why: str
    at: int = _big()


class ProcessRow(Row, table=True):
    """A running process; `beat_ms` is the machine's clock at its last heartbeat."""

    __tablename__: ClassVar[Any] = "process"
    id: str = Field(primary_key=True)
    started_ms: int = _big()
    beat_ms: int = _big()


class HeartbeatRow(Row, table=True):
    """One row: when any process last beat, on the machine's clock. `lock` is always 1."""

    __tablename__: ClassVar[Any] = "heartbeat"
    lock: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    last_ms: int = _big()


class OutageRow(Row, table=True):
    """When nobody could be served: contest instants, and how long it took by the machine."""

    __tablename__: ClassVar[Any] = "outage"
    __table_args__ = (_NEVER_REUSED,)
    id: int = _serial()
    begins: int = _big()
    ends: int = _big()
    machine_ms: int = _big()


class LeaseRow(Row, table=True):
    """Who alone may do `name` until `until_ms` on the machine's clock."""

    __tablename__: ClassVar[Any] = "lease"
    name: str = Field(primary_key=True)
    holder: str
    until_ms: int = _big()


def _table_of(row: type[SQLModel]) -> Table:
    return cast("Table", row.__table__)  # type: ignore[attr-defined]


CONTEST = _table_of(ContestRow)
RULES_VERSION = _table_of(RulesVersionRow)
BANK_VERSION = _table_of(BankVersionRow)
COUNTER = _table_of(CounterRow)
ACCOUNT = _table_of(AccountRow)
PARTICIPANT = _table_of(ParticipantRow)
CONSENT = _table_of(ConsentRow)
DIALOGUE = _table_of(DialogueRow)
EVENT = _table_of(EventRow)
ATTEMPT = _table_of(AttemptRow)
TRANSITION = _table_of(TransitionRow)
LEDGER_QUEUE = _table_of(LedgerQueueRow)
OUTBOX = _table_of(OutboxRow)
JOB_RUN = _table_of(JobRunRow)
DECISION = _table_of(DecisionRow)
CLOCK_ANCHOR = _table_of(ClockAnchorRow)
DEAD_LETTER = _table_of(DeadLetterRow)
PROCESS = _table_of(ProcessRow)
HEARTBEAT = _table_of(HeartbeatRow)
OUTAGE = _table_of(OutageRow)
LEASE = _table_of(LeaseRow)
