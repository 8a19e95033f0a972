"""The driver's process: takes orders from the one who measures, one JSON line each.

Decides how an order is carried out: start, warm up, window, drain; and what is told of it.
"""

import asyncio
import gc
import json
import os
import pickle
import sys
import time
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

import uvloop

from benchmarks.driver import walks
from benchmarks.driver.api import ApiConnection
from benchmarks.driver.counts import Acknowledgements
from benchmarks.driver.limits import Limits
from benchmarks.driver.people import Person
from benchmarks.driver.regimes import IDLE_S, Pace, Saturation, Surge
from benchmarks.driver.screens import Seen
from benchmarks.driver.stage import Stage
from benchmarks.driver.walks import Walk
from benchmarks.driver.window import Mark, between, mark, waits_of

_NAME = b"Nguyen Thi Hoa"
_FIRST_ID = 1_000_000
_SETTLE_S = 0.1
_LOOK_S = 0.5
_TURN_S = 0.01
_SPREAD = 20
"""Steps of a whole paper, opening and submission among them."""

WALKS: dict[str, Walk] = {
    "paper": walks.PAPER,
    "taps": walks.TAPS,
    "opening": walks.OPENING,
    "echo": walks.ECHO,
}

Answer = dict[str, Any]


class Driver:
    """Carries out orders on a stage."""

    def __init__(self, labels: dict[str, str]) -> None:
        self._stage = Stage(labels)
        self._orders: dict[str, Callable[[Answer], Awaitable[Answer]]] = {
            "meet": self._meet,
            "save": self._save,
            "load": self._load,
            "walk": self._walk,
            "saturate": self._saturate,
            "pace": self._pace,
            "surge": self._surge,
            "limit": self._limit,
            "listen": self._listen,
            "heard": self._heard,
            "counts": self._counts,
        }

    async def serve(self) -> None:
        """Take orders until the input ends."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: ApiConnection(self._stage.take, lambda: self._stage.delay_s), "127.0.0.1", 0
        )
        _tell({"port": server.sockets[0].getsockname()[1]})
        reader = asyncio.StreamReader()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            order = json.loads(line)
            _tell(await self._orders[order["do"]](order))

    async def _heard(self, order: Answer) -> Answer:
        """Wait a while for the bot to set its webhook."""
        await _sleep_until(order["within_s"], self._stage.is_heard)
        return {"heard": self._stage.is_heard.is_set()}

    async def _meet(self, order: Answer) -> Answer:
        """`count` people; those who are known to be registered stand at home."""
        people = self._stage.people
        for at in range(len(people), order["count"]):
            people[_FIRST_ID + at] = Person(_FIRST_ID + at, _NAME)
        return {"people": len(people)}

    async def _save(self, order: Answer) -> Answer:
        """Write down where everybody stands, for a later driver of a copy of the database."""
        state = (list(self._stage.people.values()), self._stage.acks.next_number)
        _write_state(Path(order["path"]), state)
        return {}

    async def _load(self, order: Answer) -> Answer:
        # The platform never uses a number again: the database remembers those of before.
        people, first = _read_state(Path(order["path"]))
        self._stage.acks = Acknowledgements(first)
        self._stage.people = {one.id: one for one in people[: order.get("count")]}
        return {"people": len(self._stage.people)}

    async def _walk(self, order: Answer) -> Answer:
        """Everybody walks to the walk's end, `in_flight` at a time.

        `spread`: the first goes no step, the next one, and so on up to a whole paper: later on
        the people are at different places, as in life.
        """
        walk = self._walk_of(order)
        people = list(self._stage.people.values())[: order.get("people")]
        if order.get("record"):
            self._stage.texts = []
        steps: dict[Person, int] | None = None
        if order.get("spread"):
            steps = {one: at % _SPREAD for at, one in enumerate(people)}
        elif "steps" in order:
            steps = dict.fromkeys(people, int(order["steps"]))
        regime = Saturation(self._stage, walk, order["in_flight"], steps)
        began = time.monotonic()
        regime.start(people)
        await self._finish(regime.is_empty)
        told: Answer = {"seconds": time.monotonic() - began}
        if self._stage.texts is not None:
            told["texts"] = [one.decode() for one in self._stage.texts]
            self._stage.texts = None
        return told

    async def _saturate(self, order: Answer) -> Answer:
        stage = self._stage
        stage.delay_s, stage.twice = order.get("delay_s", 0.0), order.get("twice", 0.0)
        regime = Saturation(stage, self._walk_of(order), order["in_flight"])
        regime.start(stage.people.values())
        await _sleep_until(order["warm_s"], regime.is_empty)
        first = self._mark(order)
        if "taps" in order:
            await self._sleep_for(order["taps"])
        else:
            await _sleep_until(order["window_s"], regime.is_empty)
        last = self._mark(order)
        regime.stop()
        await self._finish(regime.is_empty)
        return between(first, last)

    async def _pace(self, order: Answer) -> Answer:
        stage = self._stage
        stage.delay_s = order["delay_s"]
        regime = Pace(stage, self._walk_of(order), order["rate"])
        regime.start(stage.people.values())
        await asyncio.sleep(order["warm_s"])
        regime.waits.clear()
        first = self._mark(order)
        await asyncio.sleep(order["window_s"])
        last = self._mark(order)
        waits, behind = sorted(regime.waits), regime.behind
        regime.stop()
        await self._finish(regime.is_empty)
        return between(first, last) | waits_of(waits) | {"behind": behind}

    async def _surge(self, order: Answer) -> Answer:
        stage = self._stage
        stage.delay_s = order["delay_s"]
        regime = Surge(stage, self._walk_of(order), order["within_s"])
        first = self._mark(order)
        regime.start(stage.people.values())
        await self._finish(regime.is_empty)
        return between(first, self._mark(order)) | waits_of(sorted(regime.waits))

    async def _limit(self, order: Answer) -> Answer:  # noqa: ARG002 (orders have one shape)
        """From now on the platform's limits are watched, and a message is refused now and then."""
        self._stage.limits = Limits()
        return {}

    async def _listen(self, order: Answer) -> Answer:
        """Wait for `count` messages that nobody asked for; from the first to the last of them.

        Half a minute in which none comes ends the wait.
        """
        stage, counts = self._stage, self._stage.counts
        await self._until_notices(1)
        first = self._mark(order)
        await self._until_notices(order["count"])
        told = between(first, self._mark(order))
        span_s = stage.notice_at - stage.first_notice_at
        return told | {"notices": counts.notices, "span_s": span_s}

    async def _until_notices(self, count: int) -> None:
        idle_s, before = 0.0, -1
        while self._stage.counts.notices < count and idle_s < IDLE_S:
            idle_s = idle_s + _TURN_S if self._stage.counts.notices == before else 0.0
            before = self._stage.counts.notices
            await asyncio.sleep(_TURN_S)

    async def _counts(self, order: Answer) -> Answer:  # noqa: ARG002 (orders have one shape)
        counts = self._stage.counts.as_dict()
        return counts | {"wrong_acks": self._stage.acks.wrong()}

    async def _sleep_for(self, taps: int) -> None:
        """Sleep until so many taps more are done; a run that stands still is left."""
        until, before = self._stage.counts.taps + taps, -1
        while before < self._stage.counts.taps < until:
            before = self._stage.counts.taps
            await asyncio.sleep(_LOOK_S)

    def _mark(self, order: Answer) -> Mark:
        return mark(self._stage.counts, order.get("watch", {}))

    def _walk_of(self, order: Answer) -> Walk:
        if order["walk"] == "registration":
            return walks.registration(order["unit"], order["born"])
        return WALKS[order["walk"]]

    async def _finish(self, is_empty: asyncio.Event) -> None:
        """Wait for the end; a run in which nothing moves any more is given up."""
        before = -1
        while not is_empty.is_set() and before != self._stage.counts.calls:
            before = self._stage.counts.calls
            await _sleep_until(IDLE_S, is_empty)
        if not is_empty.is_set():
            stuck = [one for one in self._stage.people.values() if one.step is not None]
            self._stage.counts.fail(f"stuck {len(stuck)} at {_where(stuck)}")
            for person in stuck:
                person.step, person.posts = None, 0
        # What was shown last is answered after the way back.
        await asyncio.sleep(self._stage.delay_s + _SETTLE_S)


State = tuple[list[Person], int]
"""Everybody, and the number of the next update."""


def _write_state(path: Path, state: State) -> None:
    path.write_bytes(pickle.dumps(state))


def _read_state(path: Path) -> State:
    state: State = pickle.loads(path.read_bytes())  # noqa: S301 (written by a driver before)
    return state


def _where(stuck: Iterable[Person]) -> str:
    kinds = {Seen.OTHER if one.seen is None else one.seen for one in stuck}
    return ", ".join(sorted(kind.value for kind in kinds))


async def _sleep_until(seconds: float, ended: asyncio.Event) -> None:
    """Sleep, or less if the end comes first."""
    try:
        async with asyncio.timeout(seconds):
            await ended.wait()
    except TimeoutError:
        return


def _tell(answer: Answer) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Labels come as the first argument, the cores as the second."""
    labels = json.loads(sys.argv[1])
    os.sched_setaffinity(0, {int(one) for one in sys.argv[2].split(",")})
    # Nothing here makes cycles that matter; a collection in a window would be noise.
    gc.disable()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(Driver(labels).serve())
