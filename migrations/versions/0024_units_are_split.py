"""A unit may be split among several that take its place."""

from alembic import op

from migrations.checks import alter_check

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TABLE, CHECK = "org_event", "ck_org_event_kind_known"
BEFORE = "kind IN ('rename', 'merge', 'close', 'found')"
SINCE = "kind IN ('rename', 'merge', 'split', 'close', 'found')"


def upgrade() -> None:
    alter_check(TABLE, CHECK, BEFORE, SINCE)


def downgrade() -> None:
    """Refused where a unit was split: no act of before says what was done to it."""
    if op.get_bind().exec_driver_sql("SELECT 1 FROM org_event WHERE kind = 'split'").first():
        raise RuntimeError("a unit was split; take that back first")
    alter_check(TABLE, CHECK, SINCE, BEFORE)
