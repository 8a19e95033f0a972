"""Reminders: who is written to, at most once a day, in slices that can be killed anywhere."""

import asyncio
from typing import Any

import orjson
import pytest
from sqlalchemy import insert, update

from handlers.office_reminders import (
    LEADERS,
    SPARE,
    UNSTARTED,
    LinedUp,
    RemindLeaders,
    RemindSlice,
    UnderTarget,
)
from handlers.records import Role
from scoring.instant import DAY_MS, HOUR_MS, MINUTE_MS, Instant, day_start
from scoring.limits import AttemptLimits
from scoring.tallies import Count
from store import reminders as module
from store.tables import ACCOUNT, ACCOUNT_PERSON, EXCLUSION, PARTICIPANT, VOID
from tests.store.conftest import OPENS
from tests.store.counting import opened, take_part
from tests.store.statements import sent
from tests.store.test_tally_posts import appoint

EVENING = Instant(OPENS + 12 * HOUR_MS)
LIMITS = AttemptLimits(3, 1)


def slice_(number: int = 0, at: Instant = EVENING, **changes: Any) -> RemindSlice:
    values = {"planned_at": at, "at": at, "day_start": day_start(at), "slice": number}
    return RemindSlice(**values | {"limits": LIMITS} | changes)


async def remind(world: Any, *orders: RemindSlice) -> list[int | None]:
    return [await world.store.reminders.remind_slice(one) for one in orders or (slice_(),)]


async def told(world: Any) -> list[tuple[str, str]]:
    return [(row["chat"], row["message"]) for row in await world.rows("outbox")]


async def change(world: Any, statement: Any) -> None:
    await world.store.database.write(lambda one: one.execute(statement))


async def registered(world: Any) -> Any:
    sender = world.sender()
    await world.register(sender)
    return sender


async def test_who_never_started_and_who_has_an_attempt_left_are_reminded(world: Any):
    unstarted, spare = await registered(world), await registered(world)
    await world.visit(world.sender())
    await take_part(world, spare, Instant(EVENING - DAY_MS))

    counts = await remind(world)

    assert counts == [2]
    assert await told(world) == [
        (f"chat-{unstarted.id}", UNSTARTED),
        (f"chat-{spare.id}", SPARE),
    ]
    rows = await world.rows("outbox")
    assert {(row["batch"], row["is_bulk"]) for row in rows} == {("remind_residents", True)}
    assert orjson.loads(rows[0]["arguments"]) == {"planned_at": EVENING}


@pytest.mark.parametrize(
    ("limits", "ends_at", "found"),
    [
        pytest.param(LIMITS, EVENING, [], id="no attempt left today"),
        pytest.param(AttemptLimits(3, 2), EVENING, [SPARE], id="one left today"),
        pytest.param(AttemptLimits(1, 0), EVENING - DAY_MS, [], id="none left at all"),
        pytest.param(AttemptLimits(2, 0), EVENING, [SPARE], id="no limit a day"),
        pytest.param(AttemptLimits(0, 0), EVENING - DAY_MS, [], id="no limit: always one left"),
    ],
)
async def test_an_attempt_that_is_left(
    world: Any, limits: AttemptLimits, ends_at: int, found: list[str]
):
    await take_part(world, await registered(world), Instant(ends_at))

    await remind(world, slice_(limits=limits))

    assert [message for _, message in await told(world)] == found


async def test_a_void_attempt_has_given_its_place_back(world: Any):
    sender = await registered(world)
    await take_part(world, sender, Instant(EVENING - HOUR_MS))
    person = (await world.visit(sender)).participant.number
    before = await remind(world)
    void = {"person": person, "attempt": 1, "why": "incident", "doc": "1", "at": 1}
    await change(world, insert(VOID).values(void))

    again = slice_(at=Instant(EVENING + MINUTE_MS), limits=AttemptLimits(1, 1))
    counts = await remind(world, again)

    assert (before, counts) == ([0], [1])
    assert [message for _, message in await told(world)] == [SPARE]


