"""python-telegram-bot's request interface: JSON over the lean client, files over aiohttp.

Never raises on a 4xx or 5xx: the library reads their texts (telegram.request.BaseRequest).
"""

import json
from collections.abc import Mapping
from typing import Any

import aiohttp
import orjson
from telegram._utils.defaultvalue import DefaultValue
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.platforms.lean_http import CONNECT_S, Answer, Dated, LeanClient
from bot.platforms.telegram_errors import NOT_SENT

READ_S = 20.0
OK = 200

Timeout = DefaultValue[float] | DefaultValue[None] | float | None


class TelegramRequest(BaseRequest):
    """Connections to the Bot API, at most `connections`; `read_s` bounds the wait for an answer."""

    def __init__(self, connections: int = 128, read_s: float = READ_S) -> None:
        self._read_s = read_s
        self._lean = LeanClient(connections)
        self._session: aiohttp.ClientSession | None = None

    @property
    def dated(self) -> Dated | None:
        return self._lean.dated

    @property
    def read_timeout(self) -> float | None:
        return self._read_s

    async def initialize(self) -> None:
        """Nothing to do: connections are made when they are asked for."""

    async def shutdown(self) -> None:
        self._lean.close()
        if self._session is not None:
            await self._session.close()

    async def do_request(  # noqa: PLR0913, PLR0917 (the interface's own; the pool has one time-out)
        self,
        url: str,
        method: str,  # the Bot API takes POST for all
        request_data: RequestData | None = None,
        read_timeout: Timeout = BaseRequest.DEFAULT_NONE,
        write_timeout: Timeout = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        connect_timeout: Timeout = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        pool_timeout: Timeout = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        within_s = _seconds(read_timeout, self._read_s)
        if request_data is not None and request_data.contains_files:
            return await self._send_files(url, method, request_data, within_s)
        body = b"" if request_data is None else orjson.dumps(request_data.parameters)
        return await self._lean.post(url, body, within_s)

    async def _send_files(
        self, url: str, method: str, request_data: RequestData, within_s: float
    ) -> tuple[int, bytes]:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession()
        timeout = aiohttp.ClientTimeout(sock_connect=CONNECT_S, sock_read=within_s)
        try:
            async with self._session.request(
                method, url, timeout=timeout, data=_form(request_data)
            ) as response:
                return response.status, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NetworkError(f"{NOT_SENT}{type(error).__name__}") from None
        except TimeoutError as error:
            raise TimedOut from error
        except (aiohttp.ClientError, OSError) as error:
            # The class alone: its text may hold the URL, and the URL the token (FAULTS T43).
            raise NetworkError(type(error).__name__) from None

    async def post_ready(
        self, url: str, parameters: Mapping[str, object], read_s: float | None = None
    ) -> Any:
        """Post parameters that are JSON already; the `result` of the answer.

        The library looks at each for dates, files and defaults, and at the answer's status in
        many ways: more than the call costs. Whatever is not plain success goes through it.
        """
        within_s = self._read_s if read_s is None else read_s
        answer = await self._lean.post(url, orjson.dumps(parameters), within_s)
        if answer.status != OK:
            return await _Replay(answer).post(url)
        return self.parse_json_payload(answer.body)["result"]

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:
        try:
            return read_json(payload)
        except ValueError as error:
            # A page of some server on the way: what became of the call is unknown (FAULTS T12).
            raise NetworkError("Invalid server response") from error


class _Replay(TelegramRequest):
    """Gives the library an answer that has come already, to make its error of it."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self._answer = answer

    async def do_request(self, *_: Any, **__: Any) -> tuple[int, bytes]:
        return self._answer


def read_json(payload: bytes) -> Any:
    """JSON as the platform sends it; half a surrogate pair, which is no text, becomes U+FFFD.

    Raises:
        ValueError: it is no JSON.
    """
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:
        return _mended(json.loads(payload))


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_mended(one) for one in value]
    if isinstance(value, dict):
        return {_mended(key): _mended(one) for key, one in value.items()}
    return value


def _seconds(given: Timeout, usual: float) -> float:
    return usual if given is None or isinstance(given, DefaultValue) else given


def _form(request_data: RequestData) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in (request_data.multipart_data or {}).items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form
