"""Tallies posted once, to the right chats, with figures that stay as they were taken."""

import asyncio
from typing import Any

import orjson
import pytest
from sqlalchemy import insert, update

from handlers.daily_tallies import FINAL, SKIPPED, UNIT, WARD, PostTally, TallyKey
from handlers.records import Notice, Role
from scoring.daily_tallies import taken_at
from scoring.instant import DAY_MS, HOUR_MS, Instant
from scoring.rules import UnitRule
from scoring.tallies import Count
from store.tables import ACCOUNT, OUTBOX, ROLE, UNIT_HOUR
from store.tally_posts import AWAITED_MS, BATCH
from tests.store.conftest import CLOSES, OPENS
from tests.store.linking import link

EVENING = Instant(OPENS + 13 * HOUR_MS)
KEY = TallyKey("tally", EVENING)
UNITS = tuple(UnitRule(code, "to-dan-pho", 0, 50) for code in ("to-1", "to-2"))
NOON = Instant(EVENING - 8 * HOUR_MS)
BEFORE = Instant(EVENING - DAY_MS)


def order(world: Any, people: int = 3, **changes: Any) -> PostTally:
    counts = {"to-1": Count(5, people, people)}
    tally = taken_at(EVENING, CLOSES, UNITS, (counts, (BEFORE, {})))
    ward = (Notice(WARD, {"page": 1}), Notice(WARD, {"page": 2}))
    values = {"key": KEY, "kept": KEY, "tally": tally, "units": ("to-1", "to-2"), "ward": ward}
    return PostTally(**values | {"at": world.now} | changes)


async def appoint(world: Any, role: Role, unit: str = "", **changes: Any) -> str:
    """Somebody with a role; the private chat."""
    sender = world.sender()
    visitor = await world.visit(sender)
    values = {
        "account": visitor.account,
        "role": role.value,
        "unit": unit,
        "name_box": b"",
        "phone_box": b"",
        "phone_index": b"",
        "is_phone_verified": True,
        "granted_at": 1,
    }
    await world.store.database.write(lambda one: one.execute(insert(ROLE), [values | changes]))
    return f"chat-{sender.id}"


async def sent_to(world: Any) -> list[tuple[str, str, Any]]:
    """Chat, message, and the unit or page told of."""
    found = []
    for row in await world.rows("outbox"):
        arguments = orjson.loads(row["arguments"])
        found.append((row["chat"], row["message"], arguments.get("unit", arguments.get("page"))))
    return found


async def test_a_unit_s_chats_get_it_and_the_organisers_every_page(world: Any):
    for unit, chat in (("to-1", "-11"), ("to-1", "-12"), ("", "-1")):
        await link(world.store, unit, chat)

    assert await world.store.tallies.post(order(world))

    assert await sent_to(world) == [
        ("-11", UNIT, "to-1"),
        ("-12", UNIT, "to-1"),
        ("-1", WARD, 1),
        ("-1", WARD, 2),
    ]
    assert {(row["batch"], row["is_bulk"]) for row in await world.rows("outbox")} == {
        (BATCH, False)
    }


async def test_where_no_group_is_linked_it_goes_to_people_in_private(world: Any):
    await link(world.store, "to-1", "-11")
    await appoint(world, Role.LEADER, "to-1")
    second = await appoint(world, Role.LEADER, "to-2")
    organiser = await appoint(world, Role.ORGANISER)
    await appoint(world, Role.JUDGE)
    await appoint(world, Role.ORGANISER, withdrawn_at=2)

    await world.store.tallies.post(order(world))

    assert await sent_to(world) == [
        ("-11", UNIT, "to-1"),
        (second, UNIT, "to-2"),
        (organiser, WARD, 1),
        (organiser, WARD, 2),
    ]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"state": "pending"}, id="not confirmed"),
        pytest.param({"state": "lost"}, id="bot removed"),
        pytest.param({"can_send": False}, id="muted"),
    ],
)
async def test_a_chat_that_cannot_be_written_to_leaves_it_to_the_leader(world: Any, changes: Any):
    await link(world.store, "to-1", "-11", **changes)
    leader = await appoint(world, Role.LEADER, "to-1")

    await world.store.tallies.post(order(world))

    assert await sent_to(world) == [(leader, UNIT, "to-1")]


async def test_who_came_after_its_time_is_not_told_of_a_tally_that_comes_late(world: Any):
    late = Instant(EVENING + 1)
    await link(world.store, "to-1", "-11", at=late)
    in_time = await appoint(world, Role.LEADER, "to-1", granted_at=EVENING)
    await appoint(world, Role.LEADER, "to-2", granted_at=late)
    await appoint(world, Role.ORGANISER, granted_at=late)

    assert await world.store.tallies.post(order(world, at=Instant(EVENING + 13 * HOUR_MS)))
    await world.store.tallies.skip([TallyKey("tally", BEFORE)], late)

    assert await sent_to(world) == [(in_time, UNIT, "to-1")]


