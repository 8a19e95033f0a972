"""T44: one chat floods the bot with everything there is; the others go on meanwhile."""

import asyncio
import itertools
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import aiohttp
import pytest

from bot.lanes import LANE_LIMIT
from rehearsal import deeds
from tests.faults.ground import Ground
from tests.faults.resident import Resident
from tests.faults.script import PAPER_STEPS
from tests.faults.tables import sqlite_tables
from tests.faults.test_opening import registered

LEAST = 1_000
KEPT_WAITING = 200
OTHERS = 4
LONG = "ướ🙂\u0301" * 1_024


@pytest.mark.parametrize("transport", ["polling", "webhook"])
async def test_t44_a_flood_from_one_chat_is_answered_and_holds_nobody_up(
    lay: Any, transport: str
) -> None:
    ground = await lay()
    await ground.start(transport)
    flooder, *others = await registered(ground, 1 + OTHERS)
    flood = Flood(ground, flooder)
    flooding = asyncio.create_task(flood.run())

    # Each gets to his receipt while two hundred of the flood wait all the time.
    await asyncio.gather(*(play(one) for one in others))
    backlog = (await read(ground, "/readyz"))["backlog"]
    is_flooding = not flooding.done()
    flood.is_enough = True
    await flooding
    await ground.quiet()
    counted = ignored_in(str(await read(ground, "/metrics")))
    flooder.say("/thi")
    await flooder.sees("Bắt đầu làm bài")
    await ground.stop()

    tables = sqlite_tables(ground.database)
    log = ground.log.read_text(encoding="utf-8")
    assert is_flooding
    assert flood.sent >= LEAST
    assert counted == flood.ignored
    assert backlog["screens"] <= LANE_LIMIT + OTHERS
    assert tables["dead_letter"] == []
    assert "handler_failed" not in log
    assert ground.stand_in.world.webhook.last_error is None
    assert [row["end"] for row in tables["attempt"]] == [6] * OTHERS


class Flood:
    """Texts, albums, voice, edits, polls and kinds that are yet to be invented, in turn."""

    def __init__(self, ground: Ground, flooder: Resident) -> None:
        self.ground = ground
        self.flooder = flooder
        self.sent = self.ignored = 0
        self.is_enough = False

    async def run(self) -> None:
        for kind in self._kinds():
            while len(self.ground.world.queue) >= KEPT_WAITING and not self.is_enough:  # noqa: ASYNC110 (the queue wakes nobody)
                await asyncio.sleep(0.005)
            kind()
            self.sent += 1
            if self.is_enough and self.sent >= LEAST:
                return

    def _kinds(self) -> Iterator[Callable[[], object]]:
        world, chat, say = self.ground.world, self.flooder.chat, self.flooder.say
        things = [lambda kind=kind: deeds.send_thing(world, chat, kind) for kind in deeds.KINDS]
        return itertools.cycle(
            [
                lambda: say(LONG[:4_096]),
                self._to_another_bot,
                lambda: say("\u202e\u200b"),
                *things,
                lambda: self._raw("message", media_group_id="1", photo=[{"file_id": "x"}]),
                lambda: self._raw("message", poll={"id": "1", "question": "?", "options": []}),
                lambda: self._ignored("edited_message", text="x" * 4_096),
                lambda: self._ignored("poll", question="?"),
                lambda: self._ignored("poll_answer", option_ids=[1]),
                lambda: self._ignored("message_reaction", new_reaction=[]),
                lambda: self._ignored("not_yet_invented", anything=[{"at": "all"}]),
            ]
        )

    def _to_another_bot(self) -> None:
        self.flooder.say("/thi@another_bot")
        self.ignored += 1

    def _raw(self, kind: str, **content: Any) -> None:
        chat = self.flooder.chat
        said = {"message_id": 900_000 + self.sent, "date": 0, "chat": chat.card()}
        body = {kind: said | {"from": chat.person.user()} | content}
        self.ground.world.queue.add(body, is_raw=True)

    def _ignored(self, kind: str, **content: Any) -> None:
        self._raw(kind, **content)
        self.ignored += 1


async def play(one: Resident) -> None:
    for step in PAPER_STEPS[:-1]:
        step.do(one)
        await one.until(lambda step=step: step.words in str(one.screens()[-1:]), step.words)


async def read(ground: Ground, path: str) -> Any:
    async with aiohttp.ClientSession() as session, session.get(ground.web + path) as response:
        with suppress(aiohttp.ContentTypeError):
            return await response.json()
        return await response.text()


def ignored_in(metrics: str) -> int:
    """How many updates of no kind of ours were counted."""
    lines = [line for line in metrics.splitlines() if line.startswith("hoithi_updates_total{")]
    return sum(int(float(line.split()[-1])) for line in lines if 'outcome="ignored"' in line)
