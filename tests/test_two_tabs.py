"""Forms that lie open twice, keys that were used, and a database that refuses: said in words."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Decision,
    Disbursement,
    Investor,
    Period,
    Project,
    Remark,
    Setting,
    Submission,
    SubmissionStatus,
    db,
)
from models.base import now
from models.filing import RuleSetting
from tests.factories import (
    make_allocation,
    make_expected,
    make_period,
    make_project,
    make_remark,
    make_submission,
)


def fields(soup: Any, form: str = "form.sheet, form.card") -> dict[str, str]:
    """What the form would send if nobody touched it."""
    found = soup.select_one(form)
    values = {
        one["name"]: one.get("value", "")
        for one in found.select("input[name]")
        if one.get("type") not in ("checkbox", "radio", "submit") or one.has_attr("checked")
    }
    for area in found.select("textarea[name]"):
        values[area["name"]] = area.text
    for choice in found.select("select[name]"):
        chosen = choice.select_one("option[selected]") or choice.select_one("option")
        values[choice["name"]] = chosen["value"]
    return values


def unit_with_a_sheet(session: Session) -> tuple[Any, Any, str]:
    project = make_project(session)
    capital = make_allocation(session, amount=9_000_000, project=project)
    period = make_period(session, "2024-03")
    make_expected(session, period, project.investor)
    session.commit()
    return project.investor, capital, "/admin/my-report/2024-03"


# ------------------------------------------------------------ settings and other forms


def test_two_pages_of_settings_keep_both_changes(
    client_for: Callable[..., Any], session: Session
) -> None:
    one, two = client_for("admin"), client_for("admin")
    first, second = fields(one.soup("/admin/settings/")), fields(two.soup("/admin/settings/"))
    assert one.post_form("/admin/settings/", first | {"grace_days": "2"}).status_code == 303
    assert two.post_form("/admin/settings/", second | {"due_day": "12"}).status_code == 303
    stored = {row.key: row.value for row in session.scalars(select(Setting))}
    assert (stored["grace_days"], stored["due_day"]) == ("2", "12")


def test_two_changes_of_one_setting_are_shown_side_by_side(
    client_for: Callable[..., Any], session: Session
) -> None:
    one, two = client_for("admin"), client_for("admin")
    first, second = fields(one.soup("/admin/settings/")), fields(two.soup("/admin/settings/"))
    one.post_form("/admin/settings/", first | {"office_contact": "Bà Hoa"})
    reply = two.post_form("/admin/settings/", second | {"office_contact": "Ông Nam"})
    assert reply.status_code == 409
    assert "Bà Hoa" in reply.text
    assert "Ông Nam" in reply.text
    assert session.get(Setting, "office_contact").value == "Bà Hoa"
    again = fields(BeautifulSoup(reply.text, "html.parser"))
    assert again["office_contact"] == "Ông Nam"
    assert two.post_form("/admin/settings/", again).status_code == 303
    session.expire_all()
    assert session.get(Setting, "office_contact").value == "Ông Nam"


def test_a_check_changed_on_two_pages_is_shown_twice(
    client_for: Callable[..., Any], session: Session
) -> None:
    officer = client_for("officer")
    page = officer.soup("/admin/checks/")
    mark = page.select_one("#rule-V2 input[name=seen]")["value"]
    first = {"seen": mark, "since": "01/01/2024", "is_trial": "yes"}
    assert officer.post_form("/admin/checks/V2", first).status_code == 303
    reply = officer.post_form("/admin/checks/V2", {"seen": mark, "since": "01/02/2024"})
    assert reply.status_code == 409
    assert "01/01/2024" in reply.text
    assert "01/02/2024" in reply.text
    assert session.get(RuleSetting, "V2").is_trial


def test_acts_on_a_period_and_on_a_duty_know_what_their_page_showed(
    client_for: Callable[..., Any], session: Session
) -> None:
    unit, _capital, _url = unit_with_a_sheet(session)
    officer = client_for("officer")
    page = officer.soup("/admin/review/2024-03")
    form = fields(page, "form[action$='/deadline']")
    first = {"day": "15/04/2024", "time": "17:00", "deadline_reason": "Nghỉ lễ"}
    assert officer.post_form("/admin/review/2024-03/deadline", form | first).status_code == 303
    key = {"form_key": "another"}
    second = {"day": "16/04/2024", "time": "17:00", "deadline_reason": "Công văn"}
    reply = officer.post_form("/admin/review/2024-03/deadline", form | second | key)
    assert reply.status_code == 409
    assert "Nghỉ lễ" in reply.text
    assert "Công văn" in reply.text

    there = f"/admin/review/2024-03/{unit.id}"
    form = fields(officer.soup(there), "form[action$='/exempt']")
    exempt = {"action": "exempt", "exempt_reason": "Lý do thứ nhất", "until": ""}
    assert officer.post_form(f"{there}/exempt", form | exempt).status_code == 303
    other = exempt | {"exempt_reason": "Lý do thứ hai"} | key
    reply = officer.post_form(f"{there}/exempt", form | other)
    assert reply.status_code == 409
    assert "Lý do thứ nhất" in reply.text
    assert "Lý do thứ hai" in reply.text


# ------------------------------------------------------------ used keys


def test_the_same_form_again_is_done_once_and_another_content_is_not_dropped(
    client_for: Callable[..., Any], session: Session
) -> None:
    unit, capital, url = unit_with_a_sheet(session)
    client = client_for("investor", unit)
    form = fields(client.soup(url)) | {"action": "save"}
    name = f"a{capital.id}-completed"
    assert client.post_form(url, form | {name: "1.000.000"}).status_code == 303
    assert client.post_form(url, form | {name: "1.000.000"}).status_code == 303
    version = session.scalar(select(Submission.version))
    assert session.scalar(select(Disbursement.completed)) == 1_000_000

    # back, another amount, the same key: shown beside the stored one, and stored when confirmed
    reply = client.post_form(url, form | {name: "2.000.000"})
    assert reply.status_code == 409
    assert "1.000.000" in reply.text
    assert "2.000.000" in reply.text
    again = fields(BeautifulSoup(reply.text, "html.parser")) | {"action": "save"}
    assert client.post_form(url, again).status_code == 303
    assert session.scalar(select(Disbursement.completed)) == 2_000_000
    assert session.scalar(select(Submission.version)) > version

    # the first form a third time: what it says is no longer what is stored
    assert client.post_form(url, form | {name: "1.000.000"}).status_code == 409


def test_sending_from_the_page_whose_saving_lost_its_answer_is_a_sending(
    client_for: Callable[..., Any], session: Session
) -> None:
    unit, capital, url = unit_with_a_sheet(session)
    client = client_for("investor", unit)
    form = fields(client.soup(url)) | {f"a{capital.id}-completed": "1.000.000"}
    assert client.post_form(url, form | {"action": "save"}).status_code == 303
    assert client.post_form(url, form | {"action": "send"}).status_code == 303
    assert session.scalar(select(Submission.status)) is SubmissionStatus.SUBMITTED


def test_two_records_from_one_page_are_both_kept(
    client_for: Callable[..., Any], session: Session
) -> None:
    client = client_for("finance")
    form = fields(client.soup("/admin/decision/new/"), "form.admin-form")
    typed = {
        "number": "01/QĐ",
        "issued_on": "01/02/2024",
        "issuer": "UBND huyện",
        "effective_on": "01/02/2024",
    }
    form.pop("crosses_level", None)
    url = "/admin/decision/new/"
    for number in ("01/QĐ", "01/QĐ", "02/QĐ"):
        assert client.post_form(url, form | typed | {"number": number}).status_code == 302
    numbers = session.scalars(select(Decision.number).order_by(Decision.number)).all()
    assert numbers == ["01/QĐ", "02/QĐ"]


# ------------------------------------------------------------ refusals of the database


@pytest.mark.parametrize(
    "address",
    [
        "/admin/reports/late?period=2024-03&as_of={}",
        "/admin/reports/late.csv?period=2024-03&as_of={}",
        "/admin/reports/late/why?period=2024-03&as_of={}",
    ],
)
@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00", "0001-01-01", "9999-12-31T23:59:59", "0999-05-05T00:00"]
)
def test_a_moment_at_the_edge_of_the_calendar_is_refused_in_words(
    client_for: Callable[..., Any], session: Session, address: str, moment: str
) -> None:
    unit_with_a_sheet(session)
    assert client_for("officer").get(address.format(moment)).status_code in (400, 404, 422)


def test_a_day_of_the_year_1_is_refused_at_every_form(
    client_for: Callable[..., Any], session: Session
) -> None:
    unit, _capital, _url = unit_with_a_sheet(session)
    officer = client_for("officer")
    there = f"/admin/review/2024-03/{unit.id}"
    typed = {"day": "01/01/0001", "deadline_reason": "x"}
    assert officer.post_form("/admin/review/2024-03/deadline", typed).status_code == 422
    late = {"extended_day": "01/01/0001", "extension_reason": "x"}
    assert officer.post_form(f"{there}/extend", late | {"form_key": "1"}).status_code == 422
    paper = {"received_day": "0001-01-01", "received_via": "paper", "received_note": "x"}
    assert officer.post_form(f"{there}/receipt", paper | {"form_key": "2"}).status_code == 422


def test_a_clock_that_goes_back_an_hour_is_told(
    client_for: Callable[..., Any], session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit, capital, url = unit_with_a_sheet(session)
    later = now() + timedelta(hours=1)
    report = make_submission(
        session,
        investor=unit,
        period=session.scalar(select(Period)),
        status="returned",
        first_submitted_at=later,
        return_reason="Sai",
    )
    client = client_for("investor", unit)
    form = fields(client.soup(url)) | {f"a{capital.id}-completed": "1.000.000"}
    reply = client.post_form(url, form | {"action": "send"})
    assert reply.status_code == 422
    assert "đồng hồ" in reply.text.lower()
    session.refresh(report)
    assert report.status is SubmissionStatus.RETURNED
    assert session.scalar(select(Disbursement.completed)) == 1_000_000  # the draft is kept
    assert datetime.now(UTC) < later


def test_what_no_page_says_itself_is_said_by_the_error_page(
    client_for: Callable[..., Any], session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refusal of the database at a door that does not expect one."""
    unit_with_a_sheet(session)
    officer = client_for("admin")

    def broken(*_args: Any, **_kwargs: Any) -> None:
        db.session.add(Period(code="2024-03", kind="month", budget_year=2024, number=3,
            data_from=now().date(), data_to=now().date(), deadline_at=now(),
            deadline_reason="x", status="open", opened_at=now()))  # fmt: skip
        db.session.flush()

    monkeypatch.setattr("admin.pages.settings.put_setting", broken)
    form = fields(officer.soup("/admin/settings/")) | {"grace_days": "3"}
    reply = officer.post_form("/admin/settings/", form)
    assert reply.status_code == 409
    assert "Kỳ này đã được mở" in reply.text


