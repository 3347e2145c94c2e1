"""Amounts by which less is disbursed, few of all that count, are found by an index of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_NAME, _TABLE = "ix_counted_disbursement_given_back", "counted_disbursement"


def upgrade() -> None:
    less = sa.text("net < 0")
    op.create_index(
        _NAME, _TABLE, ["period_id", "investor_id"], postgresql_where=less, sqlite_where=less
    )


def downgrade() -> None:
    op.drop_index(_NAME, _TABLE)
