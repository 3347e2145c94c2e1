"""Reports as Word files: the same figures as everywhere, on pages that can go into a report."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from lxml.etree import Comment

from models import Investor, Period
from models.calendar import put_setting
from reports.tables import REPORTS, Asked
from reports.writing import (
    Kind,
    ReportParams,
    fitted_to_page,
    text_of,
    texts_of,
    width_of,
    with_annexes,
)
from tests.factories import (
    make_allocation,
    make_component,
    make_issue,
    make_period,
    make_project,
)
from tests.office import converted, pages_of

AT = datetime(2024, 4, 16, 2, tzinfo=UTC)
once = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def demo(load_demo):
    return load_demo(AT)


@pytest.fixture
def leader(demo, client_for):
    return client_for("leader")


def fetched(client, report="consolidated", **query):
    reply = client.get(f"/admin/reports/{report}.docx", query_string={"period": "2024-03"} | query)
    assert reply.status_code == 200, reply.text
    return reply.data


def document(client, report="consolidated", **query):
    return Document(BytesIO(fetched(client, report, **query)))


def rows_of(found):
    """The rows below the heads, as texts."""
    table = found.tables[1]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    return rows[next(n for n, row in enumerate(rows) if row[0] == "(1)") + 1 :]


def said(found):
    return "\n".join(paragraph.text for paragraph in found.paragraphs)


def made(session, period, asked):
    """The consolidated report as a table."""
    params = ReportParams.read(asked, period=period.code, unit="trieu")
    one = Asked(period=period, params=params, as_of=AT)
    report = REPORTS["consolidated"]
    return report.table(report.find(session, one), one, make_issue(session, AT))


def test_the_figures_are_written_as_officials_read_them(leader):
    rows = rows_of(document(leader))
    assert len(rows) == 28
    assert rows[0][1] == "TỔNG SỐ"
    assert rows[0][3] == "14.698,733"
    assert rows[0][14] == "15,65"
    assert rows[2][:2] == ["I", "Dự án 2: Đa dạng hóa sinh kế, phát triển mô hình giảm nghèo"]
    assert rows[5][16] == ""  # no plan, no rate
    assert rows_of(document(leader, unit="dong"))[0][3] == "14.698.733.333"


def test_decimals_are_equal_in_a_column(session, client_for):
    make_period(session)
    component = make_component(session)
    for amount in (12_500_000, 24_379_511_000):
        make_allocation(session, amount, project=make_project(session, component=component))
    rows = rows_of(document(client_for("leader"), detail="project"))
    assert {cells[3] for cells in rows} == {"24.392,011", "12,500", "24.379,511"}


def test_heads_come_again_and_no_row_is_torn(leader):
    table = document(leader).tables[1]
    marks = [
        (row._tr.trPr.find(qn("w:cantSplit")), row._tr.trPr.find(qn("w:tblHeader")))
        for row in table.rows
    ]
    assert all(whole is not None for whole, _head in marks)
    assert [head is not None for _whole, head in marks] == [True] * 4 + [False] * 28


@pytest.mark.parametrize(
    ("asked", "least"), [({}, 7), ({"columns": "narrow"}, 10), ({"decimals": "0"}, 7.5)]
)
def test_it_is_as_large_as_the_page_allows_and_every_figure_fits(demo, asked, least):
    period = demo.query(Period).filter_by(code="2024-03").one()
    table = made(demo, period, asked)
    fitted = fitted_to_page(table, texts_of(table))
    assert least <= fitted.size <= 11.5
    assert sum(fitted.widths) == pytest.approx(785.2, abs=0.1)
    for column, width in zip(table.printed, fitted.widths, strict=True):
        if column.kind is Kind.MONEY:
            texts = (text_of(table, column, row) for row in table.rows)
            assert max(width_of(text, fitted.size, bold=True) for text in texts) < width


def test_years_have_no_marks(leader):
    rows = rows_of(document(leader, "allocation-changes", period="2024-02"))
    assert {row[7] for row in rows if row[7]} == {"2023"}


def test_a_chart_stands_below_its_table_on_an_upright_page(leader):
    found = Document(BytesIO(fetched(leader, "charts")))
    sides = {(round(one.page_width.mm), round(one.page_height.mm)) for one in found.sections}
    assert (sides, len(found.inline_shapes)) == ({(210, 297)}, 4)


def test_the_page_lies_across_in_times_new_roman(leader):
    found = document(leader)
    section = found.sections[0]
    assert section.orientation == WD_ORIENT.LANDSCAPE
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    widths = [int(one.get(qn("w:w"))) for one in found.tables[1]._tbl.tblGrid]
    room = section.page_width.twips - section.left_margin.twips - section.right_margin.twips
    assert abs(sum(widths) - room) <= len(widths)
    fonts = found.styles.element.find(qn("w:docDefaults")).findall(f".//{qn('w:rFonts')}")
    assert {value for one in fonts for value in one.values()} == {"Times New Roman"}


def test_a_file_says_of_when_and_on_what_basis_it_is(demo, leader):
    put_setting(demo, "demo_data", "true")
    for report in ("consolidated", "ranking", "late", "obstacles"):
        text = said(document(leader, report))
        for words in (
            "THÁNG 3 NĂM 2024",
            "Số liệu minh họa",
            "Số liệu chưa chốt",
            "Căn cứ: ",
            "không thay thế số liệu của Kho bạc Nhà nước",
            "Lập lúc" if report == "obstacles" else "dòng. Lập lúc",  # of no rows none are counted
        ):
            assert words in text, (report, words)


def test_a_unit_gets_its_own_rows(demo, client_for):
    own = demo.query(Investor).filter_by(code="X-06388").one()
    found = document(client_for("investor", own))
    assert {cells[2] for cells in rows_of(found)} == {"", "UBND xã Hữu Liên"}
    assert "Chỉ gồm số liệu của đơn vị" in said(found)


def test_an_empty_report_says_so(session, client_for):
    make_period(session)
    assert "Trong kỳ không có vướng mắc" in said(document(client_for("leader"), "obstacles"))


def test_words_of_strangers_stay_words(session, client_for):
    make_period(session)
    name = "<w:p>&amp; <!--rows--> =1\uffff 'x' \"y\""
    make_allocation(session, project=make_project(session, name=name))
    rows = rows_of(document(client_for("leader"), detail="project"))
    assert rows[-1][1] == name.replace("\uffff", "")


@once
def test_rows_are_not_held_as_a_tree(leader, monkeypatch):
    """Fifty kilobytes each; see the top of reports/writing/docx.py."""
    parsed = []
    monkeypatch.setattr(
        "reports.writing.docx.parse_xml", lambda xml: parsed.append(xml) or parse_xml(xml)
    )
    rows = rows_of(document(leader, detail="project"))
    assert sum(xml.count("</w:tr>") for xml in parsed) < 8 < len(rows)


@once
def test_a_comment_in_a_letter_head_is_no_place_of_rows(demo):
    letter, content = Document(), BytesIO()
    letter.add_paragraph("Kính gửi")._p.append(Comment("rows"))
    letter.save(content)
    table = made(demo, demo.query(Period).filter_by(code="2024-03").one(), {})
    found = Document(BytesIO(with_annexes(content.getvalue(), [table, table])))
    assert said(found).startswith("Kính gửi")
    assert [len(one.rows) for one in found.tables[1::2]] == [len(table.rows) + 4] * 2


@once
def test_a_word_processor_prints_it_with_its_heads_on_every_page(leader, tmp_path):
    files = []
    for name, query in (("wide", {}), ("narrow", {"columns": "narrow", "detail": "project"})):
        files.append(tmp_path / f"{name}.docx")
        files[-1].write_bytes(fetched(leader, **query))
    for pdf in converted(files, tmp_path, "pdf"):
        pages = pages_of(pdf)
        assert len(pages) > 1
        for number, page in enumerate(pages, 1):
            assert "Kế hoạch vốn" in page
            assert f"{number}/{len(pages)}" in page
