"""Figures for metrics: read from the parts' counts when somebody asks (`GET /metrics`).

Nothing is counted here and nothing on the tap's path calls this. What the figures are called is
`bot.metric_families`', how they are written `bot.prometheus`'.
"""

import platform
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version

from bot.alarms import COUNTED, Alarm
from bot.figures import Figure, Sizes
from bot.parts import Parts, age_s
from store.buckets import Buckets
from store.overview import Overview


def figures_of(parts: Parts) -> list[Figure]:
    """What this process alone can tell, labelled with its number."""
    worker = {"worker": str(parts.place.worker)}
    found = (
        *_door(parts),
        *_writer(parts),
        *_lanes(parts),
        *_platform(parts),
        *_stores(parts),
        *_clockwork(parts),
        *_machine(parts),
    )
    return [Figure(one.name, {**one.labels, **worker}, one.value) for one in found]


def shared_figures(overview: Overview | None) -> list[Figure]:
    """What the database tells, the same for every process; nothing while it is away."""
    if overview is None:
        return []
    waiting = {
        "pending": overview.outbox_pending,
        "claimed": overview.outbox_claimed,
        "dead": overview.outbox_dead,
    }
    return [
        *_each("hoithi_outbox_messages", "state", waiting),
        Figure("hoithi_ledger_queue_entries", {}, overview.ledger_queue),
        Figure("hoithi_dead_letters", {}, overview.dead_letters),
        Figure("hoithi_open_attempts", {}, overview.open_attempts),
    ]


def _door(parts: Parts) -> Iterator[Figure]:
    counts = parts.door.counts
    # A copy: begun with the outcome that everybody waits for, so that its first is a rise.
    updates = {("tap", "step"): 0, ("tap", "away"): 0} | dict(counts.updates)
    for (kind, outcome), count in updates.items():
        yield Figure("hoithi_updates_total", {"kind": kind, "outcome": outcome}, count)
    yield Figure("hoithi_update_dead_letters_total", {}, counts.dead_letters)
    for stage, buckets in (
        ("decided", counts.decided),
        ("committed", counts.committed),
        ("acknowledged", counts.acknowledged),
        ("delivered", parts.delivery.delivered),
    ):
        yield Figure("hoithi_stage_seconds", {"stage": stage}, _sizes(buckets))
    yield from _age("hoithi_update_age_seconds", counts.received_s)


def _writer(parts: Parts) -> Iterator[Figure]:
    writer = parts.house.store.writer
    yield Figure("hoithi_commit_batch_works", {}, _sizes(writer.counts.sizes))
    yield Figure("hoithi_commit_seconds", {}, _sizes(writer.counts.seconds))
    yield Figure("hoithi_commits_retried_total", {}, writer.counts.retried_singly)
    yield Figure("hoithi_writer_backlog_works", {}, writer.backlog)


def _lanes(parts: Parts) -> Iterator[Figure]:
    load = parts.delivery.load()
    yield Figure("hoithi_lanes", {}, load.lanes)
    yield Figure("hoithi_lanes_waiting_screens", {}, load.waiting)
    yield Figure("hoithi_lanes_limited", {}, load.limited)


def _platform(parts: Parts) -> Iterator[Figure]:
    counts = parts.client.counts
    for (method, outcome), count in dict(counts.calls).items():
        yield Figure("hoithi_api_calls_total", {"method": method, "outcome": outcome}, count)
    for method, buckets in dict(counts.seconds).items():
        yield Figure("hoithi_api_call_seconds", {"method": method}, _sizes(buckets))
    yield Figure("hoithi_api_limited_seconds_total", {}, counts.limited_s)
    yield Figure("hoithi_token_refused", {}, int(counts.is_token_refused))
    yield from _age("hoithi_api_call_age_seconds", counts.done_s)
    skew_ms = parts.client.skew_ms()
    if skew_ms is not None:
        yield Figure("hoithi_clock_skew_seconds", {}, skew_ms / 1000)


def _stores(parts: Parts) -> Iterator[Figure]:
    store = parts.house.store
    redis, sessions = store.cache.counts, store.sessions.counts
    yield Figure("hoithi_redis_up", {}, int(parts.findings.is_redis_up))
    trips = {"read": redis.reads, "write": redis.writes}
    yield from _each("hoithi_redis_requests_total", "kind", trips)
    yield Figure("hoithi_redis_failures_total", {}, redis.failures)
    loads = {
        "hit": sessions.hits,
        "rebuilt": sessions.rebuilt,
        "unreadable": sessions.unreadable,
    }
    yield from _each("hoithi_sessions_total", "outcome", loads)
    settled = {"sent": 0, "dead": 0} | dict(store.outbox.settled)
    yield from _each("hoithi_outbox_settled_total", "state", settled)
    yield Figure("hoithi_sql_up", {}, int(parts.house.is_current()))


def _clockwork(parts: Parts) -> Iterator[Figure]:
    ages = parts.house.ages()
    yield Figure("hoithi_decisions_age_seconds", {}, ages.decisions_s)
    yield Figure("hoithi_heartbeat_age_seconds", {}, ages.heartbeat_s)
    yield Figure("hoithi_tick_age_seconds", {}, ages.tick_s)
    lasting = parts.findings.alarms
    alarms = {one.value: int(one.value in lasting) for one in Alarm if one not in COUNTED}
    yield from _each("hoithi_alarm", "kind", alarms)


def _machine(parts: Parts) -> Iterator[Figure]:
    labels = {"version": _version(), "python": platform.python_version()}
    yield Figure("hoithi_build_info", labels, 1)
    if parts.findings.free_bytes is not None:
        yield Figure("hoithi_disk_free_bytes", {}, parts.findings.free_bytes)
    # Here, since the first scrape can wait for the library and a start should not.
    from bot.prometheus import process_figures  # noqa: PLC0415

    yield from process_figures()


def _each(name: str, label: str, values: Mapping[str, float]) -> Iterator[Figure]:
    for key, value in values.items():
        yield Figure(name, {label: key}, value)


def _age(name: str, moment_s: float | None) -> Iterator[Figure]:
    """An age, where there is one: before the first time there is none."""
    elapsed_s = age_s(moment_s)
    if elapsed_s is not None:
        yield Figure(name, {}, elapsed_s)


def _sizes(buckets: Buckets) -> Sizes:
    return Sizes(buckets.bounds, tuple(buckets.counts), buckets.total)


def _version() -> str:
    try:
        return version("hoithi")
    except PackageNotFoundError:
        return "unknown"
