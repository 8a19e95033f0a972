from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.canonical import canonical, loads_canonical
from question_bank.commitment import rules_hash
from scoring.contest import Calendar
from scoring.instant import Instant
from scoring.limits import AttemptLimits
from scoring.rules import PrizeRules, Rules, UnitRule, rules_from_json, rules_json

UNITS = (
    UnitRule("TDP-05", "to-dan-pho", 420, 50),
    UnitRule("TDP-06", "to-dan-pho", 0, 50),
    UnitRule("CA", "co-quan", 30, 0),
)
RULES = Rules(
    contest="phuluong-2025",
    calendar=Calendar(Instant(1_765_152_000_000), Instant(1_765_731_600_000)),
    minutes=15,
    limits=AttemptLimits(3, 1),
    min_answers=8,
    min_age=0,
    draw={"de_an_06": 2, "an_toan_so": 1, "B": 3, "a": 9},
    counted="best",
    prediction="perfect_people",
    prizes=PrizeRules(
        individual=(("nhat", 1), ("nhi", 2)),
        collective=(("nhat", 1),),
        ranking=("correct", "gap", "duration", "submitted", "lot"),
        collective_ranking=("people", "mean", "lot"),
        gate_people=50,
        gate_percent=50,
        ladders=(("to-dan-pho",), ("co-quan",)),
    ),
    units=UNITS,
)
CANONICAL = (
    '{"attempts":3,"attempts_per_day":1,"closes":1765731600000,'
    '"collective_prizes":[["nhat",1]],"collective_ranking":["people","mean","lot"],'
    '"contest":"phuluong-2025","counted":"best",'
    '"draw":{"B":3,"a":9,"an_toan_so":1,"de_an_06":2},"gate":{"people":50,"percent":50},'
    '"individual_prizes":[["nhat",1],["nhi",2]],"ladders":[["to-dan-pho"],["co-quan"]],'
    '"min_age":0,"min_answers":8,"minutes":15,"opens":1765152000000,'
    '"prediction":"perfect_people","ranking":["correct","gap","duration","submitted","lot"],'
    '"units":[{"block":"co-quan","g":"CA","size":30,"target":0},'
    '{"block":"to-dan-pho","g":"TDP-05","size":420,"target":50},'
    '{"block":"to-dan-pho","g":"TDP-06","size":0,"target":50}],"v":1}'
)


def test_paper_size_is_the_sum_of_quotas():
    assert RULES.paper_size == 15


def test_rules_json_canonical_bytes():
    assert canonical(rules_json(RULES)) == CANONICAL.encode()


def test_rules_json_is_read_back():
    assert loads_canonical(canonical(rules_json(RULES))) == rules_json(RULES)


@settings(deadline=None)
@given(st.permutations(list(RULES.draw.items())), st.permutations(UNITS))
def test_rules_json_hash_does_not_depend_on_order_of_lists_without_order(
    draw: list[tuple[str, int]], units: list[UnitRule]
):
    shuffled = replace(RULES, draw=dict(draw), units=tuple(units))

    assert rules_hash(rules_json(shuffled)) == rules_hash(rules_json(RULES))
    assert list(rules_json(shuffled)["draw"]) == sorted(RULES.draw)


@pytest.mark.parametrize(
    "change",
    [
        {"contest": "phuluong-2026"},
        {"calendar": Calendar(RULES.calendar.opens, Instant(1_765_731_600_001))},
        {"minutes": 16},
        {"limits": AttemptLimits(3, 0)},
        {"limits": AttemptLimits(4, 1)},
        {"min_answers": 7},
        {"min_age": 6},
        {"draw": {**RULES.draw, "B": 4}},
        {"counted": "last"},
        {"prediction": "people"},
        {"units": UNITS[:2]},
        {
            "prizes": replace(
                RULES.prizes, ranking=("correct", "duration", "gap", "submitted", "lot")
            )
        },
        {"prizes": replace(RULES.prizes, individual=(("nhi", 2), ("nhat", 1)))},
        {"prizes": replace(RULES.prizes, gate_percent=51)},
        {"prizes": replace(RULES.prizes, ladders=())},
    ],
    ids=lambda change: next(iter(change)),
)
def test_rules_json_hash_changes_with_every_rule(change: dict[str, object]):
    changed = replace(RULES, **change)

    assert rules_hash(rules_json(changed)) != rules_hash(rules_json(RULES))


def test_rules_come_back_from_their_json():
    rules = replace(RULES, units=tuple(sorted(UNITS, key=lambda unit: unit.code)))

    assert rules_from_json(loads_canonical(canonical(rules_json(rules)))) == rules
