"""What a message becomes when it is forwarded or copied: its origin, its keyboard, its content."""

from typing import Any

from rehearsal.chats import Chat, Message, unix_now
from rehearsal.groups import Group
from rehearsal.markup import Markup

Json = dict[str, Any]
_MEDIA = ("photo", "document", "sticker", "voice", "location", "contact")


def may_leave(message: Message) -> bool:
    """Service lines never can; what is protected, only as the bot's own copy."""
    return message.kind != "service"


def is_protected(message: Message) -> bool:
    return bool(message.media.get("has_protected_content"))


def content_of(message: Message) -> Json:
    """The media alone, without the reply and the protection."""
    return {key: message.media[key] for key in _MEDIA if key in message.media}


def kept_markup(message: Message) -> Markup | None:
    """A forward keeps a keyboard only if all its buttons are links."""
    keyboard = message.inline_keyboard
    if keyboard is None:
        return None
    buttons = [button for row in keyboard["inline_keyboard"] for button in row]
    is_link = all("url" in button or "login_url" in button for button in buttons)
    return message.markup if is_link else None


def origin_of(chat: Chat, message: Message, bot: Json) -> Json:
    """Telegram's `forward_*` fields; a forward of a forward names the first sender."""
    known = ("forward_origin", "forward_from", "forward_from_chat", "forward_from_message_id")
    if "forward_origin" in message.media:
        kept = {key: message.media[key] for key in known if key in message.media}
        return kept | {"forward_date": message.media["forward_origin"]["date"]}
    signed = chat.signed(message, bot)
    dated = {"date": message.date}
    if isinstance(chat, Group) and chat.kind == "channel":
        post = {"chat": chat.card(), "message_id": message.id}
        origin = {"type": "channel", **post, **dated}
        fields = {"forward_from_chat": chat.card(), "forward_from_message_id": message.id}
    elif "sender_chat" in signed:
        origin = {"type": "chat", "sender_chat": signed["sender_chat"], **dated}
        fields = {"forward_from_chat": signed["sender_chat"]}
    else:
        origin = {"type": "user", "sender_user": signed["from"], **dated}
        fields = {"forward_from": signed["from"]}
    return {"forward_origin": origin, **fields, "forward_date": message.date}


def origin_of_user(user: Json) -> Json:
    """The same for what some user wrote somewhere else, just now."""
    now = unix_now()
    origin = {"type": "user", "sender_user": user, "date": now}
    return {"forward_origin": origin, "forward_from": user, "forward_date": now}
