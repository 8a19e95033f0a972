"""The columns of a table of questions, known by the names organisers give them.

Decides which row is the header and what each column is; the rows below are `table_rows`'.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from question_bank.text import fold

SEARCHED_ROWS = 25
"""A header stands below a title, a motto and a signature at most."""

_LETTERS = "abcdefgh"
_NAMES = {
    "ordinal": ("stt", "tt", "so tt", "so thu tu", "cau so", "so cau", "no"),
    "id": ("ma", "ma cau", "ma cau hoi", "id", "ma so"),
    "topic_code": ("ma chu de",),
    "topic": ("chu de", "linh vuc", "chuyen de", "nhom", "nhom cau hoi", "topic", "phan", "mang"),
    "stem": (
        "cau hoi", "noi dung cau hoi", "noi dung", "de bai", "question", "cau hoi trac nghiem",
        "de dan", "cau", "noi dung cau", "cau hoi va phuong an",
    ),
    "options": (
        "phuong an", "cac phuong an", "phuong an tra loi", "cac phuong an tra loi", "dap an",
        "lua chon", "cac lua chon", "cau tra loi", "options", "phuong an lua chon",
        "cac dap an", "tra loi",
    ),
    "option_ids": ("ma phuong an",),
    "key": (
        "dap an", "dap an dung", "phuong an dung", "key", "answer", "cau tra loi dung", "dung",
        "tra loi dung", "ket qua", "dap an chinh xac", "da", "d/a", "dap an phuong an dung",
        "lua chon dung", "correct answer", "dap an (chi ghi a, b, c, d)",
    ),
    "source": (
        "nguon", "can cu", "can cu phap ly", "nguon trich dan", "trich dan", "van ban",
        "nguon tai lieu", "tai lieu", "co so phap ly", "source", "nguon/can cu", "can cu nguon",
    ),
    "explanation": ("giai thich", "loi giai", "explanation", "giai thich dap an"),
    "difficulty": ("muc do", "do kho", "cap do", "difficulty", "muc", "muc do kho"),
    "pin": ("giu cho phuong an cuoi", "co dinh phuong an cuoi"),
    "status": ("trang thai",),
    "author": ("nguoi soan",),
    "approved_by": ("nguoi duyet",),
    "title": ("ten chu de",),
}  # fmt: skip
_BY_NAME: dict[str, list[str]] = {}
for _meaning, _spellings in _NAMES.items():
    for _spelling in _spellings:
        _BY_NAME.setdefault(_spelling, []).append(_meaning)
_OPTION = re.compile(
    r"(?:(?:phuong an|dap an|lua chon|cau tra loi|tra loi|pa|option|cau|y)\s*)*(?:thu\s*|so\s*)?"
    r"[\[(]?([a-h]|[1-8])[\])]?[.:]?"
)


@dataclass(frozen=True, slots=True)
class Columns:
    """Column numbers from 0 by name; `choices` in their order; `last` is the header's last row."""

    named: dict[str, int]
    choices: tuple[int, ...]
    last: int
    twice: tuple[str, int, int] | None = None


def find_columns(rows: Sequence[Sequence[str]]) -> Columns | None:
    """The columns of the first row, or pair of rows, that can be a header of questions."""
    for index, row in enumerate(rows[:SEARCHED_ROWS]):
        alone = _columns_of(row, index)
        below = rows[index + 1] if index + 1 < len(rows) else row
        paired = _columns_of(_stacked(row, below), index + 1)
        if paired is not None and paired.choices and (alone is None or not alone.choices):
            return paired
        if alone is not None:
            return alone
    return None


def find_titles(rows: Sequence[Sequence[str]]) -> tuple[int, int, int] | None:
    """Row, code's and title's column of a table of topics: what an exported workbook has."""
    for index, row in enumerate(rows[:SEARCHED_ROWS]):
        names = [fold(cell) for cell in row]
        if "ma chu de" in names and "ten chu de" in names:
            return index, names.index("ma chu de"), names.index("ten chu de")
    return None


def _stacked(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """A header of two rows: “Phương án” merged over A, B, C, D."""
    return [
        above if above == below or not below else f"{above} {below}".strip()
        for above, below in zip(upper, lower, strict=True)
    ]


def _columns_of(header: Sequence[str], last: int) -> Columns | None:
    cells = list(_cells(header))
    choices = _choices(cells)
    named: dict[str, int] = {}
    twice = None
    taken = set(choices)
    for column, name in cells:
        kind = None if column in taken else _kind(name, has_choices=bool(choices))
        if kind is None:
            continue
        if kind in named and twice is None:
            twice = (header[column], named[kind], column)
        named.setdefault(kind, column)
    if "stem" not in named or not (choices or "options" in named):
        return None
    return Columns(named, tuple(choices), last, twice)


def _cells(header: Sequence[str]) -> Iterator[tuple[int, str]]:
    for column, cell in enumerate(header):
        name = fold(cell).strip(" :.*")
        if name:
            yield column, re.sub(r"\s*\([^)]*\)$", "", name) or name


def _kind(name: str, *, has_choices: bool) -> str | None:
    kinds = _BY_NAME.get(name, [])
    if len(kinds) > 1:
        # “Đáp án” is the key beside choices, and all choices where there are none
        return "key" if has_choices or name == "dap an" else "options"
    return kinds[0] if kinds else None


def _choices(cells: Sequence[tuple[int, str]]) -> list[int]:
    """Columns of A, B, C … or 1, 2, 3 …, when at least the first two are there."""
    for signs in (_LETTERS, "12345678"):
        found: dict[str, int] = {}
        for column, name in cells:
            match = _OPTION.fullmatch(name)
            if match and match[1] in signs:
                found.setdefault(match[1], column)
        run = []
        for sign in signs:
            if sign not in found:
                break
            run.append(found[sign])
        if len(run) > 1:
            return run
    return []
