"""One-time links and the files sent in through them: what handlers and the store hand each other.

A token and its code are told once, when they are made; what is kept of them are keyed hashes.
All times are the machine's clock, for a link's ten minutes are nobody's contest.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from handlers.records import AccountId, AuditEntry, Grant

MOST_WRONG = 5
"""So many mistyped codes end a link."""


@dataclass(frozen=True, slots=True)
class MakeLink:
    """Earlier links of the same account and purpose end."""

    account: AccountId
    purpose: str
    arguments: Mapping[str, object]
    now_ms: int
    expires_ms: int
    entry: AuditEntry


@dataclass(frozen=True, slots=True)
class MadeLink:
    token: str = field(repr=False)
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FoundLink:
    """A link as it stands, with the roles that its account has now; `wrong` counts codes."""

    account: AccountId
    purpose: str
    arguments: Mapping[str, object]
    expires_ms: int
    wrong: int
    is_used: bool
    grants: tuple[Grant, ...]


@dataclass(frozen=True, slots=True)
class ProveCode:
    """`wrong_entry` goes into the audit trail where the code is not the link's."""

    token: str = field(repr=False)
    code: str = field(repr=False)
    now_ms: int
    wrong_entry: AuditEntry


class Verdict(Enum):
    RIGHT = "right"
    WRONG = "wrong"
    ENDED = "ended"
    """Used, run out, or ended by wrong codes: nothing was compared."""


@dataclass(frozen=True, slots=True)
class Proof:
    """`left`: how many wrong codes more the link bears."""

    verdict: Verdict
    left: int = MOST_WRONG


@dataclass(frozen=True, slots=True)
class ClaimLink:
    """Use a link up, once; the role is asked in the same transaction.

    `upload`: the waiting file that is taken with it, None for a download. `unit` is asked for
    where the deed is a unit's.
    """

    token: str = field(repr=False)
    deed: str
    now_ms: int
    entry: AuditEntry
    upload: int | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as a browser sent it: `name` without folders, as long as a name may be."""

    name: str = field(repr=False)
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class StageUpload:
    """Keep a sound file until its second press; an earlier one of the purpose is dropped."""

    token: str = field(repr=False)
    account: AccountId
    purpose: str
    kind: str
    file: SentFile
    now_ms: int
    expires_ms: int
    entry: AuditEntry


@dataclass(frozen=True, slots=True)
class DropUpload:
    token: str = field(repr=False)
    upload: int
    account: AccountId
    entry: AuditEntry


class FileLinks(Protocol):
    async def make(self, order: MakeLink) -> MadeLink: ...

    async def find(self, token: str) -> FoundLink | None:
        """The link of a token, for a look: nothing is counted, nothing used."""

    async def prove(self, order: ProveCode) -> Proof:
        """Compare the code; guesses are counted one by one, however many come at once."""

    async def claim(self, order: ClaimLink) -> bool:
        """Use the link up; False: somebody was faster, it ran out, or the role is gone."""


class Uploads(Protocol):
    async def stage(self, order: StageUpload) -> int: ...

    async def load(self, token: str, upload: int, now_ms: int) -> SentFile | None:
        """A waiting file of this very link; None: taken, dropped, run out, or never there."""

    async def drop(self, order: DropUpload) -> bool:
        """Forget a waiting file; False: it waits no more."""
