"""Attempts to sign in are counted by keyed digests: a typed name may be a password.

Those of before go, and from the trail what was typed as a name and is none: it stood there for
everybody who reads it. That a sign-in was refused, when and from where, stays.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NO_NAME = (
    "action = 'refused' AND resource = 'sign_in' AND user_id IS NULL AND label <> '' "
    "AND NOT EXISTS (SELECT 1 FROM user_account u WHERE u.username = audit_entry.label)"
)
SQLITE_TRIGGER = (
    "CREATE TRIGGER audit_entry_no_update BEFORE update ON audit_entry "
    "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
)


def upgrade() -> None:
    _forget_what_was_typed()
    op.drop_table("login_attempt")
    op.create_table(
        "login_attempt",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_login_attempt")),
    )
    with op.batch_alter_table("login_attempt") as batch_op:
        batch_op.create_index(batch_op.f("ix_login_attempt_last_at"), ["last_at"], unique=False)


def _forget_what_was_typed() -> None:
    """The one change that the trail ever saw; its guard stands again right after."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if is_sqlite:
        op.execute("DROP TRIGGER audit_entry_no_update")
    else:
        op.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_append_only")
    op.execute(
        "UPDATE audit_entry SET label = '', user_name = '–', search_text = '–' "
        f"WHERE {NO_NAME}"
    )
    if is_sqlite:
        op.execute(SQLITE_TRIGGER)
    else:
        op.execute("ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_append_only")


def downgrade() -> None:
    op.drop_table("login_attempt")
    op.create_table(
        "login_attempt",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_attempt")),
    )
    with op.batch_alter_table("login_attempt") as batch_op:
        for column in ("at", "username", "address"):
            batch_op.create_index(batch_op.f(f"ix_login_attempt_{column}"), [column], unique=False)
