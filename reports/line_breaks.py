"""Where a line may end: Vietnamese writes a word as several syllables, and a line parts none.

Decides nothing about widths. Which words are kept is the catalogue's (`poster.kept_together`).
"""

import re
from collections.abc import Iterable

from reports.typeface import drawable

_FIXED = "\u00a0"
_LOOSE = re.compile(r"[^\S\u00a0]+")
_BEFORE_NUMBER = re.compile(r" (?=\d)")
# A name of a place or a person, after the word that says what it is the name of.
_WITHIN_NAME = re.compile(r"(?<=[ (])([^\W\d_]+) (?=[^\W\d_])")


def kept_together(text: str, words: Iterable[str]) -> str:
    """The text with fixed spaces inside these words, inside names and before numbers."""
    shown = drawable(text)
    for word in words:
        pattern = rf"(?<!\w){re.escape(drawable(word))}(?!\w)"
        shown = re.sub(pattern, _fixed, shown, flags=re.IGNORECASE)
    shown = _BEFORE_NUMBER.sub(_FIXED, shown)
    return _WITHIN_NAME.sub(_name, shown)


def pieces_of(text: str) -> tuple[str, ...]:
    """What may stand on lines of its own, in order, each with plain spaces."""
    return tuple(drawable(piece) for piece in _LOOSE.split(text) if piece.strip())


def loosened(text: str) -> tuple[str, ...]:
    """The same where every syllable may."""
    return tuple(drawable(text).split())


def _fixed(found: re.Match[str]) -> str:
    return found[0].replace(" ", _FIXED)


def _name(found: re.Match[str]) -> str:
    follows = found.string[found.end()]
    is_name = found[1].istitle() and follows.isupper()
    return f"{found[1]}{_FIXED}" if is_name else found[0]
