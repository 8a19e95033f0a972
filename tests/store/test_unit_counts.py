"""Counts by unit and hour: kept in the transaction of what changes them, equal to the rows."""

import asyncio
from collections import Counter
from dataclasses import astuple
from typing import Any

import pytest
from hypothesis import Phase, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, update

from handlers.office_roles import Exclude, ListOutcome, Readmit
from scoring.attempt import Act
from scoring.instant import DAY_MS, HOUR_MS, MINUTE_MS, Instant
from store.house import StoreSettings, open_store
from store.tables import PARTICIPANT, VOID
from store.unit_counts import move_people, move_person, recounted
from tests.store.appointing import Office
from tests.store.conftest import CLOSES, OPENS, World, declared_contest
from tests.store.counting import LEAST, buckets, opened, rows_counted, take_part
from tests.store.statements import sent

EIGHT = Instant(OPENS + HOUR_MS)
NINE = Instant(OPENS + 2 * HOUR_MS)
UNITS = ("to-1", "to-2", "to-3")


async def void(world: Any, person: int, attempt: int = 0) -> None:
    def write(connection: Connection) -> None:
        values = {"person": person, "attempt": attempt, "why": "false_data", "doc": "1", "at": 1}
        with recounted(connection, [person]):
            connection.execute(insert(VOID).values(values))

    await world.store.database.write(write)


async def restore(world: Any, person: int) -> None:
    def write(connection: Connection) -> None:
        of_person = update(VOID).where(VOID.c.person == person, VOID.c.restored_at.is_(None))
        with recounted(connection, [person]):
            connection.execute(of_person.values(restored_at=2))

    await world.store.database.write(write)


async def move(world: Any, person: int, old: str, new: str) -> None:
    def write(connection: Connection) -> None:
        of_person = update(PARTICIPANT).where(PARTICIPANT.c.number == person)
        connection.execute(of_person.values(unit=new))
        move_person(connection, person, old, new)

    await world.store.database.write(write)


async def a_person(world: Any, unit: str = "to-1") -> tuple[Any, int]:
    sender = world.sender()
    visitor = await world.register(sender, world.data(unit=unit, phone=world.new_data().phone))
    return sender, visitor.participant.number


@pytest.mark.parametrize(
    ("answers", "act", "at", "found"),
    [
        pytest.param(LEAST, Act.SUBMIT, NINE + 1, {NINE: (0, 1, 1)}, id="enough answers"),
        pytest.param(LEAST - 1, Act.SUBMIT, NINE + 1, {}, id="too few answers"),
        pytest.param(LEAST, Act.EXPIRE, NINE + 1, {NINE: (0, 1, 1)}, id="expired"),
        pytest.param(LEAST, Act.SUBMIT, NINE - 1, {EIGHT: (1, 1, 1)}, id="just before the hour"),
        pytest.param(LEAST, Act.SUBMIT, NINE, {NINE: (0, 1, 1)}, id="at the hour"),
        pytest.param(LEAST, Act.CLOSE, NINE, {EIGHT: (1, 1, 1)}, id="ended by the closing"),
    ],
)
async def test_an_ended_attempt_is_counted_in_the_hour_of_its_end(
    world: Any, answers: int, act: Act, at: int, found: dict[int, Any]
):
    sender, _ = await a_person(world)

    await take_part(world, sender, Instant(at), answers, act)

    expected = {EIGHT: (1, 0, 0)} | found
    assert await buckets(world) == {("to-1", hour): count for hour, count in expected.items()}
    assert await buckets(world) == await rows_counted(world)


async def test_a_person_counts_once_at_the_first_participation(world: Any):
    sender, _ = await a_person(world)

    await take_part(world, sender, Instant(EIGHT + 6 * MINUTE_MS), answers=0)
    await take_part(world, sender, Instant(NINE + 6 * MINUTE_MS))
    await take_part(world, sender, Instant(NINE + DAY_MS))

    assert await buckets(world) == {
        ("to-1", EIGHT): (1, 0, 0),
        ("to-1", NINE): (0, 1, 1),
        ("to-1", NINE + DAY_MS): (0, 0, 1),
    }


