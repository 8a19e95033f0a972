"""Who lives, and when nobody did: an outage is recorded once, by whoever notices it first."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import orjson
import pytest

from scoring.contest import Calendar, Span
from scoring.instant import Instant
from store.heartbeats import SILENCE_MS, TAPS_DIE_MS, Beat, Life, last_beat

MACHINE = 1_800_000_000_000


@pytest.fixture
def beat(world: Any) -> Callable[..., Beat]:
    """A beat so many milliseconds after the first; contest time runs along."""

    def make(later_ms: int, process: str = "one", **changes: Any) -> Beat:
        machine_ms = MACHINE + later_ms
        silent_ms = changes.pop("silent_ms", None)
        made = Beat(
            life=Life(process, MACHINE, silent_ms),
            machine_ms=machine_ms,
            at=lambda at_ms: Instant(world.now + at_ms - MACHINE),
            window=world.timeline.calendar,
        )
        return replace(made, **changes)

    return make


@pytest.mark.parametrize("silence_ms", [0, 5_000, SILENCE_MS, -3_600_000])
async def test_t55_short_silence_is_no_outage(world: Any, beat: Any, silence_ms: int):
    heartbeats = world.store.heartbeats
    await heartbeats.beat(beat(0))

    found = await heartbeats.beat(beat(silence_ms, "two"))

    assert found is None
    assert await world.rows("outage") == []
    assert await last_beat(world.store.database) == MACHINE + silence_ms


async def test_t20_long_silence_is_an_outage_with_its_entry(world: Any, beat: Any):
    heartbeats = world.store.heartbeats
    await heartbeats.beat(beat(0))

    found = await heartbeats.beat(beat(SILENCE_MS + 1))

    outage = Span(world.now, Instant(world.now + SILENCE_MS + 1))
    assert found == outage
    assert await heartbeats.outages() == (outage,)
    entry = (await world.rows("ledger_queue"))[-1]
    assert orjson.loads(entry["fields_text"]) == {
        "k": "outage",
        "from": outage.begins,
        "to": outage.ends,
    }


async def test_t20_outage_is_recorded_once_by_many(world: Any, beat: Any, another: Any):
    await world.store.heartbeats.beat(beat(0))

    async with another() as other:
        stores = [world.store, other] * 10
        found = await asyncio.gather(
            *(one.heartbeats.beat(beat(60_000 + at, f"p{at}")) for at, one in enumerate(stores))
        )

    assert sum(one is not None for one in found) == 1
    assert len(await world.rows("outage")) == 1
    assert len(await world.rows("process")) == 21


@pytest.mark.parametrize(
    ("silence_ms", "shown"), [(TAPS_DIE_MS, 0), (TAPS_DIE_MS + 1, 2)], ids=["alive", "dead"]
)
async def test_t20_papers_are_shown_again_only_where_taps_died(
    world: Any, beat: Any, silence_ms: int, shown: int
):
    await world.open_paper()
    _, ended = await world.open_paper()
    await world.open_paper()
    gone = await world.visit((await world.open_paper())[0])
    await world.store.attempts.finish(world.finishing(ended))
    await world.store.people.depart(gone.account)
    await world.store.heartbeats.beat(beat(0))

    await world.store.heartbeats.beat(beat(silence_ms))

    rows = [row for row in await world.rows("outbox") if row["message"] == "paper.reshown"]
    assert [row["chat"] for row in rows] == ["chat-s1", "chat-s3"][:shown]
    assert {row["arguments"] for row in rows} <= {f'{{"given_ms":{silence_ms}}}'}


@pytest.mark.parametrize(
    ("opens", "closes", "recorded", "shown"),
    [(-9, 9_000_000, 1, 1), (200_000, 300_000, 0, 0), (-9, 0, 0, 0), (-9, 150_000, 1, 0)],
    ids=["within", "before opening", "after closing", "over the closing"],
)
async def test_t20_outage_counts_only_within_the_window(
    world: Any, beat: Any, opens: int, closes: int, recorded: int, shown: int
):
    await world.open_paper()
    window = Calendar(Instant(world.now + opens), Instant(world.now + closes))
    await world.store.heartbeats.beat(beat(0))

    await world.store.heartbeats.beat(beat(160_000, window=window))

    assert len(await world.rows("outage")) == recorded
    assert len(await world.rows("outbox")) == shown


@pytest.mark.parametrize(
    ("jump_ms", "silent_ms", "recorded_ms"),
    [
        pytest.param(3_600_000, 5_000, None, id="an hour ahead"),
        pytest.param(-3_600_000, 5_000, None, id="an hour back"),
        pytest.param(SILENCE_MS + 1, SILENCE_MS, None, id="just no silence"),
        pytest.param(3_600_000, SILENCE_MS + 1, SILENCE_MS + 1, id="silence, and a jump"),
        pytest.param(SILENCE_MS + 1, 3_600_000, SILENCE_MS + 1, id="others beat since"),
        pytest.param(SILENCE_MS, 3_600_000, None, id="others beat lately"),
    ],
)
async def test_t23_a_clock_that_jumps_in_a_living_process_is_no_outage(
    world: Any, beat: Any, jump_ms: int, silent_ms: int, recorded_ms: int | None
):
    await world.store.heartbeats.beat(beat(0))

    await world.store.heartbeats.beat(beat(jump_ms, silent_ms=silent_ms))

    recorded = [
        (row["ends"] - row["begins"], row["machine_ms"]) for row in await world.rows("outage")
    ]
    assert recorded == ([] if recorded_ms is None else [(recorded_ms, recorded_ms)])


async def test_process_that_leaves_is_not_listed(world: Any, beat: Any):
    await world.store.heartbeats.beat(beat(0))
    await world.store.heartbeats.beat(beat(1, "two"))

    await world.store.heartbeats.leave("one")

    assert [row["id"] for row in await world.rows("process")] == ["two"]
