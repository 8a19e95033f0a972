"""What members do with the bot in their group: add it by a link, remove, promote, mute it."""

from typing import Annotated, Any

import msgspec

from rehearsal.deeds import DeedError
from rehearsal.group_deeds import Deed, acting, acting_admin
from rehearsal.group_talk import say
from rehearsal.groups import Group, Standing
from rehearsal.standing import (
    bot_is_removed,
    bot_joins,
    change_bot,
    standing_of,
    tell_standing,
)
from rehearsal.world import World

Json = dict[str, Any]


class AddBot(msgspec.Struct, forbid_unknown_fields=True):
    """By the link `?startgroup=CODE`; `admin` as with `&admin=`."""

    by: int
    code: Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9_-]{0,64}$")] = ""
    admin: bool = False


def add_bot(world: World, group: Group, asked: AddBot) -> Json:
    """The link works for a bot that is already there: then only its command is sent."""
    member = acting(group, asked.by)
    if not group.has_bot:
        is_admin = asked.admin or group.kind == "channel"
        bot_joins(world, group, member, "administrator" if is_admin else "member")
    if asked.code and group.kind != "channel":
        say(world, group, member, f"/start@{world.settings.username} {asked.code}")
    return group.view()


def remove_bot(world: World, group: Group, asked: Deed) -> Json:
    member = acting_admin(group, asked.by)
    _check_bot_is_here(group)
    bot_is_removed(world, group, member)
    return group.view()


def promote_bot(world: World, group: Group, asked: Deed) -> Json:
    return _move_bot(world, group, asked.by, is_admin=True)


def demote_bot(world: World, group: Group, asked: Deed) -> Json:
    return _move_bot(world, group, asked.by, is_admin=False)


def _move_bot(world: World, group: Group, by: int, *, is_admin: bool) -> Json:
    member = acting_admin(group, by)
    _check_bot_is_here(group)
    # Who is no administrator of a channel is not in it for a bot.
    plain: Standing = "left" if group.kind == "channel" else "member"
    change_bot(world, group, member.person.user(), "administrator" if is_admin else plain)
    return group.view()


def mute(world: World, group: Group, asked: Deed) -> Json:
    """A supergroup restricts the bot alone; a plain group everybody; a channel its posting."""
    return _set_muted(world, group, asked.by, is_muted=True)


def unmute(world: World, group: Group, asked: Deed) -> Json:
    return _set_muted(world, group, asked.by, is_muted=False)


def _set_muted(world: World, group: Group, by: int, *, is_muted: bool) -> Json:
    member = acting_admin(group, by)
    if group.kind == "supergroup":
        _check_bot_is_here(group)
        change_bot(world, group, member.person.user(), "restricted" if is_muted else "member")
        return group.view()
    before = standing_of(world, group)
    group.is_muted = is_muted
    if group.kind == "channel" and group.has_bot:
        tell_standing(world, group, member.person.user(), before)
    else:
        # The bot hears nothing of permissions that all lose at once.
        world.show_group(group)
    return group.view()


def _check_bot_is_here(group: Group) -> None:
    if not group.has_bot:
        raise DeedError(409, "the bot is not in the group")
