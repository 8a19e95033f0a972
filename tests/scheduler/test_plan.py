from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.plan import LATE_MS, Due, Job, due_jobs, is_quiet, reminder_at
from scoring.contest import (
    DECISION_DELAY_MS,
    ENDING_GRACE_MS,
    Calendar,
    Decision,
    Phase,
    Ruling,
    Timeline,
)
from scoring.instant import DAY_MS, HOUR_MS, MINUTE_MS, Instant, day_start

OPENS, CLOSES = 1_000_000, 9_000_000
TIMELINE = Timeline(Calendar(Instant(OPENS), Instant(CLOSES)))
OPENING, LATE = Due(Job.OPENING, OPENS), Due(Job.OPENING, OPENS, True)
CLOSING = Due(Job.CLOSING, CLOSES)


def due_at(now: int, timeline: Timeline = TIMELINE) -> tuple[Due, ...]:
    return due_jobs(timeline, Instant(now), Instant(now - ENDING_GRACE_MS))


def decided(ruling: Ruling, effect: int, until: int | None = None) -> Timeline:
    decision = Decision(
        ruling, Instant(effect - DECISION_DELAY_MS), None if until is None else Instant(until)
    )
    return Timeline(TIMELINE.calendar, (decision,))


@pytest.mark.parametrize(
    ("now", "due"),
    [
        pytest.param(OPENS - 1, (), id="opening -1 ms"),
        pytest.param(OPENS, (OPENING,), id="opening"),
        pytest.param(OPENS + LATE_MS, (OPENING,), id="two minutes after, not late"),
        pytest.param(OPENS + LATE_MS + 1, (LATE,), id="more than two minutes after"),
        pytest.param(OPENS + 4 * MINUTE_MS, (LATE,), id="dead at 07:00, back at 07:04"),
        pytest.param(CLOSES - 1, (LATE,), id="closing -1 ms"),
        pytest.param(CLOSES, (), id="closing, grace runs"),
        pytest.param(CLOSES + ENDING_GRACE_MS - 1, (), id="grace -1 ms"),
        pytest.param(CLOSES + ENDING_GRACE_MS, (CLOSING,), id="grace over"),
        pytest.param(CLOSES + 10**9, (CLOSING,), id="back long after closing"),
    ],
)
def test_t28_due_jobs_table(now: int, due: tuple[Due, ...]):
    assert due_at(now) == due


@settings(deadline=None)
@given(st.lists(st.integers(0, CLOSES + 10**6), max_size=20).map(sorted))
def test_t28_opening_has_one_key_however_often_asked(ticks: list[int]):
    found = [due for now in ticks for due in due_at(now)]

    keys = {(due.job, due.planned_at) for due in found}
    assert keys <= {(Job.OPENING, OPENS), (Job.CLOSING, CLOSES)}
    assert all(one.job is Job.OPENING or other.job is Job.CLOSING for one, other in pairwise(found))


@settings(deadline=None)
@given(st.integers(OPENS, CLOSES - 1))
def test_t28_contest_is_open_whether_announced_or_not(now: int):
    assert TIMELINE.phase_at(Instant(now)) is Phase.OPEN
    assert [due.job for due in due_at(now)] == [Job.OPENING]


def test_closing_waits_for_the_grace_on_the_machine_s_clock():
    # A rehearsal's clock jumped past closing: the grace has not run on the machine's.
    found = due_jobs(TIMELINE, Instant(CLOSES + MINUTE_MS), Instant(CLOSES - 1))

    assert found == ()


