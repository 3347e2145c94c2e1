"""The pages of imports: bringing a file in, answering, carrying out, undoing, and whose it is."""

import io
import json
import threading
from datetime import date, timedelta

import openpyxl
import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from admin.pages import import_acts, import_upload
from models import (
    DISTRICT,
    AuditEntry,
    ImportMap,
    ImportRun,
    Project,
    RunStatus,
    db,
)
from models.base import now, today
from models.imports import look
from models.sheets import At, Finding, Kind, Level, Option
from models.sheets.opening import FILE_BYTES
from tests.factories import make_investor, make_period, make_project, make_user
from tests.imports import CSV, Act, act_with, finding, question

LIST, NEW = "/admin/imports/", "/admin/imports/new"


@pytest.fixture
def act(monkeypatch):
    """What the file of the test does; change it before the look."""
    done = Act()
    act_with(monkeypatch, done)
    return done


@pytest.fixture
def begun(monkeypatch):
    """The runs whose reading a page has begun, in their order."""
    runs = []
    for module in (import_upload, import_acts):
        monkeypatch.setattr(module, "look_apart", runs.append)
    return runs


@pytest.fixture
def units(session):
    """Two units, each with a project; that of the first is the one in the file."""
    own = make_project(session, code="P1", name="Mô hình trâu")
    other = make_project(session, code="P2", investor=make_investor(session))
    make_period(session, "2024-04")
    return own.investor, other.investor


@pytest.fixture
def read(app, act, begun):
    """Look at the files that wait, as the process of its own does."""

    def done():
        with app.app_context():
            session = db.session()
            session.enter(DISTRICT)
            while begun:
                look(session, begun.pop(0), at=now())

    return done


def upload(client, content=CSV, name="T4.csv", **fields):
    """Send the form of a new import, written by hand: the test client leaves files open."""
    given = {"csrf_token": client.token(), "kind": "monthly"} | fields
    body = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
        for field, value in given.items()
    ).encode()
    if content is not None:
        raw = content.encode() if isinstance(content, str) else content
        body += (
            f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        ).encode()
        body += raw + b"\r\n"
    return client.post(
        NEW,
        data=body + b"--b--\r\n",
        content_type="multipart/form-data; boundary=b",
    )


def begin(client, read, **fields):
    """A file brought in and read; the address of its page."""
    reply = upload(client, **fields)
    assert reply.status_code == 303, reply.text[:3000]
    read()
    return reply.location


def text_of(soup, selector="main"):
    return " ".join(soup.select_one(selector).get_text(" ").split())


def key_of(soup, form):
    return soup.select_one(f"form[action$='{form}'] input[name=form_key]")["value"]


def seen_of(soup):
    return soup.select_one("#confirm input[name=seen]")["value"]


# ------------------------------------------------------------------------------ bringing in


def test_a_file_is_brought_in_read_looked_at_and_carried_out(session, client_for, units, read):
    client = client_for("officer")
    reply = upload(client, period="2024-04", kind="projects")
    assert reply.status_code == 303
    soup = client.soup(reply.location)
    assert soup.select_one("[data-reading]")["data-reading"] == f"{reply.location}.json?wait=0"
    assert soup.select_one("noscript meta[http-equiv=refresh]")
    read()
    soup = client.soup(reply.location)
    assert soup.select_one("[data-standing]")["data-standing"] == "ready"
    assert "Mô hình trâu" in text_of(soup, "#changes")
    assert "Mô hình bò" in text_of(soup, "#changes")
    assert "Thêm 0 dự án, sửa 1 dự án" in text_of(soup, "#confirm")
    form = {"form_key": key_of(soup, "apply"), "seen": seen_of(soup)}
    assert client.post_form(f"{reply.location}/apply", form).status_code == 303
    assert session.scalar(select(Project.name).where(Project.code == "P1")) == "Mô hình bò"
    soup = client.soup(reply.location)
    assert soup.select_one("[data-standing]")["data-standing"] == "applied"
    assert soup.select_one("#standing a[href*='/admin/project/details/']")


def test_before_the_first_period_is_opened_the_units_of_today_are_offered(
    session, client_for, begun
):
    known = [make_investor(session).code, make_investor(session).code]
    make_investor(session, code="X-GONE", valid_to=date(2024, 3, 31))
    session.commit()
    found = client_for("officer").soup(NEW).select("select[name=investor] option")
    assert [one["value"] for one in found] == ["", *known]


def test_units_that_ended_bring_in_what_they_still_owe(session, client_for, units, begun):
    """Offered are the units of the periods on offer, by code once; not those gone before."""
    make_investor(session, code="X-ENDED", valid_to=date(2024, 4, 15))
    make_investor(session, code="X-GONE", valid_to=date(2024, 3, 31))
    make_investor(session, code="X-TWICE", short_name="Cũ", valid_to=date(2024, 4, 15))
    make_investor(session, code="X-TWICE", short_name="Mới", valid_from=date(2024, 4, 16))
    officer = client_for("officer")
    words = {
        one["value"]: one.text for one in officer.soup(NEW).select("select[name=investor] option")
    }
    assert {"X-ENDED", "X-TWICE", units[0].code} <= words.keys()
    assert ("X-GONE" in words, words["X-TWICE"]) == (False, "Mới (X-TWICE)")
    reply = upload(officer, kind="monthly", period="2024-04", investor="X-ENDED")
    assert reply.status_code == 303


