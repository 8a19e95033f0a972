"""Numbers, times and names as they are read aloud: words, and no sign that has none.

The words are the catalogue's section [spoken]; how they are put together is the language's.
"""

import re
from dataclasses import dataclass

from handlers.catalogue import Catalogue
from handlers.rendering import Rendering, number_shown
from scoring.instant import Instant

_MOST = 1_000_000_000
_GROUP = 1_000
_DIGITS = re.compile(r"\d+")
_SIGNS = re.compile(r"[^\w\s,.;]+")
_SPACES = re.compile(r"\s+")
_EARLY = 10
_APRIL, _FOUR, _FIVE = 4, 4, 5


@dataclass(frozen=True, slots=True)
class Voice:
    """Reads with the words of a catalogue."""

    rendering: Rendering

    def number(self, number: int) -> str:
        """`một nghìn hai trăm linh năm`."""
        if not 0 < number < _MOST:
            return self._digit(0) if number == 0 else number_shown(number)
        said: list[str] = []
        for name, size in (("million", _GROUP**2), ("thousand", _GROUP), ("", 1)):
            group = number // size % _GROUP
            if group:
                said += self._group(group, is_full=bool(said))
                said += [self._word(name)] if name else []
        return " ".join(said)

    def time(self, at: Instant) -> str:
        parts = self.rendering.border_parts(at)
        minute = int(parts["minute"])
        return self._catalogue.text(
            "spoken.time",
            hour=self.number(int(parts["hour"])),
            minute=self.number(minute) if minute else "",
        )

    def date(self, at: Instant) -> str:
        parts = self.rendering.border_parts(at)
        day, month = int(parts["day"]), int(parts["month"])
        return self._catalogue.text(
            "spoken.date",
            is_early=day <= _EARLY,
            day=self.number(day),
            month=self._word("four") if month == _APRIL else self.number(month),
        )

    def words(self, text: str) -> str:
        """A name or a title: its numbers in words, its signs left out."""
        said = _DIGITS.sub(lambda found: f" {self.number(int(found[0]))} ", text)
        return _SPACES.sub(" ", _SIGNS.sub(" ", said)).strip()

    def _group(self, group: int, *, is_full: bool) -> list[str]:
        """Up to three digits; `is_full`: with the hundreds, after what came before."""
        hundreds, rest = divmod(group, 100)
        tens, ones = divmod(rest, 10)
        said = []
        if hundreds or is_full:
            said = [self._digit(hundreds), self._word("hundred")]
        if tens == 1:
            said.append(self._word("ten"))
        elif tens:
            said += [self._digit(tens), self._word("tens")]
        elif ones and said:
            said.append(self._word("odd"))
        if ones:
            said.append(self._ones(ones, tens))
        return said

    def _ones(self, ones: int, tens: int) -> str:
        """The last digit, which changes after tens."""
        if tens and ones == _FIVE:
            return self._word("five")
        if tens > 1 and ones in {1, _FOUR}:
            return self._word("one" if ones == 1 else "four")
        return self._digit(ones)

    def _digit(self, digit: int) -> str:
        return self._word(f"digit_{digit}")

    def _word(self, name: str) -> str:
        return self._catalogue.text(f"spoken.{name}")

    @property
    def _catalogue(self) -> Catalogue:
        return self.rendering.catalogue
