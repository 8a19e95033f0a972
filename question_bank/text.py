"""Text that people type: one form to keep it in, one key to compare it by (FAULTS T45).

Decides which characters survive and which spellings are the same. What is too long, or refused,
the asker decides.
"""

import re
import unicodedata
from functools import lru_cache

_CACHED_CHARACTERS = 4096
# line and page breaks among the controls; other controls vanish
_BREAKS = "\t\n\v\f\r\x85"
# categories: space, line and paragraph separators
_SPACES = frozenset({"Zs", "Zl", "Zp"})
# controls, formats (zero-width, bidi, tags), private use, surrogates, unassigned
_REMOVED = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
# Default_Ignorable_Code_Point outside the categories above (Unicode, DerivedCoreProperties.txt)
_IGNORABLE = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0"
    + "".join(map(chr, [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]))
)
_BRAILLE_BLANK = "\u2800"
# single-step compatibility mappings that only change the look of a letter or digit
_LOOKS = ("<wide> ", "<font> ")
# d with a stroke, and the letters old Vietnamese fonts and keyboards put in its place
_D_LIKE = str.maketrans("đðɖ", "ddd")
_SPACE_RUN = re.compile(" {2,}")

_LATIN = "LATIN "
_CYRILLIC = "CYRILLIC "
_GREEK_LIKE_LATIN = frozenset("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαγικνορτυχωϲϳϹ")


def clean(text: str) -> str:
    """The text in NFC on one line, without what cannot be seen; digits in ASCII.

    Full-width and mathematical letters become plain ones. Every run of white space becomes one
    space, none at the ends. `clean(clean(text)) == clean(text)`.
    """
    visible = "".join(map(_kept, unicodedata.normalize("NFC", text)))
    # again: what stood between a letter and its mark may be gone
    return unicodedata.normalize("NFC", _SPACE_RUN.sub(" ", visible).strip(" "))


def fold(text: str) -> str:
    """Key for search and identity: equal for spellings that differ in marks, case or spaces."""
    bare = unicodedata.normalize("NFD", unicodedata.normalize("NFD", clean(text)).casefold())
    kept = "".join(each for each in bare if unicodedata.category(each) not in {"Mn", "Me"})
    return clean(kept.translate(_D_LIKE))


def has_mixed_scripts(text: str) -> bool:
    """Whether Latin letters stand beside Cyrillic ones, or Greek ones that look Latin."""
    letters = [each for each in unicodedata.normalize("NFD", clean(text)) if each.isalpha()]
    names = [unicodedata.name(each, "") for each in letters]
    foreign = any(name.startswith(_CYRILLIC) for name in names)
    foreign = foreign or not _GREEK_LIKE_LATIN.isdisjoint(letters)
    return foreign and any(name.startswith(_LATIN) for name in names)


def mark_run(text: str) -> int:
    """Longest run of combining marks after NFC; 0 in any Vietnamese text."""
    longest = run = 0
    for each in unicodedata.normalize("NFC", text):
        run = run + 1 if unicodedata.category(each).startswith("M") else 0
        longest = max(longest, run)
    return longest


@lru_cache(_CACHED_CHARACTERS)
def _kept(character: str) -> str:
    """What `clean` puts in a character's place."""
    category = unicodedata.category(character)
    if category in _SPACES or character in _BREAKS or character == _BRAILLE_BLANK:
        return " "
    if category in _REMOVED or character in _IGNORABLE:
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    look = unicodedata.decomposition(character)
    return chr(int(look.split()[1], 16)) if look.startswith(_LOOKS) else character