def test_an_office_without_periods_is_offered_the_units_of_today(session, client_for):
    for code, ended in (("X-1", None), ("X-2", None), ("X-ENDED", date(2024, 4, 15))):
        make_investor(session, code=code, valid_to=ended)
    session.commit()
    offered = client_for("officer").soup(NEW).select("select[name=investor] option")
    assert [one["value"] for one in offered] == ["", "X-1", "X-2"]


def test_a_file_in_which_nothing_was_found_does_not_stand_already(app, client_for, session, begun):
    make_period(session, "2024-04")
    unit = make_investor(session, name="UBND xã Hữu Liên", short_name="UBND xã Hữu Liên")
    session.commit()
    officer = client_for("officer")
    content = "Đơn vị tính: đồng;;\nTT;Tên dự án;Giải ngân trong tháng (NSTW)\n"
    address = upload(officer, content=content, period="2024-04", investor=unit.code).location
    with app.app_context():  # with the true reader, as the process of its own does
        own = db.session()
        own.enter(DISTRICT)
        look(own, begun.pop(), at=now())
    page = text_of(officer.soup(address))
    assert "Không có dòng nào trong tệp có nội dung để nhập." in page
    assert "đã có trong hệ thống" not in page
    told = officer.get(f"{address}.json?wait=0").get_json()
    assert [(one["level"], one["code"]) for one in told["findings"]] == [
        ("warning", "rows_missing")
    ]


def test_a_run_is_taken_back_and_says_so(session, client_for, units, read):
    client = client_for("officer")
    page = begin(client, read, kind="projects")
    client.post_form(f"{page}/apply", {"form_key": "a"})
    soup = client.soup(page)
    assert "trở lại như trước khi nhập" in text_of(soup, "#undo")
    assert client.post_form(f"{page}/undo", {"form_key": "b"}).status_code == 303
    assert session.scalar(select(Project.name).where(Project.code == "P1")) == "Mô hình trâu"
    assert client.soup(page).select_one("[data-standing]")["data-standing"] == "undone"


@pytest.mark.parametrize(
    ("fields", "said", "field"),
    [
        ({"kind": ""}, "Hãy chọn loại tệp.", "kind"),
        ({"kind": "secret"}, "Hãy chọn loại tệp.", "kind"),
        ({"content": None}, "Hãy chọn tệp", "file"),
        ({"content": ""}, "Tệp này rỗng", "file"),
        ({"unit": "xu"}, "đơn vị tính", "unit"),
        ({"period": "2031-01"}, "tháng 1/2031", "period"),
        ({"investor": "X-9"}, "X-9", "investor"),
    ],
)
def test_what_is_missing_or_wrong_is_said_at_its_field(
    session, client_for, units, begun, fields, said, field
):
    reply = upload(client_for("officer"), **{"period": "2024-04"} | fields)
    assert reply.status_code in (404, 422)
    soup = BeautifulSoup(reply.text, "html.parser")
    assert said in text_of(soup)
    assert soup.select_one(".has-error") is not None
    assert begun == []
    assert session.scalar(select(func.count(ImportRun.id))) == 0
    if field != "period":
        assert soup.select_one("#period option[selected]")["value"] == "2024-04"
    assert "chọn lại tệp" in text_of(soup).lower()


def test_a_unit_that_is_gone_can_be_chosen_while_it_has_to_report(
    session, client_for, units, begun
):
    """Of whoever works for it and for its successor the file of its last month is not known."""
    gone, successor = units
    gone.valid_to, successor.valid_from = date(2024, 4, 30), date(2024, 2, 1)
    clerk = client_for("investor", gone, successor)
    refused = upload(clerk, period="2024-04")
    assert "Hãy chọn đơn vị" in text_of(BeautifulSoup(refused.text, "html.parser"))
    for client in (clerk, client_for("officer")):
        chosen = client.soup(NEW).select("#investor option")
        assert [one["value"] for one in chosen] == ["", gone.code, successor.code]
    assert upload(clerk, period="2024-04", investor=gone.code).status_code == 303
    assert session.scalars(select(ImportRun.unit_code)).one() == gone.code


def test_a_file_over_the_limit_is_refused_and_what_was_typed_stays(client_for, units, begun):
    client = client_for("officer")
    for size in (FILE_BYTES + 1, FILE_BYTES + 300_000, 3 * FILE_BYTES):
        reply = upload(client, b"x" * size, kind="consolidated", period="2024-04", unit="trieu")
        assert reply.status_code == 413, size
        soup = BeautifulSoup(reply.text, "html.parser")
        assert "10 MB" in text_of(soup)
        assert soup.select_one("input[name=kind][checked]")["value"] == "consolidated"
        assert soup.select_one("#period option[selected]")["value"] == "2024-04"
        assert soup.select_one("#unit option[selected]")["value"] == "trieu"
    assert begun == []


