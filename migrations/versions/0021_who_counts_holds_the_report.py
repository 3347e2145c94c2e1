"""Whoever stores an amount holds its report while it is counted, on PostgreSQL.

Two who changed the amount and the state of a report at the same moment did not see each other's
row: the amount was then in no sum, or in a sum and in no report that counts. SQLite has one writer
at a time.
"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

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


def _report(wanted: str, row: str) -> str:
    """What `wanted` says of the report `r` in which an amount stands."""
    return (
        f"{wanted} FROM progress_entry e JOIN submission r ON r.investor_id = e.investor_id "
        "AND r.id = e.submission_id "
        f"WHERE e.investor_id = {row}.investor_id AND e.id = {row}.entry_id"
    )


def _amount(row: str) -> str:
    return _again(row, f"(SELECT {_report('r.period_id', row)})", f"{row}.allocation_id")


def _is_counted(row: str) -> str:
    return f"(SELECT {_report('r.status', row)}) IN {_COUNTED}"


def _function(*, holds: bool) -> str:
    changed = "(OLD.entry_id <> NEW.entry_id OR OLD.allocation_id <> NEW.allocation_id)"

    def hold(row: str) -> str:
        return f"PERFORM {_report('1', row)} FOR SHARE OF r; " if holds else ""

    body = (
        f"IF TG_OP <> 'DELETE' THEN {hold('NEW')}"
        f"IF {_is_counted('NEW')} THEN {_amount('NEW')} END IF; END IF; "
        f"IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND {changed}) THEN {hold('OLD')}"
        f"IF {_is_counted('OLD')} THEN {_amount('OLD')} END IF; END IF; RETURN NULL;"
    )
    return (
        "CREATE OR REPLACE FUNCTION disbursement_counted() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {body} END $$"
    )


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_function(holds=True))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_function(holds=False))
