"""What needs a second person: one effect, never by who made it, with its line and its news."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import Connection

from handlers.proposals import Proposal, ProposalId, ProposalState, Settled
from handlers.records import AuditEntry
from scoring.contest import Decision, Ruling
from scoring.instant import HOUR_MS, MINUTE_MS, Instant
from store.tables import ACCOUNT, OUTBOX, ROLE

NOTICE = "Cuộc thi được gia hạn."


async def organiser(world: Any) -> int:
    """An account with the role."""
    account = (await world.visit(world.sender())).account

    def write(connection: Connection) -> None:
        values = {"unit": "", "name_box": b"", "phone_box": b"", "phone_index": b""}
        values |= {"is_phone_verified": False, "granted_at": 0}
        connection.execute(ROLE.insert().values(account=account, role="organiser", **values))

    await world.store.database.write(write)
    return int(account)


def entry(world: Any, account: int | None, act: str = "proposal.approve") -> AuditEntry:
    return AuditEntry(world.now, account, "organiser", act, "window", why="mưa bão")


def extending(world: Any, account: int | None, hours: int = 24) -> Proposal:
    until = world.timeline.calendar.closes + hours * HOUR_MS
    content = {"ruling": "extend", "until": until, "notice": NOTICE}
    return Proposal("window", content, "mưa bão", account, world.now)


async def propose(world: Any, proposal: Proposal) -> ProposalId:
    made: ProposalId = await world.store.proposals.propose(
        proposal, entry(world, proposal.made_by, "window.propose_extend")
    )
    return made


async def chats_told(world: Any, message: str) -> list[str]:
    def read(connection: Connection) -> list[str]:
        of = OUTBOX.select().where(OUTBOX.c.message == message).order_by(OUTBOX.c.chat)
        return [row.chat for row in connection.execute(of)]

    found: list[str] = await world.store.database.read(read)
    return found


async def chat_of(world: Any, account: int) -> str:
    def read(connection: Connection) -> str:
        of = ACCOUNT.select().where(ACCOUNT.c.id == account)
        return str(connection.execute(of).one().chat)

    found: str = await world.store.database.read(read)
    return found


async def test_a_second_organiser_approves_and_the_window_moves(world: Any):
    first, second = await organiser(world), await organiser(world)
    proposal = extending(world, first)
    made = await propose(world, proposal)
    before = await world.store.rules_versions.newest_hash()

    settled = await world.store.proposals.approve(made, entry(world, second))

    opened = await world.store.proposals.find(made)
    decisions = await world.store.decisions.all()
    assert settled is Settled.DONE
    assert (opened.state, opened.settled_by, opened.proposal) == (
        ProposalState.APPROVED,
        second,
        proposal,
    )
    assert decisions == (Decision(Ruling.EXTEND, world.now, Instant(proposal.content["until"])),)
    assert await world.store.rules_versions.newest_hash() != before


async def test_a_moved_window_is_a_version_of_the_rules_in_the_ledger(world: Any):
    first, second = await organiser(world), await organiser(world)
    proposal = extending(world, first)
    made = await propose(world, proposal)
    await world.store.proposals.approve(made, entry(world, second))

    versions = await world.rows("rules_version")
    entries = [row["fields_text"] for row in await world.rows("ledger_queue")]
    newest = max(versions, key=lambda row: row["since"])
    oldest = min(versions, key=lambda row: row["since"])
    assert len(versions) == 2
    assert newest["notice"] == NOTICE
    assert newest["draw_rules"] == oldest["hash"]
    assert f'"closes":{proposal.content["until"]}' in newest["json_text"]
    assert entries[-1].startswith('{"hash":"' + newest["hash"] + '","k":"amend"')


async def test_who_made_it_is_not_the_second_person(world: Any):
    first = await organiser(world)
    made = await propose(world, extending(world, first))

    assert await world.store.proposals.approve(made, entry(world, first)) is Settled.OWN
    assert await world.store.decisions.all() == ()
    assert [one.id for one in await world.store.proposals.open()] == [made]


async def test_the_command_line_proposes_and_never_approves(world: Any):
    second = await organiser(world)
    made = await propose(world, extending(world, None))

    assert await world.store.proposals.approve(made, entry(world, None)) is Settled.OWN
    assert await world.store.proposals.approve(made, entry(world, second)) is Settled.DONE


async def test_two_presses_at_once_have_one_effect(world: Any):
    first, second, third = [await organiser(world) for _ in range(3)]
    made = await propose(world, extending(world, first))
    proposals = world.store.proposals

    outcomes = await asyncio.gather(
        proposals.approve(made, entry(world, second)),
        proposals.refuse(made, entry(world, third, "proposal.refuse")),
        proposals.approve(made, entry(world, third)),
    )

    assert sorted(one.value for one in outcomes) == ["done", "not_open", "not_open"]
    trail = [one.act for _, one in await world.store.audit.latest(9)]
    assert len([act for act in trail if act in {"proposal.approve", "proposal.refuse"}]) == 1


@pytest.mark.parametrize("is_maker", [True, False])
async def test_refused_by_another_withdrawn_by_its_maker(world: Any, is_maker: bool):
    first, second = await organiser(world), await organiser(world)
    made = await propose(world, extending(world, first))

    by = first if is_maker else second
    await world.store.proposals.refuse(made, entry(world, by, "proposal.refuse"))

    opened = await world.store.proposals.find(made)
    wanted = ProposalState.WITHDRAWN if is_maker else ProposalState.REFUSED
    assert opened.state is wanted
    assert await world.store.decisions.all() == ()


async def test_every_other_organiser_hears_of_it_and_of_its_end(world: Any):
    first, second, third = [await organiser(world) for _ in range(3)]
    made = await propose(world, extending(world, first))

    told = await chats_told(world, "proposal.made")
    await world.store.proposals.approve(made, entry(world, second))
    ended = await chats_told(world, "proposal.settled")

    assert told == sorted([await chat_of(world, second), await chat_of(world, third)])
    assert ended == sorted([await chat_of(world, first), await chat_of(world, third)])


async def test_t26_the_window_never_shrinks_by_an_extension(world: Any):
    first, second = await organiser(world), await organiser(world)
    made = await propose(world, extending(world, first, hours=-24))

    assert await world.store.proposals.approve(made, entry(world, second)) is Settled.OUTDATED
    assert await world.store.decisions.all() == ()
    assert len(await world.rows("rules_version")) == 1


async def test_an_overtaken_proposal_is_outdated(world: Any):
    first, second = await organiser(world), await organiser(world)
    longer = await propose(world, extending(world, first, hours=48))
    shorter = await propose(world, extending(world, first, hours=24))
    await world.store.proposals.approve(longer, entry(world, second))
    world.now = Instant(world.now + MINUTE_MS)

    assert await world.store.proposals.approve(shorter, entry(world, second)) is Settled.OUTDATED


async def test_pause_and_resume_follow_each_other_and_nothing_twice(world: Any):
    account = await organiser(world)
    decide = world.store.window_decisions.decide

    first = await decide(Ruling.PAUSE, entry(world, account, "window.pause"))
    world.now = Instant(world.now + MINUTE_MS)
    again = await decide(Ruling.PAUSE, entry(world, account, "window.pause"))
    resumed = await decide(Ruling.RESUME, entry(world, account, "window.resume"))

    kinds = [row["kind"] for row in await world.rows("ledger_queue")]
    rulings = [one.ruling for one in await world.store.decisions.all()]
    assert (first, again, resumed) == (True, False, True)
    assert rulings == [Ruling.PAUSE, Ruling.RESUME]
    assert kinds[-2:] == ["pause", "resume"]


async def test_of_opposite_decisions_at_once_none_follows_its_like(world: Any):
    account = await organiser(world)
    decide = world.store.window_decisions.decide
    asked = [Ruling.PAUSE, Ruling.PAUSE, Ruling.RESUME, Ruling.PAUSE, Ruling.RESUME, Ruling.RESUME]

    done = await asyncio.gather(
        *(decide(one, entry(world, account, f"window.{one.value}")) for one in asked)
    )

    rulings = [one.ruling for one in await world.store.decisions.all()]
    assert len(rulings) == sum(done) > 0
    assert rulings == [Ruling.PAUSE, Ruling.RESUME, Ruling.PAUSE, Ruling.RESUME][: len(rulings)]
