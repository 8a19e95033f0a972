import time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import MAX_RATE, Anchor, ContestClock, SteadyClock, machine_ms, read_clock
from bot.moments import read_iso
from bot.problems import STARTS, SettingsProblemError
from scoring.instant import Instant

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MACHINE = 1_800_000_000_000
CONTEST = Instant(1_765_332_000_000)
GRACE = 5_000


def clock_at(anchor: Anchor | None = None) -> ContestClock:
    """The machine's clock stands still."""
    return ContestClock(anchor, SteadyClock(lambda: MACHINE, lambda: 0))


def test_machine_ms_is_floored():
    before = time.time_ns()

    told = machine_ms()

    assert before // 1_000_000 <= told <= time.time_ns() // 1_000_000


def test_clock_without_an_anchor_is_the_machine_s():
    clock = clock_at()

    assert (clock.now(), clock.machine_ms(), clock.graced(GRACE)) == (
        MACHINE,
        MACHINE,
        MACHINE - GRACE,
    )


@pytest.mark.parametrize(
    ("rate", "since_ms", "contest_ms"),
    [
        pytest.param(1, 0, 0, id="at the anchor"),
        pytest.param(1, 1_500, 1_500, id="as fast as the machine's"),
        pytest.param(60, 1_500, 90_000, id="a minute a second"),
        pytest.param(MAX_RATE, 1, 10_000, id="the fastest"),
        pytest.param(60, -10, -600, id="before the anchor"),
    ],
)
def test_clock_rates(rate: int, since_ms: int, contest_ms: int):
    clock = clock_at(Anchor(CONTEST, MACHINE - since_ms, rate))

    assert clock.now() == CONTEST + contest_ms


@pytest.mark.parametrize(
    ("rate", "since_ms", "graced"),
    [
        pytest.param(1, GRACE + 1, CONTEST + 1, id="grace over, and 1 ms"),
        pytest.param(1, GRACE, CONTEST, id="grace over"),
        pytest.param(1, GRACE - 1, CONTEST - 1, id="grace not over"),
        pytest.param(1, 0, CONTEST - 1, id="just jumped"),
        pytest.param(60, GRACE + 1, CONTEST + 60, id="the grace is the machine's"),
        pytest.param(60, 10, CONTEST - 1, id="faster, not over"),
    ],
)
def test_graced_after_a_jump(rate: int, since_ms: int, graced: int):
    clock = clock_at(Anchor(CONTEST, MACHINE - since_ms, rate))

    assert clock.graced(GRACE) == graced


@settings(deadline=None)
@given(st.integers(1, MAX_RATE), st.integers(0, 20_000), st.integers(0, 20_000))
def test_graced_never_runs_ahead_or_back(rate: int, since_ms: int, later_ms: int):
    clock = clock_at(Anchor(CONTEST, MACHINE - since_ms, rate))
    later = clock_at(Anchor(CONTEST, MACHINE - since_ms - later_ms, rate))

    assert clock.graced(GRACE) < clock.now()
    assert clock.graced(GRACE) <= later.graced(GRACE)
    assert clock.graced(0) == clock.now()


@pytest.mark.parametrize(
    ("typed", "iso", "rate"),
    [
        ("2025-12-10T09:00:00+07:00*60", "2025-12-10T02:00:00Z", 60),
        ("2025-12-10T09:00:00+07:00", "2025-12-10T02:00:00Z", 1),
        ("2025-12-10T09:00:00", "2025-12-10T02:00:00Z", 1),
        ("2025-12-10T02:00:00Z*1", "2025-12-10T02:00:00Z", 1),
        (" 2025-12-10T02:00:00Z *10000", "2025-12-10T02:00:00Z", 10_000),
    ],
)
def test_read_clock_table(typed: str, iso: str, rate: int):
    assert read_clock(typed, ZONE, MACHINE) == Anchor(read_iso(iso, ZONE), MACHINE, rate)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "*60",
        "bây giờ",
        "07:00 08/12/2025",
        "2025-12-10T09:00:00*",
        "2025-12-10T09:00:00*0",
        "2025-12-10T09:00:00*-1",
        "2025-12-10T09:00:00*1.5",
        "2025-12-10T09:00:00*10001",
        "2025-12-10T09:00:00*²",
        "2025-12-10T09:00:00*x",
        "2025-12-10T09:00:00*60*60",
        "2025-13-10T09:00:00",
    ],
)
def test_read_clock_refused(typed: str):
    with pytest.raises(SettingsProblemError) as caught:
        read_clock(typed, ZONE, MACHINE)

    said = STARTS["clock_form"].format(key="HOITHI_CLOCK", found=typed)
    assert caught.value.lines == (f"HOITHI_CLOCK: {said}",)
