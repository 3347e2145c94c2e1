"""Exceptions, remarks, quarters and frozen reports through their addresses."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup

from models import (
    Actor,
    Disbursement,
    ExpectedReport,
    Period,
    Remark,
    Reopening,
    ReportVersion,
    Submission,
)
from models.duty import open_period, reopen_for_unit
from models.filing import return_report, send_report
from models.ledger import sums_of
from reports.frozen import lock_and_freeze
from tests.factories import (
    make_allocation,
    make_disbursement,
    make_entry,
    make_project,
    make_submission,
    make_user,
)

NOW = datetime(2024, 4, 12, 2, tzinfo=UTC)
HIDDEN = ("form_key", "version")
CLERK = Actor(None, "Cán bộ")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def place(session):
    """A unit that has sent March: 600.000 đồng of 1.000.000."""
    project = make_project(session)
    allocation = make_allocation(session, project=project)
    period = open_period(session, "2024-03", at=NOW)
    report = make_submission(session, period=period, investor=project.investor, status="submitted")
    entry = make_entry(session, project=project, submission=report, progress_text="Đang làm")
    make_disbursement(session, entry, allocation, completed=600_000)
    session.commit()
    return period, project, allocation, report


def address(place, act=""):
    period, project, *_rest = place
    return f"/admin/review/{period.code}/{project.investor_id}{act}"


def post(client, url, page=None, **fields):
    key = client.soup(page or url).select_one("input[name=form_key]")["value"]
    return client.post_form(url, {"form_key": key} | fields)


def lock(session, place):
    lock_and_freeze(session, place[0], at=NOW, actor=CLERK)
    session.commit()


def own_user(session, place):
    user = make_user(session, "investor")
    user.investors = [place[1].investor]
    session.commit()
    return user


def test_an_officer_extends_and_takes_back(session, place, client_for):
    client, page = client_for("officer"), address(place)
    fields = {"extended_day": "15/04/2024", "extended_time": "17:00", "extension_reason": "Bão"}
    assert post(client, f"{page}/extend", page, **fields).status_code == 303
    row = session.query(ExpectedReport).one()
    assert row.deadline_at == datetime(2024, 4, 15, 10, tzinfo=UTC)
    assert "Bão" in client.soup(page).text
    assert post(client, f"{page}/extend", page, action="end").status_code == 303
    session.refresh(row)
    assert row.deadline_at is None


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("{unit}/extend", {"extended_day": "15/04/2030", "extension_reason": "Bão"}),
        ("{unit}/extend", {"action": "end"}),
        ("{unit}/exempt", {"action": "exempt", "exempt_reason": "Bão"}),
        ("{unit}/exempt", {"action": "end"}),
        ("/admin/review/2024-03/deadline", {"day": "15/04/2030", "deadline_reason": "Bão"}),
    ],
)
def test_no_duty_changes_by_a_page_from_before_the_lock(session, place, client_for, act, fields):
    client, page = client_for("officer"), address(place)
    key = client.soup(page).select_one("input[name=form_key]")["value"]
    lock(session, place)
    before = place[0].deadline_at
    reply = client.post_form(act.format(unit=page), {"form_key": key} | fields)
    assert reply.status_code == 422
    assert "hạn nộp và việc miễn báo cáo không thay đổi nữa" in reply.text
    session.refresh(place[0])
    assert place[0].deadline_at == before
    unit = session.query(ExpectedReport).one()
    assert (unit.deadline_at, unit.exempt_reason) == (None, None)
    assert not client.soup(page).select("form[action$='/extend'], form[action$='/exempt']")


@pytest.mark.parametrize(
    "fields",
    [
        {"extended_day": "09/04/2024", "extended_time": "23:59:59", "extension_reason": "x"},
        {"extended_day": "31/04/2024", "extension_reason": "x"},
        {"extended_day": "15/04/2024", "extended_time": "25:00", "extension_reason": "x"},
        {"extended_day": "15/04/2024", "extension_reason": ""},
    ],
)
def test_a_wrong_extension_keeps_what_was_typed(session, place, client_for, fields):
    client, page = client_for("officer"), address(place)
    reply = post(client, f"{page}/extend", page, **fields)
    assert reply.status_code == 422
    assert f'value="{fields["extended_day"]}"' in reply.text
    assert session.query(ExpectedReport).one().deadline_at is None


def test_everybody_is_told_why_and_until_when_a_unit_is_exempt(session, client_for):
    """Of a locked month as well, where nobody may change it."""
    project = make_project(session)
    make_allocation(session, project=project)
    period = open_period(session, "2024-03", at=NOW)
    row = session.query(ExpectedReport).one()
    row.exempt_reason, row.exempt_until = "Bão lũ", date(2024, 12, 31)
    place = (period, project)
    own = client_for(own_user(session, place))
    lock(session, place)
    office = client_for("officer")
    why = f"/admin/reports/late/why?period=2024-03&investor={project.investor_id}"
    for client, url in (
        (office, address(place)),
        (office, "/admin/review/2024-03?show=exempt"),
        (office, f"/admin/period/details/?id={period.id}"),
        (office, why),
        (own, why),
        (own, "/admin/my-report/"),
    ):
        assert "Bão lũ (đến ngày 31/12/2024)" in " ".join(client.soup(url).text.split()), url


@pytest.mark.parametrize("role", ["leader", "auditor", "finance", "admin", "investor"])
def test_only_officers_act_on_units(session, place, client_for, role):
    client = client_for(own_user(session, place)) if role == "investor" else client_for(role)
    for act in ("/extend", "/reopen", "/receipt", "/exempt", "/remark"):
        assert client.post_form(address(place, act)).status_code == 403, act


def test_one_unit_corrects_a_locked_month_and_version_two_is_frozen(session, place, client_for):
    _period, project, allocation, _report = place
    officer, page = client_for("officer"), address(place)
    assert post(officer, page, action="accept").status_code == 303
    lock(session, place)
    unit = client_for(own_user(session, place))
    sheet = "/admin/my-report/2024-03"
    closed = unit.soup(sheet)
    assert closed.select_one("button[value=send]") is None
    assert "chốt" in closed.text
    fields = {"reopen_day": "12/04/2024", "reopen_time": "17:00", "reopen_reason": "Sai số"}
    assert post(officer, f"{page}/reopen", page, **fields).status_code == 303
    assert session.query(Reopening).one().until_at == datetime(2024, 4, 12, 10, tzinfo=UTC)
    opened = unit.soup(sheet)
    assert opened.select_one("button[value=save]") is not None  # a draft always saves
    form = {
        "form_key": opened.select_one("input[name=form_key]")["value"],
        "version": opened.select_one("input[name=version]")["value"],
        "unit": "dong",
        f"a{allocation.id}-completed": "650.000",
        f"p{project.id}-progress_text": "Bổ sung chứng từ",
    }
    over = unit.post_form(
        sheet, form | {f"a{allocation.id}-completed": "1.000.001", "action": "send"}
    )
    assert over.status_code == 422
    assert "1.000.001" in over.text
    session.expire_all()
    assert session.query(Disbursement).one().completed == 1_000_001  # kept as a draft
    sums = sums_of(session, [allocation.id], day=date(2024, 12, 31))
    assert sums[allocation.id].disbursed == 600_000  # the sent report stands
    again = unit.soup(sheet)
    for name in ("form_key", "version"):
        form[name] = again.select_one(f"input[name={name}]")["value"]
    assert unit.post_form(sheet, form | {"action": "send"}).status_code == 303
    session.expire_all()
    assert session.query(Disbursement).one().completed == 650_000
    assert post(officer, page, action="accept").status_code == 303
    versions = session.query(ReportVersion).order_by(ReportVersion.number).all()
    assert [one.number for one in versions] == [1, 2]
    assert "Sai số" in versions[1].reason
    compared = officer.soup("/admin/versions/2024-03/compare?a=1&b=2")
    assert "50.000" in compared.text
    assert "Sai số" in compared.text


def test_the_hour_closes_the_form_by_itself(session, place, client_for):
    post(client_for("officer"), address(place), action="accept")
    lock(session, place)
    officer, page = client_for("officer"), address(place)
    fields = {"reopen_day": "12/04/2024", "reopen_time": "17:00", "reopen_reason": "Sai số"}
    post(officer, f"{page}/reopen", page, **fields)
    user = own_user(session, place)
    hour = datetime(2024, 4, 12, 10, tzinfo=UTC)
    for moment, there in ((hour - timedelta(seconds=1), True), (hour, False)):
        with time_machine.travel(moment, tick=False):
            page = client_for(user).soup("/admin/my-report/2024-03")
            assert (page.select_one("button[value=send]") is not None) is there


@pytest.fixture
def unsent(session):
    """A unit that has sent nothing for an open March."""
    project = make_project(session)
    allocation = make_allocation(session, project=project)
    period = open_period(session, "2024-03", at=NOW)
    session.commit()
    return period, project, allocation, None


def test_an_officer_enters_a_report_that_came_on_paper(session, unsent, client_for):
    _period, project, allocation, _none = unsent
    officer, page = client_for("officer"), address(unsent)
    entry = f"/admin/enter-report/2024-03?investor={project.investor_id}"
    assert officer.get(entry).status_code == 404  # nothing is registered yet
    fields = {
        "received_via": "paper", "received_day": "08/04/2024", "received_time": "16:30",
        "received_note": "Số đến 321",
    }  # fmt: skip
    assert post(officer, f"{page}/receipt", page, **fields).status_code == 303
    sheet = officer.soup(entry)
    form = {
        "form_key": sheet.select_one("input[name=form_key]")["value"],
        "version": sheet.select_one("input[name=version]")["value"],
        "unit": "nghin",
        f"a{allocation.id}-completed": "250",
        f"p{project.id}-progress_text": "Theo bản giấy",
        "action": "send",
    }
    assert officer.post_form(entry, form).status_code == 303
    session.expire_all()
    report = session.query(Submission).one()
    assert report.first_submitted_at == datetime(2024, 4, 8, 9, 30, tzinfo=UTC)
    assert report.status.value == "submitted"
    assert session.query(Disbursement).one().completed == 250_000
    shown = officer.soup(page).text
    assert "Số đến 321" in shown
    late = officer.soup("/admin/reports/late?period=2024-03&all=1").text
    assert "Đúng hạn" in late
    assert "Nộp lại" not in late
    why = officer.soup(f"/admin/reports/late/why?period=2024-03&investor={project.investor_id}")
    assert "16:30:00 08/04/2024" in why.text
    assert "Số đến 321" in why.text

    # typed in by the office; then returned, and sent again by the unit itself
    assert "nhập vào hệ thống" in officer.soup("/admin/review/2024-03").select_one(".moment").text
    return_report(session, report, reason="Thiếu chứng từ", at=NOW, actor=CLERK)
    send_report(session, report, at=NOW + timedelta(hours=1), actor=CLERK)
    session.commit()
    assert "gửi lại" in officer.soup("/admin/review/2024-03").select_one(".moment").text


@pytest.mark.parametrize("role", ["leader", "finance", "admin", "auditor", "investor"])
def test_nobody_else_enters_for_a_unit(session, unsent, client_for, role):
    client = client_for(own_user(session, unsent)) if role == "investor" else client_for(role)
    url = f"/admin/enter-report/2024-03?investor={unsent[1].investor_id}"
    assert client.get(url).status_code == 403


def test_a_foreign_cell_of_the_grid_is_missing(session, place, client_for):
    other = make_project(session)
    make_user(session)
    client = client_for(own_user(session, place))
    own = f"/admin/reports/late/why?period=2024-03&investor={place[1].investor_id}"
    assert client.get(own).status_code == 200
    foreign = f"/admin/reports/late/why?period=2024-03&investor={other.investor_id}"
    assert client.get(foreign).status_code == 404


def test_a_return_carries_remarks_on_several_figures_and_keeps_the_thread(
    session, place, client_for
):
    _period, project, allocation, _report = place
    officer, page = client_for("officer"), address(place)
    shown = officer.soup(page)
    fields = {
        "action": "return",
        "version": shown.select_one("input[name=version]")["value"],
        f"remark-allocation:{allocation.id}-completed": "Chứng từ nào?",
        f"remark-project:{project.id}": "Tiến độ bao nhiêu %?",
    }
    assert post(officer, page, **fields).status_code == 303
    remarks = session.query(Remark).order_by(Remark.id).all()
    assert [one.text for one in remarks] == ["Chứng từ nào?", "Tiến độ bao nhiêu %?"]
    assert session.query(Submission).one().status.value == "returned"
    unit = client_for(own_user(session, place))
    home = unit.soup("/admin/")
    assert "Chứng từ nào?" in home.text
    sheet = unit.soup("/admin/my-report/2024-03")
    assert len(sheet.select(".thread")) == 2
    form = {
        "form_key": sheet.select_one("input[name=form_key]")["value"],
        "version": sheet.select_one("input[name=version]")["value"],
        "unit": "dong",
        f"a{allocation.id}-completed": "600.000",
        f"p{project.id}-progress_text": "Đạt 40 %",
        f"reply-{remarks[0].thread_id}": "Giấy rút vốn số 7",
        "action": "send",
    }
    assert unit.post_form("/admin/my-report/2024-03", form).status_code == 303
    assert "Giấy rút vốn số 7" in officer.soup("/admin/").text
    closing = post(officer, f"{page}/remark", page, resolve=str(remarks[0].thread_id))
    assert closing.status_code == 303
    left = officer.soup("/admin/").text
    assert "Giấy rút vốn số 7" not in left
    assert "Tiến độ bao nhiêu %?" in left
    assert "Giấy rút vốn số 7" in officer.soup(page).text  # the thread is kept


def test_an_answer_beside_an_unreadable_amount_is_stored_once(session, place, client_for):
    _period, project, allocation, _report = place
    officer, page = client_for("officer"), address(place)
    version = officer.soup(page).select_one("input[name=version]")["value"]
    fields = {"action": "return", "version": version, f"remark-project:{project.id}": "Số hộ?"}
    post(officer, page, **fields)
    thread = session.query(Remark).one().thread_id
    unit = client_for(own_user(session, place))
    url = "/admin/my-report/2024-03"
    sheet = unit.soup(url)
    form = {name: sheet.select_one(f"input[name={name}]")["value"] for name in HIDDEN}
    form |= {"unit": "dong", f"a{allocation.id}-completed": "mười", f"reply-{thread}": "31 hộ"}

    reply = unit.post_form(url, form | {"action": "send"})

    shown = BeautifulSoup(reply.text, "html.parser")
    assert reply.status_code == 422
    assert shown.select_one(f"#a{allocation.id}-completed")["value"] == "mười"
    assert not shown.select_one(f"[name=reply-{thread}]").text.strip()
    assert [one.text for one in session.query(Remark).order_by(Remark.id)] == ["Số hộ?", "31 hộ"]


def test_a_remark_on_a_figure_of_another_unit_is_refused(session, place, client_for):
    other = make_allocation(session)
    session.commit()
    officer, page = client_for("officer"), address(place)
    fields = {f"remark-allocation:{other.id}-completed": "x"}
    assert post(officer, f"{page}/remark", page, **fields).status_code == 422
    assert session.query(Remark).count() == 0


# Quarters


@pytest.fixture
def quarter(session):
    """A unit with three sent months and the open first quarter."""
    project = make_project(session)
    allocation = make_allocation(session, 100_000_000, project=project)
    with_amounts = []
    for code, amount in (("2024-01", 1_000_000), ("2024-02", 0), ("2024-03", 2_500_000)):
        period = open_period(session, code, at=NOW)
        report = make_submission(
            session, period=period, investor=project.investor, status="accepted"
        )
        entry = make_entry(session, project=project, submission=report)
        if amount:
            make_disbursement(session, entry, allocation, completed=amount)
        with_amounts.append(report)
    period = open_period(session, "2024-Q1", at=NOW)
    session.commit()
    return period, project, allocation, with_amounts


def send_quarter(client, **words):
    page = client.soup("/admin/my-report/2024-Q1")
    form = {
        "form_key": page.select_one("input[name=form_key]")["value"],
        "version": page.select_one("input[name=version]")["value"],
        "action": "send",
    }
    return client.post_form("/admin/my-report/2024-Q1", form | words)


def test_a_quarter_takes_its_figures_from_the_months_and_asks_for_words(
    session, quarter, client_for
):
    period, _project, _allocation, _reports = quarter
    client = client_for(own_user(session, quarter))
    page = client.soup("/admin/my-report/2024-Q1")
    assert "3.500.000" in page.text
    assert page.select("input[data-money]") == []
    empty = send_quarter(client)
    assert empty.status_code == 422
    reply = send_quarter(
        client, narrative_results="Đã cấp 12 con trâu", narrative_tasks="Nghiệm thu đợt 2"
    )
    assert reply.status_code == 303
    report = session.query(Submission).filter_by(period_id=period.id).one()
    assert (report.status.value, report.narrative_results) == ("submitted", "Đã cấp 12 con trâu")
    officer = client_for("officer")
    shown = officer.soup(f"/admin/review/2024-Q1/{quarter[1].investor_id}")
    assert "Đã cấp 12 con trâu" in shown.text
    late = officer.soup("/admin/reports/late?period=2024-Q1&all=1")
    assert "Nộp muộn" in late.text  # sent on 12 April, due on 9 April
    total = officer.get(
        "/admin/reports/consolidated.csv?period=2024-Q1&headers=keys"
    ).text.splitlines()
    head, row = total[0].lstrip("\ufeff").split(","), total[1].split(",")
    assert row[head.index("disbursed_month")] == "3500000"


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ({"narrative_results": "Đã cấp", "narrative_tasks": "Nghiệm thu"}, 303, "Đã gửi báo cáo"),
        ({}, 422, "Báo cáo chưa được gửi."),
    ],
)
def test_a_quarter_that_comes_twice_says_how_it_stands(
    session, quarter, client_for, words, status, said
):
    client = client_for(own_user(session, quarter))
    page = client.soup("/admin/my-report/2024-Q1")
    form = {field: page.select_one(f"input[name={field}]")["value"] for field in HIDDEN}
    form |= {"action": "send"} | words
    assert client.post_form("/admin/my-report/2024-Q1", form).status_code == status
    client.get("/admin/my-report/2024-Q1")  # what the first answer said is read
    assert client.post_form("/admin/my-report/2024-Q1", form).status_code == 303
    assert said in client.get("/admin/my-report/2024-Q1").text


@pytest.mark.parametrize("action", ["save", "send"])
def test_a_text_of_a_quarter_that_is_too_long_keeps_the_rest_from_nothing(
    session, quarter, client_for, action
):
    period = quarter[0]
    client = client_for(own_user(session, quarter))
    page = client.soup("/admin/my-report/2024-Q1")
    form = {field: page.select_one(f"input[name={field}]")["value"] for field in HIDDEN}
    form |= {"narrative_results": "ă" * 8_001, "narrative_tasks": "Nghiệm thu", "action": action}

    reply = client.post_form("/admin/my-report/2024-Q1", form)

    assert reply.status_code == 422
    assert "8001" in reply.text
    assert "ă" * 8_001 in reply.text
    report = session.query(Submission).filter_by(period_id=period.id).one()
    assert (report.status.value, report.narrative_tasks) == ("draft", "Nghiệm thu")
    assert not report.narrative_results


@pytest.mark.parametrize(
    ("act", "field", "more"),
    [
        ("", "reason", {"action": "return"}),
        ("/exempt", "exempt_reason", {}),
        ("/extend", "extension_reason", {"extended_day": "15/04/2024", "extended_time": ""}),
        ("/remark", "remark-report", {}),
    ],
)
def test_a_reason_that_is_too_long_is_refused_and_kept(
    session, place, client_for, act, field, more
):
    client, page = client_for("officer"), address(place)

    reply = post(client, f"{page}{act}", page, **{field: "ă" * 4_001}, **more)

    assert reply.status_code == 422
    assert "4001" in reply.text
    assert "ă" * 4_001 in reply.text
    assert session.query(Remark).count() == 0
    assert session.query(Submission).one().status.value == "submitted"


def test_a_quarter_waits_for_its_months(session, quarter, client_for):
    _period, _project, _allocation, reports = quarter
    reports[1].status = "draft"
    session.commit()
    client = client_for(own_user(session, quarter))
    reply = send_quarter(client, narrative_results="x")
    assert reply.status_code == 422
    assert "2024-02" in reply.text
    assert ">\nx</textarea>" in reply.text


def test_an_officer_who_enters_a_quarter_for_a_unit_is_told_so(session, quarter, client_for):
    officer, unit = client_for("officer"), quarter[1].investor_id
    page = f"/admin/review/2024-Q1/{unit}"
    came = {"received_via": "paper", "received_day": "08/04/2024", "received_time": "16:30",
            "received_note": "Số đến 321"}  # fmt: skip
    assert post(officer, f"{page}/receipt", page, **came).status_code == 303
    shown = officer.soup(f"/admin/enter-report/2024-Q1?investor={unit}")
    assert "nhập báo cáo thay đơn vị" in shown.select_one(".flash-info").text
    assert shown.select_one("a[href*='/print']")["href"].endswith(f"investor={unit}")


def test_a_quarter_reopened_before_it_was_sent_says_nothing_of_what_was_sent(
    session, quarter, client_for
):
    unit = client_for(own_user(session, quarter))
    lock(session, quarter)
    reopen_for_unit(
        session, quarter[0], quarter[1].investor, until_at=NOW + timedelta(days=1),
        reason="Gửi chậm", at=NOW, actor=CLERK,
    )  # fmt: skip
    session.commit()
    told = unit.soup("/admin/my-report/2024-Q1").select_one(".flash-warn").text
    assert "mở lại cho đơn vị này" in told
    assert "đã gửi trước đó" not in told


def test_a_quarter_is_late_by_its_own_deadline(session, quarter, client_for):
    period = session.query(Period).filter_by(code="2024-Q1").one()
    assert period.deadline_at == datetime(2024, 4, 9, 16, 59, 59, tzinfo=UTC)
    assert (period.data_from, period.data_to) == (date(2024, 1, 1), date(2024, 3, 31))
    officer = client_for("officer")
    assert "Chưa nộp" in officer.soup("/admin/reports/late?period=2024-Q1").text


# Frozen reports, checks, amounts in another unit


def test_the_paper_of_a_version_is_recorded_once_it_has_its_number(session, place, client_for):
    lock(session, place)
    client = client_for("officer")
    page = "/admin/versions/2024-03"
    fields = {"version": "1", "number": "128/BC-UBND", "day": "12/04/2024"}
    assert post(client, f"{page}/paper", page, **fields).status_code == 303
    assert "128/BC-UBND" in client.soup("/admin/reports/consolidated?period=2024-03").text
    bad = post(client, f"{page}/paper", page, **fields | {"day": "40/04/2024"})
    assert bad.status_code == 422
    assert client.get("/admin/reports/consolidated?period=2024-03&version=9").status_code == 404
    assert client.get("/admin/reports/consolidated?period=2024-03&version=x").status_code == 400
    reader = client_for("leader")
    assert reader.get(page).status_code == 200
    assert reader.post_form(f"{page}/paper", fields).status_code == 403


def test_a_changed_locked_period_offers_the_next_version(session, place, client_for):
    lock(session, place)
    client, page = client_for("officer"), "/admin/versions/2024-03"
    assert client.soup(page).select_one("form[action$=freeze]") is None
    session.query(Disbursement).one().completed = 600_001
    session.commit()
    assert client.soup(page).select_one("form[action$=freeze]") is not None
    assert post(client, f"{page}/freeze", page, reason="").status_code == 422
    assert post(client, f"{page}/freeze", page, reason="Số đính chính").status_code == 303
    assert session.query(ReportVersion).count() == 2


def test_a_check_is_put_on_trial(session, client_for):
    client = client_for("officer")
    form = {"since": "01/05/2024", "is_trial": "yes"}
    assert client.post_form("/admin/checks/V9", form).status_code == 303
    page = client.soup("/admin/checks/")
    assert page.select_one("#trial-V9").has_attr("checked")
    assert client.post_form("/admin/checks/V9", {"since": "x"}).status_code == 422
    assert client.post_form("/admin/checks/V17", form).status_code == 404
    assert client_for("leader").post_form("/admin/checks/V9", form).status_code == 403


@pytest.mark.parametrize(
    ("unit", "typed", "dong"),
    [("trieu", "0,75", 750_000), ("nghin", "750", 750_000), ("dong", "750.000", 750_000)],
)
def test_amounts_are_typed_in_the_unit_of_the_form(session, unsent, client_for, unit, typed, dong):
    _period, project, allocation, _none = unsent
    client = client_for(own_user(session, unsent))
    url = f"/admin/my-report/2024-03?unit={unit}"
    page = client.soup(url)
    assert page.select_one("input[name=unit]")["value"] == unit
    form = {
        "form_key": page.select_one("input[name=form_key]")["value"],
        "version": "0",
        "unit": unit,
        f"a{allocation.id}-completed": typed,
        "action": "save",
    }
    assert client.post_form("/admin/my-report/2024-03", form).status_code == 303
    assert session.query(Disbursement).one().completed == dong
    field = client.soup(url).select_one(f"#a{allocation.id}-completed")
    assert field["value"] == typed
    assert project.code


def test_an_amount_that_reads_two_ways_is_asked_back(session, unsent, client_for):
    _period, _project, allocation, _none = unsent
    client = client_for(own_user(session, unsent))
    page = client.soup("/admin/my-report/2024-03?unit=trieu")
    form = {
        "form_key": page.select_one("input[name=form_key]")["value"],
        "version": "0",
        "unit": "trieu",
        f"a{allocation.id}-completed": "1.234",
        "action": "save",
    }
    reply = client.post_form("/admin/my-report/2024-03", form)
    assert reply.status_code == 422
    assert 'value="1.234"' in reply.text
    assert session.query(Disbursement).count() == 0
