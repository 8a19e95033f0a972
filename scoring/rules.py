"""The contest's rules as one value, and the `rules` JSON that is committed to (LEDGER §7).

What the rules mean is decided where they are used; here stands only which there are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scoring.contest import Calendar
from scoring.instant import Instant
from scoring.limits import AttemptLimits


@dataclass(frozen=True, slots=True)
class UnitRule:
    """What the rules say of a unit: its block, declared size and target of people."""

    code: str
    block: str
    size: int
    target: int


@dataclass(frozen=True, slots=True)
class PrizeRules:
    """Prizes as (code, count) from the highest; rankings as steps in order (LEDGER §7)."""

    individual: tuple[tuple[str, int], ...]
    collective: tuple[tuple[str, int], ...]
    ranking: tuple[str, ...]
    collective_ranking: tuple[str, ...]
    gate_people: int
    gate_percent: int
    ladders: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """All that decides a result and is fixed before opening.

    `draw` maps a topic to how many questions of it a paper has; `counted` and `prediction` take
    the words of LEDGER §7. A topic is a key of canonical JSON, so "*" cannot stand here.
    """

    contest: str
    calendar: Calendar
    minutes: int
    limits: AttemptLimits
    min_answers: int
    min_age: int
    draw: Mapping[str, int]
    counted: str
    prediction: str
    prizes: PrizeRules
    units: tuple[UnitRule, ...]

    @property
    def paper_size(self) -> int:
        return sum(self.draw.values())


def rules_json(rules: Rules) -> dict[str, object]:
    """The object whose canonical bytes are hashed and published (LEDGER §7)."""
    prizes = rules.prizes
    return {
        "v": 1,
        "contest": rules.contest,
        "opens": rules.calendar.opens,
        "closes": rules.calendar.closes,
        "minutes": rules.minutes,
        "attempts": rules.limits.attempts,
        "attempts_per_day": rules.limits.per_day,
        "min_answers": rules.min_answers,
        "min_age": rules.min_age,
        "draw": dict(sorted(rules.draw.items())),
        "counted": rules.counted,
        "prediction": rules.prediction,
        "ranking": list(prizes.ranking),
        "individual_prizes": [list(prize) for prize in prizes.individual],
        "collective_prizes": [list(prize) for prize in prizes.collective],
        "gate": {"people": prizes.gate_people, "percent": prizes.gate_percent},
        "collective_ranking": list(prizes.collective_ranking),
        "ladders": [list(ladder) for ladder in prizes.ladders],
        "units": [
            {"g": unit.code, "block": unit.block, "size": unit.size, "target": unit.target}
            for unit in sorted(rules.units, key=lambda one: one.code)
        ],
    }


def rules_from_json(kept: Mapping[str, Any]) -> Rules:
    """The rules whose `rules_json` this is."""
    return Rules(
        contest=kept["contest"],
        calendar=Calendar(Instant(kept["opens"]), Instant(kept["closes"])),
        minutes=kept["minutes"],
        limits=AttemptLimits(kept["attempts"], kept["attempts_per_day"]),
        min_answers=kept["min_answers"],
        min_age=kept["min_age"],
        draw=dict(kept["draw"]),
        counted=kept["counted"],
        prediction=kept["prediction"],
        prizes=_prizes_from(kept),
        units=tuple(
            UnitRule(unit["g"], unit["block"], unit["size"], unit["target"])
            for unit in kept["units"]
        ),
    )


def _prizes_from(kept: Mapping[str, Any]) -> PrizeRules:
    return PrizeRules(
        individual=tuple((code, count) for code, count in kept["individual_prizes"]),
        collective=tuple((code, count) for code, count in kept["collective_prizes"]),
        ranking=tuple(kept["ranking"]),
        collective_ranking=tuple(kept["collective_ranking"]),
        gate_people=kept["gate"]["people"],
        gate_percent=kept["gate"]["percent"],
        ladders=tuple(tuple(ladder) for ladder in kept["ladders"]),
    )