async def test_endings_that_share_a_transaction_are_counted_each(world: Any):
    senders = [(await a_person(world, UNITS[at % 3]))[0] for at in range(12)]
    sessions = [await opened(world, one, EIGHT, LEAST) for one in senders]

    await asyncio.gather(
        *(world.store.attempts.finish(world.finishing(one, at=NINE)) for one in sessions)
    )

    assert await buckets(world) == {
        **{(unit, EIGHT): (4, 0, 0) for unit in UNITS},
        **{(unit, NINE): (0, 4, 4) for unit in UNITS},
    }


async def test_an_ending_that_was_beaten_counts_nothing(world: Any):
    sender, _ = await a_person(world)
    session = await opened(world, sender, EIGHT, LEAST)
    order = world.finishing(session, at=NINE)

    await asyncio.gather(*(world.store.attempts.finish(order) for _ in range(5)))

    assert (await buckets(world))["to-1", NINE] == (0, 1, 1)


async def test_a_correction_takes_the_registration_along(world: Any):
    sender, _ = await a_person(world, "to-2")

    await world.store.people.correct(await world.correcting(await world.visit(sender)))

    assert await buckets(world) == {("to-1", EIGHT): (1, 0, 0)}


async def test_a_void_attempt_makes_the_next_the_first(world: Any):
    sender, person = await a_person(world)
    await take_part(world, sender, Instant(EIGHT + 6 * MINUTE_MS))
    await take_part(world, sender, Instant(NINE + 6 * MINUTE_MS))

    await void(world, person, attempt=1)
    voided = await buckets(world)
    await restore(world, person)

    assert voided == {("to-1", EIGHT): (1, 0, 0), ("to-1", NINE): (0, 1, 1)}
    assert await buckets(world) == {("to-1", EIGHT): (1, 1, 1), ("to-1", NINE): (0, 0, 1)}


async def test_a_void_person_counts_nowhere_while_it_lasts(world: Any):
    sender, person = await a_person(world)
    session = await opened(world, sender, EIGHT, LEAST)

    await void(world, person)
    await world.store.attempts.finish(world.finishing(session, at=NINE))
    voided = await buckets(world)
    await restore(world, person)

    assert voided == {}
    assert await buckets(world) == {("to-1", EIGHT): (1, 0, 0), ("to-1", NINE): (0, 1, 1)}


async def test_t33_whoever_is_put_on_the_list_counts_no_more(world: Any):
    sender, _ = await a_person(world)
    await take_part(world, sender, NINE)
    phone = (await world.visit(sender)).participant.data.phone
    office, exclusions = Office(world), world.store.exclusions

    added = await exclusions.add(
        Exclude(phone, "Cán bộ tổ chức", office.ordered("exclusion.add"), "12/QĐ")
    )
    out = await buckets(world)
    (listed,) = await exclusions.listed()
    order = Readmit(listed.key, office.ordered("exclusion.remove"), "13/QĐ")
    removed = await exclusions.remove(order)

    assert (added, out, removed) == (ListOutcome.DONE, {}, ListOutcome.DONE)
    assert await buckets(world) == await rows_counted(world)
    assert (await buckets(world))["to-1", NINE] == (0, 1, 1)


async def test_people_move_with_all_that_they_added(world: Any):
    found = [await a_person(world) for _ in range(3)]
    for sender, _ in found:
        await take_part(world, sender, NINE)
    moved = {person: ("to-1", "to-2") for _, person in found[:2]}

    def write(connection: Connection) -> None:
        move_people(connection, moved)
        of_people = update(PARTICIPANT).where(PARTICIPANT.c.number.in_(moved))
        connection.execute(of_people.values(unit="to-2"))

    await world.store.database.write(write)

    assert await buckets(world) == await rows_counted(world)
    assert (await buckets(world))["to-2", NINE] == (0, 2, 2)


async def test_a_transaction_that_fails_counts_nothing(world: Any):
    _, person = await a_person(world)
    before = await buckets(world)

    def fail(connection: Connection) -> None:
        move_person(connection, person, "to-1", "to-2")
        raise ValueError("as it happens")

    with pytest.raises(ValueError, match="as it happens"):
        await world.store.database.write(fail)
    await a_person(world)

    assert before == {("to-1", EIGHT): (1, 0, 0)}
    assert await buckets(world) == {("to-1", EIGHT): (2, 0, 0)}


