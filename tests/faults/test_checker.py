"""The checker finds each kind of error in histories and tables that were made wrong by hand."""

import copy
from collections.abc import Callable

import pytest

from tests.faults.checker import ANSWER, BACK, PREDICT, SUBMIT, check
from tests.faults.history import History, Outcome
from tests.faults.tables import Row, Tables

OK, REFUSED, UNKNOWN = Outcome.OK, Outcome.REFUSED, Outcome.UNKNOWN
PERSON = 1001


def good() -> tuple[History, Tables]:
    """One who answered twice, was refused once, never heard of one, and handed in; one who left."""
    history = History("seed")
    for act, place, value, outcome in (
        ("register", None, 1, OK),
        ("open", None, None, OK),
        ("answer", 1, 0, UNKNOWN),
        ("answer", 1, 0, OK),
        ("answer", 1, 3, REFUSED),
        ("back", 2, None, OK),
        ("answer", 1, 2, UNKNOWN),
        ("answer", 2, 1, OK),
        ("predict", None, 120, OK),
        ("submit", None, None, OK),
    ):
        history.invoke(PERSON, act, place, value).outcome = outcome
    history.screens[PERSON] = "receipt"
    history.invoke(1002, "register").outcome = REFUSED
    tables: Tables = {
        "participant": [{"number": 1}],
        "account": [
            {"external_id": "1001", "person": 1},
            {"external_id": "1002", "person": None},
        ],
        "consent": [{"person": 1, "purpose": "take_part"}],
        "attempt": [
            {"id": 7, "person": 1, "ended_at": 60, "end": SUBMIT, "answered": 2, "guess": 120}
        ],
        "transition": [
            step(1, ANSWER, 1, 0),
            step(2, BACK, 2, None),
            step(3, ANSWER, 1, 2),
            step(4, ANSWER, 2, 1),
            step(5, PREDICT, 16, 120),
            step(6, SUBMIT, 17, None),
        ],
        "ledger_queue": [{"kind": kind} for kind in ("open", "reg", "start", "submit")],
    }
    return history, tables


def step(view: int, act: int, place: int, choice: int | None) -> Row:
    return {
        "attempt": 7,
        "view": view,
        "act": act,
        "place": place,
        "choice": choice,
        "at": 10 * view,
    }


def at(view: int, **changes: object) -> Callable[[History, Tables], None]:
    def change(_: History, tables: Tables) -> None:
        next(row for row in tables["transition"] if row["view"] == view).update(changes)

    return change


def test_a_good_history_passes():
    assert check(*good()) == []


def test_an_unknown_may_be_in_the_database_or_not():
    history, tables = good()
    del tables["transition"][2]
    for view, row in enumerate(tables["transition"], start=1):
        row["view"] = view
    tables["attempt"][0]["answered"] = 2

    assert check(history, tables) == []


def lose_an_answer(_: History, tables: Tables) -> None:
    tables["transition"][3]["choice"] = 0


def double_an_answer(history: History, tables: Tables) -> None:
    history.operations = [one for one in history.operations if one.outcome is not UNKNOWN]
    del tables["transition"][2]
    tables["transition"].insert(1, step(2, ANSWER, 1, 0))
    _renumber(tables)


def keep_a_refused_one(_: History, tables: Tables) -> None:
    tables["transition"].insert(1, step(2, ANSWER, 1, 3))
    _renumber(tables)


def unknown_twice(_: History, tables: Tables) -> None:
    tables["transition"].insert(2, step(3, ANSWER, 1, 2))
    _renumber(tables)


def invent(_: History, tables: Tables) -> None:
    tables["transition"].insert(3, step(3, ANSWER, 3, 2))
    _renumber(tables)


def disorder(_: History, tables: Tables) -> None:
    rows = tables["transition"]
    rows[1], rows[3] = rows[3], rows[1]
    _renumber(tables)


def gap_in_views(_: History, tables: Tables) -> None:
    tables["transition"][5]["view"] = 9


def gap_in_numbers(history: History, tables: Tables) -> None:
    history.operations[0].value = 2
    tables["participant"][0]["number"] = tables["account"][0]["person"] = 2
    tables["consent"][0]["person"] = tables["attempt"][0]["person"] = 2


def another_number(history: History, _: Tables) -> None:
    history.operations[0].value = 5


def lost_registration(_: History, tables: Tables) -> None:
    tables["account"][0]["person"] = None


def refused_registration(_: History, tables: Tables) -> None:
    tables["participant"].append({"number": 2})
    tables["consent"].append({"person": 2, "purpose": "take_part"})
    tables["account"][1]["person"] = 2
    tables["ledger_queue"].append({"kind": "reg"})


def nobodys_number(_: History, tables: Tables) -> None:
    tables["participant"].append({"number": 2})
    tables["consent"].append({"person": 2, "purpose": "take_part"})
    tables["ledger_queue"].append({"kind": "reg"})


def consent_twice(_: History, tables: Tables) -> None:
    tables["consent"] *= 2


def two_attempts(_: History, tables: Tables) -> None:
    tables["attempt"].append({**tables["attempt"][0], "id": 8, "ended_at": None, "end": None})
    tables["ledger_queue"].append({"kind": "start"})


def lost_submission(_: History, tables: Tables) -> None:
    tables["attempt"][0].update(ended_at=None, end=None)
    tables["ledger_queue"].pop()


def wrong_grade(_: History, tables: Tables) -> None:
    tables["attempt"][0]["answered"] = 15


def other_screen(history: History, _: Tables) -> None:
    history.screens[PERSON] = "question 3"


def ledger_entry_missing(_: History, tables: Tables) -> None:
    tables["ledger_queue"].remove({"kind": "start"})


def _renumber(tables: Tables) -> None:
    for view, row in enumerate(tables["transition"], start=1):
        row.update(view=view, at=10 * view)


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (lose_an_answer, "lost: ('answer', 2, 1)"),
        (double_an_answer, "twice: ('answer', 1, 0)"),
        (keep_a_refused_one, "refused, and stands: ('answer', 1, 3)"),
        (unknown_twice, "twice: ('answer', 1, 2)"),
        (invent, "invented: ('answer', 3, 2)"),
        (disorder, "another order"),
        (gap_in_views, "views have gaps"),
        (at(5, at=1), "back in time"),
        (gap_in_numbers, "numbers have gaps"),
        (another_number, "was told the numbers [5] and has 1"),
        (lost_registration, "registration lost"),
        (refused_registration, "registration that nobody was told of"),
        (nobodys_number, "number 2 belongs to nobody"),
        (consent_twice, "consented 2 times"),
        (two_attempts, "attempt that nobody was told of: 2"),
        (lost_submission, "ended is False"),
        (wrong_grade, "end, answers and guess"),
        (other_screen, "saw question 3, and the rows say receipt"),
        (ledger_entry_missing, "ledger: 0 entries of start for 1"),
    ],
    ids=lambda one: getattr(one, "__name__", "") if callable(one) else "",
)
def test_every_kind_of_error_is_found(spoil: Callable[[History, Tables], None], found: str):
    history, tables = copy.deepcopy(good())

    spoil(history, tables)

    assert any(found in one for one in check(history, tables)), check(history, tables)
