"""TOML files from disk: the only home of `tomllib`, for settings, units and questions alike.

Decides how a folder of question files becomes a bank; a file's inside is `question_rows`'s.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from question_bank.checks import check_bank
from question_bank.draw import Quotas
from question_bank.importers import problems
from question_bank.importers.document import TomlDocument, lines_of
from question_bank.importers.question_rows import Rows, rows_of
from question_bank.question import QuestionBank, Topic

__all__ = [
    "PRACTICE_FILE",
    "BankFiles",
    "BankFilesError",
    "FileProblemError",
    "TomlDocument",
    "check_folder",
    "read_bank",
    "read_bank_files",
    "read_practice",
    "read_toml",
]

PRACTICE_FILE = "luyen-tap.toml"

_SAID = re.compile(r"(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of.*)\)")


class FileProblemError(ValueError):
    """A file that cannot be used.

    Each of `problems` is a line `file:line: what is wrong, what is allowed`.
    """

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.problems = lines


class BankFilesError(FileProblemError):
    """Everything wrong in the question files: unreadable ones first, then file by file by line."""


@dataclass(frozen=True, slots=True)
class BankFiles:
    """A bank, and the `file:line` of each question id and each topic."""

    bank: QuestionBank
    places: Mapping[str, str]


def read_toml(path: Path) -> TomlDocument:
    """The file's tables with their lines; Windows' line ends and byte order mark are taken.

    Raises:
        FileProblemError: it cannot be read, is not UTF-8, or is not TOML.
    """
    text = _text_of(path)
    try:
        return TomlDocument(path, tomllib.loads(text), lines_of(text))
    except tomllib.TOMLDecodeError as error:
        raise FileProblemError(_syntax_line(path, text, str(error))) from error
    except RecursionError as error:
        raise FileProblemError(problems.line_at(f"{path}:1", problems.TOO_DEEP)) from error


def read_bank(folder: Path) -> QuestionBank:
    """The bank of all `*.toml` in the folder but the practice file.

    Raises:
        BankFilesError: with every problem of every file.
    """
    return read_bank_files(folder).bank


def read_practice(folder: Path) -> QuestionBank:
    """The practice questions, read and refused as `read_bank` does."""
    return _bank_of([folder / PRACTICE_FILE]).bank


def read_bank_files(folder: Path) -> BankFiles:
    """As `read_bank`, with the places of its questions."""
    paths = sorted(path for path in folder.glob("*.toml") if path.name != PRACTICE_FILE)
    if not paths:
        raise BankFilesError(problems.line_at(f"{folder}:1", problems.NO_FILES))
    return _bank_of(paths)


def check_folder(folder: Path, quotas: Quotas) -> tuple[str, ...]:
    """Lines for everything wrong with the bank in the folder, its checks included."""
    try:
        files = read_bank_files(folder)
    except BankFilesError as error:
        return error.problems
    found = check_bank(files.bank, quotas)
    return tuple(problems.line_of_problem(problem, files.places) for problem in found)


def _bank_of(paths: Sequence[Path]) -> BankFiles:
    lines: list[str] = []
    files: list[Rows] = []
    for path in paths:
        try:
            files.append(rows_of(read_toml(path)))
        except FileProblemError as error:
            lines.extend(error.problems)
    _check_titles(files)
    _check_ids(files)
    lines.extend(line for rows in files for line in rows.problems)
    if lines:
        raise BankFilesError(*lines)
    return _joined(files)


def _joined(files: Sequence[Rows]) -> BankFiles:
    titles: dict[Topic, str] = {}
    places: dict[str, str] = {}
    for rows in files:
        if rows.topic is not None:
            titles.setdefault(rows.topic, rows.title)
            places.setdefault(rows.topic, rows.document.place("topic"))
    found = [each for rows in files for each in rows.questions]
    places.update((question.id, place) for question, place in found)
    return BankFiles(QuestionBank(tuple(question for question, _ in found), titles), places)


def _check_titles(files: Sequence[Rows]) -> None:
    """Reports titles that differ from the first one of their topic."""
    first: dict[Topic, Rows] = {}
    for rows in files:
        if rows.topic is None:
            continue
        other = first.setdefault(rows.topic, rows)
        if other.title != rows.title:
            place = other.document.place("title")
            facts = {"topic": rows.topic, "title": other.title, "first": place}
            rows.report("title", problems.OTHER_TITLE, **facts)


def _check_ids(files: Sequence[Rows]) -> None:
    """Reports question ids that stand twice, those of broken questions too."""
    first: dict[str, str] = {}
    for rows in files:
        for path, question in _ids(rows.document):
            if question in first:
                rows.report(path, problems.SAME_QUESTION_ID, found=question, first=first[question])
            else:
                first[question] = rows.document.place(path)


def _ids(document: TomlDocument) -> Iterator[tuple[str, str]]:
    """(path, id) of every question that has one."""
    tables = document.tables.get("question")
    for index, table in enumerate(tables if isinstance(tables, list) else []):
        if isinstance(table, dict) and isinstance(table.get("id"), str):
            yield f"question[{index}].id", table["id"]


def _text_of(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        line = problems.line_at(f"{path}:1", problems.UNREADABLE, reason=error.strerror)
        raise FileProblemError(line) from error
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line_number = data.count(b"\n", 0, error.start) + 1
        line = problems.line_at(f"{path}:{line_number}", problems.NOT_UTF8)
        raise FileProblemError(line) from error


def _syntax_line(path: Path, text: str, said: str) -> str:
    found = _SAID.fullmatch(said)
    reason = problems.syntax_reason(found["what"] if found else said)
    if found and found["line"]:
        place, column = f"{path}:{found['line']}", found["column"]
    else:
        last = text.rstrip().count("\n") + 1
        place, column = f"{path}:{last}", problems.LAST_COLUMN
    return problems.line_at(place, problems.SYNTAX, column=column, reason=reason)
