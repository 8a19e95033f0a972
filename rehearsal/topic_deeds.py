"""What members do with the topics of a forum."""

from typing import Any

import msgspec

from rehearsal.deeds import DeedError
from rehearsal.group_deeds import Deed, Title, acting, acting_admin, migrate
from rehearsal.groups import GENERAL, Group
from rehearsal.standing import service
from rehearsal.world import World

Json = dict[str, Any]
_ICON_COLOR = 7322096


class NewTopic(msgspec.Struct, forbid_unknown_fields=True):
    by: int
    name: Title


class OnTopic(msgspec.Struct, forbid_unknown_fields=True):
    """`topic` 1 is the general one."""

    by: int
    topic: int


def make_forum(world: World, group: Group, asked: Deed) -> Json:
    """A plain group is upgraded first, as Telegram does."""
    member = acting_admin(group, asked.by)
    if group.kind == "channel":
        raise DeedError(409, "a channel has no topics")
    if group.kind == "group":
        upgraded = world.groups.find(migrate(world, group, Deed(member.person.id))["id"])
        if upgraded is None:
            raise DeedError(409, "the group could not be upgraded")
        group = upgraded
    group.make_forum()
    world.show_group(group)
    return group.view()


def open_topic(world: World, group: Group, asked: NewTopic) -> Json:
    member = acting(group, asked.by)
    if not group.is_forum:
        raise DeedError(409, "the group has no topics")
    said = {"forum_topic_created": {"name": asked.name, "icon_color": _ICON_COLOR}}
    thread = group.add_topic(asked.name)
    service(world, group, group.author(member), said, thread)
    world.show_group(group)
    return group.view()


def close_topic(world: World, group: Group, asked: OnTopic) -> Json:
    return _set_closed(world, group, asked, is_closed=True)


def reopen_topic(world: World, group: Group, asked: OnTopic) -> Json:
    return _set_closed(world, group, asked, is_closed=False)


def _set_closed(world: World, group: Group, asked: OnTopic, *, is_closed: bool) -> Json:
    member = acting_admin(group, asked.by)
    topic = group.topics.get(asked.topic)
    if topic is None:
        raise DeedError(404, "no such topic")
    topic.is_closed = is_closed
    word = "closed" if is_closed else "reopened"
    said: Json = {f"forum_topic_{word}": {}}
    thread = 0 if topic.id == GENERAL else topic.id
    service(world, group, group.author(member), said, thread)
    world.show_group(group)
    return group.view()


def delete_topic(world: World, group: Group, asked: OnTopic) -> Json:
    """With everything in it; the bot hears nothing."""
    acting_admin(group, asked.by)
    if asked.topic == GENERAL or group.topics.pop(asked.topic, None) is None:
        raise DeedError(404, "no such topic")
    for message in group.messages.values():
        message.is_deleted = message.is_deleted or message.thread == asked.topic
    world.show_group(group)
    return group.view()