@pytest.mark.parametrize(
    ("timeline", "now", "due"),
    [
        pytest.param(
            decided(Ruling.OPEN, OPENS - 500), OPENS - 501, (), id="opened early, not in effect"
        ),
        pytest.param(
            decided(Ruling.OPEN, OPENS - 500),
            OPENS,
            (Due(Job.OPENING, OPENS - 500),),
            id="opened early: one key for ever",
        ),
        pytest.param(
            decided(Ruling.EXTEND, CLOSES - 10, CLOSES + 10**6),
            CLOSES + ENDING_GRACE_MS,
            (LATE,),
            id="extended: not closed",
        ),
        pytest.param(
            decided(Ruling.EXTEND, CLOSES - 10, CLOSES + 10**6),
            CLOSES + 10**6 + ENDING_GRACE_MS,
            (Due(Job.CLOSING, CLOSES + 10**6),),
            id="extended: closed at its end",
        ),
        pytest.param(
            decided(Ruling.CLOSE, OPENS + 50),
            OPENS + 50 + ENDING_GRACE_MS,
            (Due(Job.CLOSING, OPENS + 50),),
            id="closed early: no late opening",
        ),
        pytest.param(decided(Ruling.PAUSE, OPENS + 50), OPENS + 50, (OPENING,), id="paused"),
    ],
)
def test_due_jobs_after_decisions(timeline: Timeline, now: int, due: tuple[Due, ...]):
    assert due_at(now, timeline) == due


SEVEN = Instant(1_765_152_000_000)  # 07:00 on 08/12/2025 in Hà Nội
MIDNIGHT = Instant(SEVEN - 7 * HOUR_MS)


@pytest.mark.parametrize(
    ("opens", "hours", "at"),
    [
        pytest.param(SEVEN, 12, SEVEN - 12 * HOUR_MS, id="07:00: the evening before at 19:00"),
        pytest.param(SEVEN, 1, MIDNIGHT - 4 * HOUR_MS, id="06:00 is quiet: 20:00 before"),
        pytest.param(SEVEN, 9, MIDNIGHT - 4 * HOUR_MS, id="22:00 is quiet: 20:00 of that day"),
        pytest.param(SEVEN, 10, MIDNIGHT - 4 * HOUR_MS, id="21:00 is quiet"),
        pytest.param(SEVEN, 24, SEVEN - DAY_MS, id="07:00 is not"),
        pytest.param(SEVEN + HOUR_MS, 1, SEVEN, id="07:00 of the day itself"),
        pytest.param(MIDNIGHT, 2, MIDNIGHT - 4 * HOUR_MS, id="midnight opening"),
    ],
)
def test_reminder_keeps_the_quiet_hours(opens: int, hours: int, at: int):
    assert reminder_at(Instant(opens), hours * HOUR_MS) == at


@given(st.integers(0, 10**13), st.integers(1, 72))
def test_reminder_is_never_later_than_asked_nor_at_night(opens: int, hours: int):
    at = reminder_at(Instant(opens), hours * HOUR_MS)

    assert not is_quiet(at)
    assert opens - hours * HOUR_MS - 11 * HOUR_MS <= at <= opens - hours * HOUR_MS


@given(st.integers(0, 10**13))
def test_quiet_hours_are_ten_of_a_day(at: int):
    begins = day_start(Instant(at))
    assert is_quiet(Instant(at)) == (not 7 * HOUR_MS <= at - begins < 21 * HOUR_MS)


def test_reminder_due_table():
    timeline = Timeline(Calendar(SEVEN, Instant(SEVEN + DAY_MS)))

    def jobs_at(now: int, hours: int = 12) -> list[Job]:
        found = due_jobs(timeline, Instant(now), Instant(0), hours * HOUR_MS)
        return [due.job for due in found]

    planned = SEVEN - 12 * HOUR_MS
    assert [
        jobs_at(planned - 1),
        jobs_at(planned),
        jobs_at(planned + HOUR_MS),
        jobs_at(SEVEN - 8 * HOUR_MS),
        jobs_at(SEVEN - 1),
        jobs_at(SEVEN),
        jobs_at(planned, hours=0),
    ] == [[], [Job.REMINDER], [Job.REMINDER], [], [], [Job.OPENING], []]