def test_an_answer_to_a_remark_is_stored_once_and_never_dropped(
    client_for: Callable[..., Any], session: Session
) -> None:
    """Saved with an answer, the reply of the server lost, a further answer, then sent."""
    unit, capital, url = unit_with_a_sheet(session)
    period = session.scalar(select(Period))
    report = make_submission(
        session, investor=unit, period=period, status="returned", return_reason="Sai"
    )
    remark = make_remark(session, report, id=77, thread_id=77)
    name = f"reply-{remark.thread_id}"
    client = client_for("investor", unit)
    form = fields(client.soup(url)) | {f"a{capital.id}-completed": "1.000.000"}
    assert client.post_form(url, form | {"action": "save", name: "Đã bổ sung"}).status_code == 303
    again = form | {"action": "send", name: "Đã bổ sung"}
    assert client.post_form(url, again).status_code == 303
    texts = session.scalars(select(Remark.text).order_by(Remark.id)).all()
    assert texts == [remark.text, "Đã bổ sung"]
    session.refresh(report)
    assert report.status is SubmissionStatus.SUBMITTED


# ------------------------------------------------------- what left the sheet meanwhile


@pytest.fixture
def left(client_for: Callable[..., Any], session: Session) -> tuple[Any, dict[str, str], str]:
    """Client, form and address: a page with words of a project and money of a capital that have
    both left the sheet since.
    """
    investor, capital, address = unit_with_a_sheet(session)
    second = make_allocation(session, 5_000_000, project=capital.project, source="NSH")
    other = make_project(session, investor=investor, start_on=date(2024, 3, 1))
    session.commit()
    client = client_for("investor", investor)
    form = fields(client.soup(address)) | {
        f"a{capital.id}-completed": "1.000.000",
        f"a{second.id}-completed": "2.000.000",
        f"p{other.id}-progress_text": "Đã phát dọn thực bì 3 ha.",
    }
    other.start_on = date(2024, 4, 1)
    for line in second.lines:
        session.delete(line)
    session.delete(second)
    session.commit()
    return client, form, address


