"""A real contest in a ward's own database, for commands that work beside a running bot."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from bot.environment import read_environment
from bot.house import House, open_house
from bot.settings import read_config
from bot.start import read_files
from handlers.proposals import OpenProposal, Settled
from handlers.records import AuditEntry, Sender
from store.tables import ROLE

TOKEN, KEY = "123456:" + "T" * 35, "ab" * 32


def set_contest(ward: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of a real contest; whoever opens the house begins it."""
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("HOITHI_DATA_KEY", KEY)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{ward}/contest.sqlite")


@asynccontextmanager
async def opened(ward: Path) -> AsyncIterator[House]:
    config, environment = read_config(ward / "config.toml"), read_environment()
    async with open_house(config, environment, read_files(config, environment)) as house:
        yield house


def in_house(ward: Path, work: Any) -> Any:
    async def go() -> Any:
        async with opened(ward) as house:
            return await work(house)

    return asyncio.run(go())


async def waiting(house: House) -> tuple[OpenProposal, ...]:
    return await house.store.proposals.open()


async def approve_all(house: House) -> list[Settled]:
    """Everything that waits, by an organiser who is new."""
    now = house.clock.now()
    visitor = await house.store.people.visit(Sender("tg", "1"), "1", now)
    values: dict[str, Any] = {"account": visitor.account, "role": "organiser", "unit": ""}
    values |= {"name_box": b"", "phone_box": b"", "phone_index": b""}
    values |= {"is_phone_verified": False, "granted_at": 0}
    statement = insert(ROLE).values(values)
    await house.store.database.write(lambda one: one.execute(statement) and None)
    entry = AuditEntry(now, visitor.account, "organiser", "proposal.approve", "proposal")
    return [await house.store.proposals.approve(one.id, entry) for one in await waiting(house)]
