"""What a request may bring has bounds: numbers, fields, their length, what is said again, and
where it may lead."""

import inspect
import json
import logging
import re
from pathlib import Path
from urllib.parse import quote

import flask_admin.actions
import flask_admin.model.base
import pytest
from bs4 import BeautifulSoup
from markupsafe import escape
from werkzeug.exceptions import HTTPException, NotFound

from admin.access import return_address
from admin.access.bounds import (
    MOST_FIELDS,
    MOST_SHOWN_AGAIN,
    is_own,
    own_address,
    refuse_too_much,
    written_length,
)
from admin.seen.lines import json_formatter
from models import AuditEntry, Explanation, Remark
from tests.factories import make_investor, make_period, make_project, make_submission
from tests.test_admin_my_report import URL, typed, unit  # noqa: F401  a fixture

HUGE = str(2**63)
NAMES = """
id page page_size sort desc offset limit number run investor project component vintage version a b
day year columns places decision allocation
"""
POSTED = """
id rowid project investor component parent decision predecessor predecessors successor unit units
ids version row_version resolve answer map_id number amount year budget_year vintage sort_order day
from list_form_pk code total_investment seen
"""
ASKED = "&".join(f"{name}={HUGE}" for name in NAMES.split())
LEADING = "[href], input[name=url]"
ELSEWHERE = (
    "//evil.example", "https://evil.example", r"/\evil.example", "/\t/evil.example",
    "javascript:alert(1)", "evil.example", "///evil.example", "/%09//x\n", "/" + "x" * 3_000,
)  # fmt: skip


def addresses(app, method):
    """Every address of the application, with `number` where it has one."""
    for rule in app.url_map.iter_rules():
        if method in rule.methods and "static" not in rule.endpoint:
            yield (
                re.sub(r"<int:\w+>", "{number}", rule.rule)
                .replace("<export_type>", "csv")
                .replace("<code>", "2024-03")
            )


def test_a_number_that_no_row_has_is_a_missing_page_everywhere(app, client_for):
    client = client_for("admin")
    for address in addresses(app, "GET"):
        if "logout" in address:
            continue
        for number in (HUGE, "9" * 30) if "{number}" in address else (HUGE,):
            reply = client.get(f"{address.format(number=number)}?{ASKED}&investor={number}")
            assert reply.status_code < 500, address
            if "{number}" in address:
                assert reply.status_code in (403, 404), address
    assert client.get("/admin/imports/٣").status_code == 404
    assert client.get("/admin/imports/" + "9" * 3_000).status_code == 404
    assert client.get("/admin/project/?search=" + "x" * 4_100).status_code == 414


def test_each_bound_of_a_request_holds_by_itself(app):
    """At the bound and one beyond it, with nothing else in the way."""

    def answer(query="", form=None):
        asked = {"query_string": query, "data": form, "method": "POST" if form else "GET"}
        with app.test_request_context("/nowhere", **asked):
            try:
                return refuse_too_much()
            except HTTPException as error:
                return error.code

    routes = app.url_map.bind("localhost")
    assert routes.match(f"/admin/imports/{2**63 - 1}")[1] == {"run_id": 2**63 - 1}
    for number in (HUGE, "٣", "-1", "9" * 400):
        with pytest.raises(NotFound):
            routes.match(f"/admin/imports/{number}")
    assert [answer("x" * length) for length in (4_000, 4_001)] == [None, 414]
    assert answer("x" * 4_001, {"a": "b"}) == 414
    for at_most, beyond in (
        ({f"x{n}": "" for n in range(20_000)}, {f"x{n}": "" for n in range(20_001)}),
        ({"x" * 1_000: "1"}, {"x" * 1_001: "1"}),
        ({"x": "y" * 20_000}, {"x": "y" * 20_001}),
        ({"cells": "y" * 900_000}, {"other": "y" * 900_000}),
        ({f"{n}": '"' * 19_900 for n in range(15)}, {f"{n}": '"' * 19_900 for n in range(16)}),
        (
            {f"{n}" + '"' * 900: "" for n in range(320)},
            {f"{n}" + '"' * 900: "" for n in range(340)},
        ),
    ):
        assert (answer(form=at_most), answer(form=beyond)) == (None, 413)
    for sign in "&<>\"'":
        assert written_length(f"a{sign}") == len(escape(f"a{sign}"))
    with app.test_request_context("/nowhere"):
        for target, is_ours in (
            ("/" + "x" * 1_999, True), ("/" + "x" * 2_000, False), ("/a?b=c", True),
            ("//evil.example", False), ("///evil.example", False), ("/\\evil.example", False),
            ("/\t/evil.example", False), ("/\n/evil.example", False), ("evil.example", False),
            ("", False), ("http://localhost/a", False), ("/ /evil.example", False),
        ):  # fmt: skip
            assert is_own(target) == is_ours, target
            assert own_address(target) == (target if is_ours else "/admin/"), target
    with app.test_request_context(f"/nowhere?url={quote('//evil.example')}"):
        assert return_address() is None
    with app.test_request_context("/nowhere?url=/a"):
        assert return_address() == "/a"


