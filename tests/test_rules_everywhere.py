"""The next door that forgets a rule is found here: every way in is listed, and tried with rules
that refuse everything.
"""

import ast
from datetime import date
from pathlib import Path

import pytest

from models import DISTRICT, Base, Component, db
from models.base import RuleBroken, ScopedSession
from tests.factories import (
    make_component,
)
from tests.guard import past_the_rules, ruled

RULED = {
    "Allocation", "AllocationLine", "CapitalTerm", "ColumnSet", "Component", "Disbursement",
    "Investor", "LetterHead", "Obstacle", "ProgressEntry", "Project", "Submission",
    "TreasuryStatement", "User",
}  # fmt: skip
WITHOUT = {
    "what can be false of it, its table refuses": {
        "Decision", "Holiday", "Explanation", "Setting", "RuleSetting",
        "LetterTemplate", "HolidayYear",
    },
    "written by one function, which refuses; no form, file or command fills it": {
        "Period", "ExpectedReport", "Reopening", "Remark", "SubmissionEvent", "OrgEvent",
        "FormerName", "Succession", "ProjectSuccession", "CapitalTransfer", "Reminder", "Digest",
        "ReportVersion", "VersionPart", "VersionPaper", "ExpectedChange", "Sending", "SentEntry",
        "SentDisbursement", "ImportRun", "ImportFile", "ImportMap", "TreasuryLine",
    },
    "kept by the database itself": {"CountedDisbursement"},
    "sums of other rows": {"UnitSum", "OfficeSum"},
    "bookkeeping of sign-ins, forms and changes": {
        "SignIn", "CodeMaker", "RecoveryCode", "Passkey", "LoginAttempt", "FormKey", "AuditEntry",
    },
}  # fmt: skip

# Statements that go past the unit of work: function → why they may.
STATEMENTS = {
    "_forget_old": "sign-ins are no records",
    "leave_session": "sign-ins are no records",
    "forget_keys": "used keys of forms are no records",
    "forget_attempts": "attempts to sign in are no records",
    "_replace": "a person who left is taken out of rows that stay as they are otherwise",
    "_rewrite": "the trail itself, of a person who left",
    "_end_with_the_epoch": "sign-ins are no records",
    "write_entries": "the trail itself, on the transaction it speaks of",
    "_seal": "the chain over the trail, on the transaction it speaks of",
    "write_changes": "the list of who must report, whose rule is the one that calls it",
    "_change": "the list of who must report, for write_changes",
    "_forget_removed_units": "the list of a unit that never was",
    "leave_lists": "the list of a unit that never was",
    "forget_sums": "sums of other rows",
    "keep_sums": "sums of other rows",
    "_keep_units": "sums of other rows",
    "_keep_office": "sums of other rows",
    "restore": "open sessions do not survive a restored copy",
}


def test_every_table_says_whether_it_has_rules():
    kinds = {mapper.class_.__name__ for mapper in Base.registry.mappers}
    assert {kind.__name__ for kind in ruled().values()} == RULED
    assert kinds - RULED == set().union(*WITHOUT.values())


def sources():
    for path in sorted(Path().glob("**/*.py")):
        if path.parts[0] not in {".venv", "tests", "bench", "migrations", "docs"}:
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def statements(tree):
    """(function, what) of each insert, update or delete statement and each bulk write."""
    from_sql = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy")
        for alias in node.names
        if alias.name in {"insert", "update", "delete"}
    }
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        for node in ast.walk(function):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            attribute = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            owner = ast.unparse(node.func.value) if attribute else ""
            of_table = attribute in {"insert", "update", "delete"} and (
                owner in {"sa", "sqlalchemy"} or owner.endswith(("__table__", ".query"))
            )
            if name in from_sql or of_table:
                yield function.name, ast.unparse(node)[:80]
            if attribute.startswith("bulk_") and owner != "super()":
                yield function.name, ast.unparse(node)[:80]
            if attribute in {"exec_driver_sql", "text", "execute"} or name == "text":
                for part in node.args:
                    if isinstance(part, ast.Constant) and past_start(str(part.value)):
                        yield function.name, str(part.value)[:80]


def past_start(text):
    return text.strip().upper().startswith(("INSERT ", "UPDATE ", "DELETE "))


def test_no_statement_writes_past_the_session():
    found = {(function, what) for _path, tree in sources() for function, what in statements(tree)}
    assert {function for function, _what in found} == set(STATEMENTS), found


def test_there_is_one_kind_of_session(app):
    with app.app_context():
        assert isinstance(db.session(), ScopedSession)
    for path, tree in sources():
        made = [
            ast.unparse(node)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and ast.unparse(node.func).split(".")[-1] in {"Session", "sessionmaker"}
        ]
        assert not made, (path, made)


def test_the_guard_of_the_suite_sees_what_goes_past(app, session):
    make_component(session)
    session.commit()
    with app.app_context():
        statement = "UPDATE component SET name = ' '"
        assert past_the_rules(statement) == "component"
        assert past_the_rules("SELECT 1 FROM component") is None
        assert past_the_rules("INSERT INTO setting (key) VALUES ('x')") is None
    assert past_the_rules(statement) is None  # a test's own


@pytest.mark.parametrize("act", ["new", "changed"])
def test_a_row_is_asked_when_it_is_new_or_changed_and_not_before(app, session, act, monkeypatch):
    key = make_component(session).id
    session.commit()
    asked = []
    monkeypatch.setattr(Component, "check", lambda row: asked.append(row.code))
    with app.app_context():
        own = db.session()
        row = own.get(Component, key)
        own.flush()
        row.sort_order = row.sort_order  # touched, not changed
        own.flush()
        assert asked == []
        if act == "changed":
            row.name = "Khác"
        else:
            make_component(own)
        own.flush()
        assert len(asked) == 1
        own.rollback()


def test_a_flush_names_all_that_is_wrong(app):
    days = {"valid_from": date(2024, 1, 2), "valid_to": date(2024, 1, 1)}
    with app.app_context():
        own = db.session()
        own.enter(DISTRICT)
        wrong = [Component(code=code, name="x", short_name="x", **days) for code in "AB"]
        right = Component(code="C", name="x", short_name="x", valid_from=date(2024, 1, 1))
        own.add_all([*wrong, right])
        with pytest.raises(RuleBroken) as refused:
            own.flush()
        assert {refusal.row for refusal in refused.value.also} == set(wrong)
        own.rollback()
