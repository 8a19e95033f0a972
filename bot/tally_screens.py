"""How tallies look when they are sent: the words of what was kept, a picture where there is one.

A picture that could not be drawn costs nobody the words. A tally that is not there any more, as
after a rehearsal began anew, is stale; so is one to somebody whose role has ended meanwhile.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

import structlog

from handlers.daily_tallies import FINAL, MORNING, SKIPPED, UNIT, WARD, TallyKey
from handlers.desk import Desk
from handlers.office_groups import WARD as OF_WARD
from handlers.ports import HoithiError, StoreAwayError
from handlers.records import OutboxMessage
from handlers.reply import Attached, Place, Screen
from handlers.tally_texts import morning_text, page_text, skipped_text, unit_text, ward_text
from handlers.told_of import is_told_of
from scoring.daily_tallies import Tally
from scoring.instant import Instant

T = TypeVar("T")

log = structlog.get_logger(__name__)


async def unit_screen(desk: Desk, message: OutboxMessage) -> Screen | None:
    unit = str(message.notice.arguments.get("unit"))
    tally = await _tally_of(desk, message, unit)
    line = None if tally is None else tally.line_of(unit)
    if tally is None or line is None:
        return None
    pictures = desk.office.tally_pictures
    picture = await _drawn(lambda: pictures.unit_picture(tally, line.code), None)
    return Screen(unit_text(desk, tally, line), place=Place.BELOW, file=picture)


async def ward_screen(desk: Desk, message: OutboxMessage) -> Screen | None:
    """Each page has its picture; the first has the words, with or without one."""
    tally = await _tally_of(desk, message)
    page = message.notice.arguments.get("page")
    if tally is None or not isinstance(page, int):
        return None
    nothing: tuple[Attached, ...] = ()
    pictures = await _drawn(lambda: desk.office.tally_pictures.ward_pictures(tally), nothing)
    picture = pictures[page - 1] if page <= len(pictures) else None
    if page == 1:
        return Screen(ward_text(desk, tally), place=Place.BELOW, file=picture)
    if picture is None:
        return None
    text = page_text(desk, tally, page, len(pictures))
    return Screen(text, place=Place.BELOW, file=picture)


async def morning_screen(desk: Desk, message: OutboxMessage) -> Screen | None:
    tally = await _tally_of(desk, message)
    return None if tally is None else Screen(morning_text(desk, tally), place=Place.BELOW)


async def skipped_screen(desk: Desk, message: OutboxMessage) -> Screen | None:
    left_out = message.notice.arguments.get("left_out")
    pairs = left_out if isinstance(left_out, list) else []
    keys = [TallyKey(str(job), Instant(planned_at)) for job, planned_at in pairs]
    if not keys or not await is_told_of(desk, message, OF_WARD):
        return None
    return Screen(skipped_text(desk, keys), place=Place.BELOW)


TALLY_SCREENS: Mapping[str, Callable[[Desk, OutboxMessage], Awaitable[Screen | None]]] = {
    UNIT: unit_screen,
    WARD: ward_screen,
    FINAL: ward_screen,
    MORNING: morning_screen,
    SKIPPED: skipped_screen,
}


async def _tally_of(desk: Desk, message: OutboxMessage, unit: str = OF_WARD) -> Tally | None:
    """None where it is stale, or the chat's owner has no role (any more) that it is for."""
    arguments = message.notice.arguments
    job, planned_at = arguments.get("job"), arguments.get("planned_at")
    if not isinstance(planned_at, int) or not await is_told_of(desk, message, unit):
        return None
    return await desk.office.tallies.kept(TallyKey(str(job), Instant(planned_at)))


async def _drawn(draw: Callable[[], Awaitable[T]], otherwise: T) -> T:
    try:
        return await draw()
    except StoreAwayError:
        raise
    except HoithiError as error:
        log.warning("tally_without_picture", error=type(error).__name__)
        return otherwise
