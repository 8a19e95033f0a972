"""Bot API methods that send and hand back files."""

from typing import Any

from rehearsal.calls import Call
from rehearsal.chats import Message, unix_now
from rehearsal.errors import bad_request
from rehearsal.files import MAX_DOWNLOAD_BYTES, StoredFile, picture_size
from rehearsal.markup import reply_markup
from rehearsal.methods_messages import sending_extras
from rehearsal.texts import caption
from rehearsal.world import Method, World, writable_chat

MAX_PHOTO_BYTES = 10 * (1 << 20)
MAX_PHOTO_SIDES = 10_000
MAX_PHOTO_RATIO = 20


async def send_photo(world: World, call: Call) -> Any:
    return _send(world, call, "photo")


async def send_document(world: World, call: Call) -> Any:
    return _send(world, call, "document")


async def get_file(world: World, call: Call) -> Any:
    stored = world.files.find(call.text("file_id"))
    if stored is None:
        raise bad_request("invalid file_id")
    if len(stored.upload.data) > MAX_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return stored.telegram() | {"file_path": stored.path}


def _send(world: World, call: Call, kind: str) -> Any:
    text, entities = caption(call)
    markup = reply_markup(call)
    chat = writable_chat(world, call)
    stored = _stored(world, call, kind)
    extra = sending_extras(world, call, chat)
    extra[kind] = photo_sizes(stored) if kind == "photo" else document(stored)
    message = Message(chat.next_id(), "bot", unix_now(), kind, text, entities, markup, extra)
    message.file = stored.view()
    world.post(chat, message)
    return chat.telegram(message, world.bot)


def _stored(world: World, call: Call, kind: str) -> StoredFile:
    """An upload under the field's name, `attach://other`, or a known file_id."""
    named = call.text(kind)
    upload = call.files.get(named.removeprefix("attach://") if named else kind)
    if upload is None:
        if not named:
            raise bad_request(f"there is no {kind} in the request")
        known = world.files.find(named)
        if known is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return known
    if not upload.data:
        raise bad_request("file must be non-empty")
    if kind == "photo":
        _check_photo(upload.data)
    return world.files.add(upload, f"{kind}s")


def _check_photo(data: bytes) -> None:
    if len(data) > MAX_PHOTO_BYTES:
        raise bad_request("file is too big")
    size = picture_size(data)
    if size is None or 0 in size:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if sum(size) > MAX_PHOTO_SIDES or max(size) > MAX_PHOTO_RATIO * min(size):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")


def photo_sizes(stored: StoredFile) -> list[dict[str, Any]]:
    width, height = picture_size(stored.upload.data) or (1, 1)
    return [stored.telegram() | {"width": width, "height": height}]


def document(stored: StoredFile) -> dict[str, Any]:
    upload = stored.upload
    return {"file_name": upload.name, "mime_type": upload.mime} | stored.telegram()


METHODS: dict[str, Method] = {
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "getFile": get_file,
}
