"""The web application: health, readiness, and the doors that the wiring adds.

`/healthz` says that the process lives. `/readyz` fails on SQL only; the rest is reported beside
it (DESIGN §3); what is reported is the wiring's.
"""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

BODY_LIMIT = 1_000_000

Readiness = Callable[[], Awaitable[Mapping[str, object]]]
"""What `/readyz` shows; under `sql` whether SQL answers."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def make_app(
    readiness: Readiness, posts: Mapping[str, Handler], gets: Mapping[str, Handler]
) -> web.Application:
    """`posts` and `gets` by path."""
    app = web.Application(client_max_size=BODY_LIMIT)
    app.router.add_get("/healthz", _alive)
    app.router.add_get("/readyz", _ready(readiness))
    for path, handler in posts.items():
        app.router.add_post(path, handler)
    for path, handler in gets.items():
        app.router.add_get(path, handler)
    return app


async def _alive(_: web.Request) -> web.Response:
    return web.json_response({"alive": True})


def _ready(readiness: Readiness) -> Handler:
    async def handle(_: web.Request) -> web.Response:
        shown = dict(await readiness())
        return web.json_response(shown, status=200 if shown.get("sql") else 503)

    return handle
