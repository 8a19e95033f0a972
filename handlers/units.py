"""Units (đơn vị) as data: found by code, by words without diacritics, or block by block.

Where they come from (a file, later an upload) is the edge's business.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from question_bank.text import fold

# "to7" and "TDP06" are two words each.
_WORD = re.compile(r"[^\W\d_]+|\d+")


@dataclass(frozen=True, slots=True)
class Contact:
    """Who leads a unit, as its list says; nobody's role follows from it. `phone` in E.164."""

    name: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as the rules name it; `place` is the village or former name shown beside it."""

    code: str
    block: str
    name: str
    place: str = ""
    aliases: tuple[str, ...] = ()
    size: int = 0
    target: int = 0
    leaders: tuple[Contact, ...] = field(default=(), repr=False)

    @property
    def title(self) -> str:
        return f"{self.name} ({self.place})" if self.place else self.name


@dataclass(frozen=True, slots=True)
class Units:
    """All units in the order of the list; `blocks` maps a block's id to its title, in order."""

    units: tuple[Unit, ...]
    blocks: Mapping[str, str]
    residential_block: str

    def find(self, code: str) -> Unit | None:
        """The unit of a code, as a deep link or a button carries it (case does not matter)."""
        wanted = code.casefold()
        return next((unit for unit in self.units if unit.code.casefold() == wanted), None)

    def in_block(self, block: str) -> tuple[Unit, ...]:
        return tuple(unit for unit in self.units if unit.block == block)

    def search(self, typed: str, limit: int) -> tuple[Unit, ...]:
        """Units that have every typed word; whole words and exact numbers first.

        "to 7" finds "Tổ dân phố 7" and not "Tổ dân phố 17"; "nhan trach" finds by village.
        """
        words = _WORD.findall(fold(typed))
        if not words:
            return ()
        scored = [
            (score, order, unit)
            for order, unit in enumerate(self.units)
            if (score := _score(words, _words_of(unit)))
        ]
        scored.sort(key=lambda one: (-one[0], one[1]))
        return tuple(unit for _, _, unit in scored[:limit])

    def is_residential(self, unit: Unit) -> bool:
        return unit.block == self.residential_block


def _words_of(unit: Unit) -> frozenset[str]:
    texts = (unit.name, unit.place, unit.code, *unit.aliases)
    return frozenset(word for text in texts for word in _WORD.findall(fold(text)))


def _score(typed: Sequence[str], words: frozenset[str]) -> int:
    """0 where a typed word is missing; a number must match whole, a word may be a beginning."""
    score = 0
    for word in typed:
        number = word.lstrip("0") or word
        if word in words or number in words:
            score += 2
        elif not word.isdigit() and any(other.startswith(word) for other in words):
            score += 1
        else:
            return 0
    return score