def test_a_file_as_large_as_the_limit_is_taken(session, client_for, units, begun):
    assert upload(client_for("officer"), b"x" * FILE_BYTES).status_code == 303
    assert len(begun) == 1


def test_other_addresses_keep_their_limit(client_for, units, begun, session, read):
    client = client_for("officer")
    page = begin(client, read, kind="projects")
    reply = client.post_form(f"{page}/answers", {"unit_unclear": "x" * 1_100_000})
    assert reply.status_code == 413


def test_somebody_who_is_not_there_is_told_so_before_the_size(client_for, units):
    reply = upload(client_for(None), b"x" * (FILE_BYTES + 300_000))
    assert reply.status_code == 401


def test_the_very_same_form_begins_one_run(session, client_for, units, begun):
    client = client_for("officer")
    first = upload(client, form_key="k")
    again = upload(client, form_key="k")
    assert first.location == again.location
    assert len(begun) == 1
    assert upload(client, form_key="l").location != first.location


def test_a_unit_brings_in_its_own_month_and_nothing_else(session, client_for, units, begun):
    client = client_for("investor", units[0])
    soup = client.soup(NEW)
    assert [one["value"] for one in soup.select("[name=kind]")] == ["monthly"]
    assert upload(client, kind="consolidated").status_code == 403
    assert upload(client, investor=units[1].code).status_code in (404, 422)
    assert upload(client, period="2024-04").status_code == 303
    assert session.scalar(select(ImportRun.investor_id)) == units[0].id


@pytest.mark.parametrize(
    ("role", "kinds"),
    [
        ("officer", {"monthly", "consolidated", "projects", "treasury"}),
        ("finance", {"allocations", "treasury"}),
        ("leader", set()),
        ("auditor", set()),
        ("admin", set()),
    ],
)
def test_each_role_chooses_among_what_it_may_bring_in(client_for, units, begun, role, kinds):
    client = client_for(role)
    soup = client.soup(NEW)
    assert {one["value"] for one in soup.select("[name=kind]")} == kinds
    for kind in Kind:
        expected = 303 if kind.value in kinds else 403
        assert upload(client, kind=kind.value).status_code == expected, kind


# ------------------------------------------------------------------------------ whose it is


def test_a_foreign_run_is_missing_at_every_address(session, client_for, units, read):
    page = begin(client_for("officer"), read, kind="projects")
    own = begin(client_for("investor", units[0]), read, period="2024-04")
    stranger = client_for("investor", units[1])
    for address in (page, own):
        for end in ("", ".json", "/file", "/marked.xlsx"):
            assert stranger.get(f"{address}{end}").status_code == 404, end
        for end in ("/answers", "/apply", "/undo"):
            assert stranger.post_form(f"{address}{end}", {}).status_code == 404, end
    assert client_for("officer").get(own).status_code == 200
    assert client_for("officer").get("/admin/imports/999999").status_code == 404
    assert "Chưa có tệp nào" in text_of(stranger.soup(LIST))


def test_who_may_look_but_not_bring_in_sees_no_button_and_is_refused(client_for, units, read):
    page = begin(client_for("officer"), read, kind="projects")
    for role in ("leader", "auditor", "finance"):
        client = client_for(role)
        soup = client.soup(page)
        assert not soup.select("main form"), role
        for end in ("/answers", "/apply", "/undo"):
            assert client.post_form(f"{page}{end}", {}).status_code == 403


def test_the_list_says_who_what_when_and_where_it_stands(session, client_for, units, read):
    officer = make_user(session, "officer", full_name="Lê Thị Hoa")
    begin(client_for(officer), read, kind="projects", name="danh muc.csv")
    begin(client_for("investor", units[0]), read, period="2024-04", name="thang tu.csv")
    client = client_for("auditor")
    said = text_of(client.soup(LIST))
    assert "danh muc.csv" in said
    assert "Lê Thị Hoa" in said
    assert units[0].short_name in said
    for query, files in {
        "kind=projects": ["danh muc.csv"],
        "kind=monthly": ["thang tu.csv"],
        "period=2024-04": ["thang tu.csv"],
        f"investor={units[0].code}": ["thang tu.csv"],
        "who=Hoa": ["danh muc.csv"],
        "who=TU.CSV": ["thang tu.csv"],
        "status=applied": [],
        "status=nothing": [],
        "who=%": [],
        "page=77": ["thang tu.csv", "danh muc.csv"],
    }.items():
        found = client.soup(f"{LIST}?{query}").select("tbody th a")
        assert [one.get_text() for one in found] == files, query


