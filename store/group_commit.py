"""Many works, one commit: a single writer per process, and never a timer.

Works that arrive while a transaction runs go into the next one; alone, a work is committed at
once. Decides how works share transactions and who hears of which error; what a work does is its
kind's business.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection

from handlers.ports import StoreAwayError
from store.buckets import SIZES, Buckets
from store.sql import Database

W = TypeVar("W")
R = TypeVar("R")

MAX_BATCH = 500
"""Works in one transaction; more wait for the next one."""

Execute = Callable[[Connection, Sequence[W]], Sequence[R]]


@dataclass(frozen=True, slots=True)
class Kind:
    """Works that are executed together: results in the order of the works.

    Within a transaction kinds run by `rank`, the same in every process, so that row locks are
    taken in one order.
    """

    rank: int
    execute: Execute[Any, Any]


@dataclass(slots=True)
class WriterCounts:
    """What the writer did since it started, for metrics and tests."""

    commits: int = 0
    works: int = 0
    retried_singly: int = 0
    sizes: Buckets = field(default_factory=lambda: Buckets(SIZES))
    seconds: Buckets = field(default_factory=Buckets)


@dataclass(slots=True, eq=False)
class _Item:
    kind: Kind
    work: Any
    outcome: asyncio.Future[Any]


@dataclass(slots=True)
class Writer:
    """Commits works in groups. Made inside a running event loop; `close` drains it."""

    database: Database
    counts: WriterCounts = field(default_factory=WriterCounts)
    _queue: deque[_Item] = field(default_factory=deque)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _task: asyncio.Task[None] | None = None
    _is_closing: bool = False

    async def commit(self, kind: Kind, work: object) -> Any:
        """The work's result, once the transaction that holds it is durable.

        Raises:
            StoreAwayError: SQL is away, or nobody knows whether the commit happened.
        """
        if self._is_closing:
            raise StoreAwayError("the store is closing")
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="store-writer")
        outcome: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._queue.append(_Item(kind, work, outcome))
        self._wake.set()
        return await outcome

    @property
    def backlog(self) -> int:
        """Works that wait for a transaction."""
        return len(self._queue)

    async def close(self) -> None:
        """Commit what was handed in before, then stop."""
        self._is_closing = True
        self._wake.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        while self._queue or not self._is_closing:
            if not self._queue:
                self._wake.clear()
                await self._wake.wait()
                continue
            count = min(MAX_BATCH, len(self._queue))
            items = [self._queue.popleft() for _ in range(count)]
            try:
                await self._commit_all(items)
            except BaseException:
                self._fail_rest(items)
                raise

    def _fail_rest(self, items: Sequence[_Item]) -> None:
        """The writer itself was cut off: nobody is left waiting."""
        self._is_closing = True
        _fail([*items, *self._queue], StoreAwayError("the writer was stopped"))
        self._queue.clear()

    async def _commit_all(self, items: Sequence[_Item]) -> None:
        try:
            await self._commit_once(items)
        except StoreAwayError as error:
            _fail(items, error)
        except Exception as error:  # noqa: BLE001 (whatever it is belongs to one member's awaiter)
            if len(items) == 1:
                _fail(items, error)
            else:
                await self._commit_singly(items)

    async def _commit_singly(self, items: Sequence[_Item]) -> None:
        """After a rollback: one transaction each, so that a poisoned work harms only itself."""
        for at, item in enumerate(items):
            self.counts.retried_singly += 1
            try:
                await self._commit_once([item])
            except StoreAwayError as error:
                _fail(items[at:], error)
                return
            except Exception as error:  # noqa: BLE001 (handed to its own awaiter)
                _fail([item], error)

    async def _commit_once(self, items: Sequence[_Item]) -> None:
        groups = _grouped(items)
        began_s = time.perf_counter()
        results = await self.database.write(lambda connection: _executed(connection, groups))
        self.counts.commits += 1
        self.counts.works += len(items)
        self.counts.sizes.observe(len(items))
        self.counts.seconds.observe(time.perf_counter() - began_s)
        for group, group_results in zip(groups, results, strict=True):
            for item, result in zip(group, group_results, strict=True):
                if not item.outcome.done():
                    item.outcome.set_result(result)


def _grouped(items: Sequence[_Item]) -> list[list[_Item]]:
    """The items of each kind in order of arrival, kinds by rank."""
    groups: dict[Kind, list[_Item]] = {}
    for item in items:
        groups.setdefault(item.kind, []).append(item)
    return [groups[kind] for kind in sorted(groups, key=lambda kind: kind.rank)]


def _executed(connection: Connection, groups: list[list[_Item]]) -> list[Sequence[Any]]:
    return [group[0].kind.execute(connection, [item.work for item in group]) for group in groups]


def _fail(items: Sequence[_Item], error: Exception) -> None:
    for item in items:
        if not item.outcome.done():
            item.outcome.set_exception(error)
