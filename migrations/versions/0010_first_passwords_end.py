"""First passwords are good for some days; those given out before, for a week from now."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("user_account") as batch_op:
        batch_op.add_column(
            sa.Column("password_expires_at", sa.DateTime(timezone=True), nullable=True)
        )
    users = sa.table(
        "user_account",
        sa.column("password_expires_at", sa.DateTime(timezone=True)),
        sa.column("must_change_password", sa.Boolean),
        sa.column("password_hash", sa.Text),
    )
    op.execute(
        users.update()
        .where(users.c.must_change_password, users.c.password_hash.is_not(None))
        .values(password_expires_at=datetime.now(UTC) + timedelta(days=7))
    )


def downgrade() -> None:
    with op.batch_alter_table("user_account") as batch_op:
        batch_op.drop_column("password_expires_at")
