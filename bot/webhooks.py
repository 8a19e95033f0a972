"""Bodies of webhooks into the door: decoded, committed, answered with the tap's toast.

What is no update is recorded as a dead letter where it has an id, and dropped where it has none.
"""

from collections.abc import Awaitable, Callable

import msgspec
import structlog

from bot.door import Door
from bot.platforms.telegram_http import read_json
from bot.platforms.telegram_types import Update

log = structlog.get_logger(__name__)

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Update).decode


def take_into(door: Door) -> Callable[[bytes], Awaitable[bytes | None]]:
    """Takes one body; returns the call to answer with, or None for an empty answer."""

    async def take(body: bytes) -> bytes | None:
        received = door.received()
        update = await _update_in(body, door)
        if update is None:
            return None
        accepted = await door.accept(update, received)
        if accepted.is_step:
            door.acknowledged(received)
        if accepted.toast is None:
            return None
        return _encode({"method": "answerCallbackQuery"} | accepted.toast)

    return take


async def _update_in(body: bytes, door: Door) -> Update | None:
    try:
        return _decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return await _mended(body, door)


async def _mended(body: bytes, door: Door) -> Update | None:
    """An update that only the strict decoder refuses: one with half a surrogate pair in it."""
    try:
        raw = read_json(body)
        update_id = int(raw["update_id"])
    except (KeyError, TypeError, ValueError, RecursionError):
        log.warning("not_an_update")
        return None
    try:
        return msgspec.convert(raw, Update)
    except (msgspec.MsgspecError, RecursionError):
        await door.bury(update_id, "shape")
        return None
