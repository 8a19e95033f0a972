"""A Word file's paragraphs and tables in reading order, every letter with its looks.

Decides what of a document can be read: body text, content controls, accepted changes, links.
Pictures, equations and text boxes are noted where they stand; what lines mean is `docx_lines`'.
"""

import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import parse

from question_bank.importers import problems
from question_bank.importers.docx_styles import (
    ListLevel,
    Looks,
    Styles,
    child,
    is_filled,
    looks_of,
    value_of,
)
from question_bank.importers.refusal import RefusedError
from question_bank.importers.xlsx_cells import attribute, tag_of

_DOCUMENT = "word/document.xml"
_STYLES = "word/styles.xml"
_NUMBERING = "word/numbering.xml"
# what these hold is part of the text around them
_THROUGH = frozenset({
    "sdt", "sdtContent", "ins", "moveTo", "hyperlink", "smartTag", "fldSimple", "customXml", "bdo",
    "dir", "AlternateContent", "Choice", "ruby", "rubyBase", "body",
})  # fmt: skip
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# ticks of the symbol fonts that Word offers
_TICKS = {"F0FC", "F0FE", "F050", "F052"}


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph, or a part of one; `marks` has an entry for each letter of `text`."""

    number: int
    text: str
    marks: tuple[frozenset[str], ...]
    style: str = ""
    listed: ListLevel | None = None
    depth: str = "0"
    is_heading: bool = False
    odd: frozenset[str] = frozenset()
    """Of "picture", "equation", "text-box": what stands here and is not read."""

    def part(self, start: int, end: int | None = None) -> "Line":
        end = len(self.text) if end is None else end
        return replace(self, text=self.text[start:end], marks=self.marks[start:end])


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: rows of cells of lines; a merged cell's lines stand in all its cells."""

    number: int
    rows: tuple[tuple[tuple[Line, ...], ...], ...]


Block = Line | Grid


@dataclass(slots=True)
class _Reader:
    styles: Styles
    number: int = 0
    boxes: list[str] = field(default_factory=list)


def read_docx(archive: zipfile.ZipFile) -> tuple[list[Block], list[str]]:
    """Blocks in order, and the texts of text boxes.

    Raises:
        RefusedError: XML that declares entities, or that is none, or nested without end.
    """
    try:
        root = _root(archive, _DOCUMENT)
        reader = _Reader(Styles(_root(archive, _STYLES), _root(archive, _NUMBERING)))
        body = child(root, "body")
        return ([] if body is None else list(_blocks(reader, body))), reader.boxes
    except DefusedXmlException as error:
        raise RefusedError(problems.FORBIDDEN_XML) from error
    except (ParseError, RecursionError, KeyError, ValueError) as error:
        raise RefusedError(problems.FILE_BROKEN) from error


def _root(archive: zipfile.ZipFile, name: str) -> Element | None:
    if name not in archive.namelist():
        return None
    with archive.open(name) as part:
        root: Element | None = parse(part).getroot()
    return root


def _blocks(reader: _Reader, container: Element) -> Iterator[Block]:
    for element in container:
        tag = tag_of(element)
        if tag == "p":
            yield from _lines(reader, element)
        elif tag == "tbl":
            yield _grid(reader, element)
        elif tag in _THROUGH:
            yield from _blocks(reader, element)


def _lines(reader: _Reader, paragraph: Element) -> Iterator[Line]:
    """The paragraph's line, or one for each line break in it."""
    reader.number += 1
    properties = child(paragraph, "pPr")
    style = value_of(properties, "pStyle")
    numbering = child(properties, "numPr")
    listed, depth = reader.styles.list_level(
        style, value_of(numbering, "numId"), value_of(numbering, "ilvl")
    )
    shading = child(properties, "shd")
    around: Looks = {"highlight": True} if shading is not None and is_filled(shading) else {}
    odd: set[str] = set()
    pieces = list(_pieces(reader, paragraph, (style, around), odd))
    text, marks = _joined(pieces)
    whole = Line(
        reader.number,
        text,
        marks,
        reader.styles.name(style),
        listed,
        depth,
        is_heading=reader.styles.is_heading(style) or bool(value_of(properties, "outlineLvl")),
        odd=frozenset(odd),
    )
    yield from _cut(whole)


