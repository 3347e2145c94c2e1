"""Reports as spreadsheets: figures to the đồng, formulas that live, pages that can be signed."""

import csv
import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from types import SimpleNamespace

import openpyxl
import pytest

from models import Investor, Period, Project
from models.base import Actor
from models.calendar import put_setting
from reports.consolidated.report import DataStatus
from reports.frozen import freeze
from reports.tables.consolidated import completeness
from reports.tables.issue import Issue
from reports.writing import Chart, Column, Head, Kind, Row, Table, parts_of, xlsx_of
from tests.factories import (
    make_allocation,
    make_component,
    make_disbursement,
    make_entry,
    make_investor,
    make_obstacle,
    make_period,
    make_project,
    make_submission,
)
from tests.office import converted, has_calc, pages_of

AT = datetime(2024, 4, 16, 2, tzinfo=UTC)
UNITS = {"dong": 1, "nghin": 1_000, "trieu": 1_000_000}
needs_calc = pytest.mark.skipif(not has_calc(), reason="needs libreoffice-calc: make browser")
once = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
MONEY = {
    4: "plan_total", 5: "plan_year", 6: "plan_central", 7: "plan_local", 8: "plan_investment",
    9: "plan_recurrent", 10: "plan_carried", 11: "disbursed_month", 12: "disbursed_total",
    13: "disbursed_year", 14: "disbursed_carried", 18: "remaining", 19: "estimate",
}  # fmt: skip
RATES = {15: "rate_total", 16: "rate_year", 17: "rate_carried"}


@pytest.fixture
def demo(load_demo):
    return load_demo(AT)


@pytest.fixture
def leader(demo, client_for):
    return client_for("leader")


def fetched(client, report="consolidated", **query):
    reply = client.get(f"/admin/reports/{report}.xlsx", query_string={"period": "2024-03"} | query)
    assert reply.status_code == 200, reply.text
    return reply.data


def sheet_of(content, *, values=False):
    return openpyxl.load_workbook(BytesIO(content), data_only=values).worksheets[0]


def first_row(sheet):
    """The row below the numbers of the columns."""
    return next(row for row in range(1, 40) if sheet.cell(row, 1).value == "(1)") + 1


def body(sheet):
    """Rows of the table as lists, from column 1 on."""
    found = []
    for row in range(first_row(sheet), sheet.max_row + 1):
        cells = [sheet.cell(row, col).value for col in range(1, sheet.max_column + 1)]
        if cells[1] is None:
            break
        found.append(cells)
    return found


def filed(client, **query):
    """The same rows from the CSV in đồng."""
    reply = client.get(
        "/admin/reports/consolidated.csv",
        query_string={"period": "2024-03", "headers": "keys"} | query | {"unit": "dong"},
    )
    return list(csv.DictReader(io.StringIO(reply.data.decode("utf-8-sig"), newline="")))


def in_dong(value, unit):
    return None if value is None else round(value * UNITS[unit])


def assert_figures(rows, expected, unit):
    assert len(rows) == len(expected)
    for cells, row in zip(rows, expected, strict=True):
        assert cells[0] == (row["no"] or None)
        for number, key in MONEY.items():
            right = int(row[key]) if row[key] else None
            assert in_dong(cells[number - 1], unit) == right, (row["name"], key)
        for number, key in RATES.items():
            right = float(row[key]) if row[key] else None
            assert cells[number - 1] == right or (right is None and cells[number - 1] == "")


# ---------------------------------------------------------------- figures


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("query", [{}, {"group": "investor", "detail": "project"}])
def test_every_figure_is_that_of_the_report_to_the_dong(leader, unit, query):
    sheet = sheet_of(fetched(leader, unit=unit, **query), values=True)
    assert_figures(body(sheet), filed(leader, **query), unit)


