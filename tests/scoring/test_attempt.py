from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.attempt import (
    ENDINGS,
    MAX_GUESS,
    Act,
    Attempt,
    AttemptId,
    Order,
    Refusal,
    Stage,
    Transition,
    advance,
    decide,
    replay,
)
from scoring.instant import Instant

MakeAttempt = Callable[..., Attempt]
AT = Instant(1_000)

choices = st.none() | st.integers(-2, 9) | st.sampled_from([MAX_GUESS, MAX_GUESS + 1])
# The view that an order names: the present one, one before or after it, or none (typed text).
views = st.sampled_from([0, 0, 0, -1, 1, None])
any_act = st.sampled_from(Act)
own_act = st.sampled_from([act for act in Act if act not in ENDINGS - {Act.SUBMIT}])
orders = st.lists(st.tuples(any_act | own_act, choices, views), max_size=40)
sizes = st.integers(1, 5)


def order_at(attempt: Attempt, act: Act, choice: int | None, view: int | None) -> Order:
    return Order(act, choice, None if view is None else attempt.view + view)


def act_on(attempt: Attempt, *acts: tuple[Act, int | None] | Act) -> Attempt:
    """The attempt after orders that must all be taken."""
    for each in acts:
        act, choice = each if isinstance(each, tuple) else (each, None)
        transition = decide(attempt, Order(act, choice, attempt.view), AT)
        assert isinstance(transition, Transition), (each, transition)
        attempt = advance(attempt, transition)
    return attempt


def latest_of(transitions: Sequence[Transition], act: Act) -> dict[int, int | None]:
    """Place to the choice of its latest transition of that kind."""
    return {each.place: each.choice for each in transitions if each.act is act}


@settings(deadline=None)
@given(sizes, orders)
def test_transitions_of_any_orders_keep_their_promises(
    make_attempt: MakeAttempt, size: int, given_orders: list[tuple[Act, int | None, int | None]]
):
    fresh = make_attempt(size)
    attempt, taken = fresh, []

    for step, (act, choice, view) in enumerate(given_orders):
        order = order_at(attempt, act, choice, view)
        decided = decide(attempt, order, Instant(step))
        if isinstance(decided, Refusal):
            assert (decided is Refusal.ENDED) == (attempt.stage is Stage.ENDED)
            continue
        assert attempt.stage is not Stage.ENDED
        assert view in {0, None}
        assert (decided.attempt, decided.view, decided.place, decided.at) == (
            attempt.id,
            attempt.view,
            attempt.place,
            step,
        )
        moved = advance(attempt, decided)
        assert moved.view == attempt.view + 1
        assert 1 <= moved.place <= size + 2
        if decided.act not in {Act.ANSWER, Act.PREDICT}:
            assert (moved.answers, moved.guess) == (attempt.answers, attempt.guess)
        taken.append(decided)
        attempt = moved

    assert replay(fresh, taken) == attempt
    assert attempt.view == 1 + len(taken)
    answers = latest_of(taken, Act.ANSWER)
    assert attempt.answers == tuple(answers.get(place) for place in range(1, size + 1))
    times = {each.place: each.at for each in taken if each.act is Act.ANSWER}
    assert attempt.answered_at == tuple(times.get(place) for place in range(1, size + 1))
    assert attempt.guess == latest_of(taken, Act.PREDICT).get(size + 1)
    assert attempt.answered + len(attempt.unanswered_places) == size
    assert [each.act for each in taken if each.act in ENDINGS] == [
        each for each in [attempt.ended_by] if each is not None
    ]


@settings(deadline=None)
@given(sizes, orders, any_act, choices)
def test_t03_stale_view_is_refused_at_any_state(
    make_attempt: MakeAttempt,
    size: int,
    given_orders: list[tuple[Act, int | None, int | None]],
    act: Act,
    choice: int | None,
):
    attempt = make_attempt(size)
    for each in given_orders:
        decided = decide(attempt, order_at(attempt, *each), AT)
        if isinstance(decided, Transition):
            attempt = advance(attempt, decided)
    expected = Refusal.ENDED if attempt.stage is Stage.ENDED else Refusal.STALE_VIEW

    stale = [
        decide(attempt, Order(act, choice, view), AT)
        for view in range(attempt.view + 3)
        if view != attempt.view
    ]

    assert set(stale) == {expected}


@settings(deadline=None)
@given(sizes, orders, st.permutations([0, 1]), st.data())
def test_t05_two_devices_take_one_view_once(
    make_attempt: MakeAttempt,
    size: int,
    given_orders: list[tuple[Act, int | None, int | None]],
    first: list[int],
    data: st.DataObject,
):
    attempt = make_attempt(size)
    screens = {0: attempt, 1: attempt}
    for act, choice, _ in given_orders:
        device = data.draw(st.sampled_from(first))
        decided = decide(attempt, Order(act, choice, screens[device].view), AT)
        if isinstance(decided, Transition):
            assert screens[device] == attempt
            attempt = advance(attempt, decided)
        # Whatever was decided, the present view is shown on the device that tapped.
        screens[device] = attempt

    assert screens[0].view <= attempt.view
    assert screens[1].view <= attempt.view
    assert attempt in screens.values()