def test_the_list_has_pages(session, client_for, units):
    for number in range(53):
        session.add(
            ImportRun(
                kind=Kind.PROJECTS, status=RunStatus.READY, file_name=f"t{number}.csv",
                sha256="0", size=1, ask={}, user_name="A", started_at=now(),
            )
        )  # fmt: skip
    session.commit()
    client = client_for("officer")
    assert len(client.soup(LIST).select("tbody tr")) == 50
    assert len(client.soup(f"{LIST}?page=1").select("tbody tr")) == 3


def test_the_menu_has_it_for_those_who_bring_files_in(client_for, units):
    for role in ("officer", "finance", "auditor"):
        assert client_for(role).soup("/admin/").select_one("#side a[href='/admin/imports/']"), role
    assert (
        client_for("investor", units[0])
        .soup("/admin/")
        .select_one("#side a[href='/admin/imports/']")
    )
    assert not client_for("leader").soup("/admin/").select_one("#side a[href='/admin/imports/']")


# ------------------------------------------------------------------------------ questions


def test_a_question_stands_with_its_cell_its_row_and_its_options(client_for, units, act, read):
    act.findings = (question(cell="B2", value="Mô hình bò"),)
    client = client_for("officer")
    page = begin(client, read, kind="projects")
    soup = client.soup(page)
    asked = soup.select_one(".question")
    assert "Mô hình bò" in text_of(soup, ".question .where")
    assert asked.select_one(".where a")["href"] == f"#{soup.select_one('td.found-question')['id']}"
    assert text_of(soup, ".in-context") == "A Dự án B Tên P1 Mô hình bò"
    radios = asked.select("input[type=radio]")
    assert [one["value"] for one in radios] == ["dong", "trieu"]
    assert {one["name"] for one in radios} == {"unit_unclear:T4!B2"}
    assert [one.get_text(strip=True) for one in asked.select(".options label")] == [
        "đồng",
        "triệu đồng",
    ]
    assert not soup.select_one("#confirm")


def test_an_answer_is_taken_and_the_file_read_again(client_for, units, act, begun, read):
    act.findings = (question(),)
    client = client_for("officer")
    page = begin(client, read, kind="projects")
    assert client.soup(page).select_one("[data-standing]")["data-standing"] == "questions"
    reply = client.post_form(f"{page}/answers", {"unit_unclear": "trieu", "action": "save"})
    assert reply.status_code == 303
    assert len(begun) == 1
    read()
    assert act.asked[-1][0].answers == {"unit_unclear": "trieu"}
    assert client.soup(page).select_one("[data-standing]")["data-standing"] == "ready"


@pytest.mark.parametrize(
    ("code", "typed", "taken"),
    [
        ("date_unclear", "15/4/2024", "2024-04-15"),
        ("date_unclear", "ngày 15 tháng 4 năm 2024", "2024-04-15"),
        ("name_unclear", "P2", "P2"),
        ("period_conflict", "2024-04", "2024-04"),
    ],
)
def test_another_day_name_or_period_may_be_given(client_for, units, act, read, code, typed, taken):
    act.findings = (question(code, options=("P1",), cell="B2"),)
    client = client_for("officer")
    page = begin(client, read, kind="projects")
    free = client.soup(page).select_one("[data-free]")["value"]
    name = f"{code}:T4!B2"
    reply = client.post_form(f"{page}/answers", {name: free, f"free:{name}": typed})
    assert reply.status_code == 303
    read()
    assert act.asked[-1][0].answers == {name: taken}


def test_a_question_without_options_is_answered_in_words(client_for, units, act, read):
    act.findings = (question("decision_missing", options=(), for_file=True),)
    client = client_for("finance")
    page = begin(client, read, kind="allocations")
    field = client.soup(page).select_one("#questions input[type=text]")
    typed = "1205/QĐ-UBND|15/4/2024"
    reply = client.post_form(f"{page}/answers", {field["name"]: typed})
    assert reply.status_code == 303
    read()
    assert act.asked[-1][0].answers == {"decision_missing": typed}


@pytest.mark.parametrize("typed", ["", "một hôm", "31/04/2024"])
def test_an_answer_that_cannot_be_read_stays_as_it_was_typed(
    client_for, units, act, begun, read, typed
):
    act.findings = (question("date_unclear", options=("2024-04-01",), cell="B2"),)
    client = client_for("officer")
    page = begin(client, read, kind="projects")
    name = "date_unclear:T4!B2"
    reply = client.post_form(f"{page}/answers", {name: "…", f"free:{name}": typed})
    assert reply.status_code == 422
    soup = BeautifulSoup(reply.text, "html.parser")
    field = soup.select_one("[aria-invalid=true]")
    assert field["name"] == f"free:{name}"
    assert field.get("value", "") == typed
    assert soup.select_one("[data-free]").has_attr("checked")
    assert begun == []


