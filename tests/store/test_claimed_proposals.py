"""A proposal that came by a one-time link: link, file and proposal stand together or not at all."""

import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from handlers.office_links import MadeLink
from handlers.proposals import Proposal, ProposalId
from handlers.records import AccountId
from store.house import StoreSettings
from tests.store.test_file_links import (
    LATE,
    NOW,
    acts,
    claiming,
    entry,
    judge,
    make,
    proving,
    staging,
    withdraw,
)

ROOT = Path(__file__).parents[2]


class Given(NamedTuple):
    """A link that was proved by its code, and a sound file that waits behind it."""

    account: AccountId
    made: MadeLink
    upload: int

    def proposal(self, content: Any = "list") -> Proposal:
        return Proposal("units", {"list": content}, "sáp nhập", self.account, entry("x").at)


@pytest.fixture
async def given(world: Any) -> Given:
    account = await judge(world)
    made = await make(world, account)
    upload = await world.store.uploads.stage(staging(made, account))
    await world.store.file_links.prove(proving(made))
    return Given(account, made, upload)


async def propose(store: Any, given: Given, now_ms: int = NOW) -> ProposalId | None:
    claim = claiming(given.made, now_ms, given.upload)
    made: ProposalId | None = await store.proposals.propose_claimed(
        given.proposal(), entry("proposed"), claim
    )
    return made


async def standing(world: Any, given: Given) -> tuple[bool, str, int, list[str]]:
    """Whether the link is used, how the file stands, how many proposals, and the audit trail."""
    link = await world.store.file_links.find(given.made.token)
    (upload,) = await world.rows("upload")
    count = len(await world.rows("proposal"))
    return link.is_used, upload["state"], count, await acts(world)


UNTOUCHED = (False, "waiting", 0, ["made", "uploaded"])
DONE = (True, "taken", 1, ["made", "uploaded", "used", "proposed"])


async def test_link_file_proposal_and_both_lines_are_one(world: Any, given: Given):
    made = await propose(world.store, given)

    (opened,) = await world.store.proposals.open()
    assert (opened.id, opened.proposal) == (made, given.proposal())
    assert await standing(world, given) == DONE


async def test_a_proposal_that_fails_uses_no_link(world: Any, given: Given):
    claim = claiming(given.made, upload=given.upload)

    with pytest.raises(TypeError):
        await world.store.proposals.propose_claimed(
            given.proposal(object()), entry("proposed"), claim
        )

    assert await standing(world, given) == UNTOUCHED


async def test_a_kind_that_there_is_not_uses_no_link(world: Any, given: Given):
    proposal = Proposal("nothing", {}, "", given.account, entry("x").at)

    with pytest.raises(KeyError):
        await world.store.proposals.propose_claimed(
            proposal, entry("proposed"), claiming(given.made, upload=given.upload)
        )

    assert await standing(world, given) == UNTOUCHED


async def test_t41_presses_at_once_in_two_processes_propose_once(
    world: Any, given: Given, another: Any
):
    async with another() as second:
        made = await asyncio.gather(
            *(propose(store, given) for store in (world.store, second) for _ in range(3))
        )

    assert len([one for one in made if one is not None]) == 1
    assert await standing(world, given) == DONE


@pytest.mark.parametrize("why", ["late", "role"])
async def test_t40_a_refused_claim_proposes_nothing(world: Any, given: Given, why: str):
    if why == "role":
        await withdraw(world)

    assert await propose(world.store, given, LATE if why == "late" else NOW) is None
    assert await standing(world, given) == UNTOUCHED


@pytest.mark.parametrize(("moment", "expected"), [("before", UNTOUCHED), ("after", DONE)])
async def test_a_kill_around_the_commit_leaves_nothing_half_done(
    world: Any, given: Given, settings: StoreSettings, moment: str, expected: Any
):
    asked = {
        "moment": moment, "account": given.account, "token": given.made.token, "now_ms": NOW,
        "upload": given.upload, "database": settings.database_url, "redis": settings.redis_url,
        "key": settings.data_key.hex(),
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.store.killed_while_proposing",
        cwd=ROOT, stdin=asyncio.subprocess.PIPE,
    )  # fmt: skip
    await process.communicate(json.dumps(asked).encode())

    ended = [line.replace("units.propose", "proposed") for line in await acts(world)]
    assert process.returncode == -signal.SIGKILL
    assert (*(await standing(world, given))[:3], ended) == expected
    # Where nothing was done the link is as good as before; where it was, it is used.
    assert (await propose(world.store, given) is not None) == (moment == "before")
    assert len(await world.rows("proposal")) == 1
