"""Crash points: where a test ends this process by SIGKILL (FAULTS, "How faults are made").

`HOITHI_CRASH` names a file. A test writes `POINT [UPDATE [TIMES]]` into it, and the process that
comes to that point takes a time away and dies. Without the variable nothing here stands between
any two parts: the parts are wrapped at start or not at all.
"""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

from bot.door import Accepted, Door
from bot.house import House
from bot.platforms.telegram import Received
from bot.platforms.telegram_client import Called
from bot.platforms.telegram_types import Update

T = TypeVar("T")
Part = TypeVar("Part")

POINTS = (
    "received",
    "session_read",
    "decided",
    "before_commit",
    "committed",
    "redis_write",
    "redis_written",
    "accepted",
    "acknowledged",
    "answering",
    "answered",
    "showing",
    "shown",
    "outbox_claimed",
    "outbox_sent",
    "outbox_done",
    "tally_taken",
    "tally_posting",
    "tally_posted",
    "report_half",
)
"""In the order in which one update comes to them."""

ACKNOWLEDGED_S = 0.2
"""An answer is written, or the next offset asked for, long before this has passed."""

_WRITES = {
    "people": ("register", "correct", "consent", "move", "depart"),
    "attempts": ("record", "start", "finish"),
}
_CALLS = {
    "answerCallbackQuery": ("answering", "answered"),
    "editMessageText": ("showing", "shown"),
    "sendMessage": ("showing", "shown"),
    "sendPhoto": ("showing", "shown"),
    "sendDocument": ("showing", "shown"),
}
_TALLIES = {"between": ("", "tally_taken"), "post": ("tally_posting", "tally_posted")}
_OUTBOX = {"claim": ("", "outbox_claimed"), "sent": ("outbox_sent", "outbox_done")}

_update: ContextVar[int] = ContextVar("update", default=0)


class Platform(Protocol):
    async def call(self, method: str, payload: Mapping[str, object]) -> Called: ...

    async def get_updates(
        self, offset: int, wait_s: int, allowed: tuple[str, ...]
    ) -> list[Any]: ...


