"""Row-level security: PostgreSQL itself keeps the rows of other units from a transaction.

A transaction tells whose rows it is for in `app.units`: ids with commas between, or `all`. The
owner of the tables is not bound, so that migrations, backups and restores see everything.
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# Asked once for a statement and not for each row; written as “not 0” because the planner takes
# nearly all rows to pass that, so that the reports of the district keep the plans they had.
ALL = "(SELECT (current_setting('app.units', true) = 'all')::int) <> 0"
UNITS = (
    "ANY ((SELECT string_to_array(NULLIF(current_setting('app.units', true), 'all'), ','))"
    "::bigint[])"
)
OWNED = (
    "allocation",
    "allocation_line",
    "audit_entry",
    "disbursement",
    "expected_change",
    "expected_report",
    "explanation",
    "former_name",
    "import_file",
    "import_map",
    "import_run",
    "obstacle",
    "progress_entry",
    "project",
    "remark",
    "reminder",
    "reopening",
    "sending",
    "sent_disbursement",
    "sent_entry",
    "submission",
    "submission_event",
    "treasury_line",
    "version_part",
)
# rows between two units
BETWEEN = {
    "capital_transfer": "to_investor_id",
    "project_succession": "to_investor_id",
    "succession": "successor_id",
}
# rows of the district that speak of units: the wall of the table named stands inside
CONCERNS = {
    "org_event": (
        "id IN (SELECT event_id FROM former_name) OR id IN (SELECT event_id FROM succession) "
        "OR id IN (SELECT event_id FROM capital_transfer)"
    ),
    "decision": (
        "id IN (SELECT decision_id FROM allocation_line) "
        "OR id IN (SELECT decision_id FROM org_event)"
    ),
    "treasury_statement": "id IN (SELECT statement_id FROM treasury_line)",
}


def _conditions() -> dict[str, str]:
    found = {"investor": f"id = {UNITS}"}
    found |= {table: f"investor_id = {UNITS}" for table in OWNED}
    found |= {
        table: f"investor_id = {UNITS} OR {other} = {UNITS}" for table, other in BETWEEN.items()
    }
    return found | CONCERNS


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, condition in _conditions().items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY units ON {table} USING ({ALL} OR {condition})")


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in _conditions():
        op.execute(f"DROP POLICY units ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
