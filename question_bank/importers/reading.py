"""A file's bytes into drafts and findings: what the child process does, with no bound of its own.

Decides which reader takes a file. Nothing here asks the bank, the disk or the network.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

from question_bank.importers import problems
from question_bank.importers.columns import find_titles
from question_bank.importers.docx_lines import read_blocks
from question_bank.importers.docx_text import read_docx
from question_bank.importers.draft import Draft, Report
from question_bank.importers.finding import Finding, is_error
from question_bank.importers.kinds import Kind, check_suffix, is_zip, kind_of
from question_bank.importers.refusal import RefusedError
from question_bank.importers.spreadsheets import csv_table, sheets_of
from question_bank.importers.table_rows import Table, columns_of, read_table
from question_bank.importers.toml_file import BankFiles, FileProblemError, bank_of, read_toml_bytes
from question_bank.importers.zip_bounds import open_zip
from question_bank.question import Question
from question_bank.text import clean

MAX_QUESTIONS = 2_000


@dataclass(frozen=True, slots=True)
class Reading:
    """`titles` are topics the file itself names, code to title."""

    drafts: tuple[Draft, ...]
    titles: dict[str, str]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A table's row: how findings name it, and its cells as texts."""

    at: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TablesReading:
    """Every table of a file that has any text, in order."""

    tables: tuple[tuple[Row, ...], ...]
    findings: tuple[Finding, ...]


def read_tables(name: str, data: bytes) -> TablesReading:
    """The tables of a workbook or a csv file, and what is wrong with the file."""
    report = Report(name)
    tables: list[Table] = []
    try:
        check_suffix(name)
        archive = open_zip(data) if is_zip(data) else None
        tables = _tables_of(kind_of(name, data, archive), data, archive, report)
    except RefusedError as error:
        report.error("", error.template, **error.facts)
    rows = tuple(tuple(Row(one.at, one.cells) for one in table.rows) for table in tables)
    return TablesReading(rows, tuple(report.findings))


def _tables_of(kind: Kind, data: bytes, archive: ZipFile | None, report: Report) -> list[Table]:
    if kind in {"docx", "toml"}:
        raise RefusedError(problems.NOT_A_KIND)
    return [csv_table(data)] if kind == "csv" else sheets_of(data, archive, report)


def read_questions(name: str, data: bytes) -> Reading:
    """Sound questions of a file, and everything wrong with it."""
    report = Report(name)
    drafts: list[Draft] = []
    titles: dict[str, str] = {}
    try:
        check_suffix(name)
        drafts = _read(name, data, report, titles)
    except RefusedError as error:
        drafts = []
        report.error("", error.template, **error.facts)
    except FileProblemError as error:
        report.findings += error.findings
    if len(drafts) > MAX_QUESTIONS:
        report.error("", problems.TOO_MANY_QUESTIONS, found=len(drafts), most=MAX_QUESTIONS)
        drafts = []
    if not drafts and not any(map(is_error, report.findings)):
        report.error("", problems.NO_QUESTIONS)
    return Reading(tuple(drafts), titles, tuple(report.findings))


def _read(name: str, data: bytes, report: Report, titles: dict[str, str]) -> list[Draft]:
    archive = open_zip(data) if is_zip(data) else None
    kind = kind_of(name, data, archive)
    if kind == "toml":
        files = bank_of([read_toml_bytes(Path(name), data)])
        titles.update({str(code): title for code, title in files.bank.titles.items()})
        return [_draft_of(question, files) for question in files.bank.questions]
    if kind == "docx" and archive is not None:
        blocks, boxes = read_docx(archive)
        drafts = read_blocks(blocks, boxes, report)
        titles.update({each.topic_code: each.topic for each in drafts if each.topic_code})
        return drafts
    tables = [csv_table(data)] if kind == "csv" else sheets_of(data, archive, report)
    return _read_tables(tables, report, titles)


def _read_tables(tables: list[Table], report: Report, titles: dict[str, str]) -> list[Draft]:
    drafts: list[Draft] = []
    skipped: list[Table] = []
    has_questions = False
    for table in tables:
        columns = columns_of(table)
        if columns is not None:
            has_questions = True
            drafts += read_table(table, columns, report)
        elif (found := _titles_of(table)) is not None:
            titles.update(found)
        else:
            skipped.append(table)
    if not has_questions:
        report.error("", problems.NO_HEADER)
    elif skipped:
        for table in skipped:
            if not table.topic.casefold().startswith(problems.GUIDE_SHEET.casefold()):
                report.warn(problems.SHEET.format(sheet=table.topic), problems.SHEET_SKIPPED)
    return drafts


def _titles_of(table: Table) -> dict[str, str] | None:
    width = max((len(row.cells) for row in table.rows), default=0)
    rows = [row.cells + ("",) * (width - len(row.cells)) for row in table.rows]
    found = find_titles(rows)
    if found is None:
        return None
    header, code, title = found
    below = rows[header + 1 :]
    return {clean(row[code]): clean(row[title]) for row in below if clean(row[code])}


def _draft_of(question: Question, files: BankFiles) -> Draft:
    at = files.places[question.id].rpartition(":")[2]
    return Draft(
        at,
        question.id,
        question.stem,
        tuple((option.id, option.text) for option in question.options),
        question.answer,
        topic=files.bank.titles.get(question.topic, question.topic),
        topic_code=question.topic,
        id=question.id,
        pin=question.pin,
        difficulty=question.difficulty,
        source=question.source,
        explanation=question.explanation,
        status=question.status,
        author=question.author,
        approved_by=question.approved_by,
    )


Reader = Callable[[str, bytes], Reading]
"""How a file is read: here, or in a process of its own."""
