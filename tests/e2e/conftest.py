"""Real processes: the stand-in plays Telegram, the bot runs beside it, residents use HTTP.

The stand-in outlives the bot, so a killed bot meets the updates it had not acknowledged.
"""

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.nursery import STAND_IN, Child, Nursery

ROOT = Path(__file__).parents[2]
TOKEN = "123456:" + "T" * 35
WAIT_S = 60.0
PATIENCE_S = 8.0


@dataclass
class StandIn:
    """The platform's stand-in as a process of its own."""

    url: str
    http: aiohttp.ClientSession

    async def get(self, path: str) -> Any:
        async with self.http.get(self.url + path) as response:
            response.raise_for_status()
            return await response.json()

    async def post(self, path: str, body: Any = None) -> Any:
        async with self.http.post(self.url + path, json=body or {}) as response:
            response.raise_for_status()
            return await response.json()


@dataclass
class Bot:
    """A bot process that may be killed and started again on the same data."""

    nursery: Nursery
    environment: dict[str, str]
    config: Path
    log_file: Path
    log_level: str = "info"
    arguments: tuple[str, ...] = ()
    process: Child | None = None
    web: str = ""

    @property
    def log(self) -> list[str]:
        """Every line that it has said, over all starts."""
        return lines_of(self.log_file)

    async def start(self) -> None:
        said = len(self.log)
        argv = ["run", "--config", str(self.config), "--log-level", self.log_level]
        self.process = await self.nursery.bear(
            self.environment, [*argv, *self.arguments], self.log_file
        )
        line = await line_with("/readyz", self.process, self.log_file, said)
        self.web = line.split()[-1].removesuffix("/readyz")

    async def kill(self) -> None:
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        await self._end(signal.SIGTERM)

    async def _end(self, number: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(number)
            await asyncio.wait_for(self.process.wait(), WAIT_S)
            self.process = None


def lines_of(log: Path) -> list[str]:
    """Whole lines: the last may still be half written."""
    if not log.exists():
        return []
    return log.read_text(encoding="utf-8", errors="replace").rpartition("\n")[0].splitlines()


async def line_with(words: str, process: Child, log: Path, after: int = 0) -> str:
    """The first line with these words after so many lines, waited for."""
    async with asyncio.timeout(WAIT_S):
        while True:
            has_ended = process.returncode is not None
            for line in lines_of(log)[after:]:
                if words in line:
                    return line
            if has_ended:
                raise AssertionError("it did not start:\n" + "\n".join(lines_of(log)[-20:]))
            await asyncio.sleep(0.02)


@dataclass
class Person:
    """A resident at the stand-in: sends, and waits for what the bot shows.

    Listens to the chat's events as the page does, so that fifty of them cost nothing while they
    wait.
    """

    stand_in: StandIn
    id: int
    name: str
    shown: dict[int, dict[str, Any]] = field(default_factory=dict)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    listening: asyncio.Task[None] | None = None

    async def listen(self) -> None:
        """Follow the chat until cancelled."""
        url = f"{self.stand_in.url}/people/{self.id}/events"
        timeout = aiohttp.ClientTimeout(total=None)
        async with self.stand_in.http.get(url, timeout=timeout) as stream:
            name = ""
            while line := (await stream.content.readline()).decode():
                if line.startswith("event: "):
                    name = line[7:].strip()
                elif line.startswith("data: ") and name in {"message", "edit", "delete"}:
                    await self._take(json.loads(line[6:]))

    async def _take(self, message: dict[str, Any]) -> None:
        async with self.changed:
            self.shown[message["message_id"]] = message
            self.changed.notify_all()

    async def messages(self) -> list[dict[str, Any]]:
        """What the bot shows now, oldest first."""
        newest = [self.shown[one] for one in sorted(self.shown)]
        return [one for one in newest if one.get("from") == "bot" and not one.get("deleted")]

    async def start(self, payload: str = "") -> None:
        await self.stand_in.post(f"/people/{self.id}/start", {"payload": payload})

    async def text(self, text: str) -> None:
        await self.stand_in.post(f"/people/{self.id}/text", {"text": text})

    async def contact(self) -> None:
        await self.stand_in.post(f"/people/{self.id}/contact", {})

    async def tap(self, label: str) -> None:
        message, data = await self.find(label)
        await self.stand_in.post(f"/people/{self.id}/tap", {"message_id": message, "data": data})

    async def find(self, label: str) -> tuple[int, str]:
        """Message and data of the newest button of that label, once it is shown."""

        async def look() -> tuple[int, str] | None:
            for message in reversed(await self.messages()):
                markup = message.get("markup") or {}
                for row in markup.get("inline_keyboard", []):
                    for button in row:
                        if button["text"] == label:
                            return message["message_id"], button.get("callback_data", "")
            return None

        return await self.until(look, f"button {label!r}")

    async def address(self, label: str) -> str:
        """Where the newest button of that label leads, once it is shown."""
        await self.find(label)
        rows = [
            row
            for message in reversed(await self.messages())
            for row in (message.get("markup") or {}).get("inline_keyboard", [])
        ]
        return next(one["url"] for row in rows for one in row if one["text"] == label)

    async def sees(self, words: str) -> str:
        """The newest message that holds the words, once it is shown."""

        async def look() -> str | None:
            for message in reversed(await self.messages()):
                if words in message["text"]:
                    return str(message["text"])
            return None

        return await self.until(look, repr(words))

    async def register(self, unit: str = "TDP-06") -> None:
        await self.start(unit)
        await self.tap("Đăng ký dự thi")
        await self.tap("Đồng ý")
        await self.sees("Bước 1/4")
        await self.contact()
        await self.sees("Bước 2/4")
        await self.text(self.name)
        await self.sees("Bước 3/4")
        await self.text("1955")
        await self.tap("Đúng")
        await self.tap("Đúng, hoàn tất")
        await self.sees("Số báo danh")

    async def open_paper(self) -> None:
        await self.text("/thi")
        await self.tap("Bắt đầu làm bài")
        await self.sees("Câu 1/15")

    async def answer(self, place: int, label: str = "B") -> None:
        """Answer the question at `place` and wait for the next screen."""
        await self.sees(f"Câu {place}/15")
        await self.tap(label)
        await self.sees("Câu dự đoán" if place == 15 else f"Câu {place + 1}/15")

    async def insist(self, place: int, label: str) -> None:
        """As `answer`, tapping once more where nothing comes, as people do.

        A process that dies between acknowledging and showing leaves its question standing.
        """
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self.answer(place, label)
        except TimeoutError:
            # Not on the next question, should its screen have come just now.
            if f"Câu {place}/15" in (await self.messages())[-1]["text"]:
                await self.tap(label)
            await self.sees("Câu dự đoán" if place == 15 else f"Câu {place + 1}/15")

    async def until(self, look: Callable[[], Awaitable[Any]], what: str) -> Any:
        """What `look` finds, asked again whenever the chat changes."""
        try:
            async with asyncio.timeout(WAIT_S), self.changed:
                while (found := await look()) is None:
                    await self.changed.wait()
                return found
        except TimeoutError:
            texts = [one["text"][:80] for one in await self.messages()][-3:]
            raise AssertionError(f"{self.id} never saw {what}; last: {texts}") from None


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        yield session


@pytest.fixture
async def stand_in(
    http: aiohttp.ClientSession, nursery: Nursery, tmp_path: Path
) -> AsyncIterator[StandIn]:
    log = tmp_path / "stand-in.log"
    process = await nursery.bear({}, ["--port", "0", "--token", TOKEN], log, STAND_IN)
    line = await line_with('"url"', process, log)
    yield StandIn(json.loads(line)["url"], http)
    process.send_signal(signal.SIGTERM)
    await process.wait()


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The shipped settings with data of this test's own."""
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    for key in (
        "question_bank/questions",
        "units.toml",
        "handlers/messages",
        "docs/the-le.md",
    ):
        text = text.replace(f'"{key}"', f'"{ROOT / key}"')
    # Residents here answer as fast as they can; the double tap has tests of its own.
    text = text.replace("double_tap_ms = 700", "double_tap_ms = 0")
    path = tmp_path / "config.toml"
    path.write_text(text.replace('data = "data"', f'data = "{tmp_path / "data"}"'), "utf-8")
    return path


Launch = Callable[..., Awaitable[Bot]]


@pytest.fixture
async def launch(
    stand_in: StandIn, config: Path, nursery: Nursery, tmp_path: Path
) -> AsyncIterator[Launch]:
    """Starts a bot against the stand-in: `await launch(PUBLIC_URL=...)`."""
    bots: list[Bot] = []

    async def start(
        log_level: str = "info", arguments: tuple[str, ...] = (), **environment: str
    ) -> Bot:
        given = {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": stand_in.url,
            "HOITHI_DATA_KEY": "ab" * 32,
            "HOITHI_CLOCK": "2025-12-10T09:00:00+07:00",
            "BIND": "127.0.0.1:0",
        }
        log = tmp_path / f"bot{len(bots)}.log"
        bot = Bot(nursery, given | environment, config, log, log_level, arguments)
        bots.append(bot)
        await bot.start()
        return bot

    yield start
    for bot in bots:
        await bot.stop()


Meet = Callable[..., Awaitable[Person]]


@pytest.fixture
async def meet(stand_in: StandIn) -> AsyncIterator[Meet]:
    people: list[Person] = []

    async def make(name: str = "Nguyễn Thị Hoa", phone: str = "+84912345678") -> Person:
        made = await stand_in.post("/people", {"name": name, "phone": phone})
        person = Person(stand_in, made["id"], name)
        person.listening = asyncio.create_task(person.listen())
        people.append(person)
        return person

    yield make
    tasks = [one.listening for one in people if one.listening is not None]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
