"""Vietnamese typed in the encodings of old fonts, which Unicode shows as rubbish.

Decides which of them a text is in; nothing is converted, for whoever owns the file can do it
without a doubt and we cannot.
"""

import re
from typing import Literal

OldEncoding = Literal["TCVN3", "VNI", "UTF-8"]

_WORD = re.compile(r"[^\W\d_][^\s]*|[^\s]*[^\W\d_]")
# letters that TCVN3 shows as signs no other Vietnamese text has inside a word
_TCVN3 = re.compile(r"[A-Za-z][µ¸¶¹¨¾¼¬\u00adÇËÎÏÑÖØÜÞß]|[µ¸¶¹¨¾¼©ª¬®\u00adÇËÎÏÑÖØÜÞß][a-z]")
# a mark as a letter of its own behind its vowel, as VNI's fonts have it
_VNI = re.compile(
    r"[aeouyôö][øûïåäüë]|[aeo][ùõâ]|a[êéèáàãú]|e[áàã]|o[áàã][a-zñ]|ñ[aeiouyôö]",
    re.IGNORECASE,
)
# letters of both that no Vietnamese text in Unicode has
_EITHER = re.compile(r"[ñöæøûïåäüë]", re.IGNORECASE)
# UTF-8 once read as if it were Western European
_BROKEN = re.compile(r"á[»º]|Æ[°¡]|Ã[\u00a0-¿]|Ä[\u0090\u0091‘]|â€")

_LEAST_WORDS = 2
_LEAST_SHARE = 20
"""Words in a hundred: quotations of a sign or of a foreign name stay below."""


def old_encoding(text: str) -> OldEncoding | None:
    """The encoding most of the text's odd words are in; None for Unicode, or too few words."""
    words = _WORD.findall(text)
    tcvn3 = sum(_TCVN3.search(word) is not None for word in words)
    vni = sum(_is_vni(word) for word in words)
    broken = sum(_BROKEN.search(word) is not None for word in words)
    count = max(tcvn3, vni, broken)
    if count < _LEAST_WORDS or count * 100 < len(words) * _LEAST_SHARE:
        return None
    if count == broken:
        return "UTF-8"
    return "TCVN3" if count == tcvn3 else "VNI"


def _is_vni(word: str) -> bool:
    return _VNI.search(word) is not None and (
        _EITHER.search(word) is not None
        or re.search(r"[aeo][ùõâ]|a[êéèáàã]", word, re.IGNORECASE) is not None
    )
