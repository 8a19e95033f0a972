"""What members say and press in a group; which of it the bot hears is decided by `privacy`."""

from typing import Annotated, Any

import msgspec

from rehearsal.chats import Author, Message, unix_now
from rehearsal.deeds import Attachment, DeedError, Tap, press
from rehearsal.group_deeds import Deed, acting
from rehearsal.groups import GENERAL, Group, Member
from rehearsal.sending import quoted
from rehearsal.texts import person_text
from rehearsal.world import World

Json = dict[str, Any]
_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=4096)]
_OTHER_BOT: Json = {
    "id": 7001,
    "is_bot": True,
    "first_name": "Another bot",
    "username": "another_bot",
}


class Said(msgspec.Struct, forbid_unknown_fields=True):
    """`topic` 0 is the general one; `reply_to` a message of the group."""

    by: int
    text: _Text
    topic: int = 0
    reply_to: int = 0


class Changed(msgspec.Struct, forbid_unknown_fields=True):
    by: int
    message_id: int
    text: _Text


class GroupTap(msgspec.Struct, forbid_unknown_fields=True):
    """As a tap in a private chat, by one of the members."""

    by: int
    message_id: int
    data: str
    forge: bool = False


def write(world: World, group: Group, asked: Said) -> Json:
    member = acting(group, asked.by)
    return say(world, group, member, asked.text, (asked.topic, asked.reply_to))


def say(
    world: World, group: Group, member: Member, text: str, place: tuple[int, int] = (0, 0)
) -> Json:
    """`place` is the topic and the message replied to."""
    shown, entities = person_text(text)
    if not shown:
        raise DeedError(400, "text must be non-empty")
    return put(
        world, group, member, Message(0, "person", unix_now(), "text", shown, entities), place
    )


def put(
    world: World, group: Group, member: Member, message: Message, place: tuple[int, int] = (0, 0)
) -> Json:
    """Numbers and signs the message, shows it and queues its update if the bot hears it."""
    topic, reply_to = place
    replied = group.find(reply_to) if reply_to else None
    if reply_to and replied is None:
        raise DeedError(404, "no such message")
    message.thread = replied.thread if replied is not None else _thread(group, topic)
    _may_write(group, member, message.thread)
    message.id = group.next_id()
    message.author = group.author(member)
    message.media |= quoted(world, group, replied, message.thread)
    world.post(group, message)
    return {"message_id": message.id, "update_id": world.report(group, message)}


def _thread(group: Group, topic: int) -> int:
    if topic in {0, GENERAL}:
        return 0
    if topic not in group.topics:
        raise DeedError(404, "no such topic")
    return topic


def _may_write(group: Group, member: Member, thread: int) -> None:
    if member.is_admin:
        return
    topic = group.topic(thread)
    if group.kind == "channel" or group.is_muted or (topic is not None and topic.is_closed):
        raise DeedError(403, "only administrators may write here")


def attach(
    world: World, group: Group, by: int, given: Attachment, place: tuple[int, int] = (0, 0)
) -> Json:
    member = acting(group, by)
    return put(world, group, member, given.message(world), place)


def edit(world: World, group: Group, asked: Changed) -> Json:
    acting(group, asked.by)
    message = group.find(asked.message_id)
    is_own = message is not None and message.author and message.author.person_id == asked.by
    if message is None or not is_own or message.kind != "text":
        raise DeedError(404, "no such text message of this person")
    message.text, message.entities = person_text(asked.text)
    message.edited_at = unix_now()
    world.tell(group, "edit", message.view)
    return {"message_id": message.id, "update_id": world.report(group, message, is_edit=True)}


def tap(world: World, group: Group, asked: GroupTap) -> Json:
    """The query names the person himself, also one who writes as the group."""
    member = acting(group, asked.by)
    pressed = Tap(asked.message_id, asked.data, asked.forge)
    return press(world, group, member.person, pressed)


def other_bot(world: World, group: Group, asked: Said) -> Json:
    """Another bot writes: ours never hears it, and is no more the one that wrote last."""
    acting(group, asked.by)
    text, entities = person_text(asked.text)
    message = Message(group.next_id(), "person", unix_now(), "text", text, entities)
    message.author = Author(_OTHER_BOT["id"], _OTHER_BOT["first_name"], {"from": _OTHER_BOT})
    message.thread = _thread(group, asked.topic)
    world.post(group, message)
    group.is_ours_last = False
    return {"message_id": message.id, "update_id": None}


def hide_members(_: World, group: Group, asked: Deed) -> Json:
    """From now on a bot that is no administrator may not read the list of members."""
    acting(group, asked.by)
    group.hides_members = True
    return group.view()
