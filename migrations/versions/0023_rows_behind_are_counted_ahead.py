"""With sums made ahead stands how many rows are behind them; projects are found in order of code."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_TABLES = ("unit_sum", "office_sum")
_COUNTS = (
    *("lines_central", "lines_local", "lines_investment", "lines_recurrent", "lines_carried"),
    *("amounts_year", "amounts_carried"),
)


def upgrade() -> None:
    for table in _TABLES:
        with op.batch_alter_table(table) as batch_op:
            for name in _COUNTS:
                batch_op.add_column(
                    sa.Column(name, sa.Integer(), server_default="0", nullable=False)
                )
        with op.batch_alter_table(table) as batch_op:
            for name in _COUNTS:
                batch_op.alter_column(name, server_default=None, existing_type=sa.Integer())
    with op.batch_alter_table("project") as batch_op:
        batch_op.create_index("ix_project_code", ["code"])


def downgrade() -> None:
    with op.batch_alter_table("project") as batch_op:
        batch_op.drop_index("ix_project_code")
    for table in _TABLES:
        with op.batch_alter_table(table) as batch_op:
            for name in _COUNTS:
                batch_op.drop_column(name)
