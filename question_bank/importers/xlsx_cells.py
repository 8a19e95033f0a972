"""Cells of an xlsx file whose value is not what was typed: formulas, errors, percentages.

Decides from the file's own XML, since calamine gives values only; nothing is evaluated.
"""

import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from typing import IO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from question_bank.importers import problems
from question_bank.importers.refusal import RefusedError

Cell = tuple[int, int]
_BOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_STYLES = "xl/styles.xml"
_BUILT_IN_PERCENT = {"9", "10"}
_LETTERS = 26


def odd_cells(archive: zipfile.ZipFile) -> dict[str, dict[Cell, tuple[str, str]]]:
    """Sheet to cell (row and column from 0) to a finding's template and what stands there.

    Raises:
        RefusedError: XML that declares entities, or that is none.
    """
    try:
        percents = _percent_styles(archive)
        return {
            name: dict(_odd_in(archive, part, percents)) for name, part in _sheet_parts(archive)
        }
    except DefusedXmlException as error:
        raise RefusedError(problems.FORBIDDEN_XML) from error
    except (ParseError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise RefusedError(problems.FILE_BROKEN) from error


def elements(part: IO[bytes], *names: str) -> Iterator[Element]:
    """Elements of these names, without their name space, each emptied once used."""
    for _, element in iterparse(part, events=("end",)):
        if tag_of(element) in names:
            yield element
            element.clear()


def tag_of(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def attribute(element: Element, name: str) -> str:
    """An attribute in whatever name space; empty when missing."""
    found = (value for key, value in element.items() if key.rpartition("}")[2] == name)
    return next(found, "")


def _sheet_parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    with archive.open(_RELATIONS) as part:
        targets = {
            attribute(one, "Id"): posixpath.normpath(posixpath.join("xl", attribute(one, "Target")))
            if not attribute(one, "Target").startswith("/")
            else attribute(one, "Target")[1:]
            for one in elements(part, "Relationship")
        }
    names = set(archive.namelist())
    with archive.open(_BOOK) as part:
        for sheet in elements(part, "sheet"):
            target = targets.get(attribute(sheet, "id"), "")
            if target in names:
                yield attribute(sheet, "name"), target


def _percent_styles(archive: zipfile.ZipFile) -> set[str]:
    """Numbers of the cell styles that show a number as a percentage."""
    if _STYLES not in archive.namelist():
        return set()
    formats = set(_BUILT_IN_PERCENT)
    styles: set[str] = set()
    with archive.open(_STYLES) as part:
        for element in elements(part, "numFmt", "cellXfs"):
            if tag_of(element) == "numFmt":
                if "%" in element.get("formatCode", ""):
                    formats.add(element.get("numFmtId", ""))
                continue
            for index, style in enumerate(element):
                if style.get("numFmtId", "") in formats:
                    styles.add(str(index))
    return styles


def _odd_in(
    archive: zipfile.ZipFile, part: str, percents: set[str]
) -> Iterator[tuple[Cell, tuple[str, str]]]:
    at = (0, -1)
    row = -1
    with archive.open(part) as sheet:
        for event, element in iterparse(sheet, events=("start", "end")):
            tag = tag_of(element)
            if tag == "row" and event == "start":
                row = int(element.get("r", row + 2)) - 1
                at = (row, -1)
            elif tag == "row":
                element.clear()
            elif tag == "c" and event == "start":
                at = _cell(element.get("r", ""), (at[0], at[1] + 1))
            elif tag == "c":
                fault = _fault_of({tag_of(one): one for one in element}, element, percents)
                if fault is not None:
                    yield at, fault


def _fault_of(
    parts: Mapping[str, Element], cell: Element, percents: set[str]
) -> tuple[str, str] | None:
    value = (parts["v"].text or "") if "v" in parts else ""
    if "f" in parts:
        return problems.FORMULA, value
    if cell.get("t") == "e":
        return problems.ERROR_CELL, value
    is_number = cell.get("t", "n") == "n" and value
    if is_number and cell.get("s", "") in percents:
        return problems.FRACTION, value
    return None


def _cell(name: str, otherwise: Cell) -> Cell:
    letters = name.rstrip("0123456789")
    if not name or not letters.isalpha() or len(letters) == len(name):
        return otherwise
    column = 0
    for letter in letters.upper():
        column = column * _LETTERS + ord(letter) - ord("A") + 1
    return int(name[len(letters) :]) - 1, column - 1
