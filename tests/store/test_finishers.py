"""Who has finished, by name, over both databases: one unit's, page by page, nobody left in."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import insert, update

from handlers.office_finishers import NamesAsked
from store.tables import PARTICIPANT, VOID

ASKED = NamesAsked(unit="to-1", after=0, limit=10, born_until=2009)


async def finished(world: Any, name: str, answers: int = 2, **changes: Any) -> int:
    """A person with an ended attempt of so many answers, two of which make it count; the number."""
    sender = world.sender()
    data = replace(world.new_data(), name=name, **changes)
    visitor = await world.register(sender, data)
    outcome = await world.store.attempts.start(world.starting(visitor))
    session = outcome.session
    for _ in range(answers):
        session = await world.answer(sender, session)
    await world.store.attempts.finish(world.finishing(session))
    return int(visitor.participant.number)


async def names(world: Any, **changes: Any) -> list[str]:
    found = await world.store.finishers.named(replace(ASKED, **changes))
    return [one.name for one in found]


async def test_people_of_the_unit_come_in_order_of_number(world: Any):
    for name in ("Bùi Thị Ba", "An Văn Một", "Cao Thị Hai"):
        await finished(world, name)
    await finished(world, "Đỗ Văn Khác", unit="to-2")

    assert await names(world) == ["Bùi Thị Ba", "An Văn Một", "Cao Thị Hai"]
    assert await names(world, limit=2) == ["Bùi Thị Ba", "An Văn Một"]
    assert await names(world, after=1) == ["An Văn Một", "Cao Thị Hai"]
    assert await names(world, unit="to-3") == []


async def test_page_is_full_however_many_between_are_not_named(
    world: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("store.finishers.CHUNK", 2)
    for number in range(7):
        await finished(world, f"Người Thứ {'abcdefg'[number]}", born=2010 if number % 2 else 1980)

    assert await names(world, limit=3) == ["Người Thứ a", "Người Thứ c", "Người Thứ e"]
    assert await names(world, limit=10) == [f"Người Thứ {one}" for one in "aceg"]


@pytest.mark.parametrize(("born", "is_named"), [(2009, True), (2010, False)])
async def test_nobody_under_sixteen_is_named(world: Any, born: int, is_named: bool):
    await finished(world, "Em Nhỏ Tuổi", born=born)

    assert await names(world) == (["Em Nhỏ Tuổi"] if is_named else [])


async def test_who_never_finished_or_answered_too_little_is_not_named(world: Any):
    await world.register()
    await world.open_paper()
    await finished(world, "Có Một Lượt")

    await finished(world, "Trả Lời Ít", answers=1)

    assert await names(world) == ["Có Một Lượt"]


async def test_who_withdrew_is_not_named(world: Any):
    number = await finished(world, "Đã Rút Lui")
    await finished(world, "Còn Ở Lại")
    gone = update(PARTICIPANT).where(PARTICIPANT.c.number == number).values(erased_at=1)

    await world.store.database.write(lambda one: one.execute(gone))

    assert await names(world) == ["Còn Ở Lại"]


@pytest.mark.parametrize(
    ("attempt", "restored_at", "is_named"),
    [(0, None, False), (1, None, False), (2, None, True), (0, 5, True)],
    ids=["person", "his attempt", "another attempt", "restored"],
)
async def test_void_attempts_name_nobody(
    world: Any, attempt: int, restored_at: int | None, is_named: bool
):
    number = await finished(world, "Không Được Tính")
    row = {"person": number, "attempt": attempt, "why": "x", "doc": "1", "at": 1}
    void = insert(VOID).values(**row, restored_at=restored_at)

    await world.store.database.write(lambda one: one.execute(void))

    assert (await names(world) == ["Không Được Tính"]) is is_named
