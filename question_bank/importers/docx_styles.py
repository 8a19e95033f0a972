"""How Word's styles and lists make text look: bold, colour, automatic numbers.

Decides what a run and a paragraph look like after inheritance; the text is `docx_text`'s.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from question_bank.importers.xlsx_cells import attribute, tag_of

Looks = dict[str, bool]
"""A kind of mark to whether it is on; a missing kind is inherited."""

_OFF = {"0", "false", "off", "none"}
_PLAIN_COLOURS = {"", "auto", "000000"}
_PLAIN_FILLS = {"", "auto", "ffffff"}
_DEPTH = 20
"""Styles based on styles; files that go in circles end here."""


@dataclass(frozen=True, slots=True)
class ListLevel:
    """`kind` is "number", "letter", "bullet" or "" for none; `text` as in “Câu %1:”."""

    kind: str
    text: str = ""


@dataclass(slots=True)
class Style:
    name: str = ""
    based_on: str = ""
    looks: Looks = field(default_factory=dict)
    list_id: str = ""
    list_level: str = ""
    is_heading: bool = False


class Styles:
    """Styles by id, and the levels of lists."""

    def __init__(self, styles: Element | None, numbering: Element | None) -> None:
        self._styles: dict[str, Style] = {}
        self._default: Looks = {}
        self._default_paragraph = ""
        self._levels: dict[tuple[str, str], ListLevel] = {}
        if styles is not None:
            self._read_styles(styles)
        if numbering is not None:
            self._levels = dict(_levels_of(numbering))

    def name(self, style: str) -> str:
        return self._styles[style].name if style in self._styles else style

    def is_heading(self, style: str) -> bool:
        return any(each.is_heading for each in self._chain(style))

    def looks(self, paragraph_style: str, run_style: str, own: Looks) -> frozenset[str]:
        """Marks of a run: its own, else its style's, else its paragraph's."""
        merged = dict(self._default)
        for style in (paragraph_style or self._default_paragraph, run_style):
            for each in reversed(list(self._chain(style))):
                merged.update(each.looks)
        merged.update(own)
        return frozenset(kind for kind, is_on in merged.items() if is_on)

    def list_level(self, style: str, list_id: str, level: str) -> tuple[ListLevel | None, str]:
        """The level a paragraph is numbered by, its own or its style's, and its depth."""
        for each in self._chain(style):
            list_id = list_id or each.list_id
            level = level or each.list_level
        if not list_id or list_id == "0":
            return None, "0"
        return self._levels.get((list_id, level or "0")), level or "0"

    def _chain(self, style: str) -> Iterator[Style]:
        for _ in range(_DEPTH):
            if style not in self._styles:
                return
            yield self._styles[style]
            style = self._styles[style].based_on

    def _read_styles(self, root: Element) -> None:
        for element in root:
            if tag_of(element) == "docDefaults":
                for look in element.iter():
                    if tag_of(look) == "rPr":
                        self._default = looks_of(look)
            elif tag_of(element) == "style":
                self._styles[attribute(element, "styleId")] = _style_of(element)
                is_default = attribute(element, "default") not in {"", *_OFF}
                if is_default and attribute(element, "type") == "paragraph":
                    self._default_paragraph = attribute(element, "styleId")


def looks_of(properties: Element | None) -> Looks:
    """What run properties say themselves."""
    looks: Looks = {}
    for one in properties if properties is not None else ():
        tag, value = tag_of(one), attribute(one, "val").lower()
        if tag == "b":
            looks["bold"] = value not in _OFF
        elif tag == "u":
            looks["underline"] = value not in _OFF
        elif tag == "color":
            looks["colour"] = value not in _PLAIN_COLOURS or bool(_theme_colour(one))
        elif tag == "highlight":
            looks["highlight"] = value not in {*_OFF, "white"}
        elif tag == "shd":
            looks["highlight"] = is_filled(one)
    return looks


def is_filled(shading: Element) -> bool:
    return attribute(shading, "fill").lower() not in _PLAIN_FILLS


def child(element: Element | None, tag: str) -> Element | None:
    """The first child of that name, in whatever name space."""
    if element is None:
        return None
    return next((one for one in element if tag_of(one) == tag), None)


def value_of(element: Element | None, tag: str) -> str:
    found = child(element, tag)
    return "" if found is None else attribute(found, "val")


def _theme_colour(colour: Element) -> str:
    theme = attribute(colour, "themeColor")
    return "" if theme in {"", "text1", "dark1"} else theme


def _style_of(element: Element) -> Style:
    paragraph = child(element, "pPr")
    name = value_of(element, "name")
    numbering = child(paragraph, "numPr")
    outline = value_of(paragraph, "outlineLvl")
    return Style(
        name,
        value_of(element, "basedOn"),
        looks_of(child(element, "rPr")),
        value_of(numbering, "numId"),
        value_of(numbering, "ilvl"),
        name.lower().startswith("heading") or outline in set("012345678"),
    )


def _levels_of(root: Element) -> Iterator[tuple[tuple[str, str], ListLevel]]:
    abstract: dict[str, dict[str, ListLevel]] = {}
    for element in root:
        if tag_of(element) == "abstractNum":
            abstract[attribute(element, "abstractNumId")] = dict(_own_levels(element))
    for element in root:
        if tag_of(element) != "num":
            continue
        levels = dict(abstract.get(value_of(element, "abstractNumId"), {}))
        for override in element:
            if tag_of(override) == "lvlOverride":
                levels.update(_own_levels(override))
        for level, meaning in levels.items():
            yield (attribute(element, "numId"), level), meaning


def _own_levels(element: Element) -> Iterator[tuple[str, ListLevel]]:
    kinds = {
        "decimal": "number",
        "decimalZero": "number",
        "upperLetter": "letter",
        "lowerLetter": "letter",
        "bullet": "bullet",
        "none": "",
    }
    for one in element:
        if tag_of(one) == "lvl":
            kind = kinds.get(value_of(one, "numFmt"), "roman")
            yield attribute(one, "ilvl"), ListLevel(kind, value_of(one, "lvlText"))
