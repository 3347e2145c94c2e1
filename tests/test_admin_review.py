"""The desk of the reviewer, and the acts on a period, through the address alone."""

from datetime import UTC, date, datetime

import pytest
from bs4 import BeautifulSoup

from admin.pages import report_part
from models import AuditEntry, ExpectedReport, Period, Submission, SubmissionEvent
from models.duty import open_period
from tests.factories import (
    make_allocation,
    make_disbursement,
    make_entry,
    make_expected,
    make_investor,
    make_period,
    make_project,
    make_submission,
)

URL = "/admin/review/2024-03"
READERS = ["admin", "officer", "finance", "leader", "auditor"]


@pytest.fixture
def period(session):
    return make_period(session)


def sent(session, period, amount=600_000, **given):
    """A unit that is expected in the period and has sent a report of `amount` đồng."""
    project = make_project(session)
    allocation = make_allocation(session, project=project)
    make_expected(session, period, project.investor)
    given = {"status": "submitted"} | given
    submission = make_submission(session, period=period, investor=project.investor, **given)
    entry = make_entry(
        session, investor_id=project.investor_id, project=project, submission=submission
    )
    make_disbursement(session, entry, allocation, investor_id=project.investor_id, completed=amount)
    session.commit()
    return submission


def key(client, url=URL):
    return {"form_key": client.soup(url).select_one("input[name=form_key]")["value"]}


def unit_url(submission):
    return f"{URL}/{submission.investor_id}"


def test_a_long_desk_is_shown_by_pages(session, period, client_for, monkeypatch):
    """Each unit once, the counts and the sum of all on each page, and what is accepted there."""
    monkeypatch.setattr(report_part, "AT_ONCE", 2)
    monkeypatch.setattr(report_part, "ON_A_PAGE", 2)
    several = [sent(session, period, 1_000) for _ in range(5)]
    client = client_for("officer")
    pages = [client.soup(f"{URL}?show=waiting&page={n}") for n in range(3)]
    listed = [link["href"] for page in pages for link in page.select("table.desk tbody th.unit a")]
    assert sorted(listed) == sorted(unit_url(one) for one in several)
    assert all("(5)" in page.select_one("nav.tabs").text for page in pages)
    assert "5.000" in client.soup(f"{URL}?page=1").select_one("table.desk tfoot").text
    form = pages[1].select_one("form:has(table.desk)")
    ids = [box["value"] for box in form.select("input[name=ids]")]
    hidden = {one["name"]: one["value"] for one in form.select("input[name^=version-]")}
    given = key(client) | hidden | {"action": "accept", "ids": ids}
    assert client.post_form(form["action"], given).status_code == 303
    session.expire_all()
    accepted = {str(one.id) for one in several if one.status == "accepted"}
    assert accepted == set(ids)
    assert len(ids) == 2


def test_the_desk_says_who_sent_and_who_did_not(session, period, client_for):
    submission = sent(session, period)
    missing = make_investor(session, phone="0205 3825 000")
    make_expected(session, period, missing)
    page = client_for("officer").soup(URL)
    rows = [row.get_text(" ", strip=True) for row in page.select("tbody tr")]
    assert len(rows) == 2
    assert "600.000" in next(row for row in rows if submission.investor.short_name in row)
    assert page.select_one('a[href="tel:02053825000"]')
    assert "1/2" in client_for("officer").soup("/admin/review/").select_one("tbody").text


def test_the_sum_of_the_desk_is_that_of_what_counts(session, period, client_for):
    sent(session, period, 600_000)
    sent(session, period, 50_000, status="accepted")
    sent(session, period, 7_000, status="draft")
    foot = client_for("officer").soup(URL).select_one("table.desk tfoot")
    assert foot.get_text(" ", strip=True) == "Tổng số liệu được tính 650.000"


