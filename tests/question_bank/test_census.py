from collections.abc import Callable
from dataclasses import replace

import pytest

from question_bank.census import census_of
from question_bank.question import Question, QuestionBank

MakeQuestion = Callable[..., Question]


def test_census_counts(make_question: MakeQuestion):
    one = replace(make_question("q1"), source="Khoản 1 Điều 3 Luật Căn cước, điểm a", difficulty=3)
    two = replace(make_question("q2", answer="b"), source="Luật Căn cước, Điều 4; Nghị định 70")
    three = replace(make_question("q3", "B", answer="d"), source="")

    census = census_of(QuestionBank((one, two, three), {"A": "Chủ đề A"}), {"A": 2})

    assert [(each.topic, each.title, each.questions, each.quota, each.difficulty)
            for each in census.topics] == [
        ("A", "Chủ đề A", 2, 2, (1, 0, 1)), ("B", "B", 1, 0, (1, 0, 0)),
    ]  # fmt: skip
    assert (census.sources, census.unsourced) == ((("Luật Căn cước", 2),), 1)
    assert census.places == (1, 1, 0, 1)
    said = census.as_json()
    assert said["questions"] == 3
    assert said["guessers"]["first"] == {"right": 1.0, "chance": 0.75}


@pytest.mark.parametrize(
    ("source", "document"),
    [
        ("Luật Phòng, chống tham nhũng, Điều 3", "Luật Phòng, chống tham nhũng"),
        ("Điều 5 Nghị định số 61/2018/NĐ-CP", "Nghị định số 61/2018/NĐ-CP"),
        ("Phụ lục II, Quyết định số 06/QĐ-TTg", "Quyết định số 06/QĐ-TTg"),
        ("Sách giáo khoa", "Sách giáo khoa"),
    ],
)  # fmt: skip
def test_census_source_is_the_document(make_question: MakeQuestion, source: str, document: str):
    census = census_of(QuestionBank((make_question(source=source),)), {})

    assert census.sources == ((document, 1),)


def test_census_of_nothing():
    census = census_of(QuestionBank(()), {})

    assert (census.questions, census.topics, census.places) == (0, (), ())
