"""Telegram: an `Update` becomes an `Incoming`, a `Screen` becomes a Bot API payload. Pure.

What is called when is `bot.delivery`; facts and limits from the Bot API pages.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import unescape

from bot.platforms.telegram_groups import (
    SERVICE_SENDERS,
    is_anonymous,
    is_from_nobody,
    move_of,
    standing_of,
)
from bot.platforms.telegram_types import (
    CallbackQuery,
    Chat,
    ChatMemberUpdated,
    Message,
    Update,
    User,
)
from handlers.incoming import (
    Attachment,
    Command,
    Content,
    Departed,
    Incoming,
    SharedContact,
    Tap,
    Text,
)
from handlers.records import EventId, Sender
from handlers.reply import Button, ContactKeyboard, Screen
from scoring.instant import Instant

CHANNEL = "tg"
TOAST_LIMIT = 200

_TAG = re.compile(r"</?[a-z][^>]*>")
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@(\w+))?(?:\s+(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Received:
    """When a process received a delivery: contest clock, and the machine's milliseconds.

    `began_s` is the same moment on a clock without a date.
    """

    at: Instant
    machine_ms: int
    began_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Decoded:
    """An input with what its answer is sent to: `query` and `message` of a tap, else None."""

    incoming: Incoming
    query: str | None = None
    message: int | None = None


def decode(update: Update, received: Received, username: str) -> Decoded | None:
    """The input of an update; None for what is nobody's input to us."""
    if update.callback_query is not None:
        return _decode_tap(update, update.callback_query, received)
    if update.message is not None:
        return _decode_message(update, update.message, received, username)
    if update.my_chat_member is not None:
        return _decode_standing(update, update.my_chat_member, received)
    return None


def encode(chat: str, screen: Screen) -> dict[str, object]:
    """The parameters of `method_of` a screen; an edit adds `message_id`."""
    payload: dict[str, object] = {"chat_id": int(chat), "parse_mode": "HTML"}
    if screen.file is None:
        payload |= {"text": screen.text, "link_preview_options": {"is_disabled": True}}
    else:
        field = "photo" if screen.file.is_picture else "document"
        payload |= {"caption": screen.text, field: screen.file}
    if screen.is_protected:
        payload["protect_content"] = True
    if screen.thread:
        payload["message_thread_id"] = screen.thread
    markup = encode_markup(screen)
    if markup is not None:
        payload["reply_markup"] = markup
    return payload


def without_markup(payload: dict[str, object]) -> dict[str, object]:
    """The same message as plain text: the way out where Telegram cannot parse the markup."""
    field = "text" if "text" in payload else "caption"
    plain = unescape(_TAG.sub("", str(payload[field])))
    return {key: value for key, value in payload.items() if key != "parse_mode"} | {field: plain}


def method_of(screen: Screen) -> str:
    """How a screen is sent as a message of its own."""
    if screen.file is None:
        return "sendMessage"
    return "sendPhoto" if screen.file.is_picture else "sendDocument"


def encode_markup(screen: Screen) -> Mapping[str, object] | None:
    """The screen's keyboard as `reply_markup`; None for none."""
    if screen.buttons:
        return {"inline_keyboard": [[_button(button) for button in row] for row in screen.buttons]}
    if screen.keyboard is not None:
        return _contact_keyboard(screen.keyboard)
    return {"remove_keyboard": True} if screen.removes_keyboard else None


def encode_toast(query: str, toast: str, *, is_alert: bool) -> dict[str, object]:
    """The parameters of answerCallbackQuery; without a toast it only stops the spinner."""
    payload: dict[str, object] = {"callback_query_id": query}
    if toast:
        payload |= {"text": toast[:TOAST_LIMIT], "show_alert": is_alert}
    return payload


def _decode_tap(update: Update, query: CallbackQuery, received: Received) -> Decoded | None:
    message = query.message
    if message is None:
        return None
    incoming = _incoming(update, query.from_, message.chat, received, Tap(query.data or ""))
    if message.is_topic_message:
        incoming = replace(incoming, thread=message.message_thread_id)
    return Decoded(incoming, query.id, message.message_id)


def _decode_message(
    update: Update, message: Message, received: Received, username: str
) -> Decoded | None:
    sender, moved = message.from_, move_of(message)
    if moved is not None:
        incoming = _incoming(
            update, sender or User(message.chat.id), message.chat, received, moved[1]
        )
        return Decoded(replace(incoming, chat=moved[0], is_anonymous=is_anonymous(message)))
    if sender is None or is_from_nobody(message):
        return None
    content = _content_of(message, username)
    if content is None:
        return None
    incoming = _incoming(update, sender, message.chat, received, content)
    is_nobody = is_anonymous(message)
    if is_nobody or message.is_topic_message:
        thread = message.message_thread_id if message.is_topic_message else None
        incoming = replace(incoming, is_anonymous=is_nobody, thread=thread)
    return Decoded(incoming)


def _decode_standing(
    update: Update, change: ChatMemberUpdated, received: Received
) -> Decoded | None:
    """A person has blocked the bot, or its place in a group or channel has changed."""
    chat, member, sender = change.chat, change.new_chat_member, change.from_
    if chat.type != "private":
        incoming = _incoming(update, sender, chat, received, standing_of(chat, member))
        return Decoded(replace(incoming, is_anonymous=sender.id in SERVICE_SENDERS))
    if member.status != "kicked":
        return None
    return Decoded(_incoming(update, sender, chat, received, Departed()))


def _content_of(message: Message, username: str) -> Content | None:
    """What a message says; None for a command to another bot."""
    if message.contact is not None:
        is_own = (
            message.from_ is not None
            and message.contact.user_id == message.from_.id
            and message.forward_origin is None
        )
        return SharedContact(message.contact.phone_number, is_own)
    if message.text is None:
        return Attachment()
    command = _COMMAND.fullmatch(message.text)
    if command is None:
        return Text(message.text)
    name, addressee, argument = command.groups()
    if addressee is not None and addressee.casefold() != username.casefold():
        return None
    return Command(name.casefold(), (argument or "").strip())


def _incoming(
    update: Update, user: User, chat: Chat, received: Received, content: Content
) -> Incoming:
    return Incoming(
        sender=Sender(CHANNEL, str(user.id)),
        chat=str(chat.id),
        event=EventId(str(update.update_id)),
        received_at=received.at,
        received_ms=received.machine_ms,
        content=content,
        sender_name=f"{user.last_name} {user.first_name}".strip(),
        is_private=chat.id == user.id and chat.type == "private",
        began_s=received.began_s,
        chat_kind=chat.type,
        title=chat.title or "",
    )


def _button(button: Button) -> dict[str, str]:
    if button.url:
        return {"text": button.label, "url": button.url}
    return {"text": button.label, "callback_data": button.data}


def _contact_keyboard(keyboard: ContactKeyboard) -> dict[str, object]:
    return {
        "keyboard": [
            [{"text": keyboard.share, "request_contact": True}],
            [{"text": keyboard.back}],
        ],
        "resize_keyboard": True,
        "is_persistent": True,
    }
