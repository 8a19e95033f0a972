"""The database of `hoithi units` and `hoithi amend`: which contest is there, and its stores.

Works beside a running bot, or before the first start, when there is no database at all.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.beside import clock_of, opened, vault_of
from bot.clock import ContestClock
from bot.data_folder import data_folder
from bot.environment import Environment
from bot.files import load_units
from bot.settings import Config
from handlers.units import Units
from store.contests import ContestsStore, contest_kind
from store.file_links import FileLinksStore
from store.group_commit import Writer
from store.proposals import ProposalsStore
from store.sql import connect, is_new_file
from store.unit_lists import UnitListsStore

REAL = "real"


@dataclass(frozen=True, slots=True)
class ContestOffice:
    """The stores of a contest that is there, and its clock."""

    contests: ContestsStore
    proposals: ProposalsStore
    unit_lists: UnitListsStore
    clock: ContestClock


async def kind_there(config: Config, environment: Environment) -> str | None:
    """The kind of the contest in the database of these settings; None: none is there yet."""
    url = _url(config, environment)
    if is_new_file(url):
        return None
    database = connect(url)
    try:
        return await contest_kind(database)
    finally:
        await database.close()


@asynccontextmanager
async def contest_office(config: Config, environment: Environment) -> AsyncIterator[ContestOffice]:
    """The stores of the contest that is there.

    Raises:
        SettingsProblemError: another version's database, or another key's.
    """
    async with opened(_url(config, environment)) as database:
        vault = await vault_of(config, environment, database)
        writer = Writer(database)
        try:
            yield ContestOffice(
                ContestsStore(database, vault, lambda _: None),
                ProposalsStore(database, writer, vault, FileLinksStore(database, writer, vault)),
                UnitListsStore(database, writer, vault),
                await clock_of(database),
            )
        finally:
            await writer.close()


async def units_there(config: Config, environment: Environment) -> Units:
    """The newest list of the contest that is there; the file's where there is none.

    Raises:
        SettingsProblemError: another version's database, another key's, or a broken file.
    """
    if await kind_there(config, environment) is None:
        return load_units(config)
    async with contest_office(config, environment) as office:
        standing = await office.unit_lists.newest()
    return load_units(config) if standing is None else standing.units


def _url(config: Config, environment: Environment) -> str:
    is_own = environment.is_trial or not environment.database_url
    return data_folder(config, environment).database_url if is_own else environment.database_url
