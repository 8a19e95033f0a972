"""The hourly recount of a process: its finding stands until the next one finds nothing."""

import contextlib

import pytest
from sqlalchemy import insert, update

from bot.parts import Parts, Place
from bot.recount import EVERY_S, FIRST_S, keep_recounting, recount
from bot.timing import Timer
from handlers.ports import StoreAwayError
from scoring.instant import HOUR_MS
from store.tables import UNIT_HOUR


class EnoughError(Exception):
    """The test has seen enough."""


async def break_bucket(parts: Parts, people: int) -> None:
    hour = (parts.house.clock.now() // HOUR_MS - 2) * HOUR_MS
    values = {"unit": "TDP-06", "hour": hour, "registered": 0, "people": people, "attempts": 0}
    await parts.house.store.database.write(lambda one: one.execute(insert(UNIT_HOUR), [values]))


async def test_a_bucket_that_is_wrong_is_found_until_it_is_right(parts: Parts) -> None:
    await break_bucket(parts, 1)

    await recount(parts)
    found = parts.findings.differing_units
    mend = update(UNIT_HOUR).values(people=0)
    await parts.house.store.database.write(lambda one: one.execute(mend))
    await recount(parts)

    assert found == ("TDP-06",)
    assert parts.findings.differing_units == ()


async def test_a_store_that_is_away_changes_no_finding(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    await break_bucket(parts, 1)
    await recount(parts)

    async def away() -> int:
        raise StoreAwayError("away")

    monkeypatch.setattr(parts.house.store.recounts, "people", away)
    await recount(parts)

    assert parts.findings.differing_units == ("TDP-06",)


async def test_it_begins_later_and_comes_every_hour(parts: Parts) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 3:
            raise EnoughError

    await break_bucket(parts, 1)
    with contextlib.suppress(EnoughError):
        await keep_recounting(parts, Timer(sleep=sleep))

    assert waited == [FIRST_S, EVERY_S, EVERY_S]
    assert parts.findings.differing_units == ("TDP-06",)


async def test_only_the_leading_process_does_it(parts: Parts) -> None:
    follower = Parts(
        parts.house,
        parts.client,
        parts.door,
        parts.delivery,
        Place(parts.place.folder, 2, is_alone=False, is_leading=False),
    )
    await break_bucket(parts, 1)

    await keep_recounting(follower)

    assert follower.findings.differing_units == ()
