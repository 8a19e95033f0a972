"""What people do in their private chats, and the updates the bot gets, shaped as real ones."""

import base64
from dataclasses import dataclass, field
from typing import Any

import msgspec

from rehearsal.calls import Upload
from rehearsal.chats import Chat, Message, Person, PrivateChat, unix_now
from rehearsal.copying import origin_of_user
from rehearsal.files import picture_size
from rehearsal.groups import Group
from rehearsal.html_entities import Entity
from rehearsal.texts import MAX_CAPTION, person_text
from rehearsal.world import World

Json = dict[str, Any]
_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)


class DeedError(Exception):
    """The person cannot do that now. `status` is the HTTP answer's."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Contact(msgspec.Struct, forbid_unknown_fields=True):
    """`of`: another person's, with that person's id; `phone` without `of`: one unknown here."""

    of: int | None = None
    phone: str | None = None
    name: str | None = None
    forwarded: bool = False


class Tap(msgspec.Struct, forbid_unknown_fields=True):
    """`forge` sends what no button says, as a modified client can."""

    message_id: int
    data: str
    forge: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file a person sends: as a "photo" it must be a picture, as a "document" anything."""

    kind: str
    upload: Upload
    text: str = ""
    entities: list[Entity] = field(default_factory=list)

    @classmethod
    def of(cls, kind: str, upload: Upload, caption: str = "") -> "Attachment":
        if kind not in {"photo", "document"}:
            raise DeedError(400, "sent as a photo or a document")
        if not upload.data:
            raise DeedError(400, "the file is empty")
        if kind == "photo" and not all(picture_size(upload.data) or (0,)):
            raise DeedError(400, "not a PNG or JPEG picture")
        text, entities = person_text(caption)
        if len(text) > MAX_CAPTION:
            raise DeedError(400, "the caption is too long")
        return cls(kind, upload, text, entities)

    def message(self, world: World) -> Message:
        """Not yet numbered."""
        stored = world.files.add(self.upload, self.kind)
        message = Message(0, "person", unix_now(), self.kind, self.text, self.entities)
        message.media, message.file = stored.media(), stored.view()
        return message


def write(world: World, chat: PrivateChat, text: str) -> Json:
    shown, entities = person_text(text)
    if not shown:
        raise DeedError(400, "text must be non-empty")
    message = Message(0, "person", unix_now(), "text", shown, entities)
    return put(world, chat, message)


def attach(world: World, chat: PrivateChat, given: Attachment) -> Json:
    _may_act(chat)
    return put(world, chat, given.message(world))


def start(world: World, chat: PrivateChat, payload: str) -> Json:
    """Presses Start, which unblocks the bot first."""
    if chat.person.blocked:
        unblock(world, chat)
    return write(world, chat, f"/start {payload}".strip())


def edit(world: World, chat: PrivateChat, message_id: int, text: str) -> Json:
    _may_act(chat)
    message = chat.find(message_id)
    if message is None or message.sender != "person" or message.kind != "text":
        raise DeedError(404, "no such text message of this person")
    message.text, message.entities = person_text(text)
    message.edited_at = unix_now()
    world.tell(chat, "edit", message.view)
    return {"message_id": message.id, "update_id": world.report(chat, message, is_edit=True)}


def tap(world: World, chat: PrivateChat, asked: Tap) -> Json:
    _may_act(chat)
    return press(world, chat, chat.person, asked)


def press(world: World, chat: Chat, person: Person, asked: Tap) -> Json:
    """A tap in any chat: the query's lane is the person's, not the chat's."""
    message = chat.find(asked.message_id)
    if not asked.forge and (message is None or not _has_button(message, asked.data)):
        raise DeedError(404, "no such button")
    callback = world.callbacks.add(person.id, chat.address)
    query = {
        "id": callback.id,
        "from": person.user(),
        "message": _tapped(world, chat, asked.message_id),
        "chat_instance": str(-8_000_000_000_000_000_000 + chat.address),
        "data": asked.data,
    }
    return {"callback_id": callback.id, "update_id": world.queue.add({"callback_query": query})}


def _has_button(message: Message, data: str) -> bool:
    return message.markup is not None and data in message.markup.callback_data