def test_money_is_in_million_where_nothing_is_asked(leader):
    sheet = sheet_of(fetched(leader), values=True)
    assert "Đơn vị tính: triệu đồng" in [cell.value for row in sheet.iter_rows() for cell in row]
    assert body(sheet)[0][3] == 14698.733333


def test_numbers_are_written_without_the_noise_of_binary_ones(leader):
    content = fetched(leader, detail="project")
    xml = zipfile.ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    numbers = re.findall(r'<c r="[A-Z]+\d+" s="\d+"><(?:f>[^<]*</f><)?v>([^<]*)</v>', xml)
    assert len(numbers) > 300
    assert [one for one in numbers if len(one.partition(".")[2]) > 6] == []


def test_nothing_in_a_column_of_figures_is_text(leader):
    sheet = sheet_of(fetched(leader, detail="project"))
    kinds = {
        cell.data_type
        for row in sheet.iter_rows(min_row=first_row(sheet), max_row=first_row(sheet) + 41)
        for cell in row[3:19]
    }
    assert kinds == {"n", "f"}


def test_sums_remainders_and_rates_are_formulas(leader):
    sheet = sheet_of(fetched(leader))
    top = first_row(sheet)
    for offset, cells in enumerate(body(sheet)):
        row, is_parent = top + offset, offset in {0, 1, 2}
        assert cells[3] == f"=ROUND(E{row}+J{row},6)"
        assert cells[4] == f"=ROUND(F{row}+G{row},6)"
        assert cells[11] == f"=ROUND(M{row}+N{row},6)"
        assert cells[14] == f'=IF(D{row}=0,"",ROUND(L{row}*100/D{row},2))'
        assert cells[17] == f"=ROUND(D{row}-L{row},6)"
        if is_parent:
            assert str(cells[5]).startswith("=ROUND(SUM(")
    assert body(sheet)[2][5] == f"=ROUND(SUM(F{top + 3}:F{top + 5}),6)"
    assert isinstance(body(sheet)[3][5], int | float)  # an investor's figure was entered


def test_every_formula_has_its_value_beside_it(leader):
    content = fetched(leader)
    xml = zipfile.ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    formulas = re.findall(r"<c ([^>]*)><f>[^<]*</f><v>([^<]*)</v>", xml)
    assert len(formulas) > 250
    for attributes, value in formulas:
        assert value or 't="str"' in attributes  # no plan, no rate: an empty text, not 0


@once
@needs_calc
def test_calculated_anew_every_figure_stays_to_the_dong(leader, tmp_path):
    asked = {
        "a": {"unit": "trieu"},
        "b": {"unit": "dong", "group": "investor", "detail": "project"},
        "c": {"unit": "nghin", "detail": "group"},
        "d": {"unit": "trieu", "columns": "narrow", "detail": "project"},
    }
    files = []
    for name, query in asked.items():
        files.append(tmp_path / f"{name}.xlsx")
        files[-1].write_bytes(fetched(leader, **query))
    files.append(tmp_path / "ranking.xlsx")
    files[-1].write_bytes(fetched(leader, "ranking"))
    anew = converted(files, tmp_path, "xlsx")
    for before, after in zip(files, anew, strict=True):
        stored = sheet_of(before.read_bytes(), values=True)
        found = sheet_of(after.read_bytes(), values=True)
        formulas = sheet_of(before.read_bytes())
        compared = 0
        for row in formulas.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    compared += 1
                    old, new = stored[cell.coordinate].value, found[cell.coordinate].value
                    assert (old or None) == (new or None), (before.name, cell.coordinate)
        assert compared > 25
    for name, query in list(asked.items())[:3]:
        found = sheet_of((tmp_path / "converted" / f"{name}.xlsx").read_bytes(), values=True)
        assert_figures(body(found), filed(leader, **query), query["unit"])


