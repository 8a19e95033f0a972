"""A regime's profile: one bout, a window without the sampler and then one with it."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks import bots
from benchmarks.arena import OPENED, SPREAD, Arena, Bout
from benchmarks.bouts import IN_FLIGHT, PACE, PACE_DELAY_S
from benchmarks.machine import share_cores
from benchmarks.profiling import profile_text, spent_by_function, start_sampler
from benchmarks.servers import running_servers


@dataclass(frozen=True, slots=True)
class Asked:
    """What to profile: regime (saturation or pace), store, walk (paper or taps)."""

    regime: str
    store: str
    walk: str
    people: int
    seconds: float
    top: int


def profile(asked: Asked) -> str:
    """What a tap costs under the regime, and which functions it goes to."""
    cores = share_cores()
    with running_servers(cores) as servers:
        arena = Arena(servers, cores, bots.button_labels())
        sys.stderr.write(f"registering {asked.people} people ...\n")
        is_taps = asked.walk == "taps"
        template = arena.template(asked.store, asked.people, at=OPENED if is_taps else SPREAD)
        with arena.bout(template) as bout:
            before = arena.answers(bout)
            if is_taps:
                bout.driver.order("walk", walk="taps", in_flight=IN_FLIGHT, steps=1)
            alone = _window(bout, asked, warm_s=3.0)
            sampler = start_sampler(bout.pid, asked.seconds, servers.folder / "stacks")
            sampled = _window(bout, asked, warm_s=0.5)
            stacks = sampler.stacks()
            arena.check(bout, before)
    tap_us = 1e6 * alone["bot_cpu_s"] / max(1, alone["taps"])
    spent = spent_by_function(stacks, tap_us)
    said = [_said("alone", alone), _said("sampled", sampled), ""]
    return "\n".join([*said, profile_text(spent, asked.top)])


def _window(bout: Bout, asked: Asked, warm_s: float) -> dict[str, Any]:
    timing = {"warm_s": warm_s, "window_s": asked.seconds, "watch": bout.watch}
    if asked.regime == "pace":
        return bout.driver.order("pace", walk=asked.walk, rate=PACE, delay_s=PACE_DELAY_S, **timing)
    return bout.driver.order("saturate", walk=asked.walk, in_flight=IN_FLIGHT, **timing)


def _said(name: str, told: Mapping[str, Any]) -> str:
    taps, wall_s = max(1, told["taps"]), told["wall_s"]
    return (
        f"{name}: {taps / wall_s:,.0f} taps/s, bot {1e6 * told['bot_cpu_s'] / taps:,.0f} µs CPU a "
        f"tap ({told['bot_cpu_s'] / wall_s:.2f} of a core), "
        f"stores {1e6 * told['stores_cpu_s'] / taps:,.0f} µs, "
        f"{told['updates'] / taps:.2f} updates a tap, driver load {told['driver_load']:.2f}"
    )
