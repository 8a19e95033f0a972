"""The labels organisers write before questions, choices, keys and notes.

Decides what a label is, whatever its case and marks; what follows from one, the readers decide.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from question_bank.question import Status
from question_bank.text import clean, fold

NAMED_QUESTION = re.compile(
    r"(?:cau hoi|cau|question|bai)\s*(?:so\s*)?(\d{1,4})\s*(?:\([^)]{1,40}\)\s*)?"
    r"(?:[.:)/\]–—-]+\s*|\s+|$)"
)
NUMBER = re.compile(r"\(?(\d{1,4})\s*(?:[.):]+|/(?=\s|[^\W\d]))\s*(?!\d)(?=\S)")
_OPTION = re.compile(r"[\[(]?\s*(\*?)\s*([A-Ha-h])\s*(?:[.):]+|[/\-–](?=\s)|\])\s*")
_BETWEEN = re.compile(r"(?:\t\s*|\s{2,})[\[(]?\*?([A-Ha-h])\s*[.):]")
_CLOSE_BY = re.compile(r"\s[\[(]?\*?([A-H])\s*[.)](?=\s)")
_KEY = re.compile(
    r"(?:[=\->*]+\s*)?(?:(?:dap an|phuong an dung|d/a)(?:\s+(?:dung|chinh xac|la))*\s*[:.=\-–]?"
    r"|(?:key|answer|chon|tra loi|da)\s*[:=])\s*"
)
_KEY_HEADING = re.compile(
    r"(?:(?:bang|phan|goi y)\s+)?dap an(?:\s+(?:dung|cac cau.*|chi tiet|trac nghiem))?\s*:?"
)
_ANSWER = re.compile(r"(?:cau\s*)?(\d{1,4})\s*[.:)\-–/]?\s*([a-z])\b")
_NOTES = {
    "source": "nguon|can cu|can cu phap ly|trich dan|van ban|theo van ban|source",
    "explanation": "giai thich|loi giai|explanation",
    "difficulty": "muc do|do kho|cap do|muc",
    "topic": r"(?:chu de|linh vuc|chuyen de|topic)(?:\s+\d{1,2})?",
    "topic_code": "ma chu de",
    "id": "ma cau hoi|ma cau|id",
    "pin": "giu cho phuong an cuoi|co dinh phuong an cuoi",
    "option_ids": "ma phuong an",
    "status": "trang thai",
    "author": "nguoi soan",
    "approved_by": "nguoi duyet",
}
_NOTE = {name: re.compile(rf"(?:{words})\s*[:]\s*") for name, words in _NOTES.items()}
_TOPIC_DOT = re.compile(r"(?:chu de|linh vuc|chuyen de)\s+(?:\d{1,2}|[ivx]{1,5})\s*[.\-–]\s*")
_SECTION = re.compile(
    r"(?:(?:phan|chuong|muc|nhom)\s+)?(?:\d{1,2}|[ivx]{1,5}|[a-h])\s*[.:)\-–]\s+|(?:phan|chuong)\s+\S+\s*"
)
_YES = frozenset({"co", "x", "dung", "yes", "true", "1", "v"})
_NO = frozenset({"", "khong", "sai", "no", "false", "0"})
_DIFFICULTIES = {
    "1": 1, "de": 1, "nhan biet": 1, "biet": 1, "co ban": 1,
    "2": 2, "vua": 2, "trung binh": 2, "thong hieu": 2, "hieu": 2, "tb": 2,
    "3": 3, "kho": 3, "van dung": 3, "van dung cao": 3, "nang cao": 3,
}  # fmt: skip
_STATUSES: dict[str, Status] = {
    "nhap": "draft", "draft": "draft", "chua duyet": "draft",
    "da duyet": "approved", "duyet": "approved", "approved": "approved",
    "da bo": "retired", "bo": "retired", "retired": "retired",
}  # fmt: skip
STARS = ("*", "✓", "✔", "☑", "(x)", "[x]", "(đúng)", "(Đúng)", "(ĐÚNG)", "(đ)", "(Đ)")
DASHES = re.compile(r"[\s\-–—_=*~.…]*")


def bare(text: str) -> str:
    """The text without marks and case, of the same length: for patterns to look at."""
    return "".join(map(_bare_letter, text))


@lru_cache(4096)
def _bare_letter(letter: str) -> str:
    if letter in "đĐ":
        return "d"
    plain = unicodedata.normalize("NFD", letter)[0].lower()
    return plain if len(plain) == 1 else letter


def option_label(text: str) -> re.Match[str] | None:
    """A choice's label at the beginning: group 1 a star or nothing, group 2 the letter."""
    return _OPTION.match(text)


