"""One input of a person at a time within a process; SQL decides across processes."""

import asyncio
from collections import deque
from types import TracebackType

from handlers.records import Sender


class Turns:
    """Turns by sender, first come first served, forgotten when nobody waits."""

    __slots__ = ("_waiting",)

    def __init__(self) -> None:
        self._waiting: dict[Sender, deque[asyncio.Future[None]]] = {}

    def of(self, sender: Sender) -> "Turn":
        """The sender's turn, to be taken by `async with`."""
        return Turn(self._waiting, sender)


class Turn:
    """A class and no generator: every tap takes one, and nearly all find nobody before them."""

    __slots__ = ("_sender", "_waiting")

    def __init__(self, waiting: dict[Sender, deque[asyncio.Future[None]]], sender: Sender) -> None:
        self._waiting = waiting
        self._sender = sender

    async def __aenter__(self) -> None:
        queue = self._waiting.get(self._sender)
        if queue is None:
            self._waiting[self._sender] = deque()
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                # It had come already: the next must not wait for who has gone.
                self._pass_on()
            raise

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pass_on()

    def _pass_on(self) -> None:
        queue = self._waiting[self._sender]
        while queue:
            turn = queue.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        del self._waiting[self._sender]
