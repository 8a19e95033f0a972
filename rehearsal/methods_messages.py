"""Bot API methods that write, edit and delete messages and answer taps."""

import time
from typing import Any

from rehearsal.calls import Call
from rehearsal.chats import Chat, Message, PrivateChat, unix_now
from rehearsal.errors import bad_request
from rehearsal.groups import Group
from rehearsal.html_entities import Entity
from rehearsal.markup import Markup, inline_markup
from rehearsal.rights import chat_of
from rehearsal.sending import Content, outgoing, send
from rehearsal.texts import caption, message_text
from rehearsal.world import Method, World

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
    text = message_text(call)
    out = outgoing(world, call, "text messages")
    return send(world, out, Content("text", text))


async def edit_message_text(world: World, call: Call) -> Any:
    text, entities = message_text(call)
    markup = inline_markup(call)
    chat, message = _editable(world, call)
    if message.kind != "text":
        raise bad_request("there is no text in the message to edit")
    return _edit(world, chat, message, (text, entities, markup))


async def edit_message_caption(world: World, call: Call) -> Any:
    text, entities = caption(call)
    markup = inline_markup(call)
    chat, message = _editable(world, call)
    if not message.has_caption:
        raise bad_request("there is no caption in the message to edit")
    return _edit(world, chat, message, (text, entities, markup))


async def edit_message_reply_markup(world: World, call: Call) -> Any:
    markup = inline_markup(call)
    chat, message = _editable(world, call)
    return _edit(world, chat, message, (message.text, message.entities, markup))


def _editable(world: World, call: Call) -> tuple[Chat, Message]:
    if call.text("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    chat = chat_of(world, call, "edit")
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
    world.tell(chat, "edit", message.view)
    return chat.telegram(message, world.bot)


async def delete_message(world: World, call: Call) -> bool:
    chat = chat_of(world, call, "write")
    if not call.text("message_id"):
        raise bad_request("message identifier is not specified")
    message_id = call.integer("message_id")
    message = chat.find(message_id)
    if message is None:
        raise bad_request("message to delete not found")
    _check_deletable(chat, message)
    message.is_deleted = True
    world.tell(chat, "delete", lambda: {"message_id": message_id})
    return True


def _check_deletable(chat: Chat, message: Message) -> None:
    is_old = time.time() - message.date > _DELETABLE_S
    if isinstance(chat, PrivateChat):
        if is_old:
            raise bad_request("message can't be deleted for everyone")
        return
    may_delete = isinstance(chat, Group) and chat.has_bot_as_admin
    is_own = message.sender == "bot" and message.kind != "service"
    if isinstance(chat, Group) and chat.kind == "group":
        if is_old or not (is_own or may_delete):
            raise bad_request("message can't be deleted for everyone")
    elif not (is_own or may_delete):
        raise bad_request("message can't be deleted")


async def answer_callback_query(world: World, call: Call) -> bool:
    text = call.text("text")
    if len(text) > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    callback = world.callbacks.answer(call.text("callback_query_id"))
    if callback is None:
        raise bad_request(_TOO_OLD)
    chat = world.find_chat(callback.chat_id)
    if chat is not None and text:
        toast: dict[str, Any] = {
            "text": text,
            "alert": call.flag("show_alert"),
            "at": time.time(),
            "callback_id": callback.id,
        }
        if isinstance(chat, Group):
            toast["person_id"] = callback.person_id
        chat.add_toast(toast)
        world.events.tell(callback.person_id, "toast", toast)
    world.events.tell(callback.person_id, "answered", {"callback_id": callback.id})
    return True


async def send_chat_action(world: World, call: Call) -> bool:
    action = call.text("action")
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = chat_of(world, call, "write")
    world.tell(chat, "typing", lambda: {"action": action})
    return True


METHODS: dict[str, Method] = {
    "sendMessage": send_message,
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "answerCallbackQuery": answer_callback_query,
    "sendChatAction": send_chat_action,
}
