"""Lists of everybody: page by page, as of an instant, results only after closing."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import insert, update

from handlers.listing import ListedAttempt, ListedPerson, ListingSize
from handlers.office_statistics import Property, Tallied
from scoring.attempt import Act
from scoring.instant import MINUTE_MS, Instant
from store.encryption import BoxError
from store.rules_versions import amend_rules
from store.tables import ATTEMPT, PARTICIPANT, VOID
from tests.store.conftest import CLOSES, NOW, SIZE

LATER = Instant(NOW + 60 * MINUTE_MS)
MIN_ANSWERS = 2


@pytest.fixture(autouse=True)
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.listing.PAGE", 2)


async def played(world: Any, answers: int) -> None:
    """A fresh person's submitted paper with that many answers."""
    sender, session = await world.open_paper()
    for _ in range(answers):
        session = await world.answer(sender, session)
    await world.store.attempts.finish(world.finishing(session))


async def people_of(world: Any, at: Instant = LATER) -> list[ListedPerson]:
    pages = [page async for page in world.store.listing.people(at)]
    return [one for page in pages for one in page]


async def attempts_of(world: Any, at: Instant = LATER) -> list[ListedAttempt]:
    pages = [page async for page in world.store.listing.attempts(at)]
    return [one for page in pages for one in page]


async def test_a_person_is_listed_with_all_that_is_known(world: Any):
    data = world.data(
        "Trần Thị Bình",
        born=2012,
        phone="+84900000001",
        is_phone_verified=True,
        audience="hoc-sinh",
        guardian_phone="+84900000002",
    )
    await world.register(data=data)

    assert await people_of(world) == [
        ListedPerson(
            number=1,
            name="Trần Thị Bình",
            born=2012,
            phone="+84900000001",
            is_phone_verified=True,
            guardian_phone="+84900000002",
            unit="to-1",
            audience="hoc-sinh",
            registered_at=NOW,
            channel="tg",
            relation="own",
            is_flagged=False,
            opened=0,
            participations=0,
            first_at=None,
        )
    ]


@pytest.mark.parametrize("people", [0, 1, 2, 3, 4, 5])
async def test_pages_hold_everybody_once_in_order(world: Any, people: int):
    for _ in range(people):
        await world.register()

    pages = [page async for page in world.store.listing.people(LATER)]

    numbers = [[one.number for one in page] for page in pages]
    wanted = [list(range(at, min(at + 2, people + 1))) for at in range(1, people + 1, 2)]
    assert numbers == wanted


async def test_what_counts_is_told_apart_from_what_was_opened(world: Any):
    for answers in (0, MIN_ANSWERS - 1, MIN_ANSWERS, SIZE):
        await played(world, answers)
    await world.open_paper()
    await world.register()

    people = await people_of(world)

    assert [(one.opened, one.participations) for one in people] == [
        (1, 0),
        (1, 0),
        (1, 1),
        (1, 1),
        (1, 0),
        (0, 0),
    ]
    ended = Instant(NOW + 5 * MINUTE_MS)
    assert [one.first_at for one in people] == [None, None, ended, ended, None, None]


async def test_attempts_of_one_person_span_pages_and_the_first_that_counts_is_kept(world: Any):
    sender = world.sender()
    visitor = await world.register(sender)
    await world.open_paper()
    for number in range(1, 4):
        world.now = Instant(NOW + number * 24 * 60 * MINUTE_MS)
        started = await world.store.attempts.start(world.starting(visitor, number))
        session = started.session
        for _ in range(number):
            session = await world.answer(sender, session)
        await world.store.attempts.finish(world.finishing(session))

    at = Instant(world.now + 60 * MINUTE_MS)
    first, _ = await people_of(world, at)
    attempts = await attempts_of(world, at)

    assert (first.opened, first.participations) == (3, 2)
    assert first.first_at == NOW + 2 * 24 * 60 * MINUTE_MS + 5 * MINUTE_MS
    assert [(one.person, one.number) for one in attempts] == [(1, 1), (1, 2), (1, 3), (2, 1)]
    assert [one.answered for one in attempts] == [1, 2, 3, None]


@pytest.mark.parametrize("attempt", [0, 1])
async def test_what_is_void_counts_nowhere_from_then_on_until_it_is_restored(
    world: Any, attempt: int
):
    for _ in range(2):
        await played(world, SIZE)
    void, restored = Instant(NOW + 20 * MINUTE_MS), Instant(NOW + 30 * MINUTE_MS)
    values = {"person": 1, "attempt": attempt, "why": "proxy", "doc": "1/QĐ", "at": void}
    values |= {"restored_at": restored}
    await world.store.database.write(lambda one: one.execute(VOID.insert().values(values)) and None)
    instants = (Instant(void - 1), void, Instant(restored - 1), restored)

    listed = [(await people_of(world, at), await attempts_of(world, at)) for at in instants]

    assert [[one.participations for one in people] for people, _ in listed] == [
        [1, 1],
        [0, 1],
        [0, 1],
        [1, 1],
    ]
    assert [[one.is_void for one in attempts] for _, attempts in listed] == [
        [False, False],
        [True, False],
        [True, False],
        [False, False],
    ]
    assert [people[0].first_at is None for people, _ in listed] == [False, True, True, False]
    assert [people[0].is_void for people, _ in listed] == [
        False,
        not attempt,
        not attempt,
        False,
    ]


