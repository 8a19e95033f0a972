"""The folder of messages, read as one catalogue: sections may go on in another file.

Where a single file is named it is read alone. What the entries must be is the catalogue's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.problems import SettingsProblemError, stop
from question_bank.importers.document import TomlDocument
from question_bank.importers.toml_file import FileProblemError, read_toml


@dataclass(frozen=True, slots=True)
class Texts:
    """`tables` of all files together; `documents` by section and by entry."""

    path: Path
    tables: Mapping[str, Any]
    documents: Mapping[str, TomlDocument]

    def place(self, entry: str) -> str:
        """`file:line` of an entry; of one that no file has, the nearest thing."""
        section = entry.partition(".")[0]
        document = self.documents.get(entry) or self.documents.get(section)
        return f"{self.path}:1" if document is None else document.place(entry)


def read_texts(path: Path) -> Texts:
    """All messages under `path`, a folder of TOML files or one file.

    Raises:
        SettingsProblemError: a file cannot be read, or an entry stands in two.
    """
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    documents: dict[str, TomlDocument] = {}
    tables: dict[str, Any] = {}
    problems: list[str] = []
    for file in files:
        document = _read(file)
        for section, table in document.tables.items():
            documents.setdefault(section, document)
            if not isinstance(table, dict):
                tables[section] = table  # the catalogue says what is wrong with it
                continue
            for key, text in table.items():
                problems += _twice(documents, f"{section}.{key}", document)
                documents[f"{section}.{key}"] = document
                tables.setdefault(section, {})[key] = text
    if problems:
        raise SettingsProblemError(tuple(problems))
    return Texts(path, tables, documents)


def _twice(
    documents: Mapping[str, TomlDocument], entry: str, document: TomlDocument
) -> tuple[str, ...]:
    if entry not in documents:
        return ()
    facts = {"item": entry, "other": documents[entry].path.name}
    return stop(document.place(entry), "entry_twice", **facts).lines


def _read(path: Path) -> TomlDocument:
    try:
        return read_toml(path)
    except FileProblemError as error:
        raise SettingsProblemError(error.problems) from error
