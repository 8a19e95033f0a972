"""What people do in their chats, and the updates the bot gets of it, shaped as the real ones."""

import base64
from typing import Any

import msgspec

from rehearsal.calls import Upload
from rehearsal.chats import Chat, Message, unix_now
from rehearsal.files import StoredFile
from rehearsal.methods_files import document, photo_sizes
from rehearsal.texts import person_text
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


def write(world: World, chat: Chat, text: str) -> Json:
    shown, entities = person_text(text)
    if not shown:
        raise DeedError(400, "text must be non-empty")
    message = Message(0, "person", unix_now(), "text", shown, entities)
    return _say(world, chat, message)


def start(world: World, chat: Chat, payload: str) -> Json:
    """Presses Start, which unblocks the bot first."""
    if chat.person.blocked:
        unblock(world, chat)
    return write(world, chat, f"/start {payload}".strip())


def edit(world: World, chat: Chat, message_id: int, text: str) -> Json:
    _may_act(chat)
    message = chat.find(message_id)
    if message is None or message.sender != "person" or message.kind != "text":
        raise DeedError(404, "no such text message of this person")
    message.text, message.entities = person_text(text)
    message.edited_at = unix_now()
    world.events.tell(chat.person.id, "edit", message.view())
    body = {"edited_message": chat.telegram(message, world.bot)}
    return {"message_id": message.id, "update_id": world.queue.add(body)}


def tap(world: World, chat: Chat, asked: Tap) -> Json:
    _may_act(chat)
    message = chat.find(asked.message_id)
    if not asked.forge and (message is None or not _has_button(message, asked.data)):
        raise DeedError(404, "no such button")
    callback = world.callbacks.add(chat.person.id)
    query = {
        "id": callback.id,
        "from": chat.person.user(),
        "message": _tapped(world, chat, asked.message_id),
        "chat_instance": str(-8_000_000_000_000_000_000 + chat.person.id),
        "data": asked.data,
    }
    return {"callback_id": callback.id, "update_id": world.queue.add({"callback_query": query})}


def _has_button(message: Message, data: str) -> bool:
    return message.markup is not None and data in message.markup.callback_data


def _tapped(world: World, chat: Chat, message_id: int) -> Json:
    """A snapshot; of a message that is gone, only its place and `date` 0."""
    message = chat.find(message_id)
    if message is None:
        return {"chat": chat.person.chat(), "message_id": message_id, "date": 0}
    return chat.telegram(message, world.bot)


def share_contact(world: World, chat: Chat, asked: Contact) -> Json:
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
        media = _forwarded((other or chat).person.user()) | media
    message = Message(0, "person", unix_now(), "contact", media=media)
    return _say(world, chat, message)


def _canonical(phone: str) -> str:
    """Digits with the country code and no plus, as most clients send their own number."""
    digits = "".join(each for each in phone if each.isdecimal())
    return f"84{digits[1:]}" if digits.startswith("0") else digits


def _forwarded(user: Json) -> Json:
    now = unix_now()
    origin = {"type": "user", "sender_user": user, "date": now}
    return {"forward_origin": origin, "forward_from": user, "forward_date": now}


def send_thing(world: World, chat: Chat, kind: str) -> Json:
    """A sticker, voice, photo, document or location of no interest, in the real shape."""
    stored = None
    if kind == "location":
        media: Json = {"location": {"latitude": 21.028511, "longitude": 105.804817}}
    else:
        stored = world.files.add(_UPLOADS[kind], f"{kind}s")
        media = {kind: _MEDIA[kind](stored)}
    file = stored.view() if stored is not None else None
    message = Message(0, "person", unix_now(), kind, media=media, file=file)
    return _say(world, chat, message)


_UPLOADS = {
    "sticker": Upload("sticker.webp", "image/webp", b"RIFF\0\0\0\0WEBP"),
    "voice": Upload("voice.oga", "audio/ogg", b"OggS"),
    "photo": Upload("photo.png", "image/png", _PIXEL),
    "document": Upload("document.txt", "text/plain", b"document\n"),
}


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


_MEDIA: dict[str, Any] = {
    "sticker": _sticker,
    "voice": _voice,
    "photo": photo_sizes,
    "document": document,
}
KINDS = (*_MEDIA, "location")


def block(world: World, chat: Chat) -> Json:
    return _set_blocked(world, chat, is_blocked=True)


def unblock(world: World, chat: Chat) -> Json:
    return _set_blocked(world, chat, is_blocked=False)


def _set_blocked(world: World, chat: Chat, *, is_blocked: bool) -> Json:
    if chat.person.blocked == is_blocked:
        return {"update_id": None}
    chat.person.blocked = is_blocked
    member = {"user": world.bot, "status": "member"}
    kicked = {"user": world.bot, "status": "kicked", "until_date": 0}
    change = {
        "chat": chat.person.chat(),
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


def _say(world: World, chat: Chat, message: Message) -> Json:
    """Numbers the message, shows it and queues its update."""
    _may_act(chat)
    message.id = chat.next_id()
    chat.person.started = True
    world.post(chat, message)
    body = {"message": chat.telegram(message, world.bot)}
    return {"message_id": message.id, "update_id": world.queue.add(body)}


def _may_act(chat: Chat) -> None:
    if chat.person.deactivated:
        raise DeedError(409, "the account is deleted")
    if chat.person.blocked:
        raise DeedError(409, "the person has blocked the bot")
