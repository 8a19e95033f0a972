"""What kind of file some bytes are, whatever the name says.

Decides by signatures and by the names inside; opens nothing.
"""

import zipfile
from pathlib import PurePath
from typing import Literal

from question_bank.importers import problems
from question_bank.importers.refusal import RefusedError

Kind = Literal["xlsx", "docx", "xls", "csv", "toml"]

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIPPED: dict[str, Kind] = {"xl/workbook.xml": "xlsx", "word/document.xml": "docx"}
_TEXTS: dict[str, Kind] = {".csv": "csv", ".txt": "csv", ".tsv": "csv", ".toml": "toml"}
_SUFFIXES = {"xlsx": (".xlsx",), "docx": (".docx",), "xls": (".xls",)}
_MACROS = (".xlsm", ".docm", ".xltm", ".dotm", ".xlam", ".xlsb")


def is_zip(data: bytes) -> bool:
    return data.startswith(_ZIP)


def check_suffix(name: str) -> None:
    """Refuse by the name alone what no content can make right.

    Raises:
        RefusedError: a suffix that stands for macros, or that is none of ours.
    """
    suffix = _suffix(name)
    if suffix in _MACROS:
        raise RefusedError(problems.MACROS)
    if suffix == ".pdf":
        raise RefusedError(problems.PDF)
    if suffix not in {*_TEXTS, ".xlsx", ".docx", ".xls", ".doc", ".rtf"}:
        raise RefusedError(problems.NOT_A_KIND)


def kind_of(name: str, data: bytes, archive: zipfile.ZipFile | None) -> Kind:
    """The kind to read the bytes as; `archive` is their zip, when they are one.

    Raises:
        RefusedError: empty, of no kind that is read, or of another kind than the name says.
    """
    suffix = _suffix(name)
    if not data.strip(b" \t\r\n\x00"):
        raise RefusedError(problems.EMPTY_FILE)
    if archive is not None:
        return _agreed(suffix, _zipped_kind(suffix, archive))
    if data.startswith(_OLE):
        return _agreed(suffix, _ole_kind(suffix, data))
    _refuse_other_texts(suffix, data)
    if suffix in _TEXTS:
        return _TEXTS[suffix]
    raise RefusedError(problems.NOT_WHAT_IT_SAYS, suffix=suffix)


def _zipped_kind(suffix: str, archive: zipfile.ZipFile) -> Kind:
    names = archive.namelist()
    if any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise RefusedError(problems.MACROS)
    for part, kind in _ZIPPED.items():
        if part in names:
            return kind
    raise RefusedError(problems.NOT_WHAT_IT_SAYS, suffix=suffix)


def _ole_kind(suffix: str, data: bytes) -> Kind:
    """By the names in the directory of an OLE file, which are UTF-16."""
    if _stream(data, "EncryptedPackage"):
        raise RefusedError(problems.LOCKED)
    if _stream(data, "WordDocument"):
        raise RefusedError(problems.OLD_WORD)
    if _stream(data, "_VBA_PROJECT"):
        raise RefusedError(problems.MACROS)
    if _stream(data, "Workbook") or _stream(data, "Book"):
        return "xls"
    raise RefusedError(problems.NOT_WHAT_IT_SAYS, suffix=suffix)


def _stream(data: bytes, name: str) -> bool:
    return name.encode("utf-16-le") in data


def _refuse_other_texts(suffix: str, data: bytes) -> None:
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"{\\rtf"):
        raise RefusedError(problems.RICH_TEXT)
    if head.startswith(b"%pdf"):
        raise RefusedError(problems.PDF)
    if head.startswith((b"<!doctype html", b"<html")) or b"<html" in head or b"<table" in head:
        raise RefusedError(problems.WEB_PAGE, suffix=suffix)
    if suffix == ".doc":
        raise RefusedError(problems.OLD_WORD)
    if b"\x00" in data[:2048] and data[:2] not in {b"\xff\xfe", b"\xfe\xff"}:
        raise RefusedError(problems.NOT_WHAT_IT_SAYS, suffix=suffix)


def _agreed(suffix: str, kind: Kind) -> Kind:
    """The kind, when the name has its suffix: a wrong one hides a mistake."""
    if suffix not in _SUFFIXES[kind]:
        wanted = _SUFFIXES[kind][0]
        raise RefusedError(problems.WRONG_SUFFIX, suffix=suffix, found=kind, wanted=wanted)
    return kind


def _suffix(name: str) -> str:
    return PurePath(name).suffix.lower()
