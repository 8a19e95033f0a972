"""The columns of a table of units, known by the names that organisers give them."""

from collections.abc import Sequence
from dataclasses import dataclass

from question_bank.text import clean, fold

SEARCHED_ROWS = 25
"""A header stands below a title, a motto and a signature at most."""

_NAMES = {
    "ordinal": ("stt", "tt", "so tt", "so thu tu"),
    "code": ("ma", "ma don vi", "ma so", "ma dv", "code"),
    "block": ("nhom", "nhom don vi", "loai", "loai don vi", "khoi", "loai hinh"),
    "name": (
        "ten", "ten don vi", "don vi", "to dan pho", "ten to dan pho", "ten to", "ten goi",
        "don vi du thi", "ten co quan, don vi", "tdp",
    ),
    "place": (
        "thon", "ten cu", "thon hoac ten cu", "thon/ten cu", "thon, ten cu", "thon cu", "ten thon",
        "khu dan cu", "dia ban", "ten truoc day", "lang",
    ),
    "aliases": ("ten goi khac", "ten khac", "ten thuong goi", "cac ten goi khac"),
    "size": (
        "quy mo", "so nguoi", "so nhan khau", "nhan khau", "dan so", "si so", "so dan",
        "so luong nguoi", "quan so",
    ),
    "target": ("chi tieu", "chi tieu so nguoi", "so nguoi can tham gia", "chi tieu tham gia"),
    "leader": (
        "to truong", "ten to truong", "ho ten to truong", "ho va ten to truong", "nguoi phu trach",
        "to truong ho ten", "to truong ho va ten", "to truong/nguoi phu trach", "nguoi dung dau",
        "phu trach", "dau moi",
    ),
    "phone": (
        "dien thoai to truong", "so dien thoai to truong", "sdt to truong", "dt to truong",
        "dien thoai", "so dien thoai", "sdt", "dt", "to truong dien thoai", "to truong sdt",
        "to truong so dien thoai", "dien thoai nguoi phu trach", "dien thoai lien he",
    ),
    "replaces": ("thay cho", "thay cho ma", "thay cho ma cu", "thay cho don vi", "ma cu"),
}  # fmt: skip
_BY_NAME = {spelling: kind for kind, spellings in _NAMES.items() for spelling in spellings}


@dataclass(frozen=True, slots=True)
class Columns:
    """Column numbers from 0 by kind; `last` is the header's last row, `others` are not used."""

    named: dict[str, int]
    last: int
    others: tuple[str, ...] = ()
    twice: str = ""


def find_columns(rows: Sequence[Sequence[str]]) -> Columns | None:
    """The columns of the first row, or pair of rows, that can be a header of units."""
    for index, row in enumerate(rows[:SEARCHED_ROWS]):
        found = [_columns_of(row, index)]
        below = rows[index + 1] if index + 1 < len(rows) else ()
        if any(map(_kind, row)) and is_header(below):
            found.append(_columns_of(_stacked(row, below), index + 1))
        known = [one for one in found if one is not None]
        if known:
            return max(known, key=lambda one: (not one.twice, len(one.named), one.last))
    return None


def is_header(row: Sequence[str]) -> bool:
    """Whether every text of the row is a column's name: a header goes on, or is printed again."""
    texts = [fold(cell) for cell in row if clean(cell)]
    known = [_kind(text) for text in texts]
    is_part = [text in {"ho ten", "ho va ten"} for text in texts]
    return len(texts) > 1 and all(kind or part for kind, part in zip(known, is_part, strict=True))


def _stacked(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """A header of two rows: “Tổ trưởng” merged over “Họ tên” and “Điện thoại”."""
    return [
        above if fold(above) == fold(below) or not below else f"{above} {below}".strip()
        for above, below in zip(upper, lower, strict=True)
    ]


def _columns_of(header: Sequence[str], last: int) -> Columns | None:
    named: dict[str, int] = {}
    others: list[str] = []
    twice = ""
    for column, cell in enumerate(header):
        kind = _kind(cell)
        if kind is None:
            others.extend([clean(cell)] if clean(cell) else [])
        elif kind in named:
            twice = twice or clean(cell)
        else:
            named[kind] = column
    if "name" not in named or len(named) == 1:
        return None
    return Columns(named, last, tuple(others), twice)


def _kind(cell: str) -> str | None:
    name = fold(cell).strip(" :.*")
    return _BY_NAME.get(name) or _BY_NAME.get(name.partition(" (")[0])
