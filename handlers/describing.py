"""What a proposal about the units or the rules would do, in words.

Told from the proposal's own content, so that it reads the same before and after it takes effect.
"""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from handlers.desk import Desk
from handlers.proposals import OpenProposal

SHOWN = 10
"""Codes that are listed; the others are counted."""


def units_words(desk: Desk, opened: OpenProposal) -> str:
    told: Mapping[str, Any] = _mapping(opened.proposal.content.get("told"))
    codes = {name: list(told.get(name, ())) for name in ("added", "removed", "changed")}
    return desk.text(
        "units.proposed",
        units=told.get("units", 0),
        moved=told.get("moved", 0),
        flagged=told.get("flagged", 0),
        **{name: len(found) for name, found in codes.items()},
        **{f"{name}_codes": _listed(found) for name, found in codes.items()},
    )


def rules_words(desk: Desk, opened: OpenProposal) -> str:
    content = opened.proposal.content
    changes, before = _mapping(content.get("changes")), _mapping(content.get("before"))
    lines = [_change(desk, name, before.get(name), after) for name, after in changes.items()]
    notice = str(content.get("notice", ""))
    return desk.text("amendment.proposed", lines=Markup("\n").join(lines), notice=notice)


def _change(desk: Desk, field: str, before: object, after: object) -> str:
    title = f"rules_field.{field}"
    name = desk.text(title) if desk.catalogue.has(title) else field
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        # Of many parts only those that differ.
        same = {key for key in before.keys() & after.keys() if before[key] == after[key]}
        before, after = _without(before, same), _without(after, same)
    return desk.text("amendment.line", field=name, before=_shown(before), after=_shown(after))


def _without(value: Mapping[str, Any], keys: set[str]) -> dict[str, Any]:
    return {key: one for key, one in value.items() if key not in keys}


def _shown(value: object) -> str:
    """A value of the rules for people: `nhat 1, nhi 2`, `de_an_06: 2`; nothing is a dash."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {one}" for key, one in sorted(value.items())) or "–"
    if isinstance(value, list | tuple):
        parts = (" ".join(map(str, one)) if isinstance(one, list) else str(one) for one in value)
        return ", ".join(parts) or "–"
    return "–" if value is None else str(value)


def _listed(codes: list[str]) -> str:
    shown = ", ".join(codes[:SHOWN])
    return f"{shown} …" if len(codes) > SHOWN else shown


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
