"""What a list is made of, whatever file it goes to: columns, cells, totals.

The titles are the catalogue's (`workbook.head_…`), by the columns' keys.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Generic, Protocol, TypeVar

R = TypeVar("R")

Cell = str | int | float | None
"""An instant is one of a MOMENT column, in ms; a day of a DAY column as `day_of` counts."""


class Kind(Enum):
    TEXT = "text"
    NUMBER = "number"
    """A year, a place: not to be parted at thousands."""
    COUNT = "count"
    MOMENT = "moment"
    DAY = "day"
    LENGTH = "length"
    """Milliseconds that something took."""
    SHARE = "share"
    """1 is the whole."""


class Total(Enum):
    """What stands in the last row."""

    LABEL = "label"
    SUM = "sum"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    key: str
    kind: Kind
    value: Callable[[R], Cell]
    total: Total | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """A list of its own: `key` names it in the catalogue (`sheet_…`), `name` its file.

    `frozen` columns stay in sight.
    """

    key: str
    name: str
    columns: tuple[Column[R], ...]
    frozen: int = 0

    def cells(self, row: R) -> list[Cell]:
        return [column.value(row) for column in self.columns]

    def place_of(self, key: str) -> int:
        """The column's place, from 0."""
        return next(at for at, column in enumerate(self.columns) if column.key == key)


class Table(Protocol):
    """A list under way: rows in order, then the end."""

    def add(self, cells: Sequence[Cell]) -> None: ...

    def finish(self) -> None: ...


class Book(Protocol):
    """What takes several lists at a time."""

    def open(self, page: Page[R]) -> Table: ...
