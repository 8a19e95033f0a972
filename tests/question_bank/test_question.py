import copy
import pickle
from collections.abc import Callable

import pytest

from question_bank.question import OptionId, Question, QuestionBank, QuestionBankError, QuestionId

MakeQuestion = Callable[..., Question]


def test_bank_orders_questions_by_id(make_question: MakeQuestion):
    bank = QuestionBank(
        (make_question("q10", "B"), make_question("q2", "A"), make_question("q1", "B"))
    )

    assert [question.id for question in bank.questions] == ["q1", "q10", "q2"]
    assert list(bank.by_id) == ["q1", "q10", "q2"]
    assert bank.topics == {"A": ("q2",), "B": ("q1", "q10")}
    assert list(bank.topics) == ["A", "B"]


def test_bank_equal_whatever_the_order(make_question: MakeQuestion):
    one, two = make_question("q1"), make_question("q2")

    assert QuestionBank((one, two)) == QuestionBank((two, one))
    assert hash(QuestionBank((one, two))) == hash(QuestionBank((two, one)))


def test_bank_survives_copies(make_question: MakeQuestion):
    bank = QuestionBank((make_question(),), {"A": "Chủ đề"})

    assert pickle.loads(pickle.dumps(bank)).topics == bank.topics  # noqa: S301 - our own bytes
    assert copy.deepcopy(bank) == bank


def test_bank_gives_question_and_option_by_id(make_question: MakeQuestion):
    question = make_question("q1")
    bank = QuestionBank((question,))

    assert bank.question(QuestionId("q1")) == question
    assert question.option(OptionId("b")).text == "Phương án b"
    with pytest.raises(KeyError):
        bank.question(QuestionId("q2"))
    with pytest.raises(KeyError):
        question.option(OptionId("e"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "Q1"}, "Q1: an id is [a-z0-9-]{1,32}"),
        ({"name": ""}, ": an id is [a-z0-9-]{1,32}"),
        ({"name": "a" * 33}, f"{'a' * 33}: an id is [a-z0-9-]{{1,32}}"),
        ({"name": "q1\n"}, "q1\n: an id is [a-z0-9-]{1,32}"),
        ({"topic": "*"}, "q1: topic '*' is not [A-Za-z0-9_-]{1,32}"),
        ({"options": "ab"}, "q1: 2 options; 3 to 5 are allowed"),
        ({"options": "abcdef"}, "q1: 6 options; 3 to 5 are allowed"),
        ({"options": "abC"}, "q1: an option's id is one letter a-z"),
        ({"options": "abcc"}, "q1: an option's id stands twice"),
        ({"answer": "e"}, "q1: answer 'e' is not among the options"),
        (
            {"options": "ab", "answer": "c"},
            "q1: 2 options; 3 to 5 are allowed; q1: answer 'c' is not among the options",
        ),
    ],
)
def test_bank_impossible_question_is_refused(
    make_question: MakeQuestion, changes: dict[str, str], said: str
):
    with pytest.raises(QuestionBankError) as caught:
        QuestionBank((make_question(**changes),))

    assert str(caught.value) == said


@pytest.mark.parametrize("options", ["abc", "abcd", "abcde"])
def test_bank_three_to_five_options_are_taken(make_question: MakeQuestion, options: str):
    question = make_question("a" * 32, options=options)

    assert QuestionBank((question,)).questions == (question,)


def test_bank_id_twice_is_refused(make_question: MakeQuestion):
    with pytest.raises(QuestionBankError) as caught:
        QuestionBank((make_question("q1"), make_question("q2"), make_question("q1", "B")))

    assert str(caught.value) == "q1: the id stands twice"
