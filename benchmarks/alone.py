"""Bouts without people: the stores' least cost, and how long a start takes."""

import socket
import subprocess
import sys
import time

from benchmarks import bots
from benchmarks.arena import OPENED, SQLITE, Arena
from benchmarks.processes import pin, usage_of
from benchmarks.sizes import Sample, Sizes
from benchmarks.steering import ROOT, driver

_MICRO = 1_000_000


def store_baseline(arena: Arena, sizes: Sizes) -> Sample:
    """What the stores pay for a row, a GET and a SET."""
    servers = arena.servers
    name, url = servers.database()
    times = (str(sizes.warm_s / 2), str(sizes.window_s))
    process = subprocess.Popen(  # noqa: S603 (our own module)
        [sys.executable, "-m", "benchmarks.store_baseline", url, servers.redis_url, *times],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    pin(process.pid, arena.cores.bot)
    if process.stdout is None:
        raise RuntimeError("the baseline has no pipe")
    watched = (*servers.redis_pids, *servers.postgres_pids)
    process.stdout.readline()
    first = usage_of(watched).cpu_s
    rows = int(process.stdout.readline())
    spent = usage_of(watched).cpu_s - first
    process.wait()
    servers.drop(name)
    return {"stores_us": _MICRO * spent / rows}


def start(arena: Arena, sizes: Sizes) -> Sample:
    """Seconds from `hoithi run` on a tree in use to its first good answer at /readyz."""
    template = arena.template(SQLITE, sizes.people, at=OPENED)
    folder = arena.folder_of(template)
    port = bots.free_port()
    with driver(arena.labels, arena.cores.driver) as steered:
        environment = bots.our_environment(steered.api_url, port, "", "")
        command = bots.our_command(bots.write_config(folder))
        began = time.monotonic()
        with bots.bot(command, environment, arena.cores.bot, folder / "log"):
            _wait_for_ready(port)
            seconds = time.monotonic() - began
    return {"seconds": seconds}


def import_telegram(arena: Arena, sizes: Sizes) -> Sample:  # noqa: ARG001 (bouts have one shape)
    began = time.monotonic()
    process = subprocess.Popen([sys.executable, "-c", "import telegram"], cwd=ROOT)
    pin(process.pid, arena.cores.bot)
    process.wait()
    return {"seconds": time.monotonic() - began}


def _wait_for_ready(port: int) -> None:
    until = time.monotonic() + bots.START_S
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                probe.sendall(b"GET /readyz HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")
                if probe.recv(64).startswith(b"HTTP/1.1 200"):
                    return
        time.sleep(0.005)
    raise TimeoutError("the bot did not become ready")
