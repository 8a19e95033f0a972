"""Broadcasts: whom they reach, one effect a press, and filling that can be killed anywhere."""

import asyncio
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection

from handlers.broadcasts import Audience, BroadcastAct, BroadcastState, Stage
from handlers.records import AuditEntry, Role
from store import broadcasts as module
from store.tables import ACCOUNT, OUTBOX, ROLE, VOID

LIMIT = 3
EVERYBODY = Audience(Stage.REGISTERED)


def entry(world: Any, act: str = "broadcast.start") -> AuditEntry:
    return AuditEntry(world.now, None, "organiser", act)


async def people(world: Any, count: int) -> list[Any]:
    """The senders of so many registered accounts."""
    senders = [world.sender() for _ in range(count)]
    for sender in senders:
        await world.register(sender)
    return senders


async def drafted(world: Any, audience: Audience = EVERYBODY) -> int:
    account = (await world.visit(world.sender())).account
    made: int = await world.store.broadcasts.draft(audience, "Xin mời", account, world.now)
    return made


async def started(world: Any, audience: Audience = EVERYBODY) -> int:
    broadcast = await drafted(world, audience)
    assert await world.store.broadcasts.act(broadcast, BroadcastAct.START, entry(world))
    return broadcast


async def filled(world: Any) -> None:
    while (await world.store.broadcasts.latest(1))[0].state is BroadcastState.FILLING:
        await world.store.broadcasts.go_on(LIMIT, world.now)


async def rows_of(world: Any, broadcast: int) -> list[Any]:
    def read(connection: Connection) -> list[Any]:
        of = OUTBOX.select().where(OUTBOX.c.batch == f"broadcast:{broadcast}")
        return list(connection.execute(of.order_by(OUTBOX.c.id)).all())

    rows: list[Any] = await world.store.database.read(read)
    return rows


async def set_states(world: Any, *states: str) -> None:
    """The rows of the only broadcast, one state each, in order."""

    def write(connection: Connection) -> None:
        ids = connection.execute(OUTBOX.select().order_by(OUTBOX.c.id)).scalars().all()
        for one, state in zip(ids, states, strict=True):
            connection.execute(OUTBOX.update().where(OUTBOX.c.id == one).values(state=state))

    await world.store.database.write(write)


async def test_everybody_reachable_gets_one_row_in_slices(
    world: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "SLICE", 3)
    senders = await people(world, 10)
    await world.store.people.depart((await world.visit(senders[4])).account)

    broadcast = await started(world)
    await filled(world)

    rows = await rows_of(world, broadcast)
    found, progress = await world.store.broadcasts.find(broadcast)
    wanted = {f"chat-{one.id}" for at, one in enumerate(senders) if at != 4}
    assert Counter(row.chat for row in rows) == Counter(wanted)
    assert (found.total, found.state, progress.waiting) == (9, BroadcastState.RUNNING, 9)


async def test_t07_a_slice_that_two_begin_is_written_once(
    world: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "SLICE", 2)
    await people(world, 9)
    broadcast = await started(world)

    while (await world.store.broadcasts.latest(1))[0].state is BroadcastState.FILLING:
        await asyncio.gather(*(world.store.broadcasts.go_on(LIMIT, world.now) for _ in range(3)))

    chats = Counter(row.chat for row in await rows_of(world, broadcast))
    assert len(chats) == 9
    assert set(chats.values()) == {1}


@pytest.mark.parametrize("stage", list(Stage))
async def test_the_audience_is_counted_as_it_is_written_to(world: Any, stage: Stage):
    senders = await people(world, 4)
    await world.store.attempts.start(world.starting(await world.visit(senders[0])))
    await give_roles(world, senders[2:])
    wanted = {
        Stage.REGISTERED: senders,
        Stage.UNSTARTED: senders[1:],
        Stage.SPARE: senders[:1],
        Stage.LEADERS: senders[3:],
        Stage.STAFF: senders[2:],
    }[stage]

    count = await world.store.broadcasts.count(Audience(stage), LIMIT)
    broadcast = await started(world, Audience(stage))
    await filled(world)

    chats = sorted(row.chat for row in await rows_of(world, broadcast))
    assert chats == sorted(f"chat-{one.id}" for one in wanted)
    assert count == len(wanted)


async def test_a_void_attempt_has_given_its_place_back(world: Any):
    kept, voided, restored = await people(world, 3)
    for sender in (kept, voided, restored):
        started = await world.store.attempts.start(world.starting(await world.visit(sender)))
        await world.store.attempts.finish(world.finishing(started.session))
    void = {"attempt": 1, "why": "incident", "doc": "1", "at": 1}
    for sender, ended in ((voided, {}), (restored, {"restored_at": 2})):
        person = (await world.visit(sender)).participant.number
        values = void | ended | {"person": person}
        await world.store.database.write(
            lambda one, values=values: one.execute(VOID.insert().values(values)) and None
        )
    spare = Audience(Stage.SPARE)

    counts = [await world.store.broadcasts.count(spare, limit) for limit in (1, 2, 0)]
    unstarted = await world.store.broadcasts.count(Audience(Stage.UNSTARTED), 1)

    assert counts == [1, 3, 3]
    assert unstarted == 0


