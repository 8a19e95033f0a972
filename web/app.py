"""The web application: health, readiness, and the doors that the wiring adds.

`/healthz` says that the process lives. `/readyz` fails on SQL only; the rest is reported beside
it (DESIGN §3).
"""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

BODY_LIMIT = 1_000_000

Checks = Mapping[str, Callable[[], Awaitable[bool]]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def make_app(
    checks: Checks, posts: Mapping[str, Handler], gets: Mapping[str, Handler]
) -> web.Application:
    """`checks` by name, `sql` among them; `posts` and `gets` by path."""
    app = web.Application(client_max_size=BODY_LIMIT)
    app.router.add_get("/healthz", _alive)
    app.router.add_get("/readyz", _ready(checks))
    for path, handler in posts.items():
        app.router.add_post(path, handler)
    for path, handler in gets.items():
        app.router.add_get(path, handler)
    return app


async def _alive(_: web.Request) -> web.Response:
    return web.json_response({"alive": True})


def _ready(checks: Checks) -> Handler:
    async def handle(_: web.Request) -> web.Response:
        results = {name: await check() for name, check in checks.items()}
        return web.json_response(results, status=200 if results.get("sql") else 503)

    return handle