def test_columns_unit_sheet_and_head_are_corrected_with_one_button(client_for, units, act, read):
    client = client_for("officer")
    page = begin(client, read, kind="consolidated", period="2024-04")
    soup = client.soup(page)
    form = soup.select_one("#answers")
    assert len(form.select("button[name=action][value=save]")) == 1
    assert {one["name"] for one in form.select("[data-meaning]")} == {"column:T4!A", "column:T4!B"}
    reply = client.post_form(
        f"{page}/answers",
        {
            "column:T4!A": "-",
            "column:T4!B": "completed",
            "vintage:T4!B": "2023",
            "source:T4!B": "NSTW",
            "unit": "trieu",
            "head-first": "6",
            "head-last": "8",
        },
    )
    assert reply.status_code == 303
    read()
    ask = act.asked[-1][0]
    assert ask.columns == {"T4!A": "-", "T4!B": "completed vintage=2023 source=NSTW"}
    assert (ask.unit, ask.head) == ("trieu", "6-8")
    soup = client.soup(page)
    chosen = {
        one["name"]: one.select_one("[selected]")["value"] for one in soup.select(".picture select")
    }
    assert chosen["column:T4!A"] == "-"
    assert chosen["column:T4!B"] == "completed"
    assert chosen["vintage:T4!B"] == "2023"
    client.post_form(f"{page}/answers", {"column:T4!A": "", "column:T4!B": "", "head-first": ""})
    read()
    assert (act.asked[-1][0].columns, act.asked[-1][0].head) == ({}, None)
    assert act.asked[-1][0].unit == "trieu"  # what the form did not ask stays


@pytest.mark.parametrize(("first", "last"), [("x", ""), ("8", "6"), ("0", ""), ("-1", "3")])
def test_rows_of_a_head_that_cannot_be_are_refused(client_for, units, begun, read, first, last):
    client = client_for("officer")
    page = begin(client, read, kind="projects")
    reply = client.post_form(f"{page}/answers", {"head-first": first, "head-last": last})
    assert reply.status_code == 422
    assert 'id="head-first"' in reply.text
    assert begun == []


@pytest.mark.parametrize("length", [400, 401])
@pytest.mark.parametrize("name", ["unit_unclear", "column:T4!B", "unit"])
@pytest.mark.parametrize("way", ["form", "json"])
def test_what_is_said_of_a_file_is_taken_whole_or_refused(
    client_for, units, act, begun, read, name, length, way
):
    act.findings = (question(),)
    client = client_for("officer")
    page = begin(client, read, kind="projects")
    said, part = "x" * length, name.removeprefix("column:")
    if way == "form":
        reply = client.post_form(f"{page}/answers", {name: said})
    else:
        of = {"unit_unclear": "answers", "T4!B": "columns"}.get(part)
        body = {of: {part: said}} if of else {part: said}
        reply = client.post(f"{page}/answers", json=body, headers={"X-CSRFToken": client.token()})
    if length > 400:
        assert reply.status_code == 422
        assert begun == []
        return
    assert reply.status_code in (200, 303)
    read()
    ask = act.asked[-1][0]
    assert said in (ask.unit, ask.answers.get(part), ask.columns.get(part))


def test_an_answer_from_a_page_that_is_older_takes_none_back(client_for, units, act, read):
    """What somebody else answered since stays; what was typed stands in the field, to be sent."""
    act.findings = (question(), question("source_unclear", options=("NSTW", "NSH")))
    client, other = client_for("officer"), client_for("officer")
    page = begin(client, read, kind="projects")
    shown = client.soup(page).select_one("#answers input[name=seen]")["value"]
    mine = {"seen": shown, "unit_unclear": "", "source_unclear": "NSH"}
    theirs = {"seen": shown, "unit_unclear": "dong", "source_unclear": ""}
    assert other.post_form(f"{page}/answers", theirs).status_code == 303
    read()
    reply = client.post_form(f"{page}/answers", mine)
    assert reply.status_code == 409
    assert act.asked[-1][0].answers == {"unit_unclear": "dong"}
    soup = BeautifulSoup(reply.text, "html.parser")
    assert soup.select_one("input[name=source_unclear][checked]")["value"] == "NSH"
    seen = soup.select_one("#answers input[name=seen]")["value"]
    given = {"seen": seen, "source_unclear": "NSH"}
    assert client.post_form(f"{page}/answers", given).status_code == 303
    read()
    assert act.asked[-1][0].answers == {"unit_unclear": "dong", "source_unclear": "NSH"}


def test_answers_may_come_as_json(client_for, units, act, begun, read):
    act.findings = (question(),)
    client = client_for("officer")
    page = begin(client, read, kind="projects")
    body = {"answers": {"unit_unclear": "dong"}, "columns": {"T4!B": "note"}, "unit": "trieu"}
    reply = client.post(f"{page}/answers", json=body, headers={"X-CSRFToken": client.token()})
    assert reply.status_code == 200
    assert reply.json["status"] == "reading"
    read()
    ask = act.asked[-1][0]
    assert (ask.answers, ask.columns, ask.unit) == (body["answers"], body["columns"], "trieu")
    assert client.get(f"{page}.json").json["status"] == "ready"


