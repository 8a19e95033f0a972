"""Workbooks out: an export that reads back the same, and the template. The home of xlsxwriter.

Every cell is a string: a text that begins with “=”, “+” or “<r>” stays a text (FAULTS T38).
"""

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter

from question_bank.importers import words
from question_bank.importers.problems import GUIDE_SHEET
from question_bank.importers.xlsx_text import plain_text
from question_bank.question import MAX_OPTIONS, Question, QuestionBank, Topic

_LETTERS = "ABCDEFGH"
_USUAL_OPTIONS = 4
_TEMPLATE_ROWS = 300
_WIDTHS = {
    words.ORDINAL: 6, words.STEM: 60, words.SOURCE: 40, words.EXPLANATION: 40, words.TOPIC: 26,
    words.TOPIC_TITLE: 40, words.ID: 12, words.TOPIC_CODE: 18,
}  # fmt: skip
_WIDTH = 22

_Column = tuple[str, Callable[[Question], str]]


def bank_workbook(bank: QuestionBank, *, with_keys: bool) -> bytes:
    """The bank's workbook; without keys nothing in it tells the right choice."""
    columns = _columns(bank, with_keys=with_keys)
    rows = [[text(question) for _, text in columns] for question in bank.questions]
    buffer, book, looks = _opened()
    sheet = book.add_worksheet(words.QUESTIONS_SHEET)
    _fill(sheet, [name for name, _ in columns], rows, looks)
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
    _add_topics(book, _titles(bank), looks)
    book.close()
    return buffer.getvalue()


def template_workbook(titles: Mapping[Topic, str]) -> bytes:
    """An empty workbook with its rules, lists to choose from, and an example that is skipped."""
    names = [
        words.ORDINAL, words.TOPIC, words.STEM,
        *(words.OPTION.format(letter=letter) for letter in _LETTERS[:MAX_OPTIONS]),
        words.KEY, words.DIFFICULTY, words.SOURCE, words.EXPLANATION,
    ]  # fmt: skip
    buffer, book, looks = _opened()
    sheet = book.add_worksheet(words.QUESTIONS_SHEET)
    _fill(sheet, names, [_example_row(names, titles)], looks)
    for row in range(2, _TEMPLATE_ROWS):
        for column in range(len(names)):
            sheet.write_blank(row, column, None, looks["text"])
    _add_lists(sheet, names, len(titles))
    guide = book.add_worksheet(GUIDE_SHEET)
    guide.set_column(0, 0, 110)
    for row, line in enumerate(words.GUIDE):
        guide.write_string(row, 0, line, looks["head" if row == 0 else "text"])
    _add_topics(book, titles, looks)
    book.close()
    return buffer.getvalue()


def _opened() -> tuple[io.BytesIO, Any, dict[str, Any]]:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    font = {"font_name": "Times New Roman", "font_size": 12, "valign": "top", "text_wrap": True}
    looks = {
        "text": book.add_format({**font, "num_format": "@"}),
        "head": book.add_format({**font, "bold": True, "bg_color": "#DDEBF7", "border": 1}),
    }
    return buffer, book, looks


def _columns(bank: QuestionBank, *, with_keys: bool) -> list[_Column]:
    most = max((len(each.options) for each in bank.questions), default=_USUAL_OPTIONS)
    titles = _titles(bank)
    columns: list[_Column] = [
        (words.ID, lambda each: each.id),
        (words.TOPIC_CODE, lambda each: each.topic),
        (words.TOPIC, lambda each: titles[each.topic]),
        (words.STEM, lambda each: each.stem),
        *((words.OPTION.format(letter=_LETTERS[at]), _option(at)) for at in range(most)),
    ]
    if with_keys:
        columns.append((words.KEY, lambda each: each.answer.upper()))
    columns += [
        (words.DIFFICULTY, lambda each: str(each.difficulty)),
        (words.SOURCE, lambda each: each.source),
    ]
    if with_keys:
        columns.append((words.EXPLANATION, lambda each: each.explanation))
    columns.append((words.PIN, lambda each: words.YES if each.pin else ""))
    later: list[_Column] = [
        (words.STATUS, _status),
        (words.AUTHOR, lambda each: each.author),
        (words.APPROVED_BY, lambda each: each.approved_by),
    ]
    columns += [each for each in later if any(map(each[1], bank.questions))]
    if any(_has_odd_ids(each) for each in bank.questions):
        columns.append((words.OPTION_IDS, _option_ids))
    return columns


def _status(question: Question) -> str:
    return "" if question.status == "approved" else words.STATUSES[question.status]


def _option(at: int) -> Callable[[Question], str]:
    return lambda each: each.options[at].text if at < len(each.options) else ""


def _option_ids(question: Question) -> str:
    return ",".join(option.id for option in question.options)


def _has_odd_ids(question: Question) -> bool:
    usual = _LETTERS[: len(question.options)].lower()
    return usual != "".join(option.id for option in question.options)


def _titles(bank: QuestionBank) -> dict[Topic, str]:
    topics = sorted({*bank.topics, *bank.titles})
    return {topic: bank.titles.get(topic, topic) for topic in topics}


def _fill(
    sheet: Any, names: Sequence[str], rows: Iterable[Sequence[str]], looks: Mapping[str, Any]
) -> None:
    for column, name in enumerate(names):
        sheet.set_column(column, column, _WIDTHS.get(name, _WIDTH))
        sheet.write_string(0, column, name, looks["head"])
    sheet.freeze_panes(1, 0)
    for row, texts in enumerate(rows, 1):
        for column, text in enumerate(texts):
            if text:
                sheet.write_string(row, column, plain_text(text), looks["text"])


def _add_topics(book: Any, titles: Mapping[Topic, str], looks: Mapping[str, Any]) -> None:
    sheet = book.add_worksheet(words.TOPICS_SHEET)
    rows = [(code, title) for code, title in sorted(titles.items())]
    _fill(sheet, [words.TOPIC_CODE, words.TOPIC_TITLE], rows, looks)


def _add_lists(sheet: Any, names: Sequence[str], topics: int) -> None:
    lists = {
        words.TOPIC: f"='{words.TOPICS_SHEET}'!$B$2:$B${topics + 1}",
        words.KEY: list(_LETTERS[:MAX_OPTIONS]),
        words.DIFFICULTY: ["1", "2", "3"],
    }
    for name, source in lists.items():
        column = names.index(name)
        rule = {"validate": "list", "source": source}
        sheet.data_validation(1, column, _TEMPLATE_ROWS - 1, column, rule)


def _example_row(names: Sequence[str], titles: Mapping[Topic, str]) -> list[str]:
    example = words.EXAMPLE_QUESTION
    options = {
        words.OPTION.format(letter=letter): text
        for letter, text in zip(_LETTERS, example["options"], strict=False)
    }
    cells = {
        words.ORDINAL: "1",
        words.TOPIC: next(iter(titles.values()), ""),
        words.STEM: example["stem"],
        words.KEY: example["key"],
        words.DIFFICULTY: example["difficulty"],
        words.SOURCE: example["source"],
        words.EXPLANATION: example["explanation"],
        **options,
    }
    return [str(cells.get(name, "")) for name in names]
