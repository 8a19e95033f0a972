"""Marked answers for judging questions: only after closing, each by the bank it was drawn from."""

from dataclasses import replace
from typing import Any

from scoring.instant import Instant
from store.item_marks import read_marks
from store.rules_versions import amend_rules
from tests.store.conftest import CLOSES, DATA_KEY, SIZE


async def played(world: Any, choices: list[int]) -> dict[str, bool]:
    """A paper answered with these choices in order; what must be right of it."""
    sender, session = await world.open_paper()
    for choice in choices:
        session = await world.answer(sender, session, choice)
    await world.store.attempts.finish(world.finishing(session))
    places = session.attempt.paper.places
    padded = [*choices, *[None] * (SIZE - len(choices))]
    return {
        place.question: choice is not None and place.options[choice] == "a"
        for place, choice in zip(places, padded, strict=True)
    }


async def test_marks_are_of_each_attempt_that_counts(
    world: Any, database_url: str, monkeypatch: Any
) -> None:
    monkeypatch.setattr("store.item_marks.CHUNK", 2)
    wanted = [await played(world, [at % 4] * SIZE) for at in range(5)]
    partly = await played(world, [0, 1])
    await played(world, [0])
    await world.store.jobs.close(CLOSES, Instant(CLOSES + 5_000))

    found = await read_marks(database_url, DATA_KEY)

    assert found.is_closed
    assert list(found.marks) == [*wanted, partly]


async def test_t26_an_attempt_counts_by_the_rules_that_it_was_opened_under(
    world: Any, database_url: str
) -> None:
    before = await played(world, [0, 1])
    changes = {"min_answers": SIZE}
    made = await world.store.database.write(lambda one: amend_rules(one, changes, "", world.now))
    commitments = replace(world.contest.commitments, rules=made)
    world.contest = replace(world.contest, commitments=commitments)
    after = await played(world, [0] * SIZE)
    await played(world, [0, 1])
    await world.store.jobs.close(CLOSES, Instant(CLOSES + 5_000))

    found = await read_marks(database_url, DATA_KEY)

    assert list(found.marks) == [before, after]


async def test_nothing_is_told_before_closing(world: Any, database_url: str) -> None:
    await played(world, [0] * SIZE)

    found = await read_marks(database_url, DATA_KEY)

    assert (found.is_closed, found.marks) == (False, ())


async def test_an_empty_database_has_nothing_to_tell(tmp_path: Any) -> None:
    found = await read_marks(f"sqlite:///{tmp_path}/new.sqlite", DATA_KEY)

    assert (found.is_closed, found.marks) == (False, ())
