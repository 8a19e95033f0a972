"""T07 for a tally: a process that dies between any two steps of taking, posting and sending it."""

import contextlib
import json
import sqlite3
from typing import Any

import pytest

from tests.faults.matrix import die_in
from tests.faults.resident import Resident
from tests.faults.script import REGISTRATION
from tests.faults.tables import sqlite_tables
from tests.faults.test_outbox_crashes import change
from tests.faults.test_poison import go

UNIT = "TDP-06"
WORDS = {"unit": "Người đã tham gia", "ward": "Số liệu toàn phường"}


def link(ground: Any, unit: str, chat: int) -> None:
    """A chat that gets the unit's tallies."""
    values = {
        "channel": "tg",
        "chat": str(chat),
        "thread": 0,
        "unit": unit,
        "kind": "private",
        "state": "linked",
        "can_send": 1,
        "at": 1,
    }
    with contextlib.closing(sqlite3.connect(ground.database, timeout=10)) as database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(unit_chat)")]
        values |= {name: b"" for name in columns if name.endswith("_box")}
        places = ", ".join("?" for _ in values)
        names = ", ".join(values)
        statement = f"INSERT INTO unit_chat ({names}) VALUES ({places})"  # noqa: S608
        database.execute(statement, list(values.values()))
        database.commit()


def tallies(ground: Any) -> list[dict[str, Any]]:
    return [row for row in sqlite_tables(ground.database)["outbox"] if row["batch"] == "tally"]


def page_of(row: dict[str, Any]) -> int:
    """Each picture of the organisers' tally is a message of its own."""
    return int(json.loads(row["arguments"])["page"])


@pytest.mark.parametrize(
    ("point", "most"),
    [
        pytest.param("tally_taken", 1, id="taken"),
        pytest.param("tally_posting", 1, id="before its transaction"),
        pytest.param("before_commit", 1, id="in its transaction"),
        pytest.param("tally_posted", 1, id="committed"),
        pytest.param("outbox_claimed", 1, id="claimed"),
        pytest.param("outbox_sent", 2, id="sent but not recorded"),
        pytest.param("outbox_done", 1, id="recorded"),
    ],
)
async def test_t07_t30_a_tally_is_posted_once_wherever_a_process_dies(
    lay: Any, point: str, most: int
) -> None:
    ground = await lay()
    await ground.start()
    leader, organiser = Resident.meet(ground), Resident.meet(ground)
    for one in (leader, organiser):
        await go(one, *REGISTRATION[:1])
    link(ground, UNIT, leader.id)
    link(ground, "", organiser.id)

    def evening() -> None:
        """Eleven hours after 09:00, and a little."""
        change(ground, "UPDATE clock_anchor SET contest_ms = contest_ms + 11 * 3600000")

    await die_in(ground, point, "a tally", evening)
    change(ground, "UPDATE outbox SET not_before_ms = 0 WHERE state = 'claimed'")
    change(ground, "UPDATE lease SET until_ms = 0")
    await ground.start()
    await ground.until(
        lambda: {row["state"] for row in tallies(ground)} == {"sent"}, "a tally that is sent"
    )
    await ground.stop()

    told = [
        sum(words in one.text for one in person.said())
        for person, words in ((leader, WORDS["unit"]), (organiser, WORDS["ward"]))
    ]
    rows = tallies(ground)
    kept = [json.loads(row["figures"]) for row in sqlite_tables(ground.database)["tally"]]
    pages = [page_of(row) for row in rows if row["chat"] == str(organiser.id)]
    assert [row["chat"] for row in rows if row["chat"] != str(organiser.id)] == [str(leader.id)]
    assert sorted(pages) == [*range(1, len(pages) + 1)] != []
    assert [min(told), max(told) <= most] == [1, True]
    assert len({row["at"] for row in kept}) == len(kept)
