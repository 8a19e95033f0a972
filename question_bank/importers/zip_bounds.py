"""Whether a zip file (xlsx, docx) may be opened at all: its size unpacked, counted by unpacking.

Decides the bounds (FAULTS T46); what is inside, the readers decide.
"""

import io
import zipfile
import zlib

from question_bank.importers import problems
from question_bank.importers.refusal import RefusedError

MAX_UNPACKED = 128 * 1024 * 1024
MAX_ENTRIES = 2_000
MAX_RATIO = 250
"""XML of a million like rows packs some hundred to one; a bomb does a thousand."""
MEGABYTE = 1024 * 1024

_CHUNK = 1024 * 1024
_BROKEN = (
    zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError,
    RuntimeError, OverflowError, IndexError,
)  # fmt: skip


def open_zip(data: bytes) -> zipfile.ZipFile:
    """The archive, every entry of which unpacks within the bounds.

    Raises:
        RefusedError: it is broken, too large, too dense, or has too many entries.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        _check_directory(archive.infolist())
        _check_contents(archive)
    except _BROKEN as error:
        raise RefusedError(problems.ZIP_BROKEN) from error
    return archive


def _check_directory(entries: list[zipfile.ZipInfo]) -> None:
    """What the directory says of itself, before anything is unpacked."""
    if len(entries) > MAX_ENTRIES:
        raise RefusedError(problems.ZIP_ENTRIES, found=len(entries))
    total = sum(entry.file_size for entry in entries)
    if total > MAX_UNPACKED:
        most = MAX_UNPACKED // MEGABYTE
        raise RefusedError(problems.ZIP_LARGE, found=total // MEGABYTE, most=most)
    for entry in entries:
        if entry.file_size > MEGABYTE and entry.file_size > MAX_RATIO * entry.compress_size:
            raise RefusedError(problems.ZIP_BOMB)


def _check_contents(archive: zipfile.ZipFile) -> None:
    """The directory may lie: each entry is unpacked once, no further than it said."""
    seen: dict[int, str] = {}
    for entry in archive.infolist():
        # entries that share their bytes are how a small file becomes petabytes
        if seen.setdefault(entry.header_offset, entry.filename) != entry.filename:
            raise RefusedError(problems.ZIP_BOMB)
        if entry.flag_bits & 1:
            raise RefusedError(problems.LOCKED)
        with archive.open(entry) as part:
            while part.read(_CHUNK):
                pass
