"""A desk over the real stores, and residents who talk to it without a platform."""

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.clock import Anchor, ContestClock
from bot.declared import customs_of, rules_of
from bot.files import load_catalogue, load_rules, load_units
from bot.settings import read_config
from handlers.buttons import ButtonSigner
from handlers.catalogue import Catalogue
from handlers.desk import Contest, Desk
from handlers.dispatch import answer
from handlers.incoming import Attachment, Command, Content, Incoming, SharedContact, Tap, Text
from handlers.office_roles import Holder, Ordered
from handlers.records import AuditEntry, EventId, Grant, Role, Sender
from handlers.rendering import Rendering
from handlers.reply import Button, Reply, Screen
from handlers.units import Units
from question_bank.question import Option, OptionId, Question, QuestionBank, QuestionId, Topic
from scoring.contest import Timeline
from scoring.instant import Instant, day_start
from scoring.rules import Rules, rules_json
from store.contests import DeclaredContest
from store.encryption import Vault
from store.house import Store, StoreSettings, open_store
from store.offices import office_of
from store.roles import Gift, Given, give_role

ROOT = Path(__file__).parents[1]
DATA_KEY = bytes(range(32))
MORNING = Instant(1_765_332_000_000)  # 09:00 on 10/12/2025 in Hà Nội
TOPICS = {
    "cai_cach_the_che": 2,
    "thu_tuc_hanh_chinh": 4,
    "to_chuc_bo_may": 2,
    "che_do_cong_vu": 2,
    "tai_chinh_cong": 2,
    "chinh_phu_so": 6,
    "nghi_quyet_57": 6,
    "de_an_06": 4,
    "an_toan_so": 2,
}


def bank_of(topics: dict[str, int]) -> QuestionBank:
    """Questions whose option b is right, each with its id in its words."""
    return QuestionBank(
        tuple(
            Question(
                id=QuestionId(f"{topic.replace('_', '-')}-{number}"),
                topic=Topic(topic),
                stem=f"Câu {number} về {topic} là gì?",
                options=tuple(
                    Option(OptionId(letter), f"Phương án {letter} của {topic} {number}")
                    for letter in "abcd"
                ),
                answer=OptionId("b"),
                pin=False,
                source="Nguồn",
                explanation="Vì vậy.",
                difficulty=1,
            )
            for topic, count in topics.items()
            for number in range(1, count + 1)
        )
    )


class HandClock(ContestClock):
    """A clock that a test moves by hand; the machine's runs along."""

    def __init__(self, start: Instant) -> None:
        super().__init__(Anchor(start, 0))
        self.at_ms = 0

    def now(self) -> Instant:
        return Instant((self.anchor.contest if self.anchor else 0) + self.at_ms)

    def machine_ms(self) -> int:
        return 1_800_000_000_000 + self.at_ms

    def graced(self, grace_ms: int) -> Instant:
        return Instant(self.now() - grace_ms)

    def wait(self, length_ms: int) -> None:
        self.at_ms += length_ms

    def go_to(self, at: Instant) -> None:
        self.at_ms += at - self.now()


@dataclass
class Resident:
    """Talks to the desk; keeps the last reply and every button ever shown."""

    desk: Desk
    clock: HandClock
    id: str
    name: str = "Nguyễn Thị Hoa"
    events: Any = None
    last: Reply = field(default_factory=Reply)
    shown: list[Button] = field(default_factory=list)

    async def say(self, content: Content, event: str | None = None) -> Reply:
        self.clock.wait(1_000)
        incoming = Incoming(
            sender=Sender("tg", self.id),
            chat=self.id,
            event=EventId(event or f"{self.id}-{next(self.events)}"),
            received_at=self.clock.now(),
            received_ms=self.clock.machine_ms(),
            content=content,
            sender_name=self.name,
        )
        reply = await answer(self.desk, incoming)
        self.shown += [button for one in reply.screens for row in one.buttons for button in row]
        if reply.screens:
            self.last = reply
        return reply

    async def text(self, text: str, event: str | None = None) -> Reply:
        return await self.say(Text(text), event)

    async def command(self, name: str, argument: str = "") -> Reply:
        return await self.say(Command(name, argument))

    async def tap(self, label: str) -> Reply:
        return await self.press(self.button(label))

    async def press(self, button: Button) -> Reply:
        """A button of whatever was shown before."""
        return await self.say(Tap(button.data))

    def button(self, label: str) -> Button:
        for screen in reversed(self.last.screens):
            for row in screen.buttons:
                for button in row:
                    if button.label == label:
                        return button
        raise AssertionError(f"no button {label!r} in {self.labels}")

    @property
    def labels(self) -> list[str]:
        return [one.label for screen in self.last.screens for row in screen.buttons for one in row]

    @property
    def screen(self) -> Screen:
        return self.last.screens[-1]

    async def share_phone(self, phone: str = "84912345678", *, is_own: bool = True) -> Reply:
        return await self.say(SharedContact(phone, is_own))

    async def sticker(self) -> Reply:
        return await self.say(Attachment())

    async def register(self, phone: str = "84912345678") -> None:
        await self.command("start", "TDP-06")
        await self.tap("Đăng ký dự thi")
        await self.tap("Đồng ý")
        await self.share_phone(phone)
        await self.tap(f"Dùng tên: {self.name}")
        await self.text("1955")
        await self.tap("Đúng")
        await self.tap("Đúng, hoàn tất")

    async def open_paper(self) -> None:
        await self.command("thi")
        await self.tap("Bắt đầu làm bài")

    async def answer_all(self, letter: str = "B") -> None:
        for _ in range(15):
            await self.tap(letter)