@once
@needs_calc
def test_what_is_typed_over_goes_on_into_every_sum(leader, tmp_path):
    file = tmp_path / "typed.xlsx"
    file.write_bytes(fetched(leader, unit="dong", detail="project"))
    book = openpyxl.load_workbook(file)
    sheet = book.active
    top = first_row(sheet)
    rows = body(sheet)
    at = next(
        n for n, cells in enumerate(rows) if str(cells[1]).startswith("Mô hình chăn nuôi trâu")
    )
    sheet.cell(top + at, 6).value += 1_000_000_007  # plan, central budget
    sheet.cell(top + at, 13).value += 5_000_003  # disbursed, capital of the year
    book.save(file)
    before = body(sheet_of(fetched(leader, unit="dong", detail="project"), values=True))
    [after] = converted([file], tmp_path, "xlsx")
    found = body(sheet_of(after.read_bytes(), values=True))
    for n in (0, 1, 2, 3, 4):  # total, programme, component, investor, project
        assert found[n][3] - before[n][3] == 1_000_000_007
        assert found[n][11] - before[n][11] == 5_000_003
        assert found[n][17] - before[n][17] == 1_000_000_007 - 5_000_003
        assert found[n][14] == round(found[n][11] * 100 / found[n][3], 2)
    assert found[5] == before[5]


def test_a_group_that_holds_capital_itself_is_the_sum_of_its_rows_and_its_own(session, client_for):
    """Old data has capital at a component with parts; `detail=group` shows no row for it."""
    make_period(session)
    root = make_component(session)
    part = make_component(session, parent_id=root.id)
    for component, amount in ((root, 5), (part, 7)):
        make_allocation(session, amount, project=make_project(session, component=component))
    sheet = sheet_of(fetched(client_for("leader"), detail="group", unit="dong"))
    top = first_row(sheet)
    assert sheet.cell(top + 1, 6).value == f"=SUM(F{top + 2})+5"


# ---------------------------------------------------------------- what stands around


def test_the_layout_is_that_of_form_01(leader):
    sheet = sheet_of(fetched(leader))
    top = first_row(sheet)
    numbers = [sheet.cell(top - 1, col).value for col in range(1, 23)]
    assert numbers[:5] == ["(1)", "(2)", "(3)", "(4)=(5)+(10)", "(5)=(6)+(7)"]
    # a table wider than its page has its formulas below the numbers
    made = ["(15)=(12)/(4)", "(16)=(13)/(5)", "(17)=(14)/(10)", "(18)=(4)−(12)"]
    assert [text.replace("=\n", "=") for text in numbers[14:18]] == made
    merged = {str(one) for one in sheet.merged_cells.ranges}
    first = top - 4
    assert {f"A{first}:A{first + 2}", f"D{first}:J{first}", f"E{first + 1}:I{first + 1}"} <= merged
    assert sheet.cell(first, 4).value == "Kế hoạch vốn"
    assert sheet.cell(first + 1, 5).value == "Vốn năm 2024"
    assert [cells[0] for cells in body(sheet)[:8]] == [None, None, "I", "1", "2", "3", "II", "1"]


def test_the_page_can_be_printed_as_it_is(leader):
    sheet = sheet_of(fetched(leader))
    top = first_row(sheet)
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == 9
    assert sheet.page_setup.fitToWidth in {None, 1}  # one page is what it is without a word
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == f"${top - 4}:${top - 1}"
    assert sheet.freeze_panes == f"C{top}"
    assert sheet.oddFooter.right.text == "&P/&N"
    assert {cell.font.name for row in sheet.iter_rows() for cell in row if cell.value} == {
        "Times New Roman"
    }


def test_a_file_says_of_when_and_on_what_basis_it_is(demo, leader):
    put_setting(demo, "demo_data", "true")
    sheet = sheet_of(fetched(leader))
    said = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
    for words in (
        "THÁNG 3 NĂM 2024",
        "Biểu 01",
        "(Kèm theo Báo cáo số ……/BC-UBND ngày …/…/2024 của UBND huyện Hữu Lũng)",
        "Số liệu minh họa",
        "Số liệu chưa chốt",
        "8/9 đơn vị đã báo cáo",
        "báo cáo đã gửi và đã tiếp nhận",
        "không thay thế số liệu của Kho bạc Nhà nước",
        "28/28 dòng",
        "Lập lúc",
        "Số liệu có thể chênh lệch do làm tròn",
    ):
        assert words in said


