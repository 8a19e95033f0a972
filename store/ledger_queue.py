"""The ledger's queue: entries written in the transaction of what they tell of (LEDGER §4).

The sequencer gives them index, time and salt; here they only line up.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, insert

from question_bank.canonical import canonical
from scoring.entries import Entry
from scoring.instant import Instant
from store.tables import LEDGER_QUEUE

_INSERT = insert(LEDGER_QUEUE)


def queue_entries(connection: Connection, entries: Sequence[tuple[Entry, Instant]]) -> None:
    """Line the entries up in the order given."""
    rows = [
        {"kind": entry["k"], "fields_text": canonical(entry).decode("utf-8"), "at": at}
        for entry, at in entries
    ]
    if rows:
        connection.execute(_INSERT, rows)
