"""What counts of a capital in a period is summed in a table that the database keeps by itself."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ALL = "(SELECT (current_setting('app.units', true) = 'all')::int) <> 0"
UNITS = (
    "ANY ((SELECT string_to_array(NULLIF(current_setting('app.units', true), 'all'), ','))"
    "::bigint[])"
)
_COUNTED = "('submitted', 'accepted')"
_INTO = (
    "INSERT INTO counted_disbursement (investor_id, allocation_id, period_id, counts_submitted, "
    "counts_accepted, net, correction)"
)
_AMOUNTS = (
    "d.advance + d.completed - d.recovered - d.returned + d.correction AS net, d.correction"
)


def _sums(which: str = "") -> str:
    """What counts, as SQL of both databases; `which` narrows reports `r` and amounts `d`."""
    which = f" AND {which}" if which else ""
    return (
        "SELECT c.investor_id, c.allocation_id, c.period_id, c.counts_submitted, "
        "c.counts_accepted, SUM(c.net) AS net, SUM(c.correction) AS correction FROM ("
        "SELECT d.investor_id, d.allocation_id, r.period_id, r.status IN "
        f"{_COUNTED} AS counts_submitted, r.status = 'accepted' AS counts_accepted, {_AMOUNTS} "
        "FROM submission r JOIN progress_entry e ON e.investor_id = r.investor_id "
        "AND e.submission_id = r.id JOIN disbursement d ON d.investor_id = e.investor_id "
        f"AND d.entry_id = e.id WHERE r.status IN {_COUNTED}{which} "
        "UNION ALL "
        "SELECT d.investor_id, d.allocation_id, r.period_id, r.stands_submitted, "
        f"r.stands_accepted, {_AMOUNTS} FROM sending r JOIN sent_entry e "
        "ON e.investor_id = r.investor_id AND e.sending_id = r.id JOIN sent_disbursement d "
        "ON d.investor_id = e.investor_id AND d.entry_id = e.id "
        f"WHERE (r.stands_submitted OR r.stands_accepted){which}) c "
        "GROUP BY c.investor_id, c.allocation_id, c.period_id, c.counts_submitted, "
        "c.counts_accepted"
    )


def _again(row: str, period: str, allocation: str = "") -> str:
    """Count anew what `row` (OLD or NEW) changes: of its unit, in the period(s), of the capital."""
    gone = f"investor_id = {row}.investor_id AND period_id IN ({period})"
    come = f"r.investor_id = {row}.investor_id AND r.period_id IN ({period})"
    if allocation:
        gone += f" AND allocation_id = {allocation}"
        come += f" AND d.allocation_id = {allocation}"
    return f"DELETE FROM counted_disbursement WHERE {gone}; {_INTO} {_sums(come)};"


def _report(wanted: str, row: str, *, kept: bool = False) -> str:
    """What `wanted` says of the report `r`, or of the sending, in which an amount stands."""
    entry, report, parent = (
        ("sent_entry", "sending", "sending_id")
        if kept
        else ("progress_entry", "submission", "submission_id")
    )
    return (
        f"(SELECT {wanted} FROM {entry} e JOIN {report} r ON r.investor_id = e.investor_id "
        f"AND r.id = e.{parent} WHERE e.investor_id = {row}.investor_id AND e.id = {row}.entry_id)"
    )


def _amount(row: str, *, kept: bool = False) -> str:
    period = _report("r.period_id", row, kept=kept)
    return _again(row, period, f"{row}.allocation_id")


def _is_counted(row: str) -> str:
    return f"{_report('r.status', row)} IN {_COUNTED}"


_STANDS = _report("r.stands_submitted OR r.stands_accepted", "NEW", kept=True)
_STATE = "OLD.status <> NEW.status OR OLD.period_id <> NEW.period_id"
_STANDING = (
    "OLD.stands_submitted <> NEW.stands_submitted OR OLD.stands_accepted <> NEW.stands_accepted"
)
_OF_REPORT = _again("NEW", "OLD.period_id, NEW.period_id")
_OF_SENDING = _again("NEW", "NEW.period_id")
# table → columns whose change counts, the condition, what is done
_STATES = {
    "submission": ("period_id, status", _STATE, _OF_REPORT),
    "sending": ("stands_accepted, stands_submitted", _STANDING, _OF_SENDING),
}


def _sqlite() -> dict[str, str]:
    found = {
        f"{table}_counted": (
            f"CREATE TRIGGER {table}_counted AFTER UPDATE OF {columns} ON {table} "
            f"WHEN {condition} BEGIN {body} END"
        )
        for table, (columns, condition, body) in _STATES.items()
    }
    changed = "OLD.entry_id <> NEW.entry_id OR OLD.allocation_id <> NEW.allocation_id"
    for act, verb, row, when in (
        ("insert", "INSERT", "NEW", ""),
        ("update", "UPDATE", "NEW", ""),
        ("move", "UPDATE", "OLD", f"({changed}) AND "),
        ("delete", "DELETE", "OLD", ""),
    ):
        name = f"disbursement_counted_{act}"
        found[name] = (
            f"CREATE TRIGGER {name} AFTER {verb} ON disbursement "
            f"WHEN {when}{_is_counted(row)} BEGIN {_amount(row)} END"
        )
    found["sent_disbursement_counted"] = (
        "CREATE TRIGGER sent_disbursement_counted AFTER INSERT ON sent_disbursement "
        f"WHEN {_STANDS} BEGIN {_amount('NEW', kept=True)} END"
    )
    return found


def _postgresql() -> dict[str, str]:
    bodies = {
        f"{table}_counted": (
            f"UPDATE OF {columns}",
            table,
            f"IF {condition} THEN {body} END IF; RETURN NULL;",
        )
        for table, (columns, condition, body) in _STATES.items()
    }
    changed = "(OLD.entry_id <> NEW.entry_id OR OLD.allocation_id <> NEW.allocation_id)"
    bodies["disbursement_counted"] = (
        "INSERT OR DELETE OR UPDATE",
        "disbursement",
        f"IF TG_OP <> 'DELETE' THEN IF {_is_counted('NEW')} THEN {_amount('NEW')} END IF; END IF; "
        f"IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND {changed}) THEN "
        f"IF {_is_counted('OLD')} THEN {_amount('OLD')} END IF; END IF; RETURN NULL;",
    )
    bodies["sent_disbursement_counted"] = (
        "INSERT",
        "sent_disbursement",
        f"IF {_STANDS} THEN {_amount('NEW', kept=True)} END IF; RETURN NULL;",
    )
    functions = {
        f"{name}()": (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {body} END $$"
        )
        for name, (_acts, _table, body) in bodies.items()
    }
    triggers = {
        name: (
            f"CREATE TRIGGER {name} AFTER {acts} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
        for name, (acts, table, _body) in bodies.items()
    }
    return functions | triggers


def upgrade() -> None:
    op.create_table(
        "counted_disbursement",
        sa.Column("investor_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("allocation_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("period_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("counts_submitted", sa.Boolean(), nullable=False),
        sa.Column("counts_accepted", sa.Boolean(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("correction", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["investor_id", "allocation_id"],
            ["allocation.investor_id", "allocation.id"],
            name=op.f("fk_counted_disbursement_investor_id_allocation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "investor_id",
            "allocation_id",
            "period_id",
            "counts_submitted",
            "counts_accepted",
            name=op.f("pk_counted_disbursement"),
        ),
    )
    op.execute(f"{_INTO} {_sums()}")
    op.create_index(
        "ix_counted_disbursement_period", "counted_disbursement", ["period_id", "investor_id"]
    )
    if op.get_bind().dialect.name == "sqlite":
        made = _sqlite()
    else:
        made = _postgresql()
        op.execute("ALTER TABLE counted_disbursement ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY units ON counted_disbursement USING ({ALL} OR investor_id = {UNITS})"
        )
    for statement in made.values():
        op.execute(statement)


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for name, statement in reversed((_sqlite() if is_sqlite else _postgresql()).items()):
        if name.endswith("()"):
            op.execute(f"DROP FUNCTION {name}")
        else:
            table = statement.split(" ON ", 1)[1].split()[0]
            op.execute(f"DROP TRIGGER {name}" + ("" if is_sqlite else f" ON {table}"))
    op.drop_table("counted_disbursement")
