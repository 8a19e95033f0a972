"""Bot API methods about a chat: what it is, who is in it, leaving it."""

from typing import Any

from rehearsal.calls import Call
from rehearsal.chats import Chat, PrivateChat
from rehearsal.errors import bad_request
from rehearsal.groups import Group
from rehearsal.membership import administrators, full_info, person_member
from rehearsal.rights import chat_of
from rehearsal.standing import bot_leaves, standing_of
from rehearsal.world import Method, World

Json = dict[str, Any]


async def get_chat(world: World, call: Call) -> Any:
    chat = chat_of(world, call, "read")
    if isinstance(chat, Group):
        return full_info(chat)
    return chat.card() | {
        "accent_color_id": chat.address % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }


async def get_chat_member(world: World, call: Call) -> Any:
    user_id = call.integer("user_id")
    if user_id <= 0:
        raise bad_request("invalid user_id specified")
    is_own = user_id == world.settings.bot_id
    chat = chat_of(world, call, "read" if is_own else "members")
    if is_own:
        return _own_member(world, chat)
    person = world.chats.find(user_id)
    if person is None:
        raise bad_request("member not found")
    if not isinstance(chat, Group):
        if person is not chat:
            raise bad_request("member not found")
        return {"user": person.person.user(), "status": "member"}
    _check_list(chat)
    member = chat.members.get(user_id)
    if member is None:
        return {"user": person.person.user(), "status": "left"}
    return person_member(chat, member)


def _own_member(world: World, chat: Chat) -> Json:
    if isinstance(chat, Group):
        return standing_of(world, chat)
    return {"user": world.bot, "status": "member"}


async def get_chat_administrators(world: World, call: Call) -> Any:
    chat = chat_of(world, call, "members")
    if not isinstance(chat, Group):
        raise bad_request("there are no administrators in the private chat")
    _check_list(chat)
    return administrators(chat, world.bot)


async def get_chat_member_count(world: World, call: Call) -> Any:
    chat = chat_of(world, call, "members")
    return len(chat.members) + chat.has_bot if isinstance(chat, Group) else 2


def _check_list(group: Group) -> None:
    """Only an administrator may always read the list of members."""
    if group.has_bot_as_admin:
        return
    if group.kind == "channel":
        raise bad_request("member list is inaccessible")
    if group.hides_members:
        raise bad_request("CHAT_ADMIN_REQUIRED")


async def leave_chat(world: World, call: Call) -> bool:
    chat = chat_of(world, call, "read")
    if isinstance(chat, PrivateChat):
        raise bad_request("can't leave private chats")
    if isinstance(chat, Group):
        bot_leaves(world, chat)
    return True


METHODS: dict[str, Method] = {
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "leaveChat": leave_chat,
}
