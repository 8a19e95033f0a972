"""Forms as browsers send them, read off the wire in pieces: bounded in bytes, fields and time.

Decides what of a body is taken; a file is held in memory, up to its bound, and not looked into.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from urllib.parse import parse_qs

from aiohttp import BodyPartReader, MultipartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from handlers.file_works import MAX_FILE_BYTES
from handlers.office_links import SentFile
from question_bank.text import clean

MAX_FORM = 4_000
"""Bytes of a form without a file, and of a field beside one."""
MAX_BODY = MAX_FILE_BYTES + 64_000
"""Bytes of a form with a file: its other fields and the lines between are little."""
IDLE_S = 30.0
"""How long a sender may be silent."""

_CHUNK = 64 * 1024
# What a body that is cut off, or none at all, makes its readers raise.
_BROKEN = (
    ValueError, KeyError, AssertionError, ConnectionError,
    HttpProcessingError, web.HTTPException, web.RequestPayloadError,
)  # fmt: skip
_FIELDS = 10
_LONGEST_STEM = 80


class RefusedBodyError(Exception):
    """A body that is not taken: an entry of the catalogue says why, beside the status."""

    def __init__(self, entry: str, status: int) -> None:
        super().__init__(entry)
        self.entry = entry
        self.status = status


async def read_form(request: web.Request) -> dict[str, str]:
    """The fields of a form without a file.

    Raises:
        RefusedBodyError: it is no such form, too large, or too slow.
    """
    if request.content_type != "application/x-www-form-urlencoded":
        raise RefusedBodyError("page.foreign", 415)
    body = bytearray()
    with _in_words():
        while chunk := await asyncio.wait_for(request.content.readany(), IDLE_S):
            body += chunk
            if len(body) > MAX_FORM:
                raise RefusedBodyError("page.foreign", 413)
        given = parse_qs(body.decode("utf-8", "replace"), max_num_fields=_FIELDS)
    return {name: values[0] for name, values in given.items()}


async def multipart_of(request: web.Request) -> MultipartReader:
    """The form with a file; refused by its head alone where it says that it is too large.

    Raises:
        RefusedBodyError: it is no such form, or too large.
    """
    if request.content_type != "multipart/form-data":
        raise RefusedBodyError("page.foreign", 415)
    if (request.content_length or 0) > MAX_BODY:
        raise RefusedBodyError("page.too_large", 413)
    with _in_words():
        return await request.multipart()


async def read_field(reader: MultipartReader, name: str) -> str:
    """A short field, which must be the next part.

    Raises:
        RefusedBodyError: another part is next, or it is not short.
    """
    part = await _next_part(reader, name)
    return (await _read(part, MAX_FORM)).decode("utf-8", "replace").strip()


async def read_file_part(reader: MultipartReader) -> SentFile:
    """The file, which must be the next part.

    Raises:
        RefusedBodyError: there is none, it is empty, too large, or comes too slowly.
    """
    part = await _next_part(reader, "file")
    content = await _read(part, MAX_FILE_BYTES)
    name = plain_name(part.filename or "")
    if not name or not content:
        raise RefusedBodyError("page.no_file", 400)
    return SentFile(name, content)


def plain_name(given: str) -> str:
    """A file's name without folders and signs that nobody sees, cut to a bearable length."""
    path = PurePosixPath(clean(given.replace("\\", "/")))
    return f"{path.stem[:_LONGEST_STEM]}{path.suffix[:_LONGEST_STEM]}"


async def _next_part(reader: MultipartReader, name: str) -> BodyPartReader:
    with _in_words():
        part = await asyncio.wait_for(reader.next(), IDLE_S)
    if not isinstance(part, BodyPartReader) or part.name != name:
        raise RefusedBodyError("page.no_file", 400)
    return part


async def _read(part: BodyPartReader, most: int) -> bytes:
    content = bytearray()
    with _in_words():
        async for chunk in _chunks(part):
            content += chunk
            if len(content) > most:
                raise RefusedBodyError("page.too_large", 413)
    return bytes(content)


async def _chunks(part: BodyPartReader) -> AsyncIterator[bytes]:
    while not part.at_eof():
        yield await asyncio.wait_for(part.read_chunk(_CHUNK), IDLE_S)


@contextmanager
def _in_words() -> Iterator[None]:
    """What a broken or slow body does to its readers, as refusals."""
    try:
        yield
    except TimeoutError:
        raise RefusedBodyError("page.too_slow", 408) from None
    except _BROKEN:
        raise RefusedBodyError("page.broken_off", 400) from None
