"""Word templates of several kinds of paper; those of before are for the reminder."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KINDS = ("reminder", "slow", "narrative", "unit_report")


def upgrade() -> None:
    kind = sa.Enum(
        *KINDS, name="kind_known", native_enum=False, create_constraint=True, length=30
    )
    with op.batch_alter_table("letter_template") as batch_op:
        batch_op.add_column(sa.Column("kind", kind, server_default="reminder", nullable=False))
    with op.batch_alter_table("letter_template") as batch_op:
        batch_op.alter_column("kind", server_default=None, existing_type=kind)


def downgrade() -> None:
    op.execute("DELETE FROM letter_template WHERE kind <> 'reminder'")
    with op.batch_alter_table("letter_template") as batch_op:  # SQLite takes no check away by itself
        batch_op.drop_constraint(op.f("ck_letter_template_kind_known"), type_="check")
        batch_op.drop_column("kind")