@pytest.mark.parametrize(
    ("language", "said"),
    [("vi", "Figures; 999/1.000 units have reported."), ("en", "Figures; 999/1,000 units have re")],
)
def test_counts_of_a_large_office_are_written_like_other_numbers(language, said):
    def say(text, **values):
        return "Figures" if "day" in values else text % values

    by = Issue(
        say=say, language=language, at=AT, committee="", level="huyện", is_demo=False, is_part=False
    )
    status = DataStatus(
        data_to=date(2024, 3, 31), expected=1_000, reported=999, missing=(), stale=()
    )
    assert completeness(SimpleNamespace(status=status), by).startswith(said)
    assert by.number(1_234_567).replace(",", ".") == "1.234.567"


def test_a_frozen_version_is_named(demo, leader):
    january = demo.query(Period).filter_by(code="2024-01").one()
    freeze(demo, january, reason=None, at=AT, actor=Actor(user_id=None, name="Cán bộ"))
    sheet = sheet_of(fetched(leader, period="2024-01"))
    said = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
    assert "Phiên bản 1. Cán bộ chốt lúc 09:00 16/04/2024." in said
    assert "chưa chốt" not in said


@pytest.mark.parametrize("report", ["consolidated", "ranking", "late", "obstacles"])
def test_there_is_no_macro_and_nothing_outside_is_asked_for(leader, report):
    names = zipfile.ZipFile(BytesIO(fetched(leader, report))).namelist()
    assert not [one for one in names if "external" in one.lower() or one.endswith(".bin")]


# ---------------------------------------------------------------- words


LIVE = ["=1+1", "+84 205 3825", "-x", "@SUM(A1)", '=HYPERLINK("http://evil.example")', "＝1"]


@pytest.mark.parametrize("text", LIVE)
def test_text_that_begins_like_a_formula_stays_text(session, client_for, text):
    period = make_period(session)
    project = make_project(session, name=text)
    make_allocation(session, project=project)
    make_obstacle(session, project=project, content=text, raised_on=period.data_from)
    client = client_for("leader")
    for report, query in (("consolidated", {"detail": "project"}), ("obstacles", {})):
        sheet = sheet_of(fetched(client, report, **query))
        [cell] = [one for row in sheet.iter_rows() for one in row if one.value == text]
        assert cell.data_type == "s"
        assert cell.quotePrefix


def test_signs_that_no_file_can_hold_are_left_out(session, client_for):
    make_period(session)
    project = make_project(session, name="Mô hình\uffff bò\ufffe <b>&")
    make_allocation(session, project=project)
    sheet = sheet_of(fetched(client_for("leader"), detail="project"))
    assert "Mô hình bò <b>&" in [cell.value for row in sheet.iter_rows() for cell in row]


@once
@needs_calc
def test_long_words_are_shown_whole(session, client_for, tmp_path):
    """A name and a text of thousands of signs: all of it is on the page, no row is torn."""
    march = make_period(session)
    words = " ".join(f"chữ{n}" for n in range(400))
    investor = make_investor(session, short_name="Ủy ban nhân dân xã " + "Rất Dài " * 6)
    project = make_project(session, investor=investor, name="Mô hình " + "chăn nuôi " * 18 + "cuối")
    allocation = make_allocation(session, 900_000_000_000_000, project=project)
    submission = make_submission(session, period=march, investor=investor, status="submitted")
    entry = make_entry(session, project=project, submission=submission, obstacles=words)
    make_disbursement(session, entry, allocation, completed=899_999_999_999_999)
    session.flush()
    file = tmp_path / "long.xlsx"
    file.write_bytes(fetched(client_for("leader"), detail="project", unit="dong"))
    [pdf] = converted([file], tmp_path, "pdf")
    text = " ".join(" ".join(pages_of(pdf)).split())
    assert "###" not in text
    assert {f"chữ{n}" for n in range(400)} <= set(re.findall(r"chữ\d+", text))
    assert text.count("cuối") == 1


