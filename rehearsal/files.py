"""Files sent by either side, kept in memory up to a total size; the oldest bytes go first.

A file whose bytes are gone can still be sent by its id, as on the real server; it cannot be
fetched. How a file shows in a message is decided here, what may be sent by the methods.
"""

import re
import secrets
import struct
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from rehearsal.calls import Upload

Json = dict[str, Any]
MAX_TOTAL_BYTES = 200 * (1 << 20)
MAX_DOWNLOAD_BYTES = 20 * (1 << 20)
MAX_FILES = 100_000
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8"
_SIZE_MARKERS = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SUFFIX = re.compile(r"\.([A-Za-z0-9]{1,8})$")
# The kinds' marks at the head of a file_id, as people know them from real ones.
_MARKS = {"photo": "AgAC", "voice": "AwAC", "sticker": "CAAC", "document": "BQAC"}
MARKS = tuple(_MARKS.values())


@dataclass(slots=True)
class StoredFile:
    """`sides` are a picture's width and height. `upload.data` is empty once it `is_gone`."""

    id: str
    unique_id: str
    path: str
    kind: str
    upload: Upload
    size: int
    sides: tuple[int, int] | None
    is_gone: bool = False

    def telegram(self) -> Json:
        return {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": self.size}

    def media(self) -> Json:
        """The field of Telegram's `Message` that holds this file."""
        return {self.kind: _SHAPES[self.kind](self)}

    def view(self) -> Json:
        """The chat page's link."""
        shown: Json = {
            "url": f"/files/{self.id}",
            "name": self.upload.name,
            "mime": self.upload.mime,
            "size": self.size,
        }
        if self.sides is not None:
            shown |= {"width": self.sides[0], "height": self.sides[1]}
        return shown


class Files:
    """`limit` is in bytes."""

    def __init__(self, limit: int = MAX_TOTAL_BYTES) -> None:
        self._limit = limit
        self._files: OrderedDict[str, StoredFile] = OrderedDict()
        self._by_path: dict[str, StoredFile] = {}
        self._whole: OrderedDict[str, StoredFile] = OrderedDict()
        self._total = 0
        self._count = 0

    def add(self, upload: Upload, kind: str) -> StoredFile:
        path = f"{kind}s/file_{self._count}.{_suffix(upload.name)}"
        self._count += 1
        name = f"{_MARKS[kind]}{secrets.token_urlsafe(32)}"
        sides = picture_size(upload.data) if kind == "photo" else None
        size = len(upload.data)
        stored = StoredFile(name, secrets.token_hex(8), path, kind, upload, size, sides)
        self._files[name] = self._whole[name] = self._by_path[path] = stored
        self._total += size
        self._let_go()
        return stored

    def find(self, file_id: str) -> StoredFile | None:
        return self._files.get(file_id)

    def at(self, path: str) -> StoredFile | None:
        """Only a file whose bytes are still here."""
        stored = self._by_path.get(path)
        return None if stored is None or stored.is_gone else stored

    def _let_go(self) -> None:
        while self._total > self._limit:
            _, oldest = self._whole.popitem(last=False)
            self._drop(oldest)
        while len(self._files) > MAX_FILES:
            name, oldest = self._files.popitem(last=False)
            del self._by_path[oldest.path]
            if self._whole.pop(name, None) is not None:
                self._drop(oldest)

    def _drop(self, stored: StoredFile) -> None:
        self._total -= stored.size
        stored.upload = Upload(stored.upload.name, stored.upload.mime, b"")
        stored.is_gone = True


def _suffix(name: str) -> str:
    found = _SUFFIX.search(name)
    return found[1].lower() if found else "bin"


def _photo(stored: StoredFile) -> list[Json]:
    width, height = stored.sides or (1, 1)
    return [stored.telegram() | {"width": width, "height": height}]


def _document(stored: StoredFile) -> Json:
    upload = stored.upload
    return {"file_name": upload.name, "mime_type": upload.mime} | stored.telegram()


def _sticker(stored: StoredFile) -> Json:
    return stored.telegram() | {
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
        "emoji": "👍",
    }


def _voice(stored: StoredFile) -> Json:
    return stored.telegram() | {"duration": 3, "mime_type": "audio/ogg"}


_SHAPES: dict[str, Any] = {
    "photo": _photo,
    "document": _document,
    "sticker": _sticker,
    "voice": _voice,
}


def picture_mime(data: bytes) -> str | None:
    """By the bytes, whatever the sender called it; None for anything but a PNG or JPEG."""
    if data.startswith(_PNG):
        return "image/png"
    return "image/jpeg" if data.startswith(_JPEG) else None


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG or JPEG; None for anything else."""
    if data.startswith(_PNG) and len(data) >= 24:  # noqa: PLR2004 - the header's length
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    return _jpeg_size(data) if data.startswith(_JPEG) else None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    at = len(_JPEG)
    while at + 9 <= len(data) and data[at] == 0xFF:  # noqa: PLR2004 - every segment begins so
        marker = data[at + 1]
        if marker in _SIZE_MARKERS:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None
