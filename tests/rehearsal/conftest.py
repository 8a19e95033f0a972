"""A stand-in on a free port, a client for both its sides, and a bot's webhook to be called."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from rehearsal.server import StandIn, StandInSettings, start


class Client:
    """`api` is the bot's side, `get`, `post`, `delete` the people's."""

    def __init__(self, stand_in: StandIn, session: aiohttp.ClientSession) -> None:
        self.stand_in = stand_in
        self.url = stand_in.url
        self.token = stand_in.token
        self.session = session

    async def api(self, method: str, **params: Any) -> Any:
        """The envelope, whose error_code must be the HTTP status."""
        url = f"{self.url}/bot{self.token}/{method}"
        async with self.session.post(url, json=params) as response:
            body = await response.json()
            assert response.status == body.get("error_code", 200)
            return body

    async def result(self, method: str, **params: Any) -> Any:
        body = await self.api(method, **params)
        assert body["ok"], body
        return body["result"]

    async def refusal(self, method: str, **params: Any) -> str:
        body = await self.api(method, **params)
        assert not body["ok"], body
        return str(body["description"])

    async def updates(self, offset: int = 0, **params: Any) -> list[dict[str, Any]]:
        return list(await self.result("getUpdates", offset=offset, **params))

    async def get(self, path: str, status: int = 200, /) -> Any:
        async with self.session.get(self.url + path) as response:
            assert response.status == status, await response.text()
            return await response.json()

    async def post(self, path: str, status: int = 200, /, **asked: Any) -> Any:
        async with self.session.post(self.url + path, json=asked) as response:
            assert response.status == status, await response.text()
            return await response.json()

    async def delete(self, path: str) -> Any:
        async with self.session.delete(self.url + path) as response:
            return await response.json()

    async def person(self, name: str = "Hoa", *, starts: bool = True, **asked: Any) -> int:
        """A new person's id, who has pressed Start."""
        person = await self.post("/people", name=name, **asked)
        if starts:
            await self.post(f"/people/{person['id']}/start")
        return int(person["id"])

    async def group(self, *members: int, bot: bool = True, **asked: Any) -> int:
        """A new group's id; the first member makes it and adds the bot."""
        told = {"title": "Tổ 6", "by": members[0], "members": list(members), "bot": bot}
        return int((await self.post("/groups", **told | asked))["id"])

    def heard(self) -> list[dict[str, Any]]:
        """The updates that wait for the bot, which are taken away."""
        queue = self.stand_in.world.queue
        waiting = [each.body for each in queue.pending()]
        queue.clear()
        return waiting

    async def messages(self, person: int) -> list[dict[str, Any]]:
        """Of a person's private chat, or of a group by its negative id."""
        kind = "people" if person > 0 else "groups"
        return list((await self.get(f"/{kind}/{person}/chat"))["messages"])


class Receiver:
    """A bot's webhook. `answers` are given in turn, then 200; each is a status or a response."""

    def __init__(self) -> None:
        self.url = ""
        self.requests: list[tuple[dict[str, Any], dict[str, str]]] = []
        self.answers: list[int | Callable[[], web.Response]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self._came = asyncio.Condition()

    async def handle(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.requests.append((body, dict(request.headers)))
        async with self._came:
            self._came.notify_all()
        await self.gate.wait()
        answer = self.answers.pop(0) if self.answers else 200
        return answer() if callable(answer) else web.Response(status=answer)

    async def wait_for(self, count: int) -> list[dict[str, Any]]:
        async with asyncio.timeout(5), self._came:
            await self._came.wait_for(lambda: len(self.requests) >= count)
        return [body for body, _ in self.requests]


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
async def make_client(session: aiohttp.ClientSession) -> AsyncIterator[Any]:
    started: list[StandIn] = []

    async def make(**settings: Any) -> Client:
        stand_in = await start(StandInSettings(**settings))
        started.append(stand_in)
        return Client(stand_in, session)

    yield make
    for each in started:
        await each.stop()


@pytest.fixture
async def client(make_client: Any) -> Client:
    made: Client = await make_client(retry_base_s=0.02)
    return made


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    app = web.Application()
    app.router.add_post("/hook", made.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield made
    made.gate.set()
    await runner.cleanup()
