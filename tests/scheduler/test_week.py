"""A whole contest week of 60 units and 3,000 residents, with two restarts and a day of downtime.

The residents' deeds go through the stores, the tallies through the outbox; what must have been
posted and what it must say is the test's own count (`tests.scheduler.week`).
"""

import asyncio
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from sqlalchemy import select

from bot.declared import rules_of
from bot.files import load_units
from bot.notices import message_screen
from bot.settings import read_config
from handlers.desk import Desk
from handlers.office_persons import Corrected, CorrectPerson, RestorePapers, Voided, VoidPapers
from handlers.office_roles import Ordered
from handlers.records import (
    AttemptStarted,
    AuditEntry,
    Notice,
    OutboxMessage,
    Sender,
    Session,
    Visitor,
)
from scheduler.tallies import Tallier
from scheduler.tally_plan import Hours
from scheduler.ticker import Ticker
from scoring.attempt import Act
from scoring.contest import Calendar, Timeline
from scoring.daily_tallies import tally_from_json
from scoring.instant import DAY_MS, HOUR_MS, Instant
from scoring.limits import AttemptLimits
from scoring.rules import UnitRule
from scoring.tallies import NOBODY
from store.house import Store, StoreSettings, open_store
from store.tables import OUTBOX, TALLY
from store.tally_posts import BATCH
from tests.playing import DATA_KEY, ROOT, HandClock, lay_desk
from tests.scheduler.week import (
    BEGINS,
    CLOSES,
    CODES,
    EMPTY,
    LEAST,
    LIVES,
    OPENS,
    UNITS,
    Life,
    Line,
    Resident,
    counted,
    lines_at,
    on,
    residents_of,
    ticks_of,
)
from tests.staffing import appoint
from tests.store.conftest import SIZE, World, bank_of
from tests.store.linking import link

PEOPLE = 3_000
DOC = "12/QĐ-BTC"
WARD = "-1"
GROUPS, FORUMS, LEADERS = CODES[:40], CODES[40:50], CODES[50:59]
LOST = CODES[58]
"""Its group removed the bot, so its leader is told."""

Post = tuple[str, int | None, str, dict[str, Any], Instant]
"""Chat, topic, message, what of, and when it was lined up."""

_NUMBERS = re.compile(r"tham gia: <b>(\d+)</b>.*?hợp lệ: <b>(\d+)</b>.*?đăng ký: (\d+)", re.DOTALL)


@dataclass
class Player:
    """A resident at the bot."""

    resident: Resident
    sender: Sender
    visitor: Visitor | None = None
    session: Session | None = None

    @property
    def number(self) -> Any:
        assert self.visitor is not None
        assert self.visitor.participant is not None
        return self.visitor.participant.number


@dataclass
class Process:
    """What runs of the bot between a start and its end; nothing of it outlives it but SQL."""

    store: Store
    clock: HandClock
    world: World
    desk: Desk
    tallier: Tallier
    ticker: Ticker

    async def tick(self, now: Instant) -> None:
        self.clock.go_to(now)
        await self.ticker.tick()
        await self.tallier.tick()


@dataclass
class Week:
    """Everybody, and what each tally had to say when it was taken."""

    players: list[Player]
    played_to: Instant = BEGINS
    expected: dict[tuple[str, Instant], Mapping[str, Line]] = field(default_factory=dict)

    @property
    def residents(self) -> list[Resident]:
        return [one.resident for one in self.players]


@asynccontextmanager
async def process(settings: StoreSettings, clock: HandClock) -> AsyncIterator[Process]:
    config = read_config(ROOT / "config.toml")
    rules = replace(
        rules_of(config, load_units(config)),
        calendar=Calendar(OPENS, CLOSES),
        limits=AttemptLimits(3, 1),
        min_answers=LEAST,
        draw={"law": SIZE},
        units=tuple(UnitRule(one.code, one.block, one.size, one.target) for one in UNITS.units),
    )
    bank = bank_of()
    async with open_store(settings) as store:
        desk = await lay_desk(store, clock, UNITS, rules, bank)
        contest: Any = desk.contest
        world = World(store, contest, bank, Timeline(rules.calendar))
        tallier = Tallier(desk, clock, Hours(20 * HOUR_MS, 7 * HOUR_MS))
        ticker = Ticker(desk, store.jobs, store.attempts, clock, 0)
        yield Process(store, clock, world, desk, tallier, ticker)


