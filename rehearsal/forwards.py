"""People forward what stands in one of their chats to another of them."""

from typing import Any

import msgspec

from rehearsal import deeds, group_talk
from rehearsal.chats import Chat, Message, PrivateChat, unix_now
from rehearsal.copying import content_of, is_protected, kept_markup, may_leave, origin_of
from rehearsal.deeds import DeedError
from rehearsal.group_deeds import acting
from rehearsal.groups import Group
from rehearsal.world import World

Json = dict[str, Any]


class Forward(msgspec.Struct, forbid_unknown_fields=True):
    """A chat is the person's own id, which is the private chat, or a group's."""

    message_id: int
    to_chat: int
    from_chat: int = 0
    topic: int = 0


def forward(world: World, chat: PrivateChat, asked: Forward) -> Json:
    person_id = chat.person.id
    source = _chat(world, person_id, asked.from_chat or person_id)
    target = _chat(world, person_id, asked.to_chat)
    message = source.find(asked.message_id)
    if message is None:
        raise DeedError(404, "no such message")
    if is_protected(message) or not may_leave(message):
        raise DeedError(409, "the message cannot be forwarded")
    copy = Message(0, "person", unix_now(), message.kind, message.text, list(message.entities))
    copy.media = content_of(message) | origin_of(source, message, world.bot)
    copy.file, copy.markup = message.file, kept_markup(message)
    if isinstance(target, Group):
        member = acting(target, person_id)
        return group_talk.put(world, target, member, copy, (asked.topic, 0))
    return deeds.put(world, chat, copy)


def _chat(world: World, person_id: int, chat_id: int) -> Chat:
    """One of the person's own chats."""
    chat = world.find_chat(chat_id)
    is_own = isinstance(chat, PrivateChat) and chat_id == person_id
    if chat is None or not (is_own or (isinstance(chat, Group) and person_id in chat.members)):
        raise DeedError(404, "no such chat of this person")
    return chat
