"""A whole contest week of 60 units and 3,000 residents, with two restarts and a day of downtime.

The residents' deeds go through the stores, the tallies through the outbox; what must have been
posted and what it must say is the test's own count (`tests.scheduler.week`).
"""

import re
from collections import defaultdict
from typing import Any

import orjson
from sqlalchemy import select

from bot.notices import message_screen
from handlers.desk import Desk
from handlers.records import Notice, OutboxMessage, Sender
from scoring.daily_tallies import tally_from_json
from scoring.instant import DAY_MS, Instant
from scoring.tallies import NOBODY
from store.house import Store, StoreSettings
from store.tables import OUTBOX, TALLY
from store.tally_posts import BATCH
from tests.playing import DATA_KEY, HandClock
from tests.scheduler.week import (
    CLOSES,
    EMPTY,
    LEAST,
    LIVES,
    Life,
    Line,
    counted,
    lines_at,
    on,
    residents_of,
    ticks_of,
)
from tests.scheduler.week_deeds import (
    DEEDS,
    FORUMS,
    GROUPS,
    LEADERS,
    WARD,
    Player,
    Process,
    Week,
    play,
    process,
    settle_chats,
)

PEOPLE = 3_000
READ = {"tally.unit", "tally.ward", "tally.final"}
"""Messages with figures; the digest's are words."""

Post = tuple[str, int | None, str, dict[str, Any], Instant]
"""Chat, topic, message, what of, and when it was lined up."""

_NUMBERS = re.compile(
    r"tham gia: <b>([\d.]+)</b>.*?hợp lệ: <b>([\d.]+)</b>.*?đăng ký: ([\d.]+)", re.DOTALL
)


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


Told = tuple[str, Instant, str]
"""A tally, and the unit told of, or the message that tells of all."""

Figures = dict[Told, set[tuple[int, ...]]]


def told_of(message: str, arguments: dict[str, Any]) -> Told:
    return arguments["job"], arguments["planned_at"], arguments.get("unit", message)


async def shown(desk: Desk, posts: list[Post]) -> Figures:
    """People, attempts and registered, as units and organisers read them."""
    figures: Figures = defaultdict(set)
    for chat, _, message, arguments, _ in posts:
        if message in READ:
            notice = Notice(message, arguments)
            screen = await message_screen(desk, OutboxMessage(1, "tg", chat, notice, 1))
            assert screen is not None
            found = _NUMBERS.search(screen.text)
            assert found is not None
            numbers = tuple(int(one.replace(".", "")) for one in found.groups())
            figures[told_of(message, arguments)].add(numbers)
    return dict(figures)


def expected_figures(week: Week, posts: list[Post]) -> Figures:
    figures: Figures = {}
    for _, _, message, arguments, _ in posts:
        if message in READ:
            key = told_of(message, arguments)
            lines = week.expected[key[:2]]
            units = [key[2]] if message == "tally.unit" else lines
            count = sum((lines[unit].count for unit in units), NOBODY)
            figures[key] = {(count.people, count.attempts, count.registered)}
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
