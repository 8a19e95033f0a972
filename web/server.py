"""The server of one port: aiohttp's application, with a platform's deliveries before it.

Decides in which order a stop goes: no new connection, what is under way to its answer, then the
connections (FAULTS T55).
"""

import asyncio
import socket

from aiohttp import web

from web.deliveries import IDLE_S, Deliveries, Open
from web.telegram_webhook import Webhook

BACKLOG = 1024
STOP_S = 60.0
"""How long a stop waits for deliveries under way; what is cut off is delivered again."""

LINGER_S = 2.0
"""How long the rest of a body that is not taken may still come, so that its answer is read."""


class WebServer:
    """`webhook`: None where the platform is asked for its updates."""

    def __init__(self, app: web.Application, webhook: Webhook | None) -> None:
        self._runner = web.AppRunner(app, access_log=None, lingering_time=LINGER_S)
        self._webhook = webhook
        self._open: Open | None = None
        self._server: asyncio.Server | None = None
        self._sweeping: asyncio.TimerHandle | None = None

    async def start(self, bound: socket.socket) -> None:
        """Listen on a socket that is bound already."""
        await self._runner.setup()
        if self._webhook is None:
            await web.SockSite(self._runner, bound, backlog=BACKLOG).start()
            return
        fallback = self._runner.server
        if fallback is None:
            raise RuntimeError("the application has no server after its set-up")
        opened = self._open = Open(self._webhook, fallback)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: Deliveries(opened), sock=bound, backlog=BACKLOG
        )
        self._sweep(opened)

    async def stop(self) -> None:
        if self._server is not None and self._open is not None:
            self._server.close()
            await _drain(self._open)
        if self._sweeping is not None:
            self._sweeping.cancel()
        await self._runner.cleanup()

    def _sweep(self, opened: Open) -> None:
        """Close the connections that are silent for too long, looked at a few times a minute."""
        for connection in list(opened.connections):
            if connection.idle_s > IDLE_S:
                connection.close()
        self._sweeping = asyncio.get_running_loop().call_later(IDLE_S / 4, self._sweep, opened)


async def _drain(opened: Open) -> None:
    """Let what is under way come to its answer; whoever is idle is told at once."""
    opened.is_stopping = True
    _close(opened)
    if opened.under_way:
        _, late = await asyncio.wait(opened.under_way, timeout=STOP_S)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
    _close(opened)


def _close(opened: Open) -> None:
    for connection in list(opened.connections):
        connection.close()
