"""How the workbook looks: type, borders, number formats, paper. Readable in black and white."""

from collections.abc import Mapping
from typing import Any

from reports.tables import Kind

FONT = "Times New Roman"
_GREY, _LIGHT = "#D9D9D9", "#F2F2F2"
_NUMBERS = {
    Kind.TEXT: "@",
    Kind.NUMBER: "0",
    Kind.COUNT: "#,##0",
    Kind.MOMENT: "dd/mm/yyyy hh:mm:ss",
    Kind.DAY: "dd/mm/yyyy",
    Kind.LENGTH: "[mm]:ss",
    Kind.SHARE: "0.0%",
}
# Off the borders, so that a number and the text beside it do not run together.
_LEFT, _RIGHT = {"align": "left", "indent": 1}, {"align": "right", "indent": 1}
_A4 = 9
_MOST_CHARS = 80
"""Of each text in a header or footer, of which Excel takes 255 characters, codes included."""

Looks = Mapping[object, Any]
"""Formats by `Kind`, or by name."""


def looks_of(book: Any) -> Looks:
    text = {"font_name": FONT, "font_size": 12, "valign": "vcenter"}
    cell = {**text, "border": 1, "border_color": "#8C8C8C"}
    total = {**text, "bold": True, "top": 2, "bottom": 1, "bg_color": _LIGHT}
    head = {**cell, "bold": True, "text_wrap": True, "align": "center", "bg_color": _GREY}
    given: dict[object, dict[str, object]] = {
        "text": {**text, "text_wrap": True},
        "title": {**text, "bold": True, "font_size": 16},
        "heading": {**text, "bold": True, "font_size": 13},
        "head": head,
        "label": {**cell, **_LEFT, "text_wrap": True},
        "strong": {**cell, **_RIGHT, "bold": True, "num_format": _NUMBERS[Kind.COUNT]},
        "total": {**total, **_LEFT},
        "total_count": {**total, **_RIGHT, "num_format": _NUMBERS[Kind.COUNT]},
        "total_share": {**total, "align": "center", "num_format": _NUMBERS[Kind.SHARE]},
    }
    given |= {
        kind: {**cell, "align": "center", "num_format": code} for kind, code in _NUMBERS.items()
    }
    given[Kind.TEXT] |= {**_LEFT, "text_wrap": True}
    given[Kind.NUMBER] |= _RIGHT
    given[Kind.COUNT] |= _RIGHT
    return {name: book.add_format(properties) for name, properties in given.items()}


def lay_out(sheet: Any, title: str, footers: tuple[str, str]) -> None:
    """A4 across, as wide as the paper, title and page numbers on each page.

    `footers`: what stands left of the page's number, and the words before that number.
    """
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
    left, page = footers
    type_ = f'&"{FONT},Regular"&10'
    sheet.set_header(f'&C&"{FONT},Bold"&13{_plain(title)}')
    sheet.set_footer(f"&L{type_}{_plain(left)}&R{type_}{_plain(page[:20])} &P/&N")


def _plain(text: str) -> str:
    """An ampersand begins a code there."""
    return text[:_MOST_CHARS].replace("&", "&&")
