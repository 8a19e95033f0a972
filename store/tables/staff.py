"""The tables of those who run the contest: units, roles, decisions of two, tallies, broadcasts.

Conventions as in `store.tables.contest`. An `account` of None is the command line.
"""

from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlmodel import Field

from store.tables.columns import NEVER_REUSED, Row, big, big_key, flag, serial, table_of


def _by() -> Any:
    """The account that did it; None: the command line."""
    return Field(sa_column=Column(BigInteger, ForeignKey("account.id"), nullable=True))


class UnitListRow(Row, table=True):
    """A whole list of units, leaders' contacts included; the newest row is in force."""

    __tablename__: ClassVar[Any] = "unit_list"
    __table_args__ = (NEVER_REUSED,)
    id: int = serial()
    list_box: bytes
    since: int = big()
    account: int | None = _by()
    why: str


_STANDS = text("withdrawn_at IS NULL")


class RoleRow(Row, table=True):
    """A role that was given; `unit` is "" where the role is the whole contest's.

    `phone_index` ties an account to the list of who is never ranked, after the role's end too.
    """

    __tablename__: ClassVar[Any] = "role"
    __table_args__ = (
        Index("ix_role_account", "account"),
        Index("ix_role_phone_index", "phone_index"),
        Index(
            "uq_role_standing",
            "account",
            "role",
            "unit",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
        NEVER_REUSED,
    )
    id: int = serial()
    account: int = big(reference="account.id")
    role: str
    unit: str
    name_box: bytes
    phone_box: bytes
    phone_index: bytes
    is_phone_verified: bool
    granted_by: int | None = _by()
    granted_at: int = big()
    withdrawn_by: int | None = _by()
    withdrawn_at: int | None = big(nullable=True)


class InvitationRow(Row, table=True):
    """`token_index` is a keyed hash: who reads the table cannot use the link.

    `state`: open, claimed, approved, refused, withdrawn. `expires_ms` on the machine's clock. The
    boxes are a claim's that waits; settled, they are emptied.
    """

    __tablename__: ClassVar[Any] = "invitation"
    __table_args__ = (Index("ix_invitation_made_by", "made_by"), NEVER_REUSED)
    id: int = serial()
    token_index: bytes = Field(unique=True)
    role: str
    unit: str
    state: str
    made_by: int | None = _by()
    made_at: int = big()
    expires_ms: int = big()
    account: int | None = _by()
    name_box: bytes | None = None
    phone_box: bytes | None = None
    is_phone_verified: bool | None = None
    claimed_at: int | None = big(nullable=True)
    settled_by: int | None = _by()
    settled_at: int | None = big(nullable=True)


class AuditRow(Row, table=True):
    """The audit trail: who did what to what, and why. Numbers and codes only, no names.

    `detail` is canonical JSON; `role` under which it was done, "cli" for the command line.
    """

    __tablename__: ClassVar[Any] = "audit"
    __table_args__ = (NEVER_REUSED,)
    id: int = serial()
    at: int = big()
    account: int | None = _by()
    role: str
    act: str
    subject: str
    detail: str
    why: str


class ExclusionRow(Row, table=True):
    """Who may practise but is never ranked, by phone (rules 3.2)."""

    __tablename__: ClassVar[Any] = "exclusion"
    phone_index: bytes = Field(primary_key=True)
    phone_box: bytes
    name_box: bytes | None = None
    why: str
    account: int | None = _by()
    at: int = big()


class ProposalRow(Row, table=True):
    """What needs a second person (DESIGN §4); `state`: open, approved, refused, withdrawn."""

    __tablename__: ClassVar[Any] = "proposal"
    __table_args__ = (NEVER_REUSED,)
    id: int = serial()
    kind: str
    content_box: bytes
    why: str
    state: str
    made_by: int | None = _by()
    made_at: int = big()
    settled_by: int | None = _by()
    settled_at: int | None = big(nullable=True)


_IN_FORCE = text("restored_at IS NULL")


class VoidRow(Row, table=True):
    """An attempt, or with `attempt` 0 a whole person, that does not count; `doc` is a decision's.

    `why` is a code. Restored, it counts again.
    """

    __tablename__: ClassVar[Any] = "void"
    __table_args__ = (
        Index(
            "uq_void_in_force",
            "person",
            "attempt",
            unique=True,
            sqlite_where=_IN_FORCE,
            postgresql_where=_IN_FORCE,
        ),
        NEVER_REUSED,
    )
    id: int = serial()
    person: int = big(reference="participant.number")
    attempt: int
    why: str
    doc: str
    account: int | None = _by()
    at: int = big()
    restored_by: int | None = _by()
    restored_at: int | None = big(nullable=True)


class AccountPersonRow(Row, table=True):
    """Everybody who takes part through an account; `account.person` is who does so now.

    `relation`: own, family, assisted.
    """

    __tablename__: ClassVar[Any] = "account_person"
    account: int = Field(
        sa_column=Column(
            BigInteger, ForeignKey("account.id"), primary_key=True, autoincrement=False
        )
    )
    person: int = Field(
        sa_column=Column(
            BigInteger,
            ForeignKey("participant.number"),
            primary_key=True,
            autoincrement=False,
            index=True,
        )
    )
    relation: str
    at: int = big()


_IS_LINKED = text("state = 'linked'")


class UnitChatRow(Row, table=True):
    """A chat that gets a unit's tallies, or is asked for; `unit` "" is the organisers' own.

    `kind`: private, group, supergroup, channel. `state`: pending, linked, refused, unlinked, lost;
    a chat is linked to one unit at most. `thread` is a forum's topic, 0 for none. `account` answers
    for it.
    """

    __tablename__: ClassVar[Any] = "unit_chat"
    __table_args__ = (
        UniqueConstraint("channel", "chat", "unit"),
        Index(
            "uq_unit_chat_linked",
            "channel",
            "chat",
            unique=True,
            sqlite_where=_IS_LINKED,
            postgresql_where=_IS_LINKED,
        ),
        Index("ix_unit_chat_unit", "unit"),
        NEVER_REUSED,
    )
    id: int = serial()
    channel: str
    chat: str
    thread: int = big()
    unit: str
    kind: str
    title_box: bytes
    state: str
    can_send: bool
    account: int | None = _by()
    at: int = big()


class UnitHourRow(Row, table=True):
    """What a unit gained within one hour that begins at `hour`, a multiple of 3,600,000."""

    __tablename__: ClassVar[Any] = "unit_hour"
    __table_args__: ClassVar[Any] = ({"sqlite_with_rowid": False},)
    unit: str = Field(primary_key=True)
    hour: int = big_key()
    registered: int
    people: int
    attempts: int


class TallyRow(Row, table=True):
    """The figures of a tally as of its planned instant: what a rerun reads. `figures` is JSON."""

    __tablename__: ClassVar[Any] = "tally"
    job: str = Field(primary_key=True)
    planned_at: int = big_key()
    figures: str


class BroadcastRow(Row, table=True):
    """A message to many; `audience` is JSON, `filled_to` the last account that has its row.

    `state`: draft, filling, running, paused, stopped, done.
    """

    __tablename__: ClassVar[Any] = "broadcast"
    __table_args__ = (NEVER_REUSED,)
    id: int = serial()
    audience: str
    words: str
    state: str
    total: int
    filled_to: int = big()
    is_filled: bool = flag()
    account: int | None = _by()
    made_at: int = big()
    started_at: int | None = big(nullable=True)
    ended_at: int | None = big(nullable=True)


class FileLinkRow(Row, table=True):
    """A one-time link to our own server; keyed hashes of its token and of the code typed there.

    Times on the machine's clock. `wrong` counts mistyped codes.
    """

    __tablename__: ClassVar[Any] = "file_link"
    token_index: bytes = Field(primary_key=True)
    code_index: bytes
    purpose: str
    arguments: str
    account: int = big(reference="account.id")
    made_ms: int = big()
    expires_ms: int = big()
    wrong: int
    opened_ms: int | None = big(nullable=True)
    used_ms: int | None = big(nullable=True)


class UploadRow(Row, table=True):
    """A file that was sent in and waits for its second press. `state`: waiting, taken, dropped."""

    __tablename__: ClassVar[Any] = "upload"
    __table_args__ = (NEVER_REUSED,)
    id: int = serial()
    account: int = big(reference="account.id")
    purpose: str
    kind: str
    content_box: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    state: str
    made_ms: int = big()
    expires_ms: int = big()
    is_checked: bool = flag()


UNIT_LIST = table_of(UnitListRow)
ROLE = table_of(RoleRow)
INVITATION = table_of(InvitationRow)
AUDIT = table_of(AuditRow)
EXCLUSION = table_of(ExclusionRow)
PROPOSAL = table_of(ProposalRow)
VOID = table_of(VoidRow)
ACCOUNT_PERSON = table_of(AccountPersonRow)
UNIT_CHAT = table_of(UnitChatRow)
UNIT_HOUR = table_of(UnitHourRow)
TALLY = table_of(TallyRow)
BROADCAST = table_of(BroadcastRow)
FILE_LINK = table_of(FileLinkRow)
UPLOAD = table_of(UploadRow)
