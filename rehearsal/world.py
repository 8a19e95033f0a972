"""All that one stand-in holds, and the few steps that touch several parts of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from rehearsal.callbacks import Callbacks
from rehearsal.calls import Call
from rehearsal.chats import Chat, Chats, Message
from rehearsal.events import Events
from rehearsal.faults import Faults
from rehearsal.files import Files
from rehearsal.groups import Group, Groups
from rehearsal.limits import Limits
from rehearsal.menu import Menu
from rehearsal.polling import Poller
from rehearsal.privacy import Ear, hears
from rehearsal.settings import StandInSettings
from rehearsal.transcript import Transcript
from rehearsal.updates import UpdateQueue
from rehearsal.webhook import Webhook

Json = dict[str, Any]
Method = Callable[["World", Call], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Told:
    """A result with the envelope's `description`, which few methods have."""

    result: Any
    description: str


@dataclass(slots=True)
class World:
    settings: StandInSettings
    queue: UpdateQueue
    webhook: Webhook
    poller: Poller
    callbacks: Callbacks
    chats: Chats
    groups: Groups
    files: Files
    transcript: Transcript
    menu: Menu = field(default_factory=Menu)
    events: Events = field(default_factory=Events)
    faults: Faults = field(default_factory=Faults)
    limits: Limits = field(default_factory=Limits)
    profile: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def bot(self) -> Json:
        """Telegram's `User` for the bot."""
        return {
            "id": self.settings.bot_id,
            "is_bot": True,
            "first_name": self.profile.get(("name", "")) or self.settings.bot_name,
            "username": self.settings.username,
        }

    @property
    def ear(self) -> Ear:
        settings = self.settings
        return Ear(settings.bot_id, settings.username, settings.reads_all)

    def find_chat(self, chat_id: int) -> Chat | None:
        """A person's private chat or a group, by its own id."""
        return self.chats.find(chat_id) or self.groups.find(chat_id)

    def tell(self, chat: Chat, name: str, content: Callable[[], Any]) -> None:
        """Tells every page that watches the chat; of a group, every watching member's too."""
        self.events.tell(chat.address, name, content)
        if isinstance(chat, Group):
            watched = [each for each in self.events.watched() if each in chat.members]
            for person_id in watched:
                self.events.tell(
                    person_id,
                    "group",
                    lambda: {"chat_id": chat.id, "event": name, "content": content()},
                )

    def post(self, chat: Chat, message: Message) -> None:
        """Puts a new message into the chat and, with its keyboard, before everybody's eyes."""
        chat.add(message)
        if isinstance(chat, Group) and message.sender == "bot":
            chat.is_ours_last = True
        self.tell(chat, "message", message.view)
        if message.markup is not None and message.markup.kind in {"keyboard", "remove"}:
            shown = message.markup.body if message.markup.kind == "keyboard" else None
            chat.reply_keyboard = shown
            self.tell(chat, "keyboard", lambda: shown)

    def report(self, chat: Chat, message: Message, *, is_edit: bool = False) -> int | None:
        """Queues the update of a message if the bot hears it; the update's id."""
        kind = "message"
        if isinstance(chat, Group):
            if not hears(self.ear, chat, message):
                return None
            kind = "channel_post" if chat.kind == "channel" else "message"
        name = f"edited_{kind}" if is_edit else kind
        return self.queue.add({name: chat.telegram(message, self.bot)})

    def show_group(self, group: Group) -> None:
        """Tells of a change of members, topics or standing."""
        self.tell(group, "changed", group.view)

    def show_menu(self) -> None:
        """Tells every open page its person's command list."""
        for person_id in self.events.watched():
            chat = self.chats.find(person_id)
            if chat is not None:
                language = chat.person.language_code
                commands = self.menu.seen_by(person_id, language)
                self.events.tell(person_id, "commands", commands)
