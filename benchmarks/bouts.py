"""The bouts: each runs one bot under one regime and tells figures by name.

What the rows make of the figures is `benchmarks.rows`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.alone import import_telegram, start, store_baseline
from benchmarks.arena import OPENED, POSTGRESQL, SPREAD, SQLITE, Arena, Bout
from benchmarks.sending import broadcast, broadcast_free, broadcast_killed, ptb_sender
from benchmarks.sizes import Sample, Sizes
from benchmarks.tallying import tally

IN_FLIGHT = 128
PEER_PEOPLE = 160
"""More than are under way, few enough that a slow bot has met them all before the window."""

PACE, PACE_DELAY_S = 150, 0.060
SURGE_S, SURGE_DELAY_S = 5.0, 0.050
TWICE = 0.05
_MICRO = 1_000_000


def _ours(arena: Arena, sizes: Sizes, store: str) -> Sample:
    """Saturation by taps alone, then the same with some updates delivered twice."""
    template = arena.template(store, sizes.people, at=OPENED)
    with arena.bout(template) as bout:
        before = arena.answers(bout)
        # Everybody's first tap finds an empty Redis, as after a restart; it is no part of this.
        bout.driver.order("walk", walk="taps", in_flight=IN_FLIGHT, steps=1)
        once = _saturated(bout, sizes, "taps")
        twice = _saturated(bout, sizes, "taps", twice=TWICE)
        arena.check(bout, before)
    both = once["driver_load"], twice["driver_load"]
    return once | {"twice_bot_us": twice["bot_us"], "driver_load": max(both)}


def ours(arena: Arena, sizes: Sizes) -> Sample:
    return _ours(arena, sizes, POSTGRESQL)


def ours_sqlite(arena: Arena, sizes: Sizes) -> Sample:
    return _ours(arena, sizes, SQLITE)


def ours_whole(arena: Arena, sizes: Sizes) -> Sample:
    """Whole papers one after the other, their openings, predictions and submissions included."""
    template = arena.template(POSTGRESQL, sizes.people, at=SPREAD)
    with arena.bout(template) as bout:
        before = arena.answers(bout)
        told = _saturated(bout, sizes, "paper")
        arena.check(bout, before)
    return told


def growth(arena: Arena, sizes: Sizes) -> Sample:
    """Memory after so many taps to before, once warm."""
    template = arena.template(POSTGRESQL, sizes.people, at=SPREAD)
    with arena.bout(template) as bout:
        before = arena.answers(bout)
        told = bout.driver.order(
            "saturate",
            walk="paper",
            in_flight=IN_FLIGHT,
            warm_s=4 * sizes.warm_s,
            taps=sizes.growth_taps,
            watch=bout.watch,
        )
        arena.check(bout, before)
    grown = told["rss_mib"] / told["rss_first_mib"] - 1
    return {"percent": max(0.0, 100 * grown), "driver_load": told["driver_load"]}


def _peer(name: str, arena: Arena, sizes: Sizes) -> Sample:
    _have_questions(arena, sizes)
    with arena.peer(name, PEER_PEOPLE) as bout:
        bout.driver.order("walk", walk="echo", in_flight=IN_FLIGHT, spread=True)
        return _saturated(bout, sizes, "echo")


def ptb(arena: Arena, sizes: Sizes) -> Sample:
    return _peer("ptb", arena, sizes)


def aiogram(arena: Arena, sizes: Sizes) -> Sample:
    return _peer("aiogram_redis", arena, sizes)


def echo(arena: Arena, sizes: Sizes) -> Sample:
    return _peer("echo", arena, sizes)


def ours_paced(arena: Arena, sizes: Sizes) -> Sample:
    template = arena.template(POSTGRESQL, sizes.people, at=SPREAD)
    with arena.bout(template, people=sizes.paced_people) as bout:
        before = arena.answers(bout)
        told = _paced(bout, sizes, "paper")
        arena.check(bout, before)
    return told


def aiogram_paced(arena: Arena, sizes: Sizes) -> Sample:
    _have_questions(arena, sizes)
    with arena.peer("aiogram_redis", sizes.paced_people) as bout:
        return _paced(bout, sizes, "echo")


def surge(arena: Arena, sizes: Sizes) -> Sample:
    """Everybody from home to his first question within some seconds."""
    template = arena.template(POSTGRESQL, sizes.people)
    with arena.bout(template, people=sizes.surge_people) as bout:
        told = bout.driver.order(
            "surge",
            walk="opening",
            within_s=SURGE_S,
            delay_s=SURGE_DELAY_S,
            watch=bout.watch,
        )
        counts = bout.driver.order("counts")
    opened = counts["papers"] == sizes.surge_people
    return {
        "errors": counts["errors"] + counts["wrong_acks"] + (not opened),
        "p50_ms": told["p50_ms"],
        "p99_ms": told["p99_ms"],
        "delay_ms": 1000 * SURGE_DELAY_S,
        "driver_load": told["driver_load"],
    }


def two_workers(arena: Arena, sizes: Sizes) -> Sample:
    template = arena.template(POSTGRESQL, sizes.people, at=OPENED)
    with arena.bout(template, workers=2) as bout:
        before = arena.answers(bout)
        bout.driver.order("walk", walk="taps", in_flight=IN_FLIGHT, steps=1)
        told = _saturated(bout, sizes, "taps")
        arena.check(bout, before)
    return told


BOUTS: Mapping[str, Callable[[Arena, Sizes], Sample]] = {
    "ours": ours,
    "ours_sqlite": ours_sqlite,
    "ours_whole": ours_whole,
    "ptb": ptb,
    "aiogram": aiogram,
    "echo": echo,
    "store_baseline": store_baseline,
    "ours_paced": ours_paced,
    "aiogram_paced": aiogram_paced,
    "surge": surge,
    "growth": growth,
    "start": start,
    "import_telegram": import_telegram,
    "two_workers": two_workers,
    "broadcast": broadcast,
    "broadcast_free": broadcast_free,
    "broadcast_killed": broadcast_killed,
    "ptb_sender": ptb_sender,
    "tally": tally,
}


def _saturated(bout: Bout, sizes: Sizes, walk: str, twice: float = 0.0) -> dict[str, float]:
    told = bout.driver.order(
        "saturate",
        walk=walk,
        in_flight=IN_FLIGHT,
        warm_s=sizes.warm_s,
        window_s=sizes.window_s,
        twice=twice,
        watch=bout.watch,
    )
    return _figures(told)


def _paced(bout: Bout, sizes: Sizes, walk: str) -> dict[str, float]:
    told = bout.driver.order(
        "pace",
        walk=walk,
        rate=PACE,
        delay_s=PACE_DELAY_S,
        warm_s=2 * sizes.warm_s,
        window_s=sizes.pace_s,
        watch=bout.watch,
    )
    waits = {name: told[name] for name in ("p50_ms", "p99_ms", "behind")}
    return _figures(told) | waits


def _figures(told: Mapping[str, Any]) -> dict[str, float]:
    taps = max(1, told["taps"])
    return {
        "taps_s": told["taps"] / told["wall_s"],
        "bot_us": _MICRO * told["bot_cpu_s"] / taps,
        "stores_us": _MICRO * told["stores_cpu_s"] / taps,
        "bot_load": told["bot_cpu_s"] / told["wall_s"],
        "updates_a_tap": told["updates"] / taps,
        "peak_mib": told["peak_mib"],
        "driver_load": told["driver_load"],
    }


def _have_questions(arena: Arena, sizes: Sizes) -> None:
    """The peers show our questions: a paper of ours must have been seen."""
    if not arena.questions:
        arena.template(POSTGRESQL, sizes.people, at=SPREAD)