async def test_t30_a_week_s_tallies_are_right_and_posted_once(
    sqlite_url: str, redis_url: str
) -> None:
    week = Week(
        [Player(one, Sender("tg", f"r{at}")) for at, one in enumerate(residents_of(PEOPLE))]
    )
    settings = StoreSettings(sqlite_url, redis_url, DATA_KEY)
    clock = HandClock(LIVES[0].since)

    for life in LIVES:
        clock.go_to(life.since)
        async with process(settings, clock) as bot:
            if life is LIVES[0]:
                await settle_chats(bot)
            await live(bot, week, life)

    async with process(settings, clock) as bot:
        posts = await posted(bot.store)
        figures = await shown(bot.desk, posts)
    assert sorted(posts, key=repr) == sorted(expected_posts(), key=repr)
    assert list(week.expected) == expected_tallies()
    assert figures == expected_figures(week, posts)
    assert_is_a_week(week)


async def live(bot: Process, week: Week, life: Life) -> None:
    for now in ticks_of(life):
        await play(bot, week, now)
        for at, deed in DEEDS:
            if week.played_to < at <= now:
                await deed(bot, week, now)
        week.played_to = now
        await bot.tick(now)
        await check_taken(bot, week)


async def check_taken(bot: Process, week: Week) -> None:
    """Hold each tally against what has happened, as soon as it is taken."""
    rows = await bot.store.database.read(lambda one: one.execute(select(TALLY)).all())
    for row in sorted(rows, key=lambda row: (row.planned_at, row.job)):
        key = (row.job, Instant(row.planned_at))
        if key in week.expected:
            continue
        tally = tally_from_json(orjson.loads(row.figures))
        week.expected[key] = lines_at(week.residents, key[1])
        said = {
            line.code: Line(line.count, line.grown, line.missing, line.place, line.of)
            for line in tally.lines
        }
        assert said == week.expected[key]
        assert tally.total == sum((line.count for line in said.values()), NOBODY)
        assert tally.grown == sum((line.grown for line in said.values()), NOBODY)
        assert (tally.at, tally.closes) == (key[1], CLOSES)


async def settle_chats(bot: Process) -> None:
    """Who is told: groups, topics of forums beside a second group, leaders, the organisers."""
    await link(bot.store, "", WARD)
    for code in GROUPS:
        await link(bot.store, code, f"-10{code[-2:]}")
    for code in FORUMS:
        await link(bot.store, code, f"-10{code[-2:]}", thread=7)
        await link(bot.store, code, f"-20{code[-2:]}")
    for code in LEADERS:
        sender = Sender("tg", f"leader-{code}")
        await bot.world.visit(sender)
        await appoint(bot.store.database, sender.id, "leader", unit=code)
    await link(bot.store, LOST, "-1058", state="lost")


async def play(bot: Process, week: Week, now: Instant) -> None:
    """All that residents do until now, side by side, so that they share commits."""
    acting = [
        (player, deeds)
        for player in week.players
        if (deeds := [one for one in deeds_of(player) if week.played_to < one[0] <= now])
    ]
    await asyncio.gather(*(play_one(bot, player, deeds) for player, deeds in acting))


def deeds_of(player: Player) -> Iterator[tuple[Instant, str, int]]:
    """Instant, deed, number of the paper."""
    yield player.resident.registered_at, "register", 0
    for number, paper in enumerate(player.resident.papers, 1):
        yield paper.opened_at, "open", number
        if paper.submitted_at is not None:
            yield paper.submitted_at, "submit", number


