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
from question_bank.importers.finding import Finding
from question_bank.importers.question_rows import Rows, rows_of
from question_bank.question import QuestionBank, Topic

__all__ = [
    "PRACTICE_FILE",
    "BankFiles",
    "BankFilesError",
    "FileProblemError",
    "TomlDocument",
    "bank_of",
    "check_files",
    "read_bank",
    "read_bank_files",
    "read_practice",
    "read_practice_files",
    "read_toml",
    "read_toml_bytes",
]

PRACTICE_FILE = "luyen-tap.toml"

_SAID = re.compile(r"(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of.*)\)")


class FileProblemError(ValueError):
    """A file that cannot be used.

    Each of `problems` is a line `file:line: what is wrong, what is allowed`.
    """

    def __init__(self, *findings: Finding) -> None:
        self.findings = findings
        self.problems = tuple(map(str, findings))
        super().__init__("\n".join(self.problems))


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
    return read_toml_bytes(path, _bytes_of(path))


def read_toml_bytes(path: Path, data: bytes) -> TomlDocument:
    """As `read_toml`, of bytes at hand; `path` is what findings call them."""
    text = _text_of(path, data)
    try:
        return TomlDocument(path, tomllib.loads(text), lines_of(text))
    except tomllib.TOMLDecodeError as error:
        raise FileProblemError(_syntax_finding(path, text, str(error))) from error
    except RecursionError as error:
        raise FileProblemError(problems.finding_at(path, 1, problems.TOO_DEEP)) from error


def read_bank(folder: Path) -> QuestionBank:
    """The bank of all `*.toml` in the folder but the practice file.

    Raises:
        BankFilesError: with every problem of every file.
    """
    return read_bank_files(folder).bank


def read_practice(folder: Path) -> QuestionBank:
    """The practice questions, read and refused as `read_bank` does."""
    return read_practice_files(folder).bank


def read_practice_files(folder: Path) -> BankFiles:
    """As `read_practice`, with the places of its questions."""
    return _bank_of([folder / PRACTICE_FILE])


def read_bank_files(folder: Path) -> BankFiles:
    """As `read_bank`, with the places of its questions."""
    paths = sorted(path for path in folder.glob("*.toml") if path.name != PRACTICE_FILE)
    if not paths:
        raise BankFilesError(problems.finding_at(folder, 1, problems.NO_FILES))
    return _bank_of(paths)


def check_files(files: BankFiles, quotas: Quotas) -> tuple[str, ...]:
    """Lines for everything that the checks find wrong with a bank that was read."""
    found = check_bank(files.bank, quotas)
    return tuple(problems.line_of_problem(problem, files.places) for problem in found)


def bank_of(documents: Sequence[TomlDocument]) -> BankFiles:
    """The bank of files already read.

    Raises:
        BankFilesError: with every problem of every file.
    """
    files = [rows_of(document) for document in documents]
    _check_titles(files)
    _check_ids(files)
    findings = [finding for rows in files for finding in rows.findings]
    if findings:
        raise BankFilesError(*findings)
    return _joined(files)


def _bank_of(paths: Sequence[Path]) -> BankFiles:
    unreadable: list[Finding] = []
    documents: list[TomlDocument] = []
    for path in paths:
        try:
            documents.append(read_toml(path))
        except FileProblemError as error:
            unreadable.extend(error.findings)
    try:
        files = bank_of(documents)
    except BankFilesError as error:
        raise BankFilesError(*unreadable, *error.findings) from None
    if unreadable:
        raise BankFilesError(*unreadable)
    return files


def _joined(files: Sequence[Rows]) -> BankFiles:
    titles: dict[Topic, str] = {}
    places: dict[str, str] = {}
    for rows in files:
        for topic, (title, path) in rows.topics.items():
            titles.setdefault(topic, title)
            places.setdefault(topic, rows.document.place(path))
    found = [each for rows in files for each in rows.questions]
    places.update((question.id, place) for question, place in found)
    return BankFiles(QuestionBank(tuple(question for question, _ in found), titles), places)


def _check_titles(files: Sequence[Rows]) -> None:
    """Reports titles that differ from the first one of their topic."""
    first: dict[Topic, tuple[str, str]] = {}
    for rows in files:
        for topic, (title, path) in rows.topics.items():
            # a lone topic's title stands on a line of its own
            at = "title" if path == "topic" else path
            other, place = first.setdefault(topic, (title, rows.document.place(at)))
            if other != title:
                facts = {"topic": topic, "title": other, "first": place}
                rows.report(at, problems.OTHER_TITLE, **facts)


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


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        finding = problems.finding_at(path, 1, problems.UNREADABLE, reason=error.strerror)
        raise FileProblemError(finding) from error


def _text_of(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line_number = data.count(b"\n", 0, error.start) + 1
        finding = problems.finding_at(path, line_number, problems.NOT_UTF8)
        raise FileProblemError(finding) from error


def _syntax_finding(path: Path, text: str, said: str) -> Finding:
    found = _SAID.fullmatch(said)
    reason = problems.syntax_reason(found["what"] if found else said)
    if found and found["line"]:
        line, column = int(found["line"]), found["column"]
    else:
        line, column = text.rstrip().count("\n") + 1, problems.LAST_COLUMN
    return problems.finding_at(path, line, problems.SYNTAX, column=column, reason=reason)
