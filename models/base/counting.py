"""The triggers that keep the rollup of what is disbursed: `counted_disbursement`.

One row is what counts of a capital (allocation) in a period: of the report of the unit while it is
sent or accepted, and of the sending kept whole that stands in its place. The database keeps it
itself, in the transaction that changes a figure or the state of a report, by whatever door that
comes. Drafts count nowhere and cost nothing but a look at their state.
"""

_COUNTED = "('submitted', 'accepted')"
_INTO = (
    "INSERT INTO counted_disbursement (investor_id, allocation_id, period_id, counts_submitted, "
    "counts_accepted, net, correction)"
)
_AMOUNTS = "d.advance + d.completed - d.recovered - d.returned + d.correction AS net, d.correction"


def counted_sums(which: str = "") -> str:
    """The raw sums, as SQL of both databases: what the rows of the rollup have to be.

    `which` narrows them: of the report, or the sending, `r` and its amounts `d`.
    """
    which = f" AND {which}" if which else ""
    return (
        # of our own pieces
        "SELECT c.investor_id, c.allocation_id, c.period_id, c.counts_submitted, "  # nosec B608
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


def counting_anew() -> tuple[str, str]:
    """The statements that make the whole rollup anew, in the order in which periods would have
    made it: PostgreSQL then finds the rows of a period side by side.
    """
    return (
        "DELETE FROM counted_disbursement",
        f"{_INTO} {counted_sums()} ORDER BY period_id, investor_id, allocation_id",
    )


def _again(row: str, period: str, allocation: str = "") -> str:
    """Count anew what `row` (OLD or NEW) changes: of its unit, in the period(s), of the capital."""
    gone = f"investor_id = {row}.investor_id AND period_id IN ({period})"
    come = f"r.investor_id = {row}.investor_id AND r.period_id IN ({period})"
    if allocation:
        gone += f" AND allocation_id = {allocation}"
        come += f" AND d.allocation_id = {allocation}"
    delete = f"DELETE FROM counted_disbursement WHERE {gone}"  # nosec B608 # of our own pieces
    return f"{delete}; {_INTO} {counted_sums(come)};"


def _of_report(wanted: str, row: str, *, kept: bool = False) -> str:
    """What `wanted` says of the report `r`, or of the sending, in which an amount stands."""
    entry, report, parent = (
        ("sent_entry", "sending", "sending_id")
        if kept
        else ("progress_entry", "submission", "submission_id")
    )
    return (
        f"{wanted} FROM {entry} e JOIN {report} r ON r.investor_id = e.investor_id "
        f"AND r.id = e.{parent} WHERE e.investor_id = {row}.investor_id AND e.id = {row}.entry_id"
    )


def _report(wanted: str, row: str, *, kept: bool = False) -> str:
    return f"(SELECT {_of_report(wanted, row, kept=kept)})"


def _hold(row: str) -> str:
    """Nobody sends or returns the report until the amount is stored, and who is doing so is waited
    for: else neither would count what the other wrote. Every door of ours holds it anyway.
    """
    return f"PERFORM {_of_report('1', row)} FOR SHARE OF r;"


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
        f"IF TG_OP <> 'DELETE' THEN {_hold('NEW')} "
        f"IF {_is_counted('NEW')} THEN {_amount('NEW')} END IF; END IF; "
        f"IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND {changed}) THEN {_hold('OLD')} "
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


COUNTING = {"sqlite": _sqlite(), "postgresql": _postgresql()}
