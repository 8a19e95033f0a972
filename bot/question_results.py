"""How the questions did in the contest, from its database: for `hoithi questions stats`.

Decides when there is anything to tell; what the figures say is `question_bank.item_analysis`'.
"""

import asyncio

from bot.data_folder import data_folder
from bot.environment import Environment
from bot.problems import stop
from bot.settings import Config
from handlers.ports import StoreAwayError
from question_bank.item_analysis import ItemResult, item_results
from store.item_marks import read_marks
from store.sql import DatabaseUrlError, is_new_file


def results_of(config: Config, environment: Environment) -> tuple[ItemResult, ...] | None:
    """A result for each question asked; None: no contest here, or it is not closed.

    Raises:
        SettingsProblemError: the database does not answer.
    """
    folder = data_folder(config, environment)
    url = environment.database_url or folder.database_url
    key = environment.data_key or folder.key()
    if key is None or is_new_file(url):
        return None
    try:
        found = asyncio.run(read_marks(url, key))
    except (StoreAwayError, DatabaseUrlError) as error:
        raise stop("DATABASE_URL", "database", why=type(error).__name__) from error
    return item_results(found.marks) if found.is_closed else None