async def test_what_came_after_the_instant_is_left_out(world: Any):
    await played(world, SIZE)
    world.now = Instant(NOW + 10 * MINUTE_MS)
    await world.register()

    at_once = await people_of(world, Instant(NOW + 5 * MINUTE_MS - 1))
    at_the_end = await people_of(world, Instant(NOW + 5 * MINUTE_MS))
    before = await people_of(world, Instant(NOW - 1))
    (running,) = await attempts_of(world, Instant(NOW + 5 * MINUTE_MS - 1))

    assert [(one.opened, one.participations) for one in at_once] == [(1, 0)]
    assert [(one.opened, one.participations) for one in at_the_end] == [(1, 1)]
    assert before == []
    assert (running.ended_at, running.end, running.answered) == (None, None, None)
    assert await attempts_of(world, Instant(NOW - 1)) == []


async def test_nobody_sees_results_before_closing(world: Any):
    await played(world, SIZE)

    (running,) = await attempts_of(world)
    size = await world.store.listing.size(LATER)
    await world.store.jobs.close(CLOSES, Instant(CLOSES + 5_000))
    (told,) = await attempts_of(world)

    (row,) = await world.rows("attempt")
    assert (running.correct, running.guess) == (None, None)
    assert not size.is_closed
    assert (told.correct, told.guess) == (row["correct"], None)
    assert row["correct"] is not None
    assert (told.end, told.answered, told.duration_ms) == (Act.SUBMIT, SIZE, 5 * MINUTE_MS)
    assert (await world.store.listing.size(LATER)).is_closed


async def test_a_guess_is_told_after_closing(world: Any):
    await played(world, 1)
    await world.store.database.write(lambda one: one.execute(update(ATTEMPT).values(guess=7)))

    (running,) = await attempts_of(world)
    await world.store.jobs.close(CLOSES, Instant(CLOSES + 5_000))
    (told,) = await attempts_of(world)

    assert (running.guess, told.guess) == (None, 7)


async def test_an_erased_person_stays_a_number(world: Any):
    await world.register()
    empty = dict.fromkeys(("name_box", "born_box", "phone_box"), b"")
    await world.store.database.write(lambda one: one.execute(update(PARTICIPANT).values(empty)))

    (listed,) = await people_of(world)

    assert (listed.number, listed.name, listed.born, listed.phone) == (1, None, None, None)


async def test_a_list_goes_on_while_people_register(world: Any):
    for _ in range(3):
        await world.register()
    pages = world.store.listing.people(LATER)
    first = await anext(pages)
    await world.register()

    rest = [one.number for page in [page async for page in pages] for one in page]

    assert [one.number for one in first] == [1, 2]
    assert rest == [3, 4]


async def test_one_page_is_read_at_a_time(world: Any, monkeypatch: pytest.MonkeyPatch):
    for _ in range(5):
        await world.register()
    reads = 0
    read = world.store.database.read

    async def counted(work: Any) -> Any:
        nonlocal reads
        reads += 1
        return await read(work)

    monkeypatch.setattr(world.store.database, "read", counted)
    pages = world.store.listing.people(LATER)

    seen = []
    async for _ in pages:
        await asyncio.sleep(0)
        seen.append(reads)

    assert seen == [1, 2, 3]


async def test_size_is_as_of_the_instant(world: Any):
    await world.register()
    _, session = await world.open_paper()
    assert session.attempt.opened_at == NOW
    row = (await world.rows("participant"))[0]
    late = row | {"number": 9, "identity_index": b"x", "registered_at": LATER + 1}
    await world.store.database.write(lambda one: one.execute(insert(PARTICIPANT).values(late)))

    assert await world.store.listing.size(LATER) == ListingSize(2, 1, is_closed=False)
    assert await world.store.listing.size(Instant(NOW - 1)) == ListingSize(0, 0, is_closed=False)


async def test_another_data_key_opens_nothing(world: Any, another: Any):
    await world.register()
    async with another(data_key=bytes(32)) as other:
        with pytest.raises(BoxError):
            await anext(other.listing.people(LATER))


async def test_t26_an_attempt_counts_by_the_rules_that_it_was_opened_under(world: Any):
    await played(world, MIN_ANSWERS)
    changes = {"min_answers": SIZE}
    made = await world.store.database.write(lambda one: amend_rules(one, changes, "", NOW))
    commitments = replace(world.contest.commitments, rules=made)
    world.contest = replace(world.contest, commitments=commitments)
    await played(world, MIN_ANSWERS)
    await played(world, SIZE)

    people, attempts = await people_of(world), await attempts_of(world)
    tallied = await world.store.statistics.by(Property.CHANNEL)

    assert [one.participations for one in people] == [1, 0, 1]
    assert [one.is_participation for one in attempts] == [True, False, True]
    assert tallied == (Tallied("tg", 2, 2),)
    records = [await world.store.attempts.of_person(one.number) for one in people]
    assert [one.min_answers for (one,) in records] == [MIN_ANSWERS, SIZE, SIZE]
