"""The bot's command lists per scope and language, and which of them one person sees."""

import re
from typing import Any

from rehearsal.calls import Call
from rehearsal.errors import bad_request
from rehearsal.groups import Member

Json = dict[str, Any]
Place = tuple[str, str]
MAX_COMMANDS = 100
MAX_DESCRIPTION = 256
_NAME = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"[a-z]{2}")
_PLAIN_SCOPES = {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
_CHAT_SCOPES = {"chat", "chat_administrators", "chat_member"}


class Menu:
    def __init__(self) -> None:
        self._lists: dict[Place, list[Json]] = {}

    def set(self, place: Place, commands: list[Json]) -> None:
        if commands:
            self._lists[place] = commands
        else:
            self._lists.pop(place, None)

    def at(self, place: Place) -> list[Json]:
        return self._lists.get(place, [])

    def seen_by(self, person_id: int, language_code: str) -> list[Json]:
        """In the private chat."""
        scopes = f"chat {person_id}", "all_private_chats", "default"
        return self._narrowest(scopes, language_code)

    def seen_in(self, group_id: int, member: Member, language_code: str) -> list[Json]:
        """In a group, where administrators may have a list of their own."""
        own = (f"chat_member {group_id} {member.person.id}",)
        here = (f"chat_administrators {group_id}",) if member.is_admin else ()
        everywhere = ("all_chat_administrators",) if member.is_admin else ()
        scopes = (*own, *here, f"chat {group_id}", *everywhere, "all_group_chats", "default")
        return self._narrowest(scopes, language_code)

    def _narrowest(self, scopes: tuple[str, ...], language_code: str) -> list[Json]:
        """The first scope that has a list wins; within one, the person's language before none."""
        for scope in scopes:
            for language in (language_code, ""):
                if commands := self.at((scope, language)):
                    return commands
        return []


def chat_named(place: Place) -> str:
    """The chat id in a place's scope; empty when it names none."""
    return place[0].split()[1] if " " in place[0] else ""


def place_of(call: Call) -> Place:
    language = call.text("language_code")
    if language and not _LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    scope = call.json("scope", "can't parse BotCommandScope JSON object")
    return _scope(scope), language


def commands_of(call: Call) -> list[Json]:
    given = call.json("commands", "can't parse commands JSON object")
    if given is None:
        return []
    if not isinstance(given, list):
        raise bad_request("expected an Array of BotCommand")
    commands = [_command(each) for each in given]
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    return commands


def _scope(given: object) -> str:
    if given is None:
        return "default"
    if not isinstance(given, dict):
        raise bad_request("can't parse BotCommandScope: BotCommandScope must be an Object")
    kind = str(given.get("type"))
    if kind in _PLAIN_SCOPES:
        return kind
    if kind not in _CHAT_SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    chat_id = given.get("chat_id", "")
    if chat_id == "":
        raise bad_request("can't parse BotCommandScope: Empty chat_id specified")
    if kind != "chat_member":
        return f"{kind} {chat_id}"
    user_id = given.get("user_id")
    if not isinstance(user_id, int) or user_id <= 0:
        raise bad_request("can't parse BotCommandScope: Invalid user_id specified")
    return f"{kind} {chat_id} {user_id}"


def _command(given: object) -> Json:
    if not isinstance(given, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    for name in ("command", "description"):
        if name not in given:
            raise bad_request(f"can't parse BotCommand: Can't find field \"{name}\"")
    name = str(given["command"]).removeprefix("/")
    description = str(given["description"]).strip()
    if not name:
        raise bad_request("command must be non-empty")
    if not _NAME.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > MAX_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}
