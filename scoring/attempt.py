"""An attempt as a transition table over views (FAULTS R2).

An attempt is what its transitions say: `advance` replays one recorded transition, `decide` says
which transition an order makes now, or why none. One view takes one transition; SQL's unique key
(attempt, view) makes that hold across processes.

Places of a paper of n questions: 1 … n the questions, n + 1 the prediction, n + 2 the summary.

| stage      | act     | becomes                                                              |
|------------|---------|----------------------------------------------------------------------|
| question   | ANSWER  | next question; after the summary was seen, next unanswered or summary |
| question   | FORWARD | next place (recorded as SKIP where nothing is answered), or summary   |
| question   | BACK    | the question before                                                   |
| prediction | PREDICT | summary                                                               |
| prediction | FORWARD | summary (SKIP where nothing is guessed)                               |
| prediction | BACK    | last question                                                         |
| summary    | BACK    | a question or the prediction, by its number                           |
| summary    | SUBMIT  | ended                                                                 |
| any open   | EXPIRE, CLOSE | ended                                                           |
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum, IntEnum
from typing import Any, NewType, TypeVar

from question_bank.draw import Paper
from scoring.instant import Instant

AttemptId = NewType("AttemptId", int)
T = TypeVar("T")

MAX_GUESS = 1_000_000
MAX_VIEW = 65_000
"""A button holds a view in 16 bits; at this one only the paper's end is left."""


class Act(IntEnum):
    """What a transition did; the numbers are stored, so they never change."""

    ANSWER = 1
    SKIP = 2
    BACK = 3
    FORWARD = 4
    PREDICT = 5
    SUBMIT = 6
    EXPIRE = 7
    CLOSE = 8


ENDINGS = frozenset({Act.SUBMIT, Act.EXPIRE, Act.CLOSE})


class Stage(Enum):
    QUESTION = "question"
    PREDICTION = "prediction"
    SUMMARY = "summary"
    ENDED = "ended"


class Refusal(Enum):
    """Why an order makes no transition."""

    STALE_VIEW = "stale_view"
    NOT_HERE = "not_here"
    NO_SUCH_CHOICE = "no_such_choice"
    OVERDUE = "overdue"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Order:
    """What a person asks of a paper.

    `view` is the view whose button was tapped; None for typed text, which means the present one.
    `choice` is the shown option (from 0) of an ANSWER, the number of a PREDICT, the place that a
    BACK or FORWARD aims at (None: the neighbouring one), else None.
    """

    act: Act
    choice: int | None = None
    view: int | None = None


