"""Every way in, tried with rules that refuse everything: a sentence, and nothing written."""

from datetime import date

import pytest

from admin.records import Records
from tests.doors import contents
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


@pytest.fixture
def rows(session):
    """A row for each record screen, by the endpoint of the screen."""
    project = make_project(session)
    period = make_period(session)
    make_expected(session, period, project.investor)
    allocation = make_allocation(session, project=project)
    second = make_project(session, investor=project.investor)
    draft = make_submission(session, period=period, investor=project.investor)
    entry = make_entry(session, project=project, submission=draft)
    make_disbursement(session, entry, allocation, completed=5)
    return {
        "component": make_component(session),
        "investor": project.investor,
        "project": project,
        "second": second,
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
        "column_sets.new": (
            "officer",
            "/admin/column-sets/new?report=late",
            key | {"name": "Gọn", "shown-status": "1"},
        ),
        "review.exempt": ("officer", f"{review}/exempt", key | {"exempt_reason": "bão lũ"}),
    }


PAGES = [
    "allocation.create_view", "allocation.line_view", "column_sets.new", "entry.amounts_view",
    "my_report.sheet", "open_period.index", "organisation.index", "review.exempt",
]  # fmt: skip
# what is posted elsewhere, and why it is not tried here
OTHER_PAGES = {
    "auth.language": "writes nothing",
    "auth.login": "bookkeeping; the person's row only gets the moment",
    "auth.logout": "bookkeeping",
    "auth.password": "the person's own password",
    "sure.go_on": "writes nothing",
    "account.email": "the person's own address",
    "account.sign_ins": "ends sign-ins",
    "user.end_sign_ins": "ends sign-ins",
    "user.reset_second_step": "takes a second step away",
    "second.step": "bookkeeping; the person's row only gets the moment",
    "second.by_passkey": "bookkeeping; the person's row only gets the moment",
    "second.options": "writes nothing",
    "strength.tell": "writes nothing",
    "second_step.telephone": "the person's own second step",
    "second_step.telephone_off": "the person's own second step",
    "second_step.codes": "the person's own second step",
    "second_step.add_passkey": "the person's own second step",
    "second_step.delete_passkey": "the person's own second step",
    "enter_report.sheet": "the page of my_report.sheet, for the office",
    "holiday.fill_view": "days off have no rules of their own",
    "holiday.confirm_view": "days off have no rules of their own",
    "settings.index": "settings have no rules of their own",
    "checks.change": "settings of the checks have no rules of their own",
    "letters.reminder": "writes what was sent",
    "reminders.index": "writes what was sent",
    "letters.slow_file": "writes what was sent",
    "pasted.decision": "keeps cells as a file; figures are written by imports.apply",
    "pasted.projects": "keeps cells as a file; figures are written by imports.apply",
    "letters.reset": "a template of letters",
    "letters.upload": "a template of letters",
    "imports.new": "keeps a file; figures are written by imports.apply",
    "imports.answers": "keeps what is said of a file",
    "imports.apply": "writes through the functions of the other pages; see tests of imports",
    "imports.undo": "puts back what stood before; see tests of imports",
    "column_sets.one": "the `try` of column_sets.new",
    "import_maps.one": "what is proposed for a sheet",
    "audit.restore_view": "the rules of a new record at the flush; see tests of bringing back",
    "organisation.undo": "takes back by the same session; refusals as organisation.index",
    "review.period": "one `try` for all of a period's acts, as review.lock",
    **dict.fromkeys(
        ("review.deadline", "review.lock", "review.reopen", "versions.freeze", "versions.paper"),
        "acts on a period, in one `try` that tells every refusal",
    ),
    **dict.fromkeys(
        (
            "review.duty",
            "review.expect",
            "review.extend",
            "review.receipt",
            "review.remark",
            "review.reopen_unit",
            "review.unit",
        ),
        "the `try` of review.exempt",
    ),
}
# bringing back asks the rules of a new record at the flush: see tests of bringing back
RECORD_POSTS = {
    *("create_view", "edit_view", "delete_view", "action_view", "ajax_update", "bring_back_view"),
}


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


def create_forms(rows):
    """Endpoint → fields of a new record that the rules would take, beside those of its row."""
    project, later = rows["project"], {"valid_from": "01/01/2030", "valid_to": ""}
    return {
        "component": {"code": "MOI"},
        "investor": {"code": "MOI"},
        "project": {"code": "MOI", "investor": rows["investor"].id},
        "decision": {"number": "9/QĐ"},
        "obstacle": {"project": project.id},
        "capital_term": {"budget_year": "2025", "vintage": "2024", "disburse_until": "31/12/2025"},
        "letter_head": later,
        "user": {"username": "moi"},
        "entry": {"project": rows["second"].id, "period": rows["period"].id},
    }


@pytest.mark.parametrize("refused", [False, True])
@pytest.mark.parametrize("endpoint", sorted(WRITERS.keys() - {"holiday", "allocation"}))
def test_a_new_record_is_asked(doors, session, rows, client_for, all_refused, endpoint, refused):
    person = make_user(session, WRITERS[endpoint])
    if endpoint == "letter_head":
        rows[endpoint].valid_to = date(2029, 12, 31)
    edit = f"/admin/{endpoint}/edit/?id={rows[endpoint].id}"
    form = typed(client_for(person).soup(edit)) | create_forms(rows)[endpoint]
    form = {name: value for name, value in form.items() if value and name != "row_version"}
    before = contents(session)
    if refused:
        all_refused()
    said = doors.post(person, f"/admin/{endpoint}/new/", form)
    assert (said is not None) is refused, said
    assert (contents(session) == before) is refused


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
