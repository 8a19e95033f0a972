"""Drafts by a link: the file is there with the use of the link or not, whenever a process dies."""

import asyncio
import json
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.bank_works import BankWorks
from bot.settings import Config
from bot.staged_drafts import EVERY_S, StagedDrafts
from bot.timing import Timer
from handlers.file_works import Claim, FileOrder, Taken, Upload
from handlers.office_links import ClaimLink, MakeLink, ProveCode, StageUpload
from handlers.ports import StoreAwayError
from handlers.records import AccountId, AuditEntry, Role
from question_bank.importers.bank_files import write_questions
from question_bank.importers.toml_file import read_bank
from scoring.instant import MINUTE_MS, Instant
from store.house import Store
from tests.banking import bank_of, without_ids
from tests.playing import DATA_KEY, Appoint, HandClock, Meet

ROOT = Path(__file__).parents[2]
CONTEST = bytes(range(16))
FILE = without_ids("moi", 2)


class EnoughError(Exception):
    """The test has seen enough."""


@dataclass
class Link:
    """A judge's real link with a sound file behind it."""

    store: Store
    account: AccountId
    token: str
    now_ms: int
    upload: int

    def claim(self) -> Claim:
        entry = AuditEntry(Instant(1), self.account, "judge", "bank_import", "file:bank-import")
        order = ClaimLink(self.token, "bank_import", self.now_ms, entry, self.upload)
        return Claim(self.store.file_links, order)

    async def is_used(self) -> bool:
        found = await self.store.file_links.find(self.token)
        assert found is not None
        return found.is_used

    async def imports(self) -> int:
        lines = await self.store.audit.latest(100)
        return len([entry for _, entry in lines if entry.act == "bank_import"])


@pytest.fixture
async def link(store: Store, clock: HandClock, meet: Meet, appoint: Appoint) -> Link:
    judge = meet()
    await judge.command("start")
    await appoint(judge, Role.JUDGE)
    account, now_ms = AccountId(1), clock.machine_ms()
    until_ms = now_ms + 10 * MINUTE_MS
    entry = AuditEntry(clock.now(), account, "judge", "x", "file:bank-import")
    made = await store.file_links.make(
        MakeLink(account, "bank-import", {}, now_ms, until_ms, entry)
    )
    await store.file_links.prove(ProveCode(made.token, made.code, now_ms, entry))
    staged = (made.token, account, "bank-import", "csv", FILE, now_ms, until_ms, entry)
    upload = await store.uploads.stage(StageUpload(*staged))
    return Link(store, account, made.token, now_ms, upload)


async def take(works: BankWorks, link: Link) -> Any:
    work = works.works["bank-import"]
    assert isinstance(work, Upload)
    return await work.take(FILE, FileOrder(link.account), link.claim())


def ids_in(config: Config) -> list[str]:
    return [one.id for one in read_bank(config.path("questions")).questions][3:]


def waiting_in(config: Config) -> list[str]:
    return [one.name for one in config.path("questions").iterdir() if ".cho-" in one.name]


async def die(link: Link, config: Config, moment: str, base: tuple[str, str]) -> int | None:
    asked = {
        "moment": moment, "config": str(config.path("questions").parent / "config.toml"),
        "account": link.account, "token": link.token, "now_ms": link.now_ms,
        "upload": link.upload, "database": base[0], "redis": base[1], "key": DATA_KEY.hex(),
        "contest": CONTEST.hex(), "file": FILE.content.decode(),
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bot.killed_while_importing",
        cwd=ROOT, stdin=asyncio.subprocess.PIPE,
    )  # fmt: skip
    await process.communicate(json.dumps(asked).encode())
    return process.returncode


