"""Grading of an attempt and what counts as a participation.

The prediction never adds to the score (rules 6.2).
"""

from dataclasses import dataclass

from question_bank.question import QuestionBank
from scoring.attempt import Attempt


@dataclass(frozen=True, slots=True)
class Grade:
    """`correct` of `answered` of `size` questions."""

    correct: int
    answered: int
    size: int


def grade_of(attempt: Attempt, bank: QuestionBank) -> Grade:
    """Grade of the latest answers; an unanswered question counts 0 (rules 5.4)."""
    correct = 0
    for place, choice in zip(attempt.paper.places, attempt.answers, strict=True):
        if choice is not None and place.options[choice] == bank.question(place.question).answer:
            correct += 1
    return Grade(correct, attempt.answered, attempt.size)


def is_participation(answered: int, min_answers: int) -> bool:
    """Whether an ended attempt counts as a participation (rules 4.3)."""
    return answered >= min_answers