@pytest.mark.parametrize(
    ("show", "found"), [("waiting", 1), ("overdue", 1), ("none", 1), ("draft", 0), ("x", 2)]
)
def test_the_desk_shows_one_state_at_a_time(session, period, client_for, show, found):
    sent(session, period)
    make_expected(session, period, make_investor(session))
    page = client_for("officer").soup(f"{URL}?show={show}")
    assert len(page.select("tbody tr")) == found


def test_a_report_is_accepted_as_it_was_seen(session, period, client_for):
    submission, client = sent(session, period), client_for("officer")
    form = key(client) | {"action": "accept", "version": str(submission.version)}
    assert client.post_form(unit_url(submission), form).status_code == 303
    session.expire_all()
    assert submission.status.value == "accepted"
    event = session.query(SubmissionEvent).one()
    assert event.kind.value == "accepted"
    assert event.user_name.startswith("Người dùng")


def test_a_report_changed_meanwhile_is_not_accepted_unseen(session, period, client_for):
    submission, client = sent(session, period), client_for("officer")
    form = key(client) | {"action": "accept", "version": str(submission.version - 1)}
    reply = client.post_form(unit_url(submission), form)
    assert reply.status_code == 409
    assert submission.investor.short_name in reply.text
    session.expire_all()
    assert submission.status.value == "submitted"


def test_a_return_needs_its_reason_and_the_unit_reads_it(session, period, client_for):
    submission, client = sent(session, period), client_for("officer")
    form = key(client) | {"action": "return", "reason": "  "}
    assert client.post_form(unit_url(submission), form).status_code == 422
    form = key(client) | {"action": "return", "reason": "Thiếu số hộ"}
    assert client.post_form(unit_url(submission), form).status_code == 303
    session.expire_all()
    assert submission.status.value == "returned"
    assert submission.first_submitted_at == datetime(2024, 4, 5, tzinfo=UTC)
    unit = client_for("investor", submission.investor)
    assert "Thiếu số hộ" in unit.get("/admin/my-report/2024-03").text


def test_many_are_accepted_at_once_and_a_second_click_does_nothing(session, period, client_for):
    several = [sent(session, period) for _n in range(3)]
    client = client_for("officer")
    form = key(client) | {"action": "accept", "ids": [str(one.id) for one in several]}
    assert client.post_form(URL, form).status_code == 303
    assert client.post_form(URL, form).status_code == 303
    session.expire_all()
    assert {one.status.value for one in several} == {"accepted"}
    assert session.query(SubmissionEvent).count() == 3


def test_accepting_many_is_all_or_nothing(session, period, client_for):
    good, draft = sent(session, period), sent(session, period, status="draft")
    client = client_for("officer")
    form = key(client) | {"action": "accept", "ids": [str(good.id), str(draft.id)]}
    reply = client.post_form(URL, form)
    assert reply.status_code == 422
    assert draft.investor.short_name in reply.text
    session.expire_all()
    assert good.status.value == "submitted"


def test_nothing_chosen_is_said(session, period, client_for):
    sent(session, period)
    client = client_for("officer")
    assert client.post_form(URL, key(client) | {"action": "accept"}).status_code == 422


def test_the_report_shows_checks_with_their_explanations(session, period, client_for):
    submission = sent(session, period, amount=1_000_001)
    text = client_for("leader").soup(unit_url(submission)).select_one("main").get_text(" ")
    assert "V1" in text
    assert "1.000.001" in text


@pytest.mark.parametrize("role", READERS)
def test_the_office_reads_and_only_officers_act(session, period, client_for, role):
    submission, client = sent(session, period), client_for(role)
    for address in ("/admin/review/", URL, unit_url(submission)):
        assert client.get(address).status_code == 200
    acts = {
        URL: {"action": "accept", "ids": str(submission.id)},
        unit_url(submission): {"action": "return", "reason": "x"},
        f"{URL}/deadline": {"day": "20/04/2024", "deadline_reason": "x"},
        f"{unit_url(submission)}/exempt": {"exempt_reason": "x"},
        f"{URL}/lock": {},
        f"{URL}/reopen": {"reason": "x"},
    }
    for number, (address, form) in enumerate(acts.items()):
        reply = client.post_form(address, {"form_key": f"{role}{number}"} | form)
        assert reply.status_code == (303 if role == "officer" else 403), address
    assert client.get("/admin/period/open/").status_code == (200 if role == "officer" else 403)


