"""`hoithi results export`: the organisers' workbook from the contest's database.

Works beside a running bot. The figures are as of a few seconds ago, so that what was received by
then has landed, and stay the same while the lists are read.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from rich.console import Console
from rich.progress import Progress

from bot.beside import clock_of, database_url, opened, sql_told, units_in_force, vault_of
from bot.environment import Environment
from bot.files import load_catalogue
from bot.problems import SettingsProblemError
from bot.results_problems import RESULTS
from bot.settings import Config
from handlers.listing import ListingSize
from handlers.rendering import Rendering
from reports.pages import Scope
from reports.workbook import Target, make_workbook
from reports.xlsx_table import SheetFullError
from scoring.contest import ENDING_GRACE_MS
from scoring.instant import Instant
from scoring.tallies import Count
from store.contests import contest_id_of
from store.encryption import BoxError
from store.listing import ListingStore
from store.sql import Database
from store.standing import standing_of

SETTLED_MS = 2 * ENDING_GRACE_MS
"""What is so old has landed: the rows of endings are written after their grace."""


@dataclass(frozen=True, slots=True)
class Exported:
    count: Count
    at: str
    """As people read it."""


def export_results(config: Config, environment: Environment, target: Target) -> Exported:
    """Write the workbook, saying on the terminal how far it has come.

    Raises:
        SettingsProblemError: the database, the key or the target cannot be used.
    """
    url = database_url(config, environment)
    export = _Export(config, environment, target)
    try:
        with sql_told():
            return asyncio.run(export.run(url))
    except BoxError as error:
        raise _problem("unreadable", why=error) from error
    except SheetFullError as error:
        raise _problem("too_many", path=target.workbook) from error
    except OSError as error:
        path = error.filename or target.workbook
        raise _problem("unwritable", path=path, why=error.strerror) from error


class _Export:
    def __init__(self, config: Config, environment: Environment, target: Target) -> None:
        self._config = config
        self._environment = environment
        self._target = target
        self._rendering = Rendering(load_catalogue(config), config.settings.contest.zone)

    async def run(self, url: str) -> Exported:
        async with opened(url) as database:
            if await contest_id_of(database) is None:
                raise _problem("no_contest")
            clock = await clock_of(database)
            at = clock.at_machine(clock.machine_ms() - SETTLED_MS)
            return Exported(await self._write(database, at), self._rendering.moment(at))

    async def _write(self, database: Database, at: Instant) -> Count:
        vault = await vault_of(self._config, self._environment, database)
        listing, settings = ListingStore(database, vault), self._config.settings
        size, standing = await listing.size(at), await standing_of(database)
        window = standing.timeline.window_at(at)
        scope = Scope(
            units=await units_in_force(self._config, database, vault),
            audiences=settings.people.audiences,
            window=window,
            min_answers=standing.rules.min_answers,
            at=at,
            # In the first seconds after closing the papers that it ended are still to come.
            is_closed=size.is_closed and at >= window.closes,
        )
        console = Console(stderr=True)
        with Progress(console=console, disable=not console.is_terminal) as progress:
            told = _telling(progress, size)
            return await make_workbook(self._target, self._rendering, scope, listing, told)


def _telling(progress: Progress, size: ListingSize) -> Callable[[int], None]:
    task = progress.add_task(RESULTS["reading"], total=size.people + size.attempts)
    return lambda rows: progress.advance(task, rows)


def _problem(entry: str, **facts: object) -> SettingsProblemError:
    return SettingsProblemError((RESULTS[entry].format(**facts),))
