"""What people wait for costs the same however many took part before them (PERFORMANCE, P6).

Each statement of a tap, of a screen and of the sweeper finds its rows by an index.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, text

from handlers.daily_tallies import TallyKey
from handlers.office_reminders import LinedUp, RemindSlice
from handlers.office_roles import ListOutcome, Readmit, WithdrawRole
from handlers.records import (
    Consent,
    Event,
    EventId,
    PersonNumber,
    RecordConsent,
    Registered,
    Relation,
)
from scoring.instant import MINUTE_MS, Instant
from scoring.limits import AttemptLimits
from store.heartbeats import Beat, Life
from tests.store.appointing import Office
from tests.store.statements import Statements, sent

GROWING = "attempt|transition|account|participant|consent|dialogue|event|ledger_queue|outbox"
_SEQUENCE = re.compile(rf"(?:seq scan on|scan) ({GROWING})\b(?! using)")
SMALL, LARGE = 1_000, 100_000
FILL_S = 120.0
"""Of a machine that other work shares; a statement of the product has its own, shorter limit."""
_COSTS = re.compile(r" *\(cost=[^)]*\)")
_FIRST = 1_000_000
"""Ids from here on are the crowd's; those of the people who act are given by the database."""


async def tap(world: Any) -> None:
    """Cached and not, new, repeated, and too late."""
    sender, session = await world.open_paper()
    transition = world.choosing(session)
    await world.store.sessions.reload(sender)
    await world.store.attempts.record(transition)
    await world.store.attempts.record(transition)
    await world.store.attempts.recorded_at(transition.attempt, transition.view)


async def typed_answer(world: Any) -> None:
    sender, session = await world.open_paper()
    typed = Event(sender.channel, EventId("e1"))
    await world.store.attempts.record(world.choosing(session), typed)
    await world.store.people.was_taken(typed)


async def home_screen(world: Any) -> None:
    sender, session = await world.open_paper()
    await world.visit(sender)
    await world.store.attempts.of_person(PersonNumber(session.attempt.person))
    await world.store.attempts.chat_of(session.account)


async def registration(world: Any) -> None:
    visitor = await world.register()
    consent = Consent("publish_name", "1", True, world.now)
    order = RecordConsent(visitor.account, visitor.participant.number, consent)
    await world.store.people.consent(order)
    await world.store.people.correct(await world.correcting(visitor))


async def assistance(world: Any) -> None:
    """An official enters for who comes in person: the counter is locked meanwhile."""
    order = await world.registering(world.sender(), world.new_data())
    assisted = replace(order, relation=Relation.ASSISTED, assisted_limit=40, day_start=world.now)
    assert isinstance(await world.store.people.register(assisted), Registered)


async def submission(world: Any) -> None:
    _, session = await world.open_paper()
    await world.store.attempts.finish(world.finishing(session))


async def sweep(world: Any) -> None:
    _, session = await world.open_paper()
    attempts, jobs = world.store.attempts, world.store.jobs
    await attempts.open_attempts(Instant(world.now + 60 * MINUTE_MS), 200)
    await attempts.open_attempts(None, 200, beyond=_FIRST)
    await attempts.finish(world.finishing(session, notice="notice.expired"))
    await jobs.is_done("opening", world.now)


async def roles(world: Any) -> None:
    """A role that voids a paper, and the list put right again."""
    office = Office(world)
    _, session = await world.open_paper()
    await office.appoint(account=session.account, phone="+84987654321", doc="12/QĐ")
    (held,) = await world.store.roles.held()
    await world.store.roles.withdraw(WithdrawRole(held.id, office.ordered("role.withdraw")))
    (entry,) = await world.store.exclusions.listed()
    order = Readmit(entry.key, office.ordered("exclusion.remove"), "13/QĐ")
    assert await world.store.exclusions.remove(order) is ListOutcome.DONE
    await world.store.roles.by_chat("tg")


async def housekeeping(world: Any) -> None:
    """Once a second, a minute, an hour: never in anybody's way."""
    store = world.store
    await world.open_paper()
    life = Life("p", world.now)
    await store.heartbeats.beat(Beat(life, world.now, Instant, world.timeline.calendar))
    await store.retention.forget(Instant(5), Instant(5), world.now)
    await store.overview.look()
    await store.outbox.waiting(64, world.now)
    await store.leases.take("outbox", "p", 1, 2)


async def listing(world: Any) -> None:
    """A page of people and one of attempts, wherever in the list."""
    await world.open_paper()
    await anext(world.store.listing.people(world.now))
    await anext(world.store.listing.attempts(world.now))


