from dataclasses import replace
from pathlib import Path

import pytest

from question_bank.clues import GUESSERS, clues_of, key_places, strict_lengths
from question_bank.importers.problems import WARNINGS
from question_bank.importers.toml_file import read_bank
from question_bank.likeness import Pair, near_pairs
from question_bank.problem import Problem
from question_bank.question import Option, Question, QuestionBank
from question_bank.review import review_bank

SHIPPED = Path(__file__).parents[2] / "question_bank" / "questions"
TEXTS = ("Một", "Hai", "Bốn", "Năm")


def ask(name: str, stem: str = "", *, texts: tuple[str, ...] = TEXTS, key: str = "a") -> Question:
    options = tuple(Option("abcde"[at], text) for at, text in enumerate(texts))
    return Question(name, "A", stem or f"Hỏi {name} gì?", options, key, False, "Luật", "Vì thế.", 1)


def said(*questions: Question, quota: int = 0) -> list[Problem]:
    return list(review_bank(QuestionBank(questions), {"A": quota} if quota else {"*": 1}))


STEM = "Hồ sơ đăng ký thường trú được giải quyết trong thời hạn bao nhiêu ngày?"


@pytest.mark.parametrize(
    ("other", "key", "found"),
    [
        (STEM.replace("thường trú", "tạm trú"), "b", [Pair("q1", "q2", 92)]),
        ("Hồ sơ đăng ký tạm trú giải quyết trong bao nhiêu ngày?", "b", []),
        ("Hồ sơ đăng ký tạm trú giải quyết trong bao nhiêu ngày?", "a", [Pair("q1", "q2", 76)]),
        (STEM.upper(), "a", []),
        ("Ai ban hành Nghị quyết số 57-NQ/TW?", "a", []),
    ],
)
def test_near_pairs_table(other: str, key: str, found: list[Pair]):
    pairs = list(near_pairs([ask("q2", other, key=key), ask("q1", STEM)]))

    assert pairs == found


def test_review_of_a_good_question_is_silent():
    assert said(ask("q1")) == []


@pytest.mark.parametrize(
    ("question", "found"),
    [
        (ask("q1", "Which one of these is right?"),
         [Problem("q1", "english", ("stem", "Which one of these is right?"))]),
        (ask("q1", "Thu tuc hanh chinh la gi?"),
         [Problem("q1", "unmarked", ("stem", "Thu tuc hanh chinh la gi?"))]),
        (ask("q1", "Hỏi gì thế nhỉ, сau này?"), [Problem("q1", "mixed-scripts", ("stem",))]),
        (ask("q1", texts=("Một", "Hai", "Tất cả các phương án trên")),
         [Problem("q1", "all-of-them", ("C",))]),
        (ask("q1", "C¶i c¸ch hµnh chÝnh"), [Problem("q1", "old-encoding", ("TCVN3",))]),
        (replace(ask("q1"), explanation=""), [Problem("q1", "explanation-missing")]),
    ],
)  # fmt: skip
def test_review_of_one_question(question: Question, found: list[Problem]):
    assert said(question) == found


def test_review_tone_marks_follow_the_majority():
    found = said(ask("q1", "Hòa bình?"), ask("q2", "Khỏe mạnh?"), ask("q3", "Thuỷ lợi, hòa giải?"))

    assert found == [Problem("q3", "tone-marks", ("Thuỷ", "Thủy"))]


@pytest.mark.parametrize(("quota", "found"), [(0, "topic-unused"), (1, None), (2, "little-room")])
def test_review_room_of_a_topic(quota: int, found: str | None):
    stems = ("Ai ký nghị quyết?", "Nộp hồ sơ ở đâu?", "Lệ phí bao nhiêu?")
    questions = [ask(f"q{at}", stem, key="abc"[at]) for at, stem in enumerate(stems)]

    problems = review_bank(QuestionBank(tuple(questions)), {"A": quota, "B": 1})

    assert [each.what for each in problems] == ([found] if found else [])


def many(texts: tuple[str, ...], keys: str) -> list[Question]:
    """Forty questions that differ in a number only where nobody looks."""
    return [ask(f"q{at:02}", texts=texts, key=keys[at % len(keys)]) for at in range(40)]


@pytest.mark.parametrize(
    ("texts", "keys", "clue"),
    [
        (("Một câu dài hơn hẳn", "Hai", "Bốn", "Năm"), "a", "longest"),
        (("Ba", "Hai câu", "Bốn câu", "Năm câu"), "a", "shortest"),
        (("Ngày 06/01", "Hai", "Bốn", "Năm"), "a", "digits"),
        (("Hỏi", "Hai", "Bốn", "Năm"), "a", "words-of-stem"),
        (TEXTS, "b", "second"),
    ],
)
def test_clues_see_a_bank_that_gives_itself_away(texts: tuple[str, ...], keys: str, clue: str):
    questions = many(texts, keys)

    above = {each.name for each in clues_of(questions) if each.is_above_chance}

    assert clue in above
    assert f"clue-{clue}" in {each.what for each in review_bank(QuestionBank(tuple(questions)), {})}


def test_clues_of_a_fair_bank_are_at_chance():
    questions = many(TEXTS, "abcd")

    assert [each.name for each in clues_of(questions) if each.is_above_chance] == []
    assert key_places(questions) == {0: 10, 1: 10, 2: 10, 3: 10}


def test_clues_of_few_questions_say_nothing():
    assert not any(each.is_above_chance for each in clues_of(many(TEXTS, "a")[:19]))


def test_clue_of_ties_shares_the_guess():
    (clue, *_) = clues_of([ask("q1", texts=("Hai", "Một", "x"))])

    assert (clue.name, clue.right, clue.chance) == ("longest", 0.5, pytest.approx(1 / 3))


def test_strict_lengths_count_no_ties():
    questions = [ask("q1", texts=("xxx", "x", "y")), ask("q2"), ask("q3", texts=("x", "yy", "zz"))]

    assert strict_lengths(questions) == (1, 1)
    assert key_places([]) == {}


def test_every_warning_has_words_and_every_guesser_a_warning():
    assert {f"clue-{name}" for name in GUESSERS} <= set(WARNINGS)
    assert all("; " in words for words in WARNINGS.values())


def test_shipped_bank_has_no_warning_of_form():
    found = review_bank(read_bank(SHIPPED), {"*": 1})

    # stems of a kind may be alike: the reader of the warning judges
    assert [str(each) for each in found if each.what != "near-twin"] == []
