"""The Bot API's door: token, method, faults on order, envelope, transcript."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any

import orjson
from aiohttp import web

from rehearsal import (
    methods_bot,
    methods_chats,
    methods_copies,
    methods_files,
    methods_messages,
)
from rehearsal.calls import Call, read_call
from rehearsal.errors import ApiError
from rehearsal.faults import Fault
from rehearsal.world import Method, Told, World

METHODS: Mapping[str, tuple[str, Method]] = {
    name.lower(): (name, method)
    for module in (methods_bot, methods_chats, methods_copies, methods_files, methods_messages)
    for name, method in module.METHODS.items()
}
_TOKEN_FORM = re.compile(r"[1-9][0-9]*:[A-Za-z0-9_-]+")
_OK = 200


def api_routes(world: World) -> list[web.RouteDef]:
    async def call_method(request: web.Request) -> web.StreamResponse:
        return await _serve(world, request)

    async def download(request: web.Request) -> web.Response:
        if request.match_info["token"] != world.settings.token:
            return _answer(_failure(ApiError(404, "Not Found")))
        stored = world.files.at(request.match_info["path"])
        if stored is None:
            return _answer(_failure(ApiError(404, "Not Found")))
        return web.Response(body=stored.upload.data, content_type="application/octet-stream")

    return [
        web.get("/file/bot{token}/{path:.+}", download),
        web.get("/bot{token:[^/]+}/{method:.*}", call_method),
        web.post("/bot{token:[^/]+}/{method:.*}", call_method),
    ]


async def _serve(world: World, request: web.Request) -> web.StreamResponse:
    try:
        _check_token(world, request.match_info["token"])
        call = await read_call(request, _known_name(request.match_info["method"]))
    except ApiError as error:
        return _answer(_failure(error))
    fault = world.faults.take(call)
    if fault is None or not fault.replaces_answer:
        if fault is not None:
            await asyncio.sleep(fault.delay_s)
        body = await run(world, call)
        return _answer(body)
    if fault.apply:
        await execute(world, call)
    await asyncio.sleep(fault.delay_s)
    world.transcript.record(call, 0 if fault.drop or fault.cut else fault.status)
    return await _answer_with(fault, request)


async def run(world: World, call: Call) -> dict[str, Any]:
    """The envelope of the call, which is put on record."""
    body = await execute(world, call)
    world.transcript.record(call, body.get("error_code", _OK))
    return body


async def execute(world: World, call: Call) -> dict[str, Any]:
    known = METHODS.get(call.method.lower())
    if known is None:
        return _failure(ApiError(404, "Not Found: method not found"))
    try:
        world.limits.check(call)
        result = await known[1](world, call)
    except ApiError as error:
        return _failure(error)
    if isinstance(result, Told):
        return {"ok": True, "result": result.result, "description": result.description}
    return {"ok": True, "result": result}


def _known_name(given: str) -> str:
    known = METHODS.get(given.lower())
    return given if known is None else known[0]


def _check_token(world: World, given: str) -> None:
    if not _TOKEN_FORM.fullmatch(given):
        raise ApiError(404, "Not Found")
    if given != world.settings.token:
        raise ApiError(401, "Unauthorized")


def _failure(error: ApiError) -> dict[str, Any]:
    body: dict[str, Any] = {
        "ok": False,
        "error_code": error.code,
        "description": error.description,
    }
    return body | ({"parameters": error.parameters} if error.parameters else {})


def _answer(body: dict[str, Any]) -> web.Response:
    headers = {}
    after = body.get("parameters", {}).get("retry_after")
    if after is not None:
        headers["Retry-After"] = str(after)
    return web.Response(
        body=orjson.dumps(body),
        status=body.get("error_code", _OK),
        content_type="application/json",
        headers=headers,
    )


async def _answer_with(fault: Fault, request: web.Request) -> web.StreamResponse:
    if fault.drop:
        _hang_up(request)
        return web.Response()
    if fault.cut:
        response = web.StreamResponse(headers={"Content-Length": "4096"})
        response.content_type = "application/json"
        await response.prepare(request)
        await response.write(b'{"ok":true,"result":{"message_id":')
        _hang_up(request)
        return response
    if fault.body is not None:
        is_html = fault.body.lstrip().startswith("<")
        kind = "text/html" if is_html else "application/json"
        return web.Response(text=fault.body, status=fault.status, content_type=kind)
    return _answer(fault.envelope())


def _hang_up(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.close()
