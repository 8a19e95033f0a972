"""What `/readyz` reports: whether SQL answers, and beside it how everything else is doing.

Numbers and names of parts only: whoever can reach the port may read it.
"""

import asyncio
from collections.abc import Mapping

from bot.parts import Parts, age_s
from store.overview import PATIENCE_S, Overview

_PLACES = 1


async def readiness(parts: Parts) -> Mapping[str, object]:
    """The whole report; asks SQL and Redis, for two seconds at most."""
    sql, redis, overview = await asyncio.gather(
        _is_sql_up(parts), parts.house.store.ping_redis(), parts.house.store.overview.look()
    )
    ages, load = parts.house.ages(), parts.delivery.load()
    return {
        "sql": sql,
        "redis": redis,
        "platforms": {"telegram": _telegram(parts)},
        "scheduler": {"ticked_s": round(ages.tick_s, _PLACES)},
        "heartbeat_s": round(ages.heartbeat_s, _PLACES),
        "decisions_s": round(ages.decisions_s, _PLACES),
        "backlog": {
            "works": parts.house.store.writer.backlog,
            "lanes": load.lanes,
            "screens": load.waiting,
            "limited_chats": load.limited,
        },
        "outbox": _outbox(overview),
        "open_attempts": None if overview is None else overview.open_attempts,
        "ledger_queue": None if overview is None else overview.ledger_queue,
        "alarms": sorted(parts.findings.alarms),
        "worker": parts.place.worker,
    }


async def health_facts(parts: Parts) -> Mapping[str, object]:
    """The same for whoever asks in chat: the placeholders of `health.shown`."""
    found = await readiness(parts)
    platforms, outbox = _table(found["platforms"]), _table(found["outbox"])
    alarms = found["alarms"]
    return {
        "alarms": ", ".join(alarms) if isinstance(alarms, list) else "",
        "backlog": _table(found["backlog"]).get("works"),
        "dead": outbox.get("dead"),
        "heartbeat_s": found["heartbeat_s"],
        "is_redis_up": found["redis"],
        "is_sql_up": found["sql"],
        "ledger_queue": found["ledger_queue"],
        "open_attempts": found["open_attempts"],
        "received_s": _table(platforms.get("telegram")).get("received_s"),
        "tick_s": _table(found["scheduler"]).get("ticked_s"),
        "waiting": outbox.get("waiting"),
    }


def _table(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


async def _is_sql_up(parts: Parts) -> bool:
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await parts.house.is_sql_up()
    except TimeoutError:
        return False


def _telegram(parts: Parts) -> Mapping[str, object]:
    counts = parts.client.counts
    skew_ms = parts.client.skew_ms()
    return {
        "called_s": _rounded(age_s(counts.done_s)),
        "received_s": _rounded(age_s(parts.door.counts.received_s)),
        "is_token_refused": counts.is_token_refused,
        "clock_skew_s": _rounded(None if skew_ms is None else skew_ms / 1000),
    }


def _outbox(overview: Overview | None) -> Mapping[str, object] | None:
    if overview is None:
        return None
    return {
        "waiting": overview.outbox_pending,
        "under_way": overview.outbox_claimed,
        "dead": overview.outbox_dead,
    }


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, _PLACES)
