"""Messages and the chats that hold them; people and their private chats with the bot.

Holds and numbers messages; who may write what is decided by the methods and the people's side.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from rehearsal.html_entities import Entity, render_html
from rehearsal.markup import Markup

Json = dict[str, Any]
MAX_MESSAGES = 2_000
MAX_TOASTS = 20
FIRST_ID = 1001
_CAPTIONED = {"photo", "document", "voice"}


@dataclass(slots=True)
class Person:
    id: int
    name: str
    phone: str
    last_name: str = ""
    language_code: str = "vi"
    started: bool = False
    blocked: bool = False
    deactivated: bool = False

    @property
    def full_name(self) -> str:
        return f"{self.name} {self.last_name}".strip()

    def user(self) -> Json:
        """Telegram's `User`."""
        last = {"last_name": self.last_name} if self.last_name else {}
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.name, **last}
        return user | {"language_code": self.language_code}

    def view(self) -> Json:
        return {
            "id": self.id,
            "name": self.name,
            "last_name": self.last_name,
            "phone": self.phone,
            "language_code": self.language_code,
            "started": self.started,
            "blocked": self.blocked,
            "deactivated": self.deactivated,
        }


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote in a group: `name` and `fields` as everyone sees them, `person_id` in truth.

    `fields` are Telegram's `from` and `sender_chat`.
    """

    person_id: int
    name: str
    fields: Json


@dataclass(slots=True)
class Message:
    """`media` is what Telegram's `Message` has beside the text: a photo, a contact, a reply.

    `date` and `edited_at` are seconds. `file` is the chat page's link to what was sent, `thread`
    the forum topic. `author` is None for the bot, and for the person of a private chat.
    """

    id: int
    sender: Literal["bot", "person"]
    date: int
    kind: str = "text"
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    markup: Markup | None = None
    media: Json = field(default_factory=dict)
    file: Json | None = None
    edited_at: int = 0
    is_deleted: bool = False
    author: Author | None = None
    thread: int = 0

    @property
    def inline_keyboard(self) -> Json | None:
        is_inline = self.markup is not None and self.markup.kind == "inline"
        return self.markup.body if self.markup is not None and is_inline else None

    @property
    def is_editable(self) -> bool:
        """Never one with another keyboard than an inline one, a forwarded one, a service line."""
        is_plain = self.markup is None or self.markup.kind == "inline"
        is_own = self.sender == "bot" and "forward_origin" not in self.media
        return is_own and is_plain and self.kind != "service"

    @property
    def has_caption(self) -> bool:
        return self.kind in _CAPTIONED

    def view(self) -> Json:
        """For the chat page."""
        shown: Json = {
            "message_id": self.id,
            "from": self.sender,
            "date": self.date,
            "text": self.text,
            "html": render_html(self.text, self.entities),
            "markup": self.markup.body if self.markup else None,
            "edited": self.edited_at > 0,
            "deleted": self.is_deleted,
            "kind": self.kind,
        }
        if self.file:
            shown["file"] = self.file
        if self.author:
            shown["author"] = {"id": self.author.person_id, "name": self.author.name}
        if self.thread:
            shown["thread"] = self.thread
        return shown | self._origin_view()

    def _origin_view(self) -> Json:
        shown: Json = {}
        if self.kind == "service":
            shown["service"] = self.media
        if "reply_to_message" in self.media and self.kind != "service":
            shown["reply_to"] = self.media["reply_to_message"]["message_id"]
        if "forward_origin" in self.media:
            shown["forwarded"] = True
        if self.media.get("has_protected_content"):
            shown["protected"] = True
        return shown


@dataclass(slots=True, kw_only=True)
class Chat:
    """What was said in one chat. `kept` is how many messages are remembered, 0 only counts.

    `sent` counts the bot's messages, also those that are no longer kept.
    """

    kept: int = MAX_MESSAGES
    messages: dict[int, Message] = field(default_factory=dict)
    toasts: list[Json] = field(default_factory=list)
    reply_keyboard: Json | None = None
    last_id: int = 0
    sent: int = 0

    @property
    def address(self) -> int:
        """Telegram's chat id."""
        raise NotImplementedError

    def card(self) -> Json:
        """Telegram's `Chat`."""
        raise NotImplementedError

    def signed(self, message: Message, bot: Json) -> Json:
        """Telegram's `from` and `sender_chat` of a message."""
        raise NotImplementedError

    def next_id(self) -> int:
        self.last_id += 1
        return self.last_id

    def add(self, message: Message) -> None:
        self.sent += message.sender == "bot"
        if self.kept == 0:
            return
        self.messages[message.id] = message
        if len(self.messages) > self.kept:
            del self.messages[next(iter(self.messages))]

    def find(self, message_id: int) -> Message | None:
        """None for a deleted message too."""
        message = self.messages.get(message_id)
        return None if message is None or message.is_deleted else message

    def add_toast(self, toast: Json) -> None:
        self.toasts.append(toast)
        del self.toasts[:-MAX_TOASTS]

    def telegram(self, message: Message, bot: Json) -> Json:
        """Telegram's `Message`; only an inline keyboard is echoed."""
        shown: Json = {
            "message_id": message.id,
            **self.signed(message, bot),
            "chat": self.card(),
            "date": message.date,
        }
        if message.edited_at:
            shown["edit_date"] = message.edited_at
        if message.thread:
            shown |= {"message_thread_id": message.thread, "is_topic_message": True}
        shown |= message.media
        prefix = ("caption", "caption_entities") if message.has_caption else None
        text_field, entities_field = prefix or ("text", "entities")
        if message.text:
            shown[text_field] = message.text
        if message.entities:
            shown[entities_field] = message.entities
        if message.inline_keyboard:
            shown["reply_markup"] = message.inline_keyboard
        return shown


