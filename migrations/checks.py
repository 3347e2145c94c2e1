"""Another list of values in the CHECK of a table that others refer to."""

from alembic import op


def alter_check(table: str, name: str, before: str, after: str) -> None:
    """Let the constraint `name` of a table say `after` where it said `before`.

    SQLite would rebuild the table for it, with all that refers to it; a check says nothing of how
    rows are stored, so its text is changed, the way that the manual of SQLite describes. Raises
    RuntimeError where the check is not as it was made.
    """
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({after})")
        return
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) "
        "WHERE type = 'table' AND name = ? AND instr(sql, ?) > 0",
        (before, after, table, before),
    )
    if changed.rowcount != 1:
        raise RuntimeError(f"the check {name} is not as it was made")
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
