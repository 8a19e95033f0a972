"""A server of our own with the doors of one-time links, reached over real HTTP."""

import io
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from handlers.desk import Desk
from handlers.file_works import Work
from handlers.link_visits import LinkVisits
from tests.linking import Scene
from web import server
from web.allowance import Allowance
from web.app import make_app
from web.file_links import FILE_PATH, PATH, LinkDoors
from web.link_pages import LinkPages


@dataclass
class Browser:
    """Opens the scene's link as a browser would."""

    http: aiohttp.ClientSession
    base: str
    scene: Scene
    stop: Callable[[], Awaitable[None]]
    """Ends the server once what is under way has ended."""

    @property
    def url(self) -> str:
        return f"{self.base}/l/{self.scene.token}"

    async def get(self, method: str = "GET", path: str = "") -> tuple[int, str, Any]:
        async with self.http.request(method, path or self.url) as response:
            return response.status, await response.text(), response.headers

    async def press(self, step: str, code: str = "", **fields: str) -> tuple[int, bytes, Any]:
        form = {"code": code or self.scene.code, "step": step, **fields}
        async with self.http.post(self.url, data=form) as response:
            return response.status, await response.read(), response.headers

    async def send(self, name: str, content: bytes, code: str = "") -> tuple[int, str]:
        form = aiohttp.FormData(quote_fields=False)  # as browsers do
        form.add_field("code", code or self.scene.code)
        file, kind = io.BytesIO(content), "application/octet-stream"
        form.add_field("file", file, filename=name, content_type=kind)
        async with self.http.post(f"{self.url}/file", data=form) as response:
            return response.status, await response.text()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


Serve = Callable[..., Awaitable[Browser]]


@pytest.fixture
async def serve(
    scene: Scene, desk: Desk, http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Serve]:
    """Starts a server; `works` in place of the scene's own."""
    monkeypatch.setattr(server, "LINGER_S", 0.2)
    servers: list[server.WebServer] = []

    async def start(works: dict[str, Work] | None = None) -> Browser:
        visits = scene.visits
        if works is not None:
            visits = LinkVisits(desk.office, scene.clock, works)
        pages = LinkPages(desk.catalogue, desk.rendering)
        doors = LinkDoors(visits, pages, Allowance(lambda: scene.clock.at_ms / 1000))
        posts = {PATH: doors.post, FILE_PATH: doors.post_file}
        started = server.WebServer(make_app(_ready, posts, {PATH: doors.get}), None)
        bound = socket.create_server(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        await started.start(bound)
        servers.append(started)
        return Browser(http, f"http://127.0.0.1:{port}", scene, started.stop)

    yield start
    for one in servers:
        await one.stop()


async def _ready() -> dict[str, object]:
    return {"sql": True}