def test_what_head_asks_is_never_taken_for_a_form(client_for, session):
    client = client_for("admin")
    reply = client.head("/admin/settings/", data={"office_name": "Zq", "form_key": "k"})
    assert (reply.status_code, reply.data) == (200, b"")
    assert session.query(AuditEntry).count() == 0


def test_a_posted_number_that_no_row_has_is_no_fault_of_ours(app, client_for, session):
    row = make_project(session)
    make_period(session)
    client = client_for("officer")
    form = [(name, number) for name in POSTED.split() for number in (HUGE, "٣", "-1", "9" * 40)]
    for address in addresses(app, "POST"):
        if re.search("log|language|/lock", address):
            continue
        for number in (HUGE, str(row.investor_id)) if "{number}" in address else (HUGE,):
            there = f"{address.format(number=number)}?id={row.id}&investor={number}"
            reply = client.post_form(there, [*form, ("action", "delete")])
            assert reply.status_code < 500, address
    # what needs no number was done: one's own telephone is off, there is nothing else
    assert {one.resource for one in session.query(AuditEntry)} <= {"user_account"}


@pytest.mark.parametrize("target", ELSEWHERE)
def test_a_return_address_that_leads_elsewhere_is_the_list(client_for, session, target):
    row = make_project(session)
    client = client_for("officer")
    for page in ("edit/", "details/", "new/"):
        reply = client.get(f"/admin/project/{page}", query_string={"id": row.id, "url": target})
        assert reply.status_code == 200
        page = BeautifulSoup(reply.text, "html.parser")
        leads = [one.get("href") or one.get("value", "") for one in page.select(LEADING)]
        assert not [one for one in leads if "evil" in one or "script:" in one or "x" * 99 in one]
    chosen = {"action": "delete", "rowid": "0", "url": target}
    for path, form in (("action/", chosen | {"action": "nothing"}), ("delete/", {"url": target})):
        reply = client.post_form(f"/admin/project/{path}", form)
        assert reply.headers.get("Location", "/admin/project/") == "/admin/project/"


def test_one_guard_stands_before_all_redirects():
    for module in (flask_admin.actions, flask_admin.model.base):
        assert module.get_redirect_target is return_address
    ours = [path for path in Path("admin").rglob("*.py") if path.name != "bounds.py"]
    for path in ours:
        text = path.read_text(encoding="utf-8")
        assert "get_redirect_target" not in text, path
        assert "is_safe_url" not in text, path
        for target in re.findall(r"redirect\((request\.\w+\S*)", text):
            pytest.fail(f"{path}: {target}")
    assert "is_own" in inspect.getsource(return_address)


@pytest.mark.parametrize(
    "form",
    [
        {f"x{n}": "1" for n in range(MOST_FIELDS + 1)},
        {"name": "x" * 20_001},
        {"x" * 1_001: "1"},
        {"cells": '"' * 320_000},
    ],
)
def test_more_than_a_form_has_is_refused_and_shown_again_within_bounds(client_for, form):
    reply = client_for("officer").post_form("/admin/pasted/projects", form)
    assert reply.status_code == 413
    assert len(reply.data) < MOST_SHOWN_AGAIN


