"""A tally as a value: what it holds, who moved, and that it is read again as it was stored."""

import json

import pytest

from scoring.daily_tallies import (
    Tally,
    days_left,
    movers,
    taken_at,
    tally_from_json,
    tally_json,
    without_anybody,
)
from scoring.instant import DAY_MS, HOUR_MS, Instant
from scoring.rules import UnitRule
from scoring.tallies import Count

MIDNIGHT = 1_765_126_800_000  # 00:00 on 08/12/2025 in Hà Nội
CLOSES = Instant(MIDNIGHT + 7 * DAY_MS)
EVENING = Instant(MIDNIGHT + 2 * DAY_MS + 20 * HOUR_MS)
UNITS = tuple(UnitRule(code, "to-dan-pho", 0, 50) for code in "abcd")
NOW = {"a": Count(60, 52, 70), "b": Count(9, 3, 4), "c": Count(9, 3, 3), "gone": Count(1, 1, 1)}
BEFORE = {"a": Count(60, 51, 60), "b": Count(9, 1, 1), "c": Count(9, 1, 1), "gone": Count(1, 1, 1)}


@pytest.fixture
def tally() -> Tally:
    return taken_at(EVENING, CLOSES, UNITS, (NOW, (Instant(EVENING - DAY_MS), BEFORE)))


def test_a_tally_tells_all_and_what_came_since(tally: Tally):
    assert tally.total == Count(79, 59, 78)
    assert tally.grown == Count(0, 5, 15)
    assert [line.code for line in tally.lines] == ["a", "b", "c", "d"]
    assert (tally.reached, tally.is_final) == (1, False)


def test_movers_come_by_people_then_attempts(tally: Tally):
    assert [line.code for line in movers(tally)] == ["b", "c", "a"]


def test_units_without_anybody_are_told(tally: Tally):
    assert [line.code for line in without_anybody(tally)] == ["d"]


def test_t30_a_stored_tally_is_read_as_it_was(tally: Tally):
    kept = json.loads(json.dumps(tally_json(tally)))

    assert tally_from_json(kept) == tally


def test_the_pace_is_for_the_days_after_this_evening(tally: Tally):
    assert [line.pace for line in tally.lines] == [0, 12, 12, 13]


@pytest.mark.parametrize(
    ("at", "closes", "left"),
    [
        pytest.param(7 * HOUR_MS, CLOSES, 7, id="first morning"),
        pytest.param(12 * HOUR_MS, CLOSES, 7, id="noon"),
        pytest.param(12 * HOUR_MS + 1, CLOSES, 6, id="after noon"),
        pytest.param(20 * HOUR_MS, CLOSES, 6, id="first evening"),
        pytest.param(6 * DAY_MS + 7 * HOUR_MS, CLOSES, 1, id="last morning"),
        pytest.param(6 * DAY_MS + 20 * HOUR_MS, CLOSES, 0, id="last evening"),
        pytest.param(7 * DAY_MS, CLOSES, 0, id="closing"),
        pytest.param(7 * DAY_MS + 7 * HOUR_MS, CLOSES, 0, id="after"),
        pytest.param(20 * HOUR_MS, CLOSES - 13 * HOUR_MS, 5, id="closes before noon"),
    ],
)
def test_days_left_are_those_whose_noon_is_to_come(at: int, closes: int, left: int):
    assert days_left(Instant(MIDNIGHT + at), Instant(closes)) == left
