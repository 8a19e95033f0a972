"""The files an organiser edits, read and checked at start: units, texts, rules, questions."""

import re
from pathlib import Path
from typing import Any

from bot.problems import SettingsProblemError, flaw_line, stop
from bot.settings import Config
from bot.texts import read_texts
from handlers.catalogue import Catalogue, CatalogueError
from handlers.units import Unit, Units
from question_bank.importers.document import TomlDocument
from question_bank.importers.toml_file import (
    FileProblemError,
    check_files,
    read_bank_files,
    read_practice,
    read_toml,
)
from question_bank.question import QuestionBank
from question_bank.text import clean
from reports.rules_pages import clauses_of, pages_of

_CODE = re.compile(r"[A-Za-z0-9_-]{1,20}")
_BLOCK = re.compile(r"[a-z0-9-]{1,20}")
_TEXTS = {"code": True, "block": True, "name": True, "place": False}


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
    document = _document(config.path("units"))
    tables = document.tables
    problems: list[str] = []
    blocks = _blocks(document, problems)
    rows = tables.get("unit", [])
    if not isinstance(rows, list) or not rows:
        raise stop(f"{document.path}:1", "no_units")
    units = [_unit(document, index, row, problems) for index, row in enumerate(rows)]
    _check_units(document, units, blocks, problems)
    if problems:
        raise SettingsProblemError(tuple(problems))
    return Units(tuple(units), blocks, str(tables.get("residential_block", "")))


def _blocks(document: TomlDocument, problems: list[str]) -> dict[str, str]:
    """Block ids with their titles; an id must fit a button's data."""
    tables = document.tables
    for key in tables.keys() - {"blocks", "residential_block", "unit"}:
        problems.extend(stop(document.place(key), "units_key", key=key).lines)
    given = tables.get("blocks")
    blocks = given if isinstance(given, dict) else {}
    for key, title in blocks.items():
        is_title = isinstance(title, str) and title and clean(title) == title
        if not _BLOCK.fullmatch(key) or not is_title:
            problems.extend(stop(document.place(f"blocks.{key}"), "block", key=key).lines)
    if tables.get("residential_block") not in blocks:
        facts = {"found": tables.get("residential_block"), "allowed": ", ".join(blocks)}
        place = document.place("residential_block")
        problems.extend(stop(place, "residential_block", **facts).lines)
    return {key: str(title) for key, title in blocks.items()}


def _unit(document: TomlDocument, index: int, row: Any, problems: list[str]) -> Unit:
    fields = row if isinstance(row, dict) else {}

    def refuse(key: str, wanted: str) -> None:
        place = document.place(f"unit[{index}].{key}")
        found = stop(
            place, "unit_key", index=index + 1, key=key, found=fields.get(key), wanted=wanted
        )
        problems.extend(found.lines)

    for key in fields.keys() - _TEXTS.keys() - {"aliases", "size", "target"}:
        refuse(key, "code, block, name, place, aliases, size, target")
    for key, is_needed in _TEXTS.items():
        text = fields.get(key, "")
        if not isinstance(text, str) or clean(text) != text or (is_needed and not text):
            refuse(key, '"..."')
    if not _CODE.fullmatch(str(fields.get("code", ""))):
        refuse("code", "A-Z a-z 0-9 - _ (1-20)")
    for key in ("size", "target"):
        number = fields.get(key, 0)
        if type(number) is not int or not 0 <= number <= 1_000_000:  # noqa: PLR2004
            refuse(key, "0-1000000")
    aliases = fields.get("aliases", [])
    if not isinstance(aliases, list) or not all(isinstance(one, str) for one in aliases):
        refuse("aliases", '["..."]')
        aliases = []
    code, block, name, place = (str(fields.get(key, "")) for key in _TEXTS)
    size, target = (fields.get(key, 0) for key in ("size", "target"))
    return Unit(code, block, name, place, tuple(aliases), size, target)


def _check_units(
    document: TomlDocument, units: list[Unit], blocks: dict[str, str], problems: list[str]
) -> None:
    seen: set[str] = set()
    for index, unit in enumerate(units):
        place = document.place(f"unit[{index}].code")
        if unit.code.casefold() in seen:
            problems.extend(stop(place, "unit_twice", found=unit.code).lines)
        seen.add(unit.code.casefold())
        if unit.block not in blocks:
            facts = {"code": unit.code, "found": unit.block, "allowed": ", ".join(blocks)}
            problems.extend(stop(place, "unit_block", **facts).lines)


def _document(path: Path) -> TomlDocument:
    try:
        return read_toml(path)
    except FileProblemError as error:
        raise SettingsProblemError(error.problems) from error


def _place(config: Config, key: str) -> str:
    return config.document.place(f"files.{key}")
