"""Bytes and hashes of the ledger (LEDGER §1): canonical JSON, SHA-256, HMAC, tags, integers.

Decides how a value becomes bytes, and refuses what has no single form; it repairs nothing.
"""

import hashlib
import hmac
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from typing import Any, NoReturn

INTEGER_BOUND = 2**53
"""Integers are strictly smaller than this in size: what every JSON reader keeps exact."""

_KEY = re.compile(r"[A-Za-z0-9_]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_MAX_DIGITS = 16
_QUOTED = json.JSONEncoder(ensure_ascii=False).encode

_Path = tuple[str | int, ...]


class CanonicalError(ValueError):
    """A value or a text that canonical JSON cannot say; names the path and the reason."""


def canonical(value: object) -> bytes:
    """`J(value)`: RFC 8785 of mappings, lists, tuples, strings, booleans, None and integers.

    Raises:
        CanonicalError: a float, an integer of 2^53 or more, text not in NFC or with a lone
            surrogate, a key outside `[A-Za-z0-9_]+`, another type, or nesting too deep.
    """
    try:
        return _written(value, ()).encode("utf-8")
    except RecursionError:
        raise CanonicalError("$: nested too deeply") from None


def loads_canonical(data: bytes) -> Any:
    """The value of a JSON text, refusing whatever `canonical` would refuse, and a key said twice.

    Spaces, escapes and the order of keys are not judged; where bytes matter, compare
    `canonical(value) == data`.

    Raises:
        CanonicalError: not UTF-8, not JSON, or not sayable in canonical JSON.
    """
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_distinct,
            parse_float=_refused_number,
            parse_int=_integer,
            parse_constant=_refused_number,
        )
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise CanonicalError(f"$: not JSON in UTF-8: {error}") from None
    except RecursionError:
        raise CanonicalError("$: nested too deeply") from None
    canonical(value)
    return value


def is_key(text: str) -> bool:
    """Whether canonical JSON can have `text` as a key."""
    return _KEY.fullmatch(text) is not None


def digest(data: bytes) -> bytes:
    """`H`: SHA-256."""
    return hashlib.sha256(data).digest()


def mac(key: bytes, message: bytes) -> bytes:
    """`MAC`: HMAC-SHA-256."""
    return hmac.digest(key, message, "sha256")


def tag(name: str) -> bytes:
    """What keeps hashes of different things apart: `hoithi.v1/NAME` and a line feed."""
    return b"hoithi.v1/" + name.encode("ascii") + b"\n"


def u32(number: int) -> bytes:
    """Four bytes, big-endian; OverflowError when negative or too large."""
    return number.to_bytes(4, "big")


def u64(number: int) -> bytes:
    """Eight bytes, big-endian; OverflowError when negative or too large."""
    return number.to_bytes(8, "big")


def _written(value: object, path: _Path) -> str:
    # bool before int: True is an int to Python, and not to JSON
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return _written_text(value, path)
    if isinstance(value, int):
        return _written_integer(int(value), path)
    if isinstance(value, Mapping):
        return _written_object(value, path)
    if isinstance(value, list | tuple):
        items = (_written(item, (*path, index)) for index, item in enumerate(value))
        return f"[{','.join(items)}]"
    return _refuse(path, f"{type(value).__name__} has no canonical form")


def _written_text(text: str, path: _Path) -> str:
    if _SURROGATE.search(text):
        _refuse(path, "text with a lone surrogate")
    if not unicodedata.is_normalized("NFC", text):
        _refuse(path, "text not in NFC")
    return _QUOTED(text)


def _written_integer(number: int, path: _Path) -> str:
    if abs(number) >= INTEGER_BOUND:
        _refuse(path, "integer of 2^53 or more")
    return str(number)


def _written_object(value: Mapping[Any, object], path: _Path) -> str:
    for key in value:
        if not isinstance(key, str) or not is_key(key):
            _refuse(path, f"key {key!r} is not [A-Za-z0-9_]+")
    # keys are ASCII, so Python's order is RFC 8785's order by UTF-16 code units
    members = (f'"{key}":{_written(value[key], (*path, key))}' for key in sorted(value))
    return f"{{{','.join(members)}}}"


def _refuse(path: _Path, reason: str) -> NoReturn:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    raise CanonicalError(f"${''.join(steps)}: {reason}")


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        counts = Counter(key for key, _ in pairs)
        twice = next(key for key in counts if counts[key] > 1)
        raise CanonicalError(f"$: key {twice!r} stands twice in one object")
    return value


def _refused_number(text: str) -> NoReturn:
    raise CanonicalError(f"$: {text[:40]} is not an integer")


def _integer(text: str) -> int:
    # `int` takes quadratic time over digits that no allowed number has
    if len(text.removeprefix("-")) > _MAX_DIGITS:
        raise CanonicalError("$: integer of 2^53 or more")
    return int(text)
