import asyncio
from collections import Counter
from dataclasses import replace
from typing import Any

import orjson
import pytest

from handlers.records import (
    AttemptNotStarted,
    AttemptRecord,
    AttemptStarted,
    Event,
    Move,
)
from question_bank.canonical import canonical
from scoring.attempt import Act, Order, Stage, advance, decide
from scoring.contest import Decision, Ruling
from scoring.entries import start_entry, submit_entry
from scoring.grading import Grade
from scoring.instant import DAY_MS, MINUTE_MS
from scoring.limits import AttemptLimits, StartRefusal


async def test_start_opens_the_paper_at_its_first_view(world: Any):
    sender, session = await world.open_paper()

    attempt = session.attempt
    assert (attempt.person, attempt.number, attempt.view, attempt.place) == (1, 1, 1, 1)
    assert attempt.paper == world.paper(1, 1)
    assert await world.store.sessions.reload(sender) == session


@pytest.mark.parametrize("size", [2, 100])
async def test_t06_starts_at_once_open_one_attempt(world: Any, another: Any, size: int):
    """The same person from one account, in one process and in two."""
    sender = world.sender()
    visitor = await world.register(sender)
    order = world.starting(visitor)

    async with another() as other:
        stores = [world.store, other] * (size // 2)
        outcomes = await asyncio.gather(*(store.attempts.start(order) for store in stores))

    assert Counter(one.is_new for one in outcomes) == {True: 1, False: size - 1}
    assert len({one.session for one in outcomes}) == 1
    assert len(await world.rows("attempt")) == 1
    assert Counter(row["kind"] for row in await world.rows("ledger_queue"))["start"] == 1


async def test_t06_a_thousand_people_start_twice_at_once(world: Any, another: Any):
    """Two processes, each person's two starts at one barrier: a thousand attempts, one each."""
    visitors = await asyncio.gather(*(world.register() for _ in range(1_000)))
    orders = [world.starting(visitor) for visitor in visitors]

    async with another() as other:
        outcomes = await asyncio.gather(
            *(one.attempts.start(order) for order in orders for one in (world.store, other))
        )

    assert Counter(one.is_new for one in outcomes) == {True: 1_000, False: 1_000}
    rows = await world.rows("attempt")
    assert sorted(row["person"] for row in rows) == list(range(1, 1_001))
    assert {(row["number"], row["ended_at"]) for row in rows} == {(1, None)}


async def test_start_finds_the_open_attempt_of_the_account(world: Any):
    _, session = await world.open_paper()
    sender, relative = world.sender(), await world.register()
    await world.visit(sender)
    order = replace(world.starting(relative), account=session.account)

    outcome = await world.store.attempts.start(order)

    assert outcome == AttemptStarted(session, is_new=False)


async def test_start_with_a_used_number_changes_nothing(world: Any):
    sender, session = await world.open_paper()
    await world.store.attempts.finish(world.finishing(session))
    visitor = await world.visit(sender)

    outcome = await world.store.attempts.start(world.starting(visitor, 1))

    assert outcome == AttemptNotStarted(None)
    assert len(await world.rows("attempt")) == 1


async def test_t36_limits_hold_in_sql(world: Any):
    sender, session = await world.open_paper()
    await world.store.attempts.finish(world.finishing(session))
    visitor = await world.visit(sender)
    one_a_day = world.starting(visitor, 2, limits=AttemptLimits(3, 1))
    one_in_all = world.starting(
        visitor, 2, limits=AttemptLimits(1, 1), day_start=world.now + DAY_MS
    )
    next_day = world.starting(visitor, 2, day_start=world.now + DAY_MS)

    outcomes = [
        await world.store.attempts.start(order) for order in (one_a_day, one_in_all, next_day)
    ]

    assert outcomes[0] == AttemptNotStarted(StartRefusal.NO_ATTEMPTS_TODAY)
    assert outcomes[1] == AttemptNotStarted(StartRefusal.NO_ATTEMPTS_LEFT)
    assert isinstance(outcomes[2], AttemptStarted)


async def test_t36_starts_at_the_limit_from_two_processes(world: Any, another: Any):
    """Each round of parallel starts leaves exactly one attempt more, never over the limit."""
    visitor = await world.register()
    limits = AttemptLimits(2, 0)
    async with another() as other:
        for number in (1, 2, 3):
            order = world.starting(visitor, number, limits=limits)
            stores = [world.store, other] * 10
            outcomes = await asyncio.gather(*(store.attempts.start(order) for store in stores))
            begun = [one for one in outcomes if isinstance(one, AttemptStarted)]
            if begun:
                await world.store.attempts.finish(world.finishing(begun[0].session))

    assert [row["number"] for row in await world.rows("attempt")] == [1, 2]
    assert set(outcomes) == {AttemptNotStarted(StartRefusal.NO_ATTEMPTS_LEFT)}


async def test_t01_a_hundred_copies_of_a_tap_are_one_row(world: Any, another: Any):
    _, session = await world.open_paper()
    transition = world.choosing(session)

    async with another() as other:
        stores = [world.store, other] * 50
        outcomes = await asyncio.gather(*(one.attempts.record(transition) for one in stores))

    assert Counter(outcomes) == {None: 1, transition: 99}
    assert len(await world.rows("transition")) == 1


async def test_t03_a_second_choice_on_a_view_meets_the_first(world: Any):
    _, session = await world.open_paper()
    first, second = world.choosing(session, 0), world.choosing(session, 1)

    outcomes = await asyncio.gather(
        world.store.attempts.record(first), world.store.attempts.record(second)
    )

    assert outcomes == [None, first]
    assert await world.store.attempts.recorded_at(first.attempt, first.view) == first
    assert await world.store.attempts.recorded_at(first.attempt, 2) is None


async def test_t03_a_thousand_races_of_two_processes_take_one_choice_each(world: Any, another: Any):
    _, session = await world.open_paper()
    _, second = await world.open_paper()
    taken = []

    async with another() as other:
        for view in range(1, 501):
            for one in (session, second):
                a, b = (replace(world.choosing(one, choice), view=view) for choice in (0, 1))
                outcomes = await asyncio.gather(
                    world.store.attempts.record(a), other.attempts.record(b)
                )
                assert outcomes in ([None, a], [b, None])
                taken.append((a.attempt, view, 0 if outcomes[0] is None else 1))

    rows = await world.rows("transition")
    assert [(row["attempt"], row["view"], row["choice"]) for row in rows] == sorted(taken)


async def test_r3_typed_text_counts_once_though_the_view_moved_on(world: Any):
    _, session = await world.open_paper()
    event = Event("tg", "e7")
    first = world.choosing(session)
    later = replace(first, view=2, place=2)

    outcomes = [
        await world.store.attempts.record(first, event),
        await world.store.attempts.record(first, event),
        await world.store.attempts.record(later, event),
    ]

    assert outcomes == [None, Move.REPEATED, Move.REPEATED]
    assert len(await world.rows("transition")) == 1


async def test_typed_texts_at_once_are_one_row(world: Any):
    _, session = await world.open_paper()
    transition, event = world.choosing(session), Event("tg", "e7")

    outcomes = await asyncio.gather(
        *(world.store.attempts.record(transition, event) for _ in range(100))
    )

    assert Counter(outcomes) == {None: 1, Move.REPEATED: 99}


async def test_replay_from_sql_equals_the_session_in_memory(world: Any):
    sender, session = await world.open_paper()
    orders = [
        Order(Act.ANSWER, 1),
        Order(Act.FORWARD),
        Order(Act.BACK),
        Order(Act.ANSWER, 3),
        *(Order(Act.ANSWER, 0) for _ in range(3)),
        Order(Act.PREDICT, 120),
        Order(Act.BACK, 2),
    ]
    for at, order in enumerate(orders):
        transition = decide(session.attempt, order, world.now + at)
        assert await world.store.attempts.record(transition) is None
        session = replace(session, attempt=advance(session.attempt, transition))

    assert await world.store.sessions.reload(sender) == session
    assert (await world.visit(sender)).session == session


async def test_finish_grades_what_sql_holds(world: Any):
    sender, session = await world.open_paper()
    for choice in (0, 1, 2):
        session = await world.answer(sender, session, choice)
    order = world.finishing(session)

    finished = await world.store.attempts.finish(order)

    key = [
        place.options[choice] == "a"
        for place, choice in zip(session.attempt.paper.places[:3], (0, 1, 2), strict=True)
    ]
    assert finished.grade == Grade(sum(key), 3, 5)
    assert finished.duration_ms == 5 * MINUTE_MS
    assert finished.attempt.stage is Stage.ENDED
    assert await world.store.sessions.reload(sender) is None
    assert await world.store.attempts.of_person(1) == (
        AttemptRecord(
            finished.attempt.id,
            1,
            world.now,
            order.at,
            Act.SUBMIT,
            finished.grade,
            5 * MINUTE_MS,
            2,
            finished.attempt.guess,
        ),
    )


async def test_of_person_tells_an_open_attempt_too(world: Any):
    sender, session = await world.open_paper()
    await world.answer(sender, session)

    records = await world.store.attempts.of_person(1)

    assert records == (
        AttemptRecord(session.attempt.id, 1, world.now, None, None, Grade(0, 1, 5), 0, 2),
    )


async def test_pauses_are_not_counted_as_time_on_the_paper(world: Any):
    _, session = await world.open_paper()
    pause = (
        Decision(Ruling.PAUSE, world.now + MINUTE_MS),
        Decision(Ruling.RESUME, world.now + 3 * MINUTE_MS),
    )
    order = world.finishing(session, timeline=replace(world.timeline, decisions=pause))

    finished = await world.store.attempts.finish(order)

    assert finished.duration_ms == 3 * MINUTE_MS


async def test_t25_of_many_endings_one_counts(world: Any, another: Any):
    _sender, session = await world.open_paper()
    submit = world.finishing(session)
    expire = world.finishing(session, Act.EXPIRE, notice="notice.expired")

    async with another() as other:
        outcomes = await asyncio.gather(
            *(store.attempts.finish(submit) for store in [world.store, other] * 5),
            *(store.attempts.finish(expire) for store in [other, world.store] * 5),
        )

    assert len([one for one in outcomes if one is not None]) == 1
    kinds = Counter(row["kind"] for row in await world.rows("ledger_queue"))
    assert kinds == {"open": 1, "reg": 1, "start": 1, "submit": 1}
    assert len(await world.rows("transition")) == 1


async def test_a_tap_and_an_ending_race_for_one_view(world: Any):
    for _ in range(10):
        _, session = await world.open_paper()
        tap, ending = world.choosing(session), world.finishing(session, Act.EXPIRE)

        standing, finished = await asyncio.gather(
            world.store.attempts.record(tap), world.store.attempts.finish(ending)
        )

        if standing is None:
            assert finished is None
        else:
            assert standing.act is Act.EXPIRE
            assert finished.grade.answered == 0


async def test_a_notice_goes_out_where_the_owner_did_not_end_it(world: Any):
    sender, session = await world.open_paper()
    order = world.finishing(session, Act.EXPIRE, notice="notice.expired")

    await world.store.attempts.finish(order)

    (row,) = await world.rows("outbox")
    assert (row["channel"], row["chat"], row["message"]) == (
        "tg",
        f"chat-{sender.id}",
        "notice.expired",
    )
    assert orjson.loads(row["arguments"]) == {
        "number": 1,
        "correct": 0,
        "size": 5,
        "answered": 0,
        "duration_ms": 5 * MINUTE_MS,
        "ended_at": order.at,
        "end": "timeout",
    }


async def test_the_ledger_queue_holds_the_engines_entries_in_order(world: Any):
    sender, session = await world.open_paper()
    session = await world.answer(sender, session)
    finished = await world.store.attempts.finish(world.finishing(session))

    rows = await world.rows("ledger_queue")

    assert [row["kind"] for row in rows] == ["open", "reg", "start", "submit"]
    (attempt,) = await world.rows("attempt")
    opened = start_entry(
        (1, 1),
        world.now,
        session.attempt.due,
        world.contest.commitments,
        session.attempt.paper,
    )
    ended = submit_entry(finished.attempt, finished.grade.correct, 0, attempt["guess_salt"])
    assert rows[2]["fields_text"] == canonical(opened).decode()
    assert rows[3]["fields_text"] == canonical(ended).decode()
    entry = orjson.loads(rows[1]["fields_text"])
    assert (entry["k"], entry["p"], entry["g"], entry["via"]) == ("reg", 1, "to-1", "tg")


async def test_open_attempts_are_found_by_their_own_limit(world: Any):
    senders = [await world.open_paper() for _ in range(3)]
    due = senders[0][1].attempt.due
    await world.store.attempts.finish(world.finishing(senders[1][1]))

    left = ((senders[0][0], senders[0][1]), (senders[2][0], senders[2][1]))
    find = world.store.attempts.open_attempts
    assert await find(None, 10) == left
    assert await find(due, 10) == left
    assert await find(due - 1, 10) == ()
    assert await find(None, 1) == left[:1]


async def test_chat_of_an_account(world: Any):
    sender, session = await world.open_paper()

    assert await world.store.attempts.chat_of(session.account) == ("tg", f"chat-{sender.id}")
    with pytest.raises(LookupError):
        await world.store.attempts.chat_of(999)
