"""A unit reports at one entrance; a quarter takes no figures; help has a telephone."""

from datetime import date
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from models import Disbursement, ProgressEntry
from models.calendar import put_setting
from tests.doors import Doors
from tests.factories import (
    make_allocation,
    make_disbursement,
    make_entry,
    make_period,
    make_submission,
)


@pytest.fixture
def doors(app, session, client_for, tmp_path):
    return Doors(app, session, client_for, tmp_path)


@pytest.fixture
def quarter(session):
    """The first quarter of 2024, open."""
    row = make_period(session, "2024-03")
    row.code, row.kind, row.number, row.data_from = "2024-Q1", "quarter", 1, date(2024, 1, 1)
    session.flush()
    return row


@pytest.fixture
def capital(session):
    return make_allocation(session, 1_000_000)


def count(session, kind):
    return session.scalar(sa.select(sa.func.count()).select_from(kind))


NO_FIGURES = "Kỳ quý I/2024 không có số liệu riêng"  # a command says the code


def test_a_quarter_takes_no_new_entry(doors, session, quarter, capital):
    project = capital.project
    typed = {"period": quarter.id, "project": project.id, "volume_value": "5"}
    said = doors.post("officer", "/admin/entry/new/", typed)
    assert said is not None
    page = doors.client_for("officer").soup("/admin/entry/new/")
    assert "2024-Q1" not in page.select_one("[name=period]").text
    assert count(session, ProgressEntry) == 0


def test_the_session_refuses_it_behind_all_doors(doors, session, quarter, capital):
    project = capital.project
    draft = make_submission(session, period=quarter, investor=project.investor)
    values = {"investor_id": project.investor_id, "project_id": project.id}
    values |= {"submission_id": draft.id}
    said = doors.flush(lambda own: own.add(ProgressEntry(**values)))
    assert said is not None
    assert count(session, ProgressEntry) == 0


def test_the_import_refuses_an_entry_of_a_quarter(doors, session, quarter, capital):
    project = capital.project
    make_submission(session, period=quarter, investor=project.investor)
    row = {"project_code": project.code, "period": "2024-Q1", "volume_value": "5"}
    said = doors.load(entries=[row])
    assert "entries.csv" in said
    assert NO_FIGURES.replace("quý I/2024", "2024-Q1") in said
    assert count(session, ProgressEntry) == 0


def test_an_entry_that_a_quarter_has_from_before_takes_no_amount(doors, session, quarter, capital):
    project = capital.project
    draft = make_submission(session, period=quarter, investor=project.investor)
    entry = make_entry(session, project=project, submission=draft)
    session.commit()
    typed = {"row_version": "1", f"a{capital.id}-completed": "100.000", "form_key": "k"}
    assert NO_FIGURES in doors.post("officer", f"/admin/entry/amounts/?id={entry.id}", typed)
    said = doors.post(
        "officer", f"/admin/entry/edit/?id={entry.id}", {"row_version": "1", "volume_value": "7"}
    )
    assert NO_FIGURES in said
    values = {"investor_id": project.investor_id, "entry_id": entry.id, "allocation_id": capital.id}
    assert doors.flush(lambda own: own.add(Disbursement(**values, completed=1))) is not None
    assert count(session, Disbursement) == 0


def test_old_amounts_of_a_quarter_can_be_taken_away(doors, session, quarter, capital):
    draft = make_submission(session, period=quarter, investor=capital.project.investor)
    entry = make_entry(session, project=capital.project, submission=draft)
    make_disbursement(session, entry, capital, completed=5)
    session.commit()
    assert doors.post("officer", "/admin/entry/delete/", {"id": entry.id}) is None
    assert count(session, Disbursement) == 0


def test_the_menu_of_a_unit_has_each_thing_once(client_for, session, capital):
    page = client_for("investor", capital.project.investor).soup("/admin/")
    links = [(one.text.strip(), one["href"]) for one in page.select("#side li a")]
    words = [word for word, _address in links]
    assert words == [
        "Trang chủ",
        "Báo cáo của tôi",
        "Nhập từ Excel",
        "Khó khăn, vướng mắc",
        "Tiến độ tháng",
        "Báo cáo tổng hợp",
        "Danh sách nộp muộn",
        "Xếp hạng",
        "Báo cáo đã chốt",
    ]
    assert len(set(words)) == len(words)
    addresses = {address.rstrip("/") for _word, address in links}
    for one in ("submission", "period", "project", "allocation", "component", "decision", "checks"):
        assert f"/admin/{one}" not in addresses
    assert (
        client_for("investor", capital.project.investor).get("/admin/project/").status_code == 200
    )


CONTACT = "Bà Hoàng Thị Lan, 0205 3825 999"


@pytest.fixture
def telephone(session):
    put_setting(session, "office_contact", CONTACT)
    session.commit()
    return CONTACT


