"""T07 for a notice: a process that dies between claiming, sending and recording it."""

import contextlib
import sqlite3
from typing import Any

import pytest

from tests.faults.matrix import die_in
from tests.faults.resident import Resident
from tests.faults.script import PAPER_STEPS, REGISTRATION
from tests.faults.tables import sqlite_tables
from tests.faults.test_poison import go


def change(ground: Any, statement: str) -> None:
    """As time does it: the clock goes on, leases of the dead end."""
    with contextlib.closing(sqlite3.connect(ground.database, timeout=10)) as database:
        database.execute(statement)
        database.commit()


@pytest.mark.parametrize("transport", ["polling", "webhook"])
@pytest.mark.parametrize(
    ("point", "messages"),
    [
        pytest.param("outbox_claimed", 1, id="claimed"),
        pytest.param("outbox_sent", 2, id="sent but not recorded"),
        pytest.param("outbox_done", 1, id="recorded"),
    ],
)
async def test_t07_a_notice_is_sent_and_at_most_once_more(
    lay: Any, transport: str, point: str, messages: int
) -> None:
    ground = await lay()
    await ground.start(transport)
    hoa = Resident.meet(ground)
    await go(hoa, *REGISTRATION, *PAPER_STEPS[:3])

    def thirteen_minutes() -> None:
        change(ground, "UPDATE clock_anchor SET contest_ms = contest_ms + 13 * 60000")

    await die_in(ground, point, "a nudge", thirteen_minutes)
    change(ground, "UPDATE outbox SET not_before_ms = 0 WHERE state = 'claimed'")
    change(ground, "UPDATE lease SET until_ms = 0")
    await ground.start(transport)
    await ground.until(
        lambda: {row["state"] for row in sqlite_tables(ground.database)["outbox"]} == {"sent"},
        "a notice that is sent",
    )
    await ground.stop()

    nudges = [one for one in hoa.said() if "Sắp hết giờ làm bài" in one.text]
    assert len(nudges) == messages
    assert len(sqlite_tables(ground.database)["outbox"]) == 1
