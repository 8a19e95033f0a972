"""`hoithi run --trial`: everything as on the day, on the real platform, counting for nothing.

Its window, database and engine are its own; every message says that it is a trial. It stands back
where a real run lives, or where the platform delivers to one.
"""

from collections.abc import Mapping
from typing import Protocol

from bot.clock import machine_ms
from bot.data_folder import DataFolder
from bot.environment import Environment
from bot.platforms.telegram_client import TelegramClient
from bot.platforms.telegram_errors import Called, Outcome
from bot.problems import stop
from bot.settings import Config
from handlers.ports import StoreAwayError
from store.heartbeats import SILENCE_MS
from store.probe import probe_heartbeat
from store.sql import is_new_file

_SHOWN = {
    "sendMessage": "text",
    "editMessageText": "text",
    "sendPhoto": "caption",
    "sendDocument": "caption",
}


class Caller(Protocol):
    async def call(self, method: str, payload: Mapping[str, object]) -> Called: ...


class Headed:
    """Calls with a heading over every message."""

    def __init__(self, caller: Caller, heading: str) -> None:
        self._caller = caller
        self._heading = heading

    async def call(self, method: str, payload: Mapping[str, object]) -> Called:
        if method in _SHOWN:
            field = _SHOWN[method]
            payload = {**payload, field: f"{self._heading}\n\n{payload[field]}"}
        return await self._caller.call(method, payload)


async def refuse_beside_real_run(
    client: TelegramClient, config: Config, environment: Environment
) -> None:
    """A trial would take the real contest's people from it.

    Raises:
        SettingsProblemError: a real run has a live heartbeat, or the bot has a webhook.
    """
    url = environment.database_url or DataFolder(config.path("data")).database_url
    if not is_new_file(url) and await _is_alive(url):
        raise stop("--trial", "trial_beside_run")
    info = await client.call("getWebhookInfo", {})
    if info.outcome is Outcome.DONE and info.result and info.result.get("url"):
        raise stop("--trial", "trial_webhook")


async def _is_alive(url: str) -> bool:
    try:
        last_ms = await probe_heartbeat(url)
    except StoreAwayError:
        # Nobody can be live on a database that does not answer.
        return False
    return last_ms is not None and machine_ms() - last_ms <= SILENCE_MS
