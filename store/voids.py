"""Voiding and restoring on an organiser's word, by one or, once results are public, by two.

Decides under the person's lock what may be voided and taken back; a paper under way ends first, for
the ledger knows no ending by somebody else. A void attempt frees its slot, so taking it back must
leave no more attempts than the rules allow.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, exists, select

from handlers.office_persons import EXCLUDED, RestorePapers, Voided, VoidPapers
from handlers.proposals import OpenProposal
from handlers.records import AuditEntry, Notice
from scoring.contest import Ruling
from scoring.instant import Instant, day_of
from scoring.limits import AttemptLimits
from store.decisions import decisions_in
from store.dialogues import end_step
from store.encryption import Vault
from store.group_commit import Kind, Writer
from store.proposals import EFFECTS
from store.tables import ATTEMPT, PARTICIPANT, VOID
from store.telling import tell_person
from store.void_rows import Papers, write_restores, write_voids

PROPOSAL = "void"
"""The kind of proposal: `content` is {person, attempt, why, doc, by, limits}; limits: a restore."""

_PUBLISHED = {Ruling.PROVISIONAL, Ruling.FINAL}
_LOCK = (
    select(PARTICIPANT.c.number)
    .where(PARTICIPANT.c.number == bindparam("person"))
    .with_for_update(key_share=True)
)
_ATTEMPT = select(ATTEMPT.c.ended_at).where(
    ATTEMPT.c.person == bindparam("person"), ATTEMPT.c.number == bindparam("attempt")
)
_STANDING = select(VOID.c.why).where(
    VOID.c.person == bindparam("person"),
    VOID.c.attempt == bindparam("attempt"),
    VOID.c.restored_at.is_(None),
)
_COUNTED = select(ATTEMPT.c.number, ATTEMPT.c.opened_at).where(
    ATTEMPT.c.person == bindparam("person"),
    ~exists().where(
        VOID.c.person == ATTEMPT.c.person,
        VOID.c.attempt == ATTEMPT.c.number,
        VOID.c.restored_at.is_(None),
    )
    | (ATTEMPT.c.number == bindparam("attempt")),
)


class VoidsStore:
    def __init__(self, writer: Writer, vault: Vault) -> None:
        self._writer = writer
        self._vault = vault
        self._settle = Kind(24, self._settle_all)

    async def void(self, order: VoidPapers) -> Voided:
        outcome: Voided = await self._writer.commit(self._settle, order)
        return outcome

    async def restore(self, order: RestorePapers) -> Voided:
        outcome: Voided = await self._writer.commit(self._settle, order)
        return outcome

    def _settle_all(
        self, connection: Connection, orders: Sequence[VoidPapers | RestorePapers]
    ) -> list[Voided]:
        return [self._settle_one(connection, order) for order in orders]

    def _settle_one(self, connection: Connection, order: VoidPapers | RestorePapers) -> Voided:
        ordered = order.ordered
        if not end_step(connection, self._vault, ordered.at, ordered.account, ordered.step):
            return Voided.SUPERSEDED
        if any(one.ruling in _PUBLISHED for one in decisions_in(connection)):
            return Voided.NEEDS_SECOND
        if isinstance(order, VoidPapers):
            papers = Papers(order.person, order.attempt, order.why, order.doc)
            return _void(connection, papers, ordered.entry)
        papers = Papers(order.person, order.attempt, "", order.doc)
        return _restore(connection, papers, order.limits, ordered.entry)


def _void(connection: Connection, papers: Papers, entry: AuditEntry) -> Voided:
    of = {"person": papers.person, "attempt": papers.attempt}
    if connection.execute(_LOCK, {"person": papers.person}).first() is None:
        return Voided.GONE
    if papers.attempt:
        row = connection.execute(_ATTEMPT, of).first()
        if row is None or row.ended_at is None:
            return Voided.GONE if row is None else Voided.OPEN
    if not write_voids(connection, [papers], entry):
        return Voided.ALREADY
    _tell(connection, "notice.voided", papers, entry.at)
    return Voided.DONE


def _restore(
    connection: Connection, papers: Papers, limits: AttemptLimits, entry: AuditEntry
) -> Voided:
    of = {"person": papers.person, "attempt": papers.attempt}
    if connection.execute(_LOCK, {"person": papers.person}).first() is None:
        return Voided.GONE
    why = connection.execute(_STANDING, of).scalar()
    if why is None or why == EXCLUDED:
        return Voided.ALREADY if why is None else Voided.LISTED
    if papers.attempt and _is_beyond(connection, of, limits):
        return Voided.OVER_LIMITS
    standing = papers._replace(why=str(why))
    if not write_restores(connection, [standing], entry):
        return Voided.ALREADY
    _tell(connection, "notice.restored", standing, entry.at)
    return Voided.DONE


def _is_beyond(connection: Connection, of: Mapping[str, int], limits: AttemptLimits) -> bool:
    """Whether the attempt would be one too many, among all or on its day (rules 4.1)."""
    opened = {row.number: Instant(row.opened_at) for row in connection.execute(_COUNTED, of)}
    day = day_of(opened[of["attempt"]])
    on_day = sum(day_of(at) == day for at in opened.values())
    is_beyond_all = limits.attempts and len(opened) > limits.attempts
    return bool(is_beyond_all or (limits.per_day and on_day > limits.per_day))


def _tell(connection: Connection, message: str, papers: Papers, at: Instant) -> None:
    """Whoever plays for the person hears of it; numbers and codes only."""
    tell_person(connection, papers.person, Notice(message, papers._asdict()), at)


def _approve(connection: Connection, _: Vault, opened: OpenProposal, at: Instant) -> bool:
    """What two agreed on, under the role of who proposed it."""
    content: Mapping[str, Any] = opened.proposal.content
    entry = AuditEntry(
        at, opened.proposal.made_by, str(content["by"]), PROPOSAL, why=opened.proposal.why
    )
    papers = Papers(
        int(content["person"]), int(content["attempt"]), str(content["why"]), str(content["doc"])
    )
    if "limits" not in content:
        return _void(connection, papers, entry) is Voided.DONE
    limits = AttemptLimits(*content["limits"])
    return _restore(connection, papers, limits, entry) is Voided.DONE


EFFECTS[PROPOSAL] = _approve
