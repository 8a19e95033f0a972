"""Which messages of a group reach the bot: Telegram's privacy mode, as a table of rules. Pure."""

from dataclasses import dataclass
from typing import Any

from rehearsal.chats import Message
from rehearsal.groups import Group

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ear:
    """The bot that listens. `reads_all`: privacy mode is off."""

    id: int
    username: str
    reads_all: bool = False


def hears(ear: Ear, group: Group, message: Message) -> bool:
    """Everything as an administrator; else service lines, replies to it and commands for it."""
    if not group.has_bot:
        return False
    if ear.reads_all or group.has_bot_as_admin or group.kind == "channel":
        return True
    if message.kind == "service" or _is_reply_to(ear, message):
        return True
    command = _command(message)
    if command is None:
        return False
    _, mark, addressee = command.partition("@")
    # A command without a name is for the bot that wrote last.
    return addressee.casefold() == ear.username.casefold() if mark else group.is_ours_last


def _is_reply_to(ear: Ear, message: Message) -> bool:
    replied: Json = message.media.get("reply_to_message", {})
    sender: Json = replied.get("from", {})
    # The line that opened the topic is quoted by every message in it: that is no reply.
    return sender.get("id") == ear.id and "forum_topic_created" not in replied


def _command(message: Message) -> str | None:
    """The command the message begins with, without its slash."""
    for entity in message.entities:
        if entity["type"] == "bot_command" and entity["offset"] == 0:
            end = entity["length"]
            return message.text[1:end]
    return None
