"""The tables at the beginning.

Revision: 0001 (the first)
"""

import sqlalchemy as sa
from alembic import op


revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("ended_at IS NULL")
WAITING = sa.text("state IN ('pending', 'claimed')")


def upgrade() -> None:
    op.create_table(
        "bank_version",
        sa.Column("root", sa.String(), nullable=False),
        sa.Column("bank_box", sa.LargeBinary(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("root", name=op.f("pk_bank_version")),
    )
    op.create_table(
        "clock_anchor",
        sa.Column("lock", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("contest_ms", sa.BigInteger(), nullable=False),
        sa.Column("machine_ms", sa.BigInteger(), nullable=False),
        sa.Column("rate", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("lock", name=op.f("pk_clock_anchor")),
    )
    op.create_table(
        "contest",
        sa.Column("lock", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key_check", sa.LargeBinary(), nullable=False),
        sa.Column("seed_box", sa.LargeBinary(), nullable=False),
        sa.Column("bank_salt_box", sa.LargeBinary(), nullable=False),
        sa.Column("leaf_salt_box", sa.LargeBinary(), nullable=False),
        sa.Column("signing_key_box", sa.LargeBinary(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("lock", name=op.f("pk_contest")),
    )
    op.create_table(
        "counter",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
    )
    op.create_table(
        "dead_letter",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "event", name=op.f("pk_dead_letter")),
    )
    op.create_table(
        "decision",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("ruling", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "event",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kept_since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "id", name=op.f("pk_event")),
    )
    op.create_index(op.f("ix_event_kept_since"), "event", ["kept_since"], unique=False)

    op.create_table(
        "job_run",
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("planned_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("job", "planned_at", name=op.f("pk_job_run")),
    )
    op.create_table(
        "ledger_queue",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("fields_text", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_queue")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "outbox",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("chat", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("arguments", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("not_before_ms", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["not_before_ms", "id"],
        unique=False,
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )

    op.create_table(
        "participant",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name_box", sa.LargeBinary(), nullable=False),
        sa.Column("born_box", sa.LargeBinary(), nullable=False),
        sa.Column("phone_box", sa.LargeBinary(), nullable=False),
        sa.Column("guardian_box", sa.LargeBinary(), nullable=True),
        sa.Column("salt_box", sa.LargeBinary(), nullable=False),
        sa.Column("phone_index", sa.LargeBinary(), nullable=False),
        sa.Column("identity_index", sa.LargeBinary(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=True),
        sa.Column("is_phone_verified", sa.Boolean(), nullable=False),
        sa.Column("registered_at", sa.BigInteger(), nullable=False),
        sa.Column("registered_by", sa.BigInteger(), nullable=False),
        sa.Column("is_flagged", sa.Boolean(), nullable=False),
        sa.Column("is_publishing_name", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_participant")),
        sa.UniqueConstraint("identity_index", name=op.f("uq_participant_identity_index")),
    )
    op.create_index(
        op.f("ix_participant_phone_index"), "participant", ["phone_index"], unique=False
    )

    op.create_table(
        "rules_version",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("json_text", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_rules_version")),
    )
    op.create_table(
        "transition",
        sa.Column("attempt", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("view", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("act", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("choice", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("attempt", "view", name=op.f("pk_transition")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "account",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("chat", sa.String(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=True),
        sa.Column("is_reachable", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["participant.number"], name=op.f("fk_account_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("channel", "external_id", name=op.f("uq_account_channel_external_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_account_person"), "account", ["person"], unique=False)

    op.create_table(
        "attempt",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=False),
        sa.Column("paper", sa.String(), nullable=False),
        sa.Column("bank", sa.String(), nullable=False),
        sa.Column("rules", sa.String(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("wait_ms", sa.BigInteger(), nullable=False),
        sa.Column("extra_ms", sa.BigInteger(), nullable=False),
        sa.Column("guess_salt", sa.LargeBinary(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("end", sa.Integer(), nullable=True),
        sa.Column("correct", sa.Integer(), nullable=True),
        sa.Column("answered", sa.Integer(), nullable=True),
        sa.Column("guess", sa.Integer(), nullable=True),
        sa.Column("duration_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_attempt_account")),
        sa.ForeignKeyConstraint(["person"], ["participant.number"], name=op.f("fk_attempt_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("person", "number", name=op.f("uq_attempt_person_number")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_attempt_open_due",
        "attempt",
        ["due"],
        unique=False,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index(
        "uq_attempt_open_account",
        "attempt",
        ["account"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index(
        "uq_attempt_open_person",
        "attempt",
        ["person"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )

    op.create_table(
        "consent",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("text_version", sa.String(), nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_consent_account")),
        sa.ForeignKeyConstraint(["person"], ["participant.number"], name=op.f("fk_consent_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_consent_person"), "consent", ["person"], unique=False)

    op.create_table(
        "dialogue",
        sa.Column("account", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("draft_box", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_dialogue_account")),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_dialogue")),
    )


def downgrade() -> None:
    op.drop_table("dialogue")
    op.drop_table("consent")
    op.drop_table("attempt")
    op.drop_table("account")
    op.drop_table("transition")
    op.drop_table("rules_version")
    op.drop_table("participant")
    op.drop_table("outbox")
    op.drop_table("ledger_queue")
    op.drop_table("job_run")
    op.drop_table("event")
    op.drop_table("decision")
    op.drop_table("dead_letter")
    op.drop_table("counter")
    op.drop_table("contest")
    op.drop_table("clock_anchor")
    op.drop_table("bank_version")
