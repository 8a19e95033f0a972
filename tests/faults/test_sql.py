"""T08 and T10: SQL that loses an answer, is down, paused, full, read-only or has no room.

Nothing is acknowledged while SQL is away, and play goes on by itself when it is back.
"""

import asyncio
import os
import resource
import signal
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import asyncpg
import pytest

from tests.faults.checker import check
from tests.faults.ground import SECRET
from tests.faults.history import History, Outcome
from tests.faults.proxy import Proxy
from tests.faults.resident import Resident
from tests.faults.script import PAPER, PAPER_STEPS, REGISTRATION, SCRIPT, Step
from tests.faults.tables import postgres_tables, sqlite_tables

Do = Callable[[], Awaitable[None]]
ROLE = "contest"
pytestmark = pytest.mark.postgres


@pytest.fixture
async def proxy(postgres_url: str) -> AsyncIterator[Proxy]:
    """Before the PostgreSQL server of the tests, which listens on a Unix socket."""
    parts = urlsplit(postgres_url)
    host = parse_qs(parts.query)["host"][0]
    made = Proxy(f"{host}/.s.PGSQL.{parts.port or 5432}")
    yield made
    await made.close()


async def url_through(proxy: Proxy, postgres_url: str, user: str = "postgres") -> str:
    port = await proxy.start()
    return f"postgresql://{user}@127.0.0.1:{port}{urlsplit(postgres_url).path}"


async def go(hoa: Resident, *steps: Step) -> None:
    for step in steps:
        step.do(hoa)
        await hoa.until(lambda step=step: step.words in str(hoa.screens()[-1:]), step.name)


def told(person: int) -> History:
    """The script, as a person tells it to whom all of it was shown as taken."""
    history = History("script")
    said = [("register", None, 1), ("open", None, None), ("answer", 1, 0), ("answer", 2, 1)]
    said += [("back", 3, None), ("answer", 2, 2)]
    said += [("answer", place, place % 4) for place in range(3, PAPER + 1)]
    said += [("predict", None, 120), ("submit", None, None)]
    for one in said:
        history.invoke(person, *one).outcome = Outcome.OK
    history.screens[person] = "receipt"
    return history


async def test_t08_an_answer_of_commit_that_is_lost_is_read_again_by_key(
    lay: Any, proxy: Proxy, postgres_url: str
) -> None:
    ground = await lay(DATABASE_URL=await url_through(proxy, postgres_url))
    await ground.start("webhook")
    hoa = Resident.meet(ground)

    for step in SCRIPT:
        if step.name in {"name", "confirm", "begin", "tap", "submit"}:
            proxy.turn("lose COMMIT")
        await go(hoa, step)
    await ground.stop()

    assert proxy.lost == 5
    assert check(told(hoa.id), await postgres_tables(postgres_url)) == []


class Trouble:
    """One way for SQL to be away, and its end."""

    def __init__(self, begin: Do, end: Do) -> None:
        self.begin = begin
        self.end = end


def down(proxy: Proxy, _: Any, __: str) -> Trouble:
    async def begin() -> None:
        proxy.turn("down")

    async def end() -> None:
        proxy.turn("pass")

    return Trouble(begin, end)


def paused(_: Proxy, server: Any, __: str) -> Trouble:
    """SIGSTOP for the server and all of its children."""

    def tell(number: signal.Signals) -> None:
        postmaster = server.get_pid()
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(postmaster)],  # noqa: S607 (the system's own)
            capture_output=True,
            text=True,
            check=False,
        )
        for pid in (postmaster, *map(int, listed.stdout.split())):
            os.kill(pid, number)

    async def begin() -> None:
        await asyncio.to_thread(tell, signal.SIGSTOP)

    async def end() -> None:
        await asyncio.to_thread(tell, signal.SIGCONT)

    return Trouble(begin, end)


