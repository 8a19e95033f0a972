"""`/l/TOKEN`: the doors of one-time links. A GET shows and uses nothing; a POST proves by the code.

Knows HTTP and how much of it one may ask. What is done decides `handlers.link_visits`; what people
see, `web.link_pages`; what of a body is taken, `web.sent_files`.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from aiohttp import web

from handlers.file_works import Content
from handlers.link_visits import (
    Ending,
    LinkVisits,
    Opened,
    Previewed,
    Refused,
    Sending,
    View,
    give_up,
)
from handlers.ports import StoreAwayError
from web.allowance import Allowance, address_of
from web.link_pages import LinkPages
from web.sent_files import (
    RefusedBodyError,
    multipart_of,
    read_field,
    read_file_part,
    read_form,
)

PATH = "/l/{token}"
FILE_PATH = "/l/{token}/file"
UPLOADS = 4
"""Files on their way into a process at once: each is held in memory."""
UPLOAD_S = 300.0
"""How long one upload may take, from its code to its preview."""
DOWNLOADS = 2
"""Files made at once in a process; who presses again waits, and finds the link used."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_OWN = frozenset({"same-origin", "none"})
"""Where a form comes from, as browsers say: our own page. Who says nothing has the code to show."""
_CHUNK = 64 * 1024
_RETRY_S = "60"

log = structlog.get_logger(__name__)

Act = Callable[[str], Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class LinkDoors:
    visits: LinkVisits
    pages: LinkPages
    allowance: Allowance
    _slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(UPLOADS))
    _makers: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(DOWNLOADS))

    async def get(self, request: web.Request) -> web.StreamResponse:
        async def look(token: str) -> web.StreamResponse:
            return self._shown(await self.visits.look(token))

        return await self._guarded(request, look)

    async def post(self, request: web.Request) -> web.StreamResponse:
        """A form without a file: `code`, and which `step` it takes."""

        async def step(token: str) -> web.StreamResponse:
            view = await self._step(token, await read_form(request))
            if isinstance(view, Sending):
                return await self._send(request, view)
            return self._shown(view)

        return await self._guarded(request, step)

    async def post_file(self, request: web.Request) -> web.StreamResponse:
        """A form with a file; its code comes first, and without it no byte more is read."""

        async def take(token: str) -> web.StreamResponse:
            async with _in_time():
                return await self._take(request, token)

        return await self._guarded(request, take)

    async def _take(self, request: web.Request, token: str) -> web.StreamResponse:
        reader = await multipart_of(request)
        code = await read_field(reader, "code")
        opened = await self.visits.open(token, code)
        if not isinstance(opened, Opened):
            return _last(self._shown(opened))
        if self._slots.locked():
            raise RefusedBodyError("page.busy", 503)
        async with self._slots:
            try:
                file = await read_file_part(reader)
            except RefusedBodyError as error:
                # The page stands, and says what was wrong: another file may be chosen at once.
                return _last(self._shown(opened, error))
            return self._shown(await self.visits.upload(token, code, file))

    async def _step(self, token: str, form: Mapping[str, str]) -> View:
        code, typed = form.get("code", ""), form.get("upload", "")
        upload = int(typed) if re.fullmatch("[0-9]{1,18}", typed) else 0
        match form.get("step"):
            case "download":
                async with self._makers:
                    return await self.visits.download(token, code)
            case "take":
                return await self.visits.take(token, code, upload)
            case "drop":
                return await self.visits.drop(token, code, upload)
            case _:
                return await self.visits.open(token, code)

    async def _guarded(self, request: web.Request, act: Act) -> web.StreamResponse:
        """What all doors refuse alike, in words."""
        token = request.match_info["token"]
        if not self.allowance.take(address_of(request)):
            return _last(self._told(RefusedBodyError("page.too_many", 429)))
        if _TOKEN.fullmatch(token) is None:
            return _last(self._shown(Refused(Ending.UNKNOWN)))
        if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "none") not in _OWN:
            return _last(self._told(RefusedBodyError("page.foreign", 403)))
        try:
            return await act(token)
        except RefusedBodyError as error:
            return _last(self._told(error))
        except StoreAwayError:
            return _last(self._told(RefusedBodyError("page.busy", 503)))

    def _shown(self, view: View, error: RefusedBodyError | None = None) -> web.Response:
        if isinstance(view, Sending):
            raise TypeError("a file is sent, not shown")
        if isinstance(view, Previewed):
            link, errors = view.seen.link, view.preview.errors
            log.info("file_previewed", purpose=link.purpose, account=link.account, errors=errors)
        status, html = self.pages.page(view, "" if error is None else error.entry)
        return self._html(html, status if error is None else error.status)

    def _told(self, error: RefusedBodyError) -> web.Response:
        response = self._html(self.pages.told(error.entry), error.status)
        if error.status in {429, 503}:
            response.headers["Retry-After"] = _RETRY_S
        return response

    def _html(self, html: str, status: int) -> web.Response:
        headers = self.pages.headers
        return web.Response(text=html, status=status, content_type="text/html", headers=headers)

    async def _send(self, request: web.Request, sending: Sending) -> web.StreamResponse:
        link, purpose, content = sending.seen.link, sending.seen.purpose, sending.content
        response = web.StreamResponse(headers=self.pages.headers)
        response.content_type = purpose.media_type
        response.headers["Content-Disposition"] = f'attachment; filename="{purpose.name}"'
        try:
            response.content_length = await _length_of(content)
            await response.prepare(request)
            async with aclosing(_chunks_of(content)) as chunks:
                async for chunk in chunks:
                    await response.write(chunk)
            await response.write_eof()
        finally:
            await give_up(content)
        log.info("file_sent", purpose=link.purpose, account=link.account)
        return response


def _last(response: web.Response) -> web.Response:
    """Its body may not have been read to the end: nothing more can come on this connection."""
    response.force_close()
    return response


@asynccontextmanager
async def _in_time() -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(UPLOAD_S):
            yield
    except TimeoutError:
        raise RefusedBodyError("page.too_slow", 408) from None


async def _length_of(content: Content) -> int | None:
    if isinstance(content, bytes):
        return len(content)
    if isinstance(content, Path):
        return (await asyncio.to_thread(content.stat)).st_size
    return None


async def _chunks_of(content: Content) -> AsyncGenerator[bytes]:
    if isinstance(content, bytes):
        for start in range(0, len(content), _CHUNK):
            yield content[start : start + _CHUNK]
    elif isinstance(content, Path):
        file = await asyncio.to_thread(content.open, "rb")
        with file:
            while chunk := await asyncio.to_thread(file.read, _CHUNK):
                yield chunk
    else:
        async for chunk in content:
            yield chunk
