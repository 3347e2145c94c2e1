"""What was sent is kept whole, and consent holds for the figures it was given for

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-26

Reports that were returned or reopened before keep counting as they did: nothing is kept of them,
and what their own rows hold counts by their state. Explanations given before have no figures
written beside them; they hold until the report is changed again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEPT = ("sent_entry", "sent_disbursement")
# plain ADD COLUMN: a table rebuilt on SQLite would lose its triggers
ADDED = (("explanation", "figures VARCHAR(64)"), ("remark", "resolved_for VARCHAR(64)"))
TRIGGERS = {
    "sqlite": tuple(
        f"CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'what was sent is never changed'); END"
        for table in KEPT
        for act in ("update", "delete")
    ),
    "postgresql": (
        "CREATE FUNCTION sent_report_immutable() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'what was sent is never changed'; END $$",
        *(
            f"CREATE TRIGGER {table}_immutable BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION sent_report_immutable()"
            for table in KEPT
        ),
    ),
}
OUTCOMES = ("waiting", "accepted", "returned")
WAYS = ("paper", "chat", "mail", "other")


def _choice(*values, name):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def _owned(table):
    """Key, version and owner of a table that belongs to an investor."""
    return (
        sa.Column("investor_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["investor_id"], ["investor.id"], name=op.f(f"fk_{table}_investor_id")
        ),
        sa.PrimaryKeyConstraint("investor_id", "id", name=op.f(f"pk_{table}")),
    )


def _belongs(table, parent, column):
    return sa.ForeignKeyConstraint(
        ["investor_id", column],
        [f"{parent}.investor_id", f"{parent}.id"],
        name=op.f(f"fk_{table}_investor_id_{column}"),
    )


def upgrade():
    op.create_table(
        "sending",
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "period_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.String(length=200), nullable=False),
        sa.Column("outcome", _choice(*OUTCOMES, name="outcome_known"), nullable=False),
        sa.Column("outcome_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome_by", sa.String(length=200), nullable=False),
        sa.Column("stands_submitted", sa.Boolean(), nullable=False),
        sa.Column("stands_accepted", sa.Boolean(), nullable=False),
        sa.Column("nil_report", sa.Boolean(), nullable=False),
        sa.Column("stated_total", sa.BigInteger(), nullable=True),
        sa.Column("return_reason", sa.Text(), nullable=True),
        sa.Column("received_via", _choice(*WAYS, name="received_known"), nullable=True),
        sa.Column("received_note", sa.Text(), nullable=True),
        sa.Column("received_by", sa.String(length=200), nullable=True),
        sa.Column("narrative_results", sa.Text(), nullable=True),
        sa.Column("narrative_obstacles", sa.Text(), nullable=True),
        sa.Column("narrative_tasks", sa.Text(), nullable=True),
        sa.Column("narrative_proposals", sa.Text(), nullable=True),
        sa.Column("explanations", sa.JSON(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_sending_number_positive")),
        sa.CheckConstraint(
            "outcome <> 'returned' OR (NOT stands_submitted AND NOT stands_accepted)",
            name=op.f("ck_sending_returned_does_not_stand"),
        ),
        sa.CheckConstraint(
            "outcome = 'accepted' OR NOT stands_accepted",
            name=op.f("ck_sending_only_accepted_stands_accepted"),
        ),
        _belongs("sending", "submission", "submission_id"),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_sending_period_id")),
        sa.UniqueConstraint(
            "investor_id",
            "submission_id",
            "number",
            name=op.f("uq_sending_investor_id_submission_id_number"),
        ),
        *_owned("sending"),
    )
    op.create_index(op.f("ix_sending_id"), "sending", ["id"])
    op.create_index("ix_sending_period", "sending", ["period_id"])
    op.create_table(
        "sent_entry",
        sa.Column("sending_id", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("physical_progress", sa.Integer(), nullable=True),
        sa.Column("volume_value", sa.BigInteger(), nullable=True),
        sa.Column("progress_text", sa.Text(), nullable=True),
        sa.Column("obstacles", sa.Text(), nullable=True),
        sa.Column("proposals", sa.Text(), nullable=True),
        sa.Column("estimate", sa.BigInteger(), nullable=True),
        sa.Column("treasury_cumulative", sa.BigInteger(), nullable=True),
        _belongs("sent_entry", "sending", "sending_id"),
        _belongs("sent_entry", "project", "project_id"),
        sa.UniqueConstraint(
            "investor_id",
            "sending_id",
            "project_id",
            name=op.f("uq_sent_entry_investor_id_sending_id_project_id"),
        ),
        *_owned("sent_entry"),
    )
    op.create_index(op.f("ix_sent_entry_id"), "sent_entry", ["id"])
    op.create_index("ix_sent_entry_project", "sent_entry", ["investor_id", "project_id"])
    op.create_table(
        "sent_disbursement",
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("allocation_id", sa.BigInteger(), nullable=False),
        sa.Column("advance", sa.BigInteger(), nullable=False),
        sa.Column("completed", sa.BigInteger(), nullable=False),
        sa.Column("recovered", sa.BigInteger(), nullable=False),
        sa.Column("returned", sa.BigInteger(), nullable=False),
        sa.Column("correction", sa.BigInteger(), nullable=False),
        sa.Column("correction_reason", sa.Text(), nullable=True),
        sa.Column("return_document", sa.String(length=200), nullable=True),
        sa.Column("awaits_decision", sa.Boolean(), nullable=False),
        _belongs("sent_disbursement", "sent_entry", "entry_id"),
        _belongs("sent_disbursement", "allocation", "allocation_id"),
        sa.UniqueConstraint(
            "investor_id",
            "entry_id",
            "allocation_id",
            name=op.f("uq_sent_disbursement_investor_id_entry_id_allocation_id"),
        ),
        *_owned("sent_disbursement"),
    )
    op.create_index(op.f("ix_sent_disbursement_id"), "sent_disbursement", ["id"])
    op.create_index(
        "ix_sent_disbursement_allocation", "sent_disbursement", ["investor_id", "allocation_id"]
    )
    for table, column in ADDED:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    for statement in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade():
    for table, column in reversed(ADDED):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column.split()[0]}")
    op.drop_table("sent_disbursement")
    op.drop_table("sent_entry")
    op.drop_table("sending")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION sent_report_immutable")