def test_too_much_is_told_with_whose_it_was(client_for, caplog):
    caplog.set_level(logging.INFO)
    client, formatter = client_for("officer"), json_formatter()
    client.post_form("/language", {"next": "x" * 20_001}, buffered=True)
    client.get("/admin/?search=" + "x" * 4_001, buffered=True)
    lines = [json.loads(formatter.format(one)) for one in caplog.records if one.name == "request"]
    assert [(line["status"], "user" in line) for line in lines] == [(413, True), (414, True)]


def test_what_an_error_page_says_again_is_bounded_and_says_what_it_leaves_out(client_for):
    form = {f"note{n}": "<&>" * 4 for n in range(12_000)}
    reply = client_for("officer").post("/admin/pasted/projects", data=form)
    assert reply.status_code == 400  # without a token
    assert len(reply.data) < 400_000
    left_out = 12_000 - reply.text.count("<dt>")
    assert left_out > 5_000
    assert f"{left_out} ô khác" in reply.text


def test_a_list_has_a_largest_page_and_a_largest_number_of_filters(client_for, session):
    for _number in range(101):
        make_investor(session)
    client = client_for("admin")
    page = client.soup("/admin/investor/?page_size=1000")
    assert len(page.select("table.model-list tbody tr")) == 100
    asked = "&".join(f"flt{n}_kind=commune" for n in range(20))
    assert "tối đa 20 bộ lọc" not in client.get(f"/admin/investor/?{asked}").text
    assert "tối đa 20 bộ lọc" in client.get(f"/admin/investor/?{asked}&flt20_kind=commune").text


def test_only_explanations_that_were_asked_for_are_kept(unit, session):  # noqa: F811
    client, project, allocation, _period = unit
    asked = f"explain-V8-allocation:{allocation.id}"
    invented = {f"explain-V{n}-report": "x" for n in range(100, 5_000)}
    invented |= {f"explain-V{n}-project:{project.id}": "x" for n in range(1, 999)}
    invented |= {f"explain-V8-allocation:{n}": "x" for n in range(5_000)}
    more = invented | {asked: "Chờ quyết định", f"a{allocation.id}-awaits_decision": "yes"}
    form = typed(unit, "1.000.001", **more)
    before = session.query(AuditEntry).count()
    assert client.post_form(URL, form).status_code == 303
    kept = {(one.rule, one.subject) for one in session.query(Explanation)}
    page = client.get(URL).text
    assert ("V8", f"allocation:{allocation.id}") in kept
    assert all(f'name="explain-{rule}-{subject}"' in page for rule, subject in kept)
    assert session.query(AuditEntry).count() - before < 10


def test_what_two_people_typed_is_compared_without_what_was_put_in(unit):  # noqa: F811
    client = unit[0]
    form = typed(unit, "1", **{f"invented{n}": "put in by hand" for n in range(500)})
    assert client.post_form(URL, typed(unit, "2")).status_code == 303
    reply = client.post_form(URL, form | {"form_key": "other"})
    assert reply.status_code == 409
    assert "put in by hand" not in reply.text


def test_a_remark_on_a_figure_that_no_page_has_is_refused(unit, session, client_for):  # noqa: F811
    _client, project, _allocation, period = unit
    make_submission(session, period=period, investor=project.investor, status="submitted")
    officer, page = client_for("officer"), f"/admin/review/2024-03/{project.investor_id}"
    known = {f"remark-project:{project.id}-estimate": "Xem lại"}
    for figure in ("invented", "investor_id"):
        form = known | {f"remark-project:{project.id}-{figure}": "x"}
        assert officer.post_form(f"{page}/remark", form).status_code == 422
    assert session.query(Remark).count() == 0
    assert officer.post_form(f"{page}/remark", known | {"form_key": "b"}).status_code == 303
    assert session.query(Remark).count() == 1