def test_a_unit_has_no_desk(session, period, client_for):
    submission = sent(session, period)
    client = client_for("investor", submission.investor)
    for address in ("/admin/review/", URL, unit_url(submission), "/admin/period/open/"):
        assert client.get(address).status_code == 403
        assert client.post_form(address, {"action": "accept"}).status_code in (403, 405)


def test_unknown_periods_units_and_reports_are_missing(session, period, client_for):
    submission = sent(session, period)
    stranger = make_investor(session, valid_to=date(2024, 3, 30))
    other = make_submission(session, period=make_period(session, "2024-04"), status="submitted")
    session.commit()
    client = client_for("officer")
    for address in (
        "/admin/review/2024-09", "/admin/review/x", f"{URL}/7", f"{URL}/{stranger.id}",
    ):  # fmt: skip
        assert client.get(address).status_code == 404
    for ids in (str(other.id), "x", "9" * 30):
        form = {"form_key": ids, "action": "accept", "ids": [ids, str(submission.id)]}
        assert client.post_form(URL, form).status_code == 404


def test_a_period_is_opened_with_its_units_and_the_next_is_suggested(session, client_for):
    make_period(session, "2024-02")
    project = make_project(session)
    client = client_for("officer")
    page = client.soup("/admin/period/open/")
    assert page.select_one("#code")["value"] == "2024-03"
    form = key(client, "/admin/period/open/") | {"code": "2024-03"}
    assert client.post_form("/admin/period/open/", form).status_code == 303
    assert client.post_form("/admin/period/open/", form).status_code == 303
    opened = session.query(Period).filter_by(code="2024-03").one()
    assert [one.investor_id for one in opened.expected] == [project.investor_id]
    again = key(client, "/admin/period/open/") | {"code": "2024-03"}
    assert client.post_form("/admin/period/open/", again).status_code == 422


@pytest.mark.parametrize(
    ("there", "following"),
    [
        (["2024-11"], "2024-12"),
        (["2024-12"], "2024-Q4"),
        (["2024-12", "2024-Q4"], "2024-13"),
        (["2024-12", "2024-Q4", "2024-13"], "2025-01"),
        (["2024-12", "2025-01"], "2024-13"),
    ],
)
def test_the_period_that_comes_next_is_suggested(session, client_for, there, following):
    for code in there:
        open_period(session, code, at=datetime(2025, 2, 1, tzinfo=UTC))
    page = client_for("officer").soup("/admin/period/open/")
    assert page.select_one("#code")["value"] == following


@pytest.mark.parametrize("code", ["2024-14", "x", "", "2024-1"])
def test_an_impossible_period_is_refused_in_words(client_for, code):
    client = client_for("officer")
    form = key(client, "/admin/period/open/") | {"code": code}
    assert client.post_form("/admin/period/open/", form).status_code == 422


def test_a_period_is_locked_and_reopened_with_a_reason(session, period, client_for):
    client = client_for("officer")
    assert client.post_form(f"{URL}/lock", key(client)).status_code == 303
    session.expire_all()
    assert period.is_locked(datetime(2030, 1, 1, tzinfo=UTC))
    assert client.post_form(f"{URL}/reopen", key(client) | {"reason": ""}).status_code == 422
    reply = client.post_form(f"{URL}/reopen", key(client) | {"reason": "Sửa số của xã"})
    assert reply.status_code == 303
    session.expire_all()
    assert period.status.value == "open"
    assert session.query(AuditEntry).filter_by(action="reopen").one().changes == {
        "reason": [None, "Sửa số của xã"]
    }