async def give_roles(world: Any, senders: list[Any]) -> None:
    """An organiser and a leader."""

    def write(connection: Connection) -> None:
        for sender, role in zip(senders, (Role.ORGANISER, Role.LEADER), strict=True):
            account = connection.execute(
                ACCOUNT.select().where(ACCOUNT.c.external_id == sender.id)
            ).one()
            values = {"unit": "", "name_box": b"", "phone_box": b"", "granted_at": 0}
            values |= {"phone_index": b"", "is_phone_verified": False}
            connection.execute(ROLE.insert().values(account=account.id, role=role.value, **values))

    await world.store.database.write(write)


async def test_units_narrow_the_audience(world: Any):
    await people(world, 2)
    far = world.sender()
    await world.register(far, replace(world.new_data(), unit="to-2"))

    broadcast = await started(world, Audience(Stage.REGISTERED, ("to-2",)))
    await filled(world)

    assert [row.chat for row in await rows_of(world, broadcast)] == [f"chat-{far.id}"]


async def test_opposite_presses_at_once_have_one_effect_each(world: Any):
    await people(world, 3)
    broadcast = await started(world)
    await filled(world)
    acts = (BroadcastAct.STOP, BroadcastAct.PAUSE, BroadcastAct.STOP, BroadcastAct.RESUME)

    done = await asyncio.gather(
        *(world.store.broadcasts.act(broadcast, act, entry(world, act.value)) for act in acts)
    )

    found, progress = await world.store.broadcasts.find(broadcast)
    trail = [one.act for _, one in await world.store.audit.latest(10)]
    effective = [act.value for act, is_done in zip(acts, done, strict=True) if is_done]
    assert found.state is BroadcastState.STOPPED
    assert progress.dropped == 3
    assert sorted(trail) == sorted(["broadcast.start", *effective])
    assert trail.count("stop") == 1


async def test_paused_rows_are_not_looked_at_until_it_goes_on(world: Any):
    await people(world, 3)
    broadcast = await started(world)
    await filled(world)
    store = world.store.broadcasts

    await store.act(broadcast, BroadcastAct.PAUSE, entry(world))
    while_paused = await world.store.outbox.waiting(10, 10**15)
    await store.act(broadcast, BroadcastAct.RESUME, entry(world))
    after = await world.store.outbox.waiting(10, 10**15)

    assert (len(while_paused), len(after)) == (0, 3)


async def test_paused_in_mid_filling_it_goes_on_filling(
    world: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "SLICE", 2)
    await people(world, 6)
    broadcast = await started(world)
    store = world.store.broadcasts
    await store.go_on(LIMIT, world.now)

    await store.act(broadcast, BroadcastAct.PAUSE, entry(world))
    assert await store.go_on(LIMIT, world.now) is False
    await store.act(broadcast, BroadcastAct.RESUME, entry(world))
    await filled(world)

    assert len(await rows_of(world, broadcast)) == 6


async def test_it_is_done_when_nothing_waits_and_its_maker_is_told_once(world: Any):
    await people(world, 3)
    broadcast = await started(world)
    await filled(world)
    store = world.store.broadcasts

    assert await store.go_on(LIMIT, world.now) is False
    await set_states(world, "sent", "dead", "unreachable")
    assert await store.go_on(LIMIT, world.now) is True
    assert await store.go_on(LIMIT, world.now) is False

    found, progress = await store.find(broadcast)
    told = [row.message for row in await single_rows(world)]
    assert found.state is BroadcastState.DONE
    assert (progress.sent, progress.dead, progress.unreachable) == (1, 1, 1)
    assert told == ["broadcast.done"]


async def single_rows(world: Any) -> list[Any]:
    def read(connection: Connection) -> list[Any]:
        return list(connection.execute(OUTBOX.select().where(OUTBOX.c.batch.is_(None))).all())

    rows: list[Any] = await world.store.database.read(read)
    return rows


async def test_dead_letters_are_sent_again_and_it_runs_once_more(world: Any):
    await people(world, 2)
    broadcast = await started(world)
    await filled(world)
    await set_states(world, "sent", "dead")
    store = world.store.broadcasts
    await store.go_on(LIMIT, world.now)

    again = await store.resend_dead(broadcast, entry(world, "broadcast.resend"))

    found, progress = await store.find(broadcast)
    assert (again, found.state, progress.waiting) == (1, BroadcastState.RUNNING, 1)


async def test_its_words_are_told_while_it_is_there(world: Any):
    broadcast = await drafted(world)

    assert await world.store.broadcasts.words(broadcast) == "Xin mời"
    assert await world.store.broadcasts.words(broadcast) == "Xin mời"
    assert await world.store.broadcasts.words(broadcast + 1) is None


async def test_tried_out_it_reaches_one_account_alone(world: Any):
    await people(world, 2)
    mine = world.sender()
    account = (await world.visit(mine)).account
    broadcast = await world.store.broadcasts.draft(EVERYBODY, "Xin mời", account, world.now)

    assert await world.store.broadcasts.try_out(broadcast, account, world.now)
    await world.store.people.depart(account)
    assert not await world.store.broadcasts.try_out(broadcast, account, world.now)

    rows = await single_rows(world)
    assert [(row.chat, row.message) for row in rows] == [(f"chat-{mine.id}", "broadcast.words")]
