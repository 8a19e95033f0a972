"""Lists of units in TOML: the file that `[files].units` names, and what an export writes."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.units import problems
from bot.units.drafts import MAX_NUMBER, UnitDraft, leaders_of
from bot.units.settling import MAX_UNITS, Blocks, Settled, settle
from handlers.units import Units
from question_bank.importers.document import TomlDocument
from question_bank.text import clean

_TEXTS = {"code": True, "block": True, "name": True, "place": False}
_LISTS = ("aliases", "replaces")
_NUMBERS = ("size", "target")
_KEYS = frozenset({*_TEXTS, *_LISTS, *_NUMBERS, "leaders"})
_BLOCK_LENGTH = 20
_BLOCK_SIGNS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


def units_of_document(document: TomlDocument, known: Units | None = None) -> Settled:
    """The list; `known` is the one in force, whose codes it may stand for."""
    found: list[str] = []
    blocks = _blocks(document, found)
    rows = document.tables.get("unit", [])
    if not isinstance(rows, list) or not rows:
        found.append(problems.at(f"{document.path}:1", problems.NO_UNITS))
        rows = []
    drafts = [
        _Row(document, index, row, found).draft() for index, row in enumerate(rows[: MAX_UNITS + 1])
    ]
    return settle(drafts, blocks, known, str(document.path), found)


def _blocks(document: TomlDocument, found: list[str]) -> Blocks:
    """Block ids with their titles; an id must fit a button's data."""
    tables = document.tables
    unknown = sorted(tables.keys() - {"blocks", "residential_block", "unit"})
    found.extend(problems.at(document.place(one), problems.UNKNOWN_KEY, key=one) for one in unknown)
    given = tables.get("blocks")
    titles = given if isinstance(given, dict) else {}
    for key, title in titles.items():
        is_title = isinstance(title, str) and title and clean(title) == title
        if not (0 < len(key) <= _BLOCK_LENGTH and set(key) <= _BLOCK_SIGNS and is_title):
            found.append(problems.at(document.place(f"blocks.{key}"), problems.BLOCK_ID, key=key))
    residential = tables.get("residential_block")
    if not isinstance(residential, str) or residential not in titles:
        facts = {"found": residential, "allowed": ", ".join(titles)}
        place = document.place("residential_block")
        found.append(problems.at(place, problems.RESIDENTIAL, **facts))
    return Blocks({key: str(title) for key, title in titles.items()}, str(residential or ""))


class _Row:
    """One `[[unit]]`; a value of a wrong type is reported and left out."""

    def __init__(self, document: TomlDocument, index: int, row: Any, found: list[str]) -> None:
        self._document, self._index, self._found = document, index, found
        self._fields: Mapping[str, Any] = row if isinstance(row, dict) else {}

    def draft(self) -> UnitDraft:
        for key in sorted(self._fields.keys() - _KEYS):
            self._refuse(key, problems.KEYS)
        code, block, name, place = (self._text(key) for key in _TEXTS)
        if self._fields.get("code") == "":
            self._refuse("code", problems.CODE_WANTED)
        aliases, replaces = (self._list(key) for key in _LISTS)
        size, target = (self._number(key) for key in _NUMBERS)
        return UnitDraft(
            at=self._document.place(f"unit[{self._index}].code"),
            code=code,
            block=block,
            name=name,
            place=place,
            aliases=aliases,
            size=size or 0,
            target=target,
            leaders=self._leaders(),
            replaces=replaces,
        )

    def _refuse(self, key: str, wanted: str) -> None:
        facts = {"index": self._index + 1, "key": key, "found": self._fields.get(key)}
        place = self._document.place(f"unit[{self._index}].{key}")
        self._found.append(problems.at(place, problems.KEY, **facts, wanted=wanted))

    def _text(self, key: str) -> str:
        text = self._fields.get(key, "")
        is_missing = _TEXTS[key] and key not in self._fields
        if not isinstance(text, str) or is_missing:
            self._refuse(key, problems.QUOTED)
            return ""
        return text

    def _list(self, key: str) -> tuple[str, ...]:
        given = self._fields.get(key, [])
        if not isinstance(given, list) or not all(isinstance(one, str) and one for one in given):
            self._refuse(key, problems.LIST_WANTED)
            return ()
        return tuple(given)

    def _number(self, key: str) -> int | None:
        number = self._fields.get(key)
        # True is an int to Python.
        if number is None or (type(number) is int and 0 <= number <= MAX_NUMBER):
            return number
        self._refuse(key, f"0-{MAX_NUMBER}")
        return None

    def _leaders(self) -> tuple[Any, ...]:
        given = self._fields.get("leaders", [])
        if not isinstance(given, list) or not all(map(_is_leader, given)):
            self._refuse("leaders", problems.LEADERS_WANTED)
            return ()
        names: Sequence[str] = [one["name"] for one in given]
        phones = [one.get("phone", "") for one in given]
        place = self._document.place(f"unit[{self._index}].leaders")
        return leaders_of(names, phones, place, self._found)


def _is_leader(one: Any) -> bool:
    is_table = isinstance(one, dict) and set(one) <= {"name", "phone"} and bool(one.get("name"))
    return is_table and all(isinstance(value, str) for value in one.values())
