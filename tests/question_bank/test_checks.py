from collections.abc import Callable
from dataclasses import replace

import pytest

from question_bank.checks import MESSAGE_CHARACTERS, ZALO_UNITS, Problem, check_bank
from question_bank.question import Option, Question, QuestionBank

MakeQuestion = Callable[..., Question]


def with_texts(question: Question, *texts: str):
    options = tuple(Option("abcde"[at], text) for at, text in enumerate(texts))
    return replace(question, options=options)


def test_check_good_bank_has_no_problems(make_question: MakeQuestion):
    bank = QuestionBank((make_question("q1"), make_question("q2")), {"A": "Chủ đề"})

    assert check_bank(bank, {"A": 2}) == ()


def test_check_twin_stems_name_the_first(make_question: MakeQuestion):
    bank = QuestionBank(
        (
            make_question("q1", stem="Số nào là lớn nhất?"),
            make_question("q2", stem="Cái gì?"),
            make_question("q3", stem="SỐ  NÀO là lơn nhất?"),
            make_question("q4", stem="số nào là lớn nhất?"),
        )
    )

    assert check_bank(bank, {"*": 1}) == (
        Problem("q3", "stem-twin", ("q1",)),
        Problem("q4", "stem-twin", ("q1",)),
    )


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (("Hòa bình", "hoà  bình", "Khác"), (Problem("q1", "options-twin", ("a", "b")),)),
        (("Một", "Hai", "Một"), (Problem("q1", "options-twin", ("a", "c")),)),
        (("Sửa chữa", "Sữa chửa", "Sữa chữa"), ()),
        (("Đa", "Da", "Dạ"), ()),
    ],
)
def test_check_twin_options(
    make_question: MakeQuestion, texts: tuple[str, ...], found: tuple[Problem, ...]
):
    bank = QuestionBank((with_texts(make_question(), *texts),))

    assert check_bank(bank, {"*": 1}) == found


@pytest.mark.parametrize(
    ("length", "found"),
    [
        (ZALO_UNITS - 1, ()),
        (ZALO_UNITS, ()),
        (ZALO_UNITS + 1, (Problem("q1", "zalo-too-long", (1_701, 1_700)),)),
        (MESSAGE_CHARACTERS, (Problem("q1", "zalo-too-long", (3_500, 1_700)),)),
        (MESSAGE_CHARACTERS + 1, (Problem("q1", "message-too-long", (3_501, 3_500)),)),
    ],
)
def test_check_length_of_one_message(
    make_question: MakeQuestion, length: int, found: tuple[Problem, ...]
):
    question = with_texts(make_question(), "a", "b", "c")
    bank = QuestionBank((replace(question, stem="x" * (length - 3)),))

    assert check_bank(bank, {"*": 1}) == found


def test_check_texts_empty_or_not_nfc(make_question: MakeQuestion):
    question = with_texts(make_question(stem="\u200b "), "a", "", "o\u0323")
    bank = QuestionBank((replace(question, explanation="o\u0323"),), {"A": " "})

    assert check_bank(bank, {"*": 1}) == (
        Problem("A", "text-empty", ("title",)),
        Problem("q1", "text-empty", ("stem",)),
        Problem("q1", "text-empty", ("options.b",)),
        Problem("q1", "text-not-nfc", ("options.c",)),
        Problem("q1", "text-not-nfc", ("explanation",)),
    )


@pytest.mark.parametrize("source", ["", " \u200b"])
def test_check_source_missing(make_question: MakeQuestion, source: str):
    bank = QuestionBank((make_question(source=source),))

    assert check_bank(bank, {"*": 1}) == (Problem("q1", "source-missing"),)


def test_check_unmet_quotas_come_last(make_question: MakeQuestion):
    bank = QuestionBank((make_question(source=""),))

    assert check_bank(bank, {"A": 2}) == (
        Problem("q1", "source-missing"),
        Problem("A", "quota-not-met", (2, 1)),
    )


def test_check_length_on_zalo_counts_as_zalo_does(make_question: MakeQuestion):
    question = with_texts(make_question(), "a", "b", "c")
    bank = QuestionBank((replace(question, stem="\U0001f600" * 849),))

    assert check_bank(bank, {"*": 1}) == (Problem("q1", "zalo-too-long", (1_701, 1_700)),)
