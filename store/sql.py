"""Databases: one door to SQLite and one to PostgreSQL, of the same shape.

Statements are written once, as functions of a synchronous Core `Connection`. PostgreSQL runs
them over asyncpg; SQLite runs a whole transaction in its one writer thread, one hop each, which
is what a lone tap's cost is made of. Decides which errors mean that SQL is away; nothing here is
retried.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import QueuePool, StaticPool

from handlers.ports import HoithiError, StoreAwayError
from store.last_steps import with_last_steps

T = TypeVar("T")
Work = Callable[[Connection], T]

BUSY_MS = 5_000
"""How long a write waits for another process's write to the same SQLite file."""

STATEMENT_S = 10.0
"""How long a transaction may take before its server counts as away."""

_CONNECT_S = 5
_POOL = 16
"""Connections kept. None beyond them: one that comes and goes costs a server process each time."""
_READERS = 2
# What SQLite says when it is the file, the disk or a lock, and not the statement.
_SQLITE_AWAY = (
    "SQLITE_BUSY",
    "SQLITE_LOCKED",
    "SQLITE_READONLY",
    "SQLITE_IOERR",
    "SQLITE_FULL",
    "SQLITE_CANTOPEN",
    "SQLITE_CORRUPT",
    "SQLITE_NOTADB",
    "SQLITE_NOMEM",
    "SQLITE_PROTOCOL",
    "SQLITE_PERM",
    "SQLITE_AUTH",
)
# PostgreSQL's classes: connection, transaction state, authorization, resources, operator
# intervention, system errors; 25006 (read-only) is in class 25, 3D000 is "no such database".
_POSTGRES_AWAY = ("08", "25", "28", "3D", "53", "57", "58")


class DatabaseUrlError(HoithiError):
    """A database URL that names no kind of database known here."""


class Database(Protocol):
    """One database; every method may raise `StoreAwayError`."""

    is_sqlite: bool

    async def write(self, work: Work[T], limit_s: float = STATEMENT_S) -> T:
        """Run `work` in one transaction; its result is durable when this returns.

        What it left to the end (`store.last_steps`) is done before the commit. A server that has
        not answered after `limit_s` is away.
        """

    async def read(self, work: Work[T]) -> T:
        """Run `work` on a connection of its own; it must not write."""

    async def close(self) -> None: ...


def normal_url(url: str) -> URL:
    """The URL with the driver used here, from any usual way to write it.

    Raises:
        DatabaseUrlError: neither SQLite nor PostgreSQL; the URL itself is not repeated.
    """
    try:
        parsed = make_url(url)
    except Exception:  # noqa: BLE001 (the text may hold a password: nothing of it goes on)
        raise DatabaseUrlError("a database URL that cannot be read") from None
    name = parsed.drivername.split("+")[0]
    if name == "sqlite":
        return parsed.set(drivername="sqlite+pysqlite")
    if name in {"postgres", "postgresql"}:
        return parsed.set(drivername="postgresql+asyncpg")
    raise DatabaseUrlError(f"{name}: sqlite and postgresql are known")


def is_new_file(url: str) -> bool:
    """Whether the URL names a SQLite file that is not there yet."""
    parsed = normal_url(url)
    if not parsed.drivername.startswith("sqlite"):
        return False
    return not parsed.database or not Path(parsed.database).exists()


def connect(url: str) -> Database:
    """A database by its URL; nothing is opened yet."""
    parsed = normal_url(url)
    if parsed.drivername.startswith("sqlite"):
        return SqliteDatabase(parsed)
    return PostgresDatabase(parsed)


@contextmanager
def away_mapped() -> Iterator[None]:
    """Foreign errors that mean "SQL is away" leave as `StoreAwayError`; others as they are."""
    try:
        yield
    except (PoolTimeoutError, OSError, TimeoutError) as error:
        raise StoreAwayError(f"SQL is away: {type(error).__name__}") from error
    except (DBAPIError, sqlite3.Error) as error:
        if is_away(error):
            raise StoreAwayError(f"SQL is away: {_code_of(error)}") from error
        raise


