"""One Bot API call as the real server sees it: every argument a string, files apart.

Reads query strings, forms, multipart bodies and JSON. Which arguments matter is for the methods.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import orjson
from aiohttp import BodyPartReader, web

from rehearsal.errors import ApiError, bad_request

MAX_PARAMS_BYTES = 1 << 20
MAX_UPLOAD_BYTES = 50 * (1 << 20)
_INTEGER = re.compile(r"-?[0-9]{1,18}")
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    mime: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    params: Mapping[str, str]
    files: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Empty when absent."""
        return self.params.get(name, "")

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in {"true", "yes", "1"}

    def integer(self, name: str, default: int = 0) -> int:
        """The leading digits, 0 when there are none, as the real server reads numbers."""
        given = self.text(name)
        if not given:
            return default
        found = _INTEGER.match(given)
        return int(found[0]) if found else 0

    def clamped(self, name: str, default: int, low: int, high: int) -> int:
        return min(max(self.integer(name, default), low), high)

    def json(self, name: str, refusal: str) -> Any:
        """None when absent; `refusal` is the 400 for what is no JSON."""
        given = self.text(name)
        if not given:
            return None
        try:
            return orjson.loads(given)
        except orjson.JSONDecodeError as error:
            raise bad_request(refusal) from error


async def read_call(request: web.Request, method: str) -> Call:
    """Body arguments win over those of the query string."""
    params = dict(request.query)
    files: dict[str, Upload] = {}
    if request.body_exists:
        if request.content_type == "multipart/form-data":
            try:
                await _read_multipart(request, params, files)
            except ValueError as error:
                raise bad_request("can't parse multipart body") from error
        else:
            params |= body_params(request.content_type, await _whole_body(request))
    if sum(len(key) + len(text.encode()) for key, text in params.items()) > MAX_PARAMS_BYTES:
        raise ApiError(413, "Request Entity Too Large: too many parameters")
    return Call(method, params, files)


def body_params(content_type: str, body: bytes) -> dict[str, str]:
    """What a form or JSON body says; other kinds of body are ignored."""
    try:
        if content_type == "application/json":
            return json_params(orjson.loads(body)) if body else {}
        if content_type == _FORM:
            return dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict"))
    except orjson.JSONDecodeError as error:
        raise bad_request("can't parse JSON object") from error
    except UnicodeDecodeError as error:
        raise bad_request("strings must be encoded in UTF-8") from error
    return {}


def json_params(given: object) -> dict[str, str]:
    if not isinstance(given, dict):
        raise bad_request("can't parse JSON object: expected an object")
    return {key: _as_text(each) for key, each in given.items() if each is not None}


def _as_text(given: object) -> str:
    return given if isinstance(given, str) else orjson.dumps(given).decode()


async def _whole_body(request: web.Request) -> bytes:
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge as error:
        raise ApiError(413, "Request Entity Too Large") from error


async def _read_multipart(
    request: web.Request, params: dict[str, str], files: dict[str, Upload]
) -> None:
    size = 0
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        data = bytearray()
        while chunk := await part.read_chunk(1 << 16):
            size += len(chunk)
            if size > MAX_UPLOAD_BYTES:
                raise ApiError(413, "Request Entity Too Large")
            data += chunk
        content = part.decode(bytes(data))
        if part.filename is None:
            params[part.name] = content.decode()
        else:
            mime = part.headers.get("Content-Type", "application/octet-stream")
            files[part.name] = Upload(part.filename, mime, content)