def _tapped(world: World, chat: Chat, message_id: int) -> Json:
    """A snapshot; of a message that is gone or out of reach, only its place and `date` 0."""
    message = chat.find(message_id)
    is_out_of_reach = isinstance(chat, Group) and not chat.has_bot
    if message is None or is_out_of_reach:
        return {"chat": chat.card(), "message_id": message_id, "date": 0}
    return chat.telegram(message, world.bot)


def share_contact(world: World, chat: PrivateChat, asked: Contact) -> Json:
    other = None if asked.of is None else world.chats.find(asked.of)
    if asked.of is not None and other is None:
        raise DeedError(404, "no such person")
    if asked.phone is not None:
        contact: Json = {"phone_number": asked.phone, "first_name": asked.name or asked.phone}
    else:
        owner = (other or chat).person
        contact = {"phone_number": _canonical(owner.phone), "first_name": owner.name}
        contact |= {"last_name": owner.last_name} if owner.last_name else {}
        contact["user_id"] = owner.id
    media: Json = {"contact": contact}
    if asked.forwarded:
        media = origin_of_user((other or chat).person.user()) | media
    message = Message(0, "person", unix_now(), "contact", media=media)
    return put(world, chat, message)


def _canonical(phone: str) -> str:
    """Digits with the country code and no plus, as most clients send their own number."""
    digits = "".join(each for each in phone if each.isdecimal())
    return f"84{digits[1:]}" if digits.startswith("0") else digits


def send_thing(world: World, chat: PrivateChat, kind: str) -> Json:
    """A sticker, voice, photo, document or location of no interest, in the real shape."""
    message = Message(0, "person", unix_now(), kind)
    if kind == "location":
        message.media = {"location": {"latitude": 21.028511, "longitude": 105.804817}}
    else:
        stored = world.files.add(_UPLOADS[kind], kind)
        message.media, message.file = stored.media(), stored.view()
    return put(world, chat, message)


_UPLOADS = {
    "sticker": Upload("sticker.webp", "image/webp", b"RIFF\0\0\0\0WEBP"),
    "voice": Upload("voice.oga", "audio/ogg", b"OggS"),
    "photo": Upload("photo.png", "image/png", _PIXEL),
    "document": Upload("document.txt", "text/plain", b"document\n"),
}
KINDS = (*_UPLOADS, "location")


def block(world: World, chat: PrivateChat) -> Json:
    return _set_blocked(world, chat, is_blocked=True)


def unblock(world: World, chat: PrivateChat) -> Json:
    return _set_blocked(world, chat, is_blocked=False)


def _set_blocked(world: World, chat: PrivateChat, *, is_blocked: bool) -> Json:
    if chat.person.blocked == is_blocked:
        return {"update_id": None}
    chat.person.blocked = is_blocked
    member = {"user": world.bot, "status": "member"}
    kicked = {"user": world.bot, "status": "kicked", "until_date": 0}
    change = {
        "chat": chat.card(),
        "from": chat.person.user(),
        "date": unix_now(),
        "old_chat_member": member if is_blocked else kicked,
        "new_chat_member": kicked if is_blocked else member,
    }
    return {"update_id": world.queue.add({"my_chat_member": change})}


def inject(world: World, update: Json) -> Json:
    """Any update at all; its id is filled in where it has none."""
    if not any(key != "update_id" for key in update):
        raise DeedError(400, "an update has a field beside update_id")
    if not isinstance(update.get("update_id", 0), int):
        raise DeedError(400, "update_id is a number")
    return {"update_id": world.queue.add(update, is_raw=True)}


def put(world: World, chat: PrivateChat, message: Message) -> Json:
    """Numbers the message, shows it and queues its update."""
    _may_act(chat)
    message.id = chat.next_id()
    chat.person.started = True
    world.post(chat, message)
    return {"message_id": message.id, "update_id": world.report(chat, message)}


def _may_act(chat: PrivateChat) -> None:
    if chat.person.deactivated:
        raise DeedError(409, "the account is deleted")
    if chat.person.blocked:
        raise DeedError(409, "the person has blocked the bot")
