"""What is in force at a reading: the rules as amended, the window as decided, the outages.

The one way to put them together, for the running process and for commands beside it, so that a
file made by either judges alike.
"""

from typing import NamedTuple

from sqlalchemy import Connection

from scoring.contest import Calendar, Timeline
from scoring.rules import Rules, rules_from_json
from store.decisions import decisions_in
from store.heartbeats import outages_in
from store.rules_versions import first_calendar, newest_version
from store.sql import Database


class Standing(NamedTuple):
    rules: Rules
    timeline: Timeline


async def standing_of(database: Database) -> Standing:
    """Of the contest that is there, whatever the files say."""

    def read(connection: Connection) -> Standing:
        rules = rules_from_json(newest_version(connection).rules)
        return Standing(rules, timeline_in(connection, first_calendar(connection)))

    return await database.read(read)


async def timeline_of(database: Database, calendar: Calendar) -> Timeline:
    """`calendar` is what was committed to first; decisions and outages as recorded so far."""
    return await database.read(lambda connection: timeline_in(connection, calendar))


def timeline_in(connection: Connection, calendar: Calendar) -> Timeline:
    return Timeline(calendar, decisions_in(connection), outages_in(connection))
