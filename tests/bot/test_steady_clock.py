"""T23: the machine's clock steps, jumps and repeats seconds; what is told never goes back."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.clock import FAR_BACK_MS, Anchor, ContestClock, SteadyClock, refuse_far_back
from bot.problems import SettingsProblemError
from scoring.instant import HOUR_MS, MINUTE_MS, Instant

NINE = 1_765_332_000_000
GRACE = 5_000


class Machine:
    """Both clocks of a machine, moved by hand: `steady` tells by them."""

    def __init__(self) -> None:
        self.wall_ms, self.elapsed_ms = NINE, 77
        self.steady = SteadyClock(lambda: self.wall_ms, lambda: self.elapsed_ms)
        self.steady.now_ms()

    def run(self, length_ms: int) -> int:
        """Time passes on both; what is told then."""
        self.wall_ms += length_ms
        self.elapsed_ms += length_ms
        return self.steady.now_ms() - NINE

    def step(self, by_ms: int) -> int:
        """Somebody sets the wall clock; what is told then."""
        self.wall_ms += by_ms
        return self.steady.now_ms() - NINE


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.mark.parametrize("step_ms", [1, 40, 1_000, HOUR_MS], ids="{} ms ahead".format)
def test_t23_a_step_ahead_is_followed(machine: Machine, step_ms: int) -> None:
    told = [machine.run(500), machine.step(step_ms), machine.run(500)]

    assert told == [500, 500 + step_ms, 1_000 + step_ms]


@pytest.mark.parametrize("step_ms", [2, 40, 1_000, HOUR_MS], ids="{} ms back".format)
def test_t23_after_a_step_back_time_runs_at_half_speed_until_caught_up(
    machine: Machine, step_ms: int
) -> None:
    machine.run(10)

    told = [machine.step(-step_ms), machine.run(step_ms), machine.run(step_ms), machine.run(500)]

    halfway = 10 + step_ms // 2
    assert told == [10, halfway, 10 + step_ms, 510 + step_ms]
    assert machine.steady.behind_ms() == 0


def test_t23_half_speed_is_kept_however_often_anybody_asks(machine: Machine) -> None:
    machine.step(-HOUR_MS)

    told = [machine.run(1) for _ in range(1_000)]

    assert told == [at // 2 for at in range(1, 1_001)]


def test_t23_a_leap_second_that_is_told_twice_is_told_once(machine: Machine) -> None:
    told = []
    for at_ms in range(0, 4_000, 250):
        told.append(machine.run(250))
        if at_ms == 750:
            machine.step(-1_000)

    assert told == sorted(set(told))
    assert told[-1] == 3_000


def test_t23_each_step_back_is_said_once_in_the_log(machine: Machine) -> None:
    with capture_logs() as logs:
        for _ in range(2):
            machine.step(-HOUR_MS)
            machine.run(MINUTE_MS)
            machine.run(2 * HOUR_MS)
        machine.step(-999)
        machine.run(10_000)

    said = [(line["event"], line.get("by_ms")) for line in logs]
    assert said == [("clock_went_back", HOUR_MS), ("clock_caught_up", None)] * 2 + [
        ("clock_caught_up", None)
    ]


def test_t23_a_jump_ahead_is_said_once_in_the_log(machine: Machine) -> None:
    with capture_logs() as logs:
        machine.run(HOUR_MS)
        machine.step(999)
        machine.step(HOUR_MS)
        machine.run(HOUR_MS)

    assert [(line["event"], line["by_ms"]) for line in logs] == [("clock_jumped", HOUR_MS)]


def test_t23_a_new_process_tells_nothing_before_what_is_recorded(machine: Machine) -> None:
    machine.steady.begin_after(NINE + HOUR_MS)

    told = [machine.run(0), machine.run(2_000), machine.run(2 * HOUR_MS)]

    assert told == [HOUR_MS, HOUR_MS + 1_000, 2 * HOUR_MS + 2_000]


def test_t23_what_is_recorded_before_now_changes_nothing(machine: Machine) -> None:
    machine.steady.begin_after(NINE - 1)

    assert (machine.run(7), machine.steady.behind_ms()) == (7, 0)


Moves = st.lists(
    st.tuples(st.integers(0, 10_000), st.integers(-2 * HOUR_MS, 2 * HOUR_MS)), max_size=30
)


@given(Moves, st.integers(0, 10_000))
def test_t23_nothing_told_ever_goes_back(moves: Sequence[tuple[int, int]], grace_ms: int) -> None:
    machine = Machine()
    clock = ContestClock(None, machine.steady)
    seen = [(clock.now(), clock.graced(grace_ms))]

    for length_ms, step_ms in moves:
        machine.step(step_ms)
        machine.run(length_ms)
        seen.append((clock.now(), clock.graced(grace_ms)))

    told, graced = zip(*seen, strict=True)
    assert list(told) == sorted(told)
    assert all(at <= now - min(grace_ms, 0) for now, at in seen)
    assert list(told[1:]) >= list(graced[:-1])


@pytest.mark.parametrize(
    ("since_ms", "graced"),
    [
        pytest.param(0, 10_000 - GRACE, id="just jumped"),
        pytest.param(GRACE - 1, 10_000 - 1, id="just before the grace is over"),
        pytest.param(GRACE, 10_000 + HOUR_MS, id="over"),
    ],
)
def test_t23_a_jump_takes_nobody_s_grace(machine: Machine, since_ms: int, graced: int) -> None:
    """What was received before the jump may still be on its way to its commit."""
    clock = ContestClock(None, machine.steady)
    machine.run(10_000)

    machine.step(HOUR_MS)
    machine.run(since_ms)

    assert clock.graced(GRACE) == Instant(NINE + graced)


def test_t23_a_rehearsal_s_clock_goes_on_too(machine: Machine) -> None:
    clock = ContestClock(Anchor(Instant(5_000_000), NINE, 60), machine.steady)
    machine.run(1_000)

    machine.step(-HOUR_MS)
    machine.run(1_000)

    assert clock.now() == 5_000_000 + 60 * 1_500


@pytest.mark.parametrize("behind_ms", [FAR_BACK_MS, 400 * 24 * HOUR_MS])
def test_t23_a_day_behind_the_tables_is_refused(behind_ms: int) -> None:
    with pytest.raises(SettingsProblemError, match=f"{behind_ms // HOUR_MS} giờ.*timedatectl"):
        refuse_far_back(NINE + behind_ms, NINE)


@pytest.mark.parametrize("behind_ms", [FAR_BACK_MS - 1, 0, -FAR_BACK_MS])
def test_t23_less_than_a_day_is_waited_for(behind_ms: int) -> None:
    refuse_far_back(NINE + behind_ms, NINE)
