"""A bank written and read again is the same bank, whatever its texts look like."""

import io
import tomllib
from collections.abc import Callable

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from question_bank.importers.docx_out import bank_paper, template_paper
from question_bank.importers.reading import Reading, read_questions
from question_bank.importers.toml_text import bank_text
from question_bank.importers.xlsx_out import bank_workbook, template_workbook
from question_bank.question import STATUSES, Option, Question, QuestionBank, Topic
from question_bank.text import clean

# what readers look for in files that are not ours
SNARES = [
    "A. ", "B) ", "Câu 1: ", "1. ", "Đáp án: B", "Nguồn: ", "Chủ đề: ", "*", "(đúng)", "✓", "HẾT",
    "[Ví dụ] ", "=1+1", "+84", "-1", "@x", "{=A1}", "<b>", "&amp;", '"', "'", "\\", "_x0041_",
    "Mã câu: ", "TRUE", "06/01/2022", "1B 2C 3A", "I. ", "]]>", "%", "#", "½", "đ", "🎉",
    "<r>x</r>",
]  # fmt: skip
texts = (
    st.lists(st.sampled_from(SNARES) | st.text("ăâđêôơưàảãáạ aábcxyz.:-", max_size=12), max_size=4)
    .map(lambda parts: clean("".join(parts)))
    .filter(bool)
)
topics = st.from_regex(r"[A-Za-z0-9_-]{1,8}", fullmatch=True).map(Topic)


@st.composite
def banks(draw: st.DrawFn) -> QuestionBank:
    titles = draw(st.dictionaries(topics, texts, min_size=1, max_size=3))
    ids = st.from_regex(r"[a-z0-9-]{1,32}", fullmatch=True)
    questions = []
    for id_ in draw(st.lists(ids, unique=True, min_size=1, max_size=5)):
        letters = draw(
            st.sampled_from(["abc", "abcd", "abcde"])
            | st.lists(st.sampled_from("abcxyz"), unique=True, min_size=3, max_size=5).map("".join)
        )
        questions.append(
            Question(
                id=id_,
                topic=draw(st.sampled_from(sorted(titles))),
                stem=draw(texts),
                options=tuple(Option(letter, draw(texts)) for letter in letters),
                answer=draw(st.sampled_from(letters)),
                pin=draw(st.booleans()),
                source=draw(texts | st.just("")),
                explanation=draw(texts | st.just("")),
                difficulty=draw(st.integers(1, 3)),
                status=draw(st.sampled_from(STATUSES)),
                author=draw(texts | st.just("")),
                approved_by=draw(texts | st.just("")),
            )
        )
    used = {question.topic for question in questions}
    return QuestionBank(tuple(questions), {topic: titles[topic] for topic in used})


def bank_of_reading(reading: Reading) -> QuestionBank:
    assert [str(finding) for finding in reading.findings] == []
    questions = [
        Question(
            id=draft.id,
            topic=draft.topic_code,
            stem=draft.stem,
            options=tuple(Option(letter, text) for letter, text in draft.options),
            answer=draft.answer,
            pin=draft.pin,
            source=draft.source,
            explanation=draft.explanation,
            difficulty=draft.difficulty,
            status=draft.status or "approved",
            author=draft.author,
            approved_by=draft.approved_by,
        )
        for draft in reading.drafts
    ]
    return QuestionBank(tuple(questions), reading.titles)


def read_back(name: str, data: bytes) -> QuestionBank:
    return bank_of_reading(read_questions(name, data))


RUNS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@RUNS
@given(banks())
def test_toml_xlsx_toml_is_the_same(bank: QuestionBank):
    first = read_back("a.toml", bank_text(bank).encode())

    again = read_back("a.xlsx", bank_workbook(first, with_keys=True))

    assert first == again == bank
    assert bank_text(again) == bank_text(bank)


@RUNS
@given(banks())
def test_toml_docx_toml_is_the_same(bank: QuestionBank):
    first = read_back("a.toml", bank_text(bank).encode())

    again = read_back("a.docx", bank_paper(first, with_keys=True))

    assert first == again == bank
    assert bank_text(again) == bank_text(bank)


@RUNS
@given(banks())
def test_toml_text_is_toml(bank: QuestionBank):
    tables = tomllib.loads(bank_text(bank))

    assert len(tables["question"]) == len(bank.questions)


@pytest.mark.parametrize(("name", "write"), [("a.xlsx", bank_workbook), ("a.docx", bank_paper)])
@settings(max_examples=15, deadline=None)
@given(bank=banks())
def test_export_without_keys_has_none(name: str, write: Callable[..., bytes], bank: QuestionBank):
    reading = read_questions(name, write(bank, with_keys=False))

    assert reading.drafts == ()
    assert {finding.code for finding in reading.findings} == {"no-key"}
    assert len(reading.findings) == len(bank.questions)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("mau.xlsx", template_workbook({Topic("a"): "Đề án 06", Topic("b"): "Bộ máy"})),
        ("mau.docx", template_paper({Topic("a"): "Đề án 06", Topic("b"): "Bộ máy"})),
    ],
)
def test_template_example_is_skipped_and_told(name: str, data: bytes):
    reading = read_questions(name, data)

    assert reading.drafts == ()
    assert [finding.code for finding in reading.findings] == ["example-skipped", "no-questions"]


def test_t38_a_text_that_looks_like_markup_stays_a_text():
    """By another program's reader: raw, one breaks the workbook, another loses its tags."""
    stem, title = "<r><t>x</r>", "<r><t>Việc</t></r>"
    options = tuple(Option(letter, f"<r><t>{letter}</t></r>") for letter in "abc")
    question = Question("q-1", Topic("so"), stem, options, "b", False, "", "", 1)
    data = bank_workbook(QuestionBank((question,), {Topic("so"): title}), with_keys=True)

    book = openpyxl.load_workbook(io.BytesIO(data))

    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    wanted = {stem, title, *(option.text for option in options)}
    assert {cell.removeprefix(" ") for cell in cells} >= wanted
    assert read_questions("a.xlsx", data).drafts[0].stem == stem
