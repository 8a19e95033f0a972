"""What tallies say: to a unit, to the organisers, and over the ward's loudspeakers.

Made of a tally as it was kept, so that the same tally says the same whenever it is sent. A text
that stands under a picture is as short as the platform asks.
"""

from collections.abc import Callable, Sequence

from markupsafe import Markup

from handlers.daily_tallies import TallyKey
from handlers.desk import Desk
from handlers.rendering import change_shown, number_shown
from handlers.spoken import Voice
from scoring.daily_tallies import Tally, movers, without_anybody
from scoring.tallies import UnitLine

CAPTION = 980
"""Characters under a picture: the platform takes 1,024, a trial's heading among them."""

MOST_NAMED, MOST_MOVERS, MOST_SPOKEN = 12, 5, 3
MOST_TIMES = 10


def unit_text(desk: Desk, tally: Tally, line: UnitLine) -> str:
    """For the unit's own chats."""
    is_placed = line.of > 1 and line.count.people > 0
    return desk.text(
        "tally.unit",
        unit=unit_named(desk, line.code),
        at=desk.rendering.border(tally.at),
        is_final=tally.is_final,
        people=number_shown(line.count.people),
        attempts=number_shown(line.count.attempts),
        registered=number_shown(line.count.registered),
        grown_people=change_shown(line.grown.people),
        grown_attempts=change_shown(line.grown.attempts),
        target=number_shown(line.target) if line.target else "",
        is_reached=line.is_reached,
        missing=number_shown(line.missing) if line.missing else "",
        pace=number_shown(line.pace) if line.pace else "",
        place=line.place if is_placed else "",
        of=line.of,
        block=desk.units.blocks.get(line.block, ""),
    )


def ward_text(desk: Desk, tally: Tally) -> str:
    """For the organisers: the whole ward, under its first picture; names as many as fit."""
    return _fitting(lambda most: _ward_text(desk, tally, most))


def page_text(desk: Desk, tally: Tally, page: int, pages: int) -> str:
    """Under each further picture."""
    at = desk.rendering.border(tally.at)
    return desk.text("tally.page", at=at, page=page, pages=pages)


def morning_text(desk: Desk, tally: Tally) -> str:
    """For the loudspeakers: to be read aloud within a minute."""
    return desk.text("tally.morning", spoken=spoken_text(desk, tally))


def spoken_text(desk: Desk, tally: Tally) -> str:
    """The words alone, no digit and no sign among them."""
    voice = Voice(desk.rendering)
    named = [_said(desk, voice, line.code) for line in movers(tally)[:MOST_SPOKEN]]
    grown = tally.grown.people
    return desk.text(
        "tally.spoken",
        contest=voice.words(desk.text("contest.name")),
        is_final=tally.is_final,
        time=voice.time(tally.at),
        date=voice.date(tally.at),
        people=voice.number(tally.total.people) if tally.total.people else "",
        attempts=voice.number(tally.total.attempts),
        grown=voice.number(grown) if grown > 0 else "",
        reached=voice.number(tally.reached) if tally.reached else "",
        movers=_listed(desk, named),
        closes_time=voice.time(tally.closes),
        closes_date=voice.date(tally.closes),
    )


def skipped_text(desk: Desk, keys: Sequence[TallyKey]) -> str:
    """For the organisers: what was left out, and why."""
    lines = [
        desk.text(
            "tally.skipped_line",
            at=desk.rendering.border(key.planned_at),
            kind=desk.text(f"tally.kind_{key.job}"),
        )
        for key in keys
    ]
    rest = max(0, len(lines) - MOST_TIMES)
    return desk.text("tally.skipped", lines=_joined(lines[-MOST_TIMES:], "\n"), rest=rest)


def unit_named(desk: Desk, code: str) -> str:
    """The unit's title; a unit that is in the list no more has its code."""
    unit = desk.units.find(code)
    return code if unit is None else unit.title


def _ward_text(desk: Desk, tally: Tally, most: int) -> str:
    moved, empty = movers(tally), without_anybody(tally)
    rows = [
        desk.text(
            "tally.mover",
            unit=unit_named(desk, line.code),
            grown=change_shown(line.grown.people),
            people=number_shown(line.count.people),
        )
        for line in moved[: min(most, MOST_MOVERS)]
    ]
    shown = [desk.text("tally.named", unit=unit_named(desk, line.code)) for line in empty[:most]]
    return desk.text(
        "tally.ward",
        at=desk.rendering.border(tally.at),
        is_final=tally.is_final,
        people=number_shown(tally.total.people),
        attempts=number_shown(tally.total.attempts),
        registered=number_shown(tally.total.registered),
        grown_people=change_shown(tally.grown.people),
        grown_attempts=change_shown(tally.grown.attempts),
        reached=tally.reached,
        units=sum(line.target > 0 for line in tally.lines),
        movers=_joined(rows, "\n"),
        empty=len(empty),
        named=_joined(shown, "; "),
        rest=len(empty) - len(shown),
    )


def _fitting(text_with: Callable[[int], str]) -> str:
    """The text with the most names that fit under a picture."""
    texts = (text_with(most) for most in range(MOST_NAMED, 0, -1))
    return next((text for text in texts if len(text) <= CAPTION), "") or text_with(0)


def _joined(texts: Sequence[str], between: str) -> str:
    """Texts of the catalogue, which are safe as they are, in one."""
    return Markup(between).join(texts)  # noqa: S704 (of our own, and nothing in it)


def _listed(desk: Desk, names: Sequence[str]) -> str:
    """As a sentence lists names."""
    if len(names) < 2:  # noqa: PLR2004 (a list)
        return "".join(names)
    return desk.text("tally.spoken_list", first=", ".join(names[:-1]), last=names[-1])


def _said(desk: Desk, voice: Voice, code: str) -> str:
    return voice.words(unit_named(desk, code))
