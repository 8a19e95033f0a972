"""What those who run the contest need: roles, units as data, tallies, broadcasts, file links.

Revision: 0005
"""

import sqlalchemy as sa
from alembic import op


revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "tally",
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("planned_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("figures", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("job", "planned_at", name=op.f("pk_tally")),
    )
    op.create_table(
        "unit_hour",
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("hour", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("registered", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "hour", name=op.f("pk_unit_hour")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "account_person",
        sa.Column("account", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"], ["account.id"], name=op.f("fk_account_person_account")
        ),
        sa.ForeignKeyConstraint(
            ["person"], ["participant.number"], name=op.f("fk_account_person_person")
        ),
        sa.PrimaryKeyConstraint("account", "person", name=op.f("pk_account_person")),
    )
    op.create_index(op.f("ix_account_person_person"), "account_person", ["person"], unique=False)
    op.create_table(
        "audit",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_audit_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "broadcast",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("filled_to", sa.BigInteger(), nullable=False),
        sa.Column("is_filled", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_broadcast_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "exclusion",
        sa.Column("phone_index", sa.LargeBinary(), nullable=False),
        sa.Column("phone_box", sa.LargeBinary(), nullable=False),
        sa.Column("name_box", sa.LargeBinary(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_exclusion_account")),
        sa.PrimaryKeyConstraint("phone_index", name=op.f("pk_exclusion")),
    )
    op.create_table(
        "file_link",
        sa.Column("token_index", sa.LargeBinary(), nullable=False),
        sa.Column("code_index", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("arguments", sa.String(), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("opened_ms", sa.BigInteger(), nullable=True),
        sa.Column("used_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_file_link_account")),
        sa.PrimaryKeyConstraint("token_index", name=op.f("pk_file_link")),
    )
    op.create_table(
        "invitation",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("token_index", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=True),
        sa.Column("name_box", sa.LargeBinary(), nullable=True),
        sa.Column("phone_box", sa.LargeBinary(), nullable=True),
        sa.Column("is_phone_verified", sa.Boolean(), nullable=True),
        sa.Column("claimed_at", sa.BigInteger(), nullable=True),
        sa.Column("settled_by", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_invitation_account")),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_invitation_made_by")),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["account.id"], name=op.f("fk_invitation_settled_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_index", name=op.f("uq_invitation_token_index")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_invitation_made_by", "invitation", ["made_by"], unique=False)
    op.create_table(
        "proposal",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("content_box", sa.LargeBinary(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("settled_by", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_proposal_made_by")),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["account.id"], name=op.f("fk_proposal_settled_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "role",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("name_box", sa.LargeBinary(), nullable=False),
        sa.Column("phone_box", sa.LargeBinary(), nullable=False),
        sa.Column("phone_index", sa.LargeBinary(), nullable=False),
        sa.Column("is_phone_verified", sa.Boolean(), nullable=False),
        sa.Column("granted_by", sa.BigInteger(), nullable=True),
        sa.Column("granted_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_by", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_role_account")),
        sa.ForeignKeyConstraint(["granted_by"], ["account.id"], name=op.f("fk_role_granted_by")),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["account.id"], name=op.f("fk_role_withdrawn_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_role_account", "role", ["account"], unique=False)
    op.create_index("ix_role_phone_index", "role", ["phone_index"], unique=False)
    op.create_index(
        "uq_role_standing",
        "role",
        ["account", "role", "unit"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "unit_chat",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("chat", sa.String(), nullable=False),
        sa.Column("thread", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title_box", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("can_send", sa.Boolean(), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_unit_chat_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_chat")),
        sa.UniqueConstraint("channel", "chat", "unit", name=op.f("uq_unit_chat_channel_chat_unit")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_unit_chat_unit", "unit_chat", ["unit"], unique=False)
    op.create_index(
        "uq_unit_chat_linked",
        "unit_chat",
        ["channel", "chat"],
        unique=True,
        sqlite_where=sa.text("state = 'linked'"),
        postgresql_where=sa.text("state = 'linked'"),
    )
    op.create_table(
        "unit_list",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("list_box", sa.LargeBinary(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_unit_list_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_list")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "upload",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("content_box", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.Column("is_checked", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_upload_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "void",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("doc", sa.String(), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("restored_by", sa.BigInteger(), nullable=True),
        sa.Column("restored_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_void_account")),
        sa.ForeignKeyConstraint(["person"], ["participant.number"], name=op.f("fk_void_person")),
        sa.ForeignKeyConstraint(["restored_by"], ["account.id"], name=op.f("fk_void_restored_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_void")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_void_in_force",
        "void",
        ["person", "attempt"],
        unique=True,
        sqlite_where=sa.text("restored_at IS NULL"),
        postgresql_where=sa.text("restored_at IS NULL"),
    )
    op.add_column(
        "account", sa.Column("is_reminded", sa.Boolean(), server_default=sa.true(), nullable=False)
    )
    op.add_column("account", sa.Column("reminded_at", sa.BigInteger(), nullable=True))
    op.add_column("outbox", sa.Column("thread", sa.BigInteger(), nullable=True))
    op.create_index("ix_outbox_batch", "outbox", ["batch", "state"], unique=False)
    op.add_column(
        "participant", sa.Column("relation", sa.String(), server_default="own", nullable=False)
    )
    op.add_column("participant", sa.Column("age_band", sa.Integer(), nullable=True))
    op.add_column("participant", sa.Column("name_index", sa.LargeBinary(), nullable=True))
    op.add_column("participant", sa.Column("erased_at", sa.BigInteger(), nullable=True))
    op.add_column("participant", sa.Column("moved_from", sa.String(), nullable=True))
    op.create_index(op.f("ix_participant_name_index"), "participant", ["name_index"], unique=False)
    op.add_column("rules_version", sa.Column("draw_rules", sa.String(), nullable=True))
    op.add_column("rules_version", sa.Column("notice", sa.String(), nullable=True))
    op.execute(
        "INSERT INTO account_person (account, person, relation, at) "
        "SELECT id, person, 'own', created_at FROM account WHERE person IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_column("rules_version", "notice")
    op.drop_column("rules_version", "draw_rules")
    op.drop_index(op.f("ix_participant_name_index"), table_name="participant")
    op.drop_column("participant", "moved_from")
    op.drop_column("participant", "erased_at")
    op.drop_column("participant", "name_index")
    op.drop_column("participant", "age_band")
    op.drop_column("participant", "relation")
    op.drop_index("ix_outbox_batch", table_name="outbox")
    op.drop_column("outbox", "thread")
    op.drop_column("account", "reminded_at")
    op.drop_column("account", "is_reminded")
    op.drop_index(
        "uq_void_in_force",
        table_name="void",
        sqlite_where=sa.text("restored_at IS NULL"),
        postgresql_where=sa.text("restored_at IS NULL"),
    )
    op.drop_table("void")
    op.drop_table("upload")
    op.drop_table("unit_list")
    op.drop_index(
        "uq_unit_chat_linked",
        table_name="unit_chat",
        sqlite_where=sa.text("state = 'linked'"),
        postgresql_where=sa.text("state = 'linked'"),
    )
    op.drop_index("ix_unit_chat_unit", table_name="unit_chat")
    op.drop_table("unit_chat")
    op.drop_index("ix_role_phone_index", table_name="role")
    op.drop_index("ix_role_account", table_name="role")
    op.drop_index(
        "uq_role_standing",
        table_name="role",
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.drop_table("role")
    op.drop_table("proposal")
    op.drop_index("ix_invitation_made_by", table_name="invitation")
    op.drop_table("invitation")
    op.drop_table("file_link")
    op.drop_table("exclusion")
    op.drop_table("broadcast")
    op.drop_table("audit")
    op.drop_index(op.f("ix_account_person_person"), table_name="account_person")
    op.drop_table("account_person")
    op.drop_table("unit_hour")
    op.drop_table("tally")