@pytest.mark.parametrize(
    ("who", "url", "status"),
    [
        (None, "/login", 200),
        (None, "/nowhere", 404),
        ("investor", "/admin/my-report/", 200),
        ("investor", "/admin/my-report/2024-03", 200),
        ("investor", "/admin/obstacle/", 200),
        ("investor", "/admin/entry/new/", 403),
        ("investor", "/admin/my-report/2031-01", 404),
    ],
)
def test_the_telephone_of_the_office_stands_where_help_is_offered(
    client_for, session, capital, telephone, who, url, status
):
    make_period(session)
    client = client_for(who, capital.project.investor) if who else client_for(None)
    reply = client.get(url)
    assert (reply.status_code, telephone in reply.text) == (status, True)


def test_a_refusal_says_whom_to_ask(client_for, session, capital, telephone):
    make_period(session)
    unit = client_for("investor", capital.project.investor)
    typed = {"version": "0", "form_key": "k", f"a{capital.id}-completed": "x"}
    reply = unit.post_form("/admin/my-report/2024-03", typed)
    summary = BeautifulSoup(reply.text, "html.parser").select_one("[data-error-summary]")
    assert telephone in summary.text
    reply = unit.post_form("/admin/obstacle/new/", {"content": "x"})
    summary = BeautifulSoup(reply.text, "html.parser").select_one("[data-error-summary]")
    assert telephone in summary.text
    too_old = unit.post("/admin/my-report/2024-03", data=typed)
    assert (too_old.status_code, telephone in too_old.text) == (400, True)


def test_a_failure_of_our_own_says_whom_to_ask_without_the_database(
    app, client_for, telephone, monkeypatch
):
    client = client_for("officer")
    client.get("/admin/")  # seen once

    def fails(*_args, **_kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr("admin.pages.home.overdue", fails)
    reply = client.get("/admin/")
    assert (reply.status_code, telephone in reply.text) == (500, True)


NAME = "Nông thôn mới <Bình Gia>"


def test_every_page_is_called_as_the_office_calls_the_site(app, client_for, session, monkeypatch):
    """Pages of strangers, of people, of refusals, and of failures without the database."""
    put_setting(session, "site_name", NAME)
    session.commit()
    client = client_for("officer")
    soups = [
        client_for(None).soup("/login"),
        client.soup("/admin/"),
        client.soup("/admin/decision/"),
    ]
    soups.append(BeautifulSoup(client.get("/nowhere").text, "html.parser"))
    monkeypatch.setattr("admin.pages.home.overdue", lambda *_a, **_k: 1 / 0)
    failed = client.get("/admin/")
    assert failed.status_code == 500
    soups.append(BeautifulSoup(failed.text, "html.parser"))
    for soup in soups:
        assert soup.title.text.endswith(f"· {NAME}")
        assert soup.select_one(".brand strong").text == NAME
        assert "Hữu Lũng" not in soup.text


def test_telephones_and_passkeys_call_the_site_by_its_name(client_for, session):
    put_setting(session, "site_name", NAME)
    session.commit()
    client = client_for("officer")
    page = client.soup("/admin/account/second-step/telephone")
    assert quote(NAME, safe="") in page.select_one("a[href^='otpauth:']")["href"]
    asked = client.post_form("/passkey/options", {"purpose": "register"}).json
    assert asked["rp"] == {"id": "localhost", "name": NAME}


def test_without_a_contact_nothing_is_said(client_for):
    assert "Cần hỗ trợ" not in client_for(None).get("/login").text
    assert "Cần hỗ trợ" not in client_for("officer").get("/admin/nowhere").text


@pytest.mark.parametrize("role", ["officer", "finance", "leader", "auditor"])
def test_the_menu_of_the_office_has_a_heading_for_each_kind_of_work(client_for, role):
    side = client_for(role).soup("/admin/").select_one("#side")
    headed = {
        side.select_one(f"#{one['aria-labelledby']}").text: [a.text.strip() for a in one("a")]
        for one in side.select("ul[aria-labelledby]")
    }
    loose = [a.text.strip() for one in side.select("ul:not([aria-labelledby])") for a in one("a")]
    assert loose == ["Trang chủ"]
    assert list(headed)[:3] == ["Tiếp nhận, đôn đốc", "Tổng hợp báo cáo", "Theo dõi tiến độ"]
    assert headed["Tổng hợp báo cáo"] == [
        "Báo cáo tổng hợp", "Biểu đồ", "Câu văn cho văn bản chỉ đạo", "Báo cáo bằng lời",
        "Báo cáo đã chốt",
    ]  # fmt: skip
    assert headed["Theo dõi tiến độ"] == [
        "Danh sách nộp muộn", "Xếp hạng", "Nhu cầu và nhịp giải ngân",
        "Khó khăn, vướng mắc trong kỳ", "Vốn kéo dài", "Biến động kế hoạch vốn",
        "Đối chiếu Kho bạc",
    ]  # fmt: skip
    assert "Xem xét báo cáo" in headed["Tiếp nhận, đôn đốc"]