def option_starts(text: str) -> list[int]:
    """Where the choices of a line begin; fewer than two when it is not a line of several."""
    for pattern, least in ((_BETWEEN, 2), (_CLOSE_BY, 3)):
        starts = _run_of_labels(text, pattern)
        if len(starts) >= least:
            return starts
    return []


def _run_of_labels(text: str, pattern: re.Pattern[str]) -> list[int]:
    found = [(match.start(), match[1].lower()) for match in pattern.finditer(text)]
    if (first := option_label(text)) is not None:
        found.insert(0, (0, first[2].lower()))
    consecutive = all(ord(two) - ord(one) == 1 for (_, one), (_, two) in pairwise(found))
    return [start for start, _ in found] if consecutive else []


def question_label(text: str, *, is_named: bool) -> re.Match[str] | None:
    """A question's label; `is_named`: the file writes “Câu 1”, so that bare numbers are text."""
    return NAMED_QUESTION.match(bare(text)) or (None if is_named else NUMBER.match(text))


def key_text(text: str) -> str | None:
    """What stands behind “Đáp án:”; None when the line is no key."""
    found = _KEY.match(bare(text))
    return None if found is None else text[found.end() :].strip()


def is_key_heading(text: str) -> bool:
    return _KEY_HEADING.fullmatch(bare(text).strip()) is not None


def answers_in(text: str) -> list[tuple[int, str]]:
    """Pairs as in “1. B  2. C” when the line holds nothing else."""
    plain = bare(text)
    pairs = [(int(match[1]), match[2]) for match in _ANSWER.finditer(plain)]
    return pairs if not re.sub(r"[\s;,.|]+", "", _ANSWER.sub("", plain)) else []


def note_in(text: str) -> tuple[str, str] | None:
    """Name and text of a note such as “Nguồn: …”."""
    plain = bare(text)
    for name, pattern in _NOTE.items():
        if found := pattern.match(plain):
            return name, text[found.end() :].strip()
    if found := _TOPIC_DOT.match(plain):
        return "topic", text[found.end() :].strip()
    return None


def section_title(text: str) -> str | None:
    """The title behind “Phần II.” or “III.”; None when the line begins with neither."""
    found = _SECTION.match(bare(text))
    return None if found is None else text[found.end() :].strip(" .:-–")


def difficulty_of(text: str) -> int | None:
    """1 to 3; None for what is none of the words used; an empty text is easy."""
    said = fold(text).strip(" .()")
    return 1 if not said else _DIFFICULTIES.get(said.split(" (")[0])


def status_of(text: str) -> Status | Literal[""] | None:
    """Empty where nothing is said; None for what is none of the words used."""
    said = fold(text)
    return _STATUSES.get(said) if said else ""


def yes_or_no(text: str) -> bool | None:
    said = fold(text)
    if said in _NO:
        return False
    return True if said in _YES else None


def without_star(text: str) -> tuple[str, bool]:
    """The text without the sign that marks a key at either end, and whether there was one."""
    stripped = text.strip()
    for star in STARS:
        if stripped.endswith(star) and len(stripped) > len(star):
            return stripped[: -len(star)].strip(), True
        if stripped.startswith(star) and len(stripped) > len(star):
            return stripped[len(star) :].strip(), True
    return clean(text), False