@pytest.fixture
def clock() -> HandClock:
    return HandClock(MORNING)


@pytest.fixture
async def store(redis_url: str, sqlite_url: str) -> AsyncIterator[Store]:
    async with open_store(StoreSettings(sqlite_url, redis_url, DATA_KEY)) as opened:
        yield opened


@cache
def shipped_catalogue() -> Catalogue:
    """Nothing changes it, so that all tests of a process share it."""
    return load_catalogue(read_config(ROOT / "config.toml"))


@pytest.fixture
async def desk(store: Store, clock: HandClock) -> Desk:
    config = read_config(ROOT / "config.toml")
    units = load_units(config)
    return await lay_desk(store, clock, units, rules_of(config, units), bank_of(TOPICS))


async def lay_desk(
    store: Store, clock: HandClock, units: Units, rules: Rules, bank: QuestionBank
) -> Desk:
    """A desk over the store, as each process lays one; the first opens the contest."""
    config = read_config(ROOT / "config.toml")
    opened = await store.contests.open(
        DeclaredContest("rehearsal", rules_json(rules), bank, "test/contest", clock.now())
    )
    catalogue = shipped_catalogue()
    contest = Contest(
        id=opened.id,
        rules=rules,
        bank=bank,
        draw_key=opened.draw_key,
        commitments=opened.commitments,
        timeline=Timeline(rules.calendar),
        signer=ButtonSigner(bytes(32), opened.id),
    )
    return Desk(
        clock=clock,
        people=store.people,
        attempts=store.attempts,
        sessions=store.sessions,
        contest=contest,
        catalogue=catalogue,
        rendering=Rendering(catalogue, config.settings.contest.zone),
        units=units,
        practice_bank=bank_of({"luyen_tap": 6}),
        rules_pages=load_rules(config),
        customs=customs_of(config),
        office=office_of(store),
        username="hoithi_bot",
    )


Meet = Callable[..., Resident]


@pytest.fixture
def meet(desk: Desk, clock: HandClock) -> Meet:
    """Meets a new resident: `meet()`, `meet(id="1002", name="Trần Văn Nam")`."""
    ids, events = itertools.count(1001), itertools.count(1)

    def make(**given: str) -> Resident:
        resident = Resident(desk, clock, str(next(ids)), events=events)
        return replace(resident, **given) if given else resident

    return make


Appoint = Callable[..., Awaitable[None]]


@pytest.fixture
def appoint(store: Store, clock: HandClock) -> Appoint:
    """Gives a role as an approved claim does: `await appoint(hoa, Role.LEADER, "TDP-06")`."""
    phones = itertools.count(1)

    async def give(resident: Resident, role: Role, unit: str = "", phone: str = "") -> None:
        sender = Sender("tg", resident.id)
        visitor = await store.people.visit(sender, resident.id, day_start(clock.now()))
        holder = Holder(resident.name, phone or f"+8498{next(phones):07}", True)
        ordered = Ordered(AuditEntry(clock.now(), None, "cli", "appoint"))
        gift = Gift(visitor.account, Grant(role, unit), holder, ordered)
        given = await store.database.write(lambda one: give_role(one, Vault(DATA_KEY), gift))
        assert given is Given.GIVEN

    return give


Ready = Callable[[Resident], Awaitable[None]]
