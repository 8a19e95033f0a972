"""Which list of units commands go by: the database's once a contest is there, else the file's."""

from dataclasses import replace
from pathlib import Path

from bot.environment import read_environment
from bot.files import load_units
from bot.settings import read_config
from bot.units.office import units_there
from store.house import StoreSettings, open_store
from tests.store.conftest import DATA_KEY, NOW, declared_contest

ROOT = Path(__file__).parents[3]
CONFIG = read_config(ROOT / "config.toml")


async def test_before_any_contest_the_file_is_the_list(sqlite_url: str):
    environment = read_environment({"DATABASE_URL": sqlite_url, "HOITHI_DATA_KEY": DATA_KEY.hex()})

    assert await units_there(CONFIG, environment) == load_units(CONFIG)


async def test_list_in_the_database_stands_before_the_file_s(sqlite_url: str, redis_url: str):
    listed = load_units(CONFIG)
    newer = replace(listed, units=listed.units[1:])
    async with open_store(StoreSettings(sqlite_url, redis_url, DATA_KEY)) as store:
        await store.contests.open(declared_contest())
        await store.unit_lists.begin(newer, NOW)
    environment = read_environment({"DATABASE_URL": sqlite_url, "HOITHI_DATA_KEY": DATA_KEY.hex()})

    assert await units_there(CONFIG, environment) == newer
