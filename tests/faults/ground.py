"""The ground on which faults happen: a stand-in that outlives the bot, and bot processes on it.

The stand-in runs here, in the test's own loop, so that a test reads its queue and its chats; the
bot is a process that is killed and born again on the same data.
"""

import asyncio
import os
import shutil
import signal
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rehearsal.events import Events
from rehearsal.server import StandIn, StandInSettings, start
from tests.nursery import ROOT, WAIT_S, Nursery

TOKEN = "123456:" + "T" * 35
SECRET = "s" * 32
CLOCK = "2025-12-10T09:00:00+07:00"
DATA_KEY = "ab" * 32
A_TOPIC = 8


class Watched(Events):
    """Events that also wake whoever waits for a person's chat to change."""

    def __init__(self) -> None:
        super().__init__()
        self.changed: dict[int, asyncio.Event] = {}

    def tell(self, person_id: int, name: str, content: Any) -> None:
        super().tell(person_id, name, content)
        if person_id in self.changed:
            self.changed[person_id].set()


@dataclass
class Ground:
    """One data folder, one stand-in, one bot at a time."""

    folder: Path
    stand_in: StandIn
    nursery: Nursery
    environment: dict[str, str]
    port: int
    pid: int | None = None
    transport: str = "polling"
    _logged: int = 0

    @property
    def world(self) -> Any:
        return self.stand_in.world

    @property
    def database(self) -> Path:
        return self.folder / "data" / "hoithi.sqlite"

    @property
    def armed(self) -> Path:
        return self.folder / "crash"

    @property
    def log(self) -> Path:
        return self.folder / "bot.log"

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def arm(self, point: str, update: int = 0, times: int = 1) -> None:
        """The process that comes to the point (with that update, if one is named) dies there."""
        fresh = self.armed.with_suffix(".armed")
        fresh.write_text(f"{point} {update} {times}", encoding="ascii")
        fresh.replace(self.armed)

    def disarm(self) -> None:
        self.armed.unlink(missing_ok=True)

    async def start(self, transport: str = "polling") -> None:
        """Start a bot and wait until it answers."""
        await self.start_only(transport)
        await self.until(self._is_ready, "a bot that answers")

    async def start_only(self, transport: str = "polling") -> None:
        environment = dict(self.environment)
        self.transport = transport
        if transport == "webhook":
            environment |= {"PUBLIC_URL": self.web, "TELEGRAM_WEBHOOK_SECRET": SECRET}
        self._logged = self.log.stat().st_size if self.log.exists() else 0
        argv = ["run", "--config", str(self.folder / "config.toml"), "--log-level", "info"]
        self.pid = (await self.nursery.bear(environment, argv, self.log)).pid

    def _is_ready(self) -> bool:
        if self.pid is not None and self.nursery.has_ended(self.pid):
            code = self.nursery.end_of_now(self.pid)
            raise AssertionError(f"the bot ended with {code}:\n" + self.log_since_start())
        return "/readyz" in self.log_since_start()

    def log_since_start(self) -> str:
        if not self.log.exists():
            return ""
        # The last letter may be half written.
        with self.log.open(encoding="utf-8", errors="replace") as file:
            file.seek(self._logged)
            return file.read()

    async def kill(self) -> None:
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """SIGTERM; the exit code."""
        return await self._end(signal.SIGTERM)

    async def death(self) -> int:
        """Wait until the bot has died by itself."""
        if self.pid is None:
            raise AssertionError("no bot")
        code = await asyncio.wait_for(self.nursery.end_of(self.pid), WAIT_S)
        self.pid = None
        return code

    async def _end(self, number: signal.Signals) -> int:
        if self.pid is None:
            return 0
        if not self.nursery.has_ended(self.pid):
            os.kill(self.pid, number)
        return await self.death()

    async def quiet(self) -> None:
        """Wait until the platform's queue is empty: everything is acknowledged."""
        await self.until(lambda: not len(self.world.queue), "an empty queue")

    async def until(self, is_so: Callable[[], Any], what: str) -> Any:
        """What `is_so` finds, asked until it is true."""
        try:
            async with asyncio.timeout(WAIT_S):
                while not (found := is_so()):  # noqa: ASYNC110 (log and queue wake nobody)
                    await asyncio.sleep(0.01)
                return found
        except TimeoutError:
            raise AssertionError(f"never {what}; log:\n{self.log_since_start()[-3000:]}") from None

    async def until_it(self, is_so: Callable[[], Awaitable[Any]], what: str) -> Any:
        """As `until`, for a question that has to wait itself."""
        try:
            async with asyncio.timeout(WAIT_S):
                while not (found := await is_so()):  # noqa: ASYNC110 (the same)
                    await asyncio.sleep(0.02)
                return found
        except TimeoutError:
            raise AssertionError(f"never {what}; log:\n{self.log_since_start()[-3000:]}") from None

    async def close(self) -> None:
        await self.stop()
        await self.stand_in.stop()


async def lay_ground(
    folder: Path, nursery: Nursery, environment: dict[str, str], template: Path | None = None
) -> Ground:
    """A ground with an empty data folder, or with the template's contest in it."""
    folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 (a test's own folder)
    _write_config(folder)
    if template is not None:
        shutil.copytree(template, folder / "data")
    settings = StandInSettings(token=TOKEN, retry_base_s=0.01)
    stand_in = await start(settings)
    stand_in.world.events = Watched()
    port = free_port()
    given = {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": stand_in.url,
        "HOITHI_DATA_KEY": DATA_KEY,
        "HOITHI_CLOCK": CLOCK,
        "HOITHI_CRASH": str(folder / "crash"),
        "BIND": f"127.0.0.1:{port}",
    }
    return Ground(folder, stand_in, nursery, given | environment, port)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _write_config(folder: Path) -> None:
    """The shipped settings with data of this ground's own."""
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    for key in (
        "units.toml",
        "handlers/messages",
        "docs/the-le.md",
    ):
        text = text.replace(f'"{key}"', f'"{ROOT / key}"')
    # People here answer as fast as they can; the double tap has tests of its own.
    text = text.replace("double_tap_ms = 700", "double_tap_ms = 0")
    text = text.replace('data = "data"', f'data = "{folder / "data"}"')
    text = text.replace('"question_bank/questions"', f'"{folder / "questions"}"')
    (folder / "config.toml").write_text(text, encoding="utf-8")
    _write_bank(folder / "questions")


def _write_bank(folder: Path) -> None:
    """The first questions of each topic: a thousand starts need not read them all."""
    folder.mkdir(exist_ok=True)
    for path in (ROOT / "question_bank/questions").glob("*.toml"):
        head, *questions = path.read_text(encoding="utf-8").split("[[question]]")
        few = [head, *questions[:A_TOPIC]]
        (folder / path.name).write_text("[[question]]".join(few), encoding="utf-8")
