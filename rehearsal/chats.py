"""People and their chats with the bot: what was said, kept as each side sees it.

Holds and numbers messages; who may write what is decided by the methods and the people's side.
"""

import time
from collections import OrderedDict, deque
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

    def user(self) -> Json:
        """Telegram's `User`."""
        last = {"last_name": self.last_name} if self.last_name else {}
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.name, **last}
        return user | {"language_code": self.language_code}

    def chat(self) -> Json:
        """Telegram's `Chat`: a private one has the person's own id."""
        last = {"last_name": self.last_name} if self.last_name else {}
        return {"id": self.id, "first_name": self.name, **last, "type": "private"}

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


@dataclass(slots=True)
class Message:
    """`media` is what Telegram's `Message` has beside the text: a photo, a contact, a reply.

    `date` and `edited_at` are seconds. `file` is the chat page's link to what was sent.
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

    @property
    def inline_keyboard(self) -> Json | None:
        is_inline = self.markup is not None and self.markup.kind == "inline"
        return self.markup.body if self.markup is not None and is_inline else None

    @property
    def is_editable(self) -> bool:
        """A message sent with any keyboard but an inline one can never be edited."""
        is_plain = self.markup is None or self.markup.kind == "inline"
        return self.sender == "bot" and is_plain

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
        return shown | ({"file": self.file} if self.file else {})


@dataclass(slots=True)
class Chat:
    person: Person
    messages: OrderedDict[int, Message] = field(default_factory=OrderedDict)
    toasts: deque[Json] = field(default_factory=lambda: deque(maxlen=MAX_TOASTS))
    reply_keyboard: Json | None = None
    last_id: int = 0

    def next_id(self) -> int:
        self.last_id += 1
        return self.last_id

    def add(self, message: Message) -> None:
        self.messages[message.id] = message
        if len(self.messages) > MAX_MESSAGES:
            self.messages.popitem(last=False)

    def find(self, message_id: int) -> Message | None:
        """None for a deleted message too."""
        message = self.messages.get(message_id)
        return None if message is None or message.is_deleted else message

    def telegram(self, message: Message, bot: Json) -> Json:
        """Telegram's `Message`; only an inline keyboard is echoed."""
        sender = bot if message.sender == "bot" else self.person.user()
        shown: Json = {
            "message_id": message.id,
            "from": sender,
            "chat": self.person.chat(),
            "date": message.date,
        }
        if message.edited_at:
            shown["edit_date"] = message.edited_at
        shown |= message.media
        prefix = ("caption", "caption_entities") if message.kind in _CAPTIONED else None
        text_field, entities_field = prefix or ("text", "entities")
        if message.text:
            shown[text_field] = message.text
        if message.entities:
            shown[entities_field] = message.entities
        if message.inline_keyboard:
            shown["reply_markup"] = message.inline_keyboard
        return shown


class Chats:
    def __init__(self) -> None:
        self._chats: dict[int, Chat] = {}
        self.moved: dict[int, int] = {}
        """New ids by old, of chats that were upgraded: the bot must use the new one."""

    def __iter__(self) -> Iterator[Chat]:
        return iter(self._chats.values())

    def find(self, person_id: int) -> Chat | None:
        return self._chats.get(person_id)

    def migrate(self, person_id: int) -> int:
        """Give the chat another id, as an upgraded group gets; what it was sent to is told."""
        return self.moved.setdefault(person_id, -(10**12) - person_id)

    def addressed(self, chat_id: int) -> Chat | None:
        """The chat that a bot means by an id."""
        old = next((old for old, new in self.moved.items() if new == chat_id), chat_id)
        return self.find(old)

    def add(self, name: str, phone: str, last_name: str, language_code: str) -> Person:
        person_id = FIRST_ID + len(self._chats)
        # An account without a phone does not exist.
        phone = phone or f"+8490{person_id:07d}"
        person = Person(person_id, name, phone, last_name, language_code)
        self._chats[person_id] = Chat(person)
        return person


def unix_now() -> int:
    return int(time.time())
