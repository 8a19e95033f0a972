"""What a file says of a unit, before the list as a whole is judged; and how its texts are read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.units import problems, words
from handlers.fields import MAX_NAME, Refused, read_phone
from handlers.units import Contact
from question_bank.text import clean

MAX_NUMBER = 1_000_000
_SEPARATORS = re.compile(r"[;\n\r]+")
_CODES = re.compile(r"[;,\s]+")
_GROUPED = re.compile(r"\d{1,3}(?:[ .]\d{3})+")


@dataclass(frozen=True, slots=True)
class UnitDraft:
    """`at` is the place that problems name; `code` "" is to be made, `target` None the usual."""

    at: str
    code: str
    block: str
    name: str
    place: str = ""
    aliases: tuple[str, ...] = ()
    size: int = 0
    target: int | None = None
    leaders: tuple[Contact, ...] = ()
    replaces: tuple[str, ...] = ()


def several(text: str) -> tuple[str, ...]:
    """The texts of one cell: a line each, or separated by semicolons."""
    return tuple(one for part in _SEPARATORS.split(text) if (one := clean(part)))


def codes_in(text: str) -> tuple[str, ...]:
    return tuple(one for one in _CODES.split(clean(text)) if one)


def number_in(text: str) -> int | None:
    """A whole number; thousands may be grouped by dots or spaces. None: it is none."""
    value = clean(text)
    if _GROUPED.fullmatch(value):
        value = re.sub(r"[ .]", "", value)
    is_number = value.isascii() and value.isdecimal() and len(value) < 8  # noqa: PLR2004
    return int(value) if is_number and int(value) <= MAX_NUMBER else None


def leaders_of(
    names: Sequence[str], phones: Sequence[str], place: str, found: list[str]
) -> tuple[Contact, ...]:
    """Names with their phones in the same order; what is wrong goes to `found`."""
    if phones and not names:
        found.append(problems.at(place, problems.PHONE_ALONE))
        return ()
    if len(phones) > len(names):
        facts = {"phones": len(phones), "names": len(names)}
        found.append(problems.at(place, problems.PHONES_MORE, **facts))
        return ()
    read = [phone_of(phone, place, found) for phone in phones]
    read += [""] * (len(names) - len(read))
    return tuple(Contact(name, phone) for name, phone in zip(names, read, strict=True))


def phone_of(typed: str, place: str, found: list[str]) -> str:
    """The number in E.164; "" stays, and what is none is reported."""
    if typed in {"", words.NO_PHONE}:
        return ""
    phone = read_phone(typed)
    if isinstance(phone, Refused):
        shown = re.sub(r"\d(?=\d{3})", "•", clean(typed))[:MAX_NAME]
        found.append(problems.at(place, problems.PHONE, found=shown))
        return ""
    return phone
