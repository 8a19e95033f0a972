"""The contest's end in the ledger: once `close` is entered, nothing of participants follows it.

What was received in time but comes to its transaction after that is refused (DESIGN §4). The
contest's row is the lock: openings and registrations share it, the closing holds it alone.
"""

from sqlalchemy import Connection, select

from store.tables import CONTEST, JOB_RUN

CLOSING = "closing"
"""The job whose record says that `close` is in the ledger."""

_SHARE = select(CONTEST.c.lock).with_for_update(read=True)
_HOLD = select(CONTEST.c.lock).with_for_update()
_CLOSED = select(JOB_RUN.c.done_at).where(JOB_RUN.c.job == CLOSING).limit(1)


def is_closed(connection: Connection) -> bool:
    """Whether `close` is entered; if not, it is not before this transaction ends."""
    connection.execute(_SHARE).all()
    return connection.execute(_CLOSED).first() is not None


def hold_closing(connection: Connection) -> None:
    """Wait for the transactions that may still enter something, and hold later ones back."""
    connection.execute(_HOLD).all()
