"""Reads a file that a person sends by the chat page's form, with its caption and its place."""

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import BodyPartReader, web

from rehearsal.calls import MAX_UPLOAD_BYTES, Upload
from rehearsal.deeds import Attachment, DeedError


@dataclass(frozen=True, slots=True)
class Given:
    """`fields` are the form's texts: kind, caption, by, topic, reply_to."""

    upload: Upload
    fields: Mapping[str, str]

    def number(self, name: str) -> int:
        given = self.fields.get(name, "0")
        if not given.isdecimal():
            raise DeedError(400, f"{name} is a number")
        return int(given)

    def attachment(self) -> Attachment:
        kind = self.fields.get("kind", "document")
        return Attachment.of(kind, self.upload, self.fields.get("caption", ""))


async def read_upload(request: web.Request) -> Given:
    if request.content_type != "multipart/form-data":
        raise DeedError(400, "sent as multipart/form-data")
    fields: dict[str, str] = {}
    upload = None
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or part.name is None:
                continue
            if part.filename is None:
                fields[part.name] = await part.text()
            else:
                mime = part.headers.get("Content-Type", "application/octet-stream")
                upload = Upload(part.filename, mime, await _whole(part))
    except ValueError as error:
        raise DeedError(400, "the form cannot be read") from error
    if upload is None:
        raise DeedError(400, "there is no file in the form")
    return Given(upload, fields)


async def _whole(part: BodyPartReader) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk(1 << 16):
        data += chunk
        if len(data) > MAX_UPLOAD_BYTES:
            raise DeedError(413, "the file is too big")
    return bytes(data)
