"""Every record form is saved once with each of its optional fields filled in, by each role that
may. Forms, fields and roles are read from the screens themselves, so that a new one is covered.
"""

from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from admin import MENU
from admin.access import GRANTS
from admin.records import Records
from models import AllocationLine, CapitalTerm, Holiday, LetterHead, Role, User
from tests.factories import (
    make_component,
    make_decision,
    make_investor,
    make_period,
    make_project,
)

SCREENS = [page for module in MENU for page in module.pages() if isinstance(page, Records)]
WRITERS = [
    pytest.param(screen, role, id=f"{screen.endpoint}-{role.value}")
    for screen in SCREENS
    if screen.write is not None
    for role in Role
    if screen.write in GRANTS[role]
]
# what must be chosen with care; all else is typed by the kind of the field
CHOSEN = {
    ("allocation", "kind"): "initial",
    ("allocation", "vintage"): "2024",
    ("allocation", "budget_year"): "2024",
    ("capital_term", "budget_year"): "2024",
    ("capital_term", "vintage"): "2024",
    ("capital_term", "disburse_until"): "31/01/2025",
    ("entry", "physical_progress"): "45,5",
    ("investor", "email"): "ubnd@langson.gov.vn",
    ("user", "email"): "canbo@huulung.local",
    ("obstacle", "state"): "open",
    ("user", "role"): "officer",
    ("user", "first_password"): "y",
}
# fields that make sense only beside others
TOGETHER = {
    ("obstacle", "solved_on"): {"state": "solved", "solution": "Đã cấp giống"},
    ("obstacle", "solution"): {"state": "solved", "solved_on": "01/06/2024"},
    ("user", "investors"): {"role": "investor"},
}
ALONE = (LetterHead, CapitalTerm, Holiday)  # one at a time: the next would meet the last
_numbers = count(1)


def arrange(session: Any, unit: Any) -> dict[str, str]:
    """Rows that lookups find; their ids by the field that asks for them."""
    session.rollback()
    for kind in ALONE:
        session.execute(sa.delete(kind))
    project = make_project(session, investor=unit, end_on=None)
    decision = make_decision(session)
    session.commit()
    return {
        "project": str(project.id),
        "decision": str(decision.id),
        "investor": str(unit.id),
        "component": str(project.component_id),
    }


def typed_for(screen: Records, field: Any, rows: dict[str, str]) -> str:
    """What a person could type into a field, by its looks."""
    name = field["name"]
    if (screen.endpoint, name) in CHOSEN:
        return CHOSEN[screen.endpoint, name]
    if name in rows:
        return rows[name]
    if field.name == "select":
        return next(one["value"] for one in field.select("option") if one["value"])
    if field.has_attr("data-date"):
        return "01/06/2024"
    if field.has_attr("data-money"):
        return "1.234.000"
    if field.get("type") == "checkbox":
        return "y"
    if field.get("inputmode") == "numeric":
        return "7"
    return f"m{next(_numbers)}"


def fields_of_page(page: BeautifulSoup, screen: Records) -> dict[str, Any]:
    """The fields of the form by name, the service fields apart."""
    form = page.select_one("form.admin-form")
    names = [field.name for field in screen._create_form_class() if field.name != "csrf_token"]
    found = {name: form.select_one(f"[name={name}]") for name in names}
    assert all(found.values()), found
    return {k: v for k, v in found.items() if v.get("type") != "hidden" or v.has_attr("data-role")}


def shown_value(page: BeautifulSoup, name: str) -> Any:
    field = page.select_one(f"form.admin-form [name={name}]")
    if field is None:
        return None
    if field.name == "select":
        return [one["value"] for one in field.select("option[selected]")]
    if field.get("type") == "checkbox":
        return "y" if field.has_attr("checked") else ""
    return field.get("value") if field.name == "input" else field.get_text().strip()


@pytest.mark.parametrize(("screen", "role"), WRITERS)
def test_each_optional_field_is_saved_and_shown_again(app, client_for, session, screen, role):
    unit = make_investor(session)
    make_component(session)
    make_period(session)
    client = client_for(role.value, unit) if role is Role.INVESTOR else client_for(role.value)
    model, address = screen.model, f"/admin/{screen.endpoint}"
    with app.test_request_context():
        needed = {field.name for field in screen._create_form_class() if field.flags.required}
    page = client.soup(f"{address}/new/")
    with app.test_request_context():
        fields = fields_of_page(page, screen)
    optional = [name for name in fields if name not in needed]
    before: set[int] = set()

    for name in (None, *optional):
        rows = arrange(session, unit)
        before = set(session.scalars(sa.select(model.id)))
        page = client.soup(f"{address}/new/")
        with app.test_request_context():
            fields = fields_of_page(page, screen)
        form = {key: typed_for(screen, fields[key], rows) for key in fields if key in needed}
        if name is not None:
            form |= TOGETHER.get((screen.endpoint, name), {})
            form[name] = typed_for(screen, fields[name], rows)
        form["form_key"] = page.select_one("[name=form_key]")["value"]

        reply = client.post_form(f"{address}/new/", form)

        said = [
            p.get_text(" ", strip=True)
            for p in BeautifulSoup(reply.text, "html.parser").select(".error, .note")
        ]
        shown_once = name == "first_password"
        assert reply.status_code == (200 if shown_once else 302), (name, form, said)
        session.rollback()
        (key,) = set(session.scalars(sa.select(model.id))) - before
        if name is None:
            continue
        assert _stored(session, model, key, name) not in (None, ""), name
        again = shown_value(client.soup(f"{address}/edit/?id={key}"), name)
        if again is not None and name != "first_password":
            assert form[name] in again, (name, again)
        details = client.soup(f"{address}/details/?id={key}").select_one("main").get_text(" ")
        if isinstance(again, str) and again not in ("", "y"):
            assert form[name] in details, name


def _stored(session: Any, model: Any, key: int, name: str) -> Any:
    if name == "first_password":
        return session.get(User, key).password_hash
    row = session.get(model, key)
    if hasattr(row, name):
        return getattr(row, name)
    line = session.scalar(sa.select(AllocationLine).where(AllocationLine.allocation_id == key))
    return getattr(line, name)


def test_every_screen_that_writes_is_among_them():
    written = {case.values[0].endpoint for case in WRITERS}
    assert {"project", "entry", "allocation", "user", "letter_head"} <= written
    assert len(written) == 11
