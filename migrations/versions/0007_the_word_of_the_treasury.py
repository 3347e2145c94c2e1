"""Statements of the Treasury; reports that came as a file."""

import sqlalchemy as sa
from alembic import op

from migrations.checks import alter_check

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MAX_DONG = 10**15
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OLD = "IN ('paper', 'chat', 'mail', 'other')"
NEW = "IN ('paper', 'chat', 'mail', 'file', 'other')"


def _ways(before: str, after: str) -> None:
    """The list of ways in the tables that have one."""
    for table in ("submission", "sending"):
        name = f"ck_{table}_received_known"
        alter_check(table, name, f"received_via {before}", f"received_via {after}")


def upgrade() -> None:
    _ways(OLD, NEW)
    op.create_table(
        "treasury_statement",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("budget_year", sa.SmallInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.CheckConstraint(
            "budget_year BETWEEN 2000 AND 2100",
            name=op.f("ck_treasury_statement_budget_year_range"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_treasury_statement")),
        sa.UniqueConstraint(
            "day", "budget_year", name=op.f("uq_treasury_statement_day_budget_year")
        ),
    )
    op.create_table(
        "treasury_line",
        sa.Column("statement_id", KEY, nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("confirmed", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("investor_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            f"confirmed BETWEEN 0 AND {MAX_DONG}", name=op.f("ck_treasury_line_confirmed_range")
        ),
        sa.ForeignKeyConstraint(
            ["investor_id", "project_id"],
            ["project.investor_id", "project.id"],
            name=op.f("fk_treasury_line_investor_id_project_id"),
        ),
        sa.ForeignKeyConstraint(
            ["investor_id"], ["investor.id"], name=op.f("fk_treasury_line_investor_id")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["treasury_statement.id"],
            name=op.f("fk_treasury_line_statement_id"),
        ),
        sa.PrimaryKeyConstraint("investor_id", "id", name=op.f("pk_treasury_line")),
        sa.UniqueConstraint(
            "investor_id",
            "statement_id",
            "project_id",
            name=op.f("uq_treasury_line_investor_id_statement_id_project_id"),
        ),
    )
    op.create_index(op.f("ix_treasury_line_id"), "treasury_line", ["id"])
    op.create_index("ix_treasury_line_project", "treasury_line", ["investor_id", "project_id"])
    op.create_index(op.f("ix_treasury_line_statement_id"), "treasury_line", ["statement_id"])


def downgrade() -> None:
    op.drop_table("treasury_line")
    op.drop_table("treasury_statement")
    for table in ("submission", "sending"):
        op.execute(f"UPDATE {table} SET received_via = 'other' WHERE received_via = 'file'")
    _ways(NEW, OLD)
