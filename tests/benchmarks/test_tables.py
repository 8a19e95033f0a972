"""From samples to a verdict: medians of ratios, what voids a row, and the table's forms."""

import json

from benchmarks.rounds import bouts_of, order_of, result_of
from benchmarks.rows import ROWS, Row, Verdict, at_least, at_most, of
from benchmarks.table import Measured, table_json, table_markdown, table_text

FASTER = Row(
    "T1",
    "cost of {people} people",
    "µs",
    ("ours", "theirs"),
    of("ours", "us"),
    at_least(2, 4, 8),
    "theirs",
    of("theirs", "us"),
    is_inverse=True,
)
GROWTH = Row("T2", "growth", "%", ("ours",), of("ours", "percent"), at_most(5, 1, 0))
WIDE = Row("T3", "two workers", "/s", ("wide",), of("wide", "taps"), at_least(1, 2, 3), cores=4)


def a_round(ours: float, theirs: float, load: float = 0.1) -> dict[str, dict[str, float]]:
    return {
        "ours": {"us": ours, "percent": 3.0, "driver_load": load},
        "theirs": {"us": theirs, "driver_load": 0.2},
    }


def test_result_is_the_median_of_the_rounds_ratios() -> None:
    found = result_of(FASTER, [a_round(100, 300), a_round(50, 500), a_round(100, 500)], 2)

    assert (found.ratio, found.low, found.high) == (5.0, 3.0, 10.0)
    assert (found.figure, found.baseline) == (100, 500)
    assert found.verdict is Verdict.GOAL


def test_verdicts_at_their_borders() -> None:
    least, most = at_least(2, 4, 8), at_most(5, 1, 0)

    assert [least.verdict(ratio).value for ratio in (1.99, 2, 4, 8)] == [
        "below floor",
        "floor",
        "goal",
        "beyond",
    ]
    assert [most.verdict(ratio).value for ratio in (5.1, 5, 1, 0)] == [
        "below floor",
        "floor",
        "goal",
        "beyond",
    ]


def test_a_busy_driver_voids_the_row() -> None:
    found = result_of(FASTER, [a_round(100, 300), a_round(100, 300, load=0.81)], 2)

    assert (found.verdict, found.void) == (Verdict.VOID, "driver load 0.81")


def test_a_round_without_one_of_the_bouts_is_left_out() -> None:
    broken = {"ours": a_round(1, 1)["ours"]}

    assert result_of(FASTER, [broken, a_round(100, 300)], 2).ratio == 3.0
    assert result_of(FASTER, [broken], 2).void == "not measured"


def test_a_row_for_more_cores_is_void_and_is_not_run() -> None:
    assert result_of(WIDE, [], 2).void == "needs 4 cores"
    assert bouts_of([FASTER, GROWTH, WIDE], 2) == ["ours", "theirs"]


def test_rounds_change_the_order_and_leave_nobody_out() -> None:
    orders = [order_of(["a", "b", "c"], number) for number in range(6)]

    assert {tuple(sorted(order)) for order in orders} == {("a", "b", "c")}
    assert len({order[0] for order in orders}) == 3
    assert order_of([], 1) == []


def test_the_table_says_what_is_met_in_every_form() -> None:
    rounds = [a_round(100, 900)]
    results = tuple(result_of(row, rounds, 2) for row in (FASTER, GROWTH, WIDE))
    measured = Measured(results, 1, "a machine", {"people": 2000.0}, ("a note",))

    text, markdown = table_text(measured), table_markdown(measured)
    told = json.loads(table_json(measured, rounds))

    for form in (text, markdown):
        assert "cost of 2,000 people" in form
        assert "indicative" in form
        assert "void: needs 4 cores" in form
        assert "a note" in form
    assert [one["verdict"] for one in told["results"]] == ["beyond", "floor", "void"]
    assert told["samples"] == rounds


def test_every_row_names_bouts_that_exist_and_aims_in_order() -> None:
    # Imported here: the bouts bring the whole bot along.
    from benchmarks.bouts import BOUTS  # noqa: PLC0415

    for row in ROWS:
        aim = row.aim
        steps = (aim.floor, aim.goal, aim.beyond)
        assert set(row.bouts) <= set(BOUTS), row.id
        assert list(steps) == sorted(steps, reverse=not aim.is_least), row.id
    assert {row.group for row in ROWS} >= {"P1", "P2", "P3", "P4", "P5", "P7"}
    assert {row.group for row in ROWS} >= {"P11", "P12", "P13", "P14", "P15"}
