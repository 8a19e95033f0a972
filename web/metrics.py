"""`GET /metrics`: for who knows the token; without one set, for this machine itself.

Behind a reverse proxy every visitor comes from a loopback address, so that a request that was
forwarded is nobody of this machine.
"""

import hmac
from collections.abc import Awaitable, Callable
from ipaddress import IPv6Address, ip_address

from aiohttp import web

_FORWARDED = (
    "Forwarded",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Real-IP",
    "Via",
)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
"""Prometheus' text format."""

Produce = Callable[[], Awaitable[bytes]]


def metrics_door(token: str, produce: Produce) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The handler; `token` empty: none is set."""
    expected = f"Bearer {token}".encode()

    def is_allowed(request: web.Request) -> bool:
        if not token:
            return _is_local(request.remote) and not any(
                name in request.headers for name in _FORWARDED
            )
        given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        return hmac.compare_digest(given, expected)

    async def handle(request: web.Request) -> web.Response:
        if not is_allowed(request):
            return web.Response(status=401, headers={"WWW-Authenticate": "Bearer"})
        return web.Response(body=await produce(), headers={"Content-Type": CONTENT_TYPE})

    return handle


def _is_local(remote: str | None) -> bool:
    try:
        address = ip_address(remote or "")
    except ValueError:
        return False
    inner = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (inner or address).is_loopback
