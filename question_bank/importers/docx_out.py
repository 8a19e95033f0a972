"""Word files out: a paper for the judges that reads back the same, and the template.

The home of python-docx. Paragraph styles say what each paragraph is, so that the reader takes the
texts as they are, whatever stands in them.
"""

import io
from collections.abc import Mapping
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from question_bank.importers import words
from question_bank.importers.docx_lines import (
    NOTE_STYLE,
    OPTION_STYLE,
    SKIPPED_STYLE,
    STEM_STYLE,
    TOPIC_STYLE,
)
from question_bank.question import Question, QuestionBank, Topic

_FONT = "Times New Roman"
_GREY = RGBColor(0x59, 0x59, 0x59)
_ANSWER_COLUMNS = 8


def bank_paper(bank: QuestionBank, *, with_keys: bool) -> bytes:
    """The bank on paper, by topic; with keys in bold, and all in a table at the end."""
    document = _opened()
    _add_head(document, len(bank.questions), with_keys=with_keys)
    number = 0
    numbered: list[tuple[int, Question]] = []
    for topic, ids in bank.topics.items():
        title = bank.titles.get(topic, topic)
        _add(document, TOPIC_STYLE, _note(words.TOPIC, title))
        _add(document, NOTE_STYLE, _note(words.TOPIC_CODE, topic))
        for id_ in ids:
            number += 1
            numbered.append((number, bank.question(id_)))
            _add_question(document, *numbered[-1], with_keys=with_keys)
    if with_keys and numbered:
        _add_answers(document, numbered)
    return _saved(document)


def template_paper(titles: Mapping[Topic, str]) -> bytes:
    """An empty paper with its rules and an example that is skipped."""
    document = _opened()
    _add(document, SKIPPED_STYLE, words.PAPER_TITLE).alignment = _CENTRE
    for line in words.GUIDE_OF_PAPER:
        _add(document, SKIPPED_STYLE, line)
    example = words.EXAMPLE_QUESTION
    topic = next(iter(titles.values()), "")
    document.add_heading(_note(words.TOPIC, topic), level=1)
    document.add_paragraph(words.QUESTION.format(number=1) + str(example["stem"]))
    for letter, text in zip("ABCD", example["options"], strict=True):
        document.add_paragraph().add_run(f"{letter}. {text}").bold = letter == example["key"]
    for name, key in ((words.SOURCE, "source"), (words.EXPLANATION, "explanation")):
        document.add_paragraph(_note(name, str(example[key])))
    document.add_paragraph(_note(words.DIFFICULTY, str(example["difficulty"])))
    return _saved(document)


_CENTRE = WD_ALIGN_PARAGRAPH.CENTER


def _opened() -> Any:
    """A4, margins of an official document, our styles, page numbers."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(1.5)
    section.top_margin = section.bottom_margin = Cm(2)
    _set_font(document.styles["Normal"], 13)
    _set_font(document.styles["Heading 1"], 14)
    document.styles["Heading 1"].font.color.rgb = RGBColor(0, 0, 0)
    stem = _add_style(document, STEM_STYLE, size=13, before=8)
    stem.paragraph_format.keep_with_next = True
    option = _add_style(document, OPTION_STYLE, size=13, indent=0.8)
    option.paragraph_format.keep_with_next = True
    note = _add_style(document, NOTE_STYLE, size=10, indent=0.8)
    note.font.italic, note.font.color.rgb = True, _GREY
    topic = _add_style(document, TOPIC_STYLE, size=14, before=14)
    topic.font.bold, topic.paragraph_format.keep_with_next = True, True
    _add_style(document, SKIPPED_STYLE, size=12)
    _number_pages(section.footer.paragraphs[0])
    return document


def _add_style(document: Any, name: str, *, size: int, before: int = 0, indent: float = 0) -> Any:
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    _set_font(style, size)
    style.paragraph_format.space_before = Pt(before)
    style.paragraph_format.space_after = Pt(2)
    style.paragraph_format.left_indent = Cm(indent)
    return style


def _set_font(style: Any, size: int) -> None:
    style.font.name, style.font.size = _FONT, Pt(size)
    # Word takes Vietnamese letters of this range from the font named for them
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FONT)


def _number_pages(paragraph: Any) -> None:
    """“Trang 1/12” by fields that Word counts."""
    paragraph.alignment = _CENTRE
    paragraph.add_run(words.PAGE)
    _add_field(paragraph, "PAGE")
    paragraph.add_run("/")
    _add_field(paragraph, "NUMPAGES")


def _add_field(paragraph: Any, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)  # noqa: SLF001 - python-docx has no fields


def _add_head(document: Any, count: int, *, with_keys: bool) -> None:
    title = _add(document, SKIPPED_STYLE)
    title.alignment = _CENTRE
    run = title.add_run(words.PAPER_TITLE)
    run.bold, run.font.size = True, Pt(15)
    kind = words.PAPER_WITH_KEYS if with_keys else words.PAPER_WITHOUT_KEYS
    for line in (words.PAPER_COUNT.format(count=count), kind):
        _add(document, SKIPPED_STYLE, line).alignment = _CENTRE


def _add_question(document: Any, number: int, question: Question, *, with_keys: bool) -> None:
    stem = _add(document, STEM_STYLE)
    stem.add_run(words.QUESTION.format(number=number)).bold = True
    stem.add_run(question.stem)
    for option in question.options:
        line = _add(document, OPTION_STYLE).add_run(f"{option.id.upper()}. {option.text}")
        line.bold = with_keys and option.id == question.answer
    for name, text in _notes(question, with_keys=with_keys):
        if text:
            _add(document, NOTE_STYLE, _note(name, text))


def _notes(question: Question, *, with_keys: bool) -> list[tuple[str, str]]:
    pinned = (words.PIN, words.YES if question.pin else "")
    if not with_keys:
        return [pinned]
    is_approved = question.status == "approved"
    return [
        (words.ID, question.id),
        (words.DIFFICULTY, str(question.difficulty)),
        (words.SOURCE, question.source),
        (words.EXPLANATION, question.explanation),
        (words.STATUS, "" if is_approved else words.STATUSES[question.status]),
        (words.AUTHOR, question.author),
        (words.APPROVED_BY, question.approved_by),
        pinned,
    ]


def _add_answers(document: Any, numbered: list[tuple[int, Question]]) -> None:
    heading = _add(document, SKIPPED_STYLE)
    heading.paragraph_format.page_break_before = True
    heading.alignment = _CENTRE
    heading.add_run(words.ANSWERS).bold = True
    rows = -(-len(numbered) // _ANSWER_COLUMNS)
    table = document.add_table(rows=rows, cols=_ANSWER_COLUMNS, style="Table Grid")
    cells = [cell for row in table.rows for cell in row.cells]
    for cell, (number, question) in zip(cells, numbered, strict=False):
        cell.paragraphs[0]._p.style = SKIPPED_STYLE  # noqa: SLF001
        cell.paragraphs[0].add_run(f"{number}. {question.answer.upper()}")


def _add(document: Any, style: str, text: str = "") -> Any:
    """A paragraph of one of our styles: by id, for python-docx searches names at 3 ms each."""
    paragraph = document.add_paragraph(text)
    paragraph._p.style = style  # noqa: SLF001
    return paragraph


def _note(name: str, text: str) -> str:
    return words.NOTE.format(name=name, text=text)


def _saved(document: Any) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()