@pytest.mark.parametrize("is_taken", [True, False])
async def test_a_kill_around_the_use_of_the_link_leaves_nothing_half_done(
    link: Link,
    drafts: StagedDrafts,
    bank_config: Config,
    is_taken: bool,
    sqlite_url: str,
    redis_url: str,
):
    moment = "after" if is_taken else "before"
    assert await die(link, bank_config, moment, (sqlite_url, redis_url)) == -signal.SIGKILL
    before = (ids_in(bank_config), len(waiting_in(bank_config)))

    await drafts.look()
    once = (ids_in(bank_config), len(waiting_in(bank_config)))
    await drafts.look()

    assert before == ([], 1)
    assert once == ((["cu-003", "cu-004"], 0) if is_taken else ([], 1))
    assert (len(ids_in(bank_config)), waiting_in(bank_config)) == (2 if is_taken else 0, [])
    assert (await link.is_used(), await link.imports()) == (is_taken, int(is_taken))


async def test_a_link_that_is_still_good_takes_the_drafts_once(
    link: Link,
    drafts: StagedDrafts,
    bank_works: BankWorks,
    bank_config: Config,
    sqlite_url: str,
    redis_url: str,
):
    await die(link, bank_config, "before", (sqlite_url, redis_url))

    taken = await take(bank_works, link)
    await drafts.look()
    await drafts.look()

    assert isinstance(taken, Taken)
    assert (ids_in(bank_config), waiting_in(bank_config)) == (["cu-003", "cu-004"], [])


async def test_t41_two_presses_at_once_import_once(
    link: Link, bank_works: BankWorks, bank_config: Config
):
    outcomes = await asyncio.gather(*(take(bank_works, link) for _ in range(2)))

    assert [type(one) for one in outcomes if one is not None].count(Taken) == 1
    assert (ids_in(bank_config), waiting_in(bank_config)) == (["cu-003", "cu-004"], [])
    assert await link.imports() == 1


async def test_an_end_that_nobody_knows_is_settled_by_the_trail(
    link: Link, drafts: StagedDrafts, bank_works: BankWorks, bank_config: Config,
    monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    """SQL commits and goes away before it says so."""
    claim = link.store.file_links.claim

    async def unheard(order: ClaimLink) -> bool:
        await claim(order)
        raise StoreAwayError("away")

    monkeypatch.setattr(link.store.file_links, "claim", unheard)
    with pytest.raises(StoreAwayError):
        await take(bank_works, link)
    before = ids_in(bank_config)

    await drafts.look()

    assert before == []
    assert (ids_in(bank_config), waiting_in(bank_config)) == (["cu-003", "cu-004"], [])


async def test_ids_that_were_given_meanwhile_keep_the_bank_whole(
    link: Link, drafts: StagedDrafts, bank_config: Config, sqlite_url: str, redis_url: str
):
    await die(link, bank_config, "after", (sqlite_url, redis_url))
    folder = bank_config.path("questions")
    write_questions(folder, "tay.csv", bank_of("cu", 4).questions[3:], {"so": "Chuyển đổi số"})

    await drafts.look()

    assert ids_in(bank_config) == ["cu-003"]
    assert len(waiting_in(bank_config)) == 1


async def test_another_contests_drafts_are_left_alone(
    drafts: StagedDrafts, bank_config: Config, store: Store
):
    folder = bank_config.path("questions")
    foreign = StagedDrafts(folder, store.audit, bytes(16)).new_mark()
    write_questions(folder, "moi.csv", bank_of("la", 1).questions, {"so": "Chuyển đổi số"}, foreign)

    await drafts.look()
    await drafts.look()

    assert len(waiting_in(bank_config)) == 1


async def test_it_looks_at_the_start_and_every_minute(
    link: Link, drafts: StagedDrafts, bank_config: Config, sqlite_url: str, redis_url: str
):
    await die(link, bank_config, "before", (sqlite_url, redis_url))
    seen: list[tuple[float, int]] = []

    async def sleep(seconds: float) -> None:
        seen.append((seconds, len(waiting_in(bank_config))))
        if len(seen) == 2:
            raise EnoughError

    with pytest.raises(EnoughError):
        await drafts.keep(Timer(sleep=sleep))

    assert seen == [(EVERY_S, 1), (EVERY_S, 0)]
