"""The thin client of Telegram: Bot API calls by python-telegram-bot, outcomes as values.

`Bot` opens the connection; calls end where `Bot.do_api_request` ends, at its request, with
ready-made values: nobody reads the `Message` that comes back but its id. Errors are the library's
own; a test holds the two ways against each other. What an error means is `telegram_errors`'.
"""

import warnings
from collections.abc import Mapping
from time import perf_counter
from typing import Any

from telegram import Bot, InputFile
from telegram.error import Conflict, EndPointNotFound, InvalidToken, TelegramError
from telegram.warnings import PTBUserWarning

from bot.counts import CallCounts, method_class
from bot.moments import http_date_ms
from bot.platforms.telegram_errors import Called, Outcome, called_of
from bot.platforms.telegram_http import READ_S, TelegramRequest
from bot.problems import stop
from handlers.ports import HoithiError
from handlers.reply import Attached

__all__ = ["Called", "Outcome", "SecondPollerError", "TelegramClient", "TokenRefusedError"]

# Of `RetryAfter`: seconds or a timedelta are both read.
warnings.filterwarnings("ignore", message="Deprecated since version v22.2", category=PTBUserWarning)
# `do_api_request` where a method of `Bot` exists: our payloads are the platform's own already.
warnings.filterwarnings("ignore", message="Please use 'Bot", category=PTBUserWarning)


class TokenRefusedError(HoithiError):
    """Telegram does not know the token: nothing can be done but stop."""


class SecondPollerError(HoithiError):
    """Another process polls with the same token (409 Conflict; FAULTS T16)."""


class TelegramClient:
    """Calls one bot's API; `api_url` is the base without `/bot` (default Telegram's own).

    `read_s` is how long an answer may keep us waiting before nobody knows what became of a call.
    """

    def __init__(self, token: str, api_url: str, read_s: float = READ_S) -> None:
        base = api_url.rstrip("/")
        self._request = TelegramRequest(read_s=read_s)
        self._polling = TelegramRequest(connections=1)
        self._base = f"{base}/bot{token}"
        self.counts = CallCounts()
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
        began_s = perf_counter()
        called = await self._call(method, payload)
        self._count(method_class(method), called, began_s)
        return called

    async def get_updates(self, offset: int, wait_s: int, allowed: tuple[str, ...]) -> list[Any]:
        """Updates from `offset` on, which acknowledges all before it; waits up to `wait_s`.

        Raises:
            SecondPollerError: another process polls.
            TelegramError: the network or the platform failed; ask again.
        """
        payload = {"offset": offset, "timeout": wait_s, "allowed_updates": list(allowed)}
        try:
            result = await self._polling.post_ready(
                f"{self._base}/getUpdates", payload, wait_s + 10
            )
        except Conflict as error:
            self.counts.calls["poll", "conflict"] += 1
            self.counts.conflict_s = perf_counter()
            raise SecondPollerError(error.message) from error
        except TelegramError as error:
            self.counts.calls["poll", "failed"] += 1
            self.counts.is_token_refused |= isinstance(error, InvalidToken | EndPointNotFound)
            raise
        self.counts.calls["poll", Outcome.DONE.value] += 1
        self._note_done(perf_counter())
        if not isinstance(result, list):
            raise TelegramError("getUpdates did not answer with a list")
        return result

    def skew_ms(self) -> int | None:
        """How far the machine's clock is ahead of the platform's, as its last answer said it."""
        dated = max(
            (one.dated for one in (self._request, self._polling) if one.dated is not None),
            key=lambda dated: dated.machine_ms,
            default=None,
        )
        date_ms = None if dated is None else http_date_ms(dated.date)
        return None if dated is None or date_ms is None else dated.machine_ms - date_ms

    async def _call(self, method: str, payload: Mapping[str, object]) -> Called:
        files = {key: one for key, one in payload.items() if isinstance(one, Attached)}
        try:
            if files:
                result = await self._send_files(method, payload, files)
            else:
                result = await self._request.post_ready(f"{self._base}/{method}", payload)
        except TelegramError as error:
            self.counts.is_token_refused |= isinstance(error, InvalidToken | EndPointNotFound)
            return called_of(error)
        except Exception as error:  # noqa: BLE001 (an answer of no known shape)
            return Called(Outcome.UNKNOWN, why=type(error).__name__)
        return Called(Outcome.DONE, result)

    async def _send_files(
        self, method: str, payload: Mapping[str, object], files: Mapping[str, Attached]
    ) -> Any:
        """A call with files goes the library's own way."""
        sent = {key: InputFile(one.content, filename=one.name) for key, one in files.items()}
        return await self.bot.do_api_request(method, {**payload, **sent})

    def _count(self, method: str, called: Called, began_s: float) -> None:
        counts, outcome = self.counts, called.outcome
        counts.calls[method, outcome.value] += 1
        now_s = perf_counter()
        counts.seconds[method].observe(now_s - began_s)
        if outcome is Outcome.DONE:
            self._note_done(now_s)
        elif outcome is Outcome.LATER:
            counts.limited_s += called.wait_s or 0.0

    def _note_done(self, now_s: float) -> None:
        self.counts.done_s = now_s
        self.counts.is_token_refused = False


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
