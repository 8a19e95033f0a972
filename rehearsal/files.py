"""Files sent by either side, kept in memory up to a total size; the oldest go first."""

import secrets
import struct
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from rehearsal.calls import Upload

MAX_TOTAL_BYTES = 200 * (1 << 20)
MAX_DOWNLOAD_BYTES = 20 * (1 << 20)
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8"
_SIZE_MARKERS = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True, slots=True)
class StoredFile:
    id: str
    unique_id: str
    path: str
    upload: Upload

    def telegram(self) -> dict[str, Any]:
        return {
            "file_id": self.id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.upload.data),
        }

    def view(self) -> dict[str, Any]:
        """The chat page's link."""
        upload = self.upload
        return {
            "url": f"/files/{self.id}",
            "name": upload.name,
            "mime": upload.mime,
            "size": len(upload.data),
        }


class Files:
    def __init__(self) -> None:
        self._files: OrderedDict[str, StoredFile] = OrderedDict()
        self._total = 0
        self._count = 0

    def add(self, upload: Upload, folder: str) -> StoredFile:
        suffix = upload.name.rpartition(".")[2] if "." in upload.name else "bin"
        path = f"{folder}/file_{self._count}.{suffix}"
        self._count += 1
        stored = StoredFile(f"BQAC{secrets.token_urlsafe(32)}", secrets.token_hex(8), path, upload)
        self._files[stored.id] = stored
        self._total += len(upload.data)
        while self._total > MAX_TOTAL_BYTES:
            _, oldest = self._files.popitem(last=False)
            self._total -= len(oldest.upload.data)
        return stored

    def find(self, file_id: str) -> StoredFile | None:
        return self._files.get(file_id)

    def at(self, path: str) -> StoredFile | None:
        return next((each for each in self._files.values() if each.path == path), None)


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
