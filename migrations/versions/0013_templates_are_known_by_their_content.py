"""Word templates are known by their content: a checksum says whether a stored one was altered."""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("letter_template") as batch_op:
        batch_op.add_column(sa.Column("sha256", sa.String(64), nullable=True))
    table = sa.table("letter_template", sa.column("id"), sa.column("content"), sa.column("sha256"))
    stored = op.get_bind()
    for row_id, content in stored.execute(sa.select(table.c.id, table.c.content)).all():
        digest = hashlib.sha256(content).hexdigest()
        stored.execute(table.update().where(table.c.id == row_id).values(sha256=digest))
    with op.batch_alter_table("letter_template") as batch_op:
        batch_op.alter_column("sha256", existing_type=sa.String(64), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("letter_template") as batch_op:
        batch_op.drop_column("sha256")
