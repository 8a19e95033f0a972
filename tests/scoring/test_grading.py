from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.question import Option, OptionId, Question, QuestionBank, QuestionId, Topic
from scoring.attempt import Attempt
from scoring.grading import Grade, grade_of, is_participation

MakeAttempt = Callable[..., Attempt]


def bank_of(keys: str) -> QuestionBank:
    """Question `q1` with the first letter as its key, and so on."""
    options = tuple(Option(OptionId(letter), f"Phương án {letter}") for letter in "abcd")
    return QuestionBank(
        tuple(
            Question(QuestionId(f"q{n}"), Topic("A"), "?", options, OptionId(key), False, "", "", 1)
            for n, key in enumerate(keys, start=1)
        )
    )


@pytest.mark.parametrize(
    ("answers", "grade"),
    [
        pytest.param((3, 3, 3), Grade(3, 3, 3), id="all right"),
        pytest.param((0, 3, 3), Grade(2, 3, 3), id="one wrong"),
        pytest.param((None, 3, 3), Grade(2, 2, 3), id="rules 5.4 unanswered counts 0"),
        pytest.param((None, None, None), Grade(0, 0, 3), id="empty"),
        pytest.param((0, 1, 2), Grade(0, 3, 3), id="all wrong"),
    ],
)
def test_grade_of_table(make_attempt: MakeAttempt, answers: tuple, grade: Grade):
    # Shown in the order d, c, b, a: the key a is the fourth.
    attempt = replace(make_attempt(), answers=answers)

    assert grade_of(attempt, bank_of("aaa")) == grade


@settings(deadline=None)
@given(st.lists(st.integers(0, 3) | st.none(), min_size=1, max_size=9), st.data())
def test_grade_of_counts_by_option_and_not_by_place_shown(
    make_attempt: MakeAttempt, answers: list[int | None], data: st.DataObject
):
    size = len(answers)
    keys = "".join(data.draw(st.lists(st.sampled_from("abcd"), min_size=size, max_size=size)))
    attempt = replace(make_attempt(size), answers=tuple(answers))
    right = sum(
        answer is not None and "dcba"[answer] == key
        for answer, key in zip(answers, keys, strict=True)
    )

    grade = grade_of(attempt, bank_of(keys))

    assert grade == Grade(right, sum(answer is not None for answer in answers), size)


def test_grade_of_ignores_the_guess(make_attempt: MakeAttempt):
    attempt = replace(make_attempt(), answers=(3, None, 0))

    assert grade_of(replace(attempt, guess=137), bank_of("aaa")) == grade_of(
        attempt, bank_of("aaa")
    )


@pytest.mark.parametrize(
    ("answered", "min_answers", "counts"),
    [(7, 8, False), (8, 8, True), (15, 8, True), (0, 0, True), (0, 1, False)],
    ids=["rules 4.3 seven", "rules 4.3 eight", "all", "no minimum", "none of one"],
)
def test_is_participation_table(answered: int, min_answers: int, counts: bool):
    assert is_participation(answered, min_answers) is counts