def is_away(error: DBAPIError | sqlite3.Error) -> bool:
    """Whether the error is the database's state and not the statement's fault."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    if isinstance(error, IntegrityError):
        return False
    code = _code_of(error)
    if code.startswith("SQLITE"):
        return code.startswith(_SQLITE_AWAY)
    # asyncpg's own complaints about a connection carry no SQLSTATE
    return code.startswith(_POSTGRES_AWAY) or code == "InterfaceError"


def _code_of(error: DBAPIError | sqlite3.Error) -> str:
    """SQLite's error name or PostgreSQL's SQLSTATE, else the class of the driver's error."""
    origin = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(origin, "sqlite_errorname", None) or getattr(origin, "sqlstate", None)
    return str(code) if code else type(origin).__name__


class SqliteDatabase:
    """A file in WAL mode: one writer thread, a few readers."""

    is_sqlite = True

    def __init__(self, url: URL) -> None:
        if url.database and url.database != ":memory:":
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        self._writer = _sqlite_engine(url, "BEGIN IMMEDIATE")
        self._reader = _sqlite_engine(url, "BEGIN")
        self._write_thread = ThreadPoolExecutor(1, "sqlite-writer")
        self._read_threads = ThreadPoolExecutor(_READERS, "sqlite-reader")

    async def write(self, work: Work[T], limit_s: float = STATEMENT_S) -> T:  # noqa: ARG002 (a file does not hang; a lock has its own limit)
        return await self._run(self._write_thread, _in_transaction, self._writer, work)

    async def read(self, work: Work[T]) -> T:
        return await self._run(self._read_threads, _on_connection, self._reader, work)

    async def close(self) -> None:
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        self._write_thread.shutdown()
        self._read_threads.shutdown()
        self._writer.dispose()
        self._reader.dispose()

    async def _run(
        self,
        threads: ThreadPoolExecutor,
        run: Callable[[Engine, Work[T]], T],
        engine: Engine,
        work: Work[T],
    ) -> T:
        loop = asyncio.get_running_loop()
        with away_mapped():
            try:
                return await loop.run_in_executor(threads, run, engine, work)
            except RuntimeError as error:
                if "shutdown" in str(error):
                    raise StoreAwayError("the store is closed") from error
                raise


class PostgresDatabase:
    """A pool over asyncpg; `work` runs in a greenlet on the event loop."""

    is_sqlite = False

    def __init__(self, url: URL) -> None:
        self._engine: AsyncEngine = create_async_engine(
            url,
            pool_size=_POOL,
            max_overflow=0,
            pool_timeout=_CONNECT_S,
            # The connection last used, which knows the statements already.
            pool_use_lifo=True,
            hide_parameters=True,
            connect_args={"timeout": _CONNECT_S},
        )
        # A lone SELECT needs no BEGIN and ROLLBACK around it: two trips saved. Same pool.
        self._reader = self._engine.execution_options(isolation_level="AUTOCOMMIT")

    async def write(self, work: Work[T], limit_s: float = STATEMENT_S) -> T:
        whole = with_last_steps(work)

        async def run(connection: AsyncConnection) -> T:
            async with connection.begin():
                return await connection.run_sync(whole)

        return await self._run(self._engine, run, limit_s)

    async def read(self, work: Work[T]) -> T:
        async def run(connection: AsyncConnection) -> T:
            return await connection.run_sync(work)

        return await self._run(self._reader, run, STATEMENT_S)

    async def close(self) -> None:
        await self._engine.dispose()

    async def _run(
        self,
        engine: AsyncEngine,
        run: Callable[[AsyncConnection], Awaitable[T]],
        limit_s: float,
    ) -> T:
        with away_mapped():
            # A server that hangs is away too; SQLAlchemy drops a connection cut off here.
            async with asyncio.timeout(limit_s), engine.connect() as connection:
                try:
                    return await run(connection)
                except DBAPIError as error:
                    if is_away(error) and not connection.invalidated:
                        # What is wrong may be the session's own: read-only since it was opened.
                        await connection.invalidate()
                    raise


def _in_transaction(engine: Engine, work: Work[T]) -> T:
    with engine.begin() as connection:
        return with_last_steps(work)(connection)


def _on_connection(engine: Engine, work: Work[T]) -> T:
    with engine.connect() as connection:
        return work(connection)


def _sqlite_engine(url: URL, begin: str) -> Engine:
    """An engine whose transactions start with `begin`, which the driver would leave out."""
    is_writer = begin != "BEGIN"
    engine = create_engine(
        url,
        poolclass=StaticPool if is_writer else QueuePool,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "timeout": BUSY_MS / 1000},
        **({} if is_writer else {"pool_size": _READERS, "max_overflow": 0}),
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout={BUSY_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
