"""What a cell may hold: texts that stay texts, and instants as the numbers spreadsheets count in.

Names are data (FAULTS T37, T38): nothing that somebody typed runs as a formula or breaks a file.
"""

import re
from datetime import UTC, datetime

from question_bank.importers.xlsx_text import plain_text
from scoring.instant import CONTEST_OFFSET_MS, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, Instant

MOST_CHARS = 32_767
"""What a cell of a spreadsheet holds at most."""

_FIRST_DAY = 25_569  # 01/01/1970 in the count of days that begins with 1900
# Controls, marks that turn the direction of text, half characters, and what XML cannot hold.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]+"
)
# OWASP, "CSV Injection"; the full-width signs are read as the plain ones by some spreadsheets.
_RUNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_RUNS_RAW = ("\t", "\r", "\n")


def cell_text(text: str) -> str:
    """The text on one line, without what cannot be seen, as long as a cell may be."""
    return plain_text(_UNSEEN.sub(" ", text))[:MOST_CHARS]


def csv_text(text: str) -> str:
    """The text with a sign before it where a spreadsheet would run it."""
    shown = cell_text(text)
    is_running = shown.lstrip().startswith(_RUNS) or text.startswith(_RUNS_RAW)
    return f"'{shown}" if is_running else shown


def moment_number(at: Instant) -> float:
    """Days since 1900 in the contest's zone, to the second below."""
    local_ms = at + CONTEST_OFFSET_MS
    return _FIRST_DAY + (local_ms - local_ms % SECOND_MS) / DAY_MS


def day_number(day: int) -> int:
    """Days since 1900 of a day of the contest (`scoring.instant.day_of`)."""
    return _FIRST_DAY + day


def length_number(length_ms: int) -> float:
    """A part of a day, to the second below."""
    return (length_ms - length_ms % SECOND_MS) / DAY_MS


def moment_text(at: Instant) -> str:
    """`2025-12-10 09:14:03`, which every spreadsheet reads as a date."""
    return f"{_local(at + CONTEST_OFFSET_MS):%Y-%m-%d %H:%M:%S}"


def day_text(day: int) -> str:
    return f"{_local(day * DAY_MS):%Y-%m-%d}"


def day_shown(day: int) -> str:
    """`10/12/2025`, for people."""
    return f"{_local(day * DAY_MS):%d/%m/%Y}"


def length_text(length_ms: int) -> str:
    """`0:06:12`."""
    hours, rest = divmod(length_ms, HOUR_MS)
    minutes, rest = divmod(rest, MINUTE_MS)
    return f"{hours}:{minutes:02}:{rest // SECOND_MS:02}"


def count_shown(count: int) -> str:
    """A count with a point at each thousand, for people."""
    return f"{count:,}".replace(",", ".")


def _local(ms: int) -> datetime:
    """A moment whose hands stand as the clock's in the contest's zone."""
    return datetime.fromtimestamp(ms // SECOND_MS, UTC)
