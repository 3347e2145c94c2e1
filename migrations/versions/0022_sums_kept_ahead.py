"""Figures of units and of the office may be added up ahead, for offices of many thousand units."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ALL = "(SELECT (current_setting('app.units', true) = 'all')::int) <> 0"
UNITS = (
    "ANY ((SELECT string_to_array(NULLIF(current_setting('app.units', true), 'all'), ','))"
    "::bigint[])"
)
_SUMS = (
    *("plan_central", "plan_local", "plan_investment", "plan_recurrent", "plan_carried"),
    *("disbursed_month", "disbursed_year", "disbursed_carried", "corrected"),
    *("projects", "told", "estimates"),
)


def _column(name: str) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def _basis() -> sa.Column:
    return sa.Column("basis", sa.String(length=10), nullable=False)


def _period(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["period_id"], ["period.id"], name=op.f(f"fk_{table}_period_id"), ondelete="CASCADE"
    )


def upgrade() -> None:
    op.create_table(
        "unit_sum",
        _column("period_id"),
        _basis(),
        _column("investor_id"),
        _column("component_id"),
        *map(_column, _SUMS),
        _period("unit_sum"),
        sa.PrimaryKeyConstraint(
            "period_id", "basis", "investor_id", "component_id", name=op.f("pk_unit_sum")
        ),
    )
    op.create_table(
        "office_sum",
        _column("period_id"),
        _basis(),
        _column("component_id"),
        *map(_column, _SUMS),
        _column("sealed"),
        _period("office_sum"),
        sa.PrimaryKeyConstraint(
            "period_id", "basis", "component_id", name=op.f("pk_office_sum")
        ),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE unit_sum ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY units ON unit_sum USING ({ALL} OR investor_id = {UNITS})")
        # of nobody who sees some units alone; without a SELECT, which a cluster takes in no policy
        op.execute("ALTER TABLE office_sum ENABLE ROW LEVEL SECURITY")
        op.execute(
            "CREATE POLICY units ON office_sum "
            "USING (current_setting('app.units', true) = 'all')"
        )


def downgrade() -> None:
    op.drop_table("office_sum")
    op.drop_table("unit_sum")
