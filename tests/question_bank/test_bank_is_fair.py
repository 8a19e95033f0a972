"""The shipped bank gives nothing away: who has not learnt scores as by chance (issue 5, deliver 1).

A guesser here sees texts only. Four choices make 25 % by chance; with some 240 questions the
standard deviation of a guesser's share is 2.8 points, so the bounds are about four of them.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from question_bank.importers.toml_file import read_bank
from question_bank.question import Question, QuestionBank
from question_bank.text import fold

FOLDER = Path(__file__).parents[2] / "question_bank" / "questions"
CHOICES = 4
CHI_SQUARE_BOUND = 11.34
"""Of three degrees of freedom: a fair bank is above it once in a hundred."""
EXTREME_BOUND = 0.32
LOW, HIGH = 0.15, 0.36
COMBINED_BOUND = 0.35
MIN_NUMBERED = 40
PUNCTUATION = frozenset(",;:.()/–-“”")

Values = tuple[float, ...]
Feature = Callable[[Question], Values]


@pytest.fixture(scope="module")
def bank() -> QuestionBank:
    return read_bank(FOLDER)


def words_of(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", fold(text)))


def each_choice(measure: Callable[[str], float]) -> Feature:
    return lambda question: tuple(measure(option.text) for option in question.options)


def shared_with_stem(question: Question) -> Values:
    stem = words_of(question.stem)
    return tuple(float(len(words_of(option.text) & stem)) for option in question.options)


def likeness(question: Question) -> Values:
    """How much a choice's words are those of the other choices: sums of overlap over union."""
    texts = [words_of(option.text) for option in question.options]
    return tuple(
        sum(len(one & other) / len(one | other) for other in texts if other is not one)
        for one in texts
    )


def number_in(text: str) -> float | None:
    """The first date (as a sortable number) or number of a Vietnamese text."""
    if found := re.search(r"(\d{1,2})/(\d{1,2})/(\d{4})", text):
        day, month, year = map(int, found.groups())
        return year * 10_000.0 + month * 100 + day
    if found := re.search(r"[Nn]gày (\d{1,2}) tháng (\d{1,2})", text):
        return int(found[2]) * 100.0 + int(found[1])
    if found := re.search(r"\d[\d.]*(,\d+)?", text):
        return float(found[0].rstrip(".").replace(".", "").replace(",", "."))
    return None


def numbers(question: Question) -> Values | None:
    """The choices' numbers when each has one and no two are the same."""
    read = [number_in(option.text) for option in question.options]
    found = tuple(value for value in read if value is not None)
    return found if len(set(found)) == CHOICES else None


FEATURES: dict[str, Feature] = {
    "characters": each_choice(len),
    "words": each_choice(lambda text: len(text.split())),
    "digits": each_choice(lambda text: sum(map(str.isdigit, text))),
    "punctuation": each_choice(lambda text: sum(each in PUNCTUATION for each in text)),
    "shared_with_stem": shared_with_stem,
    "likeness": likeness,
    "number": lambda question: numbers(question) or (0.0,) * CHOICES,
}


def place_of_key(question: Question) -> int:
    return [option.id for option in question.options].index(question.answer)


def share_of(values: Sequence[float], place: int) -> float:
    """What a guesser of the largest value gets: 1, or a part of it when several are largest."""
    largest = max(values)
    return (values[place] == largest) / values.count(largest)


def score_of(questions: Sequence[Question], feature: Feature) -> float:
    got = (share_of(feature(question), place_of_key(question)) for question in questions)
    return sum(got) / len(questions)


def negated(feature: Feature) -> Feature:
    return lambda question: tuple(-value for value in feature(question))


def standings(values: Values) -> tuple[int, ...]:
    """Of each value, how many others are below it less how many are above: -3 … 3."""
    return tuple(
        sum(other < value for other in values) - sum(other > value for other in values)
        for value in values
    )


def guesses_of_a_learner(questions: Sequence[Question]) -> Iterator[float]:
    """Shares of a guesser who learnt from all other questions which standings the key has.

    It adds the logarithms of how often a choice of such a standing was the key, feature by
    feature, and takes the choice with the largest sum.
    """
    seen = [[standings(feature(each)) for feature in FEATURES.values()] for each in questions]
    keys = [place_of_key(question) for question in questions]
    right: Counter[tuple[int, int]] = Counter()
    every: Counter[tuple[int, int]] = Counter()
    for features, key in zip(seen, keys, strict=True):
        for at, standing in enumerate(features):
            right[at, standing[key]] += 1
            every.update((at, each) for each in standing)
    for features, key in zip(seen, keys, strict=True):
        sums = [0.0] * CHOICES
        for at, standing in enumerate(features):
            for place, each in enumerate(standing):
                hits = right[at, each] - (standing[key] == each)
                total = every[at, each] - standing.count(each)
                sums[place] += math.log((hits + 1) / (total + CHOICES))
        yield share_of([round(each, 9) for each in sums], key)


def test_bank_has_four_choices_everywhere(bank: QuestionBank):
    assert {len(question.options) for question in bank.questions} == {CHOICES}


def test_place_of_the_key_is_uniform(bank: QuestionBank):
    counts = Counter(map(place_of_key, bank.questions))
    expected = len(bank.questions) / CHOICES

    chi_square = sum((counts[at] - expected) ** 2 / expected for at in range(CHOICES))

    assert chi_square <= CHI_SQUARE_BOUND


@pytest.mark.parametrize("sign", [pytest.param(1, id="longest"), pytest.param(-1, id="shortest")])
def test_key_stands_out_by_length_no_oftener_than_others(bank: QuestionBank, sign: int):
    standing_out = []
    for question in bank.questions:
        lengths = [sign * len(option.text) for option in question.options]
        if lengths.count(max(lengths)) == 1:
            standing_out.append(lengths.index(max(lengths)) == place_of_key(question))

    assert sum(standing_out) / len(standing_out) <= EXTREME_BOUND


@pytest.mark.parametrize("name", [name for name in FEATURES if name != "number"])
def test_guesser_of_one_feature_scores_as_by_chance(bank: QuestionBank, name: str):
    feature = FEATURES[name]

    most = score_of(bank.questions, feature)
    least = score_of(bank.questions, negated(feature))

    assert LOW <= most <= HIGH
    assert LOW <= least <= HIGH


def test_key_is_no_particular_one_of_ordered_numbers(bank: QuestionBank):
    places = Counter(
        sorted(values).index(values[place_of_key(question)])
        for question in bank.questions
        if (values := numbers(question)) is not None
    )
    numbered = places.total()

    assert numbered >= MIN_NUMBERED
    assert all(LOW <= places[at] / numbered <= HIGH for at in range(CHOICES))


def test_guesser_who_learnt_all_features_scores_as_by_chance(bank: QuestionBank):
    guesses = list(guesses_of_a_learner(bank.questions))

    assert sum(guesses) / len(guesses) <= COMBINED_BOUND


def test_learner_finds_the_key_of_a_bank_that_gives_it_away(bank: QuestionBank):
    longest = [
        question
        for question in bank.questions
        if share_of(FEATURES["characters"](question), place_of_key(question)) == 1
    ]

    guesses = list(guesses_of_a_learner(longest))

    assert sum(guesses) / len(guesses) > COMBINED_BOUND