def test_nothing_is_judged_in_a_locked_period(session, period, client_for):
    submission, client = sent(session, period), client_for("officer")
    form = key(client)
    period.status, period.lock_at = "locked", datetime(2024, 4, 20, tzinfo=UTC)
    session.commit()
    reply = client.post_form(unit_url(submission), form | {"action": "accept"})
    assert reply.status_code == 422
    session.expire_all()
    assert submission.status.value == "submitted"


@pytest.mark.parametrize("several", [False, True])
def test_a_draft_of_a_locked_period_is_refused_in_words(session, period, client_for, several):
    draft, client = make_submission(session, period=period), client_for("officer")
    form = key(client) | {"action": "accept", "ids": str(draft.id)}
    period.status, period.lock_at = "locked", datetime(2024, 4, 20, tzinfo=UTC)
    session.commit()
    address = URL if several else unit_url(draft)
    assert client.post_form(address, form).status_code == 422
    session.expire_all()
    assert draft.status.value == "draft"


def test_another_deadline_and_an_extension_begin_at_the_hour_of_the_deadline(
    session, period, client_for
):
    period.deadline_at = datetime(2024, 4, 9, 10, tzinfo=UTC)  # 17:00 in Vietnam
    unit = make_investor(session)
    make_expected(session, period, unit)
    session.commit()
    client = client_for("officer")
    assert client.soup(URL).select_one("#time")["value"] == "17:00:00"
    assert client.soup(f"{URL}/{unit.id}").select_one("#extended_time")["value"] == "17:00:00"


def test_a_locked_period_offers_no_other_deadline_that_it_would_refuse(session, client_for):
    locked = make_period(session, "2024-02", status="locked")
    session.commit()
    page = client_for("officer").soup(f"/admin/review/{locked.code}")
    assert [one["action"] for one in page.select("form[data-once]")] == [
        f"/admin/review/{locked.code}/reopen"
    ]


def test_another_deadline_is_stored_with_its_reason(session, period, client_for):
    client = client_for("officer")
    form = {"day": "12/04/2024", "time": "17:00", "deadline_reason": "Công văn 12/UBND"}
    assert client.post_form(f"{URL}/deadline", key(client) | form).status_code == 303
    session.expire_all()
    assert period.deadline_at == datetime(2024, 4, 12, 10, tzinfo=UTC)
    assert period.deadline_reason == "Công văn 12/UBND"


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": "31/02/2024"},
        {"day": "31/03/2024"},
        {"time": "25:00"},
        {"deadline_reason": " "},
    ],
)
def test_a_wrong_deadline_is_refused_and_what_was_typed_stays(session, period, client_for, wrong):
    client = client_for("officer")
    form = {"day": "12/04/2024", "time": "17:00", "deadline_reason": "Công văn 12"} | wrong
    reply = client.post_form(f"{URL}/deadline", key(client) | form)
    assert reply.status_code == 422
    assert form["day"] in reply.text
    session.expire_all()
    assert period.deadline_at == datetime(2024, 4, 9, 16, 59, 59, tzinfo=UTC)


def refusal(reply):
    """The sentence that takes the focus, and the address of the form in which it stands."""
    found = BeautifulSoup(reply.text, "html.parser").select("[data-error-summary]")
    assert len(found) == 1
    form = found[0].find_parent("form")
    return found[0].get_text(strip=True), form and form["action"]


@pytest.mark.parametrize(
    ("act", "typed"),
    [
        ("deadline", {"day": "31/02/2024", "time": "17:00", "deadline_reason": "Công văn 12"}),
        ("expect", {"unit": "", "duty_reason": "Mới"}),
        ("lock", {"lock_reason": "x" * 5000}),
    ],
)
def test_a_refusal_on_a_period_stands_in_the_form_that_was_posted(
    session, period, client_for, act, typed
):
    make_investor(session)
    sent(session, period)
    client = client_for("officer")
    reply = client.post_form(f"{URL}/{act}", key(client) | typed)
    assert reply.status_code == 422
    assert refusal(reply)[1] == f"{URL}/{act}"


