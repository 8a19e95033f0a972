"""The plan of reminders: set days, a set time, an open contest, and no night."""

import pytest

from scheduler.reminder_plan import ReminderDays, ReminderJob, due_reminders
from scoring.contest import DECISION_DELAY_MS, Calendar, Decision, Ruling, Timeline
from scoring.instant import DAY_MS, HOUR_MS, MINUTE_MS, Instant

MIDNIGHT = 1_765_126_800_000  # 00:00 on 08/12/2025 in Hà Nội
OPENS, CLOSES = MIDNIGHT + 7 * HOUR_MS, MIDNIGHT + 7 * DAY_MS
TIMELINE = Timeline(Calendar(Instant(OPENS), Instant(CLOSES)))
DAYS = ReminderDays(19 * HOUR_MS, frozenset({3, 5, 7}), frozenset({1, 3, 8}))
L, R = ReminderJob.LEADERS, ReminderJob.RESIDENTS


def at(day: int, hour: int, minute: int = 0) -> int:
    """Day 1 is that of the opening."""
    return MIDNIGHT + (day - 1) * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS


def due_at(
    now: int, timeline: Timeline = TIMELINE, days: ReminderDays = DAYS
) -> list[tuple[ReminderJob, int]]:
    return [(one.job, one.planned_at) for one in due_reminders(timeline, Instant(now), days)]


def decided(*rulings: tuple[Ruling, int, int | None]) -> Timeline:
    return Timeline(
        TIMELINE.calendar,
        tuple(
            Decision(
                ruling,
                Instant(effect - DECISION_DELAY_MS),
                None if until is None else Instant(until),
            )
            for ruling, effect, until in rulings
        ),
    )


@pytest.mark.parametrize(
    ("now", "found"),
    [
        pytest.param(at(0, 19), [], id="the day before"),
        pytest.param(at(1, 19) - 1, [], id="19:00 -1 ms"),
        pytest.param(at(1, 19), [(R, at(1, 19))], id="19:00 of the first day"),
        pytest.param(at(1, 21) - 1, [(R, at(1, 19))], id="21:00 -1 ms"),
        pytest.param(at(1, 21), [], id="21:00"),
        pytest.param(at(2, 7), [], id="the next morning it is none any more"),
        pytest.param(at(2, 19), [], id="a day without"),
        pytest.param(at(3, 19), [(L, at(3, 19)), (R, at(3, 19))], id="both"),
        pytest.param(at(3, 20, 30), [(L, at(3, 19)), (R, at(3, 19))], id="late the same evening"),
        pytest.param(at(7, 19), [(L, at(7, 19))], id="the last evening"),
        pytest.param(at(8, 19), [], id="after the closing"),
    ],
)
def test_reminders_that_are_due(now: int, found: list[tuple[ReminderJob, int]]):
    assert due_at(now) == found


@pytest.mark.parametrize(
    ("timeline", "now", "found"),
    [
        pytest.param(
            decided((Ruling.PAUSE, at(1, 18), None)), at(1, 19), [], id="paused: nobody can go on"
        ),
        pytest.param(
            decided((Ruling.PAUSE, at(1, 18), None), (Ruling.RESUME, at(1, 20), None)),
            at(1, 20),
            [(R, at(1, 19))],
            id="resumed: now they can",
        ),
        pytest.param(
            decided((Ruling.CLOSE, at(1, 20), None)),
            at(1, 19),
            [(R, at(1, 19))],
            id="the closing is not known before it takes effect",
        ),
        pytest.param(
            decided((Ruling.CLOSE, at(1, 19, 30), None)), at(1, 19, 30), [], id="closed meanwhile"
        ),
        pytest.param(
            decided((Ruling.OPEN, at(0, 12), None)),
            at(0, 19),
            [(R, at(0, 19))],
            id="opened early: that is day 1",
        ),
        pytest.param(
            decided((Ruling.EXTEND, at(7, 9), at(9, 0))),
            at(8, 19),
            [(R, at(8, 19))],
            id="extended",
        ),
    ],
)
def test_a_window_that_moves(timeline: Timeline, now: int, found: list[tuple[ReminderJob, int]]):
    assert due_at(now, timeline) == found


@pytest.mark.parametrize(
    ("opens", "closes", "found"),
    [
        pytest.param(at(1, 19), CLOSES, [(R, at(1, 19))], id="opens at that time"),
        pytest.param(at(1, 19) + 1, CLOSES, [], id="opens after"),
        pytest.param(OPENS, at(1, 20, 1), [(R, at(1, 19))], id="closes in an hour"),
        pytest.param(OPENS, at(1, 20, 1) - 1, [], id="closes sooner"),
    ],
)
def test_the_edges_of_the_window(opens: int, closes: int, found: list[tuple[ReminderJob, int]]):
    timeline = Timeline(Calendar(Instant(opens), Instant(closes)))

    assert due_at(at(1, 19, 1), timeline) == found


def test_no_day_is_no_reminder():
    days = ReminderDays(19 * HOUR_MS, frozenset(), frozenset())

    assert [due_at(at(day, 19), TIMELINE, days) for day in range(9)] == [[]] * 9