async def play_one(bot: Process, player: Player, deeds: list[tuple[Instant, str, int]]) -> None:
    for at, deed, number in deeds:
        world = replace(bot.world, now=at)
        if deed == "register":
            phone = f"+8491{int(player.sender.id[1:]):07}"
            data = world.data(phone=phone, unit=player.resident.unit)
            player.visitor = await world.register(player.sender, data)
        elif deed == "open":
            await open_paper(world, player, number)
        else:
            assert player.session is not None
            order = world.finishing(player.session, Act.SUBMIT, at=at)
            assert await world.store.attempts.finish(order) is not None


async def open_paper(world: World, player: Player, number: int) -> None:
    assert player.visitor is not None
    outcome = await world.store.attempts.start(world.starting(player.visitor, number))
    assert isinstance(outcome, AttemptStarted)
    player.session = outcome.session
    for _ in range(player.resident.papers[number - 1].answers):
        player.session = await world.answer(player.sender, player.session)


def ordered(at: Instant, act: str) -> Ordered:
    return Ordered(AuditEntry(at, None, "secretary", act, why="test"))


async def void_people(bot: Process, week: Week, now: Instant) -> None:
    chosen = [one for one in week.players[::97] if one.visitor]
    orders = [VoidPapers(one.number, 0, "proxy", DOC, ordered(now, "void")) for one in chosen]
    assert {await bot.store.voids.void(order) for order in orders} == {Voided.DONE}
    for one in chosen:
        one.resident.is_void = True


async def restore_people(bot: Process, week: Week, now: Instant) -> None:
    chosen = [one for one in week.players[::194] if one.resident.is_void]
    limits = AttemptLimits(3, 1)
    orders = [RestorePapers(one.number, 0, DOC, limits, ordered(now, "restore")) for one in chosen]
    assert {await bot.store.voids.restore(order) for order in orders} == {Voided.DONE}
    for one in chosen:
        one.resident.is_void = False


async def void_papers(bot: Process, week: Week, now: Instant) -> None:
    """First papers; where a second one is there, the person counts from that one on."""
    chosen = [
        one
        for one in week.players[1::29]
        if one.resident.papers
        and 1 not in one.resident.void_papers
        and one.resident.papers[0].is_before(Instant(now - HOUR_MS))
    ]
    orders = [VoidPapers(one.number, 1, "incident", DOC, ordered(now, "void")) for one in chosen]
    assert {await bot.store.voids.void(order) for order in orders} == {Voided.DONE}
    for one in chosen:
        one.resident.void_papers.add(1)


async def move_people(bot: Process, week: Week, now: Instant) -> None:
    """Every 61st to the next unit but one."""
    for one in [one for one in week.players[2::61] if one.visitor]:
        old = one.resident.unit
        new = CODES[(CODES.index(old) + 2) % 59]
        order = CorrectPerson(
            one.number, {"unit": new}, {"unit": old}, 2025, 4, ordered(now, "person.correct")
        )
        assert await bot.store.corrections.correct(order) is Corrected.DONE
        one.resident.unit = new


Deed = Callable[[Process, Week, Instant], Any]
DEEDS: tuple[tuple[Instant, Deed], ...] = (
    (on(9, 15), void_people),
    (on(12, 10), move_people),
    (on(12, 22), void_papers),
    (on(13, 10), restore_people),
    # The units hear in the morning what the organisers heard at midnight.
    (on(15, 3), void_papers),
)


async def posted(store: Store) -> list[Post]:
    statement = select(OUTBOX).where(OUTBOX.c.batch == BATCH).order_by(OUTBOX.c.id)
    rows = await store.database.read(lambda one: one.execute(statement).all())
    return [
        (
            row.chat,
            row.thread,
            row.message,
            orjson.loads(row.arguments),
            Instant(row.created_at),
        )
        for row in rows
    ]


