"""Why lists of units changed, and which years' days off are confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# what was filled in from the library carries this note; such a year is not filled in again
_SEEDED = """
    INSERT INTO holiday_year (year, seeded_at, version)
    SELECT DISTINCT CAST({year} AS INTEGER), {now}, 1 FROM holiday
     WHERE source_note LIKE 'holidays %'
"""
_YEAR = {"sqlite": "strftime('%Y', day)", "postgresql": "EXTRACT(YEAR FROM day)"}


def upgrade() -> None:
    op.create_table(
        "expected_change",
        sa.Column("period_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("added", sa.Boolean(), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("finding", sa.Text(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("held", sa.JSON(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_name", sa.String(length=200), nullable=False),
        sa.Column("investor_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["investor_id"], ["investor.id"], name=op.f("fk_expected_change_investor_id")
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["period.id"], name=op.f("fk_expected_change_period_id")
        ),
        sa.PrimaryKeyConstraint("investor_id", "id", name=op.f("pk_expected_change")),
    )
    op.create_index(op.f("ix_expected_change_id"), "expected_change", ["id"])
    op.create_index(op.f("ix_expected_change_period_id"), "expected_change", ["period_id"])
    op.create_index("ix_expected_change_unit", "expected_change", ["investor_id", "period_id"])
    op.create_table(
        "holiday_year",
        sa.Column("year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("seeded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.String(length=200), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("year BETWEEN 2000 AND 2100", name=op.f("ck_holiday_year_year_range")),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)",
            name=op.f("ck_holiday_year_confirmed_by_somebody"),
        ),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_holiday_year")),
    )
    name = op.get_bind().dialect.name
    op.execute(_SEEDED.format(year=_YEAR[name], now="CURRENT_TIMESTAMP"))


def downgrade() -> None:
    op.drop_table("holiday_year")
    op.drop_index("ix_expected_change_unit", table_name="expected_change")
    op.drop_index(op.f("ix_expected_change_period_id"), table_name="expected_change")
    op.drop_index(op.f("ix_expected_change_id"), table_name="expected_change")
    op.drop_table("expected_change")
