"""Looking people up: by every spelling, page by page, and nothing of scores."""

from dataclasses import fields, replace
from typing import Any

from handlers.office_persons import PEOPLE_A_PAGE, PersonFile, SeenAttempt
from handlers.records import EraseData
from scoring.attempt import Act
from scoring.instant import MINUTE_MS, Instant


async def test_people_of_one_name_come_in_pages(world: Any):
    for _ in range(PEOPLE_A_PAGE + 3):
        await world.register()
    await world.register(data=replace(world.new_data(), name="Trần Văn Bình"))

    first = await world.store.persons.by_name("NGUYEN  VAN AN", 1)
    second = await world.store.persons.by_name("nguyễn văn an", 2)
    beyond = await world.store.persons.by_name("nguyễn văn an", 3)

    assert first.total == second.total == PEOPLE_A_PAGE + 3
    assert [one.number for one in first.people] == list(range(1, PEOPLE_A_PAGE + 1))
    assert [one.number for one in second.people] == [9, 10, 11]
    assert beyond.people == ()


async def test_a_family_is_found_by_its_phone(world: Any):
    await world.register(data=world.data("Nguyễn Văn An"))
    await world.register()
    await world.register(data=world.data("Nguyễn Thị Bê"))

    found = await world.store.persons.by_phone("+84912345678", 1)

    assert [one.number for one in found.people] == [1, 3]


async def test_a_file_tells_attempts_and_nothing_of_what_was_right(world: Any):
    sender, session = await world.open_paper()
    await world.answer(sender, session)

    file = await world.store.persons.file_of(1)

    attempt = session.attempt
    assert file.attempts == (SeenAttempt(1, attempt.opened_at, None, None, 1),)
    assert (file.channel, file.is_flagged, file.voids) == ("tg", False, ())
    assert {one.name for one in fields(SeenAttempt)} == {
        "number",
        "opened_at",
        "ended_at",
        "end",
        "answered",
        "extra_ms",
    }


async def test_an_ended_attempt_says_how(world: Any):
    sender, session = await world.open_paper()
    session = await world.answer(sender, session)
    await world.store.attempts.finish(world.finishing(session, Act.EXPIRE))

    file = await world.store.persons.file_of(1)

    ended = Instant(session.attempt.opened_at + 5 * MINUTE_MS)
    assert file.attempts == (SeenAttempt(1, session.attempt.opened_at, ended, Act.EXPIRE, 1),)


async def test_of_who_was_erased_the_number_is_left(world: Any):
    visitor = await world.register(data=world.data())
    await world.store.people.erase(EraseData(visitor.account, 1, world.now))

    file = await world.store.persons.file_of(1)

    assert file == PersonFile(1, None, "tg", False, None, (), ())
    assert (await world.store.persons.by_phone("+84912345678", 1)).total == 0
    assert (await world.store.persons.by_name("Nguyễn Văn An", 1)).total == 0


async def test_nobody_has_a_number_that_was_not_given(world: Any):
    assert await world.store.persons.file_of(1) is None