@dataclass(frozen=True, slots=True)
class Transition:
    """One recorded step of an attempt; one row in SQL, key (attempt, view)."""

    attempt: AttemptId
    view: int
    act: Act
    place: int
    choice: int | None
    at: Instant


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt at one view.

    `answers` holds the shown option (from 0) of each question, `answered_at` the instants of
    those choices. `due` is the limit before time given back and before closing.
    """

    id: AttemptId
    person: int
    number: int
    paper: Paper
    opened_at: Instant
    due: Instant
    answers: tuple[int | None, ...]
    answered_at: tuple[Instant | None, ...]
    view: int = 1
    place: int = 1
    guess: int | None = None
    is_summary_seen: bool = False
    ended_by: Act | None = None
    ended_at: Instant | None = None
    wait_ms: int = 0
    extra_ms: int = 0

    @property
    def size(self) -> int:
        return len(self.paper.places)

    @property
    def stage(self) -> Stage:
        if self.ended_by is not None:
            return Stage.ENDED
        if self.place <= self.size:
            return Stage.QUESTION
        return Stage.PREDICTION if self.place == self.prediction_place else Stage.SUMMARY

    @property
    def prediction_place(self) -> int:
        return self.size + 1

    @property
    def summary_place(self) -> int:
        return self.size + 2

    @property
    def answered(self) -> int:
        return sum(answer is not None for answer in self.answers)

    @property
    def unanswered_places(self) -> tuple[int, ...]:
        return tuple(place for place, answer in enumerate(self.answers, start=1) if answer is None)


def open_attempt(
    attempt: AttemptId, owner: tuple[int, int], paper: Paper, opened_at: Instant, due: Instant
) -> Attempt:
    """A fresh attempt at its first view; `owner` is (person number, attempt number)."""
    nothing = (None,) * len(paper.places)
    return Attempt(attempt, owner[0], owner[1], paper, opened_at, due, nothing, nothing)


def decide(attempt: Attempt, order: Order, at: Instant) -> Transition | Refusal:
    """The transition that `order` makes at `at`, or why it makes none.

    Whether `at` is within the paper's time is asked apart (`scoring.deadline`).
    """
    if attempt.stage is Stage.ENDED:
        return Refusal.ENDED
    if order.view is not None and order.view != attempt.view:
        return Refusal.STALE_VIEW
    if order.act in {Act.EXPIRE, Act.CLOSE}:
        return _transition(attempt, order.act, None, at)
    if attempt.view >= MAX_VIEW and order.act is not Act.SUBMIT:
        return Refusal.NOT_HERE
    checks = {
        Stage.QUESTION: _decide_at_question,
        Stage.PREDICTION: _decide_at_prediction,
        Stage.SUMMARY: _decide_at_summary,
    }
    return checks[attempt.stage](attempt, order, at)


def advance(attempt: Attempt, transition: Transition) -> Attempt:
    """The attempt after a recorded transition: the one way its state ever changes."""
    changes: dict[str, Any] = {"view": transition.view + 1}
    if transition.act in ENDINGS:
        changes |= {"ended_by": transition.act, "ended_at": transition.at}
        return replace(attempt, **changes)
    if transition.act is Act.ANSWER:
        changes["answers"] = _with(attempt.answers, transition.place, transition.choice)
        changes["answered_at"] = _with(attempt.answered_at, transition.place, transition.at)
    elif transition.act is Act.PREDICT:
        changes["guess"] = transition.choice
    answers = changes.get("answers", attempt.answers)
    place = changes["place"] = _next_place(attempt, answers, transition)
    changes["is_summary_seen"] = attempt.is_summary_seen or place == attempt.summary_place
    # Once: an attempt has many fields, and every tap makes a new one.
    return replace(attempt, **changes)


def replay(fresh: Attempt, transitions: Iterable[Transition]) -> Attempt:
    """The attempt after all its transitions, given in order of view."""
    attempt = fresh
    for transition in transitions:
        attempt = advance(attempt, transition)
    return attempt


def _decide_at_question(attempt: Attempt, order: Order, at: Instant) -> Transition | Refusal:
    if order.act is Act.ANSWER:
        options = attempt.paper.places[attempt.place - 1].options
        if order.choice is None or not 0 <= order.choice < len(options):
            return Refusal.NO_SUCH_CHOICE
        return _transition(attempt, Act.ANSWER, order.choice, at)
    if order.act is Act.BACK and attempt.place > 1:
        return _transition(attempt, Act.BACK, attempt.place - 1, at)
    if order.act is Act.FORWARD:
        return _decide_forward(attempt, order, at)
    return Refusal.NOT_HERE


def _decide_forward(attempt: Attempt, order: Order, at: Instant) -> Transition | Refusal:
    target = attempt.place + 1 if order.choice is None else order.choice
    to_summary = attempt.is_summary_seen and target == attempt.summary_place
    if target != attempt.place + 1 and not to_summary:
        return Refusal.NO_SUCH_CHOICE
    is_answered = attempt.answers[attempt.place - 1] is not None
    return _transition(attempt, Act.FORWARD if is_answered else Act.SKIP, target, at)


def _decide_at_prediction(attempt: Attempt, order: Order, at: Instant) -> Transition | Refusal:
    if order.act is Act.PREDICT:
        if order.choice is None or not 0 <= order.choice <= MAX_GUESS:
            return Refusal.NO_SUCH_CHOICE
        return _transition(attempt, Act.PREDICT, order.choice, at)
    if order.act is Act.FORWARD:
        act = Act.SKIP if attempt.guess is None else Act.FORWARD
        return _transition(attempt, act, attempt.summary_place, at)
    if order.act is Act.BACK:
        return _transition(attempt, Act.BACK, attempt.size, at)
    return Refusal.NOT_HERE


def _decide_at_summary(attempt: Attempt, order: Order, at: Instant) -> Transition | Refusal:
    if order.act is Act.SUBMIT:
        return _transition(attempt, Act.SUBMIT, None, at)
    if order.act is Act.BACK:
        target = attempt.prediction_place if order.choice is None else order.choice
        if not 1 <= target <= attempt.prediction_place:
            return Refusal.NO_SUCH_CHOICE
        return _transition(attempt, Act.BACK, target, at)
    return Refusal.NOT_HERE


def _transition(attempt: Attempt, act: Act, choice: int | None, at: Instant) -> Transition:
    return Transition(attempt.id, attempt.view, act, attempt.place, choice, at)


def _next_place(attempt: Attempt, answers: Sequence[int | None], transition: Transition) -> int:
    """Where a transition leads; `answers` as they are after it."""
    if transition.act in {Act.SKIP, Act.BACK, Act.FORWARD}:
        return transition.place + 1 if transition.choice is None else transition.choice
    if transition.act is Act.PREDICT:
        return attempt.summary_place
    if not attempt.is_summary_seen:
        return transition.place + 1
    left = [place for place, answer in enumerate(answers, start=1) if answer is None]
    later = [place for place in left if place > transition.place]
    return (later or [*left, attempt.summary_place])[0]


def _with(values: tuple[T | None, ...], place: int, value: T | None) -> tuple[T | None, ...]:
    return (*values[: place - 1], value, *values[place:])
