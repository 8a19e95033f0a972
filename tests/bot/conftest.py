"""The stand-in in this very process, its people, and a real client of the Bot API at it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.apology import Apology
from bot.bank_works import BankWorks
from bot.crowd import Crowd
from bot.delivery import Delivery
from bot.door import Door, Guards
from bot.environment import read_environment
from bot.house import House, open_house
from bot.parts import Parts, Place
from bot.platforms.telegram_client import TelegramClient
from bot.probation import Probation
from bot.settings import Config, read_config
from bot.staged_drafts import StagedDrafts
from bot.start import read_files
from rehearsal.server import StandIn, StandInSettings, start
from store.house import Store
from tests.banking import bank_in
from tests.bot.posting import Post, post_at
from tests.playing import shipped_catalogue

ROOT = Path(__file__).parents[2]


@dataclass
class Platform:
    """The platform over HTTP: `client` is the bot's side, the rest the people's and the tests'."""

    stand_in: StandIn
    client: TelegramClient
    http: aiohttp.ClientSession

    async def post(self, path: str, **asked: Any) -> Any:
        async with self.http.post(self.stand_in.url + path, json=asked) as response:
            response.raise_for_status()
            return await response.json()

    async def get(self, path: str) -> Any:
        async with self.http.get(self.stand_in.url + path) as response:
            response.raise_for_status()
            return await response.json()

    async def person(self) -> str:
        """The chat of a new person, who has pressed Start."""
        person = await self.post("/people", name="Hoa")
        await self.post(f"/people/{person['id']}/start")
        return str(person["id"])

    async def fault(self, **asked: Any) -> None:
        await self.post("/faults", **({"method": "sendMessage"} | asked))

    async def texts(self, chat: str) -> list[str]:
        """What the bot's messages in the chat say now, oldest first."""
        shown = await self.get(f"/people/{chat}/chat")
        return [one["text"] for one in shown["messages"] if one["from"] == "bot"]


@pytest.fixture
async def platform() -> AsyncIterator[Platform]:
    stand_in = await start(StandInSettings())
    client = TelegramClient(stand_in.token, stand_in.url, read_s=1.0)
    await client.open()
    async with aiohttp.ClientSession() as http:
        yield Platform(stand_in, client, http)
    await client.close()
    await stand_in.stop()


@pytest.fixture
def ward(tmp_path: Path) -> Path:
    """The shipped files in a folder of their own."""
    texts = [f"handlers/messages/{one.name}" for one in (ROOT / "handlers/messages").iterdir()]
    for name in ("config.toml", "units.toml", *texts, "docs/the-le.md"):
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((ROOT / name).read_bytes())
    questions = tmp_path / "question_bank/questions"
    questions.mkdir(parents=True)
    for path in (ROOT / "question_bank/questions").glob("*.toml"):
        (questions / path.name).write_bytes(path.read_bytes())
    return tmp_path


@pytest.fixture
async def house(ward: Path) -> AsyncIterator[House]:
    config = read_config(ward / "config.toml")
    environment = read_environment({"HOITHI_CLOCK": "2025-12-10T09:00:00+07:00"})
    async with open_house(config, environment, read_files(config, environment)) as opened:
        yield opened


@pytest.fixture
def parts(house: House, platform: Platform, tmp_path: Path) -> Parts:
    """A process's parts over the real stores and a real client at the stand-in."""
    client = platform.client
    delivery = Delivery(client, house.papers, house.chats)
    store = house.store
    apology = Apology(client, "busy")
    crowd = Crowd(Apology(client, "crowded"))
    guards = Guards(store.events, house.is_current, Probation(store.tries, 0.0), apology, crowd)
    door = Door(house.desk, delivery, client.bot.username, guards)
    return Parts(house, client, door, delivery, Place(tmp_path))


@pytest.fixture
def bank_config(tmp_path: Path) -> Config:
    return bank_in(tmp_path)


@pytest.fixture
def drafts(bank_config: Config, store: Store) -> StagedDrafts:
    return StagedDrafts(bank_config.path("questions"), store.audit, bytes(range(16)))


@pytest.fixture
def bank_works(bank_config: Config, drafts: StagedDrafts) -> BankWorks:
    return BankWorks(bank_config, shipped_catalogue(), drafts, is_shared=False)


@pytest.fixture
def post(platform: Platform, store: Any, desk: Any, clock: Any) -> Post:
    return post_at(platform, store, desk, clock)
