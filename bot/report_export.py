"""`hoithi results report`: the Word report of a unit or of all, from the contest's database.

Works beside a running bot. What stands in it is `bot.word_reports`'.
"""

import asyncio
from pathlib import Path

from bot.beside import clock_of, database_url, opened, sql_told, units_in_force, vault_of
from bot.environment import Environment
from bot.files import load_catalogue
from bot.problems import SettingsProblemError
from bot.results_problems import RESULTS
from bot.settings import Config
from bot.word_reports import Contested, WordReports
from handlers.rendering import Rendering
from question_bank.importers.bank_files import write_whole
from store.contests import contest_id_of
from store.sql import Database
from store.standing import standing_of
from store.tallies import CountsStore

_USUAL = 0o644


def export_report(config: Config, environment: Environment, path: Path, code: str) -> str:
    """Write the report of the unit `code`, or of all where it is ""; until when it counts.

    Raises:
        SettingsProblemError: the database, the key, the code or the path cannot be used.
    """
    url = database_url(config, environment)
    rendering = Rendering(load_catalogue(config), config.settings.contest.zone)

    async def run() -> tuple[bytes, str]:
        async with opened(url) as database:
            contested = await _contested(config, environment, database)
            reports = WordReports(rendering, CountsStore(database), contested)
            return await _made(reports, contested, code), rendering.moment(contested.at)

    with sql_told():
        data, at = asyncio.run(run())
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data, mode=_USUAL)
    except OSError as error:
        raise _problem("unwritable", path=path, why=error.strerror) from error
    return at


async def _contested(config: Config, environment: Environment, database: Database) -> Contested:
    if await contest_id_of(database) is None:
        raise _problem("no_contest")
    at = (await clock_of(database)).now()
    vault = await vault_of(config, environment, database)
    units = await units_in_force(config, database, vault)
    standing = await standing_of(database)
    return Contested(units, standing.timeline.window_at(at), standing.rules.min_answers, at)


async def _made(reports: WordReports, contested: Contested, code: str) -> bytes:
    if not code:
        return await reports.of_ward()
    unit = contested.units.find(code)
    if unit is None:
        raise _problem("no_unit", code=code)
    return await reports.of_unit(unit)


def _problem(entry: str, **facts: object) -> SettingsProblemError:
    return SettingsProblemError((RESULTS[entry].format(**facts),))
