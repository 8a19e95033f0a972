"""The thin client of Telegram: Bot API calls by python-telegram-bot's `Bot`, outcomes as values.

Decides what each error of the Bot API means to us (Bot API errors; FAULTS T11-T14). Calls go
through `Bot.do_api_request` with ready-made values: nobody reads the `Message` that comes back
but its id.
"""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.warnings import PTBUserWarning

from bot.platforms.telegram_http import TelegramRequest
from bot.problems import stop
from handlers.ports import HoithiError

# `do_api_request` advises the typed method wherever one exists; ready-made values are the point.
warnings.filterwarnings("ignore", message="Please use 'Bot", category=PTBUserWarning)


class Outcome(Enum):
    DONE = "done"
    GONE = "gone"
    """The message to edit is not there any more, or cannot be edited: send anew."""
    LATER = "later"
    """Refused for now (429): nothing happened."""
    UNREACHABLE = "unreachable"
    """The person blocked the bot or is no more."""
    UNKNOWN = "unknown"
    """It may have happened or not: an edit may be repeated, a message once."""
    UNPARSED = "unparsed"
    """The markup of the text was refused: send it once as plain text."""
    REFUSED = "refused"
    """A defect of ours; never repeated."""


@dataclass(frozen=True, slots=True)
class Called:
    """What became of a call; `why` is the platform's text, without the token."""

    outcome: Outcome
    result: Any = None
    wait_s: float = 0.0
    why: str = ""


class TokenRefusedError(HoithiError):
    """Telegram does not know the token: nothing can be done but stop."""


class SecondPollerError(HoithiError):
    """Another process polls with the same token (409 Conflict; FAULTS T16)."""


_HARMLESS = ("message is not modified", "query is too old", "message to delete not found")
_GONE = ("message to edit not found", "message can't be edited")
_DEAD = ("chat not found", "user is deactivated", "bot was blocked", "can't initiate conversation")


class TelegramClient:
    """Calls one bot's API; `api_url` is the base without `/bot` (default Telegram's own)."""

    def __init__(self, token: str, api_url: str) -> None:
        base = api_url.rstrip("/")
        self._request = TelegramRequest()
        self._polling = TelegramRequest(connections=1)
        self.bot = Bot(
            token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=self._request,
            get_updates_request=self._polling,
        )

    async def open(self) -> str:
        """Connect; returns the bot's user name.

        Raises:
            TokenRefusedError: the token is not known there.
        """
        try:
            await self.bot.initialize()
        except InvalidToken as error:
            raise TokenRefusedError("the token was refused") from error
        return self.bot.username

    async def close(self) -> None:
        await self.bot.shutdown()
        await self._request.shutdown()
        await self._polling.shutdown()

    async def call(self, method: str, payload: Mapping[str, object]) -> Called:
        """One call; never raises for what the platform or the network may do."""
        try:
            result = await self.bot.do_api_request(method, api_kwargs=dict(payload))
        except TelegramError as error:
            return _called(error)
        except Exception as error:  # noqa: BLE001 (an answer of no known shape)
            return Called(Outcome.UNKNOWN, why=type(error).__name__)
        return Called(Outcome.DONE, result)

    async def get_updates(self, offset: int, wait_s: int, allowed: tuple[str, ...]) -> list[Any]:
        """Updates from `offset` on, which acknowledges all before it; waits up to `wait_s`.

        Raises:
            SecondPollerError: another process polls.
            TelegramError: the network or the platform failed; ask again.
        """
        payload = {"offset": offset, "timeout": wait_s, "allowed_updates": list(allowed)}
        try:
            result = await self.bot.do_api_request(
                "getUpdates", api_kwargs=payload, read_timeout=wait_s + 10
            )
        except Conflict as error:
            raise SecondPollerError(error.message) from error
        if not isinstance(result, list):
            raise TelegramError("getUpdates did not answer with a list")
        return result


async def open_client(client: TelegramClient, api_url: str) -> str:
    """Connect at start; returns the bot's user name.

    Raises:
        SettingsProblemError: the token is refused, or nobody answers at `api_url`.
    """
    try:
        return await client.open()
    except TokenRefusedError as error:
        raise stop("TELEGRAM_BOT_TOKEN", "token_refused") from error
    except HoithiError:
        raise
    except Exception as error:
        raise stop("TELEGRAM_API_URL", "api_unreachable", found=api_url) from error


def _called(error: TelegramError) -> Called:
    text = error.message.lower()
    if isinstance(error, RetryAfter):
        return Called(Outcome.LATER, wait_s=_retry_s(error), why=text)
    if isinstance(error, ChatMigrated):
        return Called(Outcome.REFUSED, why=text)
    if isinstance(error, Forbidden) or any(sign in text for sign in _DEAD):
        return Called(Outcome.UNREACHABLE, why=text)
    if isinstance(error, BadRequest):
        return Called(_outcome_of(text), why=text)
    if isinstance(error, TimedOut | NetworkError) and not isinstance(error, InvalidToken):
        return Called(Outcome.UNKNOWN, why=text)
    return Called(Outcome.REFUSED, why=text)


def _outcome_of(text: str) -> Outcome:
    if any(sign in text for sign in _HARMLESS):
        return Outcome.DONE
    if "can't parse entities" in text:
        return Outcome.UNPARSED
    return Outcome.GONE if any(sign in text for sign in _GONE) else Outcome.REFUSED


def _retry_s(error: RetryAfter) -> float:
    wait = error.retry_after
    return float(wait if isinstance(wait, int) else wait.total_seconds())