@pytest.mark.parametrize(
    ("act", "typed", "form"),
    [
        ("", {"action": "return", "reason": ""}, ""),
        ("/remark", {"remark-report": "x" * 5000}, ""),
        ("/duty", {"action": "release", "duty_reason": ""}, "/duty"),
        ("/exempt", {"action": "exempt", "exempt_reason": ""}, "/exempt"),
    ],
)
def test_a_refusal_on_a_unit_stands_in_the_form_that_was_posted(
    session, period, client_for, act, typed, form
):
    report, client = sent(session, period), client_for("officer")
    address = unit_url(report)
    reply = client.post_form(address + act, key(client, address) | typed)
    assert reply.status_code == 422
    assert refusal(reply)[1] == address + form


def test_a_refusal_stands_above_a_page_that_shows_the_form_no_more(session, period, client_for):
    client = client_for("officer")
    form = key(client) | {"day": "12/04/2024", "time": "17:00", "deadline_reason": " "}
    lock = key(client) | {"reason": ""}
    assert refusal(client.post_form(f"{URL}/reopen", lock))[1] is None
    assert refusal(client.post_form(f"{URL}/deadline", form))[1] == f"{URL}/deadline"


def test_a_unit_is_exempt_with_a_reason_and_back(session, period, client_for):
    unit = make_investor(session)
    make_expected(session, period, unit)
    client, address = client_for("officer"), f"{URL}/{unit.id}"
    exempt = {"action": "exempt", "exempt_reason": "Sáp nhập", "until": "30/06/2024"}
    form = key(client, address) | exempt | {"exempt_reason": ""}
    assert client.post_form(f"{address}/exempt", form).status_code == 422
    assert client.post_form(f"{address}/exempt", key(client, address) | exempt).status_code == 303
    assert session.query(ExpectedReport).one().exempt_reason == "Sáp nhập"
    back = key(client, address) | {"action": "end"}
    assert client.post_form(f"{address}/exempt", back).status_code == 303
    session.expire_all()
    assert session.query(ExpectedReport).one().exempt_reason is None


def test_the_pages_cost_the_same_for_1_and_20_reports(session, period, client_for, count_queries):
    first, client = sent(session, period), client_for("officer")
    make_period(session, "2024-02")
    for address in ("/admin/review/", URL, unit_url(first)):
        client.get(address)
    counts = []
    for more in (0, 19):
        for _n in range(more):
            sent(session, period)
            project = make_project(session, investor=first.investor)
            make_allocation(session, project=project)
        session.commit()
        found = []
        for address in ("/admin/review/", URL, unit_url(first)):
            with count_queries() as seen:
                client.get(address)
            found.append(len(seen))
        counts.append(found)
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 35


def test_drafts_are_seen_but_cannot_be_judged(session, period, client_for):
    submission = sent(session, period, status="draft")
    page = client_for("officer").soup(unit_url(submission))
    assert not page.select("button[value=accept], button[value=return]")
    assert session.query(Submission).one().status.value == "draft"


def test_every_list_of_periods_has_the_quarter_above_its_last_month(session, client_for):
    """Whichever of the two was opened first."""
    for code in ("2024-Q1", "2024-03", "2024-02"):
        open_period(session, code, at=datetime(2024, 4, 1, tzinfo=UTC))
    session.commit()
    officer = client_for("officer")
    codes = ["2024-Q1", "2024-03", "2024-02"]
    for address in (
        "/admin/reports/late",
        "/admin/reminders/",
        "/admin/letters/",
        "/admin/imports/new",
    ):
        options = officer.soup(address).select("select[name=period] option")
        assert [one["value"] for one in options if one["value"]] == codes, address
    for address in ("/admin/entry/", "/admin/submission/"):
        options = officer.soup(address).select("select[name$=_period] option[value^='2024']")
        assert [one["value"] for one in options] == codes, address
        assert [one.text for one in options] == ["Quý I/2024", "Tháng 3/2024", "Tháng 2/2024"]
    desk = officer.soup("/admin/review/").select("table a.nowrap")
    assert [one["href"].rpartition("/")[2] for one in desk] == codes
