"""A unit may be split among several that take its place."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

NAME = "ck_org_event_kind_known"
BEFORE = "kind IN ('rename', 'merge', 'close', 'found')"
SINCE = "kind IN ('rename', 'merge', 'split', 'close', 'found')"


def upgrade() -> None:
    _allow(BEFORE, SINCE)


def downgrade() -> None:
    """Refused where a unit was split: no act of before says what was done to it."""
    if op.get_bind().exec_driver_sql("SELECT 1 FROM org_event WHERE kind = 'split'").first():
        raise ValueError("a unit was split; take that back first")
    _allow(SINCE, BEFORE)


def _allow(old: str, new: str) -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.execute(f"ALTER TABLE org_event DROP CONSTRAINT {NAME}")
        op.execute(f"ALTER TABLE org_event ADD CONSTRAINT {NAME} CHECK ({new})")
        return
    # SQLite cannot alter a constraint, and a table that others refer to cannot be made anew in a
    # transaction; this is the way its manual describes, which touches no row
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = connection.exec_driver_sql(
        "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) "
        "WHERE type = 'table' AND name = 'org_event' AND instr(sql, ?) > 0",
        (old, new, old),
    )
    if changed.rowcount != 1:
        raise ValueError(f"org_event has no rule {old}")
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