async def test_the_unreachable_are_not_written_to(world: Any):
    leader = await appoint(world, Role.LEADER, "to-1")
    gone = update(ACCOUNT).where(ACCOUNT.c.chat == leader).values(is_reachable=False)
    await world.store.database.write(lambda one: one.execute(gone))

    assert await world.store.tallies.post(order(world))

    assert await sent_to(world) == []


async def test_a_forum_s_topic_goes_along(world: Any):
    await link(world.store, "to-1", "-11", thread=7)
    await link(world.store, "to-1", "-12")

    await world.store.tallies.post(order(world))

    assert [row["thread"] for row in await world.rows("outbox")] == [7, None]


async def test_t29_two_processes_post_it_once(world: Any, another: Any):
    await link(world.store, "to-1", "-11")

    async with another() as other:
        works = [store.tallies.post(order(world)) for store in [world.store, other] * 10]
        done = await asyncio.gather(*works)

    assert sum(done) == 1
    assert await sent_to(world) == [("-11", UNIT, "to-1")]
    assert await world.store.tallies.is_done(KEY)


async def test_t30_figures_stay_as_they_were_taken(world: Any):
    first = order(world, people=3)
    await world.store.tallies.post(first)
    text = [row["figures"] for row in await world.rows("tally")]

    late = order(world, people=9, at=Instant(EVENING + DAY_MS))
    again = TallyKey("tally_final_units", EVENING)
    done = [await world.store.tallies.post(late), await world.store.tallies.post(late)]
    done.append(await world.store.tallies.post(order(world, people=9, key=again)))

    assert done == [False, False, True]
    assert [row["figures"] for row in await world.rows("tally")] == text
    assert await world.store.tallies.kept(KEY) == first.tally
    assert await world.store.tallies.kept(again) is None


async def test_what_is_left_out_is_told_to_organisers_once(world: Any):
    await link(world.store, "", "-1")
    await link(world.store, "to-1", "-11")
    keys = [TallyKey("tally", NOON), KEY]

    counts = [await world.store.tallies.skip(one, world.now) for one in (keys, keys, keys[1:])]

    assert counts == [2, 0, 0]
    (row,) = await world.rows("outbox")
    assert (row["chat"], row["message"]) == ("-1", SKIPPED)
    assert orjson.loads(row["arguments"]) == {"left_out": [["tally", NOON], ["tally", EVENING]]}
    assert not await world.store.tallies.post(order(world))


async def test_between_comes_from_the_buckets(world: Any):
    row = {"unit": "to-1", "hour": OPENS, "registered": 2, "people": 1, "attempts": 1}
    await world.store.database.write(lambda one: one.execute(insert(UNIT_HOUR), [row]))

    now, before = await world.store.tallies.between(BEFORE, EVENING)

    assert (now, before) == ({"to-1": Count(2, 1, 1)}, {"to-1": Count()})


async def states(world: Any) -> list[str]:
    return [row["state"] for row in await world.rows("outbox")]


async def test_by_night_what_waits_is_held_and_let_go_in_the_morning(world: Any):
    await link(world.store, "to-1", "-11")
    await link(world.store, "to-1", "-12")
    await world.store.tallies.post(order(world))
    done = update(OUTBOX).where(OUTBOX.c.chat == "-11").values(state="sent")
    await world.store.database.write(lambda one: one.execute(done))

    hushed = [await world.store.tallies.hush(world.now) for _ in range(2)]
    by_night = await states(world)
    waiting = await world.store.outbox.waiting(10, 10**15)
    let_go = [await world.store.tallies.let_go() for _ in range(2)]

    assert (hushed, by_night, waiting) == ([1, 0], ["sent", "held"], ())
    assert (let_go, await states(world)) == ([1, 0], ["sent", "pending"])


async def test_what_was_put_off_before_the_night_is_first_again_in_the_morning(world: Any):
    await link(world.store, "", "-1")
    pages = tuple(Notice(WARD, {"page": page}) for page in (1, 2))
    await world.store.tallies.post(order(world, ward=pages))
    put_off = update(OUTBOX).where(OUTBOX.c.id == 1).values(not_before_ms=9)
    await world.store.database.write(lambda one: one.execute(put_off))

    await world.store.tallies.hush(world.now)
    await world.store.tallies.let_go()

    assert [row.id for row in await world.store.outbox.waiting(10, 10**15)] == [1, 2]


@pytest.mark.parametrize(
    ("age_ms", "state"),
    [
        pytest.param(AWAITED_MS, "pending", id="awaited"),
        pytest.param(AWAITED_MS + 1, "held", id="not any more"),
    ],
)
async def test_the_end_is_told_by_night_while_it_is_awaited(world: Any, age_ms: int, state: str):
    await link(world.store, "", "-1")
    await world.store.tallies.post(order(world, ward=(Notice(FINAL, {"page": 1}),)))

    await world.store.tallies.hush(Instant(world.now + age_ms))

    assert await states(world) == [state]


async def test_other_messages_are_not_held(world: Any):
    visitor = await world.register()
    await world.store.jobs.tell("nudge", world.now, visitor.account, Notice("x"), world.now)

    assert await world.store.tallies.hush(world.now) == 0
    assert await states(world) == ["pending"]
