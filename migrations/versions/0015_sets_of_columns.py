"""Sets of columns that the office saves by name."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

REPORTS = (
    "consolidated",
    "ranking",
    "late",
    "carry-over",
    "obstacles",
    "allocation-changes",
    "pace",
    "treasury",
)


def upgrade() -> None:
    report = sa.Enum(
        *REPORTS, name="report_known", native_enum=False, create_constraint=True, length=30
    )
    op.create_table(
        "column_set",
        sa.Column("report", report, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_column_set_name_given")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_column_set")),
        sa.UniqueConstraint("report", "name", name=op.f("uq_column_set_report_name")),
    )


def downgrade() -> None:
    op.drop_table("column_set")
