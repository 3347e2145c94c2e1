"""The triggers that both databases hold, each by its name: what no door may do, not even SQL.

Migrations make them and are frozen; this is what has to stand in the end. `make check` compares
it with a migrated database, because SQLite drops the triggers of a table that is rebuilt. Write
those of PostgreSQL as it prints them itself (DELETE before UPDATE), for they are compared as text.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, text

from models.base.counting import COUNTING

_ANOTHER_YEAR = "capital of another budget year"
FROZEN_TABLES = ("report_version", "version_part", "version_paper")
TRAIL_TABLES = ("audit_entry", "audit_seal")
SENT_TABLES = ("sent_entry", "sent_disbursement")
# tables, why they take new rows only; of PostgreSQL the name of their triggers, and the function
_NEVER_CHANGED = (
    (TRAIL_TABLES, "the audit trail is append-only", "append_only", "audit_entry_append_only"),
    (FROZEN_TABLES, "a frozen report is immutable", "immutable", "frozen_report_immutable"),
    (SENT_TABLES, "what was sent is never changed", "immutable", "sent_report_immutable"),
)

# In January two budget years are open side by side: no đồng may land in the wrong one, by
# whatever door it comes (domain §2.4).
_OTHER_YEAR = (
    "(SELECT p.budget_year FROM progress_entry e JOIN submission s ON "
    "s.investor_id = e.investor_id AND s.id = e.submission_id JOIN period p ON p.id = s.period_id "
    "WHERE e.investor_id = NEW.investor_id AND e.id = NEW.entry_id) <> "
    "(SELECT a.budget_year FROM allocation a "
    "WHERE a.investor_id = NEW.investor_id AND a.id = NEW.allocation_id)"
)


def _refusal(name: str, act: str, table: str, why: str, when: str = "") -> tuple[str, str]:
    when = f"WHEN {when} " if when else ""
    return name, (
        f"CREATE TRIGGER {name} BEFORE {act} ON {table} {when}"
        f"BEGIN SELECT RAISE(ABORT, '{why}'); END"
    )


def _calls(name: str, acts: str, table: str, function: str) -> tuple[str, str]:
    return name, (
        f"CREATE TRIGGER {name} BEFORE {acts} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()"
    )


def _function(name: str, body: str) -> tuple[str, str]:
    return name, (
        f"CREATE OR REPLACE FUNCTION {name} RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {body} END $$"
    )


# dialect → name → statement; functions stand before the triggers that call them
TRIGGERS: Mapping[str, Mapping[str, str]] = {
    "sqlite": dict(
        (
            *(
                _refusal(f"{table}_no_{act}", act, table, why)
                for tables, why, _name, _function in _NEVER_CHANGED
                for table in tables
                for act in ("update", "delete")
            ),
            *(
                _refusal(
                    f"disbursement_year_{act}", act, "disbursement", _ANOTHER_YEAR, _OTHER_YEAR
                )
                for act in ("insert", "update")
            ),
            *COUNTING["sqlite"].items(),
        )
    ),
    "postgresql": dict(
        (
            *(
                _function(f"{function}()", f"RAISE EXCEPTION '{why}';")
                for _tables, why, _name, function in _NEVER_CHANGED
            ),
            _function(
                "disbursement_one_year()",
                f"IF {_OTHER_YEAR} THEN RAISE EXCEPTION '{_ANOTHER_YEAR}' "
                "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
            ),
            *(
                _calls(f"{table}_{name}", "DELETE OR UPDATE", table, function)
                for tables, _why, name, function in _NEVER_CHANGED
                for table in tables
            ),
            _calls(
                "disbursement_one_year", "INSERT OR UPDATE", "disbursement", "disbursement_one_year"
            ),
            *COUNTING["postgresql"].items(),
        )
    ),
}
_STANDING = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    # a trigger that was switched off does not stand
    "postgresql": """
        SELECT p.proname || '()', 'CREATE OR REPLACE FUNCTION ' || p.proname
            || '() RETURNS trigger LANGUAGE ' || l.lanname || ' AS $$' || p.prosrc || '$$'
        FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
        WHERE p.prorettype = 'trigger'::regtype AND p.pronamespace = current_schema()::regnamespace
        UNION ALL
        SELECT t.tgname, pg_get_triggerdef(t.oid, true)
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE NOT t.tgisinternal AND t.tgenabled = 'O'
            AND c.relnamespace = current_schema()::regnamespace
    """,
}


def standing_triggers(connection: Connection) -> dict[str, str]:
    """The triggers (and their functions) of this database as it prints them, by name."""
    rows = connection.execute(text(_STANDING[connection.dialect.name]))
    return {name: _plain(statement) for name, statement in rows}


def differing_triggers(connection: Connection) -> dict[str, tuple[str | None, str | None]]:
    """Name → (what stands, what is declared), where they differ; None for what is not there."""
    standing = standing_triggers(connection)
    declared = TRIGGERS[connection.dialect.name]
    # what is too much in reverse: a trigger goes before the function that it calls
    names = (*declared, *(name for name in reversed(standing) if name not in declared))
    return {
        name: (standing.get(name), declared.get(name))
        for name in names
        if standing.get(name) != (_plain(declared[name]) if name in declared else None)
    }


def _plain(statement: str) -> str:
    """Without the spaces and quotes that a renamed table leaves behind."""
    return " ".join(statement.replace('"', "").split())
