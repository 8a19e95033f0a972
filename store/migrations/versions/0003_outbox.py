"""What the outbox's rules need: batches, what may have arrived twice, chats found by their id.

Revision: 0003
"""

import sqlalchemy as sa
from alembic import op


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WAITING = sa.text("state IN ('pending', 'claimed')")
OF_WAITING = {"sqlite_where": WAITING, "postgresql_where": WAITING}
DEAD = sa.text("state = 'dead'")


def upgrade() -> None:
    op.add_column("outbox", sa.Column("batch", sa.String(), nullable=True))
    for name in ("is_bulk", "is_maybe_twice"):
        flag = sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
        op.add_column("outbox", flag)
    op.drop_index("ix_outbox_waiting", table_name="outbox")
    op.create_index(
        "ix_outbox_waiting", "outbox", ["is_bulk", "not_before_ms", "id"], **OF_WAITING
    )
    op.create_index("ix_outbox_waiting_chat", "outbox", ["channel", "chat"], **OF_WAITING)
    op.create_index(
        "ix_outbox_dead", "outbox", ["id"], sqlite_where=DEAD, postgresql_where=DEAD
    )
    op.create_index("ix_account_chat", "account", ["channel", "chat"])


def downgrade() -> None:
    op.drop_index("ix_account_chat", table_name="account")
    op.drop_index("ix_outbox_dead", table_name="outbox")
    op.drop_index("ix_outbox_waiting_chat", table_name="outbox")
    op.drop_index("ix_outbox_waiting", table_name="outbox")
    for name in ("is_maybe_twice", "is_bulk", "batch"):
        op.drop_column("outbox", name)
    op.create_index("ix_outbox_waiting", "outbox", ["not_before_ms", "id"], **OF_WAITING)
