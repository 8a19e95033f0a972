"""A list of units from a file's bytes: TOML, csv or a workbook (read in the bounded child).

Decides which reader takes a file. What stands in the list in force helps to read: its blocks, its
codes, and the old codes that a new unit may stand for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

from bot.units import problems
from bot.units.settling import Settled, blocks_of, settle
from bot.units.table_units import TableReader
from bot.units.toml_units import units_of_document
from handlers.units import Units
from question_bank.importers.child import read_table_bytes
from question_bank.importers.finding import is_error
from question_bank.importers.toml_file import FileProblemError, read_toml_bytes

TOML_MOST_KB = 1_024
_CSV = frozenset({".csv", ".tsv", ".txt"})
QUOTE = "'"


@dataclass(frozen=True, slots=True)
class UnitsReading:
    """`units` None: `problems` say why, each as `file:row: what is wrong; what is allowed`."""

    units: Units | None
    moves: Mapping[str, str]
    problems: tuple[str, ...]
    others: tuple[str, ...] = ()
    """Columns that were not used."""


def read_units(name: str, data: bytes, known: Units | None) -> UnitsReading:
    """The list of a file; `known` is the one in force."""
    suffix = PurePath(name).suffix.lower()
    if suffix == ".toml":
        return _of_settled(_read_toml(name, data, known))
    reading = read_table_bytes(name, data)
    errors = tuple(str(one) for one in reading.findings if is_error(one))
    if errors:
        return UnitsReading(None, {}, errors)
    reader = TableReader(name, blocks_of(known), QUOTE if suffix in _CSV else "")
    reader.read(reading.tables)
    settled = settle(reader.drafts, reader.blocks, known, name, reader.found)
    return _of_settled(settled, tuple(reader.others))


def _read_toml(name: str, data: bytes, known: Units | None) -> Settled:
    if len(data) > TOML_MOST_KB * 1024:
        said = problems.at(name, problems.TOML_LARGE, most=TOML_MOST_KB)
        return Settled(None, {}, (said,))
    try:
        document = read_toml_bytes(Path(name), data)
    except FileProblemError as error:
        return Settled(None, {}, error.problems)
    return units_of_document(document, known)


def _of_settled(settled: Settled, others: tuple[str, ...] = ()) -> UnitsReading:
    return UnitsReading(settled.units, settled.moves, settled.problems, others)