@pytest.mark.parametrize("action", ["save", "send"])
def test_what_was_typed_beside_a_project_that_left_the_sheet_is_not_dropped(
    left: tuple[Any, dict[str, str], str], session: Session, action: str
) -> None:
    """Found: “The draft is saved”, and neither the words nor the amount were anywhere."""
    client, form, address = left
    answer = client.post_form(address, form | {"action": action})
    page = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == 422
    told = page.select_one("[data-error-summary]")
    assert told is not None
    assert "Đã phát dọn thực bì 3 ha." in told.text
    assert "2.000.000" in told.text
    report = session.scalars(select(Submission)).one()
    assert report.status is SubmissionStatus.DRAFT
    assert session.scalars(select(Disbursement.completed)).all() == [1_000_000]
    assert client.post_form(address, fields(page) | {"action": "save"}).status_code == 303


def test_a_conflict_shows_what_has_left_the_sheet_as_well(
    left: tuple[Any, dict[str, str], str], session: Session
) -> None:
    client, form, address = left
    unit = session.scalars(select(Investor).join(Project)).first()
    period = session.scalars(select(Period)).one()
    make_submission(session, period=period, investor=unit)
    session.commit()
    answer = client.post_form(address, form | {"action": "save"})
    assert answer.status_code == 409
    assert "Đã phát dọn thực bì 3 ha." in answer.text
