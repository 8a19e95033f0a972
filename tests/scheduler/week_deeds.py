"""What people do in the test's week, through the stores: residents, staff, and a process there.

Decides no instant and no number: these are the plan's (`tests.scheduler.week`). What is done is
noted there only once the store has said that it was.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from bot.declared import rules_of
from bot.files import load_units
from bot.settings import read_config
from handlers.desk import Desk
from handlers.office_persons import Corrected, CorrectPerson, RestorePapers, Voided, VoidPapers
from handlers.office_roles import Ordered
from handlers.records import AttemptStarted, AuditEntry, Sender, Session, Visitor
from scheduler.tallies import Tallier
from scheduler.tally_plan import Hours
from scheduler.ticker import Ticker
from scoring.attempt import Act
from scoring.contest import Calendar, Timeline
from scoring.instant import HOUR_MS, Instant
from scoring.limits import AttemptLimits
from scoring.rules import UnitRule
from store.house import Store, StoreSettings, open_store
from tests.playing import ROOT, HandClock, lay_desk
from tests.scheduler.week import (
    BEGINS,
    CLOSES,
    CODES,
    LEAST,
    OPENS,
    UNITS,
    Line,
    Resident,
    on,
)
from tests.staffing import appoint
from tests.store.conftest import SIZE, World, bank_of
from tests.store.linking import link

DOC = "12/QĐ-BTC"
WARD = "-1"
GROUPS, FORUMS, LEADERS = CODES[:40], CODES[40:50], CODES[50:59]
LOST = CODES[58]
"""Its group removed the bot, so its leader is told."""


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
    """What runs of the bot between a start and its end; nothing of it outlives it but SQL.

    `rival` ticks at the same moments over a store of its own, as a second process would.
    """

    store: Store
    clock: HandClock
    world: World
    desk: Desk
    tallier: Tallier
    rival: Tallier
    ticker: Ticker

    async def tick(self, now: Instant) -> None:
        self.clock.go_to(now)
        await self.ticker.tick()
        await asyncio.gather(self.tallier.tick(), self.rival.tick())


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
    async with open_store(settings) as store, open_store(settings) as other:
        desk, beside = [await lay_desk(one, clock, UNITS, rules, bank) for one in (store, other)]
        contest: Any = desk.contest
        world = World(store, contest, bank, Timeline(rules.calendar))
        hours = Hours(20 * HOUR_MS, 7 * HOUR_MS)
        tallier, rival = (Tallier(one, clock, hours) for one in (desk, beside))
        ticker = Ticker(desk, store.jobs, store.attempts, clock, 0)
        yield Process(store, clock, world, desk, tallier, rival, ticker)


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
