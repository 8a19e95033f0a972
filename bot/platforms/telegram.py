"""Telegram: an `Update` becomes an `Incoming`, a `Screen` becomes a Bot API payload. Pure.

What is called when is `bot.delivery`; facts and limits from the Bot API pages.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape

from bot.platforms.telegram_types import CallbackQuery, Message, Update, User
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
# Telegram's own senders: anonymous group admins, channels, automatic forwards. Never a person.
SERVICE_SENDERS = frozenset({1087968824, 136817688, 777000})

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
    member = update.my_chat_member
    if member is not None and member.chat.type == "private":
        if member.new_chat_member.status != "kicked":
            return None
        return Decoded(_incoming(update, member.from_, member.chat.id, received, Departed()))
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
    if query.message is None:
        return None
    chat, tap = query.message.chat, Tap(query.data or "")
    incoming = _incoming(update, query.from_, chat.id, received, tap)
    return Decoded(incoming, query.id, query.message.message_id)


def _decode_message(
    update: Update, message: Message, received: Received, username: str
) -> Decoded | None:
    sender = message.from_
    if sender is None or sender.is_bot or sender.id in SERVICE_SENDERS:
        return None
    if message.new_chat_members is not None or message.left_chat_member is not None:
        return None
    content = _content_of(message, username)
    if content is None:
        return None
    return Decoded(_incoming(update, sender, message.chat.id, received, content))


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
    update: Update, user: User, chat: int, received: Received, content: Content
) -> Incoming:
    return Incoming(
        sender=Sender(CHANNEL, str(user.id)),
        chat=str(chat),
        event=EventId(str(update.update_id)),
        received_at=received.at,
        received_ms=received.machine_ms,
        content=content,
        sender_name=f"{user.last_name} {user.first_name}".strip(),
        is_private=chat == user.id,
        began_s=received.began_s,
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
