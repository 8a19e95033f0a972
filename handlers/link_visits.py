"""What happens at a one-time link, step by step: looked at, proved by its code, used once.

The code says who comes; whether the account of the link still has the role is asked at each step,
and each use has its line in the audit trail. Knows no HTTP: what a page looks like is `web`'s.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path, PurePath

from handlers.access import DEEDS, may_do
from handlers.file_purposes import PURPOSES, Purpose
from handlers.file_works import (
    Claim,
    Content,
    Download,
    FileOrder,
    Preview,
    Taken,
    Terms,
    Trouble,
    Upload,
    Work,
)
from handlers.office import Office
from handlers.office_links import (
    MOST_WRONG,
    ClaimLink,
    DropUpload,
    FoundLink,
    ProveCode,
    SentFile,
    StageUpload,
    Verdict,
)
from handlers.ports import Clock
from handlers.records import AuditEntry, Role

CODE_DIGITS = 6
_NOT_DIGITS = re.compile(r"[^0-9]")


class Ending(Enum):
    """Why a link opens nothing."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    USED = "used"
    WRONG_CODES = "wrong_codes"
    ROLE_LOST = "role_lost"


@dataclass(frozen=True, slots=True)
class Seen:
    """A link that stands, with what it is for and the role that it is for."""

    token: str = field(repr=False)
    link: FoundLink
    purpose: Purpose
    role: Role


