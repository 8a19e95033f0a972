"""Server-Sent Events: what changes in one chat, told to every page that watches it."""

import asyncio
from collections import defaultdict
from contextlib import suppress
from typing import Any

import orjson
from aiohttp import web

HEARTBEAT_S = 15.0
MAX_WAITING = 1_000
_END = b""


class Events:
    def __init__(self) -> None:
        self._watchers: defaultdict[int, set[asyncio.Queue[bytes]]] = defaultdict(set)
        self._last_id = 0

    def watched(self) -> list[int]:
        """The chats that some page watches now."""
        return [each for each, watchers in self._watchers.items() if watchers]

    def tell(self, chat_id: int, name: str, content: Any) -> None:
        """A page too slow to read is cut off; it connects again and reads the whole chat.

        A function is called for its content only if somebody watches.
        """
        if not (watchers := self._watchers.get(chat_id)):
            return
        self._last_id += 1
        block = f"id: {self._last_id}\nevent: {name}\ndata: ".encode()
        block += orjson.dumps(content() if callable(content) else content) + b"\n\n"
        for queue in list(watchers):
            if queue.qsize() >= MAX_WAITING:
                watchers.discard(queue)
                queue.put_nowait(_END)
            else:
                queue.put_nowait(block)

    def close(self) -> None:
        for queues in self._watchers.values():
            for queue in queues:
                queue.put_nowait(_END)

    async def stream(self, request: web.Request, chat_id: int) -> web.StreamResponse:
        """Holds the connection until the page leaves or the stand-in stops."""
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        response = web.StreamResponse(headers=headers)
        queue: asyncio.Queue[bytes] = asyncio.Queue()
        self._watchers[chat_id].add(queue)
        try:
            await response.prepare(request)
            await response.write(b": hello\n\n")
            with suppress(ConnectionError):
                await _pump(queue, response)
        finally:
            self._watchers[chat_id].discard(queue)
            if not self._watchers[chat_id]:
                del self._watchers[chat_id]
        return response


async def _pump(queue: asyncio.Queue[bytes], response: web.StreamResponse) -> None:
    while True:
        try:
            async with asyncio.timeout(HEARTBEAT_S):
                block = await queue.get()
        except TimeoutError:
            block = b": still here\n\n"
        if block == _END:
            return
        await response.write(block)
