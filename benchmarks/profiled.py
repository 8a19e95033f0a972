"""The profile of a regime: one bout with a window without and one with the sampler."""

import contextlib
import sys

from benchmarks import bots
from benchmarks.arena import Arena, Bout, check_counts
from benchmarks.machine import share_cores
from benchmarks.profiling import profile_text, spent_by_function, start_sampler
from benchmarks.servers import running_servers


def profile_saturation(store: str, walk: str, people: int, seconds: float, top: int) -> str:
    cores = share_cores()
    with running_servers(cores) as servers:
        arena = Arena(servers, cores, bots.button_labels())
        sys.stderr.write(f"registering {people} people ...\n")
        template = arena.template(store, people, "home" if walk == "taps" else "spread")
        lines = []
        with arena.bout(template) as bout:
            if walk == "taps":
                bout.driver.order("walk", walk="opening", in_flight=64)
            for is_sampled in (False, True):
                sampler = (
                    start_sampler(bout.pid, seconds, servers.folder / "stacks") if is_sampled else None
                )
                figures = bout.driver.order("saturate", walk=walk, in_flight=128,
                    warm_s=1 if is_sampled else 3, window_s=seconds, watch=bout.watch)
                tap_us = 1e6 * figures["bot_cpu_s"] / max(1, figures["taps"])
                lines.append(
                    f"{'sampled' if is_sampled else 'alone'}: {figures['taps'] / figures['wall_s']:.0f} taps/s, "
                    f"bot {tap_us:.0f} µs CPU a tap ({figures['bot_cpu_s'] / figures['wall_s']:.2f} of a core), "
                    f"stores {1e6 * figures['stores_cpu_s'] / max(1, figures['taps']):.0f} µs, "
                    f"{figures['updates'] / max(1, figures['taps']):.2f} updates a tap, driver load {figures['driver_load']:.2f}"
                )
                if sampler is not None:
                    stacks = sampler.stacks()
                else:
                    alone_us = tap_us
            counts = bout.driver.order("counts")
            check_counts(counts)
            lines.append(str(counts))
        return "\n".join(lines) + "\n\n" + profile_text(spent_by_function(stacks, alone_us), top)