async def test_whoever_is_at_a_paper_is_left_alone(world: Any):
    sender = await registered(world)
    await opened(world, sender, Instant(EVENING - 5 * MINUTE_MS), 1)

    assert await remind(world, slice_(limits=AttemptLimits(3, 0))) == [0]


@pytest.mark.parametrize("case", ["erased", "void", "excluded", "left", "switched off"])
async def test_whom_nobody_reminds(world: Any, case: str):
    visitor = await world.register()
    person = visitor.participant.number
    of_person = update(PARTICIPANT).where(PARTICIPANT.c.number == person)
    void = {"person": person, "attempt": 0, "why": "false_data", "doc": "1", "at": 1}
    (row,) = await world.rows("participant")
    listed = {"phone_index": row["phone_index"], "phone_box": b"", "why": "x", "at": 1}
    await change(
        world,
        {
            "erased": of_person.values(erased_at=1),
            "void": insert(VOID).values(void),
            "excluded": insert(EXCLUSION).values(listed),
            "left": update(ACCOUNT).values(is_reachable=False),
            "switched off": update(ACCOUNT).values(is_reminded=False),
        }[case],
    )

    assert await remind(world) == [0]
    assert await told(world) == []


async def test_a_restored_person_and_a_void_attempt_are_as_others(world: Any):
    visitor = await world.register()
    void = {"person": visitor.participant.number, "why": "x", "doc": "1", "at": 1}
    await change(world, insert(VOID).values(void | {"attempt": 0, "restored_at": 2}))
    await change(world, insert(VOID).values(void | {"attempt": 1}))

    assert await remind(world) == [1]


async def test_who_helps_is_reminded_of_whom_he_helps(world: Any):
    """An account whose own person is done has another who never started."""
    helper, other = await registered(world), await world.register()
    account = (await world.visit(helper)).account
    helps = {"account": account, "person": other.participant.number, "relation": "family", "at": 1}
    await change(world, insert(ACCOUNT_PERSON).values(helps))
    await change(world, update(ACCOUNT).where(ACCOUNT.c.id != account).values(is_reachable=False))
    await take_part(world, helper, Instant(EVENING - HOUR_MS))

    await remind(world)

    assert await told(world) == [(f"chat-{helper.id}", UNSTARTED)]


async def test_nobody_is_reminded_twice_a_day(world: Any):
    await registered(world)
    later = Instant(EVENING + HOUR_MS)
    tomorrow = Instant(EVENING + DAY_MS)

    counts = await remind(world, slice_(), slice_(at=later), slice_(at=tomorrow))

    assert counts == [1, 0, 1]


async def test_t29_a_slice_is_done_once_by_two_processes(world: Any, another: Any):
    for _ in range(5):
        await registered(world)

    async with another() as other:
        stores = [world.store, other] * 10
        counts = await asyncio.gather(*(one.reminders.remind_slice(slice_()) for one in stores))

    assert sorted(counts, key=str) == [5] + [None] * 19
    assert len(await told(world)) == 5


async def test_slices_reach_everybody_once_and_go_on_where_they_were(
    world: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "SLICE", 3)
    senders = [await registered(world) for _ in range(8)]

    slices = await world.store.reminders.slices()
    counts = await remind(world, slice_(0), slice_(0), slice_(1), slice_(1), slice_(2))

    assert (slices, counts) == (3, [3, None, 3, None, 2])
    assert [chat for chat, _ in await told(world)] == [f"chat-{one.id}" for one in senders]


async def test_a_slice_takes_as_many_statements_however_many_are_in_it(world: Any):
    took = []
    for number in range(2):
        for _ in range(2 + 10 * number):
            await registered(world)
        with sent() as said:
            await remind(world, slice_(at=Instant(EVENING + number * DAY_MS)))
        took.append(len(said))

    assert took[0] == took[1]


