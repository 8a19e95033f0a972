from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.merkle import (
    EMPTY_ROOT,
    ProofError,
    consistency_proof,
    inclusion_path,
    is_consistent,
    leaf_hash,
    merkle_root,
    node_hash,
    root_from_path,
    root_of_hashes,
)

Hashes = tuple[bytes, ...]
Vectors = dict[str, Any]

leaf_lists = st.lists(st.binary(max_size=4), min_size=1, max_size=70)


@pytest.fixture(scope="module")
def leaves(vectors: Vectors):
    return [bytes.fromhex(data) for data in vectors["merkle"]["leaf_data"]]


def rfc_root(leaves: list[bytes]):
    """MTH of RFC 9162 §2.1.1 as it is written there."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(rfc_root(leaves[:split]), rfc_root(leaves[split:]))


def test_root_vectors(vectors: Vectors, leaves: list[bytes]):
    roots = [merkle_root(leaves[:size]).hex() for size in range(len(leaves) + 1)]

    assert roots == vectors["merkle"]["roots"]


def test_inclusion_vectors(vectors: Vectors, leaves: list[bytes]):
    for vector in vectors["merkle"]["inclusion"]:
        index, size = vector["index"], vector["size"]

        path = inclusion_path(leaves[:size], index)

        assert [each.hex() for each in path] == vector["path"]
        hashed = leaf_hash(leaves[index])
        assert root_from_path(hashed, index, size, path) == merkle_root(leaves[:size])


def test_consistency_vectors(vectors: Vectors, leaves: list[bytes]):
    for vector in vectors["merkle"]["consistency"]:
        old, new = vector["from"], vector["to"]

        proof = consistency_proof(leaves[:new], old)

        assert [each.hex() for each in proof] == vector["proof"]
        assert is_consistent(old, merkle_root(leaves[:old]), new, merkle_root(leaves[:new]), proof)


@given(leaf_lists)
def test_root_is_that_of_the_rfc(leaves: list[bytes]):
    assert merkle_root(leaves) == rfc_root(leaves)
    assert root_of_hashes([leaf_hash(leaf) for leaf in leaves]) == rfc_root(leaves)


@given(leaf_lists, st.data())
def test_path_leads_to_the_root(leaves: list[bytes], data: st.DataObject):
    index = data.draw(st.integers(0, len(leaves) - 1))

    path = inclusion_path(leaves, index)

    assert root_from_path(leaf_hash(leaves[index]), index, len(leaves), path) == merkle_root(leaves)


@given(leaf_lists, st.data())
def test_consistency_holds_only_for_the_real_roots(leaves: list[bytes], data: st.DataObject):
    old = data.draw(st.integers(0, len(leaves)))
    roots = merkle_root(leaves[:old]), merkle_root(leaves)
    proof = consistency_proof(leaves, old)

    assert is_consistent(old, roots[0], len(leaves), roots[1], proof)
    assert not is_consistent(old, bytes(32), len(leaves), roots[1], proof)
    assert not is_consistent(old, roots[0], len(leaves), roots[1], [*proof, bytes(32)])
    assert not proof or not is_consistent(old, roots[0], len(leaves), roots[1], proof[:-1])
    if old > 0:
        assert not is_consistent(old, roots[0], len(leaves), bytes(32), proof)


def test_consistency_missing_proof_is_refused(leaves: list[bytes]):
    assert not is_consistent(3, merkle_root(leaves[:3]), 5, merkle_root(leaves[:5]), ())


@pytest.mark.parametrize(("old", "new"), [(-1, 2), (3, 2)])
def test_consistency_impossible_sizes_are_refused(leaves: list[bytes], old: int, new: int):
    with pytest.raises(IndexError):
        consistency_proof(leaves[:new], old)
    assert not is_consistent(old, EMPTY_ROOT, new, merkle_root(leaves[:new]), ())


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_inclusion_missing_leaf_is_refused(leaves: list[bytes], index: int, size: int):
    with pytest.raises(IndexError):
        inclusion_path(leaves[:size], index)
    with pytest.raises(ProofError):
        root_from_path(bytes(32), index, size, ())


@pytest.mark.parametrize("change", [lambda path: path[:-1], lambda path: (*path, bytes(32))])
def test_inclusion_path_of_wrong_length_is_refused(
    leaves: list[bytes], change: Callable[[Hashes], Hashes]
):
    path = inclusion_path(leaves, 4)

    with pytest.raises(ProofError):
        root_from_path(leaf_hash(leaves[4]), 4, len(leaves), change(path))
