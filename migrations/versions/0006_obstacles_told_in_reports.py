"""The report in which an obstacle of the register was told."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # without batch: rebuilding the table would cost more than the column
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(
        f"ALTER TABLE obstacle ADD COLUMN period_id {kind} "
        "CONSTRAINT fk_obstacle_period_id REFERENCES period (id)"
    )
    op.create_index(op.f("ix_obstacle_period_id"), "obstacle", ["period_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_obstacle_period_id"), table_name="obstacle")
    op.execute("ALTER TABLE obstacle DROP COLUMN period_id")  # its constraint goes with it
