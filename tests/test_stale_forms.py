"""Two people open the same record: the second to save is told, and loses nothing of what was typed.

Forms are read from the screens themselves, so that a new one is covered; the sheet of a unit,
settings and acts have their own in test_two_tabs.
"""

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from models import Role
from tests.factories import make_component, make_investor, make_period
from tests.test_record_forms_full import WRITERS, arrange, fields_of_page, typed_for
from tests.test_two_tabs import fields

EDITED = {case.values[0].endpoint: case for case in WRITERS}  # one role for each form


@pytest.mark.parametrize(("screen", "role"), [*EDITED.values()])
def test_the_second_of_two_stale_copies_is_refused_and_keeps_what_was_typed(
    app, client_for, session, screen, role
):
    unit = make_investor(session)
    make_component(session)
    make_period(session)
    client = client_for(role.value, unit) if role is Role.INVESTOR else client_for(role.value)
    address = f"/admin/{screen.endpoint}"
    key = made(app, client, session, screen, arrange(session, unit))
    edit = f"{address}/edit/?id={key}"
    pages = [client.soup(edit) for _ in range(2)]
    copies = [touched(page) for page in pages]
    name, mine, theirs = what_is_typed(pages[0])

    first = client.post_form(edit, copies[0] | {name: mine})
    assert first.status_code == 302, refusals(first)
    stored = row(session, screen, key)
    second = client.post_form(edit, copies[1] | {name: theirs})

    assert second.status_code == 409
    assert row(session, screen, key) == stored
    page = BeautifulSoup(second.text, "html.parser")
    assert theirs in field_value(page, name)
    told = page.select_one("main").get_text(" ")
    assert mine in told  # what the other one saved stands beside it
    # having seen both, the second may go on
    again = touched(page)
    assert client.post_form(edit, again).status_code == 302
    assert row(session, screen, key) != stored


def touched(page):
    """What the form sends as it stands; a list from which several may be chosen says nothing."""
    several = {
        one["name"]
        for one in page.select("form.admin-form select[multiple]")
        if not one.select("option[selected]")
    }
    sent = fields(page, "form.admin-form")
    return {name: value for name, value in sent.items() if name not in several}


def made(app, client, session, screen, rows):
    """The id of a record that was made by the form of the screen."""
    address = f"/admin/{screen.endpoint}/new/"
    before = set(session.scalars(sa.select(screen.model.id)))
    page = client.soup(address)
    with app.test_request_context():
        shown = fields_of_page(page, screen)
        needed = {one.name for one in screen._create_form_class() if one.flags.required}
    form = {name: typed_for(screen, shown[name], rows) for name in shown if name in needed}
    form["form_key"] = page.select_one("[name=form_key]")["value"]
    reply = client.post_form(address, form)
    assert reply.status_code == 302, refusals(reply)
    session.rollback()
    [key] = set(session.scalars(sa.select(screen.model.id))) - before
    return key


def what_is_typed(page):
    """A field into which anything may be typed, else one for a day; what either person types."""
    free = page.select("form.admin-form textarea[name], form.admin-form input[type=text][name]")
    odd = ("data-date", "data-money", "data-role", "readonly", "inputmode", "pattern")
    keys = ("code", "username", "email", "gso_code")
    texts = [one for one in free if not any(one.has_attr(mark) for mark in odd)]
    for one in texts:
        if one["name"] not in keys:
            return one["name"], "Người thứ nhất", "Người thứ hai"
    [day] = [one["name"] for one in free if one.has_attr("data-date")]
    return day, "31/12/2024", "31/01/2025"


def field_value(page, name):
    found = page.select_one(f"form.admin-form [name={name}]")
    return found.get("value", "") if found.name == "input" else found.get_text()


def row(session, screen, key):
    session.rollback()
    table = screen.model.__table__
    return session.execute(sa.select(table).where(table.c.id == key)).one()._asdict()


def refusals(reply):
    page = BeautifulSoup(reply.text, "html.parser")
    return [one.get_text(" ", strip=True) for one in page.select(".error, .note")]