class CrashPoints:
    """The points of one process; `path` "" turns them off."""

    def __init__(self, path: str) -> None:
        self._path = Path(path) if path else None
        self._writes = 0

    def house(self, house: House) -> None:
        """Set points around reading, deciding, committing and the outbox's rows."""
        if self._path is None:
            return
        desk = house.desk
        for name, methods in _WRITES.items():
            part = getattr(desk, name)
            setattr(desk, name, _Watched(part, dict.fromkeys(methods, self._written)))
        around: dict[str, Callable[[Any], Any]] = {
            "load": self._read,
            "keep": lambda keep: self._cached(keep, house.store.cache.settle),
            "drop": lambda drop: self._cached(drop, house.store.cache.settle),
        }
        desk.sessions = cast("Any", _Watched(desk.sessions, around))
        database = _Watched(house.store.writer.database, {"write": self._transaction})
        house.store.writer.database = cast("Any", database)
        rows = {one: self._around(*points) for one, points in _OUTBOX.items()}
        house.store.outbox = cast("Any", _Watched(house.store.outbox, rows))
        tallies = {one: self._around(*points) for one, points in _TALLIES.items()}
        desk.office.tallies = cast("Any", _Watched(desk.office.tallies, tallies))
        house.store.listing = cast("Any", _Watched(house.store.listing, {"people": self._pages}))

    def platform(self, client: Platform) -> Platform:
        """The client, with points around what people see."""
        if self._path is None:
            return client
        return cast("Platform", _Watched(client, {"call": self._call}))

    def door(self, door: Door) -> Door:
        """The door, with points at receipt and around the acknowledgement."""
        if self._path is None:
            return door
        return cast("Door", _Watched(door, {"accept": self._accept}))

    def hit(self, point: str) -> None:
        """Die here if a test wants it."""
        if not self._is_armed(point):
            return
        point, update, times = self._armed()
        left = int(times) - 1
        if left:
            self._write(f"{point} {update} {left}")
        elif self._path is not None:
            self._path.unlink(missing_ok=True)
        os.kill(os.getpid(), signal.SIGKILL)

    def _is_armed(self, point: str) -> bool:
        armed, update, _ = self._armed()
        return bool(armed) and armed == point and int(update) in {0, _update.get()}

    def _armed(self) -> tuple[str, str, str]:
        try:
            given = "" if self._path is None else self._path.read_text(encoding="ascii")
        except FileNotFoundError:
            given = ""
        point, update, times = (*given.split(), "", "", "")[:3]
        return point, update or "0", times or "1"

    def _write(self, text: str) -> None:
        if self._path is not None:
            fresh = self._path.with_suffix(".new")
            fresh.write_text(text, encoding="ascii")
            fresh.replace(self._path)

    def _accept(
        self, accept: Callable[[Update, Received], Awaitable[Accepted]]
    ) -> Callable[[Update, Received], Awaitable[Accepted]]:
        async def watched(update: Update, received: Received) -> Accepted:
            _update.set(update.update_id)
            self.hit("received")
            accepted = await accept(update, received)
            self.hit("accepted")
            if self._is_armed("acknowledged"):
                asyncio.get_running_loop().call_later(ACKNOWLEDGED_S, self.hit, "acknowledged")
            return accepted

        return watched

    def _read(self, load: Callable[..., Awaitable[T]]) -> Callable[..., Awaitable[T]]:
        async def watched(*given: Any) -> T:
            found = await load(*given)
            self._hit_in_hand("session_read")
            return found

        return watched

    def _pages(
        self, read: Callable[..., AsyncGenerator[T, None]]
    ) -> Callable[..., AsyncGenerator[T, None]]:
        """The end of a list that somebody writes into a file is a point."""

        async def watched(*given: Any) -> AsyncGenerator[T, None]:
            async with aclosing(read(*given)) as pages:
                async for page in pages:
                    yield page
            self.hit("report_half")

        return watched

    def _written(self, write: Callable[..., Awaitable[T]]) -> Callable[..., Awaitable[T]]:
        async def watched(*given: Any) -> T:
            if not _update.get():
                return await write(*given)
            self.hit("decided")
            self._writes += 1
            try:
                result = await write(*given)
            finally:
                self._writes -= 1
            self.hit("committed")
            return result

        return watched

    def _transaction(self, write: Callable[..., Awaitable[T]]) -> Callable[..., Awaitable[T]]:
        async def watched(work: Callable[[Any], T], *limits: float) -> T:
            def done(connection: Any) -> T:
                result = work(connection)
                if self._writes:
                    self.hit("before_commit")
                return result

            return await write(done, *limits)

        return watched

    def _cached(
        self, put: Callable[..., None], settle: Callable[[], Awaitable[None]]
    ) -> Callable[..., None]:
        def watched(*given: Any) -> None:
            self._hit_in_hand("redis_write")
            put(*given)
            if _update.get() and self._is_armed("redis_written"):
                task = asyncio.ensure_future(settle())
                task.add_done_callback(lambda _: self.hit("redis_written"))

        return watched

    def _call(
        self, call: Callable[..., Awaitable[Called]]
    ) -> Callable[[str, Mapping[str, object]], Awaitable[Called]]:
        async def watched(method: str, payload: Mapping[str, object]) -> Called:
            before, after = _CALLS.get(method, ("", ""))
            if before and _update.get() and self._is_armed("acknowledged"):
                # Nothing is shown before the process dies of that point.
                await asyncio.sleep(2 * ACKNOWLEDGED_S)
            self._hit_in_hand(before)
            called = await call(method, payload)
            self._hit_in_hand(after)
            return called

        return watched

    def _around(
        self, before: str, after: str
    ) -> Callable[[Callable[..., Awaitable[T]]], Callable[..., Awaitable[T]]]:
        def around(call: Callable[..., Awaitable[T]]) -> Callable[..., Awaitable[T]]:
            async def watched(*given: Any, **named: Any) -> T:
                self.hit(before)
                # A tally's own transaction may be died in, too.
                self._writes += before == "tally_posting"
                try:
                    result = await call(*given, **named)
                finally:
                    self._writes -= before == "tally_posting"
                # A claim that found nothing claimed nothing.
                if result != ():
                    self.hit(after)
                return result

            return watched

        return around

    def _hit_in_hand(self, point: str) -> None:
        """As `hit`, where an update is under way; the clockwork comes this way too."""
        if point and _update.get():
            self.hit(point)


class _Watched:
    """A part of the process, some of whose methods are called with a point around them."""

    def __init__(self, part: object, around: Mapping[str, Callable[[Any], Any]]) -> None:
        self._part = part
        self._methods = {name: wrap(getattr(part, name)) for name, wrap in around.items()}

    def __getattr__(self, name: str) -> Any:
        return self._methods.get(name) or getattr(self._part, name)
