"""The bot's standing in a group: each change of it, as the bot and everybody else are told."""

from typing import Any

from rehearsal.chats import Author, Message, unix_now
from rehearsal.groups import Group, Member, Standing
from rehearsal.membership import bot_member
from rehearsal.world import World

Json = dict[str, Any]


def service(world: World, group: Group, author: Author, said: Json, thread: int = 0) -> Message:
    """A line such as "X added Y", which the bot always hears; posted and queued."""
    message = Message(group.next_id(), "person", unix_now(), "service", media=said)
    message.author, message.thread = author, thread
    world.post(group, message)
    world.report(group, message)
    return message


def change_bot(world: World, group: Group, by: Json, standing: Standing) -> int | None:
    """Sets the standing and queues `my_chat_member`; the update's id, None if nothing changed."""
    if group.bot == standing:
        return None
    before = standing_of(world, group)
    group.bot = standing
    return tell_standing(world, group, by, before)


def standing_of(world: World, group: Group) -> Json:
    """The bot's `ChatMember`. A plain group knows no ban: who was removed has "left" there."""
    is_plain_removal = group.kind == "group" and group.bot == "kicked"
    return bot_member(group, world.bot, "left" if is_plain_removal else group.bot)


def tell_standing(world: World, group: Group, by: Json, before: Json) -> int | None:
    change = {
        "chat": group.card(),
        "from": by,
        "date": unix_now(),
        "old_chat_member": before,
        "new_chat_member": standing_of(world, group),
    }
    world.show_group(group)
    return world.queue.add({"my_chat_member": change})


def bot_joins(world: World, group: Group, by: Member, standing: Standing) -> None:
    """A channel says nothing of it in its own log."""
    change_bot(world, group, by.person.user(), standing)
    if group.kind != "channel":
        service(world, group, group.author(by), joined([world.bot]))


def bot_is_removed(world: World, group: Group, by: Member) -> None:
    """The line about it is the last thing that the bot hears of the group."""
    if group.kind != "channel":
        service(world, group, group.author(by), left(world.bot))
    change_bot(world, group, by.person.user(), "kicked")


def bot_leaves(world: World, group: Group) -> None:
    """By leaveChat, which tells the bot of its own leaving too."""
    if not group.has_bot:
        return
    if group.kind != "channel":
        bot = Author(0, str(world.bot["first_name"]), {"from": world.bot})
        service(world, group, bot, left(world.bot))
    change_bot(world, group, world.bot, "left")


def joined(users: list[Json]) -> Json:
    """Telegram's fields of a service line, the old ones too."""
    first = users[0]
    return {
        "new_chat_participant": first,
        "new_chat_member": first,
        "new_chat_members": users,
    }


def left(user: Json) -> Json:
    return {"left_chat_participant": user, "left_chat_member": user}
