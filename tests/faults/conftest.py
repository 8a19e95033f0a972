"""Grounds for the faults, and a contest to copy, so that papers are equal."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis.asyncio

from tests.faults.ground import Ground, lay_ground
from tests.faults.matrix import Way, open_contest, walk
from tests.nursery import Nursery

Lay = Callable[..., Awaitable[Ground]]


@dataclass(frozen=True, slots=True)
class Origin:
    """A contest that was opened once, and how a resident went through a copy of it."""

    data: Path
    way: Way


@pytest.fixture(scope="session")
def origin(tmp_path_factory: pytest.TempPathFactory, nursery_door: Path, redis_url: str) -> Origin:
    return asyncio.run(_originate(tmp_path_factory.mktemp("origin"), nursery_door, redis_url))


async def _originate(folder: Path, door: Path, redis_url: str) -> Origin:
    nursery = await Nursery.visit(door)
    environment = {"REDIS_URL": redis_url}
    data = await open_contest(await lay_ground(folder / "opened", nursery, environment))
    copy = await lay_ground(folder / "walked", nursery, environment, data)
    way = await walk(copy)
    await copy.close()
    await nursery.leave()
    return Origin(data, way)


@pytest.fixture
async def lay(
    tmp_path: Path, nursery: Nursery, redis_url: str, origin: Origin
) -> AsyncIterator[Lay]:
    """Lays a ground with a copy of the opened contest: `await lay()`."""
    grounds: list[Ground] = []

    async def make(**environment: str) -> Ground:
        # Copies share the contest's id, and so the keys in Redis.
        client = redis.asyncio.from_url(redis_url)
        await client.flushall()
        await client.aclose()
        given = {"REDIS_URL": redis_url} | environment
        folder = tmp_path / f"ground{len(grounds)}"
        ground = await lay_ground(folder, nursery, given, origin.data)
        grounds.append(ground)
        return ground

    yield make
    for ground in grounds:
        await ground.close()
        shutil.rmtree(ground.folder, ignore_errors=True)
