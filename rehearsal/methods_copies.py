"""Bot API methods that send again what stands in some chat: forwarded, or as the bot's own."""

from dataclasses import replace
from typing import Any

from rehearsal.calls import Call
from rehearsal.chats import Chat, Message
from rehearsal.copying import content_of, is_protected, kept_markup, may_leave, origin_of
from rehearsal.errors import bad_request
from rehearsal.rights import Right, chat_of
from rehearsal.sending import Content, outgoing, send
from rehearsal.texts import caption
from rehearsal.world import Method, World

_RIGHTS: dict[str, Right] = {"photo": "photos", "document": "documents"}


async def forward_message(world: World, call: Call) -> Any:
    source, message = _source(world, call, "forward")
    out = outgoing(world, call, _RIGHTS.get(message.kind, "text messages"))
    if is_protected(message) or not may_leave(message):
        raise bad_request("the message can't be forwarded")
    media = content_of(message) | origin_of(source, message, world.bot)
    content = Content(message.kind, (message.text, message.entities), media, message.file)
    return send(world, replace(out, markup=kept_markup(message)), content)


async def copy_message(world: World, call: Call) -> Any:
    """Gives only the new message's id. Without a keyboard of its own the copy has none."""
    _, message = _source(world, call, "copy")
    out = outgoing(world, call, _RIGHTS.get(message.kind, "text messages"))
    if not may_leave(message):
        raise bad_request("the message can't be copied")
    text = message.text, message.entities
    if "caption" in call.params and message.has_caption:
        text = caption(call)
    content = Content(message.kind, text, content_of(message), message.file)
    sent = send(world, out, content)
    return {"message_id": sent["message_id"]}


def _source(world: World, call: Call, verb: str) -> tuple[Chat, Message]:
    source = chat_of(world, call, "read", "from_chat_id")
    message = source.find(call.integer("message_id"))
    if message is None:
        raise bad_request(f"message to {verb} not found")
    return source, message


METHODS: dict[str, Method] = {
    "forwardMessage": forward_message,
    "copyMessage": copy_message,
}
