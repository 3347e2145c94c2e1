"""Imports: the file, what was found and written, and what was said about the form of a sheet."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KINDS = ("monthly", "consolidated", "allocations", "projects", "treasury")
STATES = (
    "reading",
    "ready",
    "questions",
    "errors",
    "refused",
    "applied",
    "undone",
    "broken",
)
MOMENT = sa.DateTime(timezone=True)


def _choice(*values, name):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _id():
    return sa.Column("id", KEY, autoincrement=True, nullable=False)


def _points(table, column, to):
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "import_run",
        _id(),
        sa.Column("kind", _choice(*KINDS, name="kind_known"), nullable=False),
        sa.Column("status", _choice(*STATES, name="status_known"), nullable=False),
        sa.Column("investor_id", sa.BigInteger(), nullable=True),
        sa.Column("period_id", KEY, nullable=True),
        sa.Column("unit_code", sa.String(40), nullable=True),
        sa.Column("file_name", sa.String(255), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("ask", sa.JSON(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("user_name", sa.String(200), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("reading_since", MOMENT, nullable=True),
        sa.Column("worker", sa.String(120), nullable=True),
        sa.Column("looked_at", MOMENT, nullable=True),
        sa.Column("applied_at", MOMENT, nullable=True),
        sa.Column("applied_by", sa.String(200), nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("undone_by", sa.String(200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("result", sa.LargeBinary(), nullable=True),
        sa.Column("writes", sa.LargeBinary(), nullable=True),
        sa.Column("written", sa.LargeBinary(), nullable=True),
        _points("import_run", "investor_id", "investor"),
        _points("import_run", "period_id", "period"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    op.create_index("ix_import_run_investor", "import_run", ["investor_id"])
    op.create_index("ix_import_run_file", "import_run", ["sha256"])
    op.create_index("ix_import_run_period", "import_run", ["period_id"])
    op.create_table(
        "import_file",
        sa.Column("run_id", KEY, nullable=False),
        sa.Column("investor_id", sa.BigInteger(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _points("import_file", "run_id", "import_run"),
        _points("import_file", "investor_id", "investor"),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_import_file")),
    )
    op.create_index("ix_import_file_investor", "import_file", ["investor_id"])
    op.create_table(
        "import_map",
        _id(),
        sa.Column("investor_id", sa.BigInteger(), nullable=True),
        sa.Column("sender", sa.String(40), nullable=False),
        sa.Column("kind", _choice(*KINDS, name="kind_known"), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("file_name", sa.String(255), nullable=False),
        sa.Column("user_name", sa.String(200), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _points("import_map", "investor_id", "investor"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_map")),
    )
    op.create_index("ix_import_map_investor_id", "import_map", ["investor_id"])
    op.create_index("ix_import_map_form", "import_map", ["fingerprint", "kind", "sender"])
    # without batch: rebuilding the table would lose the triggers of the trail
    op.execute("ALTER TABLE audit_entry ADD COLUMN import_run BIGINT")


def downgrade() -> None:
    op.execute("ALTER TABLE audit_entry DROP COLUMN import_run")
    op.drop_table("import_map")
    op.drop_table("import_file")
    op.drop_table("import_run")
