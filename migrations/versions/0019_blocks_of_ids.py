"""Ids of owned rows come in blocks that the database hands out."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

EPOCH_MS = 1_577_836_800_000  # 2020-01-01
A_DAY = 86_400_000  # the clocks of those who made ids until now may differ


def upgrade() -> None:
    """An id was the millisecond of its making and a number below 4,096: blocks go on from there,
    by even numbers. On SQLite a file beside the database keeps the count.
    """
    if op.get_bind().dialect.name != "postgresql":
        return
    now = "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
    first = (op.get_bind().scalar(sa.text(now)) - EPOCH_MS + A_DAY) // 2 * 2
    op.execute(f"CREATE SEQUENCE id_block INCREMENT BY 2 START WITH {first}")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP SEQUENCE id_block")
