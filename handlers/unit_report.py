"""A unit's figures in words: how many take part, what is missing, and at what pace it is reached.

Counts and people only, never a name: what stands here is read in groups, too.
"""

from handlers.desk import Desk
from handlers.office_groups import WARD
from handlers.units import Unit
from scoring.contest import Calendar, Phase
from scoring.instant import Instant, day_of, day_start
from scoring.rules import UnitRule
from scoring.tallies import UnitLine, lines_of, total_of


async def chat_report(desk: Desk, unit: str, at: Instant) -> str:
    """The figures for a chat: of its unit, or of the whole ward."""
    if unit == WARD:
        return await ward_report(desk, at)
    found = desk.units.find(unit)
    if found is None:
        # The unit was taken off the list after the chat was linked to it.
        return desk.text("leader.no_counts", unit=unit)
    return await unit_report(desk, found, at)


async def unit_report(desk: Desk, unit: Unit, at: Instant) -> str:
    """The unit's figures; that there are none yet where nobody counts."""
    lines = await lines_at(desk, at)
    line = next((one for one in lines if one.code == unit.code), None)
    if line is None:
        return desk.text("leader.no_counts", unit=unit.title)
    window = desk.contest.timeline.window_at(at)
    return desk.text(
        "leader.report",
        unit=unit.title,
        at=desk.rendering.border(at),
        people=line.count.people,
        attempts=line.count.attempts,
        registered=line.count.registered,
        grown_people=signed(line.grown.people),
        grown_attempts=signed(line.grown.attempts),
        target=line.target,
        missing=line.missing,
        pace=line.pace,
        days=days_left(window, at),
        place=line.place if line.count.people else None,
        of=line.of,
        block=desk.units.blocks.get(line.block, line.block),
        window=_window(desk, at),
    )


async def ward_report(desk: Desk, at: Instant) -> str:
    """All units together."""
    lines = await lines_at(desk, at)
    if not lines:
        return desk.text("leader.no_counts", unit=desk.text("groups.ward"))
    total = total_of({line.code: line.count for line in lines})
    grown = total_of({line.code: line.grown for line in lines})
    return desk.text(
        "leader.ward_report",
        at=desk.rendering.border(at),
        people=total.people,
        attempts=total.attempts,
        registered=total.registered,
        grown_people=signed(grown.people),
        grown_attempts=signed(grown.attempts),
        reached=sum(line.is_reached for line in lines),
        empty=sum(line.count.people == 0 for line in lines),
        of=len(lines),
        window=_window(desk, at),
    )


def days_left(window: Calendar, at: Instant) -> int:
    """Days of the contest on which people may still take part, today among them."""
    if at >= window.closes:
        return 0
    last = Instant(window.closes - 1)
    return day_of(last) - day_of(max(at, window.opens)) + 1


def signed(number: int) -> str:
    """What came, with its sign: a correction may take people away."""
    return f"{number:+d}" if number else "0"


async def lines_at(desk: Desk, at: Instant) -> tuple[UnitLine, ...]:
    """Every unit as it is at the instant, and what came today; nothing where nobody counts."""
    counts = desk.office.counts
    if counts is None:
        return ()
    units = [UnitRule(one.code, one.block, one.size, one.target) for one in desk.units.units]
    now, before = await counts.until(at), await counts.until(day_start(at))
    left = days_left(desk.contest.timeline.window_at(at), at)
    return lines_of(units, now, before, left)


def _window(desk: Desk, at: Instant) -> str:
    window, phase = desk.contest.timeline.window_at(at), desk.contest.timeline.phase_at(at)
    if phase is Phase.BEFORE:
        return desk.text("leader.window_before", opens=desk.rendering.border(window.opens))
    closes = desk.rendering.border(window.closes)
    is_over = at >= window.closes
    return desk.text("leader.window_closed" if is_over else "leader.window_open", closes=closes)
