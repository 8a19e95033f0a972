"""A store over each database, and a small world of people who use it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Connection, select

from handlers.records import (
    AttemptStarted,
    Consent,
    CorrectData,
    Dialogue,
    FinishAttempt,
    MoveDialogue,
    PersonalData,
    Register,
    Registered,
    Sender,
    Session,
    StartAttempt,
    Visitor,
)
from question_bank.draw import Paper, draw_paper
from question_bank.question import Option, Question, QuestionBank
from scoring.attempt import Act, Order, Transition, advance, decide
from scoring.contest import Calendar, Timeline
from scoring.instant import MINUTE_MS, Instant, day_start
from scoring.limits import AttemptLimits
from store import tables
from store.contests import DeclaredContest, OpenContest
from store.house import Store, StoreSettings, open_store

DATA_KEY = bytes(range(32))
OPENS = Instant(1_765_152_000_000)
CLOSES = Instant(OPENS + 7 * 24 * 60 * MINUTE_MS)
NOW = Instant(OPENS + 60 * MINUTE_MS)
SIZE = 5


def bank_of(questions: int = 8) -> QuestionBank:
    options = tuple(Option(letter, f"option {letter}") for letter in "abcd")
    return QuestionBank(
        tuple(
            Question(f"q-{at:02}", "law", f"Stem {at}?", options, "a", False, "", "", 1)
            for at in range(questions)
        )
    )


def declared_contest(kind: str = "rehearsal", **changes: Any) -> DeclaredContest:
    rules = {
        "v": 1,
        "contest": "test-2025",
        "opens": OPENS,
        "closes": CLOSES,
        "minutes": 15,
        "min_answers": 2,
        "draw": {"law": SIZE},
        "units": [{"g": "to-1", "block": "to-dan-pho", "size": 100, "target": 50}],
    }
    declared = DeclaredContest(kind, rules, bank_of(), "example.vn/hoithi", OPENS)
    return replace(declared, **changes)


@dataclass
class World:
    """What tests do through a store, in few words."""

    store: Store
    contest: OpenContest
    bank: QuestionBank = field(default_factory=bank_of)
    timeline: Timeline = field(default_factory=lambda: Timeline(Calendar(OPENS, CLOSES)))
    now: Instant = NOW
    ids: Any = field(default_factory=lambda: count(1))
    phones: Any = field(default_factory=lambda: count(1))

    def at(self, store: Store) -> "World":
        """The same world through another process's store."""
        return replace(self, store=store)

    def sender(self) -> Sender:
        return Sender("tg", f"s{next(self.ids)}")

    def data(self, name: str = "Nguyễn Văn An", **changes: Any) -> PersonalData:
        data = PersonalData(name, 1980, "+84912345678", False, "to-1")
        return replace(data, **changes)

    def new_data(self) -> PersonalData:
        return self.data(phone=f"+8491{next(self.phones):07}")

    async def visit(self, sender: Sender) -> Visitor:
        return await self.store.people.visit(sender, f"chat-{sender.id}", day_start(self.now))

    async def registering(
        self, sender: Sender, data: PersonalData, family_limit: int = 4
    ) -> Register:
        """The order of a sender whose dialogue has come to its last step."""
        visitor = await self.visit(sender)
        move = MoveDialogue(visitor.account, Dialogue("registration"), self.now)
        _, step = await self.store.people.move(move)
        consent = Consent("take_part", "1", True, self.now)
        return Register(sender, visitor.account, step, data, (consent,), self.now, family_limit)

    async def correcting(self, visitor: Visitor) -> CorrectData:
        """The order of a participant whose correction has come to its last step."""
        move = MoveDialogue(visitor.account, Dialogue("registration"), self.now)
        _, step = await self.store.people.move(move)
        person = visitor.participant.number
        return CorrectData(visitor.account, person, step, self.new_data(), self.now, 4)

    async def register(
        self, sender: Sender | None = None, data: PersonalData | None = None
    ) -> Visitor:
        """A fresh participant, visited."""
        sender = sender or self.sender()
        order = await self.registering(sender, data or self.new_data())
        outcome = await self.store.people.register(order)
        assert isinstance(outcome, Registered)
        return await self.visit(sender)

    def paper(self, person: int, number: int) -> Paper:
        return draw_paper(self.contest.draw_key, self.bank, {"law": SIZE}, person, number)

    def starting(self, visitor: Visitor, number: int = 1, **changes: Any) -> StartAttempt:
        person = visitor.participant.number
        order = StartAttempt(
            account=visitor.account,
            person=person,
            number=number,
            paper=self.paper(person, number),
            commitments=self.contest.commitments,
            at=self.now,
            due=Instant(self.now + 15 * MINUTE_MS),
            day_start=day_start(self.now),
            limits=AttemptLimits(3, 1),
        )
        return replace(order, **changes)

    async def open_paper(self, sender: Sender | None = None) -> tuple[Sender, Session]:
        """A fresh participant with an open attempt, cached as handlers leave it."""
        sender = sender or self.sender()
        visitor = await self.register(sender)
        outcome = await self.store.attempts.start(self.starting(visitor))
        assert isinstance(outcome, AttemptStarted)
        self.store.sessions.keep(sender, outcome.session)
        return sender, outcome.session

    def choosing(self, session: Session, choice: int = 0, later_ms: int = 1_000) -> Transition:
        at = Instant(session.attempt.opened_at + later_ms)
        transition = decide(session.attempt, Order(Act.ANSWER, choice), at)
        assert isinstance(transition, Transition)
        return transition

    async def answer(self, sender: Sender, session: Session, choice: int = 0) -> Session:
        transition = self.choosing(session, choice, 1_000 * session.attempt.view)
        assert await self.store.attempts.record(transition) is None
        moved = replace(session, attempt=advance(session.attempt, transition))
        self.store.sessions.keep(sender, moved)
        return moved

    def finishing(self, session: Session, act: Act = Act.SUBMIT, **changes: Any) -> FinishAttempt:
        at = Instant(session.attempt.opened_at + 5 * MINUTE_MS)
        order = FinishAttempt(session, act, at, self.bank, self.timeline)
        return replace(order, **changes)

    async def rows(self, table: str) -> list[dict[str, Any]]:
        """Every row of a table, by its key."""
        found = tables.metadata.tables[table]

        def read(connection: Connection) -> list[dict[str, Any]]:
            ordered = select(found).order_by(*found.primary_key.columns)
            return [dict(row._mapping) for row in connection.execute(ordered)]

        return await self.store.database.read(read)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(name))


@pytest.fixture
def settings(database_url: str, redis_url: str) -> StoreSettings:
    return StoreSettings(database_url, redis_url, DATA_KEY)


@pytest.fixture
def another(
    settings: StoreSettings,
) -> Callable[..., AbstractAsyncContextManager[Store]]:
    """Opens one more store on the same database, as another process would."""

    def opened(**changes: Any) -> AbstractAsyncContextManager[Store]:
        return open_store(replace(settings, **changes))

    return opened


@pytest.fixture
def declared() -> Callable[..., DeclaredContest]:
    return declared_contest


@pytest.fixture
async def store(settings: StoreSettings) -> AsyncIterator[Store]:
    async with open_store(settings) as opened:
        yield opened


@pytest.fixture
async def world(store: Store) -> World:
    return World(store, await store.contests.open(declared_contest()))
