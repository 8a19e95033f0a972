"""What differs between two versions of the rules or of the bank, place by place.

A key is never told: that an answer changed is said, not from what to what.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_UNTOLD = frozenset({"answer", "salt"})
_NAMES = ("g", "id")
"""Fields that name an entry of a list; others are named by their place."""


@dataclass(frozen=True, slots=True)
class Change:
    """`before` or `after` None: not there, or not told."""

    path: str
    before: object = None
    after: object = None


def rules_changes(before: object, after: object) -> tuple[Change, ...]:
    """By path, as in `units[to-1].size`."""
    return tuple(_between("rules", before, after))


def bank_changes(
    before: Sequence[Mapping[str, object]], after: Sequence[Mapping[str, object]]
) -> tuple[Change, ...]:
    """By question and field, as in `bank[q-017].stem`; questions added or removed whole."""
    return tuple(_between("bank", before, after))


def _between(path: str, before: object, after: object) -> Iterator[Change]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _in_mapping(path, before, after)
    elif _is_list(before) and _is_list(after):
        left, right = _named(before), _named(after)
        if list(left) == list(right) or set(left) != set(right):
            for name in sorted({*left, *right}):
                yield from _between(f"{path}[{name}]", left.get(name), right.get(name))
        else:
            yield Change(path, list(left), list(right))
    else:
        yield Change(path, _told(before), _told(after))


def _in_mapping(
    path: str, before: Mapping[str, object], after: Mapping[str, object]
) -> Iterator[Change]:
    for key in sorted({*before, *after}):
        if before.get(key) == after.get(key):
            continue
        if key in _UNTOLD:
            yield Change(f"{path}.{key}")
        else:
            yield from _between(f"{path}.{key}", before.get(key), after.get(key))


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _named(values: object) -> dict[str, object]:
    """Entries by name; entries without one by their place, from 0."""
    entries = values if isinstance(values, Sequence) else ()
    return {_name_of(entry) or str(at): entry for at, entry in enumerate(entries)}


def _name_of(entry: object) -> str | None:
    if isinstance(entry, Mapping):
        for key in _NAMES:
            if isinstance(entry.get(key), str):
                return str(entry[key])
    return None


def _told(value: object) -> object:
    """A whole question is told by its words alone."""
    if isinstance(value, Mapping):
        return {key: one for key, one in value.items() if key not in _UNTOLD}
    return value
