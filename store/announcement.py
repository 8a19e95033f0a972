"""A notice to everybody who takes part, lined up in the transaction of what it tells of."""

from sqlalchemy import ColumnElement, Connection, insert, literal, select

from handlers.records import Notice
from scoring.instant import Instant
from store.outbox import arguments_text, outbox_values
from store.tables import ACCOUNT, OUTBOX, PARTICIPANT


def announce(
    connection: Connection, notice: Notice, at: Instant, *whom: ColumnElement[bool]
) -> None:
    """One statement for all who can be reached; `whom` narrows the participants."""
    batch = f"{notice.message}:{at}"
    fixed = outbox_values(("", ""), notice.message, arguments_text(notice), at, batch)
    del fixed["channel"], fixed["chat"]
    values = (literal(value, OUTBOX.c[name].type) for name, value in fixed.items())
    chats = (
        select(ACCOUNT.c.channel, ACCOUNT.c.chat, *values)
        .join(PARTICIPANT, PARTICIPANT.c.number == ACCOUNT.c.person)
        .where(ACCOUNT.c.is_reachable.is_(True), PARTICIPANT.c.erased_at.is_(None), *whom)
        .order_by(ACCOUNT.c.id)
    )
    connection.execute(insert(OUTBOX).from_select(["channel", "chat", *fixed], chats))
