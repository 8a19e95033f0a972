from dataclasses import replace

import pytest

from question_bank.importers.adopting import Adoption, Wishes, adopt
from question_bank.importers.draft import Draft
from question_bank.importers.reading import Reading
from question_bank.importers.toml_file import BankFiles
from question_bank.question import Option, Question, QuestionBank

OPTIONS = (("a", "Một"), ("b", "Hai"), ("c", "Ba"))
DRAFT = Draft("dòng 2", "Câu 1", "Hỏi gì?", OPTIONS, "b", topic="Đề án 06", source="Luật")
TITLES = {"de_an_06": "Đề án 06 và VNeID", "bo_may": "Tổ chức bộ máy", "57": "Nghị quyết 57"}


def known(*ids: str) -> BankFiles:
    options = tuple(Option(letter, text) for letter, text in OPTIONS)
    questions = tuple(
        Question(id_, "de_an_06", f"Câu cũ {id_}?", options, "a", False, "Luật", "", 1)
        for id_ in ids
    )
    places = {id_: f"cu.toml:{at}" for at, id_ in enumerate(ids, 1)}
    return BankFiles(QuestionBank(questions, TITLES), places)


def taken(*drafts: Draft, into: BankFiles | None = None, **wishes: str) -> Adoption:
    return adopt("x.xlsx", Reading(drafts, {}, ()), into or known(), Wishes(**wishes))


@pytest.mark.parametrize(
    ("named", "topic"),
    [
        ({"topic": "Đề án 06 và VNeID"}, "de_an_06"),
        ({"topic": "ĐỀ ÁN 06 VÀ VNEID"}, "de_an_06"),
        ({"topic": "de an 06 va vneid"}, "de_an_06"),
        ({"topic": "de_an_06"}, "de_an_06"),
        ({"topic": "Đề án 06"}, "de_an_06"),
        ({"topic": "Chuyên đề: Tổ chức bộ máy nhà nước"}, "bo_may"),
        ({"topic": "bất kỳ", "topic_code": "57"}, "57"),
    ],
)
def test_adopt_finds_the_topic(named: dict[str, str], topic: str):
    adoption = taken(replace(DRAFT, **named))

    assert adoption.findings == ()
    assert [question.topic for question in adoption.questions] == [topic]


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ({"topic": ""}, "no-topic"),
        ({"topic": "Thể thao"}, "topic-name"),
        ({"topic": "đề"}, "topic-name"),
        ({"topic": "x", "topic_code": "the_thao"}, "topic-name"),
    ],
)
def test_adopt_names_a_topic_it_does_not_know(named: dict[str, str], code: str):
    adoption = taken(replace(DRAFT, **named))

    assert [finding.code for finding in adoption.findings] == [code]
    assert (adoption.questions, adoption.seen) == ((), 1)


def test_adopt_says_an_unknown_topic_once():
    others = [replace(DRAFT, at=f"dòng {at}", topic="Thể thao") for at in range(5)]

    (finding,) = taken(*others).findings

    assert "(5 câu)" in finding.what


def test_adopt_wishes_decide_topic_and_missing_source():
    one, two = replace(DRAFT, topic="Thể thao", source=""), replace(DRAFT, stem="Khác?")

    adoption = taken(one, two, topic="bo_may", source=" Tài liệu  hỏi đáp ")

    assert [(each.topic, each.source) for each in adoption.questions] == [
        ("bo_may", "Tài liệu hỏi đáp"),
        ("bo_may", "Luật"),
    ]


@pytest.mark.parametrize(
    ("ids", "given"),
    [
        (("da06-001", "da06-007", "x-1"), "da06-008"),
        (("da06-1000",), "da06-1001"),
        ((), "de-an-06-001"),
    ],
)
def test_adopt_numbers_on_as_the_topic_does(ids: tuple[str, ...], given: str):
    adoption = taken(DRAFT, replace(DRAFT, stem="Khác?"), into=known(*ids))

    first, second = adoption.questions
    assert first.id == given
    assert int(second.id.rpartition("-")[2]) == int(given.rpartition("-")[2]) + 1


def test_adopt_keeps_ids_and_numbers_around_them():
    drafts = [DRAFT, replace(DRAFT, stem="Hai?", id="de-an-06-001"), replace(DRAFT, stem="Ba?")]

    adoption = taken(*drafts)

    assert [each.id for each in adoption.questions] == [
        "de-an-06-002",
        "de-an-06-001",
        "de-an-06-003",
    ]


@pytest.mark.parametrize(
    ("ids", "codes"),
    [
        (("q-1", "da06-001"), ["id-taken"]),
        (("q-1", "q-1"), ["id-twice"]),
        (("q-1", "Câu 2"), ["bad-question-id"]),
    ],
)
def test_adopt_names_ids_it_cannot_take(ids: tuple[str, ...], codes: list[str]):
    drafts = [replace(DRAFT, id=id_, stem=f"Hỏi {at}?") for at, id_ in enumerate(ids)]

    adoption = taken(*drafts, into=known("da06-001"))

    assert [finding.code for finding in adoption.findings] == codes
    assert [question.id for question in adoption.questions] == ["q-1"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"source": ""}, "source-missing"),
        ({"stem": "CÂU  CŨ zz-1 ?".replace(" ?", "?")}, "stem-twin"),
        ({"options": (("a", "Một"), ("b", "một"), ("c", "Ba"))}, "options-twin"),
        ({"stem": "x" * 1_701}, "zalo-too-long"),
    ],
)
def test_adopt_checks_beside_the_bank(changes: dict[str, object], code: str):
    adoption = taken(replace(DRAFT, **changes), into=known("zz-1"))

    (finding,) = adoption.findings
    assert (finding.code, finding.at, finding.question) == (code, "dòng 2", "Câu 1")
    assert adoption.questions == ()


def test_adopt_twins_in_one_file_name_each_other_by_place():
    other = replace(DRAFT, at="dòng 9", label="Câu 8", stem="HỎI GÌ?")

    adoption = taken(DRAFT, other)

    assert str(adoption.findings[0]) == (
        "x.xlsx:dòng 9: câu hỏi trùng nội dung với câu Câu 1 (dòng 2); cần sửa hoặc bỏ một câu"
    )
    assert [question.stem for question in adoption.questions] == ["Hỏi gì?"]
