"""An official paper as Decree 30/2020/NĐ-CP (annex I) has it: page, type, heads, signature.

Decides how it looks; what it says is its makers'. The reports' home of python-docx.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from reports.cells import cell_text

FONT = "Times New Roman"
TEXT_CM = 16.0
"""What the margins leave of A4's 21 cm."""

_BODY, _HAND, _HEADS, _SMALL = 14, 13, 12, 11
"""Points: text; what is written by hand, heads and tables, recipients."""

_PICTURE_CM = 15.6
_SIDES_CM = (7.2, 9.4)
_WHOLE_ROWS = 14
"""A table of so many rows stays on one page."""

_GRID_STYLE = "Grid Text"
_FIRST_LINE_CM = 1.27
_CENTRE, _JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
_RIGHT_SIDE = WD_ALIGN_PARAGRAPH.RIGHT


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Left: who is over the body, the body, the number. Right: nation, motto, place and date."""

    superior: str
    body: str
    sign: str
    nation: str
    motto: str
    place_and_date: str


@dataclass(frozen=True, slots=True)
class Ending:
    """`recipients` begins with its own heading."""

    recipients: Sequence[str]
    signer: str
    hint: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: the columns' widths in cm, heads, and rows; rows in `strong` (from 0) stand out.

    A row of one text goes over the whole width. The first `texts` columns are not numbers; those in
    `centred` (from 0) are neither to be added up nor read as sentences.
    """

    widths: Sequence[float]
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    strong: frozenset[int] = frozenset()
    texts: int = 1
    centred: frozenset[int] = frozenset()

    def alignment_of(self, at: int) -> Any:
        if at in self.centred:
            return _CENTRE
        return None if at < self.texts else _RIGHT_SIDE


