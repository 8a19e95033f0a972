"""Bot API methods that send and hand back files."""

import binascii
from base64 import urlsafe_b64decode
from typing import Any

from rehearsal.calls import Call
from rehearsal.errors import ApiError, bad_request
from rehearsal.files import MARKS, MAX_DOWNLOAD_BYTES, StoredFile, picture_size
from rehearsal.rights import Right
from rehearsal.sending import Content, outgoing, send
from rehearsal.texts import caption
from rehearsal.world import Method, World

MAX_PHOTO_BYTES = 10 * (1 << 20)
MAX_PHOTO_SIDES = 10_000
MAX_PHOTO_RATIO = 20
_RIGHTS: dict[str, Right] = {"photo": "photos", "document": "documents"}


async def send_photo(world: World, call: Call) -> Any:
    return _send(world, call, "photo")


async def send_document(world: World, call: Call) -> Any:
    return _send(world, call, "document")


async def get_file(world: World, call: Call) -> Any:
    file_id = call.text("file_id")
    if not file_id:
        raise bad_request("file_id not specified")
    stored = world.files.find(file_id)
    if stored is None:
        raise bad_request("invalid file_id")
    if stored.size > MAX_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    if stored.is_gone:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    return stored.telegram() | {"file_path": stored.path}


def _send(world: World, call: Call, kind: str) -> Any:
    text = caption(call)
    if not call.text(kind) and kind not in call.files:
        raise bad_request(f"there is no {kind} in the request")
    out = outgoing(world, call, _RIGHTS[kind])
    stored = _stored(world, call, kind)
    return send(world, out, Content(kind, text, stored.media(), stored.view()))


def _stored(world: World, call: Call, kind: str) -> StoredFile:
    """An upload under the field's name, `attach://other`, or a known file_id."""
    named = call.text(kind)
    if named and not named.startswith("attach://"):
        return _known(world, named, kind)
    upload = call.files.get(named.removeprefix("attach://") or kind)
    if upload is None:
        raise bad_request(f"there is no {kind} in the request")
    if not upload.data:
        raise bad_request("file must be non-empty")
    if kind == "photo":
        _check_photo(upload.data)
    return world.files.add(upload, kind)


def _known(world: World, file_id: str, kind: str) -> StoredFile:
    known = world.files.find(file_id)
    if known is None:
        raise _unknown(file_id)
    if known.kind != kind:
        raise bad_request(f"can't use file of type {_type(known.kind)} as {_type(kind)}")
    return known


def _unknown(file_id: str) -> ApiError:
    """The words of each way in which an id can be wrong."""
    if "." in file_id:
        # An address: nothing is ever fetched from outside.
        return bad_request("failed to get HTTP URL content")
    if file_id.startswith(MARKS):
        return bad_request("wrong file identifier/HTTP URL specified")
    words = "wrong remote file identifier specified"
    try:
        urlsafe_b64decode(file_id + "=" * (-len(file_id) % 4))
    except (binascii.Error, ValueError):
        return bad_request(f"{words}: Wrong string length")
    return bad_request(f"{words}: can't unserialize it. Wrong last symbol")


def _type(kind: str) -> str:
    return "VoiceNote" if kind == "voice" else kind.capitalize()


def _check_photo(data: bytes) -> None:
    if len(data) > MAX_PHOTO_BYTES:
        raise bad_request(
            f"file of size {len(data)} bytes is too big for a photo; "
            f"the maximum size is {MAX_PHOTO_BYTES} bytes"
        )
    size = picture_size(data)
    if size is None or 0 in size:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if sum(size) > MAX_PHOTO_SIDES or max(size) > MAX_PHOTO_RATIO * min(size):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")


METHODS: dict[str, Method] = {
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "getFile": get_file,
}
