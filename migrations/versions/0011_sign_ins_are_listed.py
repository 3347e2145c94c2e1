"""Sign-ins are listed: seen when, on which device, and sure of the person until when."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.add_column(sa.Column("last_seen_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("device", sa.String(60), server_default="", nullable=False))
        batch_op.add_column(sa.Column("second", sa.String(20), server_default="", nullable=False))
        batch_op.add_column(sa.Column("sure_hash", sa.String(64), nullable=True))
        batch_op.add_column(sa.Column("sure_at", MOMENT, nullable=True))
    # who is signed in stays so; seen when the sign-in began is all that is known
    op.execute("UPDATE sign_in SET last_seen_at = started_at")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.alter_column("last_seen_at", existing_type=MOMENT, nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        for name in ("sure_at", "sure_hash", "second", "device", "last_seen_at"):
            batch_op.drop_column(name)
