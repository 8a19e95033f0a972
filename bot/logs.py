"""Logs: one JSON line an event, ids and outcomes only; tokens scrubbed wherever they come from.

People's names, phone numbers, texts and answers are never passed in (STYLE 15, FAULTS T42, T43).
"""

import logging
import re
import sys
from contextlib import suppress
from typing import Any, TextIO, cast

import orjson
import structlog

_TOKEN = re.compile(r"(?:bot)?\d{3,20}:[A-Za-z0-9_-]{20,100}")
SCRUBBED = "[token]"
# These log whole requests or updates below WARNING.
TALKATIVE = ("httpx", "httpcore", "telegram", "aiohttp.access", "apscheduler", "sqlalchemy")


def scrub(text: str) -> str:
    """The text without anything that looks like a bot's token."""
    return _TOKEN.sub(SCRUBBED, text)


class ScrubbingFormatter(logging.Formatter):
    """Formats standard-library records as JSON; a traceback keeps places, never values."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "event": record.getMessage(),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
        return _dumps(line)


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
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(ScrubbingFormatter())
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
            structlog.processors.JSONRenderer(serializer=_dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(root.level),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", Unbreakable(sys.stderr))),
        cache_logger_on_first_use=True,
    )


def _dumps(event: object, **_: object) -> str:
    """The whole line scrubbed: a token may stand in a list, an exception or a key."""
    return scrub(orjson.dumps(event, default=str).decode())
