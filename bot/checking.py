"""`hoithi check`: what a start would meet, one line each; changes nothing."""

from bot.clock import machine_ms, refuse_far_back
from bot.data_folder import data_folder
from bot.environment import Environment
from bot.files import load_catalogue
from bot.house import declared_by, told
from bot.platforms.telegram_client import Outcome, TelegramClient, open_client
from bot.problems import SAYS, stop
from bot.settings import Config
from bot.start import read_files
from handlers.ports import StoreAwayError
from handlers.rendering import Rendering
from handlers.unit_lists import bare
from scoring.instant import MINUTE_MS, Instant
from store.probe import probe_contest, probe_heartbeat, probe_redis, probe_sql, probe_units
from store.sql import DatabaseUrlError, is_new_file


async def check(config: Config, environment: Environment) -> list[str]:
    """Lines that say what was found sound, warnings among them.

    Raises:
        SettingsProblemError: what would stop a start.
    """
    lines = [_check_files(config, environment)]
    lines.append(await _check_sql(config, environment))
    lines.extend(await _check_contest(config, environment))
    lines.extend(await _check_clock(config, environment))
    lines.append(await _check_redis(environment))
    lines.extend(_check_window(config, environment))
    lines.extend(await _check_platform(config, environment))
    return lines


def _check_files(config: Config, environment: Environment) -> str:
    files = read_files(config, environment)
    return SAYS["check_files"].format(
        questions=len(files.bank.questions),
        units=len(files.units.units),
        practice=len(files.practice_bank.questions),
        rules_pages=len(files.rules_pages),
        texts=len(files.catalogue.names),
    )


async def _check_sql(config: Config, environment: Environment) -> str:
    url = _address(config, environment)
    if is_new_file(url):
        return SAYS["check_sql_new"]
    try:
        await probe_sql(url)
    except (StoreAwayError, DatabaseUrlError) as error:
        raise stop("DATABASE_URL", "database", why=type(error).__name__) from error
    return SAYS["check_sql"]


async def _check_contest(config: Config, environment: Environment) -> list[str]:
    """The contest in the database against files and key, where all three are there already."""
    url = _address(config, environment)
    key = environment.data_key or data_folder(config, environment).key()
    if not url or not key or is_new_file(url):
        return []
    files = read_files(config, environment)
    with told():
        is_there = await probe_contest(url, key, declared_by(config, files, Instant(machine_ms())))
    if not is_there:
        return []
    lines = [SAYS["check_contest"]]
    standing = await probe_units(url, key) if files.kind == "real" else None
    if standing is not None and bare(standing) != bare(files.units):
        lines.append(SAYS["check_units"])
    return lines


async def _check_clock(config: Config, environment: Environment) -> list[str]:
    """Whether the machine's clock is behind what processes have recorded (FAULTS T23)."""
    url = _address(config, environment)
    last_ms = None if is_new_file(url) else await probe_heartbeat(url)
    if last_ms is None:
        return []
    now_ms = machine_ms()
    refuse_far_back(last_ms, now_ms)
    minutes = (last_ms - now_ms) // MINUTE_MS
    return [SAYS["check_clock_back"].format(minutes=minutes)] if minutes > 0 else []


def _address(config: Config, environment: Environment) -> str:
    return environment.database_url or data_folder(config, environment).database_url


async def _check_redis(environment: Environment) -> str:
    if not environment.redis_url:
        return SAYS["check_redis_embedded"]
    is_up = await probe_redis(environment.redis_url)
    return SAYS["check_redis"] if is_up else SAYS["check_redis_away"]


def _check_window(config: Config, environment: Environment) -> list[str]:
    rendering = Rendering(load_catalogue(config), config.settings.contest.zone)
    calendar = config.settings.contest.calendar
    opens, closes = rendering.border(calendar.opens), rendering.border(calendar.closes)
    lines = [SAYS["check_window"].format(opens=opens, closes=closes)]
    if not environment.is_rehearsal and calendar.closes <= machine_ms():
        lines.append(SAYS["check_window_past"])
    return lines


async def _check_platform(config: Config, environment: Environment) -> list[str]:
    if environment.is_rehearsal:
        return [SAYS["check_rehearsal"]]
    client = TelegramClient(environment.telegram_token, environment.telegram_api)
    try:
        username = await open_client(client, environment.telegram_api)
        told = await _check_alarms(client, config.settings.alarms.chat)
    finally:
        await client.close()
    return [SAYS["check_telegram"].format(username=username), told]


async def _check_alarms(client: TelegramClient, chat: str) -> str:
    """Whether the technician could be told of trouble; nothing is sent."""
    if not chat:
        return SAYS["check_alarms_none"]
    called = await client.call("getChat", {"chat_id": int(chat)})
    is_there = called.outcome is Outcome.DONE
    return SAYS["check_alarms" if is_there else "check_alarms_away"].format(chat=chat)