async def test_any_number_of_endings_takes_as_many_statements(world: Any):
    took = []
    # The first of all reads the rules' versions, which are known from then on.
    for count in (1, 2, 20):
        senders = [(await a_person(world, UNITS[at % 3]))[0] for at in range(count)]
        orders = [world.finishing(await opened(world, one, EIGHT, LEAST)) for one in senders]
        commits = world.store.writer.counts.commits
        with sent() as said:
            await asyncio.gather(*(world.store.attempts.finish(one) for one in orders))
        assert world.store.writer.counts.commits == commits + 1
        took.append(len(said))

    assert took[1] == took[2]


async def test_who_ends_registers_and_moves_at_once_is_counted_by_two_processes(
    world: Any, another: Any
):
    """In one transaction registrations come before endings: no two wait for each other."""
    found = [await a_person(world, UNITS[at % 3]) for at in range(24)]
    sessions = [await opened(world, sender, EIGHT, LEAST) for sender, _ in found]

    async with another() as other:
        worlds = [world, world.at(other)]

        async def end(at: int) -> None:
            await worlds[at % 2].store.attempts.finish(world.finishing(sessions[at], at=NINE))

        async def enrol(at: int) -> None:
            phone = world.new_data().phone
            data = world.data(unit=UNITS[at % 3], phone=phone)
            await worlds[at % 2].register(world.sender(), data)

        async def move_on(at: int) -> None:
            old, new = UNITS[at % 3], UNITS[(at + 1) % 3]
            await move(worlds[at % 2], found[at][1], old, new)

        works = [act(at) for at in range(24) for act in (end, enrol, move_on)]
        await asyncio.gather(*works)

    assert await buckets(world) == await rows_counted(world)
    assert world.store.writer.counts.retried_singly == 0


ACTS = ("register", "take_part", "give_up", "close", "void", "void_first", "restore", "move")
SCRIPTS = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 5), st.integers(0, 400)), max_size=14
)


@pytest.mark.filterwarnings("default::ResourceWarning")
def test_buckets_equal_the_rows_after_whatever_happened(settings: StoreSettings) -> None:
    with asyncio.Runner() as runner:
        context = open_store(settings)
        store = runner.run(context.__aenter__())
        world = World(store, runner.run(store.contests.open(declared_contest())))
        try:
            # What went before stays in the store: a smaller example would prove nothing.
            @examples(max_examples=25, deadline=None, database=None, phases=[Phase.generate])
            @given(SCRIPTS)
            def holds(script: list[tuple[str, int, int]]) -> None:
                runner.run(play(world, script))

            holds()
        finally:
            runner.run(context.__aexit__(None, None, None))


async def play(world: Any, script: list[tuple[str, int, int]]) -> None:
    """Act after act, each by one of a few people, and the buckets are right in the end."""
    people: list[tuple[Any, int]] = [await a_person(world)]
    now = int(EIGHT)
    for act, who, later in script:
        sender, person = people[who % len(people)]
        now += later * MINUTE_MS
        world.now = Instant(now)
        at = Instant(min(now + 10 * MINUTE_MS, CLOSES))
        match act:
            case "register":
                people.append(await a_person(world, UNITS[who % 3]))
            case "take_part":
                await take_part(world, sender, at, LEAST, Act.EXPIRE)
            case "give_up":
                await take_part(world, sender, at, LEAST - 1)
            case "close":
                now = (at // HOUR_MS + 1) * HOUR_MS
                await take_part(world, sender, Instant(now), LEAST, Act.CLOSE)
            case "void" | "void_first":
                await restore(world, person)
                await void(world, person, int(act == "void_first"))
            case "restore":
                await restore(world, person)
            case "move":
                visitor = await world.visit(sender)
                await move(world, person, visitor.participant.data.unit, UNITS[later % 3])

    assert await buckets(world) == await rows_counted(world)
    assert await recounted_rows(world) == await buckets(world)


async def recounted_rows(world: Any, size: int = 3) -> dict[tuple[str, int], tuple[int, int, int]]:
    """As the background check finds them, a few people at a time."""
    recounts, total = world.store.recounts, Counter()
    people = await recounts.people()
    for beyond in range(0, people, size):
        for key, count in (await recounts.rows(CLOSES, beyond, beyond + size)).items():
            total.update(dict(zip(((*key, at) for at in range(3)), astuple(count), strict=True)))
    keys = {key[:2] for key, count in total.items() if count}
    return {key: tuple(total[(*key, at)] for at in range(3)) for key in keys}