def test_answers_to_what_nobody_asked_are_not_read(client_for, units, act, begun, read):
    act.findings = (question(),)
    client = client_for("officer")
    page = begin(client, read, kind="projects")
    invented = {f"name_unclear:T4!A{n}": "x" for n in range(3_000)}
    invented |= {f"column:T9!{n}": "note" for n in range(300)} | {"unit_unclear": "trieu"}
    assert client.post_form(f"{page}/answers", invented).status_code == 303
    read()
    ask = act.asked[-1][0]
    assert (ask.answers, ask.columns) == ({"unit_unclear": "trieu"}, {})
    for body in (
        {"answers": {"unit_unclear": "dong", "invented": "x"}},
        {"columns": {"T9!A": "note"}},
    ):
        reply = client.post(f"{page}/answers", json=body, headers={"X-CSRFToken": client.token()})
        assert reply.status_code == 422
        assert "invented" in reply.json["refusal"] or "T9!A" in reply.json["refusal"]
    nested = {"data": "[" * 100_000, "content_type": "application/json"}
    reply = client.post(f"{page}/answers", headers={"X-CSRFToken": client.token()}, **nested)
    assert reply.status_code == 422


def test_who_asks_while_a_file_is_read_waits_for_the_outcome(app, client_for, units, begun, read):
    client = client_for("officer")
    page = upload(client, kind="projects").location
    assert client.get(f"{page}.json?wait=0").json["status"] == "reading"
    reader = threading.Timer(0.3, read)
    reader.start()
    assert client.get(f"{page}.json").json["status"] == "ready"
    reader.join()


def test_the_outcome_is_not_waited_for_for_ever(client_for, units, begun, read, monkeypatch):
    monkeypatch.setattr(import_acts, "PATIENCE", 0.1)
    client = client_for("officer")
    page = upload(client, kind="projects").location
    assert client.get(f"{page}.json").json["status"] == "reading"
    reply = client.post_form(f"{page}/apply")
    assert reply.status_code == 422
    assert "đang được đọc" in reply.text


@pytest.mark.parametrize(
    "body",
    [[], "x", {"answers": []}, {"answers": {"a": 1}}, {"columns": {"a": ["b"]}}, {"unit": 5}],
)
def test_json_that_says_nothing_is_refused(client_for, units, begun, read, body):
    client = client_for("officer")
    page = begin(client, read, kind="projects")
    reply = client.post(f"{page}/answers", json=body, headers={"X-CSRFToken": client.token()})
    assert reply.status_code == 422
    assert reply.json["refusal"]
    assert begun == []


def test_a_run_that_broke_off_says_so_and_is_read_again(session, client_for, units, begun, read):
    client = client_for("officer")
    page = upload(client, kind="projects").location
    run = session.scalar(select(ImportRun))
    run.reading_since = now() - timedelta(hours=1)
    soup = client.soup(page)
    assert soup.select_one("[data-standing]")["data-standing"] == "broken"
    assert client.get(f"{page}.json").json["status"] == "refused"
    begun.clear()
    assert client.post_form(f"{page}/answers", {"action": "again"}).status_code == 303
    read()
    assert client.soup(page).select_one("[data-standing]")["data-standing"] == "ready"


# ------------------------------------------------------------------------------ carrying out


def test_what_was_read_again_since_is_not_carried_out(session, client_for, units, act, read):
    client = client_for("officer")
    page = begin(client, read, kind="projects")
    old = client.soup(page)
    client.post_form(f"{page}/answers", {"unit": "trieu"})
    read()
    form = {"form_key": key_of(old, "apply"), "seen": seen_of(old)}
    reply = client.post_form(f"{page}/apply", form)
    assert reply.status_code == 409
    assert session.scalar(select(Project.name).where(Project.code == "P1")) == "Mô hình trâu"


def test_what_somebody_saved_meanwhile_is_not_overwritten(session, client_for, units, read):
    client = client_for("officer")
    page = begin(client, read, kind="projects")
    project = session.scalar(select(Project).where(Project.code == "P1"))
    project.name = "Mô hình dê"
    reply = client.post_form(f"{page}/apply", {"form_key": "k"})
    assert reply.status_code == 409
    assert session.scalar(select(Project.name).where(Project.code == "P1")) == "Mô hình dê"
    soup = BeautifulSoup(reply.text, "html.parser")
    assert not soup.select_one("#confirm")
    assert client.post_form(f"{page}/answers", {"action": "again"}).status_code == 303
    read()
    assert "Mô hình dê" in text_of(client.soup(page), "#changes")
    assert client.post_form(f"{page}/apply", {"form_key": "l"}).status_code == 303


def test_carrying_out_twice_writes_once(session, client_for, units, read):
    client = client_for("officer")
    page = begin(client, read, kind="projects")
    form = {"form_key": "k"}
    assert client.post_form(f"{page}/apply", form).status_code == 303
    assert client.post_form(f"{page}/apply", form).status_code == 303
    assert client.post_form(f"{page}/apply", {"form_key": "l"}).status_code in (409, 422)
    changes = select(func.count(AuditEntry.id)).where(
        AuditEntry.resource == "project", AuditEntry.action == "update"
    )
    assert session.scalar(changes) == 1


