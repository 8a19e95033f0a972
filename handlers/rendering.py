"""How instants, durations and numbers look to people; the words are the catalogue's.

With settings, the only place where datetime is used.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.catalogue import Catalogue
from scoring.instant import MINUTE_MS, SECOND_MS, Instant

LETTERS = "ABCDE"
_MOST_TIMES = 20_000
_DONE, _TODO, _HERE = "●", "○", "◉"


@dataclass(frozen=True, slots=True)
class Rendering:
    """Shows instants in the contest's time zone."""

    catalogue: Catalogue
    zone: ZoneInfo
    _times: dict[int, str] = field(default_factory=dict, compare=False, repr=False)

    def time(self, at: Instant) -> str:
        """`09:27`. Kept by minute: every screen of a paper shows one."""
        minute = at // MINUTE_MS
        shown = self._times.get(minute)
        if shown is None:
            if len(self._times) >= _MOST_TIMES:
                self._times.clear()
            parts = _pick(self._parts(at), "hour", "minute")
            shown = self._times[minute] = self.catalogue.text("format.time", **parts)
        return shown

    def moment(self, at: Instant) -> str:
        """`09:14:03 ngày 10/12/2025`."""
        return self.catalogue.text("format.moment", **self._parts(at))

    def border(self, at: Instant) -> str:
        """A border of the window; midnight is 24:00 of the day before (FAULTS T22)."""
        return self.catalogue.text("format.border", **self.border_parts(at))

    def border_parts(self, at: Instant) -> dict[str, str]:
        """Hour, minute, day, month and year of a border, in digits."""
        parts = self._parts(at)
        if parts["hour"] == parts["minute"] == "00":
            parts = self._parts(Instant(at - MINUTE_MS)) | {"hour": "24", "minute": "00"}
        return _pick(parts, "hour", "minute", "day", "month", "year")

    def day(self, at: Instant) -> str:
        """`10/12/2025`."""
        return self.catalogue.text("format.day", **_pick(self._parts(at), "day", "month", "year"))

    def short_day(self, at: Instant) -> str:
        """`10/12`, where the year is plain."""
        return self.catalogue.text("format.short_day", **_pick(self._parts(at), "day", "month"))

    def duration(self, length_ms: int) -> str:
        """`6 phút 12 giây`, floored to seconds."""
        minutes, rest = divmod(length_ms, MINUTE_MS)
        return self.catalogue.text(
            "format.duration", minutes=minutes, seconds=f"{rest // SECOND_MS:02d}"
        )

    def year(self, at: Instant) -> int:
        return self._local(at).year

    def _local(self, at: Instant) -> datetime:
        moment = datetime.fromtimestamp(at // SECOND_MS, UTC)
        return (moment + timedelta(milliseconds=at % SECOND_MS)).astimezone(self.zone)

    def _parts(self, at: Instant) -> dict[str, str]:
        local = self._local(at)
        return {
            "hour": f"{local.hour:02d}",
            "minute": f"{local.minute:02d}",
            "second": f"{local.second:02d}",
            "day": f"{local.day:02d}",
            "month": f"{local.month:02d}",
            "year": str(local.year),
        }


def _pick(parts: dict[str, str], *names: str) -> dict[str, str]:
    return {name: parts[name] for name in names}


def number_shown(number: int) -> str:
    """As people write it: `1.234`."""
    return f"{number:,}".replace(",", ".")


def change_shown(change: int) -> str:
    """`+5`, `-2`, and nothing for nothing."""
    return f"{'+' if change > 0 else '-'}{number_shown(abs(change))}" if change else ""


def phone_shown(phone: str) -> str:
    """A Vietnamese mobile number as people write it: `0912 345 678`; others as they are."""
    if phone.startswith("+84") and len(phone) == len("+84912345678"):
        local = "0" + phone[3:]
        return f"{local[:4]} {local[4:7]} {local[7:]}"
    return phone


def progress_line(answered: tuple[bool, ...], place: int) -> str:
    """One sign a question: done, open, and where one is."""
    marks = [_DONE if done else _TODO for done in answered]
    if 1 <= place <= len(marks):
        marks[place - 1] = _HERE
    return "".join(marks)