class Paper:
    """A paper under way, from its head to its end."""

    def __init__(self, letterhead: Letterhead) -> None:
        self._document: Any = Document()
        self._number = 0
        self._set_page()
        self._add_letterhead(letterhead)

    def add_title(self, kind: str, about: str) -> None:
        self._centred(kind, _BODY, before=14).bold = True
        self._centred(about, _BODY).bold = True
        _rule(self._document.add_paragraph(), TEXT_CM, 5.0)

    def add_addressee(self, text: str) -> None:
        self._centred(text, _BODY, before=10, after=8)

    def add_text(self, text: str) -> Any:
        paragraph = self._document.add_paragraph()
        _run(paragraph, text)
        paragraph.alignment = _JUSTIFY
        paragraph.paragraph_format.first_line_indent = Cm(_FIRST_LINE_CM)
        return paragraph

    def add_heading(self, text: str) -> None:
        """Numbered in order."""
        self._number += 1
        paragraph = self._document.add_paragraph()
        _run(paragraph, f"{self._number}. {text}").bold = True
        paragraph.paragraph_format.first_line_indent = Cm(_FIRST_LINE_CM)
        paragraph.paragraph_format.keep_with_next = True

    def add_grid(self, grid: Grid) -> None:
        table = self._add_table(grid.widths, "Table Grid")
        head = self._add_row(table, grid, grid.heads, is_strong=True)
        for cell in head.cells:
            cell.paragraphs[0].alignment = _CENTRE
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        _repeat(head)
        for at, texts in enumerate(grid.rows):
            self._add_row(table, grid, texts, is_strong=at in grid.strong)
        kept = table.rows if len(grid.rows) <= _WHOLE_ROWS else table.rows[:2]
        for row in kept[:-1]:
            for cell in row.cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = True
        self._document.add_paragraph().paragraph_format.space_after = Pt(0)

    def add_picture(self, png: bytes, caption: str) -> None:
        paragraph = self._document.add_paragraph()
        paragraph.alignment = _CENTRE
        paragraph.paragraph_format.keep_with_next = True
        paragraph.add_run().add_picture(io.BytesIO(png), width=Cm(_PICTURE_CM))
        self._centred(caption, _HEADS, after=8).italic = True

    def add_dotted_lines(self, count: int) -> None:
        """Lines to write on by hand, on the page of what comes after them."""
        for _ in range(count):
            paragraph = self._document.add_paragraph("\t")
            paragraph.paragraph_format.keep_with_next = True
            stops = paragraph.paragraph_format.tab_stops
            stops.add_tab_stop(Cm(TEXT_CM), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)

    def add_closing(self, text: str) -> None:
        """The last text, on the page of the signature."""
        shape = self.add_text(text).paragraph_format
        shape.keep_with_next, shape.space_after = True, Pt(12)

    def finish(self, ending: Ending) -> bytes:
        left, right = self._two_sides()
        title, *names = ending.recipients
        run = _run(_emptied(left), title, _HEADS)
        run.bold = run.italic = True
        for name in names:
            _run(_added(left), name, _SMALL)
        signer = _emptied(right, _CENTRE)
        _run(signer, ending.signer).bold = True
        _run(_added(right, _CENTRE), ending.hint, _HAND).italic = True
        buffer = io.BytesIO()
        self._document.save(buffer)
        return buffer.getvalue()

    def _set_page(self) -> None:
        document = self._document
        section = document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.top_margin = section.bottom_margin = Cm(2)
        section.left_margin, section.right_margin = Cm(3), Cm(2)
        section.header_distance = Cm(1)
        section.different_first_page_header_footer = True
        _number_pages(section.header.paragraphs[0])
        normal = document.styles["Normal"]
        normal.font.name, normal.font.size = FONT, Pt(_BODY)
        fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("w:eastAsia", "w:cs"):
            # Word may take the face of Vietnamese letters from these.
            fonts.set(qn(script), FONT)
        normal.paragraph_format.space_before = Pt(0)
        normal.paragraph_format.space_after = Pt(6)
        normal.paragraph_format.line_spacing = 1.15
        # An empty cell is as high as the size of its paragraph, which no run tells.
        document.styles.add_style(_GRID_STYLE, WD_STYLE_TYPE.PARAGRAPH).font.size = Pt(_HEADS)

    def _add_letterhead(self, letterhead: Letterhead) -> None:
        left, right = self._two_sides()
        _run(_emptied(left, _CENTRE), letterhead.superior, _HEADS)
        _run(_added(left, _CENTRE), letterhead.body, _HEADS).bold = True
        _rule(_added(left), _SIDES_CM[0], 2.4)
        _run(_added(left, _CENTRE), letterhead.sign, _HAND)
        _run(_emptied(right, _CENTRE), letterhead.nation, _HEADS).bold = True
        _run(_added(right, _CENTRE), letterhead.motto, _HAND).bold = True
        _rule(_added(right), _SIDES_CM[1], 6.0)
        _run(_added(right, _CENTRE), letterhead.place_and_date, _HAND).italic = True

    def _two_sides(self) -> tuple[Any, Any]:
        """Two cells without borders, kept on one page."""
        table = self._add_table(_SIDES_CM)
        row = table.add_row()
        _keep_whole(row)
        left, right = row.cells
        return left, right

    def _add_table(self, widths_cm: Sequence[float], style: str | None = None) -> Any:
        table = self._document.add_table(rows=0, cols=len(widths_cm), style=style)
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        for column, width in zip(table.columns, widths_cm, strict=True):
            column.width = Cm(width)
        return table

    def _add_row(self, table: Any, grid: Grid, texts: Sequence[str], *, is_strong: bool) -> Any:
        row = table.add_row()
        _keep_whole(row)
        cells, is_whole = row.cells, len(texts) == 1
        if is_whole:
            cells = [cells[0].merge(cells[-1])]
        for at, (cell, text) in enumerate(zip(cells, texts, strict=True)):
            paragraph = _emptied(cell, None if is_whole else grid.alignment_of(at))
            paragraph.style = _GRID_STYLE
            _run(paragraph, text, _HEADS).bold = is_strong
        return row

    def _centred(self, text: str, size: int, *, before: int = 0, after: int = 0) -> Any:
        paragraph = self._document.add_paragraph()
        paragraph.alignment = _CENTRE
        paragraph.paragraph_format.space_before = Pt(before)
        paragraph.paragraph_format.space_after = Pt(after)
        return _run(paragraph, text, size)


def _run(paragraph: Any, text: str, size: int | None = None) -> Any:
    run = paragraph.add_run(cell_text(text))
    run.font.name = FONT
    if size is not None:
        run.font.size = Pt(size)
    return run


def _emptied(cell: Any, alignment: Any = None) -> Any:
    """The cell's first paragraph, set close."""
    return _close(cell.paragraphs[0], alignment)


def _added(cell: Any, alignment: Any = None) -> Any:
    return _close(cell.add_paragraph(), alignment)


def _close(paragraph: Any, alignment: Any) -> Any:
    paragraph.alignment = alignment
    paragraph.paragraph_format.space_after = Pt(2)
    paragraph.paragraph_format.line_spacing = 1.0
    return paragraph


def _rule(paragraph: Any, room_cm: float, length_cm: float) -> None:
    """A line below what stands above, in the middle of the room there."""
    indent = Cm((room_cm - length_cm) / 2)
    shape = paragraph.paragraph_format
    shape.left_indent = shape.right_indent = indent
    shape.space_before, shape.space_after, shape.line_spacing = Pt(3), Pt(6), Pt(2)
    borders = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    paragraph._p.get_or_add_pPr().append(borders)  # noqa: SLF001 - python-docx has no borders


def _keep_whole(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001


def _repeat(row: Any) -> None:
    """Over each page that the table reaches."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001


def _number_pages(paragraph: Any) -> None:
    paragraph.alignment = _CENTRE
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "2"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)  # noqa: SLF001 - python-docx has no fields
