"""What is in force is put together in one way: the rules as amended, decisions, outages."""

from typing import Any

from scoring.contest import Calendar, Decision, Ruling, Timeline
from scoring.instant import DAY_MS, Instant
from scoring.rules import rules_from_json
from store.heartbeats import Beat, Life
from store.house import Store
from store.rules_versions import amend_rules
from store.standing import standing_of, timeline_of
from tests.store.conftest import CLOSES, NOW, OPENS, declared_contest
from tests.store.test_amendments import FULL

WINDOW = Calendar(OPENS, CLOSES)


async def beat(store: Store, at: int) -> Any:
    return await store.heartbeats.beat(Beat(Life("one", at), at, Instant, WINDOW))


async def test_t26_rules_are_the_newest_and_the_window_starts_from_the_first(store: Store):
    await store.contests.open(declared_contest(rules=FULL))
    extended = Decision(Ruling.EXTEND, NOW, Instant(CLOSES + DAY_MS))
    changes = {"closes": CLOSES + DAY_MS, "min_answers": 3}
    await store.decisions.record(extended, "cli", "test")
    await store.database.write(lambda one: amend_rules(one, changes, "", NOW))
    await beat(store, NOW)
    outage = await beat(store, NOW + 60_000)

    standing = await standing_of(store.database)

    assert standing.rules == rules_from_json(FULL | changes)
    assert outage is not None
    assert standing.timeline == Timeline(WINDOW, (extended,), (outage,))
    assert await timeline_of(store.database, WINDOW) == standing.timeline
