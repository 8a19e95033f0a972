"""Every metric there is: its name, kind and meaning. The dashboard and the alerts name no other.

`hoithi_` and the unit in the name (Prometheus' own advice); times in seconds. Where each figure
comes from is `bot.metrics`'.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

Shape = Literal["counter", "gauge", "histogram"]


class Family(NamedTuple):
    shape: Shape
    meaning: str


FAMILIES: Mapping[str, Family] = {
    "hoithi_build_info": Family("gauge", "Version of the program and of Python."),
    "hoithi_updates_total": Family(
        "counter",
        "Updates by kind and outcome; kind tap, outcome step: an answered tap. Outcome away: "
        "refused with 503, to be delivered again.",
    ),
    "hoithi_update_dead_letters_total": Family("counter", "Updates given up after five tries."),
    "hoithi_stage_seconds": Family(
        "histogram",
        "From receipt of a paper's step until it was decided, committed, acknowledged to the "
        "platform, shown (delivered).",
    ),
    "hoithi_commit_batch_works": Family("histogram", "Works in one transaction."),
    "hoithi_commit_seconds": Family("histogram", "How long a transaction took, its fsync too."),
    "hoithi_commits_retried_total": Family(
        "counter", "Works committed one by one after their batch had failed."
    ),
    "hoithi_writer_backlog_works": Family("gauge", "Works that wait for a transaction."),
    "hoithi_lanes": Family("gauge", "Chats that are being answered."),
    "hoithi_lanes_waiting_screens": Family("gauge", "Screens that wait in lanes."),
    "hoithi_lanes_limited": Family("gauge", "Chats that the platform holds by a 429."),
    "hoithi_api_calls_total": Family("counter", "Calls of the platform by class and outcome."),
    "hoithi_api_call_seconds": Family("histogram", "How long the platform took to answer."),
    "hoithi_api_limited_seconds_total": Family("counter", "Seconds that 429s told us to wait."),
    "hoithi_api_call_age_seconds": Family("gauge", "Since the last call that succeeded."),
    "hoithi_update_age_seconds": Family("gauge", "Since the last update was received."),
    "hoithi_token_refused": Family("gauge", "1: the platform does not know the token."),
    "hoithi_clock_skew_seconds": Family(
        "gauge", "How far the machine's clock is ahead of the platform's."
    ),
    "hoithi_redis_up": Family("gauge", "1: Redis answers."),
    "hoithi_redis_requests_total": Family("counter", "Trips to Redis by kind; many keys each."),
    "hoithi_redis_failures_total": Family("counter", "Trips to Redis that failed."),
    "hoithi_sessions_total": Family(
        "counter", "Loads of sessions: hit in Redis, rebuilt from SQL, unreadable."
    ),
    "hoithi_sql_up": Family("gauge", "1: decisions are read from SQL lately enough to act on."),
    "hoithi_decisions_age_seconds": Family("gauge", "Since decisions were read from SQL."),
    "hoithi_heartbeat_age_seconds": Family("gauge", "Since this process said that it lives."),
    "hoithi_tick_age_seconds": Family("gauge", "Since the scheduler's last whole tick."),
    "hoithi_outbox_settled_total": Family("counter", "Outbox messages by what became of them."),
    "hoithi_alarm": Family("gauge", "1: somebody must act; by kind."),
    "hoithi_disk_free_bytes": Family("gauge", "Free space where the data folder is."),
    # Of the database: the same whichever worker is asked, so that these carry no worker.
    "hoithi_outbox_messages": Family("gauge", "Outbox messages that wait or are dead."),
    "hoithi_ledger_queue_entries": Family("gauge", "Entries on their way to the ledger."),
    "hoithi_dead_letters": Family("gauge", "Updates given up, ever."),
    "hoithi_open_attempts": Family("gauge", "Papers that are open."),
    "process_cpu_seconds_total": Family("counter", "Processor time used."),
    "process_resident_memory_bytes": Family("gauge", "Memory in use."),
    "process_virtual_memory_bytes": Family("gauge", "Address space in use."),
    "process_start_time_seconds": Family("gauge", "When the process began, since 1970."),
    "process_open_fds": Family("gauge", "Files and sockets open."),
    "process_max_fds": Family("gauge", "Files and sockets that may be open."),
}
