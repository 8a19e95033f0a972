"""`POST /telegram/webhook`: refused before it is read unless the secret fits (FAULTS T17).

The answer is given after the update's commit; a tap's toast travels in it (Bot API, "Making
requests when getting updates"). Decides who may deliver and what is answered; how it comes in is
`web.server`'s.
"""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from handlers.ports import StoreAwayError

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (the header's name)
RETRY_AFTER_S = 2

Take = Callable[[bytes], Awaitable[bytes | None]]
"""Commits the update in a body; returns the JSON to answer with, or None for an empty 200."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where a platform delivers, with the secret that it sends along."""

    path: str
    secret: str
    take: Take

    def admits(self, given: bytes) -> bool:
        """Whether what came as the secret is the secret, compared in constant time."""
        return hmac.compare_digest(given, self.secret.encode())

    async def handle(self, request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not self.admits(given):
            return web.Response(status=401)
        try:
            answer = await self.take(await request.read())
        except StoreAwayError:
            return web.Response(status=503, headers={"Retry-After": str(RETRY_AFTER_S)})
        if answer is None:
            return web.Response()
        return web.Response(body=answer, content_type="application/json")
