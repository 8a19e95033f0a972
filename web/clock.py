"""`/clock`: the rehearsal's bar reads and moves the contest clock. Loopback and token only.

Exists only where the clock may be moved (DESIGN §3, HTTP).
"""

import hmac
from collections.abc import Awaitable, Callable, Mapping

import msgspec
from aiohttp import web

Read = Callable[[], Mapping[str, object]]
MoveTo = Callable[["ClockMove"], Awaitable[None]]


class ClockMove(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`to`: contest time in milliseconds; `rate`: how fast the clock runs, 1 to 10,000."""

    to: int | None = None
    rate: int | None = None


def clock_doors(
    token: str, read: Read, move: MoveTo
) -> tuple[
    Callable[[web.Request], Awaitable[web.Response]],
    Callable[[web.Request], Awaitable[web.Response]],
]:
    """The GET and the POST handler."""

    def refused(request: web.Request) -> bool:
        given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        is_local = request.remote in {"127.0.0.1", "::1"}
        return not is_local or not hmac.compare_digest(given, f"Bearer {token}".encode())

    async def get(request: web.Request) -> web.Response:
        if refused(request):
            return web.Response(status=401)
        return web.json_response(dict(read()))

    async def post(request: web.Request) -> web.Response:
        if refused(request):
            return web.Response(status=401)
        try:
            order = msgspec.json.decode(await request.read(), type=ClockMove)
            await move(order)
        except (msgspec.DecodeError, ValueError) as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response(dict(read()))

    return get, post
