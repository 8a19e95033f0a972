"""Codes for units that were given none: short, from the name, and the same on every reading.

A unit of the list in force keeps its code; whatever the order of the rows, a new one gets the same.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from bot.units.drafts import UnitDraft
from handlers.units import Units
from question_bank.text import fold

LONGEST = 20
_UNNAMED = "DV"
_WORDS = re.compile(r"[a-z]+|[0-9]+")
_SMALL = {"va", "cua", "so"}
_SHORT = {
    "to dan pho": "TDP",
    "khu dan cu": "KDC",
    "khu pho": "KP",
    "truong tieu hoc": "TH",
    "truong trung hoc co so": "THCS",
    "truong thcs": "THCS",
    "truong trung hoc pho thong": "THPT",
    "truong thpt": "THPT",
    "truong mam non": "MN",
    "trung tam": "TT",
    "van phong": "VP",
    "phong": "P",
}


def with_codes(drafts: Sequence[UnitDraft], known: Units | None) -> list[str]:
    """The code of each draft, in order; `block` is an id already."""
    codes = [draft.code for draft in drafts]
    taken = {code.casefold() for code in codes if code}
    for at, code in _kept(drafts, known, taken).items():
        codes[at] = code
        taken.add(code.casefold())
    if known is not None:
        # An old unit's code means that unit: no other may take it over.
        taken |= {unit.code.casefold() for unit in known.units}
    missing = [at for at, code in enumerate(codes) if not code]
    for at, code in _made(drafts, missing, taken).items():
        codes[at] = code
    return codes


def _kept(drafts: Sequence[UnitDraft], known: Units | None, taken: set[str]) -> dict[int, str]:
    """Codes of units that are on the list in force: the very same, or the only one of its name."""
    if known is None:
        return {}
    full = {(one.block, fold(one.name), fold(one.place)): one.code for one in known.units}
    of_name = Counter((one.block, fold(one.name)) for one in known.units)
    by_name = {(one.block, fold(one.name)): one.code for one in known.units}
    drawn = Counter((one.block, fold(one.name)) for one in drafts)
    kept: dict[int, str] = {}
    for at, draft in enumerate(drafts):
        name = (draft.block, fold(draft.name))
        code = full.get((*name, fold(draft.place)))
        if code is None and of_name[name] == drawn[name] == 1:
            code = by_name[name]
        if not draft.code and code is not None and code.casefold() not in taken:
            kept[at] = code
    return kept


def _made(drafts: Sequence[UnitDraft], missing: Sequence[int], taken: set[str]) -> dict[int, str]:
    used = set(taken)
    by_base: dict[str, list[int]] = defaultdict(list)
    for at in missing:
        by_base[_base(drafts[at].name)].append(at)
    made: dict[int, str] = {}
    for base, places in sorted(by_base.items()):
        is_alone = len(places) == 1 and base.casefold() not in used
        for at in sorted(places, key=lambda one: _key(drafts[one])):
            wanted = base if is_alone else _joined(base, _initials(fold(drafts[at].place)))
            made[at] = _free(wanted, used)
            used.add(made[at].casefold())
    return made


def _key(draft: UnitDraft) -> tuple[str, str, str]:
    return fold(draft.name), fold(draft.place), draft.block


def _free(wanted: str, used: set[str]) -> str:
    tries = [wanted, *(_joined(wanted, str(number)) for number in range(2, len(used) + 3))]
    return next(code for code in tries if code.casefold() not in used)


def _base(name: str) -> str:
    words = fold(name)
    short = next(
        (begin for begin in sorted(_SHORT, key=len, reverse=True) if f"{words} ".startswith(begin)),
        "",
    )
    head = [_SHORT[short]] if short else []
    rest = [one for one in _WORDS.findall(words[len(short) :]) if one not in _SMALL]
    code = "-".join([*head, *map(_word, rest)])
    if len(code) > LONGEST:
        code = "-".join([*head, _initials(words[len(short) :])])[:LONGEST].strip("-")
    return code or _UNNAMED


def _word(word: str) -> str:
    return word.zfill(2) if word.isdigit() else word.upper()


def _initials(folded: str) -> str:
    words = [one for one in _WORDS.findall(folded) if one not in _SMALL]
    return "".join(one if one.isdigit() else one[0].upper() for one in words)


def _joined(base: str, end: str) -> str:
    end = end[: LONGEST // 2]
    return f"{base[: LONGEST - 1 - len(end)]}-{end}" if end else base
