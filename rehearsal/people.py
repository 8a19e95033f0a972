"""The people's side over HTTP: for the chat page, for training and for tests. JSON both ways."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

import msgspec
import orjson
from aiohttp import web

from rehearsal import deeds
from rehearsal.chats import PrivateChat
from rehearsal.deeds import Contact, DeedError, Tap
from rehearsal.forwards import Forward, forward
from rehearsal.groups import Group
from rehearsal.uploads import read_upload
from rehearsal.world import World

Json = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Asked = TypeVar("Asked")
_PERSON = "/people/{id:[0-9]{1,15}}"


class NewPerson(msgspec.Struct, forbid_unknown_fields=True):
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    last_name: Annotated[str, msgspec.Meta(max_length=64)] = ""
    phone: str = ""
    language_code: str = "vi"


class Crowd(msgspec.Struct, forbid_unknown_fields=True):
    """Many people at once, named `name` and a number. `started`: the bot may write to them."""

    count: Annotated[int, msgspec.Meta(ge=1, le=100_000)]
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=50)] = "Person"
    started: bool = True


class Text(msgspec.Struct, forbid_unknown_fields=True):
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=4096)]


class Start(msgspec.Struct, forbid_unknown_fields=True):
    payload: Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9_-]{0,64}$")] = ""


class Edit(msgspec.Struct, forbid_unknown_fields=True):
    message_id: int
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=4096)]


class Raw(msgspec.Struct, forbid_unknown_fields=True):
    update: dict[str, Any]


class Nothing(msgspec.Struct):
    pass


def people_routes(world: World) -> list[web.RouteDef]:
    async def add(request: web.Request) -> web.Response:
        asked = await read(request, NewPerson)
        person = world.chats.add(asked.name, asked.phone, asked.last_name, asked.language_code)
        return answer(person.view())

    async def add_crowd(request: web.Request) -> web.Response:
        asked = await read(request, Crowd)
        ids = world.chats.add_crowd(asked.count, asked.name, started=asked.started)
        return answer({"ids": ids})

    async def upload(request: web.Request) -> web.Response:
        chat = _chat(world, request)
        given = await read_upload(request)
        return answer(deeds.attach(world, chat, given.attachment()))

    async def list_people(_: web.Request) -> web.Response:
        return answer([chat.person.view() for chat in world.chats])

    async def show_chat(request: web.Request) -> web.Response:
        return answer(_view(world, _chat(world, request)))

    async def events(request: web.Request) -> web.StreamResponse:
        return await world.events.stream(request, _chat(world, request).person.id)

    return [
        web.post("/people", add),
        web.post("/people/crowd", add_crowd),
        web.post(f"{_PERSON}/upload", upload),
        web.get("/people", list_people),
        web.get(f"{_PERSON}/chat", show_chat),
        web.get(f"{_PERSON}/events", events),
        *_deed_routes(world),
    ]


def _deed_routes(world: World) -> list[web.RouteDef]:
    def route(
        name: str, kind: type[Asked], do: Callable[[PrivateChat, Asked], Json]
    ) -> web.RouteDef:
        async def act(request: web.Request) -> web.Response:
            chat = _chat(world, request)
            return answer(do(chat, await read(request, kind)))

        return web.post(f"{_PERSON}/{name}", act)

    def thing(kind: str) -> web.RouteDef:
        return route(kind, Nothing, lambda chat, _: deeds.send_thing(world, chat, kind))

    return [
        route("text", Text, lambda chat, asked: deeds.write(world, chat, asked.text)),
        route("start", Start, lambda chat, asked: deeds.start(world, chat, asked.payload)),
        route("tap", Tap, lambda chat, asked: deeds.tap(world, chat, asked)),
        route("contact", Contact, lambda chat, asked: deeds.share_contact(world, chat, asked)),
        route("forward", Forward, lambda chat, asked: forward(world, chat, asked)),
        route("edit", Edit, lambda chat, it: deeds.edit(world, chat, it.message_id, it.text)),
        route("block", Nothing, lambda chat, _: deeds.block(world, chat)),
        route("unblock", Nothing, lambda chat, _: deeds.unblock(world, chat)),
        route("deactivate", Nothing, lambda chat, _: _deactivate(chat)),
        route("migrate", Nothing, lambda chat, _: _migrate(world, chat)),
        route("raw", Raw, lambda _, asked: deeds.inject(world, asked.update)),
        *map(thing, deeds.KINDS),
    ]


def _deactivate(chat: PrivateChat) -> Json:
    """The account is deleted; the bot hears nothing of it."""
    chat.person.deactivated = True
    return chat.person.view()


def _migrate(world: World, chat: PrivateChat) -> Json:
    """As when a group is upgraded, for what the bot sends; the person's own id stays."""
    return {"chat_id": world.chats.migrate(chat.person.id)}


def _chat(world: World, request: web.Request) -> PrivateChat:
    chat = world.chats.find(int(request.match_info["id"]))
    if chat is None:
        raise DeedError(404, "no such person")
    return chat


def _view(world: World, chat: PrivateChat) -> Json:
    person = chat.person
    return {
        "person": person.view(),
        "messages": [each.view() for each in chat.messages.values()],
        "reply_keyboard": chat.reply_keyboard,
        "commands": world.menu.seen_by(person.id, person.language_code),
        "toasts": chat.toasts,
        "pending": world.callbacks.pending(person.id, person.id),
        "groups": [_summary(each) for each in world.groups.of(person.id)],
        "sent": chat.sent,
    }


def _summary(group: Group) -> Json:
    """With the newest message, as a list of chats shows it."""
    newest = next((each for each in reversed(group.messages.values()) if not each.is_deleted), None)
    return group.view() | {"last": newest.view() if newest is not None else None}


def answer(content: Any, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(content), status=status, content_type="application/json")


async def read(request: web.Request, kind: type[Asked]) -> Asked:
    """An empty body asks for the defaults."""
    try:
        return msgspec.json.decode(await request.read() or b"{}", type=kind)
    except msgspec.DecodeError as error:
        raise DeedError(400, str(error)) from error


@web.middleware
async def doorkeeper(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Lets no other site in; says refusals in JSON, as the chat page expects."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        # Another site's page, open in the same browser, must not play here.
        return answer({"error": "asked from another origin"}, 403)
    try:
        return await handler(request)
    except DeedError as error:
        return answer({"error": str(error)}, error.status)
    except web.HTTPException as error:
        if error.status < 400:  # noqa: PLR2004 - redirects are no refusals
            raise
        return answer({"error": error.reason}, error.status)
