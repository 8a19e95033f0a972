"""Whether the bot may reach a chat, write there and in which topic; the refusals' exact words.

The order of the checks is the real server's: the chat, the topic, then the right to write.
"""

from typing import Literal

from rehearsal.calls import Call
from rehearsal.chats import Chat, PrivateChat
from rehearsal.errors import bad_request, forbidden, migrated
from rehearsal.groups import GENERAL, Group
from rehearsal.world import World

Access = Literal["read", "members", "edit", "write"]
Right = Literal["text messages", "photos", "documents"]


def chat_of(world: World, call: Call, access: Access, field: str = "chat_id") -> Chat:
    """The chat that the call names, if the bot has that much access to it."""
    named = call.text(field)
    if not named:
        raise bad_request("chat_id is empty")
    chat = _named_chat(world, call, field)
    if chat is None:
        raise bad_request("chat not found")
    if isinstance(chat, Group):
        _check_group(chat, access)
    elif isinstance(chat, PrivateChat):
        _check_private(chat, access)
    return chat


def _named_chat(world: World, call: Call, field: str) -> Chat | None:
    named = call.text(field)
    if named.startswith("@"):
        return world.groups.named(named)
    chat_id = call.integer(field)
    if chat_id in world.chats.moved:
        raise migrated(world.chats.moved[chat_id])
    return world.groups.find(chat_id) or world.chats.addressed(chat_id)


def _check_private(chat: PrivateChat, access: Access) -> None:
    person = chat.person
    if access in {"read", "members"}:
        if not person.started:
            raise bad_request("chat not found")
        return
    if person.deactivated:
        raise forbidden("user is deactivated")
    if not person.started:
        raise forbidden("bot can't initiate conversation with a user")
    if person.blocked:
        raise forbidden("bot was blocked by the user")


def _check_group(group: Group, access: Access) -> None:
    if group.kind != "group":
        _check_supergroup(group, access)
    elif access != "read":
        if group.moved_to:
            raise migrated(group.moved_to)
        if group.is_deleted:
            raise forbidden("the group chat was deleted")
        _check_joined(group)


def _check_supergroup(group: Group, access: Access) -> None:
    if group.is_deleted:
        raise forbidden(f"bot was kicked from the {group.kind} chat")
    # Of a public chat that it left the bot may still read.
    if group.bot == "kicked" or not group.username or access in {"edit", "write"}:
        _check_joined(group)


def _check_joined(group: Group) -> None:
    if group.bot == "kicked":
        raise forbidden(f"bot was kicked from the {group.kind} chat")
    if group.bot == "left":
        raise forbidden(f"bot is not a member of the {group.kind} chat")


def thread_of(call: Call, chat: Chat) -> int:
    """The topic the message goes to; 0 the general one. Ignored where there are no topics."""
    thread = call.integer("message_thread_id")
    if thread == 0:
        return 0
    if isinstance(chat, Group) and not chat.is_forum:
        return 0
    is_known = isinstance(chat, Group) and thread in chat.topics and thread != GENERAL
    if not is_known:
        raise bad_request("message thread not found")
    return thread


def check_writing(chat: Chat, right: Right, thread: int = 0) -> None:
    """Of a group: whether the bot may post this kind of content into this topic."""
    if not isinstance(chat, Group) or (chat.has_bot_as_admin and chat.kind != "channel"):
        return
    if chat.kind == "channel":
        if not chat.has_bot_as_admin or chat.is_muted:
            raise bad_request("need administrator rights in the channel chat")
        return
    if chat.is_muted or chat.bot == "restricted":
        raise bad_request(f"not enough rights to send {right} to the chat")
    topic = chat.topic(thread)
    if topic is not None and topic.is_closed:
        raise bad_request("TOPIC_CLOSED")
