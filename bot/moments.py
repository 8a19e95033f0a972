"""Moments as settings and HTTP write them; as people type them they are `handlers.moments`'."""

from datetime import datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from handlers.moments import instant_of
from scoring.instant import Instant


def read_iso(typed: str, zone: ZoneInfo) -> Instant:
    """The instant of an ISO 8601 moment; without an offset it is meant in `zone`.

    Raises:
        ValueError: not ISO 8601.
    """
    moment = datetime.fromisoformat(typed)
    return instant_of(moment if moment.tzinfo is not None else moment.replace(tzinfo=zone))


def http_date_ms(header: bytes) -> int | None:
    """The milliseconds since 1970 UTC of an HTTP `Date` (whole seconds); None: it is none."""
    try:
        return instant_of(parsedate_to_datetime(header.decode("ascii")))
    except (TypeError, ValueError):
        return None