def test_open_questions_and_errors_are_not_carried_out(session, client_for, units, act, read):
    client = client_for("officer")
    for found in (question(), finding(Level.ERROR)):
        act.findings = (found,)
        page = begin(client, read, kind="projects")
        assert client.post_form(f"{page}/apply", {}).status_code == 422
    assert session.scalar(select(Project.name).where(Project.code == "P1")) == "Mô hình trâu"


def test_the_office_registers_when_a_report_came(session, client_for, units, read, monkeypatch):
    client = client_for("officer")
    page = begin(client, read, period="2024-04", investor=units[0].code)
    form = {"received_day": "05/05/2024", "received_clock": "10:30"}
    assert client.post_form(f"{page}/apply", form | {"received_day": "x"}).status_code == 422
    assert client.post_form(f"{page}/apply", form).status_code == 303
    run = session.scalar(select(ImportRun))
    assert run.received_at.isoformat() == "2024-05-05T03:30:00+00:00"
    assert "10:30 05/05/2024" in text_of(client.soup(page))


def test_a_unit_does_not_register_its_own_receipt(session, client_for, units, read):
    client = client_for("investor", units[0])
    page = begin(client, read, period="2024-04")
    assert not client.soup(page).select_one("[name=received_day]")
    reply = client.post_form(f"{page}/apply", {"received_day": "05/05/2024"})
    assert reply.status_code == 422
    assert session.scalar(select(ImportRun.received_at)) is None


# ------------------------------------------------------------------------------ files


def test_the_original_comes_back_byte_by_byte_and_only_as_a_download(client_for, units, read):
    client = client_for("officer")
    content = "<script>alert(1)</script>;Tên\nP1;Bò\n"
    page = begin(client, read, kind="projects", content=content, name='bi"ểu\u202e.csv')
    reply = client.get(f"{page}/file")
    assert reply.data == content.encode()
    assert reply.headers["Content-Type"] == "application/octet-stream"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Content-Disposition"].startswith("attachment; ")
    assert "<script>" not in client.get(page).text


def test_the_marked_file_has_the_findings_at_their_cells(client_for, units, act, read):
    act.findings = (finding(Level.WARNING),)
    client = client_for("officer")
    page = begin(client, read, kind="projects", name="T4.csv")
    reply = client.get(f"{page}/marked.xlsx")
    assert reply.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(reply.data))["T4"]
    assert sheet["B2"].value == "Mô hình bò"
    assert sheet["B2"].comment.text == "The sum is another."


def test_errors_are_told_with_their_cell_first(client_for, units, act, read):
    act.findings = (
        finding(Level.HINT),
        finding(Level.WARNING),
        Finding(
            level=Level.ERROR,
            code="number_unreadable",
            message="This is no number.",
            at=At("T4", "B2", "Tên <b>", "x&y"),
        ),
    )
    client = client_for("officer")
    soup = client.soup(begin(client, read, kind="projects"))
    rows = [text_of(row, "td") for row in soup.select("#found tbody tr")]
    assert rows == ["Lỗi", "Cảnh báo", "Gợi ý"]
    first = soup.select_one("#found tbody tr").get_text(" ", strip=True)
    for part in ("B2", "T4", "Tên <b>", "x&y", "This is no number."):
        assert part in first
    assert soup.select_one("td.found-error").get_text() == "Mô hình bò"
    assert "1 lỗi chặn lần nhập này" in text_of(soup, "#standing")


# ------------------------------------------------------------------------------ remembered


def remembered(session, client, act, read):
    """A map of the office: what was answered and corrected in an import that was carried out."""
    act.findings = (question(),)
    page = begin(client, read, kind="projects")
    client.post_form(f"{page}/answers", {"unit_unclear": "trieu", "column:T4!B": "note"})
    read()
    assert client.post_form(f"{page}/apply", {"form_key": "m"}).status_code == 303
    return session.scalar(select(ImportMap))


def test_what_was_said_is_proposed_and_used_by_a_button_alone(
    session, client_for, units, act, read
):
    client = client_for("officer")
    assert remembered(session, client, act, read) is not None
    page = begin(client, read, kind="projects", content=CSV.replace("bò", "dê"))
    soup = client.soup(page)
    assert "Ghi chú" in text_of(soup, ".note")
    assert "triệu đồng" in text_of(soup, ".note")
    assert "lần trước đã chọn" in text_of(soup, ".question")
    assert not soup.select_one(".question input[checked]")
    assert act.asked[-1][0].answers == {}
    client.post_form(
        f"{page}/answers", {"action": "proposed", "column:T4!A": "", "column:T4!B": ""}
    )
    read()
    ask = act.asked[-1][0]
    assert (ask.answers, ask.columns) == ({"unit_unclear": "trieu"}, {"T4!B": "note"})


