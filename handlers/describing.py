"""What a proposal about the units or the rules would do, in words.

Told from the proposal's own content, so that it reads the same before and after it takes effect.
"""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from handlers.desk import Desk
from handlers.proposals import OpenProposal

SHOWN = 10
"""Codes or changes that are listed; the others are counted."""


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
    given = content.get("lines")
    lines = [tuple(map(str, line)) for line in given] if isinstance(given, list) else []
    said = Markup("\n").join(_change(desk, line) for line in lines[:SHOWN])
    more = max(0, len(lines) - SHOWN)
    notice = str(content.get("notice", ""))
    return desk.text("amendment.proposed", lines=said, more=more, notice=notice)


def _change(desk: Desk, line: tuple[str, ...]) -> str:
    path, before, after = line
    field, _, part = path.removeprefix("rules.").partition(".")
    known, bracket, inner = field.partition("[")
    title = f"rules_field.{known}"
    name = desk.text(title) if desk.catalogue.has(title) else known
    place = f"{bracket}{inner}".strip("[]") or part
    return desk.text("amendment.line", field=name, part=place, before=before, after=after)


def _listed(codes: list[str]) -> str:
    shown = ", ".join(codes[:SHOWN])
    return f"{shown} …" if len(codes) > SHOWN else shown


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