def _cut(line: Line) -> Iterator[Line]:
    start = 0
    for at, letter in enumerate(f"{line.text}\n"):
        if letter == "\n":
            part = line.part(start, at)
            # a list's sign and what is not text belong to the first line
            yield part if start == 0 else replace(part, listed=None, odd=frozenset())
            start = at + 1


def _joined(pieces: list[tuple[str, frozenset[str]]]) -> tuple[str, tuple[frozenset[str], ...]]:
    """In NFC; Word cuts runs anywhere, between a letter and its mark too."""
    text, marks = "", []
    for looks, group in groupby(pieces, key=lambda piece: piece[1]):
        part = unicodedata.normalize("NFC", "".join(piece for piece, _ in group))
        text += part
        marks += [looks] * len(part)
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
        marks = (marks + [frozenset()] * len(text))[: len(text)]
    return text, tuple(marks)


def _pieces(
    reader: _Reader, element: Element, place: tuple[str, Looks], odd: set[str]
) -> Iterator[tuple[str, frozenset[str]]]:
    for one in element:
        tag = tag_of(one)
        if tag == "r":
            yield from _run(reader, one, place, odd)
        elif tag in {"oMath", "oMathPara"}:
            odd.add("equation")
        elif tag in _THROUGH:
            yield from _pieces(reader, one, place, odd)


def _run(
    reader: _Reader, run: Element, place: tuple[str, Looks], odd: set[str]
) -> Iterator[tuple[str, frozenset[str]]]:
    properties = child(run, "rPr")
    if child(properties, "vanish") is not None:
        return
    style, around = place
    own = around | looks_of(properties)
    looks = reader.styles.looks(style, value_of(properties, "rStyle"), own)
    for one in run:
        tag = tag_of(one)
        if tag == "t":
            yield one.text or "", looks
        elif tag in _SIGNS:
            yield _SIGNS[tag], looks
        elif tag == "sym":
            yield ("✓" if attribute(one, "char").upper() in _TICKS else "?"), looks
        elif tag in {"drawing", "pict", "object", "AlternateContent"}:
            _note_drawing(reader, one, odd)


def _note_drawing(reader: _Reader, drawing: Element, odd: set[str]) -> None:
    # the fallback says the same again for older programs
    if tag_of(drawing) == "AlternateContent":
        drawing = next((one for one in drawing if tag_of(one) == "Choice"), drawing)
    boxes = [one for one in drawing.iter() if tag_of(one) == "txbxContent"]
    texts = ["".join(one.text or "" for one in box.iter() if tag_of(one) == "t") for box in boxes]
    reader.boxes += [text for text in texts if text.strip()]
    if any(tag_of(one) in {"blip", "imagedata", "OLEObject", "chart"} for one in drawing.iter()):
        odd.add("picture")


def _grid(reader: _Reader, table: Element) -> Grid:
    number = reader.number + 1
    rows: list[tuple[tuple[Line, ...], ...]] = []
    for row in _under(table, "tr"):
        cells: list[tuple[Line, ...]] = []
        for cell in _under(row, "tc"):
            lines, width, continues = _cell(reader, cell)
            above = rows[-1] if rows else ()
            if continues and len(cells) < len(above):
                lines = above[len(cells)]
            cells += [lines] * width
        rows.append(tuple(cells))
    return Grid(number, tuple(rows))


def _under(element: Element, tag: str) -> Iterator[Element]:
    for one in element:
        if tag_of(one) == tag:
            yield one
        elif tag_of(one) in _THROUGH:
            yield from _under(one, tag)


def _cell(reader: _Reader, cell: Element) -> tuple[tuple[Line, ...], int, bool]:
    properties = child(cell, "tcPr")
    shading = child(properties, "shd")
    span: Any = value_of(properties, "gridSpan")
    width = min(int(span), 64) if span.isdecimal() else 1
    merge = child(properties, "vMerge")
    continues = merge is not None and attribute(merge, "val") != "restart"
    lines: list[Line] = []
    for block in _blocks(reader, cell):
        if isinstance(block, Line):
            lines.append(block)
        else:
            lines += [line for row in block.rows for inner in row for line in inner]
    if shading is not None and is_filled(shading):
        lines = [
            replace(line, marks=tuple(marks | {"highlight"} for marks in line.marks))
            for line in lines
        ]
    return tuple(lines), max(width, 1), continues
