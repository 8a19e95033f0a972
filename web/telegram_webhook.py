"""`POST /telegram/webhook`: refused before it is read unless the secret fits (FAULTS T17).

The answer is given after the update's commit; a tap's toast travels in it (Bot API, "Making
requests when getting updates").
"""

import hmac
from collections.abc import Awaitable, Callable

from aiohttp import web

from handlers.ports import StoreAwayError

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (the header's name)
RETRY_AFTER_S = 2

Take = Callable[[bytes], Awaitable[bytes | None]]
"""Commits the update in a body; returns the JSON to answer with, or None for an empty 200."""


def webhook(secret: str, take: Take) -> Callable[[web.Request], Awaitable[web.Response]]:
    expected = secret.encode()

    async def handle(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, expected):
            return web.Response(status=401)
        try:
            answer = await take(await request.read())
        except StoreAwayError:
            return web.Response(status=503, headers={"Retry-After": str(RETRY_AFTER_S)})
        if answer is None:
            return web.Response()
        return web.Response(body=answer, content_type="application/json")

    return handle
