from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scoring.attempt import Act, Attempt
from scoring.contest import DECISION_DELAY_MS, Calendar, Decision, Phase, Ruling, Span, Timeline
from scoring.deadline import Ending, due_of, duration_ms, ending_of, waited_ms
from scoring.instant import MINUTE_MS, Instant

MakeAttempt = Callable[..., Attempt]
DELAY = DECISION_DELAY_MS

OPENS, CLOSES = 0, 1_000
EXTEND_TO = 1_500


def timeline_of(*decisions: tuple[int, ...] | tuple[Ruling, int]) -> Timeline:
    """Decisions by the instant they take effect, an extension with its new closing."""
    return Timeline(
        Calendar(Instant(OPENS), Instant(CLOSES)),
        tuple(
            Decision(ruling, Instant(effect - DELAY), *(Instant(each) for each in until))
            for ruling, effect, *until in decisions
        ),
    )


PAUSE = ((Ruling.PAUSE, 150), (Ruling.RESUME, 170))


@pytest.mark.parametrize(
    ("decisions", "given_back", "now", "due"),
    [
        pytest.param((), {}, 100, 200, id="its own limit"),
        pytest.param((), {"wait_ms": 5}, 100, 205, id="waits given back"),
        pytest.param((), {"extra_ms": 7}, 100, 207, id="time given by an organiser"),
        pytest.param((), {"wait_ms": 5, "extra_ms": 7}, 100, 212, id="both"),
        pytest.param((), {"extra_ms": 900}, 100, 1_000, id="rules 5.5 never past closing"),
        pytest.param(PAUSE, {}, 149, 200, id="a pause not yet begun"),
        pytest.param(PAUSE, {}, 160, 210, id="a pause under way"),
        pytest.param(PAUSE, {}, 190, 220, id="a pause given back"),
        pytest.param(PAUSE, {"wait_ms": 5}, 190, 225, id="a pause and a wait"),
        pytest.param(
            ((Ruling.PAUSE, 50), (Ruling.RESUME, 90)), {}, 190, 200, id="a pause before the paper"
        ),
        pytest.param(
            ((Ruling.PAUSE, 150), (Ruling.RESUME, 1_200)), {}, 990, 1_000, id="paused into closing"
        ),
        pytest.param(
            ((Ruling.PAUSE, 300), (Ruling.RESUME, 400)), {}, 500, 200, id="a pause after its end"
        ),
        pytest.param(((Ruling.PAUSE, 200),), {}, 300, 200, id="a pause at the very end"),
        pytest.param(((Ruling.PAUSE, 199),), {}, 300, 301, id="a pause 1 ms before the end"),
        pytest.param(((Ruling.CLOSE, 180),), {}, 179, 200, id="closed early, not yet in effect"),
        pytest.param(((Ruling.CLOSE, 180),), {}, 180, 180, id="closed early"),
    ],
)
def test_due_of_table(
    make_attempt: MakeAttempt, decisions: tuple, given_back: dict[str, int], now: int, due: int
):
    attempt = replace(make_attempt(opened_at=100, due=200), **given_back)

    assert due_of(attempt, timeline_of(*decisions), Instant(now)) == due


@pytest.mark.parametrize(
    ("due", "decisions", "ending"),
    [
        pytest.param(900, (), Ending(Act.EXPIRE, 900), id="its limit"),
        pytest.param(999, (), Ending(Act.EXPIRE, 999), id="1 ms before closing"),
        pytest.param(1_000, (), Ending(Act.CLOSE, 1_000), id="limit and closing at once"),
        pytest.param(1_001, (), Ending(Act.CLOSE, 1_000), id="closing"),
        pytest.param(900, ((Ruling.CLOSE, 500),), Ending(Act.CLOSE, 500), id="closed early"),
        pytest.param(
            1_200, ((Ruling.EXTEND, 500, EXTEND_TO),), Ending(Act.EXPIRE, 1_200), id="extended"
        ),
        pytest.param(
            1_200, ((Ruling.EXTEND, 999, EXTEND_TO),), Ending(Act.EXPIRE, 1_200), id="just in time"
        ),
        pytest.param(
            1_200, ((Ruling.EXTEND, 1_000, EXTEND_TO),), Ending(Act.EXPIRE, 1_200), id="at closing"
        ),
        pytest.param(
            1_200, ((Ruling.EXTEND, 1_001, EXTEND_TO),), Ending(Act.CLOSE, 1_000), id="too late"
        ),
        pytest.param(
            900,
            ((Ruling.PAUSE, 950), (Ruling.RESUME, 990)),
            Ending(Act.EXPIRE, 900),
            id="paused after its end",
        ),
        pytest.param(
            900,
            ((Ruling.PAUSE, 890), (Ruling.RESUME, 920)),
            Ending(Act.EXPIRE, 930),
            id="paused over its limit",
        ),
        pytest.param(900, ((Ruling.PAUSE, 890),), Ending(Act.CLOSE, 1_000), id="paused for good"),
    ],
)
@pytest.mark.parametrize("asked_ms", [0, 1, 3_600_000, 30 * 24 * 3_600_000])
def test_t25_ending_is_the_same_whenever_asked(
    make_attempt: MakeAttempt, due: int, decisions: tuple, ending: Ending, asked_ms: int
):
    attempt, timeline = make_attempt(opened_at=100, due=due), timeline_of(*decisions)

    before = ending_of(attempt, timeline, Instant(ending.at - 1))
    found = ending_of(attempt, timeline, Instant(ending.at + asked_ms))

    assert before is None
    assert found == ending


