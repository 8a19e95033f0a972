"""The folder of messages, read as one catalogue: a section stands in one file.

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
    """`tables` of all files together; `documents` by section."""

    path: Path
    tables: Mapping[str, Any]
    documents: Mapping[str, TomlDocument]

    def place(self, entry: str) -> str:
        """`file:line` of an entry; of one that no file has, the nearest thing."""
        document = self.documents.get(entry.partition(".")[0])
        return f"{self.path}:1" if document is None else document.place(entry)


def read_texts(path: Path) -> Texts:
    """All messages under `path`, a folder of TOML files or one file.

    Raises:
        SettingsProblemError: a file cannot be read, or a section stands in two.
    """
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    documents: dict[str, TomlDocument] = {}
    tables: dict[str, Any] = {}
    problems: list[str] = []
    for file in files:
        document = _read(file)
        for section, table in document.tables.items():
            if section in documents:
                other = documents[section].path.name
                facts = {"section": section, "other": other}
                problems += stop(document.place(section), "section_twice", **facts).lines
            documents[section], tables[section] = document, table
    if problems:
        raise SettingsProblemError(tuple(problems))
    return Texts(path, tables, documents)


def _read(path: Path) -> TomlDocument:
    try:
        return read_toml(path)
    except FileProblemError as error:
        raise SettingsProblemError(error.problems) from error