@settings(deadline=None)
@given(sizes, orders)
def test_summary_is_reachable_from_any_open_state_by_going_forward(
    make_attempt: MakeAttempt, size: int, given_orders: list[tuple[Act, int | None, int | None]]
):
    attempt = make_attempt(size)
    for act, choice, view in given_orders:
        decided = decide(attempt, order_at(attempt, act, choice, view), AT)
        if isinstance(decided, Transition) and decided.act not in ENDINGS:
            attempt = advance(attempt, decided)
    answers, guess = attempt.answers, attempt.guess

    while attempt.stage is not Stage.SUMMARY:
        attempt = act_on(attempt, Act.FORWARD)
    submitted = act_on(attempt, Act.SUBMIT)

    assert (submitted.answers, submitted.guess) == (answers, guess)
    assert (submitted.stage, submitted.ended_by, submitted.ended_at) == (
        Stage.ENDED,
        Act.SUBMIT,
        AT,
    )


@settings(deadline=None)
@given(sizes, st.lists(st.integers(0, 3), min_size=5, max_size=5), st.sampled_from(sorted(ENDINGS)))
def test_nothing_is_accepted_after_an_ending(
    make_attempt: MakeAttempt, size: int, answers: list[int], ending: Act
):
    fresh = make_attempt(size)
    answered = act_on(fresh, *((Act.ANSWER, each) for each in answers[:size]), (Act.PREDICT, 5))
    ended = act_on(answered, ending)

    refusals = {
        decide(ended, Order(act, choice, view), AT)
        for act in Act
        for choice in (None, 0, 1)
        for view in (None, ended.view, ended.view - 1)
    }

    assert refusals == {Refusal.ENDED}


QUESTION, LAST, PREDICTION, SUMMARY = 1, 3, 4, 5
# Place, order, and what it becomes: (recorded act, recorded choice, next place) or a refusal.
FIRST_TIME = [
    (QUESTION, (Act.ANSWER, 2), (Act.ANSWER, 2, 2)),
    (QUESTION, (Act.ANSWER, 4), Refusal.NO_SUCH_CHOICE),
    (QUESTION, (Act.ANSWER, -1), Refusal.NO_SUCH_CHOICE),
    (QUESTION, (Act.ANSWER, None), Refusal.NO_SUCH_CHOICE),
    (QUESTION, (Act.FORWARD, None), (Act.SKIP, 2, 2)),
    (QUESTION, (Act.FORWARD, 2), (Act.SKIP, 2, 2)),
    (QUESTION, (Act.FORWARD, 3), Refusal.NO_SUCH_CHOICE),
    (QUESTION, (Act.FORWARD, SUMMARY), Refusal.NO_SUCH_CHOICE),
    (QUESTION, (Act.BACK, None), Refusal.NOT_HERE),
    (QUESTION, (Act.SKIP, None), Refusal.NOT_HERE),
    (QUESTION, (Act.PREDICT, 5), Refusal.NOT_HERE),
    (QUESTION, (Act.SUBMIT, None), Refusal.NOT_HERE),
    (2, (Act.BACK, None), (Act.BACK, 1, 1)),
    (LAST, (Act.ANSWER, 0), (Act.ANSWER, 0, PREDICTION)),
    (LAST, (Act.FORWARD, None), (Act.SKIP, PREDICTION, PREDICTION)),
    (PREDICTION, (Act.PREDICT, 0), (Act.PREDICT, 0, SUMMARY)),
    (PREDICTION, (Act.PREDICT, MAX_GUESS), (Act.PREDICT, MAX_GUESS, SUMMARY)),
    (PREDICTION, (Act.PREDICT, MAX_GUESS + 1), Refusal.NO_SUCH_CHOICE),
    (PREDICTION, (Act.PREDICT, -1), Refusal.NO_SUCH_CHOICE),
    (PREDICTION, (Act.PREDICT, None), Refusal.NO_SUCH_CHOICE),
    (PREDICTION, (Act.FORWARD, None), (Act.SKIP, SUMMARY, SUMMARY)),
    (PREDICTION, (Act.BACK, None), (Act.BACK, LAST, LAST)),
    (PREDICTION, (Act.ANSWER, 0), Refusal.NOT_HERE),
    (PREDICTION, (Act.SUBMIT, None), Refusal.NOT_HERE),
    (SUMMARY, (Act.BACK, None), (Act.BACK, PREDICTION, PREDICTION)),
    (SUMMARY, (Act.BACK, 1), (Act.BACK, 1, 1)),
    (SUMMARY, (Act.BACK, PREDICTION), (Act.BACK, PREDICTION, PREDICTION)),
    (SUMMARY, (Act.BACK, SUMMARY), Refusal.NO_SUCH_CHOICE),
    (SUMMARY, (Act.BACK, 0), Refusal.NO_SUCH_CHOICE),
    (SUMMARY, (Act.FORWARD, None), Refusal.NOT_HERE),
    (SUMMARY, (Act.ANSWER, 0), Refusal.NOT_HERE),
    (SUMMARY, (Act.PREDICT, 1), Refusal.NOT_HERE),
]


