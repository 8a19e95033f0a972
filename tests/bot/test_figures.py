"""Figures in Prometheus' text, read back by its own parser; those of several workers together."""

import dataclasses
import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.figures import FRESH_MS, Figure, Sheets, Sizes
from bot.metric_families import FAMILIES
from bot.metrics import figures_of, shared_figures
from bot.parts import Parts
from bot.prometheus import exposition
from bot.watch import Limits, Watch
from store.buckets import Buckets

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def read(text: bytes) -> Samples:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


def test_buckets_become_a_histogram_that_adds_up() -> None:
    buckets = Buckets((0.1, 1.0))
    for seconds in (0.05, 0.1, 0.5, 1.0, 7.0):
        buckets.observe(seconds)
    sizes = Sizes(buckets.bounds, tuple(buckets.counts), buckets.total)

    found = read(exposition([Figure("hoithi_commit_seconds", {"worker": "1"}, sizes)]))

    worker = ("worker", "1")
    assert found == {
        ("hoithi_commit_seconds_bucket", (("le", "0.1"), worker)): 2,
        ("hoithi_commit_seconds_bucket", (("le", "1.0"), worker)): 4,
        ("hoithi_commit_seconds_bucket", (("le", "+Inf"), worker)): 5,
        ("hoithi_commit_seconds_count", (worker,)): 5,
        ("hoithi_commit_seconds_sum", (worker,)): pytest.approx(8.65),
    }


def test_counters_and_gauges_keep_their_labels_and_their_kind() -> None:
    labels = {"kind": "tap", "outcome": "step", "worker": "2"}
    text = exposition(
        [Figure("hoithi_updates_total", labels, 7), Figure("hoithi_open_attempts", {}, 3)]
    )

    families = {one.name: one.type for one in text_string_to_metric_families(text.decode())}
    assert families == {"hoithi_updates": "counter", "hoithi_open_attempts": "gauge"}
    assert read(text) == {
        ("hoithi_updates_total", tuple(sorted(labels.items()))): 7,
        ("hoithi_open_attempts", ()): 3,
    }


@pytest.mark.parametrize("name", FAMILIES)
def test_a_name_says_kind_and_unit(name: str) -> None:
    assert re.fullmatch(r"(hoithi|process)_[a-z_]+", name)
    assert name.endswith("_total") == (FAMILIES[name].shape == "counter")
    if FAMILIES[name].shape == "histogram":
        assert name.endswith(("_seconds", "_works"))


async def test_every_family_is_filled_by_a_process_that_has_done_everything(
    parts: Parts,
) -> None:
    await parts.house.refresh()
    parts.door.received()
    await Watch(parts, parts.client, "", Limits()).look()

    found = figures_of(parts) + shared_figures(await parts.house.store.overview.look())

    assert {one.name for one in found} == set(FAMILIES)
    assert read(exposition(found))


async def test_figures_of_several_workers_stand_side_by_side(parts: Parts, tmp_path: Path) -> None:
    workers = [
        dataclasses.replace(
            parts, place=dataclasses.replace(parts.place, worker=number, is_alone=False)
        )
        for number in (1, 2)
    ]
    watches = [Watch(one, one.client, "", Limits()) for one in workers]
    await watches[1].look()
    parts.door.counts.updates["tap", "step"] = 5

    found = read(await watches[0].exposition())
    watches[1].leave()
    alone = read(await watches[0].exposition())

    def steps(samples: Samples, worker: str) -> float | None:
        labels = (("kind", "tap"), ("outcome", "step"), ("worker", worker))
        return samples.get(("hoithi_updates_total", labels))

    # The other's are as it left them in its file, the own are live.
    assert (steps(found, "1"), steps(found, "2")) == (5, 0)
    assert (steps(alone, "1"), steps(alone, "2")) == (5, None)
    assert ("hoithi_open_attempts", ()) in found
    assert list((tmp_path / "metrics").iterdir()) == []


Spoil = Callable[[Path], object]


def made_old(path: Path) -> None:
    at_ms, figures = msgspec.json.decode(path.read_bytes())
    path.write_bytes(msgspec.json.encode((at_ms - FRESH_MS - 1, figures)))


@pytest.mark.parametrize(
    "spoil",
    [
        made_old,
        lambda path: path.write_bytes(b'[1,[["hoithi'),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b'{"at_ms": "now"}'),
        os.unlink,
    ],
    ids=["old", "cut", "empty", "other", "gone"],
)
def test_a_sheet_that_is_old_or_broken_is_not_shown(tmp_path: Path, spoil: Spoil) -> None:
    Sheets(tmp_path, 2).write([Figure("hoithi_lanes", {"worker": "2"}, 4)])
    before = Sheets(tmp_path, 1).others()

    spoil(tmp_path / "2.json")

    assert before == [Figure("hoithi_lanes", {"worker": "2"}, 4)]
    assert Sheets(tmp_path, 1).others() == []
    assert Sheets(tmp_path, 2).others() == []


async def test_overview_is_asked_of_sql_once_in_a_while(parts: Parts) -> None:
    store = parts.house.store
    first = await store.overview.look()
    await store.events.dead_letter("tg", "1", "shape", parts.house.clock.now())

    again = await store.overview.look()
    store.overview._asked_s = time.monotonic() - 5.0
    later = await store.overview.look()

    assert (first and first.dead_letters, again and again.dead_letters) == (0, 0)
    assert later is not None
    assert later.dead_letters == 1


async def test_t10_there_are_figures_of_the_process_while_sql_is_away(parts: Parts) -> None:
    await parts.house.store.database.close()
    watch = Watch(parts, parts.client, "", Limits())

    found = read(await watch.exposition())

    assert ("hoithi_sql_up", (("worker", "1"),)) in found
    assert ("hoithi_open_attempts", ()) not in found


async def test_t16_t11_calls_are_counted_by_what_became_of_them(
    parts: Parts, platform: Any
) -> None:
    chat = int(await platform.person())
    await platform.fault(status=429, retry_after=7)
    await platform.fault(status=403)
    for _ in range(3):
        await parts.client.call("sendMessage", {"chat_id": chat, "text": "x"})

    counts = parts.client.counts

    assert counts.calls["send", "later"] == counts.calls["send", "unreachable"] == 1
    assert counts.calls["send", "done"] == 1
    assert counts.limited_s == 7
    assert sum(counts.seconds["send"].counts) == 3


async def test_the_platform_s_clock_is_read_from_its_answers(parts: Parts, platform: Any) -> None:
    async with aiohttp.ClientSession() as http, http.get(platform.stand_in.url) as response:
        assert "Date" in response.headers

    skew_ms = parts.client.skew_ms()

    # Whole seconds, and the same machine's clock; a slow machine may add to it.
    assert skew_ms is not None
    assert 0 <= skew_ms < 60_000
