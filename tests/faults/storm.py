"""A storm: many people at once, and a bot that is killed again and again, anywhere.

People, faults and the order of both come from one seed. When the storm is over everybody plays
to the end, and the checker compares what they were told with the tables.
"""

import asyncio
import math
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

import redis.asyncio

from bot.crash_points import POINTS
from rehearsal.faults import Fault
from tests.faults.checker import check
from tests.faults.ground import Ground
from tests.faults.history import History
from tests.faults.matrix import TRANSPORTS
from tests.faults.player import Player, name_of
from tests.faults.resident import Resident
from tests.faults.tables import Tables, sqlite_tables

MOST_BETWEEN = 40
"""Operations between a start and the next death: by what happens, not by a clock."""

LONGEST_CALM_S = 10.0
LONGEST_DRAIN_S = 120.0
"""A process drains for ten seconds at most (FAULTS T55), of which a busy machine makes more."""

_FAULTS = (
    {"method": "editMessageText", "status": 429, "retry_after": 1},
    {"method": "sendMessage", "status": 429, "retry_after": 1},
    {"method": "editMessageText", "status": 502, "body": "<html>Bad Gateway</html>"},
    {"method": "editMessageText", "drop": True},
    {"method": "editMessageText", "drop": True, "apply": True},
    {"method": "sendMessage", "cut": True, "apply": True},
    {"method": "sendMessage", "status": 500},
    {"method": "answerCallbackQuery", "drop": True},
    {"method": "getUpdates", "status": 502, "body": "<html>Bad Gateway</html>"},
)


@dataclass(frozen=True, slots=True)
class Plan:
    """Without `points` every death is a SIGKILL from outside at any moment.

    `is_gentle`: a SIGTERM instead, as at a deploy, and the process ends by itself. After
    `longest_s` there are no further kills.
    """

    seed: str
    kills: int
    people: int
    transports: tuple[str, ...] = TRANSPORTS
    is_gentle: bool = False
    longest_s: float = math.inf
    points: tuple[str, ...] = tuple(
        one for one in POINTS if not one.startswith(("outbox", "tally", "report"))
    )


@dataclass
class Storm:
    plan: Plan
    ground: Ground
    tell: Callable[[str], None] = lambda _: None
    history: History = field(init=False)
    deaths: Counter[str] = field(default_factory=Counter)
    transports: Counter[str] = field(default_factory=Counter)
    ordered: Counter[str] = field(default_factory=Counter)
    through: int = 0
    stuck: list[str] = field(default_factory=list)
    is_over: bool = False

    def __post_init__(self) -> None:
        self.history = History(self.plan.seed)
        self._chance = random.Random(self.plan.seed)

    async def rage(self, read: Callable[[], Awaitable[Tables]] | None = None) -> list[str]:
        """The whole storm; what the checker found wrong."""
        await self._start()
        chances = [random.Random(f"{self.plan.seed}/{at}") for at in range(self.plan.people)]
        seats = [asyncio.create_task(self._sit(chance)) for chance in chances]
        try:
            await self._strike_all(seats)
            self.is_over = True
            self.ground.world.faults.clear()
            await asyncio.gather(*seats)
        finally:
            for seat in seats:
                seat.cancel()
        await self.ground.quiet()
        await self._end()
        tables = sqlite_tables(self.ground.database) if read is None else await read()
        return [*check(self.history, tables), *self.stuck]

    async def _end(self) -> None:
        try:
            await self.ground.stop()
        except TimeoutError:
            self.stuck.append("stuck: the bot did not end by itself")
            await self.ground.kill()

    async def _sit(self, chance: random.Random) -> None:
        """One place at the storm: a person after the other until it is over."""
        while True:
            resident = Resident.meet(self.ground, name_of(chance))
            try:
                await Player(resident, self.history, chance).play()
                self.through += 1
            except AssertionError as error:
                # One who comes to nothing is a finding, and no end to the storm.
                self.stuck.append(f"stuck: {error}")
            if self.is_over:
                return

    async def _strike_all(self, seats: list[asyncio.Task[None]]) -> None:
        loop = asyncio.get_running_loop()
        until_s = loop.time() + self.plan.longest_s
        for number in range(1, self.plan.kills + 1):
            if loop.time() > until_s:
                return
            await self._calm()
            for seat in seats:
                if seat.done():
                    seat.result()
            await self._disturb()
            await self._strike()
            await self._start()
            if number % 10 == 0:
                self.tell(self.line(number))

    async def _calm(self) -> None:
        """People go on for a while."""
        until = len(self.history.operations) + self._chance.randrange(MOST_BETWEEN)
        with suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_CALM_S):
                while len(self.history.operations) < until:  # noqa: ASYNC110 (nobody is woken)
                    await asyncio.sleep(0.01)

    async def _strike(self) -> None:
        """One death: at a point that somebody comes to, else wherever the process is."""
        ground = self.ground
        if self.plan.is_gentle:
            await self._restart()
            return
        point = self._chance.choice((*self.plan.points, *["anywhere"] * len(self.plan.points)))
        if point != "anywhere" and ground.pid is not None:
            ground.arm(point)
            end = ground.nursery.end_of(ground.pid)
            done, _ = await asyncio.wait({asyncio.ensure_future(end)}, timeout=1.0)
            ground.disarm()
            point = point if done else "anywhere"
        await ground.kill()
        ground.disarm()
        self.deaths[point] += 1

    async def _restart(self) -> None:
        async with asyncio.timeout(LONGEST_DRAIN_S):
            code = await self.ground.stop()
        self.deaths[f"SIGTERM, exit {code}"] += 1

    async def _disturb(self) -> None:
        """Now and then the platform fails too, or Redis loses everything."""
        roll = 1.0 if self.plan.is_gentle else self._chance.random()
        if roll < 0.1:
            client = redis.asyncio.from_url(self.ground.environment["REDIS_URL"])
            await client.flushall()
            await client.aclose()
            self.ordered["FLUSHALL"] += 1
        elif roll < 0.5:
            fault = self._chance.choice(_FAULTS)
            times = self._chance.randrange(1, 4)
            self.ground.world.faults.order(Fault(**fault, times=times))
            self.ordered[" ".join(str(one) for one in fault.values())] += times

    async def _start(self) -> None:
        transport = self._chance.choice(self.plan.transports)
        self.transports[transport] += 1
        await self.ground.start(transport)

    def line(self, number: int) -> str:
        counts = self.history.counts()
        return (
            f"{number}/{self.plan.kills} kills, {self.through} people through, "
            f"{counts['ok']} ok, {counts['refused']} refused, {counts['unknown']} unknown"
        )
