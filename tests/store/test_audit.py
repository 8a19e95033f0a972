"""The audit trail keeps what was done, by whom and why, newest first."""

from typing import Any

from handlers.records import AuditEntry
from scoring.instant import Instant


async def test_lines_come_newest_first_and_page_by_id(world: Any):
    audit = world.store.audit
    entries = [
        AuditEntry(Instant(1_000 + at), None, "cli", "invite", "role:organiser", {"n": at}, "why")
        for at in range(5)
    ]
    for entry in entries:
        await audit.record(entry)

    newest = await audit.latest(2)
    older = await audit.latest(10, before=newest[-1][0])

    assert [entry for _, entry in newest] == entries[:2:-1]
    assert [entry for _, entry in older] == entries[2::-1]
    assert [one for one, _ in (*newest, *older)] == sorted(
        (one for one, _ in (*newest, *older)), reverse=True
    )


async def test_a_detail_is_found_by_its_whole_value(world: Any):
    entry = AuditEntry(Instant(1), None, "judge", "bank_import", "file:x", {"n": 2, "draft": "a_1"})
    await world.store.audit.record(entry)

    told = [await world.store.audit.tells("draft", value) for value in ("a_1", "a_", "ab1", "%")]

    assert told == [True, False, False, False]
    assert await world.store.audit.tells("n", "2") is False
