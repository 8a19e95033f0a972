"""Bot API methods that write, edit and delete messages and answer taps."""

import time
from typing import Any

from rehearsal.calls import Call
from rehearsal.chats import Chat, Message, unix_now
from rehearsal.errors import bad_request
from rehearsal.html_entities import Entity
from rehearsal.markup import Markup, inline_markup, reply_markup
from rehearsal.texts import message_text
from rehearsal.world import Method, World, writable_chat

MAX_ANSWER = 200
_DELETABLE_S = 48 * 3600
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
_ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}


async def send_message(world: World, call: Call) -> Any:
    text, entities = message_text(call)
    markup = reply_markup(call)
    chat = writable_chat(world, call)
    extra = sending_extras(world, call, chat)
    message = Message(chat.next_id(), "bot", unix_now(), "text", text, entities, markup, extra)
    world.post(chat, message)
    return chat.telegram(message, world.bot)


def sending_extras(world: World, call: Call, chat: Chat) -> dict[str, Any]:
    """What of the call shows in the message: the reply, the protection."""
    extra: dict[str, Any] = {}
    asked = call.json("reply_parameters", "can't parse reply parameters JSON object")
    if asked is None and call.text("reply_to_message_id"):
        asked = {
            "message_id": call.integer("reply_to_message_id"),
            "allow_sending_without_reply": call.flag("allow_sending_without_reply"),
        }
    if isinstance(asked, dict):
        wanted = asked.get("message_id")
        target = chat.find(wanted) if isinstance(wanted, int) else None
        if target is not None:
            shown = chat.telegram(target, world.bot)
            # A reply shows one message, never the chain behind it.
            shown.pop("reply_to_message", None)
            extra["reply_to_message"] = shown
        elif not asked.get("allow_sending_without_reply"):
            raise bad_request("message to be replied not found")
    elif asked is not None:
        raise bad_request("object expected as reply parameters")
    preview = call.json("link_preview_options", "can't parse link preview options JSON object")
    if isinstance(preview, dict):
        extra["link_preview_options"] = preview
    if call.flag("protect_content"):
        extra["has_protected_content"] = True
    return extra


async def edit_message_text(world: World, call: Call) -> Any:
    text, entities = message_text(call)
    markup = inline_markup(call)
    chat, message = _editable(world, call)
    if message.kind != "text":
        raise bad_request("there is no text in the message to edit")
    return _edit(world, chat, message, (text, entities, markup))


async def edit_message_reply_markup(world: World, call: Call) -> Any:
    markup = inline_markup(call)
    chat, message = _editable(world, call)
    return _edit(world, chat, message, (message.text, message.entities, markup))


def _editable(world: World, call: Call) -> tuple[Chat, Message]:
    if call.text("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    chat = writable_chat(world, call)
    if not call.text("message_id"):
        raise bad_request("message identifier is not specified")
    message = chat.find(call.integer("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if not message.is_editable:
        raise bad_request("message can't be edited")
    return chat, message


def _edit(
    world: World,
    chat: Chat,
    message: Message,
    content: tuple[str, list[Entity], Markup | None],
) -> Any:
    if content == (message.text, message.entities, message.markup):
        raise bad_request(_NOT_MODIFIED)
    is_reworded = content[:2] != (message.text, message.entities)
    message.text, message.entities, message.markup = content
    # New buttons alone do not mark a message as edited.
    if is_reworded:
        message.edited_at = unix_now()
    world.events.tell(chat.person.id, "edit", message.view())
    return chat.telegram(message, world.bot)


async def delete_message(world: World, call: Call) -> bool:
    chat = writable_chat(world, call)
    if not call.text("message_id"):
        raise bad_request("message identifier is not specified")
    message = chat.find(call.integer("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if time.time() - message.date > _DELETABLE_S:
        raise bad_request("message can't be deleted for everyone")
    message.is_deleted = True
    world.events.tell(chat.person.id, "delete", {"message_id": message.id})
    return True


async def answer_callback_query(world: World, call: Call) -> bool:
    text = call.text("text")
    if len(text) > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    callback = world.callbacks.answer(call.text("callback_query_id"))
    if callback is None:
        raise bad_request(_TOO_OLD)
    chat = world.chats.find(callback.person_id)
    if chat is not None and text:
        toast = {
            "text": text,
            "alert": call.flag("show_alert"),
            "at": time.time(),
            "callback_id": callback.id,
        }
        chat.toasts.append(toast)
        world.events.tell(callback.person_id, "toast", toast)
    world.events.tell(callback.person_id, "answered", {"callback_id": callback.id})
    return True


async def send_chat_action(world: World, call: Call) -> bool:
    action = call.text("action")
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = writable_chat(world, call)
    world.events.tell(chat.person.id, "typing", {"action": action})
    return True


METHODS: dict[str, Method] = {
    "sendMessage": send_message,
    "editMessageText": edit_message_text,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "answerCallbackQuery": answer_callback_query,
    "sendChatAction": send_chat_action,
}
