"""The owner is part of the key of the trail, 0 for the office: a cluster distributes by it.

Seals stay true: to them an entry of the office has no owner, as it was when they were set.
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

REFUSED = "the audit trail is append-only"
COLUMNS = (
    "at, user_id, user_name, action, resource, row_id, label, investor_id, changes, id, "
    "search_text, import_run"
)
INDEXES = {
    "ix_audit_entry_at": "at",
    "ix_audit_entry_investor": "investor_id, at",
    "ix_audit_entry_row": "resource, row_id",
    "ix_audit_entry_user_id": "user_id",
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rebuild("investor_id, id", "NOT NULL", "coalesce(investor_id, 0)")
    else:
        _unguarded("UPDATE audit_entry SET investor_id = 0 WHERE investor_id IS NULL")
        op.execute(
            "ALTER TABLE audit_entry ALTER investor_id SET NOT NULL, "
            "DROP CONSTRAINT pk_audit_entry, "
            "ADD CONSTRAINT pk_audit_entry PRIMARY KEY (investor_id, id)"
        )
    op.execute("CREATE INDEX ix_audit_entry_id ON audit_entry (id)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rebuild("id", "", "nullif(investor_id, 0)")
        return
    op.execute("DROP INDEX ix_audit_entry_id")
    op.execute(
        "ALTER TABLE audit_entry DROP CONSTRAINT pk_audit_entry, "
        "ADD CONSTRAINT pk_audit_entry PRIMARY KEY (id), ALTER investor_id DROP NOT NULL"
    )
    _unguarded("UPDATE audit_entry SET investor_id = NULL WHERE investor_id = 0")


def _unguarded(statement: str) -> None:
    """What the trail refuses otherwise; no reader sees it without its guard."""
    op.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_append_only")
    op.execute(statement)
    op.execute("ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_append_only")


def _rebuild(key: str, is_null: str, owner: str) -> None:
    """SQLite changes no key in place; indexes and triggers go with the table."""
    op.execute(
        f"""CREATE TABLE audit_entry_new (
            at DATETIME NOT NULL,
            user_id BIGINT,
            user_name VARCHAR(200) NOT NULL,
            action VARCHAR(20) NOT NULL,
            resource VARCHAR(40) NOT NULL,
            row_id VARCHAR(60) NOT NULL,
            label VARCHAR(300) NOT NULL,
            investor_id BIGINT {is_null},
            changes JSON NOT NULL,
            id INTEGER NOT NULL,
            search_text TEXT DEFAULT '' NOT NULL,
            import_run BIGINT,
            CONSTRAINT pk_audit_entry PRIMARY KEY ({key})
        )"""
    )
    told = COLUMNS.replace("investor_id", owner)
    op.execute(f"INSERT INTO audit_entry_new ({COLUMNS}) SELECT {told} FROM audit_entry")
    op.execute("DROP TABLE audit_entry")
    op.execute("ALTER TABLE audit_entry_new RENAME TO audit_entry")
    for name, columns in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON audit_entry ({columns})")
    for act in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER audit_entry_no_{act} BEFORE {act} ON audit_entry "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        )
