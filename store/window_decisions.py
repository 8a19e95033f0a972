"""Decisions on the window and on pauses, each with all that follows from it in one transaction.

Pausing and going on is one organiser's; opening early, extending and closing early take effect as
proposals that a second one approved. An extended or earlier window is a new version of the rules
(LEDGER §4, `amend`), with its public notice.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, insert

from handlers.proposals import OpenProposal
from handlers.records import AuditEntry, Notice
from scoring.contest import DECISION_DELAY_MS, Calendar, Decision, Phase, Ruling, Timeline
from scoring.entries import pause_entry, resume_entry
from scoring.instant import Instant
from store.announcement import announce
from store.audit import write_audit
from store.closing import hold_closing, is_closed
from store.decisions import decisions_in
from store.encryption import Vault
from store.group_commit import Kind, Writer
from store.ledger_queue import queue_entries
from store.proposals import EFFECTS
from store.rules_versions import amend_rules, first_calendar
from store.tables import DECISION

WINDOW = "window"
"""The kind of proposal: `content` is {ruling, until?, notice}."""

_FROM = {Ruling.PAUSE: Phase.OPEN, Ruling.RESUME: Phase.PAUSED}
_ENTRIES = {Ruling.PAUSE: pause_entry, Ruling.RESUME: resume_entry}
_NOTICES = {Ruling.PAUSE: "notice.paused", Ruling.RESUME: "notice.resumed"}


class _Order(NamedTuple):
    ruling: Ruling
    entry: AuditEntry


class WindowDecisionsStore:
    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def decide(self, ruling: Ruling, entry: AuditEntry) -> bool:
        """Pause or go on; False: the contest is not in the phase that it needs (any more)."""
        done: bool = await self._writer.commit(_DECIDE, _Order(ruling, entry))
        return done


def _decide_all(connection: Connection, orders: Sequence[_Order]) -> list[bool]:
    return [_decide(connection, order) for order in orders]


def _decide(connection: Connection, order: _Order) -> bool:
    # The row that decisions wait for: of two opposite ones the second sees the first.
    hold_closing(connection)
    entry = order.entry
    timeline = _timeline(connection)
    effect = Instant(entry.at + DECISION_DELAY_MS)
    if is_closed(connection) or timeline.phase_at(effect) is not _FROM[order.ruling]:
        return False
    _record(connection, Decision(order.ruling, entry.at), entry.role, entry.why)
    queue_entries(connection, [(_ENTRIES[order.ruling](entry.role, entry.why), entry.at)])
    write_audit(connection, [entry])
    announce(connection, Notice(_NOTICES[order.ruling], {"at": effect}), entry.at)
    return True


def _approve(connection: Connection, _: Vault, opened: OpenProposal, at: Instant) -> bool:
    """Move the window as a proposal asks; what does not fit the present window is refused."""
    content = opened.proposal.content
    ruling, notice = Ruling(content["ruling"]), str(content.get("notice", ""))
    until = content.get("until")
    ends = Instant(until) if isinstance(until, int) else None
    hold_closing(connection)
    timeline = _timeline(connection)
    before = timeline.window_at(at)
    if is_closed(connection) or not _fits(ruling, before, ends, at):
        return False
    decision = Decision(ruling, at, ends)
    _record(connection, decision, "organiser", opened.proposal.why)
    after = Timeline(timeline.calendar, (*timeline.decisions, decision), timeline.outages)
    window = after.window_at(decision.takes_effect_at)
    if ruling is not Ruling.CLOSE:
        moved = {"opens": window.opens, "closes": window.closes}
        amend_rules(connection, moved, notice, at)
    told = Notice(f"notice.window_{ruling.value}", {"closes": window.closes})
    announce(connection, told, at)
    return True


def _fits(ruling: Ruling, before: Calendar, ends: Instant | None, at: Instant) -> bool:
    effect = Instant(at + DECISION_DELAY_MS)
    if ruling is Ruling.OPEN:
        return effect < before.opens
    if ruling is Ruling.EXTEND:
        return ends is not None and ends > before.closes and effect < before.closes
    return ruling is Ruling.CLOSE and before.opens <= effect < before.closes


def _timeline(connection: Connection) -> Timeline:
    """The calendar that was committed to, with the decisions so far; outages change no phase."""
    return Timeline(first_calendar(connection), decisions_in(connection))


def _record(connection: Connection, decision: Decision, by: str, why: str) -> None:
    values = {
        "ruling": decision.ruling.value,
        "recorded_at": decision.recorded_at,
        "until": decision.until,
        "by": by,
        "why": why,
    }
    connection.execute(insert(DECISION).values(values))


_DECIDE = Kind(98, _decide_all)
EFFECTS[WINDOW] = _approve
