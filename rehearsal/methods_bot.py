"""Bot API methods about the bot itself: who it is, its updates, its menu, its descriptions."""

import re
from typing import Any

from rehearsal.calls import Call
from rehearsal.errors import bad_request, conflict
from rehearsal.menu import Place, chat_named, commands_of, place_of
from rehearsal.polling import MAX_TIMEOUT_S
from rehearsal.rights import chat_of
from rehearsal.webhook import Target, check_url
from rehearsal.world import Method, Told, World

MAX_SECRET = 256
_SECRET = re.compile(r"[A-Za-z0-9_-]*")
_KINDS = {
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "shipping_query",
    "pre_checkout_query",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "message_reaction",
    "message_reaction_count",
    "chat_boost",
    "removed_chat_boost",
    "guest_message",
}
_WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


async def get_me(world: World, _: Call) -> Any:
    return world.bot | {
        "can_join_groups": True,
        "can_read_all_group_messages": world.settings.reads_all,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def get_updates(world: World, call: Call) -> Any:
    if world.webhook.target is not None:
        raise conflict(_WEBHOOK_ACTIVE)
    _allow_updates(world, call)
    return await world.poller.poll(
        call.integer("offset"),
        call.clamped("limit", 100, 1, 100),
        call.clamped("timeout", 0, 0, MAX_TIMEOUT_S),
    )


async def set_webhook(world: World, call: Call) -> Any:
    if not call.text("url"):
        return await delete_webhook(world, call)
    target = _target(call)
    check_url(target.url)
    _allow_updates(world, call)
    drops = call.flag("drop_pending_updates")
    if target == world.webhook.target and not drops:
        return Told(result=True, description="Webhook is already set")
    world.poller.abort("terminated by setWebhook request")
    if drops:
        world.queue.clear()
    await world.webhook.set(target)
    return Told(result=True, description="Webhook was set")


def _target(call: Call) -> Target:
    secret = call.text("secret_token")
    if len(secret) > MAX_SECRET:
        raise bad_request("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    return Target(call.text("url"), secret, call.clamped("max_connections", 40, 1, 100))


async def delete_webhook(world: World, call: Call) -> Any:
    _allow_updates(world, call)
    drops = call.flag("drop_pending_updates")
    was_set = world.webhook.target is not None
    await world.webhook.remove()
    if drops:
        world.queue.clear()
    words = "Webhook was deleted" if was_set or drops else "Webhook is already deleted"
    return Told(result=True, description=words)


async def get_webhook_info(world: World, _: Call) -> Any:
    target, error = world.webhook.target, world.webhook.last_error
    info: dict[str, Any] = {
        "url": target.url if target else "",
        "has_custom_certificate": False,
        "pending_update_count": len(world.queue),
    }
    if error is not None:
        info |= {"last_error_date": error[0], "last_error_message": error[1]}
    if target is not None:
        info |= {"max_connections": target.max_connections, "ip_address": "127.0.0.1"}
    if world.queue.allowed is not None:
        info["allowed_updates"] = world.queue.allowed
    return info


def _allow_updates(world: World, call: Call) -> None:
    """Left out, the last setting stays; unknown names are ignored."""
    given = call.json("allowed_updates", "can't parse allowed updates JSON object")
    if isinstance(given, list):
        world.queue.allow([each for each in given if isinstance(each, str) and each in _KINDS])


async def set_my_commands(world: World, call: Call) -> bool:
    place, commands = _place(world, call), commands_of(call)
    world.menu.set(place, commands)
    world.show_menu()
    return True


async def get_my_commands(world: World, call: Call) -> Any:
    return world.menu.at(_place(world, call))


async def delete_my_commands(world: World, call: Call) -> bool:
    world.menu.set(_place(world, call), [])
    world.show_menu()
    return True


def _place(world: World, call: Call) -> Place:
    """A scope of one chat needs that the bot can reach its members."""
    place = place_of(call)
    if named := chat_named(place):
        chat_of(world, Call(call.method, {"chat_id": named}), "members")
    return place


def _setter(field: str, limit: int) -> Method:
    async def set_text(world: World, call: Call) -> bool:
        text = call.text(field)
        if len(text) > limit:
            # The real words are not known; what matters is that it is refused.
            raise bad_request(f"{field.replace('_', ' ')} is too long")
        world.profile[field, call.text("language_code")] = text
        return True

    return set_text


def _getter(field: str) -> Method:
    async def get_text(world: World, call: Call) -> Any:
        own = world.profile.get((field, call.text("language_code")), "")
        return {field: own or world.profile.get((field, ""), "")}

    return get_text


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyName": _setter("name", 64),
    "getMyName": _getter("name"),
    "setMyDescription": _setter("description", 512),
    "getMyDescription": _getter("description"),
    "setMyShortDescription": _setter("short_description", 120),
    "getMyShortDescription": _getter("short_description"),
}