def test_remembered_sheets_are_listed_edited_and_forgotten(session, client_for, units, act, read):
    client = client_for("officer")
    known = remembered(session, client, act, read)
    there = client.soup("/admin/imports/maps/").select_one("tbody th a")["href"]
    soup = client.soup(there)
    place = soup.select_one("option[value=note][selected]").parent.parent["name"]
    assert place == "column:ten"
    form = {
        "form_key": "a", "column:du an": "project", place: "total_investment",
        "vintage:ten": str(today().year), "source:ten": "NSTW", "action": "save",
    }  # fmt: skip
    assert client.post_form(there, form).status_code == 303
    session.refresh(known)
    assert known.columns == {
        "du an": "project",
        "ten": f"total_investment vintage={today().year} source=NSTW",
    }
    assert known.answers == {}
    old = client.post_form(there, {"form_key": "b", "seen": "x", "action": "remove"})
    assert old.status_code == 409
    assert client.post_form(there, {"form_key": "c", "action": "remove"}).status_code == 303
    assert session.scalar(select(func.count(ImportMap.id))) == 0
    assert client.get(there).status_code == 404


def test_maps_of_others_are_missing(session, client_for, units, act, read):
    known = remembered(session, client_for("officer"), act, read)
    there = f"/admin/imports/maps/{known.id}"
    for client in (client_for("investor", units[0]), client_for("finance"), client_for("leader")):
        assert client.get(there).status_code == 404
        assert client.post_form(there, {"action": "remove"}).status_code == 404
        assert not client.soup("/admin/imports/maps/").select("tbody tr")


# ------------------------------------------------------------------------------ the ways in


def test_pages_of_work_lead_to_the_import_with_what_they_know(session, client_for, units):
    code = units[0].code
    unit = client_for("investor", units[0])
    assert unit.soup("/admin/my-report/").select_one(
        "a[href='/admin/imports/new?kind=monthly&period=2024-04']"
    )
    assert unit.soup("/admin/my-report/2024-04").select_one("a[href*='/admin/imports/new?']")
    officer = client_for("officer")
    there = f"a[href='/admin/imports/new?kind=monthly&period=2024-04&investor={code}']"
    assert officer.soup(f"/admin/review/2024-04/{units[0].id}").select_one(there)
    assert officer.soup("/admin/review/2024-04").select_one(
        "a[href='/admin/imports/new?kind=consolidated&period=2024-04']"
    )
    assert officer.soup("/admin/project/").select_one("a[href='/admin/imports/new?kind=projects']")
    decisions = "a[href='/admin/imports/new?kind=allocations']"
    assert client_for("finance").soup("/admin/decision/").select_one(decisions)
    assert not officer.soup("/admin/decision/").select_one(decisions)
    assert not client_for("leader").soup("/admin/project/").select_one("a[href*='imports/new']")
    soup = officer.soup(f"/admin/imports/new?kind=monthly&period=2024-04&investor={code}")
    assert soup.select_one("#period option[selected]")["value"] == "2024-04"
    assert soup.select_one("#investor option[selected]")["value"] == code


def test_after_an_ended_session_a_file_is_asked_for_once_more(client_for, units):
    reply = upload(client_for(None), period="2024-04")
    assert reply.status_code == 401
    assert "tệp" in reply.text
    assert "chọn lại" in reply.text.lower()


def test_options_are_told_in_words(client_for, units, act, read):
    act.findings = (
        question("number_unclear", options=("1725000", "1725000000"), cell="B2"),
        question("source_unclear", options=("NSTW DTPT", "NST 2023", "plan")),
        question("kind_unclear", options=("supplement",)),
        question("date_unclear", options=("2024-04-15",), cell="A2"),
        question("period_conflict", options=("2024-03", "2024-04"), cell="A1"),
        Finding(
            level=Level.QUESTION, code="name_unclear", message="Which unit?",
            at=At("T4", "A2", "Đơn vị", "Yên Bìng"), options=(Option("X-1", "UBND xã Yên Bình"),),
        ),
    )  # fmt: skip
    client = client_for("officer")
    soup = client.soup(begin(client, read, kind="projects"))
    words = [
        [one.get_text(" ", strip=True) for one in asked.select(".options > li:not(.free) label")]
        for asked in soup.select(".question")
    ]
    assert words == [
        ["1.725.000 đồng", "1.725.000.000 đồng"],
        [
            "Ngân sách trung ương · Vốn đầu tư phát triển",
            "Ngân sách tỉnh · vốn năm 2023",
            "theo tỷ lệ kế hoạch vốn",
        ],
        ["Bổ sung"],
        ["15/04/2024"],
        ["Tháng 3/2024", "Tháng 4/2024"],
        ["UBND xã Yên Bình X-1"],
    ]


def test_the_page_is_the_same_run_that_programs_read(client_for, units, act, read):
    act.findings = (finding(Level.WARNING),)
    client = client_for("officer")
    page = begin(client, read, kind="projects")
    told = json.loads(client.get(f"{page}.json").data)
    assert told["run"] == int(page.rpartition("/")[2])
    assert told["counts"] == {"new": 0, "changed": 1, "same": 0}
    assert [one["code"] for one in told["findings"]] == ["total_mismatch"]
    assert "pictures" not in told