def read_only(_: Proxy, __: Any, url: str) -> Trouble:
    name = urlsplit(url).path[1:]

    async def begin() -> None:
        await run(url, f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        await run(url, _CUT)

    async def end() -> None:
        undo = f'ALTER DATABASE "{name}" RESET default_transaction_read_only'
        await run(url, "BEGIN READ WRITE", undo, "COMMIT")

    return Trouble(begin, end)


def no_room(_: Proxy, __: Any, url: str) -> Trouble:
    """The server takes no connection more."""

    async def begin() -> None:
        await run(url, f"ALTER ROLE {ROLE} CONNECTION LIMIT 0")
        await run(url, _CUT)

    async def end() -> None:
        await run(url, f"ALTER ROLE {ROLE} CONNECTION LIMIT -1")

    return Trouble(begin, end)


_CUT = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE pid <> pg_backend_pid() AND datname = current_database()"""


async def run(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture
async def role(postgres_url: str) -> AsyncIterator[str]:
    """A user without special rights: a superuser is never refused."""
    await run(
        postgres_url,
        f"DO $$ BEGIN CREATE ROLE {ROLE} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        f"ALTER ROLE {ROLE} CONNECTION LIMIT -1",
        f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {ROLE}",
        f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {ROLE}",
    )
    yield ROLE
    await run(postgres_url, f"DROP OWNED BY {ROLE}", f"DROP ROLE {ROLE}")


@pytest.mark.parametrize(
    ("trouble", "transport"),
    [
        (down, "webhook"),
        (down, "polling"),
        (read_only, "webhook"),
        (no_room, "polling"),
        (paused, "webhook"),
    ],
)
async def test_t10_sql_that_is_away_acknowledges_nothing_and_comes_back_by_itself(
    lay: Any,
    proxy: Proxy,
    postgres_url: str,
    postgres_server: Any,
    role: str,
    trouble: Callable[..., Trouble],
    transport: str,
) -> None:
    ground = await lay(DATABASE_URL=await url_through(proxy, postgres_url, role))
    made = trouble(proxy, postgres_server, postgres_url)
    await ground.start(transport)
    hoa = Resident.meet(ground)
    await go(hoa, *REGISTRATION, *PAPER_STEPS[:2])

    await made.begin()
    try:
        await refuses(ground, hoa)
        # A server that only reads answers the question whether it is there.
        assert await is_ready(ground) is (trouble is read_only)
    finally:
        await made.end()
    await hoa.sees("Câu 2/15")
    await ground.quiet()
    await ground.until_it(lambda: is_ready(ground), "readiness")
    await ground.stop()

    rows = (await postgres_tables(postgres_url))["transition"]
    assert [(row["view"], row["choice"]) for row in rows] == [(1, 0)]


async def refuses(ground: Any, hoa: Resident) -> None:
    """A tap is not acknowledged while SQL is away; over a webhook the answer says when to come."""
    update = hoa.tap("A")
    if ground.transport == "webhook":
        body = next(one.body for one in ground.world.queue.pending() if one.id == update)
        assert await ask(ground, body) == (503, "2")
    else:
        await ground.until(lambda: "StoreAwayError" in ground.log_since_start(), "a failed poll")
    assert [one.id for one in ground.world.queue.pending()] == [update]
    assert not ground.nursery.has_ended(ground.pid)


async def ask(ground: Any, body: dict[str, Any]) -> tuple[int, str | None]:
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{ground.web}/telegram/webhook", json=body, headers=headers) as response,
    ):
        return response.status, response.headers.get("Retry-After")


async def is_ready(ground: Any) -> bool:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{ground.web}/readyz") as response,
    ):
        return response.status == 200


@pytest.mark.parametrize("transport", ["webhook", "polling"])
async def test_t10_a_full_disk_acknowledges_nothing_and_comes_back_by_itself(
    lay: Any, transport: str
) -> None:
    """No file of the process may grow: the database's, and the log's too."""
    ground = await lay()
    await ground.start(transport)
    hoa = Resident.meet(ground)
    await go(hoa, *REGISTRATION, *PAPER_STEPS[:2])
    unlimited = resource.prlimit(ground.pid, resource.RLIMIT_FSIZE)

    resource.prlimit(ground.pid, resource.RLIMIT_FSIZE, (1, unlimited[1]))
    update = hoa.tap("A")
    await asyncio.sleep(1)  # nothing can be seen of what does not happen
    held = [one.id for one in ground.world.queue.pending()]
    is_alive = not ground.nursery.has_ended(ground.pid)
    resource.prlimit(ground.pid, resource.RLIMIT_FSIZE, unlimited)
    await hoa.sees("Câu 2/15")
    await ground.quiet()
    await ground.stop()

    assert (held, is_alive) == ([update], True)
    rows = sqlite_tables(ground.database)["transition"]
    assert [(row["view"], row["choice"]) for row in rows] == [(1, 0)]


@pytest.fixture
async def tiny(tmp_path: Path) -> AsyncIterator[Path]:
    """A file system of six megabytes, where one may be mounted."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)]
    done = await asyncio.to_thread(subprocess.run, mount, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("no file system may be mounted here")
    (folder / "ballast").touch()
    yield folder
    await asyncio.to_thread(subprocess.run, ["umount", "-l", str(folder)], check=True)


async def test_t10_a_file_system_without_room_is_away_and_comes_back(lay: Any, tiny: Path) -> None:
    ground = await lay(DATABASE_URL=f"sqlite:///{tiny}/hoithi.sqlite")
    await ground.start("polling")
    hoa = Resident.meet(ground)
    await go(hoa, *REGISTRATION, *PAPER_STEPS[:2])
    ballast = tiny / "ballast"

    fill(ballast)
    taps = 0
    while "StoreAwayError" not in ground.log_since_start():
        before = hoa.screens()[-1]
        hoa.tap("ABCD"[taps % 4])
        taps += 1
        await hoa.shortly(lambda before=before: hoa.screens()[-1] != before, 1.0)
    held = len(ground.world.queue)
    os.truncate(ballast, 0)
    await hoa.sees(f"Câu {taps + 1}/15")
    await ground.quiet()
    await ground.stop()

    assert held == 1
    rows = sqlite_tables(tiny / "hoithi.sqlite")["transition"]
    assert [row["choice"] for row in rows] == [one % 4 for one in range(taps)]


def fill(ballast: Path) -> None:
    with ballast.open("r+b", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            pass
