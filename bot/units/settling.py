"""A list of units made of what a file says, judged as a whole; every problem is told at once."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.units import problems, words
from bot.units.codes import with_codes
from bot.units.drafts import UnitDraft
from handlers.fields import MAX_NAME
from handlers.unit_lists import USUAL_TARGET
from handlers.units import Unit, Units
from question_bank.text import clean, fold, mark_run

MAX_UNITS = 2_000
MAX_TEXT = 80
_CODE = re.compile(r"[A-Za-z0-9_-]{1,20}")


@dataclass(frozen=True, slots=True)
class Blocks:
    """Ids of blocks with their titles, and which of them is the residential one."""

    titles: Mapping[str, str]
    residential: str

    @property
    def allowed(self) -> str:
        return ", ".join(dict.fromkeys(part for pair in self.titles.items() for part in pair))

    def find(self, typed: str) -> str | None:
        """The id that an id or a title names; ids come first."""
        wanted = fold(typed)
        by_id = (block for block in self.titles if fold(block) == wanted)
        by_title = (block for block, title in self.titles.items() if fold(title) == wanted)
        return next(by_id, None) or next(by_title, None)


def blocks_of(known: Units | None) -> Blocks:
    """Those of the list in force, else the usual ones."""
    if known is not None and known.blocks:
        return Blocks(known.blocks, known.residential_block)
    return Blocks(words.USUAL_BLOCKS, next(iter(words.USUAL_BLOCKS)))


@dataclass(frozen=True, slots=True)
class Settled:
    """`units` None: `problems` say why; `moves` from an old code to the one that stands for it."""

    units: Units | None
    moves: Mapping[str, str]
    problems: tuple[str, ...]


def settle(
    drafts: Sequence[UnitDraft], blocks: Blocks, known: Units | None, file: str, found: list[str]
) -> Settled:
    """The list of these drafts; `found` are the problems that reading them gave."""
    found = list(found)
    if len(drafts) > MAX_UNITS:
        found.append(problems.at(file, problems.TOO_MANY, found=len(drafts), most=MAX_UNITS))
        return Settled(None, {}, tuple(found))
    if not drafts and not found:
        found.append(problems.at(file, problems.NO_UNITS))
    placed = [_in_block(draft, blocks, found) for draft in drafts]
    for draft in placed:
        found.extend(problems.at(draft.at, flaw, **facts) for flaw, facts in _flaws(draft))
    codes = with_codes(placed, known)
    coded = [replace(draft, code=code) for draft, code in zip(placed, codes, strict=True)]
    found.extend(_twins(coded))
    moves = _moves(coded, known, found)
    if found:
        return Settled(None, {}, tuple(found))
    units = Units(
        tuple(_unit(draft, blocks) for draft in coded), dict(blocks.titles), blocks.residential
    )
    return Settled(units, moves, ())


def _in_block(draft: UnitDraft, blocks: Blocks, found: list[str]) -> UnitDraft:
    block = blocks.find(draft.block) if draft.block else None
    if block is None:
        template = problems.BLOCK if draft.block else problems.NO_BLOCK
        facts = {"found": draft.block, "allowed": blocks.allowed}
        found.append(problems.at(draft.at, template, **facts))
    return replace(draft, block=block or draft.block)


def _flaws(draft: UnitDraft) -> Iterator[tuple[str, dict[str, object]]]:
    if not draft.name:
        yield problems.NO_NAME, {}
    if draft.code and not _CODE.fullmatch(draft.code):
        yield problems.CODE, {"found": draft.code}
    names = [one.name for one in draft.leaders]
    texts = [(words.NAME, draft.name, MAX_TEXT), (words.PLACE, draft.place, MAX_TEXT)]
    texts += [(words.ALIASES, alias, MAX_TEXT) for alias in draft.aliases]
    texts += [(words.LEADER, name, MAX_NAME) for name in names]
    for key, text, most in texts:
        if clean(text) != text or mark_run(text):
            yield problems.TEXT, {"key": key, "found": clean(text)[:most]}
        if len(text) > most:
            yield problems.LONG, {"key": key, "found": len(text), "most": most}
        if key in {words.ALIASES, words.LEADER} and ";" in text:
            yield problems.SEPARATOR, {"key": key, "found": text}


def _twins(drafts: Sequence[UnitDraft]) -> Iterator[str]:
    """Codes given twice, and names that nothing tells apart."""
    codes: dict[str, int] = {}
    names: dict[tuple[str, str], int] = {}
    for at, draft in enumerate(drafts):
        first = codes.setdefault(draft.code.casefold(), at)
        if first != at:
            facts = {"found": draft.code, "first": drafts[first].at}
            yield problems.at(draft.at, problems.CODE_TWICE, **facts)
        first = names.setdefault((fold(draft.name), fold(draft.place)), at)
        if first != at and draft.name:
            facts = {"name": draft.name, "first": drafts[first].at}
            yield problems.at(draft.at, problems.NAME_TWICE, **facts)


def _moves(drafts: Sequence[UnitDraft], known: Units | None, found: list[str]) -> dict[str, str]:
    """Which code stands for which old one, as the drafts say."""
    old = {unit.code.casefold(): unit.code for unit in known.units} if known is not None else {}
    kept = {draft.code.casefold() for draft in drafts}
    moves: dict[str, str] = {}
    for draft in drafts:
        for typed in draft.replaces:
            code = old.get(typed.casefold())
            if code is None:
                found.append(problems.at(draft.at, problems.REPLACES, found=typed))
            elif code.casefold() in kept:
                found.append(problems.at(draft.at, problems.REPLACES_KEPT, found=typed))
            elif moves.setdefault(code, draft.code) != draft.code:
                facts = {"found": typed, "first": moves[code]}
                found.append(problems.at(draft.at, problems.REPLACES_TWICE, **facts))
    return moves


def _unit(draft: UnitDraft, blocks: Blocks) -> Unit:
    target = draft.target
    if target is None:
        target = USUAL_TARGET if draft.block == blocks.residential else draft.size
    return Unit(
        draft.code,
        draft.block,
        draft.name,
        draft.place,
        draft.aliases,
        draft.size,
        target,
        draft.leaders,
    )
