"""Rows from the event loop to a thread: in order, a page at a time, and not for nobody."""

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest

from reports.pulling import NobodyWaitsError, Puller, in_thread


async def pages(
    *given: tuple[int, ...], asked: list[int] | None = None
) -> AsyncIterator[tuple[int, ...]]:
    for at, page in enumerate(given):
        if asked is not None:
            asked.append(at)
        await asyncio.sleep(0)
        yield page


async def test_rows_come_in_order_in_another_thread():
    told: list[int] = []

    def make(puller: Puller) -> tuple[list[int], bool]:
        rows = list(puller.rows(pages((1, 2), (), (3,)), told.append))
        return rows, threading.current_thread() is threading.main_thread()

    assert await in_thread(make) == ([1, 2, 3], False)
    assert told == [2, 0, 1]


async def test_a_page_is_asked_for_when_the_one_before_is_taken():
    asked: list[int] = []

    def make(puller: Puller) -> list[tuple[int, int]]:
        return [(row, len(asked)) for row in puller.rows(pages((1, 2), (3,), (4,), asked=asked))]

    assert await in_thread(make) == [(1, 1), (2, 1), (3, 2), (4, 3)]


async def test_the_loop_goes_on_meanwhile():
    went_on, may_end = asyncio.Event(), threading.Event()

    def make(_: Puller) -> bool:
        return may_end.wait(30)

    async def other() -> None:
        went_on.set()
        may_end.set()

    made, _ = await asyncio.gather(in_thread(make), other())

    assert made
    assert went_on.is_set()


async def test_what_a_page_raises_is_raised_by_who_makes():
    async def breaking() -> AsyncIterator[tuple[int, ...]]:
        yield (1,)
        raise LookupError("gone")

    def make(puller: Puller) -> list[int]:
        return list(puller.rows(breaking()))

    with pytest.raises(LookupError, match="gone"):
        await in_thread(make)


async def test_a_file_that_nobody_waits_for_is_given_up():
    begun, ended = asyncio.Event(), threading.Event()
    errors: list[BaseException] = []
    loop = asyncio.get_running_loop()
    is_left = asyncio.Event()

    async def endless() -> AsyncIterator[tuple[int, ...]]:
        while True:
            begun.set()
            await is_left.wait()
            yield (1,)

    def make(puller: Puller) -> None:
        try:
            for _ in puller.rows(endless()):
                pass
        except NobodyWaitsError as error:
            errors.append(error)
        finally:
            ended.set()

    task = loop.create_task(in_thread(make))
    await begun.wait()
    task.cancel()
    await asyncio.sleep(0)
    is_left.set()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert ended.is_set()
    assert [type(error) for error in errors] == [NobodyWaitsError]