@pytest.mark.parametrize(
    ("place", "ordered", "expected"),
    [pytest.param(*row, id=f"{row[0]} {row[1][0].name.lower()} {row[1][1]}") for row in FIRST_TIME],
)
def test_decide_table(
    make_attempt: MakeAttempt,
    place: int,
    ordered: tuple[Act, int | None],
    expected: tuple[Act, int | None, int] | Refusal,
):
    attempt = act_on(make_attempt(), *[Act.FORWARD] * (place - 1))

    decided = decide(attempt, Order(*ordered), AT)

    if isinstance(decided, Transition):
        decided = (decided.act, decided.choice, advance(attempt, decided).place)
    assert decided == expected


def test_forward_from_an_answered_question_is_no_skip(make_attempt: MakeAttempt):
    attempt = act_on(make_attempt(), (Act.ANSWER, 1), Act.BACK)

    decided = decide(attempt, Order(Act.FORWARD), AT)

    assert decided == Transition(AttemptId(7), 3, Act.FORWARD, 1, 2, AT)


def test_forward_from_a_guess_is_no_skip(make_attempt: MakeAttempt):
    attempt = act_on(make_attempt(1), Act.FORWARD, (Act.PREDICT, 5), Act.BACK)

    decided = decide(attempt, Order(Act.FORWARD), AT)

    assert decided == Transition(AttemptId(7), 4, Act.FORWARD, 2, 3, AT)


@pytest.mark.parametrize(
    ("unanswered", "at", "becomes"),
    [
        pytest.param((), 2, 7, id="a change of mind leads back to the summary"),
        pytest.param((4,), 2, 4, id="the next unanswered"),
        pytest.param((1, 4), 2, 4, id="a later one first"),
        pytest.param((1,), 2, 1, id="then from the beginning"),
        pytest.param((2,), 2, 7, id="the only one"),
        pytest.param((2, 5), 5, 2, id="the last one, one before left"),
        pytest.param((5,), 5, 7, id="the last one, none left"),
        pytest.param((1, 2, 3, 4, 5), 1, 2, id="nothing answered yet"),
    ],
)
def test_next_place_after_the_summary_was_seen(
    make_attempt: MakeAttempt, unanswered: tuple[int, ...], at: int, becomes: int
):
    answers = tuple(None if place in unanswered else 0 for place in range(1, 6))
    seen = replace(make_attempt(5), answers=answers, place=7, is_summary_seen=True)

    attempt = act_on(seen, (Act.BACK, at), (Act.ANSWER, 3))

    assert attempt.place == becomes


def test_forward_to_the_summary_once_it_was_seen(make_attempt: MakeAttempt):
    seen = act_on(make_attempt(), *[Act.FORWARD] * 4)

    attempt = act_on(seen, (Act.BACK, 1), (Act.FORWARD, SUMMARY))

    assert attempt.stage is Stage.SUMMARY


def test_latest_answer_wins_and_keeps_its_instant(make_attempt: MakeAttempt):
    fresh = make_attempt(1)
    one = decide(fresh, Order(Act.ANSWER, 1), Instant(10))
    back = decide(advance(fresh, one), Order(Act.BACK), Instant(20))
    other = decide(replay(fresh, [one, back]), Order(Act.ANSWER, 2), Instant(30))

    attempt = replay(fresh, [one, back, other])

    assert (attempt.answers, attempt.answered_at) == ((2,), (30,))


def test_typed_text_means_the_present_view(make_attempt: MakeAttempt):
    attempt = act_on(make_attempt(), (Act.ANSWER, 0), (Act.ANSWER, 1))

    decided = decide(attempt, Order(Act.ANSWER, 2), AT)

    assert decided == Transition(AttemptId(7), 3, Act.ANSWER, 3, 2, AT)


@pytest.mark.parametrize("place", [1, 3, 4, 5])
@pytest.mark.parametrize("act", [Act.EXPIRE, Act.CLOSE])
def test_ending_by_the_clock_is_taken_at_any_stage(make_attempt: MakeAttempt, place: int, act: Act):
    attempt = act_on(make_attempt(), *[Act.FORWARD] * (place - 1))

    ended = advance(attempt, decide(attempt, Order(act), Instant(77)))

    assert (ended.stage, ended.ended_by, ended.ended_at) == (Stage.ENDED, act, 77)
    assert (ended.place, ended.view) == (place, attempt.view + 1)


def test_stage_of_every_place(make_attempt: MakeAttempt):
    attempt = make_attempt(2)

    stages = [replace(attempt, place=place).stage for place in range(1, 5)]

    assert stages == [Stage.QUESTION, Stage.QUESTION, Stage.PREDICTION, Stage.SUMMARY]
    assert (attempt.prediction_place, attempt.summary_place) == (3, 4)


def test_acts_keep_their_stored_numbers():
    assert {act.name: int(act) for act in Act} == {
        "ANSWER": 1,
        "SKIP": 2,
        "BACK": 3,
        "FORWARD": 4,
        "PREDICT": 5,
        "SUBMIT": 6,
        "EXPIRE": 7,
        "CLOSE": 8,
    }
