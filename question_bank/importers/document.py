"""A TOML file once read: its tables, and the line each of their parts stands on.

Decides where a path such as `question[3].answer` is; the text is known to be valid TOML.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PART = r""""(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[A-Za-z0-9_-]+"""
_KEY = rf"(?:{_PART})(?:[ \t]*\.[ \t]*(?:{_PART}))*"
_PARTS = re.compile(_PART)
_HEADER = re.compile(rf"(\[\[?)[ \t]*({_KEY})[ \t]*\]\]?")
_ASSIGNED = re.compile(rf"({_KEY})[ \t]*=[ \t]*")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SCALAR = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|[^,\]}#\n]*",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class TomlDocument:
    """`lines` maps a path (`question[0].options[1].text`, counted from 0) to its line, from 1."""

    path: Path
    tables: dict[str, Any]
    lines: Mapping[str, int]

    def line_of(self, path: str) -> int:
        """Line of the path, or of the nearest thing around it: a missing key's is its table's."""
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return 1

    def place(self, path: str) -> str:
        """`file:line` of the path."""
        return f"{self.path}:{self.line_of(path)}"


def lines_of(text: str) -> dict[str, int]:
    """Path to line of everything in a valid TOML text whose lines end in a line feed."""
    scanner = _Scanner(text)
    scanner.scan()
    return scanner.lines


class _Scanner:
    """Walks over keys, headers and values without understanding the values."""

    def __init__(self, text: str) -> None:
        self.lines: dict[str, int] = {}
        self._text = text
        self._at = 0
        self._breaks = [found.start() for found in re.finditer("\n", text)]
        # path of an array of tables → index of its latest table
        self._latest: dict[str, int] = {}

    def scan(self) -> None:
        table = ""
        self._take(_BLANK)
        while self._at < len(self._text):
            if header := _HEADER.match(self._text, self._at):
                table = self._named("", header[2], array=header[1] == "[[")
                self._at = header.end()
            elif not self._assignment(table):
                return
            self._take(_BLANK)

    def _assignment(self, table: str) -> bool:
        found = _ASSIGNED.match(self._text, self._at)
        if not found:
            return False
        path = self._named(table, found[1])
        self._at = found.end()
        self._value(path)
        return True

    def _value(self, path: str) -> None:
        if self._take_text("["):
            self._array(path)
        elif self._take_text("{"):
            self._inline_table(path)
        else:
            self._take(_SCALAR)

    def _array(self, path: str) -> None:
        index = 0
        self._take(_BLANK)
        while not self._take_text("]"):
            item = f"{path}[{index}]"
            self._note(item)
            self._value(item)
            index += 1
            if not self._next_item("]"):
                return

    def _inline_table(self, path: str) -> None:
        self._take(_BLANK)
        while not self._take_text("}"):
            if not self._assignment(path) or not self._next_item("}"):
                return

    def _next_item(self, end: str) -> bool:
        """Past the comma after an item, or past the end: then False."""
        self._take(_BLANK)
        if not self._take_text(","):
            self._take_text(end)
            return False
        self._take(_BLANK)
        return True

    def _named(self, path: str, key: str, *, array: bool = False) -> str:
        """Full path of a dotted key under `path`, its parts noted; `array`: it begins a table."""
        parts = [_unquoted(part) for part in _PARTS.findall(key)]
        for position, part in enumerate(parts):
            path = f"{path}.{part}" if path else part
            self._note(path)
            if array and position == len(parts) - 1:
                self._latest[path] = self._latest.get(path, -1) + 1
            if path in self._latest:
                path = f"{path}[{self._latest[path]}]"
                self._note(path)
        return path

    def _note(self, path: str) -> None:
        self.lines.setdefault(path, bisect_left(self._breaks, self._at) + 1)

    def _take(self, pattern: re.Pattern[str]) -> None:
        if found := pattern.match(self._text, self._at):
            self._at = found.end()

    def _take_text(self, text: str) -> bool:
        found = self._text.startswith(text, self._at)
        self._at += len(text) if found else 0
        return found


def _unquoted(part: str) -> str:
    return part[1:-1] if part[0] in "\"'" else part
