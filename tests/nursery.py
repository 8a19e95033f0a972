"""A nursery of processes: it imports the bot once and forks a child for each start.

A start costs a third of a second instead of three, so that a thousand kills take minutes. The
children are processes like any other: their own memory, their own sockets, ended by SIGKILL.

Speaks JSON lines: in `{"program": …, "env": …, "argv": …, "log": …}`, out `{"pid": …}`; when a
child ends, `{"ended": …, "code": …}`, with minus the signal's number for one that was killed.
"""

import asyncio
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
WAIT_S = 180.0
BOT = "bot.cli"
STAND_IN = "rehearsal.__main__"


@contextmanager
def nursery_process(socket_path: Path) -> Iterator[Path]:
    """A nursery that listens at the path; one visitor at a time, who leaves no child behind."""
    with subprocess.Popen(
        [sys.executable, str(Path(__file__)), str(socket_path)], cwd=ROOT
    ) as keeper:
        try:
            until = time.monotonic() + WAIT_S
            while not socket_path.exists():
                if keeper.poll() is not None or time.monotonic() > until:
                    raise AssertionError("the nursery did not open")
                time.sleep(0.02)
            yield socket_path
        finally:
            # Also after a failure: it is waited for.
            keeper.terminate()


@dataclass(frozen=True, slots=True)
class Child:
    """A process that was born here."""

    pid: int
    nursery: "Nursery"

    @property
    def returncode(self) -> int | None:
        """None while it lives."""
        return self.nursery.end_of_now(self.pid) if self.nursery.has_ended(self.pid) else None

    async def wait(self) -> int:
        return await asyncio.wait_for(self.nursery.end_of(self.pid), WAIT_S)

    def send_signal(self, number: signal.Signals) -> None:
        """Nothing to one that has ended: its number may be another's."""
        if not self.nursery.has_ended(self.pid):
            os.kill(self.pid, number)


@dataclass
class Nursery:
    """The tests' side."""

    writer: asyncio.StreamWriter
    _born: asyncio.Queue[int] = field(default_factory=asyncio.Queue)
    _ends: dict[int, asyncio.Future[int]] = field(default_factory=dict)
    _reader: asyncio.Task[None] | None = None

    @classmethod
    async def visit(cls, socket_path: Path) -> "Nursery":
        reader, writer = await asyncio.open_unix_connection(str(socket_path))
        nursery = cls(writer)
        nursery._reader = asyncio.create_task(nursery._read(reader))
        return nursery

    async def bear(
        self, environment: Mapping[str, str], argv: Sequence[str], log: Path, program: str = BOT
    ) -> Child:
        """Start a child that calls `main` of the program; what it says is added to the log."""
        order = {"env": dict(environment), "argv": list(argv), "log": str(log)}
        self.writer.write(json.dumps(order | {"program": program}).encode() + b"\n")
        pid = await asyncio.wait_for(self._born.get(), WAIT_S)
        self._end_of(pid)
        return Child(pid, self)

    async def end_of(self, pid: int) -> int:
        """Wait for a child's end; minus the signal's number, or its exit code."""
        return await asyncio.shield(self._end_of(pid))

    def has_ended(self, pid: int) -> bool:
        return self._end_of(pid).done()

    def end_of_now(self, pid: int) -> int:
        return self._end_of(pid).result()

    async def leave(self) -> None:
        """Children that still live are killed."""
        self.writer.close()
        if self._reader is not None:
            await self._reader

    def _end_of(self, pid: int) -> asyncio.Future[int]:
        if pid not in self._ends:
            self._ends[pid] = asyncio.get_running_loop().create_future()
        return self._ends[pid]

    async def _read(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            told = json.loads(line)
            if "pid" in told:
                self._born.put_nowait(told["pid"])
            else:
                self._end_of(told["ended"]).set_result(told["code"])


class _Keeper:
    """The nursery's own side: forks on order and reports ends."""

    def __init__(self, socket_path: str) -> None:
        import uvloop  # noqa: F401, PLC0415 (imported before any fork, as all of it)

        from bot import cli, process  # noqa: F401, PLC0415
        from rehearsal import server  # noqa: F401, PLC0415

        self._children: set[int] = set()
        self._woken, self._waker = os.pipe()
        os.set_blocking(self._waker, False)
        signal.set_wakeup_fd(self._waker)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(socket_path)
        self._door.listen()

    def keep(self) -> None:
        while True:
            visitor, _ = self._door.accept()
            with visitor:
                self._serve(visitor)
            for child in self._children:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
            self._children.clear()

    def _serve(self, visitor: socket.socket) -> None:
        pending = b""
        while True:
            ready, _, _ = select.select([visitor, self._woken], [], [])
            if self._woken in ready:
                os.read(self._woken, 4096)
                self._report(visitor)
            if visitor in ready:
                given = visitor.recv(1 << 16)
                if not given:
                    return
                *orders, pending = (pending + given).split(b"\n")
                for order in orders:
                    self._fork(json.loads(order), visitor)

    def _report(self, visitor: socket.socket) -> None:
        for child in list(self._children):
            pid, status = os.waitpid(child, os.WNOHANG)
            if pid:
                self._children.discard(pid)
                _tell(visitor, {"ended": pid, "code": os.waitstatus_to_exitcode(status)})

    def _fork(self, order: dict[str, Any], visitor: socket.socket) -> None:
        child = os.fork()
        if child:
            self._children.add(child)
            _tell(visitor, {"pid": child})
            return
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        visitor.close()
        self._door.close()
        os.close(self._woken)
        os.close(self._waker)
        _live(order)


def _live(order: dict[str, Any]) -> None:
    """Become the program."""
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.update(order["env"])
    sys.argv = ["hoithi", *order["argv"]]
    code = 0
    try:
        importlib.import_module(order["program"]).main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _tell(visitor: socket.socket, told: dict[str, Any]) -> None:
    # A visitor who left hears no more.
    with suppress(OSError):
        visitor.sendall(json.dumps(told).encode() + b"\n")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    _Keeper(sys.argv[1]).keep()
