"""What tests and the chat page ask of the stand-in itself: faults, transcript, clock, files."""

from pathlib import Path
from typing import Annotated, Any

import aiohttp
import msgspec
from aiohttp import web

from rehearsal.deeds import DeedError
from rehearsal.faults import Fault
from rehearsal.files import picture_mime
from rehearsal.limits import LimitsAsked
from rehearsal.people import answer, read
from rehearsal.world import World

PAGE = Path(__file__).parent / "page"
_CLOCK_TIMEOUT = aiohttp.ClientTimeout(total=10)


class Repeat(msgspec.Struct, forbid_unknown_fields=True):
    """`new_id` gives each repeat an update id of its own, as a client that lost its line does."""

    update_id: int
    times: int = 1
    new_id: bool = False


class Age(msgspec.Struct, forbid_unknown_fields=True):
    """Time that passes at once for queued updates and waiting taps."""

    seconds: Annotated[float, msgspec.Meta(ge=0)]


def control_routes(world: World) -> list[web.RouteDef]:
    async def bot(_: web.Request) -> web.Response:
        return answer(_bot(world))

    async def units(_: web.Request) -> web.Response:
        return answer(world.settings.units)

    async def repeat(request: web.Request) -> web.Response:
        asked = await read(request, Repeat)
        given = [
            world.queue.repeat(asked.update_id, is_new_id=asked.new_id) for _ in range(asked.times)
        ]
        if None in given:
            raise DeedError(404, "no such update")
        return answer({"update_ids": given})

    async def age(request: web.Request) -> web.Response:
        asked = await read(request, Age)
        world.queue.age(asked.seconds)
        world.callbacks.age(asked.seconds)
        return answer({"pending": len(world.queue)})

    async def clock(request: web.Request) -> web.Response:
        return await _clock(world, request)

    return [
        web.get("/bot", bot),
        web.get("/units", units),
        web.post("/updates/repeat", repeat),
        web.post("/updates/age", age),
        web.get("/clock", clock),
        web.post("/clock", clock),
        *_record_routes(world),
        *_file_routes(world),
    ]


def _record_routes(world: World) -> list[web.RouteDef]:
    async def show_transcript(request: web.Request) -> web.Response:
        return answer(world.transcript.calls(request.query.get("method")))

    async def clear_transcript(_: web.Request) -> web.Response:
        world.transcript.clear()
        return answer([])

    async def show_tally(_: web.Request) -> web.Response:
        """Without any content: the bot's messages by chat, and its calls by method and status."""
        return answer(_tally(world))

    async def show_limits(_: web.Request) -> web.Response:
        return answer(world.limits.view())

    async def order_limits(request: web.Request) -> web.Response:
        world.limits.set(await read(request, LimitsAsked))
        return answer(world.limits.view())

    async def show_faults(_: web.Request) -> web.Response:
        return answer(world.faults.left())

    async def order_fault(request: web.Request) -> web.Response:
        world.faults.order(await read(request, Fault))
        return answer(world.faults.left())

    async def clear_faults(_: web.Request) -> web.Response:
        world.faults.clear()
        return answer([])

    return [
        web.get("/transcript", show_transcript),
        web.delete("/transcript", clear_transcript),
        web.get("/tally", show_tally),
        web.get("/faults", show_faults),
        web.post("/faults", order_fault),
        web.delete("/faults", clear_faults),
        web.get("/limits", show_limits),
        web.post("/limits", order_limits),
    ]


def _tally(world: World) -> dict[str, Any]:
    chats = [*world.chats, *world.groups]
    counts = world.transcript.counts.items()
    return {
        "sent": {str(each.address): each.sent for each in chats if each.sent},
        "calls": [
            {"method": method, "status": status, "count": count}
            for (method, status), count in counts
        ],
    }


def _file_routes(world: World) -> list[web.RouteDef]:
    async def sent_file(request: web.Request) -> web.Response:
        stored = world.files.find(request.match_info["id"])
        if stored is None or stored.is_gone:
            raise DeedError(404, "no such file")
        # Only pictures are shown: anything else that was sent must not run on this page's origin.
        mime = picture_mime(stored.upload.data) or "application/octet-stream"
        headers = {"X-Content-Type-Options": "nosniff"}
        return web.Response(body=stored.upload.data, content_type=mime, headers=headers)

    async def index(_: web.Request) -> web.StreamResponse:
        return _page_file("index.html")

    async def page_file(request: web.Request) -> web.StreamResponse:
        return _page_file(request.match_info["path"])

    return [
        web.get("/files/{id}", sent_file),
        web.get("/", index),
        web.get("/page/{path:.+}", page_file),
    ]


def _page_file(name: str) -> web.StreamResponse:
    path = (PAGE / name).resolve()
    if not path.is_relative_to(PAGE.resolve()) or not path.is_file():
        raise DeedError(404, "no such file")
    return web.FileResponse(path, headers={"Cache-Control": "no-cache"})


def _bot(world: World) -> dict[str, Any]:
    if world.webhook.target is not None:
        mode = "webhook"
    else:
        mode = "polling" if world.poller.is_used else "none"
    return {
        "id": world.settings.bot_id,
        "username": world.settings.username,
        "name": world.bot["first_name"],
        "description": world.profile.get(("description", ""), ""),
        "short_description": world.profile.get(("short_description", ""), ""),
        "commands": world.menu.seen_by(0, "vi"),
        "mode": mode,
    }


async def _clock(world: World, request: web.Request) -> web.Response:
    """The bot's own clock door; its token stays on this side of the page."""
    settings = world.settings
    if settings.bot_url is None:
        raise DeedError(404, "no bot address was given")
    headers = {"Authorization": f"Bearer {settings.clock_token or ''}"}
    url = f"{settings.bot_url.rstrip('/')}/clock"
    if request.can_read_body:
        headers["Content-Type"] = "application/json"
    try:
        async with (
            aiohttp.ClientSession(timeout=_CLOCK_TIMEOUT) as session,
            session.request(
                request.method, url, data=await request.read() or None, headers=headers
            ) as response,
        ):
            body = await response.read()
    except (aiohttp.ClientError, TimeoutError) as error:
        raise DeedError(502, "the bot does not answer") from error
    return web.Response(body=body, status=response.status, content_type=response.content_type)
