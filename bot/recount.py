"""The hourly recount of units, beside the door: its finding is an alarm (`bot.watch`).

One process a machine does it, the one that speaks for all workers. A process that has just come up
has other things to do first.
"""

import structlog

from bot.parts import Parts
from bot.timing import Timer
from handlers.ports import StoreAwayError
from scheduler.recounting import Recounter

FIRST_S = 600.0
EVERY_S = 3_600.0
NAMED = 20
"""Units in the log's line; more of them are the same trouble."""

log = structlog.get_logger(__name__)


async def keep_recounting(parts: Parts, timer: Timer | None = None) -> None:
    """For as long as the process runs."""
    if not parts.place.is_leading:
        return
    timer = timer or Timer()
    await timer.sleep(FIRST_S)
    while True:
        await recount(parts)
        await timer.sleep(EVERY_S)


async def recount(parts: Parts) -> None:
    """Look once; what cannot be read now is looked at in an hour."""
    house = parts.house
    try:
        differing = await Recounter(house.store.recounts, house.clock).differing()
    except StoreAwayError:
        log.warning("recount_waits_for_store")
        return
    if differing:
        log.error("counts_differ", count=len(differing), units=differing[:NAMED])
    parts.findings.differing_units = differing
