"""The plan of tallies: every edge, downtime, quiet hours, and a window that moves."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.tally_plan import (
    FINAL_OLD_MS,
    OLD_MS,
    PROMPT_MS,
    SETTLED_MS,
    DueTally,
    Hours,
    TallyJob,
    due_tallies,
)
from scoring.contest import DECISION_DELAY_MS, Calendar, Decision, Ruling, Timeline
from scoring.instant import DAY_MS, HOUR_MS, MINUTE_MS, Instant
from scoring.quiet_hours import is_quiet

MIDNIGHT = 1_765_126_800_000  # 00:00 on 08/12/2025 in Hà Nội
OPENS, CLOSES = MIDNIGHT + 7 * HOUR_MS, MIDNIGHT + 7 * DAY_MS
TIMELINE = Timeline(Calendar(Instant(OPENS), Instant(CLOSES)))
HOURS = Hours(20 * HOUR_MS, 7 * HOUR_MS)
E, M, F, U = TallyJob.EVENING, TallyJob.MORNING, TallyJob.FINAL, TallyJob.FINAL_UNITS


def at(day: int, hour: int, minute: int = 0) -> int:
    """Day 1 is that of the opening."""
    return MIDNIGHT + (day - 1) * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS


def due_at(now: int, timeline: Timeline = TIMELINE) -> list[tuple[TallyJob, int, bool]]:
    found = due_tallies(timeline, Instant(now), Instant(now - SETTLED_MS), HOURS)
    return [(one.job, one.planned_at, one.is_skipped) for one in found]


def posts(now: int, timeline: Timeline = TIMELINE) -> list[tuple[TallyJob, int]]:
    return [(job, planned) for job, planned, is_skipped in due_at(now, timeline) if not is_skipped]


def decided(ruling: Ruling, effect: int, until: int | None = None) -> Timeline:
    recorded = Instant(effect - DECISION_DELAY_MS)
    decision = Decision(ruling, recorded, None if until is None else Instant(until))
    return Timeline(TIMELINE.calendar, (decision,))


@pytest.mark.parametrize(
    ("now", "found"),
    [
        pytest.param(at(1, 6, 59), [], id="before the opening"),
        pytest.param(OPENS + SETTLED_MS, [], id="the opening's own hour has no digest"),
        pytest.param(at(1, 20) - 1, [], id="20:00 -1 ms"),
        pytest.param(at(1, 20), [], id="20:00, not settled"),
        pytest.param(at(1, 20) + SETTLED_MS - 1, [], id="20:00:10 -1 ms"),
        pytest.param(at(1, 20) + SETTLED_MS, [(E, at(1, 20))], id="20:00:10"),
        pytest.param(at(1, 21) - 1, [(E, at(1, 20))], id="21:00 -1 ms"),
        pytest.param(at(1, 21), [], id="21:00, quiet"),
        pytest.param(at(2, 0), [], id="midnight"),
        pytest.param(at(2, 7) - 1, [], id="07:00 -1 ms, quiet"),
        pytest.param(at(2, 7), [(E, at(1, 20))], id="07:00, late and over midnight"),
        pytest.param(
            at(2, 7) + SETTLED_MS, [(E, at(1, 20)), (M, at(2, 7))], id="07:00:10, the digest too"
        ),
        pytest.param(at(2, 16), [(E, at(1, 20)), (M, at(2, 7))], id="exactly 20 hours late"),
        pytest.param(at(2, 16) + 1, [(M, at(2, 7))], id="older than 20 hours"),
        pytest.param(
            at(2, 20) + SETTLED_MS, [(M, at(2, 7)), (E, at(2, 20))], id="the second evening"
        ),
        pytest.param(at(7, 23, 59), [], id="the last night"),
        pytest.param(CLOSES + SETTLED_MS - 1, [], id="closing, not settled"),
        pytest.param(CLOSES + SETTLED_MS, [(F, CLOSES)], id="closing + 10 s"),
        pytest.param(CLOSES + PROMPT_MS, [(F, CLOSES)], id="still awaited"),
        pytest.param(CLOSES + PROMPT_MS + 1, [], id="nobody waits any more: quiet"),
        pytest.param(at(8, 7), [(F, CLOSES)], id="the morning after"),
        pytest.param(
            at(8, 7) + SETTLED_MS,
            [(F, CLOSES), (M, at(8, 7)), (U, CLOSES)],
            id="units and the radio hear of the end",
        ),
        pytest.param(at(8, 20, 30), [(F, CLOSES), (M, at(8, 7)), (U, CLOSES)], id="late, all"),
        pytest.param(at(9, 8), [(F, CLOSES), (U, CLOSES)], id="the digest is too old, no new one"),
        pytest.param(CLOSES + FINAL_OLD_MS + 7 * HOUR_MS, [(U, CLOSES)], id="three days on"),
        pytest.param(at(12, 8), [], id="long after"),
    ],
)
def test_t30_tallies_that_are_posted(now: int, found: list[tuple[TallyJob, int]]):
    assert posts(now) == found


def test_a_missed_tally_is_skipped_where_a_newer_one_is_due_as_well():
    assert due_at(at(3, 20) + SETTLED_MS) == [
        (E, at(1, 20), True),
        (M, at(2, 7), True),
        (E, at(2, 20), True),
        (M, at(3, 7), False),
        (E, at(3, 20), False),
    ]


def test_what_is_older_than_twenty_hours_is_skipped():
    found = due_at(at(2, 20) - 1)

    assert found == [(E, at(1, 20), True), (M, at(2, 7), False)]
    assert at(2, 20) - 1 - at(1, 20) > OLD_MS


def test_the_last_evening_gives_way_to_the_final_one():
    assert due_at(at(8, 7))[-2:] == [(E, at(7, 20), True), (F, CLOSES, False)]


def test_nothing_is_skipped_by_night_either():
    assert [due_at(at(3, hour)) for hour in (0, 3, 6, 21, 23)] == [[]] * 5


@pytest.mark.parametrize(
    ("timeline", "now", "found"),
    [
        pytest.param(
            decided(Ruling.CLOSE, at(3, 15)),
            at(3, 15) + SETTLED_MS,
            [(M, at(3, 7)), (F, at(3, 15))],
            id="closed early: the final one at once",
        ),
        pytest.param(
            decided(Ruling.CLOSE, at(3, 15)),
            at(3, 20) + SETTLED_MS,
            [(M, at(3, 7)), (F, at(3, 15))],
            id="closed early: no evening after",
        ),
        pytest.param(
            decided(Ruling.CLOSE, at(3, 15)),
            at(4, 7) + SETTLED_MS,
            [(F, at(3, 15)), (M, at(4, 7)), (U, at(3, 15))],
            id="closed early: units next morning",
        ),
        pytest.param(
            decided(Ruling.CLOSE, at(3, 20)),
            at(3, 20) + SETTLED_MS,
            [(M, at(3, 7)), (F, at(3, 20))],
            id="closed at the hour of the tally: the final one stands for it",
        ),
        pytest.param(
            decided(Ruling.CLOSE, at(3, 7)),
            at(3, 7) + SETTLED_MS,
            [(F, at(3, 7))],
            id="closed at the hour of the digest: it comes with the units' tomorrow",
        ),
        pytest.param(
            decided(Ruling.EXTEND, at(7, 12), at(9, 0)),
            at(8, 20) + SETTLED_MS,
            [(M, at(8, 7)), (E, at(8, 20))],
            id="extended: the old closing is none",
        ),
        pytest.param(
            decided(Ruling.EXTEND, at(7, 12), at(9, 0)),
            at(9, 0) + SETTLED_MS,
            [(F, at(9, 0))],
            id="extended: the final one at the new closing",
        ),
        pytest.param(
            decided(Ruling.OPEN, at(0, 12)),
            at(0, 20) + SETTLED_MS,
            [(E, at(0, 20))],
            id="opened early",
        ),
        pytest.param(
            decided(Ruling.PAUSE, at(1, 12)),
            at(1, 20) + SETTLED_MS,
            [(E, at(1, 20))],
            id="paused: people want to know",
        ),
    ],
)
def test_a_window_that_moves(timeline: Timeline, now: int, found: list[tuple[TallyJob, int]]):
    assert posts(now, timeline) == found


def test_growth_is_counted_from_the_day_before():
    assert DueTally(E, Instant(at(2, 20))).since == at(1, 20)


@settings(deadline=None)
@given(st.lists(st.integers(OPENS - DAY_MS, CLOSES + 2 * DAY_MS), max_size=30).map(sorted))
def test_t30_no_job_is_both_posted_and_skipped_unless_it_was_late(ticks: list[int]):
    """Whenever processes run: a key is done once, all but the final one outside quiet hours."""
    done: dict[tuple[TallyJob, int], tuple[int, bool]] = {}
    for now in ticks:
        for job, planned, is_skipped in due_at(now):
            done.setdefault((job, planned), (now, is_skipped))

    for (job, planned), (now, is_skipped) in done.items():
        assert now >= planned + SETTLED_MS
        if job is not F:
            assert not is_quiet(Instant(now))
        if job in {E, M} and not is_skipped:
            assert now - planned <= OLD_MS
