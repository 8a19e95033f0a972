"""The recount: what it compares, and that only what differs twice alike is told."""

from dataclasses import dataclass, field

import pytest

from scheduler import recounting
from scheduler.recounting import Counted, Recounter
from scoring.instant import HOUR_MS, MINUTE_MS, Instant
from scoring.tallies import Count

NINE = 1_765_332_000_000
NOW = Instant(NINE + 30 * MINUTE_MS)
RIGHT = {("a", NINE - HOUR_MS): Count(5, 3, 4), ("b", NINE - HOUR_MS): Count(2, 1, 1)}


@dataclass
class Clock:
    at: Instant = NOW

    def now(self) -> Instant:
        return self.at

    def machine_ms(self) -> int:
        return self.at


@dataclass
class Shelf:
    """Five people, of whom the first slice has all there is; `kept` are the buckets, in turn."""

    kept: list[Counted] = field(default_factory=lambda: [RIGHT])
    asked: list[tuple[int, int, int]] = field(default_factory=list)

    async def people(self) -> int:
        return 5

    async def buckets(self, before: Instant) -> Counted:  # noqa: ARG002
        return self.kept.pop(0) if len(self.kept) > 1 else self.kept[0]

    async def rows(self, before: Instant, beyond: int, upper: int) -> Counted:
        self.asked.append((before, beyond, upper))
        return RIGHT if beyond == 0 else {}


@pytest.fixture(autouse=True)
def two_a_slice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recounting, "SLICE", 2)


def wrong(unit: str, people: int) -> Counted:
    return RIGHT | {(unit, NINE - HOUR_MS): Count(5, people, 4)}


WRONG_B = {("b", NINE - HOUR_MS): Count(9, 9, 9)}


async def test_people_are_looked_at_slice_by_slice():
    shelf = Shelf()

    assert await Recounter(shelf, Clock(), 0).differing() == ()
    assert shelf.asked == [(NINE, 0, 2), (NINE, 2, 4), (NINE, 4, 5)]


@pytest.mark.parametrize(
    ("at", "before"),
    [
        pytest.param(NINE + 10 * MINUTE_MS - 1, NINE - HOUR_MS, id="not yet settled"),
        pytest.param(NINE + 10 * MINUTE_MS, NINE, id="settled"),
    ],
)
async def test_an_hour_is_compared_once_it_is_settled(at: int, before: int):
    shelf = Shelf()

    await Recounter(shelf, Clock(Instant(at)), 0).differing()

    assert shelf.asked[0][0] == before


@pytest.mark.parametrize(
    ("kept", "units"),
    [
        pytest.param([wrong("a", 4), wrong("a", 4)], ("a",), id="twice alike"),
        pytest.param([wrong("a", 4), RIGHT], (), id="once, while people went on"),
        pytest.param([wrong("a", 4), wrong("a", 5)], (), id="on the move"),
        pytest.param([wrong("c", 0), wrong("c", 0)], ("c",), id="a bucket that should not be"),
        pytest.param([{**wrong("a", 2), **WRONG_B}] * 2, ("a", "b"), id="two units"),
        pytest.param([{}, {}], ("a", "b"), id="buckets that are missing"),
    ],
)
async def test_what_differs_twice_alike_is_told(kept: list[Counted], units: tuple[str, ...]):
    assert await Recounter(Shelf(list(kept)), Clock(), 0).differing() == units
