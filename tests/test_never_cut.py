"""What is too long, unknown or broken is refused in a sentence, and what was typed stays."""

import zipfile
from io import BytesIO
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup

from models import ImportMap, LetterTemplate
from models.base import now
from models.reminders import TemplateKind
from models.sheets import Kind
from reports.letter import built_in
from tests.factories import (
    make_expected,
    make_investor,
    make_letter_head,
    make_org_event,
    make_period,
    make_project,
)
from tests.test_admin_letters import send_template
from tests.test_bad_input_everywhere import nothing_left_open, pytestmark  # noqa: F401  fixtures

LONG = "đường " * 34  # 203 signs without the last space
MAPS = "/admin/imports/maps"


def said(reply):
    return " ".join(BeautifulSoup(reply.text, "html.parser").select_one("main").get_text().split())


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (f"search={quote(LONG)}", "Nội dung có 203 ký tự; nhiều nhất 200"),
        ("flt0_year=abc", "không có giá trị này"),
        (f"flt0_investor={'9' * 40}", "không có giá trị này"),
        ("flt0_nothing=1", "không có bộ lọc “flt0_nothing”"),
        ("fltx=1", "không có bộ lọc “fltx”"),
    ],
)
def test_a_list_that_is_asked_amiss_says_so_and_neither_page_nor_file_hold_more(
    client_for, session, asked, sentence
):
    row = make_project(session, name="Đường Vân Nham")
    client = client_for("officer")
    for address in ("/admin/allocation/", "/admin/allocation/export/csv/"):
        reply = client.get(f"{address}?{asked}")
        assert (reply.status_code, reply.mimetype) == (422, "text/html")
        assert said(reply).count(sentence) == 1
        assert row.code not in said(reply)
        typed = LONG.strip() if "search" in asked else asked.partition("=")[2]
        assert typed in reply.text or "bộ lọc “" in sentence
    found = client.get("/admin/project/ajax/lookup/", query_string={"name": "x", "query": LONG})
    assert found.status_code == 404
    found = client.get(
        "/admin/allocation/ajax/lookup/", query_string={"name": "project", "query": LONG}
    )
    assert found.status_code == 422


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_name_of_a_template_is_kept_whole_or_refused(client_for, session):
    make_letter_head(session)
    make_period(session)
    client = client_for("officer")
    reply = send_template(client, built_in(), name=f"{'x' * 196}.docx")
    assert reply.status_code == 422
    assert "Tên tệp có 201 ký tự; chỉ được tối đa 200" in reply.text
    assert send_template(client, built_in(), name=f"C:/a/{'x' * 195}.docx").status_code == 303
    assert session.query(LetterTemplate).one().file_name == f"{'x' * 195}.docx"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_template_behind_which_no_annex_can_stand_is_refused_when_it_is_sent(client_for, session):
    make_letter_head(session)
    make_period(session)
    out, styles = BytesIO(), b"vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"
    with (
        zipfile.ZipFile(BytesIO(built_in(TemplateKind.NARRATIVE))) as old,
        zipfile.ZipFile(out, "w") as made,
    ):
        for name in old.namelist():
            made.writestr(name, old.read(name).replace(styles, b"xml"))
    out.seek(0)
    client = client_for("officer")
    form = {"kind": "narrative", "file": (out, "mau.docx")}
    reply = client.post_form("/admin/letters/template", form)
    assert reply.status_code == 422
    assert "Không ghép được các phụ lục" in reply.text
    assert session.query(LetterTemplate).count() == 0


def test_a_remembered_sheet_takes_what_its_lists_offer_and_keeps_what_was_typed(
    client_for, session
):
    stored = {"ten": "completed vintage=2001 source=NST"}
    known = ImportMap(
        sender="", kind=Kind.MONTHLY, fingerprint="0", headings=["Tên", "Dự án"], columns=stored,
        answers={"unit_unclear": "trieu", "source_unclear": "NST"}, file_name="a.csv",
        user_name="Kế toán", at=now(),
    )  # fmt: skip
    session.add(known)
    session.commit()
    client, there = client_for("officer"), f"{MAPS}/{known.id}"
    good = {"column:ten": "completed", "vintage:ten": "2001", "source:ten": "NST"}
    good |= {"column:du an": "project", "answer:unit_unclear": "1"}
    for name, typed in (
        ("column:ten", "Zq nonsense"), ("column:ten", "completed vintage=1"),
        ("vintage:ten", "1066"), ("source:ten", "XYZ"), ("column:du an", LONG),
    ):  # fmt: skip
        reply = client.post_form(there, good | {name: typed, "form_key": typed[:30]})
        assert reply.status_code == 422
        assert typed.strip()[:60] in said(reply)
        page = BeautifulSoup(reply.text, "html.parser")
        chosen = {one["name"]: one.select_one("[selected]") for one in page.select("select")}
        assert {n: " ".join(chosen[n]["value"].split()) for n in good if n in chosen} == {
            n: " ".join(value.split())
            for n, value in (good | {name: typed}).items()
            if "answer" not in n
        }
        ticked = [one["name"] for one in page.select("[type=checkbox][checked]")]
        assert ticked == ["answer:unit_unclear"]
        session.refresh(known)
        assert known.columns == stored
    assert client.post_form(there, good | {"form_key": "good"}).status_code == 303
    session.refresh(known)
    assert known.columns == stored | {"du an": "project"}


def test_an_act_that_wrote_nothing_down_is_not_taken_back(client_for, session):
    event = make_org_event(session, details={})
    there = f"/admin/organisation/{event.id}/undo"
    reply = client_for("officer").post_form(there, {"form_key": "k"})
    assert reply.status_code == 422
    assert "không được ghi lại" in said(reply)
    session.refresh(event)
    assert event.undone_at is None


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_reason_stays_where_somebody_did_the_same_before(client_for, session):
    """The form is gone from the page then; what was typed into it is not."""
    period, unit = make_period(session), make_investor(session)
    make_expected(session, period, unit)
    client, there = client_for("officer"), f"/admin/review/{period.code}/{unit.id}"
    seen = client.soup(there).select_one("form[action$=exempt] [name=seen]")["value"]
    for n, status in enumerate((303, 409)):
        form = {"seen": seen, "exempt_reason": f"Mưa lũ {n}", "form_key": f"k{n}"}
        reply = client.post_form(f"{there}/exempt", form)
        assert reply.status_code == status
    assert "Mưa lũ 1" in [one.text for one in BeautifulSoup(reply.text, "html.parser").select("dd")]
