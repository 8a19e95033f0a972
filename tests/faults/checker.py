"""The checker: whether tables and screens agree with what people were told.

Shares no code with the store or the engine: it reads rows, and knows the numbers of acts and the
order of a paper for itself. Every ok is in the database once, no refused one is, each unknown at
most once, nothing was invented; person numbers have no gaps; the last screen is the last row's.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from tests.faults.history import History, Operation, Outcome
from tests.faults.tables import Row, Tables

ANSWER, BACK, PREDICT, SUBMIT = 1, 3, 5, 6
_ACTS = {ANSWER: "answer", BACK: "back", PREDICT: "predict", SUBMIT: "submit"}
_SIZE = 15
_CERTAIN = {Outcome.OK}
_POSSIBLE = {Outcome.OK, Outcome.UNKNOWN, Outcome.INVOKED}

T = TypeVar("T")
Step = tuple[str, int | None, int | None]
"""Act, place and value, as a person names what he did."""


def check(history: History, tables: Tables) -> list[str]:
    """Everything that is wrong, a line each; nothing when all is well."""
    accounts = {int(row["external_id"]): row["person"] for row in tables["account"]}
    done = _grouped(history.operations, lambda one: one.person)
    attempts = _grouped(tables["attempt"], lambda row: row["person"])
    rows = _grouped(tables["transition"], lambda row: row["attempt"])
    wrong = [*_numbers(tables), *_ledger(tables)]
    for person in sorted({*done, *accounts}):
        number = accounts.get(person)
        owned = [] if number is None else attempts[number]
        steps = sorted((row for one in owned for row in rows[one["id"]]), key=_order)
        found = _Found(number, owned, steps, history.screens.get(person))
        wrong += [f"{person}: {one}" for one in _person(done[person], found)]
    return wrong


@dataclass(frozen=True, slots=True)
class _Found:
    """What the database has of a person, and the screen he saw last."""

    number: int | None
    attempts: Sequence[Row]
    steps: Sequence[Row]
    screen: str | None


def _grouped(ones: Iterable[T], key: Callable[[T], int]) -> dict[int, list[T]]:
    groups: dict[int, list[T]] = defaultdict(list)
    for one in ones:
        groups[key(one)].append(one)
    return groups


def _order(row: Row) -> tuple[int, int]:
    return row["attempt"], row["view"]


def _numbers(tables: Tables) -> Iterable[str]:
    numbers = sorted(row["number"] for row in tables["participant"])
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"numbers have gaps or doubles: {numbers}"
    told = Counter(row["person"] for row in tables["account"] if row["person"] is not None)
    yield from (f"number {one} has {count} accounts" for one, count in told.items() if count > 1)
    owned = set(told)
    yield from (f"number {one} belongs to nobody" for one in numbers if one not in owned)
    given = Counter(row["person"] for row in tables["consent"] if row["purpose"] == "take_part")
    yield from (f"number {one} consented {given[one]} times" for one in numbers if given[one] != 1)


def _person(done: Sequence[Operation], found: _Found) -> Iterable[str]:
    by_act = {act: [one for one in done if one.act == act] for act in ("register", "open")}
    yield from _registered(by_act["register"], found.number)
    yield from _counted("attempt", by_act["open"], len(found.attempts))
    acted = [one for one in done if one.act in _ACTS.values()]
    yield from _steps(acted, [_step_of(row) for row in found.steps])
    for attempt in found.attempts[:1]:
        yield from _attempt(attempt, found.steps)
        if found.screen is not None and found.screen != _screen_after(found.steps):
            yield f"saw {found.screen}, and the rows say {_screen_after(found.steps)}"


def _registered(done: Sequence[Operation], number: int | None) -> Iterable[str]:
    yield from _counted("registration", done, 0 if number is None else 1)
    told = {one.value for one in done if one.outcome is Outcome.OK}
    if number is not None and told - {number}:
        yield f"was told the numbers {sorted(told, key=str)} and has {number}"


def _counted(what: str, done: Sequence[Operation], found: int) -> Iterable[str]:
    least = min(1, sum(one.outcome in _CERTAIN for one in done))
    most = min(1, sum(one.outcome in _POSSIBLE for one in done))
    if found < least:
        yield f"{what} lost: told ok, and not in the database"
    if found > most:
        yield f"{what} that nobody was told of: {found}"


def _step_of(row: Row) -> Step:
    act = _ACTS.get(row["act"], f"act {row['act']}")
    place = row["place"] if act in {"answer", "back"} else None
    return act, place, row["choice"] if act in {"answer", "predict"} else None


def _asked(one: Operation) -> Step:
    return one.act, one.place, one.value


def _steps(done: Sequence[Operation], rows: Sequence[Step]) -> Iterable[str]:
    """Whether the rows are what was told ok, with some of the unknown between, in that order."""
    wrong = [*_step_counts(done, rows)]
    yield from wrong
    if not wrong and not _explains(done, rows):
        yield f"rows stand in another order than they were told: {list(rows)}"


def _step_counts(done: Sequence[Operation], rows: Sequence[Step]) -> Iterable[str]:
    found = Counter(rows)
    by_step: dict[Step, Counter[Outcome]] = defaultdict(Counter)
    for one in done:
        by_step[_asked(one)][one.outcome] += 1
    for step in sorted({*found, *by_step}, key=str):
        told = by_step[step]
        possible = sum(told[outcome] for outcome in _POSSIBLE)
        if found[step] < told[Outcome.OK]:
            yield f"lost: {step} was told ok {told[Outcome.OK]} times, stands {found[step]} times"
        elif found[step] > possible and told[Outcome.REFUSED]:
            yield f"refused, and stands: {step}"
        elif found[step] > possible:
            yield f"{'twice' if possible else 'invented'}: {step} stands {found[step]} times"


def _explains(done: Sequence[Operation], rows: Sequence[Step]) -> bool:
    """Whether the rows, in order, are operations in order: each ok once, an unknown 0 or 1."""
    reached = {0}
    for one in done:
        taken = {at + 1 for at in reached if at < len(rows) and rows[at] == _asked(one)}
        if one.outcome is Outcome.OK:
            reached = taken
        elif one.outcome is not Outcome.REFUSED:
            reached |= taken
    return len(rows) in reached


def _attempt(attempt: Row, rows: Sequence[Row]) -> Iterable[str]:
    views = [row["view"] for row in rows]
    if views != list(range(1, len(views) + 1)):
        yield f"views have gaps or doubles: {views}"
    is_ended = attempt["ended_at"] is not None
    has_end = bool(rows) and rows[-1]["act"] == SUBMIT
    if is_ended != has_end:
        yield f"ended is {is_ended}, and the last row says {has_end}"
    if any(after["at"] < before["at"] for before, after in pairwise(rows)):
        yield "rows go back in time"
    if is_ended:
        answered = len({row["place"] for row in rows if row["act"] == ANSWER})
        guesses = [row["choice"] for row in rows if row["act"] == PREDICT]
        found = (attempt["end"], attempt["answered"], attempt["guess"])
        if found != (SUBMIT, answered, guesses[-1] if guesses else None):
            yield f"end, answers and guess are {found}, and the rows say {answered}, {guesses}"


def _screen_after(rows: Sequence[Row]) -> str:
    """What the last row leads to, for people who answer, go back, predict and submit."""
    if not rows:
        return "question 1"
    last = rows[-1]
    if last["act"] in {PREDICT, SUBMIT}:
        return "summary" if last["act"] == PREDICT else "receipt"
    place = last["place"] + (1 if last["act"] == ANSWER else -1)
    return "prediction" if place > _SIZE else f"question {place}"


def _ledger(tables: Tables) -> Iterable[str]:
    queued = Counter(row["kind"] for row in tables["ledger_queue"])
    ended = sum(row["ended_at"] is not None for row in tables["attempt"])
    wanted = {
        "reg": len(tables["participant"]),
        "start": len(tables["attempt"]),
        "submit": ended,
    }
    for kind, count in wanted.items():
        if queued[kind] != count:
            yield f"ledger: {queued[kind]} entries of {kind} for {count}"
