"""The steps that every sending method shares: the chat, the topic, the reply, the keyboard."""

from dataclasses import dataclass, field
from typing import Any

from rehearsal.calls import Call
from rehearsal.chats import Chat, Message, PrivateChat, unix_now
from rehearsal.errors import bad_request
from rehearsal.groups import Group
from rehearsal.markup import Markup, reply_markup
from rehearsal.rights import Right, chat_of, check_writing, thread_of
from rehearsal.texts import Text
from rehearsal.world import World

Json = dict[str, Any]
_PRIVATE_ONLY = {"request_contact": "phone number", "request_location": "location"}


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message that may be sent: where to, and what it shows beside its content."""

    chat: Chat
    thread: int
    markup: Markup | None
    extra: Json


def outgoing(world: World, call: Call, right: Right) -> Outgoing:
    """Raises what forbids it. The content itself is for the caller."""
    markup = reply_markup(call)
    chat = chat_of(world, call, "write")
    thread = thread_of(call, chat)
    replied = _replied(call, chat)
    thread = thread or (replied.thread if replied is not None else 0)
    check_writing(chat, right, thread)
    _check_markup(chat, markup)
    extra = quoted(world, chat, replied, thread)
    preview = call.json("link_preview_options", "can't parse link preview options JSON object")
    if isinstance(preview, dict):
        extra["link_preview_options"] = preview
    if call.flag("protect_content"):
        extra["has_protected_content"] = True
    return Outgoing(chat, thread, markup, extra)


@dataclass(frozen=True, slots=True)
class Content:
    """What is sent: words, Telegram's field of a file, and the chat page's link to it."""

    kind: str
    text: Text
    media: Json = field(default_factory=dict)
    file: Json | None = None


def send(world: World, out: Outgoing, content: Content) -> Json:
    """Posts the bot's message; Telegram's `Message`."""
    chat, (text, entities) = out.chat, content.text
    message = Message(
        chat.next_id(),
        "bot",
        unix_now(),
        content.kind,
        text,
        entities,
        markup=out.markup,
        media=out.extra | content.media,
        file=content.file,
        thread=out.thread,
    )
    world.post(chat, message)
    return chat.telegram(message, world.bot)


def quoted(world: World, chat: Chat, replied: Message | None, thread: int) -> Json:
    """What a reply shows. In a topic every other message quotes the line that opened it."""
    target = replied if replied is not None or not thread else chat.find(thread)
    if target is None:
        return {}
    shown = chat.telegram(target, world.bot)
    # A reply shows one message, never the chain behind it.
    shown.pop("reply_to_message", None)
    return {"reply_to_message": shown}


def _replied(call: Call, chat: Chat) -> Message | None:
    asked = call.json("reply_parameters", "can't parse reply parameters JSON object")
    if asked is None and call.text("reply_to_message_id"):
        asked = {
            "message_id": call.integer("reply_to_message_id"),
            "allow_sending_without_reply": call.flag("allow_sending_without_reply"),
        }
    if asked is None:
        return None
    if not isinstance(asked, dict):
        raise bad_request("object expected as reply parameters")
    wanted = asked.get("message_id")
    target = chat.find(wanted) if isinstance(wanted, int) else None
    if target is None and not asked.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return target


def _check_markup(chat: Chat, markup: Markup | None) -> None:
    if markup is None or isinstance(chat, PrivateChat) or markup.kind == "inline":
        return
    if isinstance(chat, Group) and chat.kind == "channel":
        raise bad_request("inline keyboard expected")
    for row in markup.body.get("keyboard", []):
        for button in row:
            for asked, thing in _PRIVATE_ONLY.items():
                if asked in button:
                    raise bad_request(f"{thing} can be requested in private chats only")
