"""Chats that are linked to units, as tallies find them."""

from typing import Any

from sqlalchemy import insert

from store.tables import UNIT_CHAT


async def link(store: Any, unit: str, chat: str, **changes: Any) -> None:
    """A chat that is linked to a unit."""
    values = {
        "channel": "tg",
        "chat": chat,
        "thread": 0,
        "unit": unit,
        "kind": "group",
        "state": "linked",
        "can_send": True,
        "account": None,
        "at": 1,
    } | changes
    # What other parts of the program know of a chat is nothing to a tally.
    values |= {
        column.name: b""
        for column in UNIT_CHAT.columns
        if column.name not in values and column.name.endswith("_box")
    }
    await store.database.write(lambda one: one.execute(insert(UNIT_CHAT), [values]))
