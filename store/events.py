"""Deliveries that were handled: inputs without a view take effect once (FAULTS R3).

Also the dead letters: inputs given up after repeated failures, kept to be looked at.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, select

from handlers.records import Event
from scoring.instant import Instant
from store.group_commit import Kind, Writer
from store.insertion import InsertNew
from store.tables import DEAD_LETTER, EVENT

_INSERT_EVENTS = InsertNew(EVENT, EVENT.c.channel, EVENT.c.id)
_INSERT_DEAD = InsertNew(DEAD_LETTER, DEAD_LETTER.c.event)
_TAKEN = select(EVENT.c.id).where(
    EVENT.c.channel == bindparam("channel"), EVENT.c.id == bindparam("event")
)

_DeadLetter = tuple[str, str, str, Instant]


def take_events(
    connection: Connection, events: Sequence[tuple[Event | None, Instant]]
) -> list[bool]:
    """Record the events; True for each that is new, or None. A twin in the list is not new."""
    asked = {event: at for event, at in reversed(events) if event is not None}
    rows = [
        {"channel": event.channel, "id": event.id, "kept_since": at}
        for event, at in sorted(asked.items(), key=lambda item: (item[0].channel, item[0].id))
    ]
    fresh = {(row.channel, row.id) for row in _INSERT_EVENTS.execute(connection, rows)}
    verdicts = []
    for event, _ in events:
        key = None if event is None else (event.channel, event.id)
        verdicts.append(key is None or key in fresh)
        if key is not None:
            fresh.discard((key[0], str(key[1])))
    return verdicts


def was_taken(connection: Connection, event: Event) -> bool:
    """Whether the event is recorded."""
    key = {"channel": event.channel, "event": event.id}
    return connection.execute(_TAKEN, key).first() is not None


def _bury(connection: Connection, letters: Sequence[_DeadLetter]) -> list[None]:
    rows = [
        {"channel": channel, "event": event, "why": why, "at": at}
        for channel, event, why, at in sorted(letters)
    ]
    _INSERT_DEAD.execute(connection, rows)
    return [None] * len(letters)


_BURY = Kind(79, _bury)


class EventsStore:
    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def dead_letter(self, channel: str, event: str, why: str, at: Instant) -> None:
        """Give an input up: a committed row that counts as acknowledged."""
        await self._writer.commit(_BURY, (channel, event, why, at))
