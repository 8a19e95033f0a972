"""How Vietnamese is spelt in a bank: tone marks in one fashion, no English, no missing marks.

Decides what a careful reader would stumble over; none of it keeps a bank from being used.
"""

import re
import unicodedata
from collections.abc import Iterable

# the mark stands on the first vowel in the old fashion, on the second in the new
_OLD = ("òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy")
_NEW = ("oà", "oá", "oả", "oã", "oạ", "oè", "oé", "oẻ", "oẽ", "oẹ", "uỳ", "uý", "uỷ", "uỹ", "uỵ")
_TO_NEW = dict(zip(_OLD, _NEW, strict=True))
_TO_OLD = dict(zip(_NEW, _OLD, strict=True))
_WORD = re.compile(r"[^\W\d_]+")
_VIETNAMESE_WORDS = 5
_ENGLISH_WORDS = 2
# no Vietnamese syllable is spelt like any of these
_ENGLISH = frozenset({
    "of", "and", "is", "are", "was", "were", "been", "which", "what", "with", "for",
    "from", "following", "correct", "answer", "question", "true", "false", "above", "below",
    "not", "should", "when", "where", "who", "whose", "your", "you", "this", "that", "these",
    "those", "will", "by", "have", "has", "all", "none", "both", "either", "statement",
    "option", "choose", "select", "please", "each", "other", "there", "their",
    "they", "used", "using", "between", "because", "about", "into", "after", "before", "during",
    "according", "public", "service", "online", "administrative", "procedure", "government",
    "digital", "transformation", "data",
})  # fmt: skip
_ALONE = frozenset(
    {"true", "false", "yes", "all of the above", "none of the above", "none", "both"}
)


def tone_fashion(word: str) -> tuple[str, str] | None:
    """(fashion, the word in the other) of a word whose mark could stand elsewhere, else None.

    The fashion is "hòa" for the old one and "hoà" for the new.
    """
    lowered = unicodedata.normalize("NFC", word)
    ending = lowered[-2:].lower()
    if ending in _TO_NEW and not (ending[0] in "ùúủũụ" and _is_after_q(lowered)):
        return "hòa", _with_ending(lowered, _TO_NEW[ending])
    if ending in _TO_OLD and not _is_after_q(lowered):
        return "hoà", _with_ending(lowered, _TO_OLD[ending])
    return None


def words_of(texts: Iterable[str]) -> list[str]:
    return [word for text in texts for word in _WORD.findall(unicodedata.normalize("NFC", text))]


def is_english(text: str) -> bool:
    """Whether English stands in the text beyond a name or a term."""
    words = [word.lower() for word in words_of([text])]
    if " ".join(words) in _ALONE:
        return True
    return sum(word in _ENGLISH for word in words) >= _ENGLISH_WORDS


def is_unmarked(text: str) -> bool:
    """Whether a text long enough to need marks has none: typed without, or another language."""
    words = words_of([text])
    has_marks = any(not each.isascii() for word in words for each in word)
    small = [word for word in words if word.islower()]
    return len(small) >= _VIETNAMESE_WORDS and not has_marks


def _is_after_q(word: str) -> bool:
    return word[-3:-2].lower() == "q"


def _with_ending(word: str, ending: str) -> str:
    return word[:-2] + (ending.upper() if word[-2:].isupper() else ending)
