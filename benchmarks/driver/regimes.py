"""Whose turn it is: many at once (saturation), by the clock (pace), or all within seconds (surge).

Latency is counted from when a tap was due, not from when the driver came to it.
"""

import asyncio
from collections import deque
from collections.abc import Iterable

from benchmarks.driver.people import Person
from benchmarks.driver.screens import Seen
from benchmarks.driver.stage import Stage
from benchmarks.driver.walks import Does, Walk

IDLE_S = 30.0
"""A run in which nothing happens for so long has lost an update."""


class Saturation:
    """Keeps `in_flight` updates under way; people take turns in one line."""

    def __init__(
        self,
        stage: Stage,
        walk: Walk,
        in_flight: int,
        steps: dict[Person, int] | None = None,
    ) -> None:
        """`steps`: how many steps each person may make; without it there is no bound."""
        self._stage = stage
        self._walk = walk
        self._limit = in_flight
        self._steps = steps
        self._line: deque[Person] = deque()
        self._under_way = 0
        self._is_open = False
        self.is_empty = asyncio.Event()

    def start(self, people: Iterable[Person]) -> None:
        self._line.extend(people)
        self._stage.done, self._stage.seen = self._done, _unheeded
        self._is_open = True
        self._fill()

    def stop(self) -> None:
        """Nobody begins anything any more; `is_empty` is set when all is done."""
        self._is_open = False
        self._check()

    def _done(self, person: Person) -> None:
        self._under_way -= 1
        self._line.append(person)
        self._fill()

    def _fill(self) -> None:
        while self._is_open and self._under_way < self._limit and self._line:
            person = self._line.popleft()
            if self._may_step(person) and self._stage.act(person, self._walk):
                self._under_way += 1
        self._check()

    def _may_step(self, person: Person) -> bool:
        if self._steps is None:
            return True
        self._steps[person] -= 1
        return self._steps[person] >= 0

    def _check(self) -> None:
        if not self._under_way:
            self.is_empty.set()


class Pace:
    """An open-loop clock: a tap is due every `1 / rate` seconds, whatever the bot does."""

    def __init__(self, stage: Stage, walk: Walk, rate: float) -> None:
        self._stage = stage
        self._walk = walk
        self._every_s = 1 / rate
        self._ready: deque[Person] = deque()
        self._late: deque[float] = deque()
        self._is_open = False
        self._at = 0.0
        self._under_way = 0
        self.waits: list[float] = []
        self.is_empty = asyncio.Event()

    def start(self, people: Iterable[Person]) -> None:
        self._stage.done, self._stage.seen = self._done, self._seen
        self._is_open = True
        for person in people:
            self._next(person)
        self._at = asyncio.get_running_loop().time()
        self._tick()

    def stop(self) -> None:
        self._is_open = False
        self._check()

    @property
    def behind(self) -> int:
        """Taps that are due and that nobody is free to make."""
        return len(self._late)

    def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        while self._is_open and self._at <= loop.time():
            self._due(self._at)
            self._at += self._every_s
        if self._is_open:
            loop.call_at(self._at, self._tick)

    def _due(self, at: float) -> None:
        if self._ready:
            self._tap(self._ready.popleft(), at)
        else:
            self._late.append(at)

    def _tap(self, person: Person, due: float) -> None:
        person.due = due
        self._under_way += 1
        self._stage.act(person, self._walk)

    def _seen(self, person: Person) -> None:
        if person.step is not None and person.step.does is Does.LETTER:
            self.waits.append(asyncio.get_running_loop().time() - person.due)

    def _done(self, person: Person) -> None:
        self._under_way -= 1
        if self._is_open:
            self._next(person)
        self._check()

    def _next(self, person: Person) -> None:
        """At a question he waits for the clock; everything else he does at once."""
        if person.seen is not Seen.QUESTION or person.publish is not None:
            self._under_way += 1
            self._stage.act(person, self._walk)
        elif self._late:
            self._tap(person, self._late.popleft())
        else:
            self._ready.append(person)

    def _check(self) -> None:
        if not self._is_open and not self._under_way:
            self.is_empty.set()


class Surge:
    """Everybody opens a paper, evenly within some seconds; the wait ends at the first question."""

    def __init__(self, stage: Stage, walk: Walk, within_s: float) -> None:
        self._stage = stage
        self._walk = walk
        self._within_s = within_s
        self._left = 0
        self.waits: list[float] = []
        self.is_empty = asyncio.Event()

    def start(self, people: Iterable[Person]) -> None:
        self._stage.done, self._stage.seen = self._done, _unheeded
        loop = asyncio.get_running_loop()
        everybody = list(people)
        self._left = len(everybody)
        for at, person in enumerate(everybody):
            person.due = loop.time() + self._within_s * at / len(everybody)
            loop.call_at(person.due, self._stage.act, person, self._walk)

    def _done(self, person: Person) -> None:
        if self._stage.act(person, self._walk):
            return
        self.waits.append(asyncio.get_running_loop().time() - person.due)
        self._left -= 1
        if not self._left:
            self.is_empty.set()


def _unheeded(_: Person) -> None:
    """For regimes that do not count when a screen was seen."""