def expected_posts() -> list[Post]:
    """Fifteen seconds after its hour each; what was missed when somebody was there again."""
    posts: list[Post] = []
    for day in (8, 9, 11, 12, 13, 14):
        at = on(day, 20)
        posts += told("tally", at, on(day, 20, 0, 15))
        posts.append(ward("tally.ward", "tally", at, on(day, 20, 0, 15), page=1))
    for day in range(9, 16):
        late = {11: on(11, 18), 12: on(12, 7, 30)}
        at = late.get(day, on(day, 7, 0, 15))
        posts.append(ward("tally.morning", "tally_morning", on(day, 7), at))
    posts.append(ward("tally.final", "tally_final", CLOSES, on(15, 0, 0, 15), page=1))
    posts += told("tally_final", CLOSES, on(15, 7, 0, 15))
    left_out = {"left_out": [["tally", on(10, 20)]]}
    posts.append((WARD, None, "tally.skipped", left_out, on(11, 18)))
    return posts


def ward(message: str, job: str, of: Instant, at: Instant, **more: int) -> Post:
    return WARD, None, message, {"job": job, "planned_at": of, **more}, at


def told(job: str, of: Instant, at: Instant) -> list[Post]:
    """A unit's message in each of its chats; the empty unit has neither chat nor leader."""
    chats = [(code, f"-10{code[-2:]}", None) for code in GROUPS]
    chats += [(code, f"-10{code[-2:]}", 7) for code in FORUMS]
    chats += [(code, f"-20{code[-2:]}", None) for code in FORUMS]
    chats += [(code, f"chat-leader-{code}", None) for code in LEADERS]
    return [
        (chat, thread, "tally.unit", {"job": job, "planned_at": of, "unit": code}, at)
        for code, chat, thread in chats
    ]


def expected_tallies() -> list[tuple[str, Instant]]:
    """In the order in which they were taken."""
    mornings = [("tally_morning", on(day, 7)) for day in range(9, 16)]
    evenings = [("tally", on(day, 20)) for day in (8, 9, 11, 12, 13, 14)]
    return sorted([*mornings, *evenings, ("tally_final", CLOSES)], key=lambda one: one[1])


Figures = dict[tuple[str, Instant, str], set[tuple[int, ...]]]


async def shown(desk: Desk, posts: list[Post]) -> Figures:
    """People, attempts and registered, as each unit reads them."""
    figures: Figures = defaultdict(set)
    for chat, _, message, arguments, _ in posts:
        if message == "tally.unit":
            notice = Notice(message, arguments)
            screen = await message_screen(desk, OutboxMessage(1, "tg", chat, notice, 1))
            assert screen is not None
            found = _NUMBERS.search(screen.text)
            assert found is not None
            key = arguments["job"], arguments["planned_at"], arguments["unit"]
            figures[key].add(tuple(map(int, found.groups())))
    return dict(figures)


def expected_figures(week: Week, posts: list[Post]) -> Figures:
    figures: Figures = {}
    for _, _, message, arguments, _ in posts:
        if message == "tally.unit":
            job, at, unit = arguments["job"], arguments["planned_at"], arguments["unit"]
            count = week.expected[job, at][unit].count
            figures[job, at, unit] = {(count.people, count.attempts, count.registered)}
    return figures


def assert_is_a_week(week: Week) -> None:
    """That the week held what it is to be held against: else it would prove little."""
    final = week.expected["tally_final", CLOSES]
    after = counted(week.residents, Instant(CLOSES + DAY_MS))
    reached = [code for code, line in final.items() if not line.missing]
    papers = [paper for one in week.residents for paper in one.papers]
    assert len(week.players) == PEOPLE
    assert (final[EMPTY].count, len(final)) == (NOBODY, 60)
    assert 0 < len(reached) < 60
    assert sum(paper.submitted_at is None for paper in papers) > 100
    assert sum(paper.ended_at == CLOSES and paper.answers >= LEAST for paper in papers) > 5
    assert {paper.ended_at for paper in papers} >= {on(9, 20), Instant(on(9, 20) - 1)}
    assert {code: line.count for code, line in final.items()} != after
