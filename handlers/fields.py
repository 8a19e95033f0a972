"""What people may type into a field, as pure checks: cleaned value or the entry that says no.

One way to write each value is stored, so two spellings are one person (FAULTS T37, T45).
"""

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers

from question_bank.text import clean, fold, has_mixed_scripts, mark_run
from scoring.attempt import MAX_GUESS

MAX_NAME = 60
OLDEST_BORN = 1900
GUARDED_AGE = 16
MIN_REASON, MAX_REASON = 5, 200
MAX_DECISION = 60
MAX_TYPED = 400
"""Longer texts are no field's value; they are cut before any work is done on them."""

_NAME = re.compile(r"[^\W\d_]+(?:[ '.-]{1,2}[^\W\d_]+)*\.?")
_NAME_SIGNS = " '.-"
# Telephones put a curly one where a keyboard has the straight one.
_APOSTROPHES = str.maketrans("‘’ʼ", "'''")
_PHONE_LIKE = re.compile(r"(?:\d[ .-]?){9}")
_DECISION = re.compile(r"[\w/.-]+(?: [\w/.-]+)*")
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_GROUPED = re.compile(r"\d{1,3}(?:[ .]\d{3})+")
_OLD_MOBILE = re.compile(r"(?:\+?84|0)1[2-9]\d{8}")
_SIGNED = re.compile(r"(?:^|\s)[-−+]\s*\d")
_LETTER_WORDS = frozenset({"dap", "an", "phuong", "cau", "chon", "tra", "loi", "la"})


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a typed value was not taken: an entry of the catalogue."""

    entry: str


def typed(text: str) -> str:
    """Typed text, bounded and clean."""
    return clean(text[:MAX_TYPED])


def read_name(text: str) -> str | Refused:
    """A full name: letters of one script, two words or more, at most `MAX_NAME` signs."""
    name = typed(text).translate(_APOSTROPHES)
    is_name = (
        len(text) <= MAX_TYPED
        and len(name) <= MAX_NAME
        and len(name.split()) > 1
        and mark_run(name) == 0
        and _NAME.fullmatch(name) is not None
        and not has_mixed_scripts(name)
        and all("LATIN" in unicodedata.name(sign, "") for sign in name if sign not in _NAME_SIGNS)
    )
    return name if is_name else Refused("register.name_invalid")


def read_born(text: str, this_year: int, min_age: int) -> int | Refused:
    """A birth year, typed alone or inside a date."""
    years = _YEAR.findall(typed(text))
    if len(years) == 1 and OLDEST_BORN <= int(years[0]) <= this_year - max(min_age, 1):
        return int(years[0])
    return Refused("register.born_invalid")


def read_phone(text: str) -> str | Refused:
    """A Vietnamese mobile number in E.164, from any usual way to write it."""
    digits = re.sub(r"[^\d+]", "", typed(text))
    if _OLD_MOBILE.fullmatch(digits):
        return Refused("register.phone_old")
    number = _parsed(digits)
    if number is None or number.country_code != 84:  # noqa: PLR2004 (Viet Nam's country code)
        return Refused("register.phone_invalid")
    if phonenumbers.number_type(number) != phonenumbers.PhoneNumberType.MOBILE:
        return Refused("register.phone_invalid")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def read_shared_phone(phone: str) -> str | Refused:
    """A number that the platform vouches for; any country's, with or without its plus."""
    digits = re.sub(r"\D", "", clean(phone))
    national = _parsed(digits) if digits.startswith("0") else _parsed(f"+{digits}")
    if national is None:
        return Refused("register.phone_invalid")
    return phonenumbers.format_number(national, phonenumbers.PhoneNumberFormat.E164)


def read_reason(text: str) -> str | Refused:
    """Why something is done, for the audit trail: words, and nobody's phone among them."""
    reason = typed(text)
    is_reason = MIN_REASON <= len(reason) <= MAX_REASON and mark_run(reason) == 0
    if not is_reason or len(text) > MAX_TYPED or _PHONE_LIKE.search(reason):
        return Refused("staff.reason_invalid")
    return reason


def read_decision(text: str) -> str | Refused:
    """The number of a decision: `12/QĐ-UBND`."""
    doc = typed(text)
    is_doc = len(doc) <= MAX_DECISION and _DECISION.fullmatch(doc) and mark_run(doc) == 0
    if not is_doc or not any(sign.isdigit() for sign in doc):
        return Refused("staff.decision_invalid")
    return doc


def read_guess(text: str) -> int | Refused:
    """A whole number from 0 to `MAX_GUESS`; thousands may be grouped by dots or spaces."""
    value = typed(text)
    if _GROUPED.fullmatch(value):
        value = re.sub(r"[ .]", "", value)
    if re.fullmatch(r"\d{1,9}", value) and int(value) <= MAX_GUESS:
        return int(value)
    return Refused("paper.guess_invalid")


def read_letter(text: str) -> int | None:
    """The choice (from 0) that typed text names: `a`, `A.`, `đáp án a`, `1`; None: none."""
    if _SIGNED.search(text):
        return None
    words = [word for word in re.split(r"[^a-z0-9]+", fold(typed(text))) if word]
    rest = [word for word in words if word not in _LETTER_WORDS]
    if len(rest) != 1 or len(words) - len(rest) > 3:  # noqa: PLR2004 (`cau tra loi a`)
        return None
    word = rest[0]
    if len(word) == 1 and word in "abcde":
        return "abcde".index(word)
    return int(word) - 1 if len(word) == 1 and word in "12345" else None


def read_place(text: str, last: int) -> int | None:
    """A question's number from 1 to `last`: `5`, `câu 5`."""
    words = [word for word in fold(typed(text)).rstrip(" .)").split() if word != "cau"]
    if len(words) == 1 and re.fullmatch(r"\d{1,2}", words[0]) and 1 <= int(words[0]) <= last:
        return int(words[0])
    return None


def needs_guardian(born: int, this_year: int) -> bool:
    return this_year - born < GUARDED_AGE


def _parsed(digits: str) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(digits, "VN")
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None
