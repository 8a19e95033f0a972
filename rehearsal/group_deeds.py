"""What people do to a group: make it, invite, promote, upgrade, end it. Each deed is a member's.

The bot's place in it is `bot_deeds`', its topics `topic_deeds`', what is said `group_talk`'s.
"""

from typing import Annotated, Any

import msgspec

from rehearsal.chats import Author, unix_now
from rehearsal.deeds import DeedError
from rehearsal.groups import ANONYMOUS_ADMIN, Group, Kind, Member
from rehearsal.membership import person_member
from rehearsal.standing import bot_joins, change_bot, joined, left, service
from rehearsal.world import World

Json = dict[str, Any]
Title = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]


class NewGroup(msgspec.Struct, forbid_unknown_fields=True):
    """`by` is the creator. `forum` makes a supergroup with topics. `bot` is there at once."""

    title: Title
    by: int
    members: list[int] = []
    kind: Kind = "group"
    username: Annotated[str, msgspec.Meta(pattern="^([A-Za-z][A-Za-z0-9_]{3,31})?$")] = ""
    forum: bool = False
    bot: bool = False


class Deed(msgspec.Struct, forbid_unknown_fields=True):
    by: int


class OnPerson(msgspec.Struct, forbid_unknown_fields=True):
    by: int
    person: int


def found(world: World, asked: NewGroup) -> Json:
    people = [world.chats.find(each) for each in dict.fromkeys([asked.by, *asked.members])]
    if None in people:
        raise DeedError(404, "no such person")
    kind: Kind = "supergroup" if asked.forum and asked.kind == "group" else asked.kind
    group = world.groups.add(asked.title, kind, asked.username)
    for chat in people:
        if chat is not None:
            group.members[chat.person.id] = Member(chat.person)
    creator = group.members[asked.by]
    creator.status = "creator"
    if asked.forum:
        group.make_forum()
    world.show_group(group)
    service(world, group, group.author(creator), _created(kind))
    if asked.bot:
        bot_joins(world, group, creator, "administrator" if kind == "channel" else "member")
    return group.view()


def _created(kind: Kind) -> Json:
    return {f"{kind}_chat_created": True}


def acting(group: Group, person_id: int) -> Member:
    """The member who acts; refused in a group that is no more."""
    if not group.is_active:
        raise DeedError(409, "the group was upgraded or deleted")
    member = group.members.get(person_id)
    if member is None:
        raise DeedError(403, "not a member")
    return member


def acting_admin(group: Group, person_id: int) -> Member:
    member = acting(group, person_id)
    if not member.is_admin:
        raise DeedError(403, "not an administrator")
    return member


def add_member(world: World, group: Group, asked: OnPerson) -> Json:
    member = acting(group, asked.by)
    chat = world.chats.find(asked.person)
    if chat is None:
        raise DeedError(404, "no such person")
    if asked.person in group.members:
        raise DeedError(409, "already a member")
    new = group.members[asked.person] = Member(chat.person)
    _tell_member(world, group, member, (_absent(new), person_member(group, new)))
    if group.kind != "channel":
        service(world, group, group.author(member), joined([chat.person.user()]))
    world.show_group(group)
    return group.view()


def remove_member(world: World, group: Group, asked: OnPerson) -> Json:
    """Leaves by himself, or is removed by an administrator."""
    is_own = asked.by == asked.person
    member = acting(group, asked.by) if is_own else acting_admin(group, asked.by)
    gone = group.members.get(asked.person)
    if gone is None:
        raise DeedError(404, "no such member")
    if group.kind != "channel":
        service(world, group, group.author(member), left(gone.person.user()))
    before = person_member(group, gone)
    del group.members[asked.person]
    _tell_member(world, group, member, (before, _absent(gone)))
    world.show_group(group)
    world.events.tell(asked.person, "group", {"chat_id": group.id, "event": "left"})
    return group.view()


def promote(world: World, group: Group, asked: OnPerson) -> Json:
    return _set_admin(world, group, asked, is_admin=True)


def demote(world: World, group: Group, asked: OnPerson) -> Json:
    return _set_admin(world, group, asked, is_admin=False)


def _set_admin(world: World, group: Group, asked: OnPerson, *, is_admin: bool) -> Json:
    member = acting_admin(group, asked.by)
    other = group.members.get(asked.person)
    if other is None or other.status == "creator":
        raise DeedError(404, "no such member")
    before = person_member(group, other)
    other.status = "administrator" if is_admin else "member"
    other.is_anonymous = other.is_anonymous and is_admin
    _tell_member(world, group, member, (before, person_member(group, other)))
    world.show_group(group)
    return group.view()


def _absent(member: Member) -> Json:
    return {"user": member.person.user(), "status": "left"}


def _tell_member(world: World, group: Group, by: Member, change: tuple[Json, Json]) -> None:
    """`chat_member`, which only an administrator gets, and only if it asked for it."""
    if not group.has_bot_as_admin:
        return
    before, after = change
    told = {
        "chat": group.card(),
        "from": by.person.user(),
        "date": unix_now(),
        "old_chat_member": before,
        "new_chat_member": after,
    }
    world.queue.add({"chat_member": told})


def set_anonymous(world: World, group: Group, asked: Deed) -> Json:
    """Turns it on or off for the administrator who asks. Plain groups have no such thing."""
    member = acting_admin(group, asked.by)
    if group.kind != "supergroup":
        raise DeedError(409, "only in a supergroup")
    member.is_anonymous = not member.is_anonymous
    world.show_group(group)
    return group.view()


def migrate(world: World, group: Group, asked: Deed) -> Json:
    """Both service lines; in the new chat the messages are numbered anew. The new group's view."""
    member = acting_admin(group, asked.by)
    if group.kind != "group":
        raise DeedError(409, "already a supergroup")
    new = world.groups.add(group.title, "supergroup")
    new.members = dict(group.members)
    new.is_muted = group.is_muted
    service(world, group, group.author(member), {"migrate_to_chat_id": new.id})
    standing, is_here = group.bot, group.has_bot
    group.moved_to = new.id
    if is_here:
        change_bot(world, new, member.person.user(), standing)
    signed = {"from": ANONYMOUS_ADMIN, "sender_chat": new.card()}
    anonymous = Author(member.person.id, new.title, signed)
    service(world, new, anonymous, {"migrate_from_chat_id": group.id})
    # The new one first: a page that shows the old one moves over to it.
    world.show_group(new)
    world.show_group(group)
    return new.view()


def delete(world: World, group: Group, asked: Deed) -> Json:
    """Ends the group for everybody."""
    member = acting_admin(group, asked.by)
    if group.has_bot:
        change_bot(world, group, member.person.user(), "kicked")
    group.is_deleted = True
    world.show_group(group)
    return group.view()
