"""Drawing in a process of its own: the event loop never waits for it, nor does the bot load it.

Decides when that process is started, replaced and ended. It stays warm: matplotlib takes a third
of a second and sixty megabytes to load, which whoever only runs the contest never pays.
"""

import asyncio
import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from typing import ParamSpec, TypeVar

import structlog

from handlers.ports import HoithiError

Given = ParamSpec("Given")
Drawn = TypeVar("Drawn")

LIMIT_S = 60.0
"""For one drawing; the first on a machine has the system's typefaces listed, which is slow."""

TRIES = 2
"""A worker that dies takes its drawing along: the next one tries it once more."""

BEHIND = 10
"""How much a drawing yields to the bot beside it (nice)."""

log = structlog.get_logger(__name__)


class DrawingError(HoithiError):
    """Nothing was drawn: it took too long, killed its process twice, or could not be drawn."""


@dataclass(frozen=True, slots=True)
class _Worker:
    pool: ProcessPoolExecutor
    pid: int


class Drawing:
    """One worker process, started at the first drawing; drawings are made one after another."""

    def __init__(self, limit_s: float = LIMIT_S) -> None:
        self._limit_s = limit_s
        self._worker: _Worker | None = None
        self._turn = asyncio.Lock()
        self._is_closed = False

    @property
    def pid(self) -> int | None:
        """The worker's process, None while there is none."""
        return None if self._worker is None else self._worker.pid

    async def draw(
        self, function: Callable[Given, Drawn], *args: Given.args, **kwargs: Given.kwargs
    ) -> Drawn:
        """What a module's function makes of values, made by the worker.

        Raises:
            DrawingError: nothing came of it; whoever asked goes on without a picture.
        """
        name = function.__name__
        async with self._turn:
            for _ in range(TRIES):
                if self._is_closed:
                    break
                try:
                    return await self._try(partial(function, *args, **kwargs))
                except DrawingError:
                    raise
                except BrokenProcessPool:
                    log.warning("drawing_worker_died", function=name)
                    await self._drop()
                except TimeoutError as error:
                    log.warning("drawing_too_slow", function=name)
                    await self._drop()
                    raise DrawingError("too slow") from error
                except Exception as error:
                    log.warning("drawing_failed", function=name, error=type(error).__name__)
                    raise DrawingError(type(error).__name__) from error
            raise DrawingError("no worker")

    async def close(self) -> None:
        """End the worker, in the middle of a drawing if need be; nothing is drawn any more."""
        self._is_closed = True
        await self._drop()

    async def _try(self, work: Callable[[], Drawn]) -> Drawn:
        if self._worker is None:
            # A process takes a while to start: a thread waits for it, never the event loop.
            self._worker = await asyncio.to_thread(_start, self._limit_s)
        if self._is_closed:
            await self._drop()
            raise DrawingError("closed")
        future = await asyncio.to_thread(self._worker.pool.submit, work)
        return await asyncio.wait_for(asyncio.wrap_future(future), self._limit_s)

    async def _drop(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            await asyncio.to_thread(_end, worker)


def _start(limit_s: float) -> _Worker:
    # Spawned, never forked: a fork would carry the bot's sockets and locks along.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(1, context, initializer=_begin)
    try:
        return _Worker(pool, pool.submit(os.getpid).result(limit_s))
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise


def _end(worker: _Worker) -> None:
    # Asked to stop it would finish its drawing first.
    for child in multiprocessing.active_children():
        if child.pid == worker.pid:
            child.kill()
    worker.pool.shutdown(cancel_futures=True)


def _begin() -> None:
    """What a worker does first: warm up, yield to the bot, and never outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the bot's, which ends its worker
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    os.nice(BEHIND)
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    import reports.canvas  # noqa: F401, PLC0415 (matplotlib is loaded here and nowhere else)


def _leave_with_parent() -> None:
    # A worker holds both ends of its queue, so a bot that is killed leaves it waiting for ever.
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
