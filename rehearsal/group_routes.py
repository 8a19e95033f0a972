"""Groups over HTTP: for the chat page, for training and for tests. JSON both ways."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import msgspec
from aiohttp import web

from rehearsal import bot_deeds, group_deeds, group_talk, topic_deeds
from rehearsal.deeds import DeedError
from rehearsal.group_deeds import NewGroup
from rehearsal.groups import Group
from rehearsal.people import answer, read
from rehearsal.uploads import read_upload
from rehearsal.world import World

Json = dict[str, Any]
Asked = TypeVar("Asked", bound=msgspec.Struct)
_GROUP = "/groups/{id:-[0-9]{1,15}}"


def group_routes(world: World) -> list[web.RouteDef]:
    async def add(request: web.Request) -> web.Response:
        return answer(group_deeds.found(world, await read(request, NewGroup)))

    async def list_groups(request: web.Request) -> web.Response:
        """All, or with `?person=` those of one person."""
        person = request.query.get("person", "")
        groups: Iterable[Group] = world.groups
        if person.isdecimal():
            groups = world.groups.of(int(person))
        return answer([each.view() for each in groups])

    async def show(request: web.Request) -> web.Response:
        return answer(_group(world, request).view())

    async def show_chat(request: web.Request) -> web.Response:
        return answer(_chat_view(world, request))

    async def events(request: web.Request) -> web.StreamResponse:
        return await world.events.stream(request, _group(world, request).id)

    async def upload(request: web.Request) -> web.Response:
        group = _group(world, request)
        given = await read_upload(request)
        place = given.number("topic"), given.number("reply_to")
        by = given.number("by")
        return answer(group_talk.attach(world, group, by, given.attachment(), place))

    return [
        web.post("/groups", add),
        web.get("/groups", list_groups),
        web.get(_GROUP, show),
        web.get(f"{_GROUP}/chat", show_chat),
        web.get(f"{_GROUP}/events", events),
        web.post(f"{_GROUP}/upload", upload),
        *_deed_routes(world),
    ]


def _deed_routes(world: World) -> list[web.RouteDef]:
    def route(
        name: str, kind: type[Asked], do: Callable[[World, Group, Asked], Json]
    ) -> web.RouteDef:
        async def act(request: web.Request) -> web.Response:
            group = _group(world, request)
            return answer(do(world, group, await read(request, kind)))

        return web.post(f"{_GROUP}/{name}", act)

    deed, person = group_deeds.Deed, group_deeds.OnPerson
    return [
        route("text", group_talk.Said, group_talk.write),
        route("edit", group_talk.Changed, group_talk.edit),
        route("tap", group_talk.GroupTap, group_talk.tap),
        route("other_bot", group_talk.Said, group_talk.other_bot),
        route("hide_members", deed, group_talk.hide_members),
        route("add", person, group_deeds.add_member),
        route("remove", person, group_deeds.remove_member),
        route("promote", person, group_deeds.promote),
        route("demote", person, group_deeds.demote),
        route("anonymous", deed, group_deeds.set_anonymous),
        route("migrate", deed, group_deeds.migrate),
        route("delete", deed, group_deeds.delete),
        route("bot/add", bot_deeds.AddBot, bot_deeds.add_bot),
        route("bot/remove", deed, bot_deeds.remove_bot),
        route("bot/promote", deed, bot_deeds.promote_bot),
        route("bot/demote", deed, bot_deeds.demote_bot),
        route("bot/mute", deed, bot_deeds.mute),
        route("bot/unmute", deed, bot_deeds.unmute),
        route("forum", deed, topic_deeds.make_forum),
        route("topics", topic_deeds.NewTopic, topic_deeds.open_topic),
        route("topics/close", topic_deeds.OnTopic, topic_deeds.close_topic),
        route("topics/reopen", topic_deeds.OnTopic, topic_deeds.reopen_topic),
        route("topics/delete", topic_deeds.OnTopic, topic_deeds.delete_topic),
    ]


def _group(world: World, request: web.Request) -> Group:
    group = world.groups.find(int(request.match_info["id"]))
    if group is None:
        raise DeedError(404, "no such group")
    return group


def _chat_view(world: World, request: web.Request) -> Json:
    """What was said; with `?person=` also what only that member sees."""
    group = _group(world, request)
    shown: Json = {
        "group": group.view(),
        "messages": [each.view() for each in group.messages.values()],
        "reply_keyboard": group.reply_keyboard,
        "sent": group.sent,
    }
    asked = request.query.get("person", "")
    member = group.members.get(int(asked)) if asked.isdecimal() else None
    if member is None:
        return shown
    person = member.person
    return shown | {
        "commands": world.menu.seen_in(group.id, member, person.language_code),
        "toasts": [each for each in group.toasts if each["person_id"] == person.id],
        "pending": world.callbacks.pending(person.id, group.id),
    }
