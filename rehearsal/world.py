"""All that one stand-in holds, and the few steps that touch several parts of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from rehearsal.callbacks import Callbacks
from rehearsal.calls import Call
from rehearsal.chats import Chat, Chats, Message
from rehearsal.errors import bad_request, forbidden, migrated
from rehearsal.events import Events
from rehearsal.faults import Faults
from rehearsal.files import Files
from rehearsal.menu import Menu
from rehearsal.polling import Poller
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
    chats: Chats = field(default_factory=Chats)
    files: Files = field(default_factory=Files)
    menu: Menu = field(default_factory=Menu)
    events: Events = field(default_factory=Events)
    faults: Faults = field(default_factory=Faults)
    transcript: Transcript = field(default_factory=Transcript)
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

    def post(self, chat: Chat, message: Message) -> None:
        """Puts a new message into the chat and, with its keyboard, before the person's eyes."""
        chat.add(message)
        self.events.tell(chat.person.id, "message", message.view())
        if message.markup is not None and message.markup.kind in {"keyboard", "remove"}:
            shown = message.markup.body if message.markup.kind == "keyboard" else None
            chat.reply_keyboard = shown
            self.events.tell(chat.person.id, "keyboard", shown)

    def show_menu(self) -> None:
        """Tells every open page its person's command list."""
        for chat in self.chats:
            person = chat.person
            commands = self.menu.seen_by(person.id, person.language_code)
            self.events.tell(person.id, "commands", commands)


def chat_of(world: World, call: Call) -> Chat:
    if not call.text("chat_id"):
        raise bad_request("chat_id is empty")
    chat_id = call.integer("chat_id")
    if chat_id in world.chats.moved:
        raise migrated(world.chats.moved[chat_id])
    chat = world.chats.addressed(chat_id)
    if chat is None:
        raise bad_request("chat not found")
    return chat


def writable_chat(world: World, call: Call) -> Chat:
    """The chat of `chat_id`, if the bot may write there now."""
    chat = chat_of(world, call)
    if chat.person.deactivated:
        raise forbidden("user is deactivated")
    if not chat.person.started:
        raise forbidden("bot can't initiate conversation with a user")
    if chat.person.blocked:
        raise forbidden("bot was blocked by the user")
    return chat
