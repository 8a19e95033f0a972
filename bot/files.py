"""The files an organiser edits, read and checked at start: units, texts, rules, questions."""

from pathlib import Path

from bot.problems import SettingsProblemError, flaw_line, stop
from bot.settings import Config
from bot.texts import read_texts
from bot.units.toml_units import units_of_document
from handlers.catalogue import Catalogue, CatalogueError
from handlers.units import Units
from question_bank.importers.document import TomlDocument
from question_bank.importers.toml_file import (
    FileProblemError,
    check_files,
    read_bank_files,
    read_practice,
    read_toml,
)
from question_bank.question import QuestionBank
from reports.rules_pages import clauses_of, pages_of


def load_catalogue(config: Config) -> Catalogue:
    texts = read_texts(config.path("texts"))
    try:
        return Catalogue(texts.tables)
    except CatalogueError as error:
        lines = tuple(flaw_line(flaw, texts.place(flaw.entry)) for flaw in error.flaws)
        raise SettingsProblemError(lines) from error


def load_bank(config: Config) -> QuestionBank:
    """The questions that may be drawn, with the bank's checks and the quotas of the paper."""
    try:
        files = read_bank_files(config.path("questions"))
    except FileProblemError as error:
        raise SettingsProblemError(error.problems) from error
    problems = check_files(files, config.settings.contest.draw)
    if problems:
        raise SettingsProblemError(problems)
    return files.bank.approved()


def load_practice(config: Config) -> QuestionBank:
    try:
        bank = read_practice(config.path("questions")).approved()
    except FileProblemError as error:
        raise SettingsProblemError(error.problems) from error
    wanted = config.settings.paper.practice_questions
    if len(bank.questions) < wanted:
        place = str(config.path("questions") / "luyen-tap.toml")
        raise stop(f"{place}:1", "practice_few", found=len(bank.questions), wanted=wanted)
    return bank


def load_rules(config: Config) -> tuple[str, ...]:
    """Pages of the rules as safe HTML."""
    path = config.path("rules")
    if not path.is_file():
        raise stop(_place(config, "rules"), "file_missing", path=path)
    try:
        markdown = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise stop(f"{path}:1", "not_utf8") from error
    pages = pages_of(clauses_of(markdown))
    if not pages:
        raise stop(f"{path}:1", "rules_empty")
    return pages


def load_units(config: Config) -> Units:
    """The list that the file declares; once a contest counts, the one in SQL is in force."""
    settled = units_of_document(_document(config.path("units")))
    if settled.units is None:
        raise SettingsProblemError(settled.problems)
    return settled.units


def check_ladders(config: Config, units: Units) -> tuple[str, ...]:
    """A line for each block of a ladder that is none of the list's: it would rank nobody."""
    named = (
        (f"contest.prizes.ladders[{at}][{among}]", block)
        for at, ladder in enumerate(config.settings.contest.prizes.ladders)
        for among, block in enumerate(ladder)
    )
    allowed = ", ".join(units.blocks)
    return tuple(
        line
        for key, block in named
        if block not in units.blocks
        for line in stop(
            config.document.place(key), "ladder", key=key, found=block, allowed=allowed
        ).lines
    )


def _document(path: Path) -> TomlDocument:
    try:
        return read_toml(path)
    except FileProblemError as error:
        raise SettingsProblemError(error.problems) from error


def _place(config: Config, key: str) -> str:
    return config.document.place(f"files.{key}")