def test_an_empty_report_says_so(session, client_for):
    make_period(session)
    client = client_for("leader")
    for report in ("ranking", "late", "obstacles"):
        sheet = sheet_of(fetched(client, report))
        said = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
        assert any(
            one.startswith(("Không đơn vị", "Trong kỳ không", "Chưa hết hạn")) for one in said
        )
        assert not any("0/0 dòng" in one for one in said)


def test_days_and_moments_are_true_ones(demo, leader):
    project = demo.query(Project).filter_by(code="L01").one()
    make_obstacle(demo, project=project, promised_on=date(2024, 4, 1))
    sheet = sheet_of(fetched(leader, "obstacles"), values=True)
    assert body(sheet)[0][7].isoformat() == "2024-04-01T00:00:00"
    sheet = sheet_of(fetched(leader, "late", all="1", as_of="2024-04-16T09:00"), values=True)
    sent = {cells[1]: cells[4] for cells in body(sheet)}
    assert sent["UBND xã Hữu Liên"].isoformat() == "2024-04-10T00:00:00"


# ---------------------------------------------------------------- whose rows


def test_a_unit_gets_its_own_rows(demo, client_for):
    own = demo.query(Investor).filter_by(code="X-06388").one()
    client = client_for("investor", own)
    rows = body(sheet_of(fetched(client), values=True))
    assert {cells[2] for cells in rows if cells[2]} == {"UBND xã Hữu Liên"}
    assert rows[0][1] == "TỔNG SỐ CỦA ĐƠN VỊ"
    said = str(
        [[cell.value for cell in row] for row in sheet_of(fetched(client, "ranking")).iter_rows()]
    )
    assert "Toàn huyện" not in said
    assert "UBND HUYỆN" not in said
    assert "số cộng của đơn vị" in said


def test_the_chart_of_the_ranking_is_a_native_one_on_its_cells(leader):
    book = openpyxl.load_workbook(BytesIO(fetched(leader, "ranking")))
    cells, drawn = book.worksheets
    [chart] = drawn._charts
    top = first_row(cells)
    [series] = chart.series
    assert series.cat.strRef.f == f"'Biểu 02'!$B${top}:$B${top + 8}"
    assert series.val.numRef.f == f"'Biểu 02'!$E${top}:$E${top + 8}"
    assert "toàn huyện: 15,65 %" in drawn["A1"].value


def test_ranks_and_differences_follow_the_rates(leader):
    sheet = sheet_of(fetched(leader, "ranking"))
    top, rows = first_row(sheet), body(sheet)
    last = top + len(rows) - 1
    assert rows[-1][1] == "Toàn huyện"
    assert rows[-1][2] == f"=ROUND(SUM(C{top}:C{last - 1}),6)"
    assert rows[0][5] == f"=ROUND(E{top}-E{last},2)"
    assert rows[0][6] == f"=ROUND(E{top}-0.00,2)"
    values = body(sheet_of(fetched(leader, "ranking"), values=True))
    assert [cells[0] for cells in values] == [1, 2, 3, 4, 5, 6, 7, 8, 8, None]
    assert values[0][4:6] == [32.61, 16.96]


# ---------------------------------------------------------------- large tables


