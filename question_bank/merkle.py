"""Merkle trees of RFC 9162 §2.1 (LEDGER §4): roots, proofs, and the check of proofs.

Pure over bytes; what a leaf says and who signs a root is decided elsewhere.
"""

from collections.abc import Sequence

from question_bank.canonical import digest

EMPTY_ROOT = digest(b"")


class ProofError(ValueError):
    """A proof that cannot belong to the sizes it is given for."""


def leaf_hash(data: bytes) -> bytes:
    return digest(b"\x00" + data)


def node_hash(left: bytes, right: bytes) -> bytes:
    return digest(b"\x01" + left + right)


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """Root over leaf data."""
    return root_of_hashes([leaf_hash(leaf) for leaf in leaves])


def root_of_hashes(hashes: Sequence[bytes]) -> bytes:
    """Root over leaf hashes."""
    if not hashes:
        return EMPTY_ROOT
    level = hashes
    while len(level) > 1:
        level = _parents(level)
    return level[0]


def inclusion_path(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Hashes beside the way from leaf `index` to the root, from the leaf upwards (§2.1.3.1).

    Raises:
        IndexError: there is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(f"leaf {index} of {len(leaves)}")
    level: Sequence[bytes] = [leaf_hash(leaf) for leaf in leaves]
    path = []
    while len(level) > 1:
        beside = index ^ 1
        if beside < len(level):
            path.append(level[beside])
        level, index = _parents(level), index >> 1
    return tuple(path)


def consistency_proof(leaves: Sequence[bytes], from_size: int) -> tuple[bytes, ...]:
    """Proof that the tree over all leaves grew from that over the first ones (§2.1.4.1).

    From size 0, which the RFC leaves out, it is empty.

    Raises:
        IndexError: `from_size` is negative or larger than the tree.
    """
    if not 0 <= from_size <= len(leaves):
        raise IndexError(f"size {from_size} of {len(leaves)}")
    if from_size == 0:
        return ()
    return tuple(_subproof([leaf_hash(leaf) for leaf in leaves], from_size, known=True))


def root_from_path(hashed: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Root that leaf hash `hashed` at `index` leads to in a tree of `size` (§2.1.3.2).

    Raises:
        ProofError: the path is too short or too long, or there is no such leaf.
    """
    if not 0 <= index < size:
        raise ProofError(f"leaf {index} of {size}")
    at, last, root = index, size - 1, hashed
    for beside in path:
        if last == 0:
            raise ProofError("path too long")
        if at & 1 or at == last:
            root = node_hash(beside, root)
            at, last = _climbed(at, last)
        else:
            root = node_hash(root, beside)
        at, last = at >> 1, last >> 1
    if last:
        raise ProofError("path too short")
    return root


def is_consistent(
    from_size: int, from_root: bytes, to_size: int, to_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether `proof` shows that the larger tree begins with the smaller one (§2.1.4.2)."""
    if not 0 <= from_size <= to_size:
        return False
    if from_size == to_size:
        return not proof and from_root == to_root
    if from_size == 0:
        return not proof and from_root == EMPTY_ROOT
    whole = from_size & (from_size - 1) == 0
    hashes = [from_root, *proof] if whole else list(proof)
    return _roots_of_proof(from_size, to_size, hashes) == (from_root, to_root)


def _parents(level: Sequence[bytes]) -> list[bytes]:
    # an odd last node rises unchanged: the same tree as splitting at the largest power of two
    pairs = [node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
    return pairs if len(level) % 2 == 0 else [*pairs, level[-1]]


def _subproof(hashes: Sequence[bytes], size: int, *, known: bool) -> list[bytes]:
    """SUBPROOF of §2.1.4.1; `known`: the verifier has the root of these first `size` hashes."""
    if size == len(hashes):
        return [] if known else [root_of_hashes(hashes)]
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    left, right = hashes[:split], hashes[split:]
    if size <= split:
        return [*_subproof(left, size, known=known), root_of_hashes(right)]
    return [*_subproof(right, size - split, known=False), root_of_hashes(left)]


def _climbed(at: int, last: int) -> tuple[int, int]:
    """Past the levels where a last node rises without a neighbour."""
    while at and not at & 1:
        at, last = at >> 1, last >> 1
    return at, last


def _roots_of_proof(
    from_size: int, to_size: int, hashes: Sequence[bytes]
) -> tuple[bytes, bytes] | None:
    """Roots of both trees as a proof has them; None when its length does not fit."""
    at, last = from_size - 1, to_size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    if not hashes:
        return None
    old = new = hashes[0]
    for beside in hashes[1:]:
        if last == 0:
            return None
        if at & 1 or at == last:
            old, new = node_hash(beside, old), node_hash(beside, new)
            at, last = _climbed(at, last)
        else:
            new = node_hash(new, beside)
        at, last = at >> 1, last >> 1
    return (old, new) if last == 0 else None