async def test_a_job_that_is_finished_is_done(world: Any):
    reminders = world.store.reminders

    before = await reminders.is_done("remind_residents", EVENING)
    for _ in range(2):
        await reminders.finish("remind_residents", EVENING, EVENING)

    assert (before, await reminders.is_done("remind_residents", EVENING)) == (False, True)


def leaders(*units: str, at: Instant = EVENING) -> RemindLeaders:
    under = tuple(UnderTarget(unit, Count(9, 8, 7), 50, 6) for unit in units)
    return RemindLeaders(at, at, day_start(at), under)


async def test_leaders_of_units_under_target_are_reminded_once(world: Any):
    first = await appoint(world, Role.LEADER, "to-1")
    await appoint(world, Role.LEADER, "to-2")
    await appoint(world, Role.ORGANISER)
    await appoint(world, Role.LEADER, "to-1", withdrawn_at=5)

    counts = [await world.store.reminders.remind_leaders(leaders("to-1")) for _ in range(2)]

    assert counts == [1, None]
    (row,) = await world.rows("outbox")
    assert (row["chat"], row["message"]) == (first, LEADERS)
    assert orjson.loads(row["arguments"]) == {
        "planned_at": EVENING,
        "units": [["to-1", 8, 7, 50, 6]],
    }


async def test_a_leader_of_two_units_gets_one_reminder_of_both(world: Any):
    chat = await appoint(world, Role.LEADER, "to-1")
    (role,) = await world.rows("role")
    again = {key: value for key, value in role.items() if key != "id"} | {"unit": "to-2"}
    await change(world, insert(module.ROLE).values(again))

    await world.store.reminders.remind_leaders(leaders("to-1", "to-2"))

    (row,) = await world.rows("outbox")
    assert row["chat"] == chat
    assert [unit for unit, *_ in orjson.loads(row["arguments"])["units"]] == ["to-1", "to-2"]


async def test_a_leader_who_takes_part_hears_once_a_day(world: Any):
    sender = await registered(world)
    account = (await world.visit(sender)).account
    await appoint(world, Role.LEADER, "to-1")
    await change(world, update(module.ROLE).values(account=account))

    counts = [await world.store.reminders.remind_leaders(leaders("to-1")), *await remind(world)]

    assert counts == [1, 0]


async def test_switched_off_is_off_until_switched_on(world: Any):
    visitor = await world.register()
    reminders, account = world.store.reminders, visitor.account

    on = [await reminders.is_on(account)]
    for is_on in (False, False, True):
        await reminders.switch(account, is_on=is_on)
        on.append(await reminders.is_on(account))

    assert on == [True, False, False, True]


async def lined_up(world: Any, sender: Any, message: str) -> bool:
    chat = f"chat-{sender.id}"
    asked = LinedUp(message, "tg", chat, day_start(EVENING), LIMITS)
    is_wanted: bool = await world.store.reminders.is_wanted(asked)
    return is_wanted


@pytest.mark.parametrize(
    ("what", "wanted"),
    [
        pytest.param("nothing", [True, True, False], id="as it was"),
        pytest.param("off", [False, False, False], id="switched off meanwhile"),
        pytest.param("opened", [False, False, False], id="at a paper"),
        pytest.param("taken part today", [True, False, False], id="started meanwhile"),
        pytest.param("taken part before", [True, False, True], id="has one left"),
    ],
)
async def test_what_is_lined_up_is_asked_after_once_more(world: Any, what: str, wanted: list[bool]):
    sender = await registered(world)
    account = (await world.visit(sender)).account
    match what:
        case "off":
            await world.store.reminders.switch(account, is_on=False)
        case "opened":
            await opened(world, sender, EVENING, 1)
        case "taken part today":
            await take_part(world, sender, EVENING)
        case "taken part before":
            await take_part(world, sender, Instant(EVENING - DAY_MS))

    found = [await lined_up(world, sender, message) for message in (LEADERS, UNSTARTED, SPARE)]

    assert found == wanted
