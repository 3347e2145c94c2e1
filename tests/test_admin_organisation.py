"""Reorganisation on screen: first shown, then done, once; taken back; access of the successor."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from bs4 import BeautifulSoup

from models import AllocationLine, Investor, InvestorKind, LineKind, OrgEvent, Project, Submission
from models.duty import open_period
from models.reorganisation import going_on
from tests.factories import (
    make_allocation,
    make_decision,
    make_disbursement,
    make_entry,
    make_investor,
    make_project,
    make_submission,
    make_user,
)

PAGE = "/admin/organisation/"
NOW = datetime(2024, 12, 3, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def district(session):
    """Sơn Hà with 500 triệu, of which 120 are reported in November, and the town."""
    town = make_investor(session, code="X-06385", short_name="UBND thị trấn Hữu Lũng")
    commune = make_investor(session, code="X-06454", short_name="UBND xã Sơn Hà")
    project = make_project(session, investor=commune, code="S1")
    allocation = make_allocation(session, 500_000_000, project=project)
    november, _december = (open_period(session, code, at=NOW) for code in ("2024-11", "2024-12"))
    report = make_submission(session, period=november, investor=commune, status="accepted")
    entry = make_entry(session, project=project, submission=report)
    make_disbursement(session, entry, allocation, completed=120_000_000)
    decision = make_decision(session, number="1286/NQ-UBTVQH15", issued_on=date(2024, 11, 14))
    session.commit()
    return town, commune, decision


def form(district, **given):
    town, commune, decision = district
    return {
        "kind": "merge",
        "effective_on": "01/12/2024",
        "decision": decision.id,
        "predecessors": commune.id,
        "successor": town.id,
    } | given


def post(client, fields, page=PAGE):
    key = client.soup(page).select_one("input[name=form_key]")["value"]
    return client.post_form(PAGE, {"form_key": key} | fields)


def test_the_preview_shows_the_pairs_and_does_nothing(session, district, client_for):
    client = client_for("officer")
    reply = post(client, form(district, action="preview"))
    assert reply.status_code == 200
    assert "500.000.000" in reply.text
    assert "120.000.000" in reply.text
    assert "S1-2" in reply.text
    assert session.query(OrgEvent).count() == 0
    assert session.query(Project).count() == 1
    session.refresh(district[1])
    assert district[1].valid_to is None


def test_it_is_done_once_and_taken_back_once(session, district, client_for):
    client = client_for("officer")
    key = client.soup(PAGE).select_one("input[name=form_key]")["value"]
    fields = form(district, action="do", form_key=key)
    for _again in range(2):
        assert client.post_form(PAGE, fields).status_code == 303
    event = session.query(OrgEvent).one()
    assert session.query(AllocationLine).filter_by(kind=LineKind.TRANSFER).count() == 2
    page = f"{PAGE}{event.id}"
    shown = client.soup(page)
    assert "120.000.000" in shown.text
    undo = {"form_key": shown.select_one("input[name=form_key]")["value"]}
    assert client.post_form(f"{page}/undo", undo).status_code == 303
    session.expire_all()
    assert session.query(Project).count() == 1
    assert session.query(OrgEvent).one().undone_at is not None
    again = {"form_key": client.soup(PAGE).select_one("input[name=form_key]")["value"]}
    assert client.post_form(f"{page}/undo", again).status_code == 422


def test_a_new_unit_takes_over_and_the_code_is_used_again(session, district, client_for):
    town, commune, _decision = district
    new = {
        "successor": "new",
        "new_code": "X-06385",
        "new_name": "Ủy ban nhân dân xã Hữu Lũng",
        "new_short_name": "UBND xã Hữu Lũng",
        "new_kind": "commune",
        "action": "do",
    }
    fields = form(district, **new) | {"predecessors": [str(town.id), str(commune.id)]}
    assert post(client_for("admin"), fields).status_code == 303
    made = session.query(Investor).filter_by(short_name="UBND xã Hữu Lũng").one()
    assert (made.valid_from, made.kind) == (date(2024, 12, 1), InvestorKind.COMMUNE)
    session.refresh(town)
    assert town.valid_to == date(2024, 11, 30)
    # its code is free for the old one again once it is gone
    page = f"{PAGE}{session.query(OrgEvent).one().id}"
    key = client_for("admin").soup(page).select_one("input[name=form_key]")["value"]
    assert client_for("admin").post_form(f"{page}/undo", {"form_key": key}).status_code == 303
    session.expire_all()
    assert session.query(Investor).count() == 2
    assert town.valid_to is None


def test_a_unit_is_split_in_three_steps(session, district, client_for):
    """First who takes over, then which project goes to whom, then it is shown and done."""
    town, commune, _decision = district
    other = make_investor(session, code="X-06391", short_name="UBND xã Yên Bình")
    project = make_project(session, investor=commune, code="S2")
    make_allocation(session, 70_000_000, project=project)
    session.commit()
    first = session.query(Project).filter_by(code="S1").one()
    fields = form(
        district, kind="split", unit=commune.id, successors=[town.id, other.id], action="preview"
    )
    client = client_for("officer")
    reply = post(client, fields)
    assert reply.status_code == 200
    asked = BeautifulSoup(reply.text, "lxml")
    selects = [one["name"] for one in asked.select("#shared select")]
    assert selects == ["taker-rest", f"taker-{first.id}", f"taker-{project.id}"]
    assert [one["value"] for one in asked.select("#shared select")[0].select("option")] == [
        "", str(town.id), str(other.id),
    ]  # fmt: skip
    # one is left out, then one goes by itself and the rest together
    reply = post(client, fields | {"taker-rest": "", f"taker-{first.id}": town.id})
    assert reply.status_code == 422
    assert "S2" in BeautifulSoup(reply.text, "lxml").select_one(".flash-bad").text
    fields |= {"taker-rest": other.id, f"taker-{first.id}": town.id}
    reply = post(client, fields)
    assert reply.status_code == 200
    preview = BeautifulSoup(reply.text, "lxml").select_one("#preview")
    assert "UBND xã Sơn Hà → UBND thị trấn Hữu Lũng, UBND xã Yên Bình" in preview.text
    assert session.query(OrgEvent).count() == 0
    sent = [
        (one["name"], one["value"])
        for one in preview.select("form input[type=hidden], form button")
        if one["name"] != "csrf_token"
    ]
    assert client.post_form(PAGE, sent).status_code == 303
    assert session.query(OrgEvent).one().kind.value == "split"
    held = session.query(Project.code, Project.investor_id).filter(Project.code.like("S_-2"))
    assert dict(held.all()) == {"S1-2": town.id, "S2-2": other.id}


def test_a_unit_that_is_gone_meanwhile_is_marked_and_the_choices_stay(
    session, district, client_for
):
    town, commune, _decision = district
    gone = make_investor(session, code="X-06391", short_name="Xã A", valid_to=date(2024, 11, 30))
    session.commit()
    project = session.query(Project).filter_by(code="S1").one()
    fields = form(
        district, kind="split", unit=commune.id, successors=[gone.id, town.id], action="preview",
        **{"taker-rest": "", f"taker-{project.id}": town.id},
    )  # fmt: skip
    reply = post(client_for("officer"), fields)
    assert reply.status_code == 422
    page = BeautifulSoup(reply.text, "lxml")
    assert "Xã A không tồn tại" in page.select_one(".flash-bad").text
    box = page.select_one("input[name=successors]").find_parent("fieldset")
    assert box["aria-invalid"] == "true"
    chosen = page.select_one(f"#taker-{project.id} option[selected]")
    assert chosen["value"] == str(town.id)


def test_what_goes_on_is_asked_once(session, district, client_for, monkeypatch):
    town, commune, _decision = district
    other = make_investor(session, code="X-06391", short_name="UBND xã Yên Bình")
    session.commit()
    asked = []

    def counted(*given):
        asked.append(given)
        return going_on(*given)

    monkeypatch.setattr("models.reorganisation.hand_over.going_on", counted)
    monkeypatch.setattr("admin.pages.organisation.going_on", counted)
    fields = form(
        district, kind="split", unit=commune.id, successors=[town.id, other.id], action="preview"
    )
    for more in ({}, {"taker-rest": town.id}):
        assert post(client_for("officer"), fields | more).status_code == 200
        assert len(asked) == 1
        asked.clear()


def test_a_split_names_a_new_unit_by_what_was_typed(session, district, client_for):
    town, commune, _decision = district
    new = {
        "new_code": "X-06454", "new_name": "Ủy ban nhân dân xã Sơn Hà", "new_kind": "commune",
        "new_short_name": "UBND xã Sơn Hà mới",
    }  # fmt: skip
    fields = form(
        district, kind="split", unit=commune.id, successors=[town.id, "new"], action="do",
        **new, **{"taker-rest": "new"},
    )  # fmt: skip
    assert post(client_for("officer"), fields).status_code == 303
    made = session.query(Investor).filter_by(short_name="UBND xã Sơn Hà mới").one()
    assert session.query(Project).filter_by(code="S1-2").one().investor_id == made.id


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"effective_on": "x"}, "effective_on"),
        ({"decision": ""}, "decision"),
        ({"predecessors": ""}, None),
        ({"successor": ""}, None),
        ({"kind": "x"}, None),
        ({"successor": "new", "new_kind": "commune"}, None),
        ({"kind": "rename", "unit": ""}, None),
        ({"kind": "split"}, None),
        ({"kind": "split", "unit": "1", "successors": ["1"]}, None),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    session, district, client_for, given, field
):
    fields = form(district, action="do") | given
    if not fields.get("predecessors"):
        fields.pop("predecessors")
    reply = post(client_for("officer"), fields)
    assert reply.status_code == 422
    assert f'value="{fields["effective_on"]}"' in reply.text
    assert session.query(OrgEvent).count() == 0
    assert field is None or field in reply.text


@pytest.mark.parametrize("role", ["finance", "leader", "auditor"])
def test_others_look_but_do_not_reorganise(session, district, client_for, role):
    client = client_for(role)
    assert client.get(PAGE).status_code == 200
    assert client.post_form(PAGE, form(district, action="do")).status_code == 403
    assert client_for("investor").get(PAGE).status_code == 403


def test_users_of_the_successor_finish_the_open_draft_of_the_predecessor(
    session, district, client_for
):
    town, commune, _decision = district
    report = session.query(Submission).one()
    report.status, report.first_submitted_at, report.last_submitted_at = "draft", None, None
    user = make_user(session, "investor")
    user.investors = [town]
    session.commit()
    before = client_for(user)
    project = session.query(Project).one()
    assert before.get(f"/admin/project/details/?id={project.id}").status_code == 404
    post(client_for("officer"), form(district, action="do"))
    client = client_for(user)
    assert client.get(f"/admin/project/details/?id={project.id}").status_code == 200
    sheet = f"/admin/my-report/2024-11?investor={commune.id}"
    page = client.soup(sheet)
    data = {
        "form_key": page.select_one("input[name=form_key]")["value"],
        "version": page.select_one("input[name=version]")["value"],
        "unit": "dong",
        f"p{project.id}-progress_text": "Hoàn thành đợt 1",
        "action": "send",
    }
    for box in page.select("input[data-money]"):
        data[box["name"]] = box.get("value", "")
    assert client.post_form(sheet, data).status_code == 303
    session.expire_all()
    assert session.query(Submission).filter_by(investor_id=commune.id).one().status.value == (
        "submitted"
    )
    december = f"/admin/my-report/2024-12?investor={commune.id}"
    assert client.soup(december).select_one("button[value=send]") is None


def test_a_page_that_names_no_unit_is_of_the_one_that_is_there(session, district, client_for):
    town, commune, _decision = district
    town.sort_order, commune.sort_order = 2, 1
    user = make_user(session, "investor")
    user.investors = [town]
    session.commit()
    post(client_for("officer"), form(district, action="do"))
    client = client_for(user)
    for month in ("2024-11", "2024-12"):
        page = client.soup(f"/admin/my-report/{month}")
        assert page.select_one("nav.tabs a[aria-current=page]").text == town.short_name
        assert page.select_one("button[value=send]") is not None
    rows = {
        (card.select_one("h2").text, row.th.text): [link["href"] for link in row.select("a[href]")]
        for card in client.soup("/admin/my-report/").select("section.card")
        for row in card.select("tbody tr")
    }
    december = "Tháng 12/2024"
    assert [unit for unit, month in rows if month == december] == [town.name, commune.name]
    assert rows[commune.name, december] == [f"/admin/my-report/2024-12?investor={commune.id}"]
    assert any("/imports/" in link for link in rows[town.name, december])


def test_a_renamed_unit_is_found_under_its_new_name(session, district, client_for):
    _town, commune, _decision = district
    name = {"new_code": "X-06454", "new_name": "UBND xã Sơn Hà mới", "new_short_name": "Sơn Hà mới"}
    fields = form(district, kind="rename", unit=commune.id, action="do", **name)
    assert post(client_for("officer"), fields).status_code == 303
    late = client_for("officer").soup("/admin/reports/consolidated?period=2024-11&detail=project")
    assert "UBND xã Sơn Hà" in late.text
    assert "Sơn Hà mới" not in late.text
    now = client_for("officer").soup("/admin/reports/consolidated?period=2024-12&detail=project")
    assert "Sơn Hà mới" in now.text


@pytest.mark.parametrize(("day", "is_offered"), [("03/12/2024", False), ("04/12/2024", True)])
def test_a_unit_whose_end_lies_ahead_may_bear_another_name_until_then(
    session, district, client_for, day, is_offered
):
    """Today is 3 December: the end of yesterday is behind, that of today is not."""
    _town, commune, _decision = district
    fields = form(district, effective_on=day, action="do")
    client = client_for("officer")
    assert post(client, fields).status_code == 303
    page = client.soup(PAGE)
    offered = [one.text for one in page.select("#unit option")]
    assert any("xã Sơn Hà" in one for one in offered) is is_offered
    for others in ("#successor option", "[name=predecessors] + span", "[name=successors] + span"):
        names = "".join(one.text for one in page.select(others))
        assert "Hữu Lũng" in names
        assert "Sơn Hà" not in names
    renamed = form(
        district, kind="rename", unit=commune.id, action="do", effective_on="03/12/2024",
        new_code="X-1", new_name="Ủy ban nhân dân xã Sơn Mới", new_short_name="UBND xã Sơn Mới",
    )  # fmt: skip
    if is_offered:
        assert "hiệu lực đến 03/12/2024" in next(one for one in offered if "Sơn Hà" in one)
        assert post(client, renamed).status_code == 303
        session.refresh(commune)
        assert (commune.code, commune.valid_to) == ("X-1", date(2024, 12, 3))


def test_a_new_name_waits_for_its_day_and_leaves_earlier_months_theirs(
    session, district, client_for
):
    """Every page asks by the day it is about, else by today."""
    _town, commune, _decision = district
    commune.name = "Ủy ban nhân dân xã Sơn Hà"
    session.commit()
    fields = form(
        district, kind="rename", unit=commune.id, action="do", effective_on="15/12/2024",
        new_code="X-1", new_name="Ủy ban nhân dân xã Sơn Mới", new_short_name="UBND xã Sơn Mới",
    )  # fmt: skip
    assert post(client_for("officer"), fields).status_code == 303
    person = make_user(session, username="sonha", role="investor", investors=[commune])
    session.commit()

    def shown(client, address, where="main"):
        text = " ".join(one.text for one in client.soup(address).select(where))
        return "Sơn Hà" in text, "Sơn Mới" in text

    def names():
        officer, unit = client_for("officer"), client_for(person)
        return [
            shown(officer, "/admin/review/2024-11"),
            shown(officer, f"/admin/review/2024-11/{commune.id}", "h1, .page-title"),
            shown(officer, "/admin/review/2024-12"),
            shown(officer, "/admin/organisation/", "#unit"),
            shown(officer, "/admin/project/"),
            shown(officer, "/admin/imports/new", "#investor"),
            shown(unit, "/admin/my-report/"),
            shown(unit, "/admin/my-report/2024-12"),
            shown(client_for("admin"), "/admin/user/new/", "#investors"),
        ]

    old, new = (True, False), (False, True)
    # December is over under the new name: its pages say so today, as its reports do
    assert names() == [old, old, new, old, old, old, old, new, old]
    with time_machine.travel(datetime(2024, 12, 15, tzinfo=UTC), tick=True):
        assert names() == [old, old, new, new, new, new, new, new, new]
