import pytest

from question_bank.importers import problems
from question_bank.problem import Problem


def test_line_of_problem_knows_its_place():
    problem = Problem("q2", "stem-twin", ("q1",))

    said = problems.line_of_problem(problem, {"q2": "a.toml:7"})

    assert said == "a.toml:7: câu hỏi trùng nội dung với câu q1; cần sửa hoặc bỏ một câu"


def test_line_of_problem_without_place_names_it():
    said = problems.line_of_problem(Problem("A", "quota-not-met", (3, 2)), {})

    assert said == "A: cần rút 3 câu mà ngân hàng chỉ có 2; cần thêm câu hoặc rút ít hơn"


@pytest.mark.parametrize("code", problems.CHECKS)
def test_words_of_every_check_can_be_filled(code: str):
    said = problems.line_of_problem(Problem("q1", code, ("{x}", "{y}")), {})

    assert said.startswith("q1: ")
    assert "{0}" not in said


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("", problems.STRING),
        (True, problems.BOOLEAN),
        (1, problems.INTEGER),
        ([], problems.ARRAY),
        ({}, problems.TABLE),
        (1.5, problems.OTHER),
    ],
)
def test_type_name_table(value: object, name: str):
    assert problems.type_name(value) == name
