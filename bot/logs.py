"""Logs: one JSON line an event, ids and outcomes only; tokens scrubbed wherever they come from.

People's names, phone numbers, texts and answers are never passed in (STYLE 15, FAULTS T42, T43).
A chat's id is a person's at the platform: what stands in a line is a short keyed hash of it, the
same in all lines of a contest. At a terminal a line is made for eyes.
"""

import hmac
import logging
import re
import secrets
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any, TextIO, cast

import orjson
import structlog

_TOKEN = re.compile(r"(?:bot)?\d{3,20}:[A-Za-z0-9_-]{20,100}")
SCRUBBED = "[token]"
CHATS = ("chat", "to")
"""Keys of a line whose value is the id of a chat."""

_HASH_DIGITS = 10
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
# Until the data key is known, names that nobody can guess and that end with the process.
_CHAT_KEY = [secrets.token_bytes(32)]
# These log whole requests or updates below WARNING.
TALKATIVE = ("httpx", "httpcore", "telegram", "aiohttp.access", "apscheduler", "sqlalchemy")


def scrub(text: str) -> str:
    """The text without anything that looks like a bot's token."""
    return _TOKEN.sub(SCRUBBED, text)


def hide_chats(key: bytes) -> None:
    """From now on a chat's name in logs follows from its id and this key."""
    _CHAT_KEY[0] = key


def chat_name(chat: str) -> str:
    """What a chat is called in logs."""
    return hmac.digest(_CHAT_KEY[0], chat.encode(), "sha256").hex()[:_HASH_DIGITS]


class ScrubbingFormatter(logging.Formatter):
    """Formats standard-library records like ours; of an exception its class only."""

    def __init__(self, *, is_json: bool) -> None:
        super().__init__()
        self._is_json = is_json

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "event": record.getMessage(),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
        return _dumps(line) if self._is_json else _for_eyes(None, "", line)


class Unbreakable:
    """A stream for log lines that cannot be written where it leads: a full disk, a closed pipe.

    A line that is lost harms nobody; an error from it would end whoever had something to say.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with suppress(OSError, ValueError):
            return self._stream.write(text)
        return 0

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            self._stream.flush()


def start_logs(level: str) -> None:
    """Log to standard error at `level`; libraries that log contents stay at WARNING."""
    is_json = not sys.stderr.isatty()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(ScrubbingFormatter(is_json=is_json))
    # A line that cannot be written is dropped: logging would print its arguments unscrubbed.
    logging.raiseExceptions = False
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            _hide_chats,
            structlog.processors.JSONRenderer(serializer=_dumps) if is_json else _for_eyes,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(root.level),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", Unbreakable(sys.stderr))),
        cache_logger_on_first_use=True,
    )


def _hide_chats(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key in CHATS:
        if key in event:
            event[key] = chat_name(str(event[key]))
    return event


def _for_eyes(_: object, __: str, event: MutableMapping[str, Any]) -> str:
    """`level event key=value ...`, scrubbed as a whole."""
    rest = {key: value for key, value in event.items() if key not in {"level", "event"}}
    facts = " ".join(f"{key}={value}" for key, value in rest.items())
    line = f"{event.get('level', ''):<8} {event.get('event', '')} {facts}".rstrip()
    return scrub(_CONTROLS.sub(" ", line))


def _dumps(event: object, **_: object) -> str:
    """The whole line scrubbed: a token may stand in a list, an exception or a key."""
    return scrub(orjson.dumps(event, default=str).decode())
