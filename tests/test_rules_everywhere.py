"""The next door that forgets a rule is found here: every way in is listed, and tried with rules
that refuse everything.
"""

import ast
from datetime import date
from pathlib import Path

import click
import pytest

from admin.records import Records
from models import DISTRICT, Base, Component, db
from models.base import LEAVING, TOGETHER, RuleBroken, ScopedSession
from tests.doors import Doors
from tests.factories import (
    make_allocation,
    make_capital_term,
    make_component,
    make_decision,
    make_disbursement,
    make_entry,
    make_expected,
    make_letter_head,
    make_obstacle,
    make_period,
    make_project,
    make_submission,
    make_user,
)
from tests.forms import typed
from tests.guard import past_the_rules, ruled

RULED = {
    "Allocation", "AllocationLine", "CapitalTerm", "Component", "Disbursement", "Investor",
    "LetterHead", "Obstacle", "Project", "Submission", "User",
}  # fmt: skip
WITHOUT = {
    "what can be false of it, its table refuses": {
        "Decision", "Holiday", "ProgressEntry", "Explanation", "Setting", "RuleSetting",
        "LetterTemplate",
    },
    "written by one function, which refuses; no form, file or command fills it": {
        "Period", "ExpectedReport", "Reopening", "Remark", "SubmissionEvent", "OrgEvent",
        "FormerName", "Succession", "ProjectSuccession", "CapitalTransfer", "Reminder", "Digest",
        "ReportVersion", "VersionPart", "VersionPaper",
    },
    "bookkeeping of sign-ins, forms and changes": {
        "SignIn", "LoginAttempt", "FormKey", "AuditEntry",
    },
}  # fmt: skip

