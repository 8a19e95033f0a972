"""A new list of units beside the one in force: what it would change, and proposing it.

Used by the command line and by the upload page. Once a contest counts, a list takes effect as a
proposal that a second person approves (`store.unit_lists`); before, the file is simply written.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.units import problems, words
from bot.units.reading import UnitsReading, read_units
from handlers.catalogue import Catalogue
from handlers.office_proposals import Proposals
from handlers.proposals import Proposal, ProposalId
from handlers.records import AuditEntry
from handlers.unit_lists import UnitChanges, changes_between, units_content
from handlers.units import Units
from store.unit_lists import UNITS, UnitListsStore

ACT = "units.propose"
_NONE = Units((), {}, "")
_NO_CHANGES = UnitChanges((), (), (), {})
_LISTED = 8


@dataclass(frozen=True, slots=True)
class Standing:
    """The list in force, its number in SQL (None: a file's), and the registered by unit code."""

    units: Units | None
    base: int | None = None
    people: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A list ready to be taken, told in `lines`; `units` None: `problems` say why not."""

    standing: Standing
    units: Units | None = None
    changes: UnitChanges = _NO_CHANGES
    lines: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def affected(self) -> int:
        """People whose unit goes: moved, or flagged for the secretaries."""
        return sum(self.standing.people.get(code, 0) for code in self.changes.removed)


async def standing_of(lists: UnitListsStore) -> Standing | None:
    """The list in force in SQL; None: there is none yet."""
    newest = await lists.newest()
    if newest is None:
        return None
    return Standing(newest.units, newest.id, await lists.people_by_unit())


async def prepare(data: bytes, name: str, standing: Standing, maps: Sequence[str] = ()) -> Prepared:
    """Read a file's bytes in the bounded child and compare; changes nothing.

    `name` is what problems call the file, its suffix says what it is; `maps` are `OLD=NEW`.
    """
    reading = await asyncio.to_thread(read_units, name, data, standing.units)
    if reading.units is None:
        return Prepared(standing, problems=reading.problems)
    before = standing.units or _NONE
    moves, flaws = _mapped(reading, before, maps)
    if flaws:
        return Prepared(standing, problems=flaws)
    changes = changes_between(before, reading.units, moves)
    lines = _lines(standing, reading, changes)
    return Prepared(standing, reading.units, changes, lines)


async def propose(
    prepared: Prepared, entry: AuditEntry, proposals: Proposals, catalogue: Catalogue
) -> ProposalId:
    """Put the list on record for a second person, as `proposal_of` has it."""
    return await proposals.propose(proposal_of(prepared, entry, catalogue), entry)


def proposal_of(prepared: Prepared, entry: AuditEntry, catalogue: Catalogue) -> Proposal:
    """The list for a second person to approve; who proposes, when and why is the entry's.

    Raises:
        ValueError: there is nothing to propose, or no list in SQL that it could follow.
    """
    base = prepared.standing.base
    if prepared.units is None or prepared.changes.is_none or base is None:
        raise ValueError("nothing to propose")
    notice = notice_of(prepared, catalogue)
    people = prepared.standing.people
    content = units_content(prepared.units, prepared.changes, people, notice, base)
    return Proposal(UNITS, content, entry.why, entry.account, entry.at)


def notice_of(prepared: Prepared, catalogue: Catalogue) -> str:
    """What the public is told of the change, with the rules that it is part of."""
    changes = prepared.changes
    return catalogue.text(
        "notice_text.units_changed",
        added=len(changes.added),
        removed=len(changes.removed),
        changed=len(changes.changed),
        units=0 if prepared.units is None else len(prepared.units.units),
    )


def _mapped(
    reading: UnitsReading, before: Units, maps: Sequence[str]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """The file's moves with those typed beside it; and what is wrong with these."""
    moves, flaws = dict(reading.moves), []
    units = reading.units or _NONE
    for typed in maps:
        old, equals, new = (part.strip() for part in typed.partition("="))
        unit, gone = units.find(new), before.find(old)
        if not (old and equals and new):
            flaws.append(problems.MAP_FORM.format(found=typed))
        elif gone is None:
            flaws.append(f"--map: {problems.REPLACES.format(found=old)}")
        elif units.find(old) is not None:
            flaws.append(f"--map: {problems.REPLACES_KEPT.format(found=old)}")
        elif unit is None:
            flaws.append(problems.MAP_NEW.format(found=new))
        else:
            moves[gone.code] = unit.code
    return moves, tuple(flaws)


def _lines(standing: Standing, reading: UnitsReading, changes: UnitChanges) -> tuple[str, ...]:
    """What would change, in words; one line each."""
    if changes.is_none:
        return (words.SAME,)
    units, before = reading.units or _NONE, standing.units or _NONE
    lines = [words.PREVIEW.format(units=len(units.units))]
    for template, codes, of in (
        (words.ADDED, changes.added, units),
        (words.REMOVED, changes.removed, before),
        (words.CHANGED, changes.changed, units),
    ):
        if codes:
            lines.append(template.format(count=len(codes), units=_named(codes, of)))
    people = standing.people
    lines += [
        words.MOVED.format(people=people.get(old, 0), old=old, new=new)
        for old, new in changes.moves.items()
    ]
    lines += [
        words.LEFT.format(people=people[code], old=code)
        for code in changes.left
        if people.get(code)
    ]
    if reading.others:
        lines.append(words.IGNORED.format(columns=", ".join(reading.others)))
    affected = sum(people.get(code, 0) for code in changes.removed)
    return (*lines, words.AFFECTED.format(people=affected))


def _named(codes: Sequence[str], units: Units) -> str:
    found = [units.find(code) for code in codes[:_LISTED]]
    shown = "; ".join(f"{one.code} {one.title}" for one in found if one is not None)
    more = len(codes) - _LISTED
    return words.MORE.format(shown=shown, more=more) if more > 0 else shown
