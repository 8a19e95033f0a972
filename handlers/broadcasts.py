"""Broadcasts as values: to whom, how far they have come, what may be done with one. Pure.

How they are kept and sent is the store's and the outbox's; how they are steered in chat
`handlers.announcing`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import NewType

from handlers.records import AccountId, Grant, Role
from scoring.instant import Instant

BroadcastId = NewType("BroadcastId", int)


class Stage(Enum):
    """Whom a broadcast is for, by how far they have come."""

    REGISTERED = "registered"
    UNSTARTED = "unstarted"
    """Registered, and no attempt opened."""
    SPARE = "spare"
    """At least one attempt, and at least one left; a void attempt frees its place (rules 4.5)."""
    LEADERS = "leaders"
    STAFF = "staff"
    """Everybody who has a role."""


OF_ROLES = frozenset({Stage.LEADERS, Stage.STAFF})
"""Those that go by roles and not by who takes part."""


@dataclass(frozen=True, slots=True)
class Audience:
    """`units` are codes; empty: of every unit. People of several accounts hear it on each."""

    stage: Stage
    units: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        return {"stage": self.stage.value, "units": list(self.units)}


def audience_from(kept: Mapping[str, object]) -> Audience:
    units = kept.get("units")
    codes = tuple(str(one) for one in units) if isinstance(units, list) else ()
    return Audience(Stage(kept["stage"]), codes)


def is_for(audience: Audience, grants: Collection[Grant]) -> bool:
    """Whether it is (still) for somebody with these roles; one to participants always is."""
    if audience.stage not in OF_ROLES:
        return True
    is_any = audience.stage is Stage.STAFF
    return any(
        (is_any or grant.role is Role.LEADER)
        and (not audience.units or grant.unit in audience.units)
        for grant in grants
    )


class BroadcastState(Enum):
    DRAFT = "draft"
    FILLING = "filling"
    """Its rows are being written, slice by slice; what is written goes out already."""
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    DONE = "done"


class BroadcastAct(Enum):
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"


FROM: Mapping[BroadcastAct, frozenset[BroadcastState]] = {
    BroadcastAct.START: frozenset({BroadcastState.DRAFT}),
    BroadcastAct.PAUSE: frozenset({BroadcastState.FILLING, BroadcastState.RUNNING}),
    BroadcastAct.RESUME: frozenset({BroadcastState.PAUSED}),
    BroadcastAct.STOP: frozenset(
        {BroadcastState.FILLING, BroadcastState.RUNNING, BroadcastState.PAUSED}
    ),
}
"""In which states each act may be done; elsewhere it changes nothing."""


@dataclass(frozen=True, slots=True)
class Broadcast:
    id: BroadcastId
    audience: Audience
    words: str
    state: BroadcastState
    total: int
    account: AccountId | None
    made_at: Instant
    started_at: Instant | None = None
    ended_at: Instant | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """A broadcast's messages by what became of them; `waiting` includes what is under way."""

    sent: int = 0
    waiting: int = 0
    held: int = 0
    unreachable: int = 0
    dead: int = 0
    dropped: int = 0