# Statements that go past the unit of work: function → why they may.
STATEMENTS = {
    "_forget_old": "sign-ins and attempts are no records",
    "record": "the trail itself, on the transaction it speaks of",
    "_write_down": "the trail itself, on the transaction it speaks of",
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


# ---------------------------------------------------------------- rules that refuse everything


@pytest.fixture
def all_refused(app):
    """While it holds, no record can be written or deleted at all."""
    quiet = WITHOUT["bookkeeping of sign-ins, forms and changes"]
    kinds = [m.class_ for m in Base.registry.mappers if m.class_.__name__ not in quiet]

    def no(_around, rows):
        for row in rows:
            yield RuleBroken("Give the reason.", field="nowhere").about(row)

    def begin():
        for kind in kinds:
            TOGETHER[kind].append(no)
            LEAVING[kind].append(no)

    yield begin
    for registry in (TOGETHER, LEAVING):
        for kind in list(registry):
            registry[kind] = [rule for rule in registry[kind] if rule is not no]
            if not registry[kind]:
                del registry[kind]


@pytest.fixture
def rows(session):
    """A row for each record screen, by the endpoint of the screen."""
    project = make_project(session)
    period = make_period(session)
    make_expected(session, period, project.investor)
    allocation = make_allocation(session, project=project)
    draft = make_submission(session, period=period, investor=project.investor)
    entry = make_entry(session, project=project, submission=draft)
    make_disbursement(session, entry, allocation, completed=5)
    return {
        "component": make_component(session),
        "investor": project.investor,
        "project": project,
        "decision": make_decision(session),
        "allocation": allocation,
        "entry": entry,
        "obstacle": make_obstacle(session, project=project),
        "capital_term": make_capital_term(session),
        "letter_head": make_letter_head(session),
        "user": make_user(session, "officer"),
        "submission": draft,
        "period": period,
    }


@pytest.fixture
def doors(app, session, client_for, tmp_path):
    return Doors(app, session, client_for, tmp_path)


def contents(session):
    """All rows but those of the bookkeeping."""
    session.rollback()
    quiet = {"sign_in", "login_attempt", "form_key", "audit_entry"}
    return {
        table.name: sorted(map(repr, session.execute(table.select())))
        for table in Base.metadata.sorted_tables
        if table.name not in quiet
    }


WRITERS = {
    "component": "admin", "investor": "admin", "user": "admin", "holiday": "admin",
    "letter_head": "officer", "capital_term": "finance", "decision": "finance",
    "allocation": "finance", "project": "officer", "entry": "officer", "obstacle": "officer",
}  # fmt: skip
READ_ONLY = {"submission", "period", "audit"}


def screens(app):
    return {
        view.endpoint: view
        for view in app.extensions["admin"][0]._views
        if isinstance(view, Records)
    }


def test_every_record_screen_is_listed(app):
    views = screens(app)
    assert set(views) == set(WRITERS) | READ_ONLY
    assert {name for name, view in views.items() if view.write is None} == READ_ONLY
    for name, view in views.items():
        assert list(view._actions_data) == ["delete"], f"{name} has a new action: try it here"


@pytest.mark.parametrize("endpoint", sorted(WRITERS.keys() - {"holiday"}))
def test_a_record_screen_says_what_the_rules_refuse(
    doors, session, rows, client_for, all_refused, endpoint
):
    person = make_user(session, WRITERS[endpoint])
    client = client_for(person)
    row = rows[endpoint]
    edit = f"/admin/{endpoint}/edit/?id={row.id}"
    form = {name: value for name, value in typed(client.soup(edit)).items() if value}
    text = next(
        name for name in ("basis", "name", "signer", "summary", "obstacles", "content",
                          "full_name", "disburse_until")
        if name in client.get(edit).text and f'name="{name}"' in client.get(edit).text
    )  # fmt: skip
    changed = form | {text: "31/12/2024" if text == "disburse_until" else "Đổi khác"}
    before = contents(session)
    all_refused()
    said = doors.post(person, edit, changed)
    assert said is not None, "the change was taken"
    action = {"action": "delete", "rowid": row.id}
    doors.post(person, f"/admin/{endpoint}/action/", action)
    assert doors.post(person, f"/admin/{endpoint}/delete/", {"id": row.id}) is not None
    assert contents(session) == before


def post_forms(rows):
    """Endpoint of each posted page that writes records → (role, address, form, own unit?)."""
    unit, project, allocation = rows["investor"], rows["project"], rows["allocation"]
    entry, decision = rows["entry"], rows["decision"]
    key = {"form_key": "k"}
    review = f"/admin/review/2024-03/{unit.id}"
    line = {"kind": "supplement", "amount": "5", "effective_on": "01/06/2024"}
    return {
        "allocation.create_view": (
            "finance",
            "/admin/allocation/new/",
            line
            | key
            | {
                "project": project.id,
                "budget_year": "2025",
                "vintage": "2025",
                "source": "NSTW",
                "nature": "SN",
                "decision": decision.id,
            },
        ),
        "allocation.line_view": (
            "finance",
            f"/admin/allocation/line/?id={allocation.id}",
            line | key | {"decision": decision.id},
        ),
        "entry.amounts_view": (
            "officer",
            f"/admin/entry/amounts/?id={entry.id}",
            key | {"row_version": "1", f"a{allocation.id}-completed": "7"},
        ),
        "my_report.sheet": (
            "investor",
            "/admin/my-report/2024-03",
            key | {"version": "1", f"a{allocation.id}-completed": "7"},
        ),
        "open_period.index": ("officer", "/admin/period/open/", key | {"code": "2024-04"}),
        "organisation.index": (
            "officer",
            "/admin/organisation/",
            key
            | {
                "action": "do",
                "kind": "close",
                "unit": unit.id,
                "decision": decision.id,
                "effective_on": "01/06/2024",
            },
        ),
        "review.exempt": ("officer", f"{review}/exempt", key | {"exempt_reason": "bão lũ"}),
    }


PAGES = [
    "allocation.create_view", "allocation.line_view", "entry.amounts_view", "my_report.sheet",
    "open_period.index", "organisation.index", "review.exempt",
]  # fmt: skip
# what is posted elsewhere, and why it is not tried here
OTHER_PAGES = {
    "auth.language": "writes nothing",
    "auth.login": "bookkeeping; the person's row only gets the moment",
    "auth.logout": "bookkeeping",
    "auth.password": "the person's own password",
    "enter_report.sheet": "the page of my_report.sheet, for the office",
    "holiday.fill_view": "days off have no rules of their own",
    "settings.index": "settings have no rules of their own",
    "checks.change": "settings of the checks have no rules of their own",
    "letters.reminder": "writes what was sent",
    "reminders.index": "writes what was sent",
    "letters.reset": "a template of letters",
    "letters.upload": "a template of letters",
    "organisation.undo": "takes back by the same session; refusals as organisation.index",
    "review.period": "one `try` for all of a period's acts, as review.lock",
    **dict.fromkeys(
        ("review.deadline", "review.lock", "review.reopen", "versions.freeze", "versions.paper"),
        "acts on a period, in one `try` that tells every refusal",
    ),
    **dict.fromkeys(
        ("review.extend", "review.receipt", "review.remark", "review.reopen_unit", "review.unit"),
        "the `try` of review.exempt",
    ),
}
RECORD_POSTS = {"create_view", "edit_view", "delete_view", "action_view", "ajax_update"}


def test_every_posted_page_is_listed(app):
    views = screens(app)
    posted = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in rule.methods and not rule.endpoint.endswith("static")
    }
    pages = {
        endpoint
        for endpoint in posted
        if endpoint.partition(".")[0] not in views or endpoint.partition(".")[2] not in RECORD_POSTS
    }
    assert pages | {"allocation.create_view"} == set(PAGES) | set(OTHER_PAGES)


