"""Files made as Word, LibreOffice, Google Docs and Excel make them, from their own XML."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence

import pytest

from question_bank.importers.reading import Reading, read_questions

MakeZip = Callable[[Mapping[str, str | bytes]], bytes]
MakeDocx = Callable[..., bytes]
MakeXlsx = Callable[..., bytes]
Read = Callable[[str, bytes], Reading]

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
EXCEL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
NAMES = (
    f'xmlns:w="{WORD}" xmlns:r="{RELATIONS}"'
    ' xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TYPES = f'{HEAD}<Types xmlns="{PACKAGE}/content-types"/>'


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.fixture(scope="session")
def make_zip() -> MakeZip:
    return zipped


@pytest.fixture(scope="session")
def make_docx() -> MakeDocx:
    def make(body: str, *, styles: str = "", numbering: str = "", **parts: str) -> bytes:
        document = f"{HEAD}<w:document {NAMES}><w:body>{body}<w:sectPr/></w:body></w:document>"
        named = {f"word/{name}.xml": text for name, text in parts.items()}
        held = {"[Content_Types].xml": TYPES, "word/document.xml": document, **named}
        if styles:
            held["word/styles.xml"] = f"{HEAD}<w:styles {NAMES}>{styles}</w:styles>"
        if numbering:
            held["word/numbering.xml"] = f"{HEAD}<w:numbering {NAMES}>{numbering}</w:numbering>"
        return zipped(held)

    return make


@pytest.fixture(scope="session")
def make_xlsx() -> MakeXlsx:
    """Sheets by name, each the XML inside `worksheet`."""

    def make(
        sheets: Mapping[str, str],
        *,
        styles: str = "",
        strings: Sequence[str] = (),
        parts: Mapping[str, str | bytes] | None = None,
    ) -> bytes:
        names = list(sheets)
        listed = "".join(
            f'<sheet name="{name}" sheetId="{at}" r:id="rId{at}"/>'
            for at, name in enumerate(names, 1)
        )
        kind = f"{RELATIONS}/worksheet"
        targets = "".join(
            f'<Relationship Id="rId{at}" Type="{kind}" Target="worksheets/sheet{at}.xml"/>'
            for at in range(1, len(names) + 1)
        )
        targets += (
            f'<Relationship Id="s" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
            f'<Relationship Id="t" Type="{RELATIONS}/styles" Target="styles.xml"/>'
        )
        shared = "".join(f"<si>{text}</si>" for text in strings)
        held: dict[str, str | bytes] = {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
            f'<Relationship Id="r" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
            "</Relationships>",
            "xl/workbook.xml": f'{HEAD}<workbook xmlns="{EXCEL}" xmlns:r="{RELATIONS}">'
            f"<sheets>{listed}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
            f"{targets}</Relationships>",
            "xl/sharedStrings.xml": f'{HEAD}<sst xmlns="{EXCEL}">{shared}</sst>',
            "xl/styles.xml": f'{HEAD}<styleSheet xmlns="{EXCEL}">{styles}</styleSheet>',
        }
        for at, content in enumerate(sheets.values(), 1):
            held[f"xl/worksheets/sheet{at}.xml"] = (
                f'{HEAD}<worksheet xmlns="{EXCEL}" xmlns:r="{RELATIONS}">{content}</worksheet>'
            )
        return zipped({**held, **(parts or {})})

    return make


@pytest.fixture(scope="session")
def read() -> Read:
    """Reading in this process: what a file says, without the child's bounds."""
    return read_questions
