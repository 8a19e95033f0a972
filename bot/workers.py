"""Several processes behind one port: started, kept alive, stopped together.

The keeper binds the port and listens, so that no connection is lost while a worker dies or comes;
it serves nobody itself. Any worker serves any person: what they share is in SQL and Redis.
"""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import structlog

from bot.data_folder import data_folder
from bot.environment import Environment, Worker, worker_variable
from bot.problems import stop
from bot.settings import Config
from bot.sockets import bind
from bot.timing import growing_s
from store.embedded_redis import start_embedded_redis

BACKLOG = 1024
STOP_S = 25.0
"""How long a worker may drain before it is ended."""

MOST = 64

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Crew:
    """What to start: `arguments` follow `hoithi run`, `count` is how many at first."""

    config: Config
    environment: Environment
    count: int
    arguments: tuple[str, ...]


async def keep(crew: Crew, ready: Callable[[str], None]) -> None:
    """Run until SIGTERM or SIGINT; `ready` is called with the address when all answer.

    SIGTTIN starts one worker more, SIGTTOU stops one.

    Raises:
        SettingsProblemError: a worker did not come up at the first start.
    """
    async with AsyncExitStack() as stack:
        bound = bind(crew.environment)
        stack.callback(bound.close)
        bound.listen(BACKLOG)
        bound.set_inheritable(True)
        redis_url = crew.environment.redis_url
        if not redis_url:
            folder = data_folder(crew.config, crew.environment)
            folder.make()
            engine = await start_embedded_redis(folder.path)
            stack.push_async_callback(engine.stop)
            redis_url = engine.url
        host, port = bound.getsockname()[:2]
        keeper = _Keeper(crew, bound, redis_url)
        await keeper.run(lambda: ready(f"http://{host}:{port}"))


@dataclass(slots=True, eq=False)
class _Hand:
    """One place among the workers, whoever fills it."""

    number: int
    process: asyncio.subprocess.Process | None = None
    is_wanted: bool = True
    is_up: asyncio.Event = field(default_factory=asyncio.Event)

    def end(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.send_signal(number)


class _Keeper:
    def __init__(self, crew: Crew, bound: socket.socket, redis_url: str) -> None:
        self._crew = crew
        self._bound = bound
        self._redis_url = redis_url
        self._hands: list[_Hand] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()
        self._failed = False

    async def run(self, ready: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, self._stopping.set)
        for _ in range(self._crew.count):
            self._add()
        await self._until_up()
        if not self._stopping.is_set():
            loop.add_signal_handler(signal.SIGTTIN, self._add)
            loop.add_signal_handler(signal.SIGTTOU, self._remove)
            ready()
            await self._stopping.wait()
        await self._end_all()
        if self._failed:
            raise stop("--workers", "worker_failed")

    async def _until_up(self) -> None:
        """Until all that were started at first are up, or there is nothing more to wait for."""
        up = asyncio.create_task(_all_up(list(self._hands)))
        stopping = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({up, stopping}, return_when=asyncio.FIRST_COMPLETED)
        up.cancel()
        stopping.cancel()
        await asyncio.gather(up, stopping, return_exceptions=True)

    def _add(self) -> None:
        if len(self._hands) >= MOST:
            return
        taken = {hand.number for hand in self._hands}
        hand = _Hand(next(number for number in range(1, MOST + 1) if number not in taken))
        self._hands.append(hand)
        task = asyncio.create_task(self._keep(hand))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _remove(self) -> None:
        # The first speaks for all to the platform: it goes last.
        if len(self._hands) > 1:
            hand = self._hands.pop()
            hand.is_wanted = False
            hand.end(signal.SIGTERM)

    async def _keep(self, hand: _Hand) -> None:
        """Fill a place again and again until it is not wanted any more."""
        failures = 0
        while hand.is_wanted:
            process = hand.process = await self._start(hand)
            was_up = await self._watch(hand, process)
            if not hand.is_wanted:
                return
            log.error("worker_ended", number=hand.number, code=process.returncode)
            if not hand.is_up.is_set():
                self._failed = True
                self._stopping.set()
                return
            failures = 0 if was_up else failures + 1
            await asyncio.sleep(growing_s(failures, 1.0) if failures else 0)

    async def _start(self, hand: _Hand) -> asyncio.subprocess.Process:
        descriptor = self._bound.fileno()
        worker = Worker(hand.number, descriptor, hand.is_up.is_set())
        variables = {"REDIS_URL": self._redis_url} | worker_variable(worker)
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "run",
            *self._crew.arguments,
            env=os.environ | variables,
            pass_fds=(descriptor,),
            stdout=asyncio.subprocess.PIPE,
        )

    async def _watch(self, hand: _Hand, process: asyncio.subprocess.Process) -> bool:
        """Until the process has ended; whether it had come up."""
        is_up = False
        output = process.stdout
        while output is not None and await output.readline():
            # A worker says one thing: that it answers.
            is_up = True
            hand.is_up.set()
        await process.wait()
        return is_up

    async def _end_all(self) -> None:
        for hand in self._hands:
            hand.is_wanted = False
            hand.end(signal.SIGTERM)
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=STOP_S)
            if late:
                log.error("workers_killed", count=len(late))
                for hand in self._hands:
                    hand.end(signal.SIGKILL)
                await asyncio.wait(late)


async def _all_up(hands: list[_Hand]) -> None:
    for hand in hands:
        await hand.is_up.wait()


def check_crew(environment: Environment) -> tuple[str, ...]:
    """What several processes need and is not there, as lines; empty: nothing (DESIGN §7)."""
    lines: list[str] = []
    if not environment.database_url.startswith("postgres"):
        lines += stop("DATABASE_URL", "workers_need", wanted="PostgreSQL (DATABASE_URL)").lines
    if not environment.public_url or not environment.telegram_token:
        wanted = "webhook (TELEGRAM_BOT_TOKEN, PUBLIC_URL)"
        lines += stop("PUBLIC_URL", "workers_need", wanted=wanted).lines
    if environment.is_trial:
        lines += stop("--trial", "workers_need", wanted="PostgreSQL; --trial: 1").lines
    return tuple(lines)
