"""Group chats and channels: their members, the bot's standing in them, their forum topics.

Holds who is what; what the bot hears of it is decided by `privacy`, what people do by the deeds.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from rehearsal.chats import MAX_MESSAGES, Author, Chat, Message, Person

Json = dict[str, Any]
Kind = Literal["group", "supergroup", "channel"]
Standing = Literal["left", "member", "administrator", "restricted", "kicked"]
GENERAL = 1
_BASIC_BASE = -4_000_000_000
_SUPER_BASE = -1_002_000_000_000
ANONYMOUS_ADMIN: Json = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}


@dataclass(slots=True)
class Member:
    """`is_anonymous` is an administrator's: his messages are signed by the group."""

    person: Person
    status: Literal["creator", "administrator", "member"] = "member"
    is_anonymous: bool = False

    @property
    def is_admin(self) -> bool:
        return self.status != "member"


@dataclass(slots=True)
class Topic:
    id: int
    name: str
    is_closed: bool = False


@dataclass(slots=True)
class Group(Chat):
    """`is_muted`: only administrators may write. `hides_members` keeps the list from the bot.

    `is_ours_last`: of all bots here, ours wrote last. `moved_to` is the supergroup's id.
    """

    id: int
    title: str
    kind: Kind
    username: str = ""
    members: dict[int, Member] = field(default_factory=dict)
    bot: Standing = "left"
    is_muted: bool = False
    hides_members: bool = False
    is_forum: bool = False
    topics: dict[int, Topic] = field(default_factory=dict)
    is_ours_last: bool = False
    is_deleted: bool = False
    moved_to: int = 0

    @property
    def address(self) -> int:
        return self.id

    @property
    def is_active(self) -> bool:
        return not self.is_deleted and not self.moved_to

    @property
    def has_bot(self) -> bool:
        return self.bot in {"member", "administrator", "restricted"}

    @property
    def has_bot_as_admin(self) -> bool:
        return self.bot == "administrator"

    def card(self) -> Json:
        shown: Json = {"id": self.id, "title": self.title, "type": self.kind}
        if self.kind == "group":
            shown["all_members_are_administrators"] = not self.is_muted
        if self.username:
            shown["username"] = self.username
        if self.is_forum:
            shown["is_forum"] = True
        return shown

    def signed(self, message: Message, bot: Json) -> Json:
        if message.author is not None:
            return message.author.fields
        return {"sender_chat": self.card()} if self.kind == "channel" else {"from": bot}

    def author(self, member: Member) -> Author:
        """How this member's messages are signed."""
        person = member.person
        if self.kind == "channel":
            return Author(person.id, self.title, {"sender_chat": self.card()})
        if member.is_anonymous and member.is_admin:
            fields = {"from": ANONYMOUS_ADMIN, "sender_chat": self.card()}
            return Author(person.id, self.title, fields)
        return Author(person.id, person.full_name, {"from": person.user()})

    def topic(self, thread: int) -> Topic | None:
        """0 is the general one, which a forum always has."""
        return self.topics.get(thread or GENERAL)

    def make_forum(self) -> None:
        self.is_forum = True
        self.topics.setdefault(GENERAL, Topic(GENERAL, "General"))

    def add_topic(self, name: str) -> int:
        """Its id, which is that of the next message: the line that opens it."""
        topic = Topic(self.last_id + 1, name)
        self.topics[topic.id] = topic
        return topic.id

    def view(self) -> Json:
        """For the chat page, without what was said."""
        return {
            "id": self.id,
            "title": self.title,
            "kind": self.kind,
            "username": self.username,
            "members": [_member_view(each) for each in self.members.values()],
            "bot": self.bot,
            "muted": self.is_muted,
            "forum": self.is_forum,
            "topics": [
                {"id": each.id, "name": each.name, "closed": each.is_closed}
                for each in self.topics.values()
            ],
            "active": self.is_active,
            "moved_to": self.moved_to or None,
        }


def _member_view(member: Member) -> Json:
    shown = {"status": member.status, "anonymous": member.is_anonymous}
    return {"id": member.person.id, "name": member.person.full_name} | shown


class Groups:
    """`kept` is each chat's."""

    def __init__(self, kept: int = MAX_MESSAGES) -> None:
        self._kept = kept
        self._groups: dict[int, Group] = {}
        self._names: dict[str, Group] = {}

    def __iter__(self) -> Iterator[Group]:
        return iter(self._groups.values())

    def find(self, chat_id: int) -> Group | None:
        return self._groups.get(chat_id)

    def named(self, username: str) -> Group | None:
        """By its @name, with or without the sign."""
        return self._names.get(username.removeprefix("@").casefold())

    def add(self, title: str, kind: Kind, username: str = "") -> Group:
        base = _BASIC_BASE if kind == "group" else _SUPER_BASE
        group = Group(base - 1 - len(self._groups), title, kind, username, kept=self._kept)
        self._groups[group.id] = group
        if username:
            self._names[username.casefold()] = group
        return group

    def of(self, person_id: int) -> list[Group]:
        """Where the person is a member, oldest first."""
        return [each for each in self if person_id in each.members and each.is_active]
