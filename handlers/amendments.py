"""An amendment of the rules as a value: which fields it may touch, and what it asks for. Pure.

The window moves by decisions (`handlers.steering`), the units by lists (`handlers.unit_lists`),
the bank by versions of its own: none of them is amended here.
"""

from collections.abc import Mapping

AMENDABLE = (
    "minutes",
    "attempts",
    "attempts_per_day",
    "min_answers",
    "min_age",
    "draw",
    "counted",
    "prediction",
    "ranking",
    "individual_prizes",
    "collective_prizes",
    "gate",
    "collective_ranking",
    "ladders",
)
"""Fields of the rules (LEDGER §7) that a proposal of kind `rules` may change."""

RULES = "rules"


def rules_content(
    standing: Mapping[str, object], declared: Mapping[str, object], notice: str
) -> dict[str, object]:
    """What a proposal of kind `rules` holds; `before` says what it was made against."""
    changed = [name for name in AMENDABLE if standing.get(name) != declared.get(name)]
    return {
        "changes": {name: declared[name] for name in changed},
        "before": {name: standing.get(name) for name in changed},
        "notice": notice,
    }
