"""Lists of units as values: as JSON, and what differs between two of them. Pure.

What a change means for the people of a unit is the store's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from handlers.units import Contact, Unit, Units

USUAL_TARGET = 50
"""People whom each residential group brings (the ward's plan, VI.7)."""


def units_json(units: Units) -> dict[str, object]:
    """The whole list, leaders included: it is kept in a box."""
    return {
        "blocks": dict(units.blocks),
        "residential_block": units.residential_block,
        "units": [_unit_json(unit) for unit in units.units],
    }


def units_from_json(kept: Mapping[str, Any]) -> Units:
    return Units(
        tuple(_unit_from(unit) for unit in kept["units"]),
        dict(kept["blocks"]),
        kept["residential_block"],
    )


def unit_rules(units: Units) -> list[dict[str, object]]:
    """What of the list is hashed with the rules (LEDGER §7)."""
    return [
        {"g": unit.code, "block": unit.block, "size": unit.size, "target": unit.target}
        for unit in sorted(units.units, key=lambda one: one.code)
    ]


@dataclass(frozen=True, slots=True)
class UnitChanges:
    """Codes of units that came, went or read differently; `moves` says what stands for which."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    moves: Mapping[str, str]

    @property
    def is_none(self) -> bool:
        return not (self.added or self.removed or self.changed)

    @property
    def left(self) -> tuple[str, ...]:
        """Removed units that nothing stands for: their people are flagged."""
        return tuple(code for code in self.removed if code not in self.moves)


def changes_between(before: Units, after: Units, moves: Mapping[str, str]) -> UnitChanges:
    """What `after` does to `before`; `moves` from a removed code to the one that stands for it."""
    old = {unit.code: unit for unit in before.units}
    new = {unit.code: unit for unit in after.units}
    return UnitChanges(
        added=tuple(code for code in new if code not in old),
        removed=tuple(code for code in old if code not in new),
        changed=tuple(code for code in new if code in old and new[code] != old[code]),
        moves={
            code: to for code, to in moves.items() if code in old and code not in new and to in new
        },
    )


def bare(units: Units) -> Units:
    """The list without its leaders: what may lie about in a file."""
    return replace(units, units=tuple(replace(unit, leaders=()) for unit in units.units))


def units_content(
    units: Units, changes: UnitChanges, people: Mapping[str, int], notice: str, base: int
) -> dict[str, object]:
    """What a proposal of kind `units` holds; `base` is the list that it was made against.

    `people` counts the registered by unit code. What it will do is told as it was then: once in
    force, the list itself shows no difference any more.
    """
    return {
        "list": units_json(units),
        "moves": dict(changes.moves),
        "notice": notice,
        "base": base,
        "told": {
            "units": len(units.units),
            "added": list(changes.added),
            "removed": list(changes.removed),
            "changed": list(changes.changed),
            "moved": sum(people.get(code, 0) for code in changes.moves),
            "flagged": sum(people.get(code, 0) for code in changes.left),
        },
    }


def _unit_json(unit: Unit) -> dict[str, object]:
    return {
        "code": unit.code,
        "block": unit.block,
        "name": unit.name,
        "place": unit.place,
        "aliases": list(unit.aliases),
        "size": unit.size,
        "target": unit.target,
        "leaders": [{"name": one.name, "phone": one.phone} for one in unit.leaders],
    }


def _unit_from(kept: Mapping[str, Any]) -> Unit:
    leaders = tuple(Contact(one["name"], one["phone"]) for one in kept.get("leaders", ()))
    return Unit(
        kept["code"],
        kept["block"],
        kept["name"],
        kept["place"],
        tuple(kept["aliases"]),
        kept["size"],
        kept["target"],
        leaders,
    )
