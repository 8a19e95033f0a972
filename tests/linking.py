"""A judge with a one-time link, and works behind it that a test can look into."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from handlers.desk import Desk
from handlers.file_purposes import PURPOSES
from handlers.file_works import (
    Claim,
    Download,
    FileOrder,
    Preview,
    Remark,
    Taken,
    Terms,
    Trouble,
    Upload,
    Work,
)
from handlers.link_visits import LinkVisits
from handlers.office_links import SentFile
from handlers.records import AccountId
from store.house import Store
from tests.playing import HandClock
from tests.staffing import appoint

Meet = Callable[..., Any]
URL = "https://bot.example.vn"
FILE = SentFile("cau-hoi.xlsx", b"sound")


@dataclass
class Works:
    """Works that do nothing but remember; a file that says `bad` is not sound."""

    taken: list[tuple[SentFile, FileOrder]] = field(default_factory=list)
    produced: int = 0
    trouble: Trouble | None = None
    terms: Terms = field(default_factory=Terms)

    def by_name(self) -> dict[str, Work]:
        return {
            name: Upload(self.preview, self.take, lambda: self.terms)
            if purpose.is_upload
            else Download(self.produce)
            for name, purpose in PURPOSES.items()
        }

    async def produce(self, _: FileOrder) -> bytes | Trouble:
        self.produced += 1
        return self.trouble or b"the file"

    async def preview(self, file: SentFile, _: FileOrder) -> Preview:
        is_sound = file.content != b"bad"
        remarks = () if is_sound else (Remark("2", "Câu 1", "x", "y", is_error=True),)
        return Preview(is_sound, 1, remarks)

    async def take(self, file: SentFile, order: FileOrder, claim: Claim) -> Taken | Trouble | None:
        if self.trouble is not None:
            return self.trouble
        if not await claim.take(count=1):
            return None
        self.taken.append((file, order))
        return Taken(("done",))


@dataclass
class Scene:
    """A judge with a link, and what stands behind it."""

    store: Store
    clock: HandClock
    visits: LinkVisits
    works: Works
    judge: Any
    account: AccountId
    token: str = ""
    code: str = ""

    async def ask(self, label: str) -> None:
        """Take the link of a menu's button."""
        await self.judge.command("nganhang")
        self.take_link(await self.judge.tap(label))

    def take_link(self, reply: Any) -> None:
        self.token = reply.screens[-1].buttons[0][0].url.rpartition("/")[2]
        self.code = str(re.search(r"<code>(\d{6})</code>", reply.screens[-1].text)[1])

    @property
    def wrong(self) -> str:
        return "000000" if self.code != "000000" else "000001"

    async def acts(self) -> list[tuple[str, str]]:
        lines = await self.store.audit.latest(100)
        return [(entry.act, entry.subject) for _, entry in reversed(lines)]


@pytest.fixture
async def scene(desk: Desk, store: Store, clock: HandClock, meet: Meet) -> Scene:
    desk.office.public_url = URL
    works = Works()
    judge = meet()
    await judge.command("start")
    account = await appoint(store.database, judge.id, "judge")
    visits = LinkVisits(desk.office, clock, works.by_name())
    return Scene(store, clock, visits, works, judge, account)