@dataclass(frozen=True, slots=True)
class Refused:
    ending: Ending
    link: FoundLink | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """The code is asked for; `left` after a wrong one, `is_malformed` after none at all."""

    seen: Seen
    left: int | None = None
    is_malformed: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A file may be chosen; `was_dropped`: the one before has just been given up."""

    seen: Seen
    code: str = field(repr=False)
    terms: Terms
    was_dropped: bool = False


@dataclass(frozen=True, slots=True)
class Previewed:
    """A file that was sent in; `upload` None: it cannot be taken as it is."""

    seen: Seen
    code: str = field(repr=False)
    file: str = field(repr=False)
    preview: Preview
    upload: int | None


@dataclass(frozen=True, slots=True)
class Sending:
    seen: Seen
    content: Content = field(repr=False)


@dataclass(frozen=True, slots=True)
class Done:
    seen: Seen
    taken: Taken


@dataclass(frozen=True, slots=True)
class Troubled:
    seen: Seen
    trouble: Trouble


View = Refused | Asked | Opened | Previewed | Sending | Done | Troubled


@dataclass(frozen=True, slots=True)
class LinkVisits:
    """`works` by the purpose's name."""

    office: Office
    clock: Clock
    works: Mapping[str, Work]

    async def look(self, token: str) -> View:
        """What anybody sees who has the address: nothing is used by looking."""
        seen = await self._seen(token)
        return seen if isinstance(seen, Refused) else Asked(seen)

    async def open(self, token: str, code: str) -> View:
        """The way in for a file that is to be sent."""
        seen = await self._proved(token, code)
        if not isinstance(seen, Seen):
            return seen
        work = self.works[seen.link.purpose]
        if not isinstance(work, Upload):
            return Asked(seen)
        terms = work.terms()
        if terms.hindrances:
            return Troubled(seen, Trouble(terms.hindrances))
        return Opened(seen, code, terms)

    async def download(self, token: str, code: str) -> View:
        seen = await self._proved(token, code)
        if not isinstance(seen, Seen):
            return seen
        work = self.works[seen.link.purpose]
        if not isinstance(work, Download):
            return Asked(seen)
        # Made before the link is used up: a file that cannot be made costs nobody his link.
        content = await work.produce(_order_of(seen))
        if isinstance(content, Trouble):
            return Troubled(seen, content)
        is_claimed = False
        try:
            is_claimed = await self._claim_of(seen, None).take()
        finally:
            if not is_claimed:
                await give_up(content)
        return Sending(seen, content) if is_claimed else await self.look(token)

    async def upload(self, token: str, code: str, file: SentFile) -> View:
        """Look a file through; it waits for its second press where it is sound."""
        opened = await self.open(token, code)
        if not isinstance(opened, Opened):
            return opened
        seen, work = opened.seen, self.works[opened.seen.link.purpose]
        if not isinstance(work, Upload):
            return opened
        preview = await work.preview(file, _order_of(seen))
        upload = await self._stage(seen, file, preview)
        return Previewed(seen, code, file.name, preview, upload)

    async def take(self, token: str, code: str, upload: int) -> View:
        """The second press."""
        seen = await self._proved(token, code)
        if not isinstance(seen, Seen):
            return seen
        work = self.works[seen.link.purpose]
        file = await self.office.uploads.load(token, upload, self.clock.machine_ms())
        if file is None or not isinstance(work, Upload):
            return await self.open(token, code)
        outcome = await work.take(file, _order_of(seen), self._claim_of(seen, upload))
        if outcome is None:
            return await self.look(token)
        if isinstance(outcome, Taken):
            return Done(seen, outcome)
        await self.office.audit.record(self._entry(seen, "file_failed"))
        return Troubled(seen, outcome)

    async def drop(self, token: str, code: str, upload: int) -> View:
        """Give the file up; the link stands, for another one."""
        opened = await self.open(token, code)
        if not isinstance(opened, Opened):
            return opened
        entry = self._entry(opened.seen, "file_dropped")
        order = DropUpload(token, upload, opened.seen.link.account, entry)
        await self.office.uploads.drop(order)
        return Opened(opened.seen, code, opened.terms, was_dropped=True)

    async def _stage(self, seen: Seen, file: SentFile, preview: Preview) -> int | None:
        link, suffix = seen.link, PurePath(file.name).suffix.lower()
        kind = suffix.removeprefix(".") if suffix in seen.purpose.accepts else "other"
        entry = self._entry(seen, "file_uploaded", kind=kind, errors=preview.errors)
        if not preview.is_sound:
            await self.office.audit.record(entry)
            return None
        now_ms = self.clock.machine_ms()
        kept = (kind, file, now_ms, link.expires_ms, entry)
        order = StageUpload(seen.token, link.account, link.purpose, *kept)
        return await self.office.uploads.stage(order)

    async def _seen(self, token: str) -> Seen | Refused:
        link = await self.office.links.find(token)
        if link is None or (purpose := PURPOSES.get(link.purpose)) is None:
            return Refused(Ending.UNKNOWN)
        ending = _ending_of(link, self.clock.machine_ms())
        role = _role_in(link, purpose)
        if ending is None and role is not None:
            return Seen(token, link, purpose, role)
        return Refused(ending or Ending.ROLE_LOST, link)

    async def _proved(self, token: str, code: str) -> Seen | View:
        """The link, where the code is its own; a wrong one is counted, a malformed one is not."""
        seen = await self._seen(token)
        if isinstance(seen, Refused):
            await self._note(seen)
            return seen
        digits = _NOT_DIGITS.sub("", code)
        if len(digits) != CODE_DIGITS:
            return Asked(seen, is_malformed=True)
        wrong = self._entry(seen, "file_code_wrong")
        order = ProveCode(token, digits, self.clock.machine_ms(), wrong)
        proof = await self.office.links.prove(order)
        if proof.verdict is Verdict.RIGHT:
            return seen
        if proof.verdict is Verdict.WRONG and proof.left > 0:
            return Asked(seen, proof.left)
        return await self.look(token)

    async def _note(self, refused: Refused) -> None:
        """Who has lost the role and comes all the same has a line in the audit trail."""
        link = refused.link
        if link is None or refused.ending is not Ending.ROLE_LOST:
            return
        deed, subject = PURPOSES[link.purpose].deed, f"file:{link.purpose}"
        at, detail = self.clock.now(), {"deed": deed}
        entry = AuditEntry(at, link.account, "none", "refused", subject, detail)
        await self.office.audit.record(entry)

    def _claim_of(self, seen: Seen, upload: int | None) -> Claim:
        act = seen.purpose.deed if seen.purpose.is_upload else "file_downloaded"
        now_ms, entry = self.clock.machine_ms(), self._entry(seen, act)
        unit = _unit_of(seen.link)
        order = ClaimLink(seen.token, seen.purpose.deed, now_ms, entry, upload, unit)
        return Claim(self.office.links, order)

    def _entry(self, seen: Seen, act: str, **detail: object) -> AuditEntry:
        subject = f"file:{seen.link.purpose}"
        at, account = self.clock.now(), seen.link.account
        return AuditEntry(at, account, seen.role.value, act, subject, detail)


async def give_up(content: Content) -> None:
    """Let go of a file that nobody will be sent."""
    if isinstance(content, Path):
        content.unlink(missing_ok=True)
    elif not isinstance(content, bytes) and (close := getattr(content, "aclose", None)):
        await close()


def _order_of(seen: Seen) -> FileOrder:
    return FileOrder(seen.link.account, seen.link.arguments)


def _unit_of(link: FoundLink) -> str | None:
    unit = link.arguments.get("unit")
    return unit if isinstance(unit, str) else None


def _ending_of(link: FoundLink, now_ms: int) -> Ending | None:
    if link.is_used:
        return Ending.USED
    if link.wrong >= MOST_WRONG:
        return Ending.WRONG_CODES
    return Ending.EXPIRED if link.expires_ms <= now_ms else None


def _role_in(link: FoundLink, purpose: Purpose) -> Role | None:
    """The role under which the account may have the file now."""
    if not may_do(purpose.deed, link.grants, _unit_of(link)):
        return None
    roles = DEEDS[purpose.deed].roles
    return next(grant.role for grant in link.grants if grant.role in roles)