async def daily(world: Any) -> None:
    """A tally and a slice of reminders: what they cost does not grow with who took part."""
    await world.register()
    store, now = world.store, world.now
    await store.counts.between(Instant(0), now)
    await store.counts.by_day("to-1")
    await store.tallies.skip([TallyKey("tally", now)], now)
    await store.tallies.hush(now)
    await store.tallies.let_go()
    limits = AttemptLimits(3, 1)
    await store.reminders.slices()
    await store.reminders.remind_slice(RemindSlice(now, now, now, 0, limits))
    await store.reminders.is_wanted(LinedUp("remind.spare", "tg", "x", now, limits))
    await store.roles.grants_in("tg", "x")
    await store.unit_chats.is_linked("tg", "x", "to-1")


ACTS: tuple[Callable[[Any], Awaitable[None]], ...] = (
    tap,
    typed_answer,
    home_screen,
    registration,
    assistance,
    submission,
    sweep,
    roles,
    housekeeping,
    listing,
    daily,
)


async def test_no_statement_walks_through_what_grows(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The boxes of the crowd hold nothing: a page of lists stays with those who act.
    monkeypatch.setattr("store.listing.PAGE", 3)
    await world.store.database.write(lambda one: fill(one, 0, SMALL), FILL_S)
    statements: dict[str, Statements] = {}
    for act in ACTS:
        with sent() as said:
            await act(world)
        statements[act.__name__] = said
    # The few rows that the acts left in small tables are known both times.
    await world.store.database.write(analyze)
    before = await world.store.database.write(lambda one: plans_of(one, statements["tap"]))

    await world.store.database.write(lambda one: fill(one, 2 * SMALL, LARGE), FILL_S)

    for name, said in statements.items():
        plans = await world.store.database.write(lambda one, said=said: plans_of(one, said))
        walked = {one: plan for one, plan in plans.items() if _SEQUENCE.search(plan)}
        assert len(plans) > 2
        assert (name, walked) == (name, {})
        if name == "tap":
            assert plans == before


def plans_of(connection: Connection, statements: Statements) -> dict[str, str]:
    """By statement; lower case."""
    explain = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
    plans: dict[str, str] = {}
    for statement, values in statements:
        # An insert finds nothing; SQLite names checks in its plan that it never runs.
        if statement.split(None, 1)[0] in {"SELECT", "UPDATE", "DELETE", "WITH"}:
            rows = connection.exec_driver_sql(explain + statement, values)
            plan = "\n".join(str(row[-1]) for row in rows).lower()
            plans[statement] = _COSTS.sub("", plan)
    return plans


def fill(connection: Connection, first: int, last: int) -> None:
    """A crowd that has taken part, the paper of one in a hundred still open."""
    is_sqlite = connection.dialect.name == "sqlite"
    key = "CAST(n AS TEXT)" if is_sqlite else "convert_to(CAST(n AS TEXT), 'UTF8')"
    box = "CAST('x' AS BLOB)" if is_sqlite else "convert_to('x', 'UTF8')"
    rows = {
        "participant (number, name_box, born_box, phone_box, salt_box, phone_index, identity_index,"
        " unit, is_phone_verified, registered_at, registered_by, is_flagged)": (
            f"n, {box}, {box}, {box}, {box}, {key}, {key}, 'to-1', true, 1, n, false"
        ),
        "account (id, channel, external_id, chat, person, is_reachable, created_at)": (
            "n, 'tg', CAST(n AS TEXT), CAST(n AS TEXT), n, true, 1"
        ),
        "consent (id, person, purpose, text_version, is_given, at, account)": (
            "n, n, 'take_part', '1', true, 1, n"
        ),
        "dialogue (account, name, step, draft_box, at)": f"n, '', 3, {box}, n",
        "event (channel, id, kept_since)": "'tg', CAST(n AS TEXT), n",
        "attempt (id, person, number, account, paper, bank, rules, opened_at, due, wait_ms,"
        " extra_ms, guess_salt, ended_at)": (
            f"n, n, 1, n, '[]', 'b', 'r', n, n + 900000, 0, 0, {box},"
            " CASE WHEN n % 100 = 0 THEN NULL ELSE n END"
        ),
        "transition (attempt, view, act, place, choice, at)": "n, 1, 1, 1, 1, n",
        "ledger_queue (id, kind, fields_text, at)": "n, 'reg', '{}', n",
        "outbox (id, channel, chat, message, arguments, is_bulk, created_at, not_before_ms, tries,"
        " is_maybe_twice, state)": (
            "n, 'tg', CAST(n AS TEXT), 'm', '{}', false, 1, n, 1, false, 'sent'"
        ),
    }
    for table, values in rows.items():
        connection.execute(
            text(
                f"WITH RECURSIVE numbers (n) AS (SELECT {_FIRST + first} UNION ALL "  # noqa: S608 (of the test itself)
                f"SELECT n + 1 FROM numbers WHERE n < {_FIRST + last - 1}) "
                f"INSERT INTO {table} SELECT {values} FROM numbers"
            )
        )
    analyze(connection)


def analyze(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("ANALYZE"))