@pytest.mark.parametrize("endpoint", PAGES)
def test_a_posted_page_says_what_the_rules_refuse(doors, session, rows, all_refused, endpoint):
    role, url, form = post_forms(rows)[endpoint]
    own = [rows["investor"]] if role == "investor" else []
    person = make_user(session, role, investors=own)
    session.commit()
    before = contents(session)
    all_refused()
    said = doors.post(person, url, form)
    assert said is not None, "it was taken"
    assert "<form" in said  # the page itself, with what was typed
    assert contents(session) == before


COMMANDS = {
    "users add": ("new", "--full-name", "Cán bộ", "--role", "officer", "--password",
                  "Nương ngô trên đồi 7"),
    "users disable": ("canbo",),
    "users enable": ("canbo2",),
    "users password": ("canbo", "--password", "Nương ngô trên đồi 7"),
    "periods open": ("2024-04",),
    "periods lock": ("2024-03",),
    "holidays seed": ("2025",),
    "data load": ("demo",),
    "demo": (),
}  # fmt: skip
# these write no record, or what they write is tried elsewhere
OTHER_COMMANDS = {
    "periods reopen": "needs a locked period; the same function as the page",
    "reminders send": "writes what was sent",
    "reminders list": "reads",
    "restore": "puts a whole database in place, checked by itself",
    **dict.fromkeys(
        ("users list", "data dump", "reports consolidated", "reports late", "reports letter",
         "reports obstacles", "reports ranking", "reports sentences", "check", "findings",
         "backup"),
        "reads",
    ),
}  # fmt: skip


def commands(group, before=""):
    for name, command in sorted(getattr(group, "commands", {}).items()):
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        elif not before.startswith("db "):
            yield f"{before}{name}"


def test_every_command_is_listed(app):
    assert set(commands(app.cli)) == set(COMMANDS) | set(OTHER_COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_says_what_the_rules_refuse(doors, session, all_refused, name):
    if name != "demo":
        make_user(session, "officer", username="canbo")
        make_user(session, "officer", username="canbo2", enabled=False)
        make_period(session)
    session.commit()
    before = contents(session)
    all_refused()
    said = doors.command(*name.split(), *COMMANDS[name])
    assert said is not None, "it was taken"
    assert contents(session) == before


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
