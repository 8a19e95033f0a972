import json
import unicodedata
from collections.abc import Callable
from enum import IntEnum
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.canonical import (
    CanonicalError,
    canonical,
    digest,
    is_key,
    loads_canonical,
    mac,
    tag,
    u32,
    u64,
)

Vectors = dict[str, Any]


class Colour(IntEnum):
    RED = 3


def nested(depth: int):
    value = []
    for _ in range(depth):
        value = [value]
    return value


texts = st.text(st.characters(exclude_categories=("Cs",))).map(
    lambda text: unicodedata.normalize("NFC", text)
)
integers = st.integers(-(2**53) + 1, 2**53 - 1)
keys = st.from_regex(r"[A-Za-z0-9_]+", fullmatch=True)
values = st.recursive(
    st.none() | st.booleans() | integers | texts,
    lambda inner: st.lists(inner) | st.dictionaries(keys, inner),
    max_leaves=20,
)


def test_canonical_accepted_vectors_are_byte_exact(vectors: Vectors):
    for vector in vectors["canonical_json"]["accepted"]:
        assert canonical(vector["value"]) == bytes.fromhex(vector["bytes"])


def test_canonical_accepted_vectors_are_read_back(vectors: Vectors):
    for vector in vectors["canonical_json"]["accepted"]:
        assert loads_canonical(bytes.fromhex(vector["bytes"])) == vector["value"]


def test_loads_refused_vectors_are_refused(vectors: Vectors):
    for vector in vectors["canonical_json"]["refused"]:
        with pytest.raises(CanonicalError):
            loads_canonical(vector["json"].encode())


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1.0, "$: float has no canonical form"),
        ({"a": [0, {"b": 1.5}]}, "$.a[1].b: float has no canonical form"),
        ([2**53], "$[0]: integer of 2^53 or more"),
        (-(2**53), "$: integer of 2^53 or more"),
        ({"a": "e\u0302"}, "$.a: text not in NFC"),
        ("\ud800", "$: text with a lone surrogate"),
        ({"x": {"a-b": 1}}, "$.x: key 'a-b' is not [A-Za-z0-9_]+"),
        ({"": 1}, "$: key '' is not [A-Za-z0-9_]+"),
        ({"a\n": 1}, "$: key 'a\\n' is not [A-Za-z0-9_]+"),
        ({1: 1}, "$: key 1 is not [A-Za-z0-9_]+"),
        (b"a", "$: bytes has no canonical form"),
        ({"a"}, "$: set has no canonical form"),
        (nested(100_000), "$: nested too deeply"),
    ],
)
def test_canonical_unsayable_value_is_refused_with_its_path(value: object, said: str):
    with pytest.raises(CanonicalError) as caught:
        canonical(value)

    assert str(caught.value) == said


@pytest.mark.parametrize(
    ("value", "data"),
    [
        ((1, (2, "x")), b'[1,[2,"x"]]'),
        (MappingProxyType({"b": 1, "a": 2}), b'{"a":2,"b":1}'),
        (True, b"true"),
        (Colour.RED, b"3"),
        ({"a": 1, "B": 2, "_": 3, "0": 4}, b'{"0":4,"B":2,"_":3,"a":1}'),
        ("\x00\b\t\n\f\r\x1f\x7f/\u2028", b'"\\u0000\\b\\t\\n\\f\\r\\u001f\x7f/\xe2\x80\xa8"'),
        ("😀", b'"\xf0\x9f\x98\x80"'),
        (2**53 - 1, b"9007199254740991"),
    ],
)
def test_canonical_value_has_one_form(value: object, data: bytes):
    assert canonical(value) == data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"1 2",
        b"\xff",
        b"\xef\xbb\xbf1",
        "1".encode("utf-16"),
        b"1e2",
        b"1.0",
        b"NaN",
        b"-Infinity",
        b'{"a":{"b":1,"b":1}}',
        b"9" * 10_000,
        b"[" * 100_000,
        b'"\\ud83d"',
    ],
)
def test_loads_what_is_not_canonical_is_refused(data: bytes):
    with pytest.raises(CanonicalError):
        loads_canonical(data)


def test_loads_twice_said_key_is_named():
    with pytest.raises(CanonicalError) as caught:
        loads_canonical(b'{"a":1,"b":2,"b":3}')

    assert str(caught.value) == "$: key 'b' stands twice in one object"


def test_loads_spaces_and_order_are_not_judged():
    assert loads_canonical(b' { "b" : 1 , "a" : "\\u0061" } ') == {"b": 1, "a": "a"}


@given(values)
def test_canonical_round_trip_keeps_value(value: object):
    data = canonical(value)

    assert loads_canonical(data) == value
    assert canonical(loads_canonical(data)) == data


@given(values)
def test_canonical_agrees_with_the_library(value: object):
    library = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    assert canonical(value) == library.encode()


def test_is_key_takes_only_canonical_keys():
    assert [is_key(text) for text in ("a_B0", "a-b", "*", "", "é")] == [True, *[False] * 4]


def test_hashes_and_integers_are_the_ledgers():
    assert digest(b"").hex().startswith("e3b0c44298fc1c14")
    # RFC 4231, test case 2
    assert mac(b"Jefe", b"what do ya want for nothing?").hex().startswith("5bdcc146bf60754e")
    assert tag("seed") == b"hoithi.v1/seed\n"
    assert (u32(258), u64(258)) == (b"\0\0\1\2", b"\0\0\0\0\0\0\1\2")


@pytest.mark.parametrize(("pack", "number"), [(u32, 2**32), (u32, -1), (u64, 2**64), (u64, -1)])
def test_integers_out_of_range_are_refused(pack: Callable[[int], bytes], number: int):
    with pytest.raises(OverflowError):
        pack(number)