def outlined(depths):
    """A table whose leaves hold 1 đồng each, and whose other rows are the sums of their parts."""
    parts = parts_of(depths)
    amounts = [0] * len(depths)
    for n in reversed(range(len(depths))):
        amounts[n] = sum(amounts[one] for one in parts[n]) or 1
    columns = (
        Column(key="no", heading="", path=("TT",), number=1),
        Column(key="name", heading="", path=("Nội dung",), number=2),
        Column(key="sum", heading="", kind=Kind.MONEY, path=("Vốn",), number=3, adds=True),
    )
    head = Head(
        issuer="UBND", form="Biểu", title=("BIỂU",), reference="", unit="", mark="", status=(),
        notes=(), none="",
    )  # fmt: skip
    rows = tuple(
        Row(values={"no": "", "name": f"Dòng {n}", "sum": amounts[n]}, depth=depth, parts=parts[n])
        for n, depth in enumerate(depths)
    )
    return Table(
        name="x", columns=columns, rows=rows, unit="dong", places=0, head=head, rounding="",
    )  # fmt: skip


def test_a_sum_of_many_groups_keeps_to_what_a_spreadsheet_takes():
    table = outlined([0] + [1, 2] * 600)
    sheet = sheet_of(xlsx_of(table))
    formula = sheet.cell(first_row(sheet), 3).value
    assert max(part.count(",") for part in re.findall(r"SUM\(([^()]*)\)", formula)) < 255
    assert formula.count("C") == 600
    values = sheet_of(xlsx_of(table), values=True)
    assert values.cell(first_row(values), 3).value == 600


def test_a_sum_too_long_for_a_formula_stands_as_its_figure():
    sheet = sheet_of(xlsx_of(outlined([0] + [1, 2] * 3_000)))
    assert sheet.cell(first_row(sheet), 3).value == 3_000


def test_a_text_longer_than_any_cell_says_that_it_goes_on(session, client_for):
    march = make_period(session)
    project = make_project(session)
    make_allocation(session, project=project)
    submission = make_submission(
        session, period=march, investor=project.investor, status="submitted"
    )
    make_entry(session, project=project, submission=submission, obstacles="chữ " * 10_000)
    sheet = sheet_of(fetched(client_for("leader"), detail="project"))
    longest = max((str(c.value) for row in sheet.iter_rows() for c in row), key=len)
    assert len(longest) <= 32_767
    assert longest.endswith("…")
    assert max(one.width for one in sheet.column_dimensions.values()) < 255
    assert max(one.height or 0 for one in sheet.row_dimensions.values()) <= 409


def test_a_list_longer_than_any_cell_stands_whole_above_the_rows():
    names = [f"Xã Yên Sơn {n}" for n in range(1, 3_001)]
    whole = ", ".join(names)
    assert len(whole) > 32_767
    plain = outlined([0])
    chart = Chart(title="Vốn", text=whole, name="name", values=("sum",), first=0, last=0)
    head = replace(plain.head, status=(whole,), notes=(whole,))
    book = openpyxl.load_workbook(BytesIO(xlsx_of(replace(plain, head=head, chart=chart))))
    for sheet, times in zip(book.worksheets, (2, 1), strict=True):
        told = [str(row[0].value) for row in sheet.iter_rows() if row[0].value]
        assert " ".join(told).count(whole) == times
        assert max(map(len, told)) < 32_767
        assert max(one.height or 0 for one in sheet.row_dimensions.values()) <= 409
    [drawn] = book.worksheets[1]._charts
    assert drawn.anchor._from.row > book.worksheets[1].max_row


def test_a_chart_has_room_for_less_than_nothing():
    plain = outlined([0])
    chart = Chart(title="Vốn", text="Vốn", name="name", values=("sum",), first=0, last=0)

    def least(amount):
        row = replace(plain.rows[0], values=plain.rows[0].values | {"sum": amount})
        content = xlsx_of(replace(plain, rows=(row,), chart=chart))
        xml = zipfile.ZipFile(BytesIO(content)).read("xl/charts/chart1.xml").decode()
        return re.findall(r'<c:min val="([^"]*)"/>', xml)

    assert least(1) == ["0"]
    assert least(-1) == []
