"""The report of a unit on paper: what was sent, on screen, in print and in Word."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from docx import Document

from models import Actor, FormerName, Investor, LetterHead, Period
from models.base import now
from models.catalogue import InvestorKind
from models.duty import open_period
from models.filing import DisbursementInput, ProjectInput, read_sheet, return_report, save_report
from models.reminders import TemplateKind, ensure_default_head
from models.returns import Submission
from reports.letter import built_in, render
from reports.unit_form import form_of
from reports.unit_paper import paper_context, paper_of
from tests.factories import (
    make_allocation,
    make_disbursement,
    make_entry,
    make_period,
    make_project,
    make_submission,
)
from tests.office import converted, pages_of

AT = datetime(2024, 4, 16, 2, tzinfo=UTC)


@pytest.fixture
def commune(session, load_demo):
    load_demo(AT)
    ensure_default_head(session)
    session.commit()
    return session.query(Investor).filter_by(code="X-06388").one()


def period(session, code="2024-03"):
    return session.query(Period).filter_by(code=code).one()


def rendered(paper):
    return render(paper_context(paper), TemplateKind.UNIT_REPORT, None)


def words(content):
    document = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_it_says_what_was_sent_and_when(session, commune):
    paper = paper_of(session, period=period(session), investor=commune, at=AT)
    text = words(rendered(paper))
    for said in (
        "ỦY BAN NHÂN DÂN HUYỆN HỮU LŨNG",
        "ỦY BAN NHÂN DÂN XÃ HỮU LIÊN",
        "Hữu Liên, ngày",
        "tháng 3 năm 2024",
        "Lần gửi 1, lúc 00 giờ 00 phút ngày 10/4/2024",
        "1.492.250.000",
        "280.000.000",
        "18,76",
        "TM. ỦY BAN NHÂN DÂN",
        "không thay thế số liệu của KBNN",
    ):
        assert said in text, said


@pytest.mark.parametrize(
    ("kind", "name", "place"),
    [
        ("commune", "Ủy ban nhân dân xã Hữu Liên", "Hữu Liên"),
        ("commune", "UBND Xã Hữu Liên", "Hữu Liên"),
        ("commune", "Ủy ban nhân dân huyện Lục Ngạn", "Lục Ngạn"),
        ("commune", "UBND thành phố Bắc Giang", "Bắc Giang"),
        ("commune", "Thị trấn Đồng Mỏ", "Đồng Mỏ"),
        ("commune", "UBND PHƯỜNG VĨNH TRẠI", "VĨNH TRẠI"),
        ("commune", "UBND đặc khu Vân Đồn", "Vân Đồn"),
        ("commune", "UBND xã Xã Đàn", "Xã Đàn"),
        ("commune", "Hữu Liên", "Lạng Sơn"),
        ("department", "Phòng Văn hóa và Xã hội", "Lạng Sơn"),
    ],
)
def test_paper_and_form_are_signed_in_the_same_place(session, commune, kind, name, place):
    session.query(LetterHead).one().place = "Lạng Sơn"
    commune.name, commune.kind = name, InvestorKind(kind)
    session.query(FormerName).delete()
    session.commit()
    paper = paper_of(session, period=period(session), investor=commune, at=AT)
    april = make_period(session, "2024-04")
    sheet = read_sheet(session, period=april, investor=commune, at=AT)
    assert (paper.place, form_of(session, sheet, at=AT).place) == (place, place)


@pytest.mark.parametrize(
    ("unit", "plan"),
    [("dong", "1.492.250.000"), ("nghin", "1.492.250"), ("trieu", "1.492,250")],
)
def test_in_every_unit_of_money(session, commune, client_for, unit, plan):
    client = client_for("investor", commune)
    assert plan in client.get(f"/admin/my-report/2024-03/print?unit={unit}").text
    file = client.get(f"/admin/my-report/2024-03.docx?unit={unit}")
    assert plan in words(file.data)
    assert "attachment" in file.headers["Content-Disposition"]
    assert client.get("/admin/my-report/2024-03/print?unit=ty").status_code == 404


def test_the_total_is_that_of_the_rows_on_screen(session, commune, client_for):
    page = client_for("investor", commune).soup("/admin/my-report/2024-03/print")
    rows = [
        [cell.get_text(strip=True) for cell in row.select("th, td")]
        for row in page.select(".paper-table tbody tr")
    ]
    total = next(row for row in rows if row[1] == "TỔNG SỐ")
    capital = [row for row in rows if row[1].startswith("- ")]

    def amount(text):
        return int(text.replace(".", "") or 0)

    for at in (2, 3, 4, 5, 6):
        assert amount(total[at]) == sum(amount(row[at]) for row in capital), at


def test_an_earlier_sending_keeps_its_figures(session, commune):
    march = period(session)
    report = session.query(Submission).filter_by(investor_id=commune.id, period_id=march.id).one()
    return_report(session, report, reason="Sai", at=AT, actor=Actor(None, "Cán bộ"))
    sheet = read_sheet(session, period=march, investor=commune, at=AT)
    projects = [
        ProjectInput(
            project_id=one.project_id,
            disbursements=[
                DisbursementInput(allocation_id=x.allocation_id) for x in one.allocations
            ],
        )
        for one in sheet.projects
    ]
    save_report(
        session,
        period=march,
        investor=commune,
        projects=projects,
        nil_report=False,
        explanations={},
        version=sheet.version,
        at=AT,
    )
    session.commit()
    first = paper_of(session, period=march, investor=commune, at=AT, number=1)
    assert "220.000.000" in words(rendered(first))
    draft = words(rendered(paper_of(session, period=march, investor=commune, at=AT)))
    assert "BẢN NHÁP, chưa gửi" in draft
    assert "220.000.000" not in draft


def test_a_report_of_another_unit_is_missing(session, commune, client_for):
    other = session.query(Investor).filter_by(code="X-06397").one()
    client = client_for("investor", commune)
    for tail in ("/print", ".docx"):
        address = f"/admin/my-report/2024-03{tail}"
        assert client.get(address).status_code == 200
        assert client.get(f"{address}?investor={other.id}").status_code == 404
        assert client.get(f"{address}?number=2").status_code == 404
        assert client.get(f"{address}?number=x").status_code == 404
        assert client.get(f"/admin/my-report/2023-03{tail}").status_code == 404


def test_a_quarter_has_its_months_and_its_words(session, commune, client_for, make_quarter):
    paper = paper_of(session, period=make_quarter, investor=commune, at=now())
    text = words(rendered(paper))
    assert "quý I năm 2024" in text
    assert "Tháng 2" in text
    assert "60.000.000" in text
    assert "280.000.000" in text
    page = client_for("investor", commune).get("/admin/my-report/2024-Q1/print")
    assert page.status_code == 200
    assert "Tháng 3" in page.text


@pytest.fixture
def make_quarter(session, commune):
    return open_period(session, "2024-Q1", at=AT)


def test_the_template_is_the_office_s_own(session, commune, client_for):
    edited = Document(BytesIO(built_in(TemplateKind.UNIT_REPORT)))
    edited.add_paragraph("Mẫu của huyện")
    out = BytesIO()
    edited.save(out)
    officer = client_for("officer")
    file = (BytesIO(out.getvalue()), "don-vi.docx")
    reply = officer.post_form("/admin/letters/template", {"kind": "unit_report", "file": file})
    assert reply.status_code == 303
    assert officer.get("/admin/letters/unit-report").status_code == 200
    made = client_for("investor", commune).get("/admin/my-report/2024-03.docx")
    assert "Mẫu của huyện" in words(made.data)


def test_the_heads_of_the_table_are_repeated_and_no_row_is_torn(session, commune):
    content = rendered(paper_of(session, period=period(session), investor=commune, at=AT))
    table = Document(BytesIO(content)).tables[1]
    assert "w:tblHeader" in table.rows[0]._tr.xml
    assert all("w:cantSplit" in row._tr.xml for row in table.rows)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_figure_is_broken_where_there_are_many_columns(session, commune, tmp_path):
    """Ten columns of đồng side by side, billions among them, and a head like 31/3/2024."""
    project = make_project(session, investor=commune, code="L99")
    capital = make_allocation(session, 9_234_567_890, project=project)
    report = session.query(Submission).filter_by(
        investor_id=commune.id, period_id=period(session).id
    )
    entry = make_entry(session, project=project, submission=report.one(), physical_progress=5)
    make_disbursement(
        session, entry, capital, advance=1_222_333_444, completed=2_333_444_555,
        recovered=133_444_555, returned=44_555_666, correction=-55_666_777,
    )  # fmt: skip
    session.commit()
    paper = paper_of(session, period=period(session), investor=commune, at=AT)
    file = tmp_path / "bao-cao.docx"
    file.write_bytes(rendered(paper))
    [pdf] = converted([file], tmp_path, "pdf")
    printed = "\n".join(pages_of(pdf)).split()
    figures = [cell for _row, cells in paper.table.lines("dong") for cell in cells if "." in cell]
    assert len(paper.table.columns) == 12
    assert "9.234.567.890" in figures
    assert [one for one in figures if one not in printed] == []
    assert "31/3/2024" in printed


def test_what_came_before_is_what_counts_on_the_paper_of_a_month_as_of_a_quarter(session):
    """A draft of an earlier month is in neither, also in a memo source."""
    project = make_project(session)
    budget = make_allocation(session, 1_000_000, project=project)
    memo = make_allocation(session, 50_000, project=project, source="HDK")
    april = None
    for code, status, amount in (
        ("2024-02", "accepted", 1_000), ("2024-03", "draft", 70_000), ("2024-04", "draft", 500),
    ):  # fmt: skip
        april = make_period(session, code)
        report = make_submission(session, period=april, investor=project.investor, status=status)
        entry = make_entry(session, project=project, submission=report)
        make_disbursement(session, entry, budget, completed=amount)
        make_disbursement(session, entry, memo, completed=amount // 100)
    quarter = open_period(session, "2024-Q2", at=AT)
    session.commit()

    def told(period):
        paper = paper_of(session, period=period, investor=project.investor, at=AT)
        return {one.heading: one.amounts for one in paper.table.columns}

    month = told(april)
    before = month["Lũy kế giải ngân đến hết kỳ trước"]
    assert (before[0], set(filter(None, before))) == (1_000, {1_000, 10})
    assert month["Lũy kế giải ngân đến 30/4/2024"][0] == 1_500
    assert told(quarter)["Lũy kế giải ngân đến hết quý trước"][0] == 1_000
    sheet = read_sheet(session, period=april, investor=project.investor, at=AT)
    assert sheet.projects[0].allocations[0].before == 71_000  # the page counts on the draft
