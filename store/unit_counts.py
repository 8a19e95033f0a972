"""People and attempts by unit and hour, kept in the transaction of whatever changes them.

Decides what a person adds to which bucket: the registration to the hour of the registration, each
participation to the hour in which it ended, the person to the first of these. Who is void in whole
adds nothing, a void attempt neither; who was erased stays, as a number without a name. Buckets are
written last in their transaction (`store.last_steps`), sorted by key.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, and_, exists, select

from scoring.attempt import Act
from scoring.instant import HOUR_MS, Instant
from scoring.tallies import NOBODY, Count
from store.insertion import InsertOrAdd
from store.last_steps import leave
from store.lists import among
from store.participations import LEAST_ANSWERS
from store.tables import ATTEMPT, PARTICIPANT, UNIT_HOUR, VOID

SLICE = 1_000
"""People looked at by one statement."""

_ADD = InsertOrAdd(UNIT_HOUR, ["unit", "hour"])
_IN_FORCE = and_(VOID.c.person == PARTICIPANT.c.number, VOID.c.restored_at.is_(None))
_READ = (
    select(
        PARTICIPANT.c.number,
        PARTICIPANT.c.unit,
        PARTICIPANT.c.registered_at,
        exists().where(_IN_FORCE, VOID.c.attempt == 0).label("is_void"),
        ATTEMPT.c.id,
        ATTEMPT.c.rules,
        ATTEMPT.c.ended_at,
        ATTEMPT.c.end,
        ATTEMPT.c.answered,
        exists().where(_IN_FORCE, VOID.c.attempt == ATTEMPT.c.number).label("is_attempt_void"),
    )
    .select_from(
        PARTICIPANT.outerjoin(
            ATTEMPT, and_(ATTEMPT.c.person == PARTICIPANT.c.number, ATTEMPT.c.ended_at.is_not(None))
        )
    )
    .where(among(PARTICIPANT.c.number, "people"))
    .order_by(PARTICIPANT.c.number, ATTEMPT.c.number)
)
_LOCK_PEOPLE = (
    select(PARTICIPANT.c.number)
    .where(among(PARTICIPANT.c.number, "people"))
    .order_by(PARTICIPANT.c.number)
    .with_for_update(key_share=True)
)
# An attempt that ends has its row locked before its person is read here: one waits for the other.
_LOCK_ATTEMPTS = (
    select(ATTEMPT.c.id)
    .where(among(ATTEMPT.c.person, "people"))
    .order_by(ATTEMPT.c.id)
    .with_for_update(key_share=True)
)


class Bucket(NamedTuple):
    """A unit, and the first instant of an hour."""

    unit: str
    hour: int


Counts = dict[Bucket, Count]


@dataclass(frozen=True, slots=True)
class _Person:
    """What the rows say of a person; `ended` are the ended attempts, first to last."""

    unit: str
    registered_at: int
    is_void: bool
    ended: tuple[Row[Any], ...]


def hour_of(at: int, end: int | None = None) -> int:
    """The first instant of the hour that `at` counts in.

    What the closing ended counts in the hour that the closing ends: 24:00 is no new day.
    """
    counted_at = at - 1 if end == int(Act.CLOSE) else at
    return counted_at // HOUR_MS * HOUR_MS


def count_registrations(connection: Connection, taken: Sequence[tuple[str, Instant]]) -> None:
    """People who have just got their numbers: unit and instant of each."""
    for unit, at in taken:
        leave(connection, _write, {Bucket(unit, hour_of(at)): Count(registered=1)})


def count_endings(connection: Connection, ended: Mapping[int, int]) -> None:
    """Attempts that have just ended, their rows written; persons by attempt."""
    if not ended:
        return
    people = _read(connection, sorted(set(ended.values())))
    least = _least_for(connection, people)
    for person in people:
        earlier = tuple(row for row in person.ended if row.id not in ended)
        before = _counts_of(replace(person, ended=earlier), least)
        leave(connection, _write, _difference(before, _counts_of(person, least)))


@contextmanager
def recounted(connection: Connection, people: Collection[int]) -> Iterator[None]:
    """Whatever the block changes of these people's units, attempts or voids is counted anew.

    They and their attempts are locked until the transaction ends, so that a paper which ends
    meanwhile is counted before or after, and never by what no longer holds.
    """
    slices = _slices(people)
    before = [_locked_counts(connection, one) for one in slices]
    yield
    for counts, one in zip(before, slices, strict=True):
        leave(connection, _write, _difference(counts, _counts(connection, one)))


def move_person(connection: Connection, person: int, old_unit: str, new_unit: str) -> None:
    """What a person has added to the old unit is the new one's, at the hours when it came.

    The participant's own row is the caller's, before or after this.
    """
    move_people(connection, {person: (old_unit, new_unit)})


def move_people(connection: Connection, moves: Mapping[int, tuple[str, str]]) -> None:
    """Many people from the old to the new unit, by number."""
    for one in _slices(moves):
        _lock(connection, one)
        found = _read_numbered(connection, one)
        least = _least_for(connection, list(found.values()))
        for number, person in found.items():
            old, new = (_counts_of(replace(person, unit=unit), least) for unit in moves[number])
            leave(connection, _write, _difference(old, new))


def _locked_counts(connection: Connection, people: Sequence[int]) -> Counts:
    _lock(connection, people)
    return _counts(connection, people)


def _lock(connection: Connection, people: Sequence[int]) -> None:
    connection.execute(_LOCK_PEOPLE, {"people": people}).all()
    connection.execute(_LOCK_ATTEMPTS, {"people": people}).all()


def _counts(connection: Connection, numbers: Sequence[int]) -> Counts:
    people = _read(connection, numbers)
    least = _least_for(connection, people)
    total: Counts = {}
    for person in people:
        _add(total, _counts_of(person, least))
    return total


def _read(connection: Connection, numbers: Sequence[int]) -> list[_Person]:
    return list(_read_numbered(connection, numbers).values())


def _read_numbered(connection: Connection, numbers: Sequence[int]) -> dict[int, _Person]:
    rows = connection.execute(_READ, {"people": numbers})
    return {
        number: _person_of(list(of_one)) for number, of_one in groupby(rows, lambda row: row.number)
    }


def _person_of(rows: Sequence[Row[Any]]) -> _Person:
    first = rows[0]
    ended = tuple(row for row in rows if row.id is not None and not row.is_attempt_void)
    return _Person(first.unit, first.registered_at, first.is_void, ended)


def _least_for(connection: Connection, people: Sequence[_Person]) -> Mapping[str, int]:
    return LEAST_ANSWERS.of(connection, {row.rules for one in people for row in one.ended})


def _counts_of(person: _Person, least: Mapping[str, int]) -> Counts:
    if person.is_void:
        return {}
    counts = {Bucket(person.unit, hour_of(person.registered_at)): Count(registered=1)}
    taken = [row for row in person.ended if _is_participation(row, least)]
    for at, row in enumerate(taken):
        bucket = Bucket(person.unit, hour_of(row.ended_at, row.end))
        _add(counts, {bucket: Count(people=int(at == 0), attempts=1)})
    return counts


def _is_participation(row: Row[Any], least: Mapping[str, int]) -> bool:
    """What was opened under rules that nobody knows counts nowhere, and ends all the same."""
    return row.rules in least and row.answered >= least[row.rules]


def _add(total: Counts, counts: Mapping[Bucket, Count]) -> None:
    for bucket, count in counts.items():
        total[bucket] = total.get(bucket, NOBODY) + count


def _difference(before: Counts, after: Counts) -> Counts:
    buckets = before.keys() | after.keys()
    return {one: after.get(one, NOBODY) - before.get(one, NOBODY) for one in buckets}


def _write(connection: Connection, left: Sequence[Counts]) -> None:
    """The last step of a transaction: one statement, whatever was counted in it."""
    total: Counts = {}
    for counts in left:
        _add(total, counts)
    rows = [
        {**bucket._asdict(), **_values(count)}
        for bucket, count in sorted(total.items())
        if count != NOBODY
    ]
    _ADD.execute(connection, rows)


def _values(count: Count) -> dict[str, int]:
    return {"registered": count.registered, "people": count.people, "attempts": count.attempts}


def _slices(people: Collection[int]) -> list[list[int]]:
    ordered = sorted(people)
    return [ordered[at : at + SLICE] for at in range(0, len(ordered), SLICE)]
