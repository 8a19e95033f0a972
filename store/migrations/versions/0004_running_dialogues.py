"""Dialogues that run are found by their age, however many have ended.

Revision: 0004
"""

import sqlalchemy as sa
from alembic import op


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

IS_RUNNING = sa.text("name != ''")


def upgrade() -> None:
    op.create_index(
        "ix_dialogue_running",
        "dialogue",
        ["at"],
        sqlite_where=IS_RUNNING,
        postgresql_where=IS_RUNNING,
    )


def downgrade() -> None:
    op.drop_index("ix_dialogue_running", "dialogue")
