"""`hoithi check`: what a start would meet, one line each; changes nothing."""

from pathlib import Path
from urllib.parse import urlsplit

from bot.clock import machine_ms
from bot.environment import Environment
from bot.files import load_catalogue, load_practice, load_rules
from bot.house import read_files
from bot.platforms.telegram_client import TelegramClient, TokenRefusedError
from bot.problems import SAYS, stop
from bot.settings import Config
from handlers.ports import StoreAwayError
from handlers.rendering import Rendering
from store.probe import probe_redis, probe_sql


async def check(config: Config, environment: Environment) -> list[str]:
    """Lines that say what was found sound, warnings among them.

    Raises:
        SettingsProblemError: what would stop a start.
    """
    lines = [_check_files(config, environment)]
    lines.append(await _check_sql(environment))
    lines.append(await _check_redis(environment))
    lines.extend(_check_window(config, environment))
    lines.append(await _check_platform(environment))
    return lines


def _check_files(config: Config, environment: Environment) -> str:
    files = read_files(config, environment)
    return SAYS["check_files"].format(
        questions=len(files.bank.questions),
        units=len(files.units.units),
        practice=len(load_practice(config).questions),
        rules_pages=len(load_rules(config)),
        texts=len(load_catalogue(config).names),
    )


async def _check_sql(environment: Environment) -> str:
    url = environment.database_url
    if not url or _is_new_file(url):
        return SAYS["check_sql_new"]
    try:
        await probe_sql(url)
    except StoreAwayError as error:
        raise stop("DATABASE_URL", "database", why=type(error).__name__) from error
    return SAYS["check_sql"]


def _is_new_file(url: str) -> bool:
    return url.startswith("sqlite") and not Path(urlsplit(url).path).exists()


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


async def _check_platform(environment: Environment) -> str:
    if environment.is_rehearsal:
        return SAYS["check_rehearsal"]
    client = TelegramClient(environment.telegram_token, environment.telegram_api)
    try:
        username = await client.open()
    except TokenRefusedError as error:
        raise stop("TELEGRAM_BOT_TOKEN", "token_refused") from error
    finally:
        await client.close()
    return SAYS["check_telegram"].format(username=username)
