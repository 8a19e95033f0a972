"""The status of questions in files that people keep by hand: changed in place, all else as it was.

Decides which lines change; who may approve, it decides too: not who wrote the question.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from question_bank.importers import problems
from question_bank.importers.bank_files import question_files, write_whole
from question_bank.importers.finding import Finding
from question_bank.importers.toml_file import (
    BankFiles,
    TomlDocument,
    bank_of,
    read_bank_files,
    read_toml,
    read_toml_bytes,
)
from question_bank.importers.toml_text import toml_string
from question_bank.question import Question, QuestionBank, QuestionId, Status
from question_bank.text import clean, fold


@dataclass(frozen=True, slots=True)
class Edited:
    """Ids whose status changed; when anything was found, nothing did."""

    changed: tuple[QuestionId, ...]
    findings: tuple[Finding, ...]


def approve(folder: Path, named: Sequence[str], by: str) -> Edited:
    """Drafts become approved; `named` are ids, or names of files for all drafts in them.

    Raises:
        BankFilesError: the bank cannot be read.
    """
    files, chosen, findings = _chosen(folder, named, ("draft",))
    for question in chosen:
        if question.author and fold(question.author) == fold(by):
            findings.append(_found(files, question, problems.SAME_PERSON, by=clean(by)))
        if question.status != "draft":
            findings.append(_found(files, question, problems.NOT_A_DRAFT))
    changes = {"status": "approved", "approved_by": clean(by)}
    return _edited(folder, chosen, changes, findings)


def retire(folder: Path, named: Sequence[str]) -> Edited:
    """Questions that are drawn no more and stay on record; `named` as in `approve`.

    Raises:
        BankFilesError: the bank cannot be read.
    """
    _, chosen, findings = _chosen(folder, named, ("draft", "approved"))
    return _edited(folder, chosen, {"status": "retired"}, findings)


def _chosen(
    folder: Path, named: Sequence[str], statuses: Sequence[Status]
) -> tuple[BankFiles, list[Question], list[Finding]]:
    files = read_bank_files(folder)
    chosen: dict[str, Question] = {}
    findings: list[Finding] = []
    for name in named:
        found = [
            each
            for each in files.bank.questions
            if each.id == name or (_file_of(files, each) == name and each.status in statuses)
        ]
        chosen |= {each.id: each for each in found}
        if not found:
            findings.append(problems.finding_at(folder, "", problems.NO_SUCH_QUESTION, found=name))
    return files, list(chosen.values()), findings


def _file_of(files: BankFiles, question: Question) -> str:
    return Path(files.places[question.id].rpartition(":")[0]).name


def _found(files: BankFiles, question: Question, template: str, **facts: object) -> Finding:
    file, _, at = files.places[question.id].rpartition(":")
    return replace(problems.finding_at(file, at, template, **facts), question=question.id)


def _edited(
    folder: Path, chosen: Sequence[Question], changes: Mapping[str, str], findings: list[Finding]
) -> Edited:
    if findings:
        return Edited((), tuple(findings))
    ids = {question.id for question in chosen}
    documents = [read_toml(path) for path in question_files(folder)]
    texts = [_text_with(document, ids, changes) for document in documents]
    written = [
        document if text is None else read_toml_bytes(document.path, text.encode())
        for document, text in zip(documents, texts, strict=True)
    ]
    # what was meant, and nothing else: a file laid out in a way not foreseen stays as it is
    if bank_of(written).bank != _meant(bank_of(documents).bank, ids, changes):
        return Edited((), (problems.finding_at(folder, "", problems.ODD_LAYOUT),))
    for document, text in zip(documents, texts, strict=True):
        if text is not None:
            write_whole(document.path, text.encode())
    return Edited(tuple(question.id for question in chosen), ())


def _meant(bank: QuestionBank, ids: set[QuestionId], changes: Mapping[str, str]) -> QuestionBank:
    edited = tuple(
        replace(each, **changes) if each.id in ids else each  # type: ignore[arg-type]
        for each in bank.questions
    )
    return QuestionBank(edited, bank.titles)


def _text_with(
    document: TomlDocument, ids: set[QuestionId], changes: Mapping[str, str]
) -> str | None:
    """The file's text with the fields set; None when none of the questions is in it."""
    tables = document.tables.get("question", [])
    places = [at for at, table in enumerate(tables) if table.get("id") in ids]
    if not places:
        return None
    text = document.path.read_bytes().decode("utf-8-sig")
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.replace("\r\n", "\n").split("\n")
    # from below, so that lines above keep their numbers
    for at in reversed(places):
        path = f"question[{at}]"
        id_line = document.line_of(f"{path}.id")
        for key in sorted(changes, key=lambda key: -document.line_of(f"{path}.{key}")):
            said = f"{key} = {toml_string(changes[key])}"
            if f"{path}.{key}" in document.lines:
                lines[document.line_of(f"{path}.{key}") - 1] = said
            else:
                lines.insert(id_line, said)
    return end.join(lines)