@pytest.mark.parametrize(
    ("from_closing", "ending"),
    [
        pytest.param(-1, None, id="closing -1 ms counts"),
        pytest.param(0, Ending(Act.CLOSE, 15 * MINUTE_MS), id="closing"),
        pytest.param(1, Ending(Act.CLOSE, 15 * MINUTE_MS), id="closing +1 ms"),
    ],
)
def test_t24_attempt_under_way_at_closing(
    make_attempt: MakeAttempt, from_closing: int, ending: Ending | None
):
    closes = 15 * MINUTE_MS
    opened_at = closes - 10 * MINUTE_MS
    attempt = make_attempt(opened_at=opened_at, due=opened_at + 15 * MINUTE_MS)
    timeline = Timeline(Calendar(Instant(0), Instant(closes)))

    assert ending_of(attempt, timeline, Instant(closes + from_closing)) == ending


@pytest.mark.parametrize(
    ("outage", "due"),
    [
        pytest.param((150, 170), 220, id="given back"),
        pytest.param((150, 250), 300, id="over its own limit"),
        pytest.param((199, 210), 211, id="begun 1 ms before the end"),
        pytest.param((200, 210), 200, id="begun at the very end"),
        pytest.param((300, 400), 200, id="begun after the end"),
        pytest.param((50, 90), 200, id="over before the paper"),
        pytest.param((50, 120), 220, id="begun before the paper"),
        pytest.param((150, 1_200), 1_000, id="rules 5.5 never past closing"),
    ],
)
def test_t20_outage_is_given_back(make_attempt: MakeAttempt, outage: tuple[int, int], due: int):
    attempt = make_attempt(opened_at=100, due=200)
    lost = Span(Instant(outage[0]), Instant(outage[1]))
    timeline = replace(timeline_of(), outages=(lost,))

    assert due_of(attempt, timeline, Instant(5_000)) == due
    assert due_of(attempt, timeline, Instant(outage[0])) == min(due, 200)


def test_t20_pause_within_an_outage_is_given_back_once(make_attempt: MakeAttempt):
    attempt = make_attempt(opened_at=100, due=200)
    outage = Span(Instant(140), Instant(165))
    timeline = replace(timeline_of(*PAUSE), outages=(outage,))

    assert due_of(attempt, timeline, Instant(500)) == 230
    assert waited_ms(attempt, timeline, Instant(190)) == 30


instants = st.integers(0, 1_600)
decided = st.lists(st.tuples(st.sampled_from(list(Ruling)), instants, instants), max_size=6).map(
    lambda rows: sorted(rows, key=lambda row: row[1])
)


@settings(deadline=None)
@given(decided, instants, st.integers(1, 500), st.integers(0, 30), st.integers(0, 30))
def test_t25_ending_property(
    make_attempt: MakeAttempt,
    rows: list[tuple[Ruling, int, int]],
    opened_at: int,
    limit_ms: int,
    wait_ms: int,
    extra_ms: int,
):
    timeline = timeline_of(*rows)
    assume(timeline.phase_at(Instant(opened_at)) is Phase.OPEN)
    fresh = make_attempt(opened_at=opened_at, due=opened_at + limit_ms)
    attempt = replace(fresh, wait_ms=wait_ms, extra_ms=extra_ms)

    ending = ending_of(attempt, timeline, Instant(1_000_000_000))

    assert ending is not None
    for now in range(opened_at, ending.at):
        assert ending_of(attempt, timeline, Instant(now)) is None
    for now in (ending.at, ending.at + 1, 1_600, 10_000):
        if now >= ending.at:
            assert ending_of(attempt, timeline, Instant(now)) == ending
    closes = timeline.window_at(ending.at).closes
    assert (ending.act is Act.CLOSE) == (ending.at >= closes)


def test_due_of_a_window_closed_once_before_the_paper(make_attempt: MakeAttempt):
    timeline = timeline_of((Ruling.CLOSE, 50), (Ruling.EXTEND, 90, EXTEND_TO))
    attempt = make_attempt(opened_at=100, due=200)

    assert due_of(attempt, timeline, Instant(150)) == 200


@pytest.mark.parametrize(
    ("ended_at", "wait_ms", "waited", "duration"),
    [
        pytest.param(140, 0, 0, 40, id="before the pause"),
        pytest.param(160, 0, 10, 50, id="within the pause"),
        pytest.param(190, 0, 20, 70, id="after the pause"),
        pytest.param(190, 5, 25, 65, id="with a wait"),
        pytest.param(140, 60, 60, 0, id="never below 0"),
    ],
)
def test_duration_ms_leaves_out_what_was_given_back(
    make_attempt: MakeAttempt, ended_at: int, wait_ms: int, waited: int, duration: int
):
    attempt = replace(make_attempt(opened_at=100, due=200), wait_ms=wait_ms)
    timeline = timeline_of(*PAUSE)

    found = (
        waited_ms(attempt, timeline, Instant(ended_at)),
        duration_ms(attempt, timeline, Instant(ended_at)),
    )

    assert found == (waited, duration)


def test_duration_ms_keeps_an_organisers_extra_time(make_attempt: MakeAttempt):
    attempt = replace(make_attempt(opened_at=100, due=200), extra_ms=50)

    assert duration_ms(attempt, timeline_of(), Instant(240)) == 140
