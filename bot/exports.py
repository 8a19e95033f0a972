"""Files of questions written for people: exports of the bank, and the templates.

Decides what may be written where; the formats are `question_bank.importers`'.
"""

from dataclasses import replace
from pathlib import Path

from bot.problems import SAYS
from bot.settings import Config
from question_bank.importers.bank_files import write_whole
from question_bank.importers.docx_out import bank_paper, template_paper
from question_bank.importers.toml_file import BankFilesError, read_bank
from question_bank.importers.toml_text import bank_text
from question_bank.importers.xlsx_out import bank_workbook, template_workbook
from question_bank.question import QuestionBank, Topic

_TEMPLATES = ("cau-hoi-mau.xlsx", "cau-hoi-mau.docx")
_OWNER_ONLY = 0o600
"""Keys are in most of these files."""
_SUFFIXES = (".xlsx", ".toml", ".docx")


class ExportError(ValueError):
    """Nothing was written; `lines` say why."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def export_bank(config: Config, path: Path, topic: str, *, with_keys: bool) -> int:
    """Write the bank, or one topic of it; how many questions.

    Raises:
        ExportError: a suffix that is none of ours, no such topic, or the file cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES:
        raise ExportError(SAYS["export_suffix"].format(path=path, found=suffix or "-"))
    if suffix == ".toml" and not with_keys:
        raise ExportError(SAYS["export_keys"].format(path=path))
    bank = _chosen(_bank(config), topic)
    _write(path, _bank_bytes(bank, suffix, with_keys=with_keys))
    return len(bank.questions)


def bank_bytes(config: Config, suffix: str, *, with_keys: bool) -> bytes:
    """The whole bank as a file of a suffix that `export_bank` knows.

    Raises:
        ExportError: the bank cannot be read.
    """
    return _bank_bytes(_bank(config), suffix, with_keys=with_keys)


def template_bytes(config: Config, suffix: str) -> bytes:
    """The template, `.xlsx` or `.docx`, with the bank's topics to choose from.

    Raises:
        ExportError: the bank cannot be read.
    """
    titles = dict(_bank(config).titles)
    return template_workbook(titles) if suffix == ".xlsx" else template_paper(titles)


def write_templates(config: Config, folder: Path) -> tuple[Path, ...]:
    """Both templates, with the bank's topics to choose from; nothing there is overwritten.

    Raises:
        ExportError: a template is there already, or the folder cannot be written.
    """
    titles = dict(_bank(config).titles)
    paths = tuple(folder / name for name in _TEMPLATES)
    for path in paths:
        if path.exists():
            raise ExportError(SAYS["template_there"].format(path=path))
    for path, data in zip(paths, (template_workbook(titles), template_paper(titles)), strict=True):
        _write(path, data)
    return paths


def _bank_bytes(bank: QuestionBank, suffix: str, *, with_keys: bool) -> bytes:
    if suffix == ".toml":
        return bank_text(bank).encode()
    write = bank_workbook if suffix == ".xlsx" else bank_paper
    return write(bank, with_keys=with_keys)


def _bank(config: Config) -> QuestionBank:
    try:
        return read_bank(config.path("questions"))
    except BankFilesError as error:
        raise ExportError(*error.problems) from error


def _chosen(bank: QuestionBank, topic: str) -> QuestionBank:
    if not topic:
        return bank
    if topic not in bank.topics:
        allowed = ", ".join(bank.topics)
        raise ExportError(SAYS["export_topic_unknown"].format(found=topic, allowed=allowed))
    chosen = Topic(topic)
    questions = tuple(bank.question(id_) for id_ in bank.topics[chosen])
    return replace(bank, questions=questions, titles={chosen: bank.titles.get(chosen, chosen)})


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data, mode=_OWNER_ONLY)
    except OSError as error:
        facts = {"path": path, "why": error.strerror}
        raise ExportError(SAYS["import_unwritable"].format(**facts)) from error
