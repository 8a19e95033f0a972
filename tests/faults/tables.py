"""All tables of a contest as plain rows, for comparing a run with faults to one without.

Reads with the drivers themselves and shares no code with the store. What differs in every run is
put aside: times and what a busy machine gave back of them, random salts and boxes, the ids of
deliveries, who lives and leads.
"""

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import asyncpg

Row = dict[str, Any]
Tables = dict[str, list[Row]]

# Deliveries have other ids when something was sent again; the rest tells of processes and time.
NOT_COMPARED = {
    "alembic_version",
    "clock_anchor",
    "event",
    "heartbeat",
    "lease",
    "outage",
    "process",
}
_TIMES = {
    "at",
    "created_at",
    "done_at",
    "due",
    "duration_ms",
    "ended_at",
    "opened_at",
    "not_before_ms",
    "registered_at",
    "sent_at",
    "since",
    "wait_ms",
}
_OF_DELIVERY = {"tries", "error", "maybe_twice"}
_OF_ENTRY = {"at", "due", "ms", "wait", "ans", "guess", "who"}


def sqlite_tables(path: Path) -> Tables:
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        names = database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        return {
            name: [dict(row) for row in database.execute(f'SELECT * FROM "{name}"')]  # noqa: S608
            for (name,) in names
        }


async def postgres_tables(url: str) -> Tables:
    connection = await asyncpg.connect(url)
    try:
        names = await connection.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        )
        return {
            name: [dict(row) for row in await connection.fetch(f'SELECT * FROM "{name}"')]  # noqa: S608
            for (name,) in names
        }
    finally:
        await connection.close()


def compared(tables: Tables) -> dict[str, list[str]]:
    """Every row as a line of text, in order, without what differs in every run."""
    return {
        name: sorted(_line_of(row) for row in (_entries(rows) if name == "ledger_queue" else rows))
        for name, rows in sorted(tables.items())
        if name not in NOT_COMPARED
    }


def _entries(rows: list[Row]) -> list[Row]:
    """The ledger's queue in order: a machine slow enough to have had an outage is no fault."""
    ordered = sorted(rows, key=lambda row: row["id"])
    kept = [row for row in ordered if row["kind"] != "outage"]
    return [row | {"id": number} for number, row in enumerate(kept, start=1)]


def _line_of(row: Row) -> str:
    kept = {key: _kept(key, value) for key, value in row.items() if key not in _OF_DELIVERY}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True)


def _kept(key: str, value: Any) -> Any:
    if key in _TIMES or "salt" in key or key.endswith("_box"):
        return value is not None
    if key in {"fields_text", "arguments"}:
        return {
            name: one is not None if name in _OF_ENTRY or _is_time(one) else one
            for name, one in json.loads(value).items()
        }
    return value.hex() if isinstance(value, bytes) else value


def _is_time(value: Any) -> bool:
    return isinstance(value, int) and value > 10**12


def differences(found: Mapping[str, Iterable[str]], wanted: Mapping[str, Iterable[str]]) -> str:
    """What one run has and the other has not; empty where they are the same."""
    lines = []
    for name in sorted({*found, *wanted}):
        mine, other = list(found.get(name, ())), list(wanted.get(name, ()))
        lines += [f"{name}: only with faults: {one}" for one in _without(mine, other)]
        lines += [f"{name}: only without: {one}" for one in _without(other, mine)]
    return "\n".join(lines)


def _without(lines: list[str], others: list[str]) -> list[str]:
    left = list(others)
    extra = []
    for line in lines:
        if line in left:
            left.remove(line)
        else:
            extra.append(line)
    return extra