@dataclass(slots=True)
class PrivateChat(Chat):
    person: Person

    @property
    def address(self) -> int:
        return self.person.id

    def card(self) -> Json:
        """A private chat has the person's own id."""
        person = self.person
        last = {"last_name": person.last_name} if person.last_name else {}
        return {"id": person.id, "first_name": person.name, **last, "type": "private"}

    def signed(self, message: Message, bot: Json) -> Json:
        return {"from": bot if message.sender == "bot" else self.person.user()}


class Chats:
    """`kept` is each chat's."""

    def __init__(self, kept: int = MAX_MESSAGES) -> None:
        self._kept = kept
        self._chats: dict[int, PrivateChat] = {}
        self._moved_from: dict[int, int] = {}
        self.moved: dict[int, int] = {}
        """New ids by old, of chats that were upgraded: the bot must use the new one."""

    def __iter__(self) -> Iterator[PrivateChat]:
        return iter(self._chats.values())

    def find(self, person_id: int) -> PrivateChat | None:
        return self._chats.get(person_id)

    def migrate(self, person_id: int) -> int:
        """Give the chat another id, as an upgraded group gets; what it was sent to is told."""
        new = self.moved.setdefault(person_id, -(10**12) - person_id)
        self._moved_from[new] = person_id
        return new

    def addressed(self, chat_id: int) -> PrivateChat | None:
        """The chat that a bot means by an id."""
        return self.find(self._moved_from.get(chat_id, chat_id))

    def add(self, name: str, phone: str, last_name: str, language_code: str) -> Person:
        person_id = FIRST_ID + len(self._chats)
        # An account without a phone does not exist.
        phone = phone or f"+8490{person_id:07d}"
        person = Person(person_id, name, phone, last_name, language_code)
        self._chats[person_id] = PrivateChat(person, kept=self._kept)
        return person

    def add_crowd(self, count: int, name: str, *, started: bool) -> list[int]:
        """Many people at once; their ids."""
        made = [self.add(f"{name} {number}", "", "", "vi") for number in range(1, count + 1)]
        for person in made:
            person.started = started
        return [each.id for each in made]


def unix_now() -> int:
    return int(time.time())
