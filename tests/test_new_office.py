"""The first page of an office that has opened no period yet says what to enter, and whose it is."""

from datetime import date

import pytest
from sqlalchemy import select

from models import AllocationLine, Setting, db
from models.base import today
from models.calendar import NAMES, put_setting, seed_holidays
from reports.beginning import begun
from tests.factories import (
    make_allocation,
    make_component,
    make_investor,
    make_letter_head,
    make_period,
    make_project,
    make_user,
)

TODAY = date(2024, 3, 1)
ALL = {
    *("settings", "heads", "components", "investors", "people", "days_off", "projects", "capital"),
}


def steps(client):
    """Each step of the page: its name, whether it is begun, where it leads, what else it says."""
    return {
        li.h3.text.split(". ", 1)[1]: (
            "Đã có" in li.text,
            li.a["href"] if li.a else None,
            li.text,
        )
        for li in client.soup("/admin/").select("ol.tasks > li")
    }


def test_each_step_is_begun_by_what_belongs_to_it_alone(session):
    known = set()
    assert begun(session, today=TODAY) == known
    makers = {
        "days_off": lambda: seed_holidays(session, [2024]),
        "settings": lambda: [put_setting(session, name, f"Tên {name}") for name in NAMES],
        "heads": lambda: make_letter_head(session),
        "components": lambda: make_component(session),
        "investors": lambda: make_investor(session),
        "projects": lambda: make_project(session),
        "capital": lambda: make_allocation(session),
        "people": lambda: make_user(session, "investor"),
    }
    for key, make in makers.items():
        make()
        session.flush()
        known |= {key}
        assert begun(session, today=TODAY) == known
    assert known == ALL
    assert begun(session, today=date(2023, 12, 31)) == ALL - {"days_off"}


def test_an_office_has_its_names_once_all_of_them_are_saved_also_unchanged(client_for, session):
    for name in NAMES[1:]:
        put_setting(session, name, "Tên khác")
    session.commit()
    assert "settings" not in begun(session, today=TODAY)
    client = client_for("admin")
    page = client.soup("/admin/settings/")
    typed = {one["name"]: one["value"] for one in page.select("form.card input[name]")}
    assert client.post_form("/admin/settings/", typed).status_code == 303
    assert "settings" in begun(session, today=TODAY)
    assert {row.key for row in session.scalars(select(Setting))} == set(NAMES)


def test_capital_is_begun_with_a_line_not_with_an_empty_allocation(session):
    make_allocation(session, None)
    assert session.query(AllocationLine).count() == 0
    assert "capital" not in begun(session, today=TODAY)


@pytest.mark.parametrize(
    ("who", "own"),
    [
        (
            "admin",
            [
                *("/admin/settings/", "/admin/letter_head/", "/admin/component/"),
                *("/admin/investor/", "/admin/user/", "/admin/holiday/"),
            ],
        ),
        (
            "officer",
            [
                *("/admin/letter_head/", "/admin/investor/", "/admin/holiday/"),
                *("/admin/project/", "/admin/period/"),
            ],
        ),
        ("finance", ["/admin/decision/"]),
        ("leader", []),
        ("auditor", []),
    ],
)
def test_everybody_of_the_office_sees_the_steps_and_opens_their_own(client_for, session, who, own):
    client = client_for(who)
    found = steps(client)
    assert len(found) == len(ALL) + 1
    assert [href for _begun, href, _text in found.values() if href] == own
    for address in own:
        assert client.get(address).status_code == 200
    for _begun, href, text in found.values():
        assert ("Việc của: " in text) == (href is None)
    if who != "finance":
        assert "Việc của: Cán bộ tài chính" in found["Quyết định và vốn giao"][2]


def test_what_is_entered_is_ticked_off_until_a_period_is_open(client_for, session):
    client = client_for("admin")
    assert not steps(client)["Chủ đầu tư"][0]
    unit = make_investor(session)
    session.commit()
    assert steps(client)["Chủ đầu tư"][0]
    assert steps(client_for("investor", unit)) == {}
    make_period(session)
    session.commit()
    assert steps(client) == {}


def test_days_off_that_were_only_computed_are_not_known(app, session):
    with app.app_context():
        seed_holidays(db.session(), [2030])
        db.session.commit()
    assert "days_off" not in begun(session, today=date(2030, 1, 2))


def test_the_days_of_this_year_are_offered_until_they_are_there(app, client_for):
    def offered():
        return client_for("admin").soup("/admin/holiday/").select_one("#fill-year")["value"]

    this = today().year
    assert offered() == str(this)
    with app.app_context():
        seed_holidays(db.session(), [this])
        db.session.commit()
    assert offered() == str(this + 1)


def test_the_settings_are_parted_in_deadline_names_and_the_rest(client_for):
    form = client_for("admin").soup("/admin/settings/").select_one("form.card")
    found, part = {}, ""
    for one in form.select("h2, [id]"):
        if one.name == "h2":
            part = one.text
        else:
            found.setdefault(part, []).append(one["id"])
    assert list(found) == ["Hạn nộp", "Tên gọi của cơ quan", "Cài đặt khác"]
    assert found["Tên gọi của cơ quan"] == [*NAMES, "office_contact"]
