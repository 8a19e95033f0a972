"""Whether the right choice can be told without knowing: by its place, its length, its words.

Decides how often each simple guesser is right beside chance. Each looks at the texts alone.
"""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from question_bank.question import Question
from question_bank.text import fold

LEAST_QUESTIONS = 20
"""Below this, chance alone makes any pattern."""
MOST_DEVIATIONS = 3.0
"""Standard deviations above chance: of a fair bank one guesser in seven hundred is above."""

Guesser = Callable[[Question], Sequence[float]]
"""A score for each choice, in its order; the highest is guessed, ties share the guess."""

_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Clue:
    """A guesser's outcome over a bank: right guesses, and those that chance gives."""

    name: str
    questions: int
    right: float
    chance: float
    deviation: float

    @property
    def is_above_chance(self) -> bool:
        return (
            self.questions >= LEAST_QUESTIONS
            and self.right > self.chance + MOST_DEVIATIONS * self.deviation
        )


def clues_of(questions: Sequence[Question]) -> tuple[Clue, ...]:
    """Every guesser over the questions, in a fixed order."""
    return tuple(_clue(name, guess, questions) for name, guess in GUESSERS.items())


def key_places(questions: Sequence[Question]) -> dict[int, int]:
    """Place of the key in the file, from 0, to how many questions have it there."""
    places = [_ids(question).index(question.answer) for question in questions]
    return {place: places.count(place) for place in range(max(places, default=-1) + 1)}


def strict_lengths(questions: Sequence[Question]) -> tuple[int, int]:
    """Questions whose key is strictly the longest, and strictly the shortest, of its choices."""
    longest = shortest = 0
    for question in questions:
        key = len(question.option(question.answer).text)
        others = [len(each.text) for each in question.options if each.id != question.answer]
        longest += key > max(others)
        shortest += key < min(others)
    return longest, shortest


def _clue(name: str, guess: Guesser, questions: Sequence[Question]) -> Clue:
    right = chance = variance = 0.0
    for question in questions:
        scores = guess(question)
        best = [at for at, score in enumerate(scores) if score == max(scores)]
        key = _ids(question).index(question.answer)
        right += (key in best) / len(best)
        share = 1 / len(scores)
        chance += share
        # a guess shared by ties varies less than one guess does
        variance += share * (1 / len(best) - share)
    return Clue(name, len(questions), right, chance, math.sqrt(variance))


def _ids(question: Question) -> list[str]:
    return [option.id for option in question.options]


def _by_text(score: Callable[[str], float]) -> Guesser:
    return lambda question: [score(option.text) for option in question.options]


def _place(place: int) -> Guesser:
    return lambda question: [float(at == place) for at in range(len(question.options))]


def _shared_with_stem(question: Question) -> Sequence[float]:
    stem = set(_words(question.stem))
    return [float(len(stem & set(_words(option.text)))) for option in question.options]


def _shared_with_others(question: Question) -> Sequence[float]:
    words = [set(_words(option.text)) for option in question.options]
    return [float(sum(len(own & other) for other in words if other is not own)) for own in words]


def _words(text: str) -> Iterator[str]:
    yield from re.findall(r"\w+", fold(text))


GUESSERS: dict[str, Guesser] = {
    "longest": _by_text(lambda text: float(len(text))),
    "shortest": _by_text(lambda text: -float(len(text))),
    "digits": _by_text(lambda text: float(len(_DIGIT.findall(text)))),
    "no-digits": _by_text(lambda text: -float(len(_DIGIT.findall(text)))),
    "words-of-stem": _shared_with_stem,
    "words-of-others": _shared_with_others,
    "own-words": lambda question: [-score for score in _shared_with_others(question)],
    "first": _place(0),
    "second": _place(1),
    "third": _place(2),
    "fourth": _place(3),
}
