"""Bouts of a broadcast: by the whole bot at its pace, and by its sender alone without pacing.

Beside them python-telegram-bot as its manual sends to many.
"""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks import bots
from benchmarks.arena import POSTGRESQL, Arena, Bout, CountError
from benchmarks.sizes import Sample, Sizes
from bot.pacing import Pace

_START = """
INSERT INTO broadcast (audience, words, state, total, filled_to, is_filled, made_at, started_at)
VALUES ('{"stage": "registered", "units": []}', 'Xin mời bà con dự thi', 'filling', 0, 0, false,
        0, 0)
RETURNING id
"""
_PATIENCE_S = 150
"""Longer than a claim of a process that died is waited for."""

_SENT = "SELECT count(DISTINCT chat) FROM outbox WHERE state = 'sent' AND NOT is_maybe_twice"
_MAYBE_TWICE = "SELECT count(*) FROM outbox WHERE is_maybe_twice"
_TOLD = "SELECT count(DISTINCT chat) FROM outbox WHERE state = 'sent'"


def broadcast(arena: Arena, sizes: Sizes) -> Sample:
    """The whole bot at the set pace, from the first message to the last.

    The platform refuses one message in 200 for two seconds, and sees whoever is too fast for it.
    """
    template = arena.template(POSTGRESQL, sizes.chats)
    with arena.bout(template) as bout:
        bout.driver.order("limit")
        arena.servers.query(bout.database, _START)
        told = _listened(arena, bout, sizes.chats)
    grown = told["rss_mib"] / told["rss_first_mib"] - 1
    return told | {"pace_s": float(Pace().a_second), "grown_percent": 100 * grown}


def broadcast_killed(arena: Arena, sizes: Sizes) -> Sample:
    """As `broadcast`, with `kill -9` after half of the messages and a start right after it.

    `wrong` are chats that were not told, and messages told twice that were not under way when the
    process died.
    """
    template = arena.template(POSTGRESQL, sizes.chats)
    with arena.bout(template) as bout:
        bout.driver.order("limit")
        arena.servers.query(bout.database, _START)
        bout.driver.order("listen", count=sizes.chats // 2, watch=bout.watch)
        os.kill(bout.pid, signal.SIGKILL)
        if bout.again is None:
            raise CountError("a bot that cannot be started again")
        with bout.again():
            told = bout.driver.order("listen", count=sizes.chats, watch={})
            missed = sizes.chats - _told_at_last(arena, bout, sizes.chats)
        counts = bout.driver.order("counts")
        in_doubt = int(arena.servers.query(bout.database, _MAYBE_TWICE))
    notices = int(counts["notices"])
    twice = max(0, notices - (sizes.chats - missed) - in_doubt)
    return {
        "wrong": float(missed + twice + counts["errors"]),
        "limited": float(counts["limited"]),
        "too_soon": float(counts["too_soon"]),
        "in_doubt": float(in_doubt),
        "sends_s": _sends_s(told, notices),
        "driver_load": told["driver_load"],
    }


def _told_at_last(arena: Arena, bout: Bout, chats: int) -> int:
    """How many chats were told, once those in doubt have been settled too."""
    told = 0
    for _ in range(_PATIENCE_S):
        told = int(arena.servers.query(bout.database, _TOLD))
        if told >= chats:
            break
        time.sleep(1)
    return told


def broadcast_free(arena: Arena, sizes: Sizes) -> Sample:
    """The sender alone, its pacing off."""
    template = arena.template(POSTGRESQL, sizes.chats)
    with arena.sender(template, bots.sender_command) as bout:
        arena.servers.query(bout.database, _START)
        return _listened(arena, bout, sizes.chats)


def ptb_sender(arena: Arena, sizes: Sizes) -> Sample:
    with _peer(arena, sizes.chats) as bout:
        told = bout.driver.order("listen", count=sizes.chats, watch=bout.watch)
    return {"sends_s": _sends_s(told, sizes.chats), "driver_load": told["driver_load"]}


def _listened(arena: Arena, bout: Bout, chats: int) -> dict[str, float]:
    """What came, once every chat is seen to have been told once.

    Raises:
        CountError: somebody was told twice or not at all.
    """
    told = bout.driver.order("listen", count=chats, watch=bout.watch)
    counts = bout.driver.order("counts")
    sent = _settled(arena, bout, chats)
    if told["notices"] != chats or counts["errors"] or sent != chats:
        raise CountError(f"{told['notices']} messages, {sent} sent of {chats}: {counts['wrong']}")
    return {
        "sends_s": _sends_s(told, chats),
        "limited": float(counts["limited"]),
        "too_soon": float(counts["too_soon"]),
        "driver_load": told["driver_load"],
        "bot_us": 1_000_000 * told["bot_cpu_s"] / chats,
        "rss_mib": told["rss_mib"],
        "rss_first_mib": told["rss_first_mib"],
    }


def _settled(arena: Arena, bout: Bout, chats: int) -> int:
    """How many chats are recorded as told; the last are recorded a moment after they were."""
    sent = 0
    for _ in range(200):
        sent = int(arena.servers.query(bout.database, _SENT))
        if sent >= chats:
            break
    return sent


def _sends_s(told: dict[str, float], chats: int) -> float:
    return (chats - 1) / told["span_s"]


@contextmanager
def _peer(arena: Arena, chats: int) -> Iterator[Bout]:
    with arena.sender(None, lambda _: bots.peer_command("ptb_sender"), chats) as bout:
        yield bout
