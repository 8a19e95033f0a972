"""Delivery of updates to the bot's webhook: in order per lane, in parallel across lanes.

The next update of a lane goes out only after the previous one got a 2xx or was given up.
"""

import asyncio
import random
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

import aiohttp
import orjson

from rehearsal.calls import Call, body_params, json_params
from rehearsal.errors import ApiError, bad_request
from rehearsal.updates import Update, UpdateQueue

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
MAX_RETRY_AFTER_S = 3600
_DOUBLINGS = 5
# Ten seconds on the real server, whose second retry comes after two.
_PATIENT_BASES = 5
_PORTS = {80, 88, 443, 8443}
_NOT_IN_REPLY = ("get", "setwebhook", "deletewebhook", "close", "logout")

Run = Callable[[Call], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Target:
    url: str
    secret: str = field(default="", repr=False)
    max_connections: int = 40


@dataclass(frozen=True, slots=True)
class _Outcome:
    is_delivered: bool
    retry_after_s: float | None = None


def check_url(url: str) -> None:
    """HTTPS on Telegram's ports, or anything on this machine and its private network."""
    parts = urlsplit(url)
    try:
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise bad_request("bad webhook: Invalid port specified") from error
    if not host or parts.scheme not in {"http", "https"}:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if _is_near(host):
        return
    if parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (port or 443) not in _PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def _is_near(host: str) -> bool:
    try:
        return ip_address(host).is_private
    except ValueError:
        return "." not in host


class Webhook:
    """`run` executes a method that the bot sent back in its 2xx answer."""

    def __init__(
        self, queue: UpdateQueue, run: Run, *, retry_base_s: float, timeout_s: float
    ) -> None:
        self._queue = queue
        self._run = run
        self._retry_base_s = retry_base_s
        self._timeout = aiohttp.ClientTimeout(total=timeout_s)
        self._session: aiohttp.ClientSession | None = None
        self._slots = asyncio.Semaphore()
        self._single = asyncio.Lock()
        self._failing_since: float | None = None
        self._changing = asyncio.Lock()
        self._lanes: dict[str, deque[Update]] = {}
        self._workers: dict[str, asyncio.Task[None]] = {}
        self.target: Target | None = None
        self.last_error: tuple[int, str] | None = None
        queue.on_add.append(self._take)

    async def set(self, target: Target) -> None:
        """Takes over what is pending, also what an earlier target did not take."""
        async with self._changing:
            await self._close()
            connector = aiohttp.TCPConnector(limit=target.max_connections)
            self._session = aiohttp.ClientSession(connector=connector, timeout=self._timeout)
            self._slots = asyncio.Semaphore(target.max_connections)
            self.target = target
            for update in self._queue.pending():
                self._take(update)

    async def remove(self) -> None:
        """What was not acknowledged stays in the queue."""
        async with self._changing:
            await self._close()

    async def _close(self) -> None:
        self.target = None
        self.last_error = None
        self._lanes.clear()
        workers = list(self._workers.values())
        self._workers.clear()
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _take(self, update: Update) -> None:
        if self.target is None:
            return
        self._lanes.setdefault(update.key, deque()).append(update)
        if update.key not in self._workers:
            self._workers[update.key] = asyncio.create_task(self._work(update.key))

    async def _work(self, key: str) -> None:
        lane = self._lanes[key]
        while lane:
            await self._deliver(lane[0])
            lane.popleft()
        del self._lanes[key], self._workers[key]

    async def _deliver(self, update: Update) -> None:
        failures = 0
        while self._queue.holds(update):
            async with self._slot():
                if update.expires_at <= self._queue.now():
                    break
                outcome = await self._attempt(update)
            delay_s = outcome.retry_after_s
            if delay_s is None:
                delay_s = self._delay_s(failures)
            failures += 1
            if outcome.is_delivered or self._queue.now() + delay_s > update.expires_at:
                break
            await asyncio.sleep(delay_s)
        self._queue.acknowledge(update)

    @asynccontextmanager
    async def _slot(self) -> AsyncIterator[None]:
        """One connection alone after ten seconds without any success, as the real server does."""
        async with self._slots:
            since = self._failing_since
            if since is None or time.monotonic() - since < _PATIENT_BASES * self._retry_base_s:
                yield
                return
            async with self._single:
                yield

    def _delay_s(self, failures: int) -> float:
        if failures == 0:
            return 0.0
        if failures <= _DOUBLINGS:
            return self._retry_base_s * 2.0 ** (failures - 1)
        return random.uniform(30, 60) * self._retry_base_s  # noqa: S311 - only spreads load

    async def _attempt(self, update: Update) -> _Outcome:
        if self.target is None or self._session is None:
            return _Outcome(is_delivered=False)
        headers = {"Content-Type": "application/json"}
        if self.target.secret:
            headers[SECRET_HEADER] = self.target.secret
        try:
            async with self._session.post(
                self.target.url, data=update.encode(), headers=headers, allow_redirects=False
            ) as response:
                body = await response.read()
        except TimeoutError:
            return self._failed("Read timeout expired")
        except aiohttp.ClientConnectorError:
            return self._failed("Connection refused")
        except (aiohttp.ClientError, OSError):
            return self._failed("Connection closed")
        if not 200 <= response.status < 300:  # noqa: PLR2004
            reason = f"Wrong response from the webhook: {response.status} {response.reason}"
            return self._failed(reason, response.headers.get("Retry-After", ""))
        self._failing_since = None
        await self._run_reply(response.content_type, body)
        return _Outcome(is_delivered=True)

    def _failed(self, reason: str, retry_after: str = "") -> _Outcome:
        self.last_error = int(time.time()), reason
        if self._failing_since is None:
            self._failing_since = time.monotonic()
        wait_s = float(retry_after) if retry_after.isdecimal() else None
        return _Outcome(is_delivered=False, retry_after_s=wait_s and min(wait_s, MAX_RETRY_AFTER_S))

    async def _run_reply(self, content_type: str, body: bytes) -> None:
        """The bot never learns how it went."""
        try:
            if body[:1] == b"{":
                params = json_params(orjson.loads(body))
            else:
                params = body_params(content_type, body)
        except (ApiError, orjson.JSONDecodeError):
            return
        method = params.pop("method", "")
        if method and not method.lower().startswith(_NOT_IN_REPLY):
            await self._run(Call(method, params))
