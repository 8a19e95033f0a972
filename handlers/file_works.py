"""What stands behind a one-time link: how a file is made, looked through and taken.

Values and the shape of the works; the works themselves are the wiring's (`bot.file_works`).
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from handlers.office_links import ClaimLink, FileLinks, SentFile
from handlers.records import AccountId

MAX_FILE_BYTES = 10 * 1024 * 1024
"""The largest file that is taken by link."""

Content = bytes | Path | AsyncIterator[bytes]
"""What is sent to a browser. A `Path` is a file made for this one sending: gone after it."""


@dataclass(frozen=True, slots=True)
class FileOrder:
    """For whom, and what the link was asked for with."""

    account: AccountId
    arguments: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trouble:
    """It cannot be done; `lines` say why, in people's words."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing found in a file: where, about what, what is wrong and what to do."""

    place: str
    about: str
    what: str
    wanted: str
    is_error: bool


@dataclass(frozen=True, slots=True)
class Sample:
    """A piece of a file as it was understood; `options` with whether each is marked."""

    heading: str
    text: str
    options: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file holds before anything is done with it; `is_sound`: it may be taken.

    `facts` are labels with their values; `seen` counts what was read, good or bad.
    """

    is_sound: bool
    seen: int
    remarks: tuple[Remark, ...]
    facts: tuple[tuple[str, str], ...] = ()
    samples: tuple[Sample, ...] = ()

    @property
    def errors(self) -> int:
        return sum(one.is_error for one in self.remarks)


@dataclass(frozen=True, slots=True)
class Taken:
    """It was done; `lines` say what, and what comes next."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """What to know before sending a file; where anything hinders, none is taken."""

    notes: tuple[str, ...] = ()
    hindrances: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """Uses the link up and takes the waiting file, once: before the effect, or with it.

    An effect in SQL takes `detailed` into its own transaction (`FileLinksStore.claim_with`).
    """

    links: FileLinks
    order: ClaimLink

    async def take(self, **detail: object) -> bool:
        """False: somebody was faster, or may no more: nothing may be done. `detail` is audited."""
        return await self.links.claim(self.detailed(**detail))

    def detailed(self, **detail: object) -> ClaimLink:
        return replace(self.order, entry=replace(self.order.entry, detail=detail))


def no_terms() -> Terms:
    return Terms()


@dataclass(frozen=True, slots=True)
class Download:
    produce: Callable[[FileOrder], Awaitable[Content | Trouble]]


@dataclass(frozen=True, slots=True)
class Upload:
    """`take` gives None where the claim was refused."""

    preview: Callable[[SentFile, FileOrder], Awaitable[Preview]]
    take: Callable[[SentFile, FileOrder, Claim], Awaitable[Taken | Trouble | None]]
    terms: Callable[[], Terms] = no_terms


Work = Download | Upload
