"""The Excel form of a unit: what it shows, what it takes, how it prints, and who may have it."""

import io
import re
import shutil
import subprocess
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256

import openpyxl
import pytest
from bs4 import BeautifulSoup

from models import Investor
from models.base import rate
from models.duty import get_period
from models.reminders import ensure_default_head
from models.sheets import FORM_SHEET, Field, Holds, read_marks
from reports.unit_paper import paper_of
from tests.factories import (
    make_allocation,
    make_component,
    make_disbursement,
    make_entry,
    make_investor,
    make_line,
    make_period,
    make_project,
    make_submission,
)
from tests.unit_forms import (
    AMOUNTS,
    AT,
    allocations,
    commune,
    marks_of,
    opened,
    place,
    recalculated,
    taken,
    unit_project,
    values,
)


@pytest.fixture
def unit(session):
    return commune(session)


def test_plan_and_figures_stand_in_it(session, unit):
    book = opened(session, unit)
    page = book.worksheets[0]
    assert page[place(book, Field.PLAN)].value == 900_000
    assert page[place(book, Field.PLAN, n=1)].value == 100_000
    assert page[place(book, Field.COMPLETED)].value is None
    assert "Mô hình chăn nuôi trâu" in [cell.value for cell in page["C"]]
    assert "- Ngân sách trung ương, vốn sự nghiệp, năm 2024" in [cell.value for cell in page["C"]]
    assert "Dự án 2: Đa dạng hóa" in [cell.value for cell in page["C"]]


def test_each_component_stands_once_where_two_have_the_same_place(session, unit):
    """Sub-projects are numbered from 1 below each project, and codes of projects run across."""
    first = unit_project(session, unit).component
    twin = make_component(
        session, parent=first.parent, short_name="Dự án 9", name="Truyền thông",
        sort_order=first.sort_order, code=f"{first.code}b",  # then its code decides
    )  # fmt: skip
    for code, component in (("L02", twin), ("L03", first), ("L04", twin)):
        project = make_project(session, investor=unit, component=component, code=code)
        make_allocation(session, 10_000, project=project)
    book = opened(session, unit)
    heads = [row for row in marks_of(book).rows if row.holds is Holds.SUM]
    assert [row.label for row in heads] == [
        "TỔNG SỐ", "Dự án 2: Đa dạng hóa", "Dự án 9: Truyền thông",
    ]  # fmt: skip
    paper = paper_of(session, period=get_period(session, "2024-03"), investor=unit, at=AT)
    plans = dict(
        zip((row.label for row in paper.table.rows), paper.table.columns[0].amounts, strict=True)
    )
    assert [plans[row.label] for row in heads] == [1_030_000, 1_010_000, 20_000]


def test_the_draft_as_stored_stands_in_the_entry_cells(session, unit):
    project = unit_project(session, unit)
    entry = make_entry(
        session,
        submission=make_submission(
            session, investor=unit, period=get_period(session, "2024-03"), status="draft"
        ),
        project=project,
        physical_progress=Decimal("62.5"),
        volume_value=700_000,
        progress_text="Đã cấp 20 con",
        obstacles="=1+1",
    )
    first = allocations(session, project)[0]
    make_disbursement(session, entry=entry, allocation=first, advance=250_000, completed=100_000)
    content, book = taken(session, unit)
    page = book.worksheets[0]
    assert page[place(book, Field.ADVANCE)].value == 250_000
    assert page[place(book, Field.COMPLETED)].value == 100_000
    assert page[place(book, Field.RECOVERED)].value is None  # stored as 0, typed by nobody
    assert page[place(book, Field.PROGRESS, Holds.PROJECT)].value == 62.5
    assert page[place(book, Field.VOLUME, Holds.PROJECT)].value == 700_000
    assert page[place(book, Field.PROGRESS_TEXT, Holds.WORDS)].value == "Đã cấp 20 con"
    formula_like = page[place(book, Field.OBSTACLES, Holds.WORDS)]
    assert (formula_like.value, formula_like.data_type) == ("=1+1", "s")
    shown = values(content)
    assert shown[place(book, Field.MONTH)] == 350_000
    assert shown[place(book, Field.MONTH, Holds.SUM)] == 350_000


def test_values_stand_beside_the_formulas(session, unit):
    """Cumulative, remaining, rate and totals are formulas, and viewers show their values."""
    project = unit_project(session, unit)
    first, _second = allocations(session, project)
    february = make_period(session, "2024-02")
    entry = make_entry(
        session,
        submission=make_submission(session, investor=unit, period=february, status="accepted"),
        project=project,
    )
    make_disbursement(session, entry=entry, allocation=first, completed=333_333)
    content, book = taken(session, unit)
    page, shown = book.worksheets[0], values(content)
    for field in (Field.MONTH, Field.CUMULATIVE, Field.REMAINING, Field.RATE):
        assert str(page[place(book, field)].value).startswith("=")
        assert str(page[place(book, field, Holds.SUM)].value).startswith("=")
    assert page[place(book, Field.BEFORE)].value == 333_333
    assert shown[place(book, Field.CUMULATIVE)] == 333_333
    assert shown[place(book, Field.REMAINING)] == 566_667
    assert shown[place(book, Field.RATE)] == 37.04
    assert shown[place(book, Field.PLAN, Holds.SUM)] == 1_000_000
    assert shown[place(book, Field.RATE, Holds.SUM)] == 33.33


def test_only_entry_cells_are_open(session, unit):
    book = opened(session, unit)
    page, marks = book.worksheets[0], marks_of(book)
    assert page.protection.sheet
    assert page.protection.password is None
    merged = {place for block in page.merged_cells for row in block.cells for place in [row]}
    unlocked = {
        cell.coordinate
        for row in page.iter_rows()
        for cell in row
        if not cell.protection.locked and (cell.row, cell.column) not in merged
    }
    columns = {one.field: one.column for one in marks.columns}
    figures = (Field.PROGRESS, Field.VOLUME, Field.ESTIMATE)
    assert unlocked == {
        *(f"{columns[f]}{row.row}" for row in marks.rows if row.holds is Holds.CAPITAL
          for f in AMOUNTS),
        *(f"{columns[f]}{row.row}" for row in marks.rows if row.holds is Holds.PROJECT
          for f in figures),
    }  # fmt: skip
    for row in marks.rows:
        if row.holds is Holds.WORDS:
            assert not page[f"{marks.words}{row.row}"].protection.locked
    assert [book[name].sheet_state for name in book.sheetnames] == ["visible", "veryHidden"]


def test_the_cells_refuse_what_the_checks_would_refuse(session, unit):
    book = opened(session, unit)
    limits = {str(one.sqref): one for one in book.worksheets[0].data_validations.dataValidation}
    completed = limits[place(book, Field.COMPLETED)]
    plan, before, advance, recovered, returned = (
        place(book, field)
        for field in (Field.PLAN, Field.BEFORE, Field.ADVANCE, Field.RECOVERED, Field.RETURNED)
    )
    assert (completed.type, completed.operator, completed.formula1) == ("whole", None, "0")
    assert completed.formula2 == f"MAX(0,{plan}-{before}-{advance}+{recovered}+{returned}-(0))"
    assert completed.errorStyle in (None, "stop")
    assert completed.showErrorMessage
    assert "không được vượt kế hoạch vốn" in completed.error
    progress = limits[place(book, Field.PROGRESS, Holds.PROJECT)]
    assert (progress.type, progress.formula1, progress.formula2) == ("decimal", "0", "100")
    words = limits[place(book, Field.OBSTACLES, Holds.WORDS)]
    assert (words.type, words.formula1) == ("textLength", "4000")
    for one in limits.values():
        assert len(one.error) <= 225
        assert len(one.errorTitle) <= 32


def test_no_bound_of_the_plan_where_a_decision_is_awaited(session, unit):
    project = unit_project(session, unit)
    entry = make_entry(
        session,
        submission=make_submission(
            session, investor=unit, period=get_period(session, "2024-03"), status="draft"
        ),
        project=project,
    )
    make_disbursement(
        session,
        entry=entry,
        allocation=allocations(session, project)[0],
        completed=2_000_000,
        awaits_decision=True,
    )
    book = opened(session, unit)
    limits = {str(one.sqref): one for one in book.worksheets[0].data_validations.dataValidation}
    assert limits[place(book, Field.COMPLETED)].formula2 == str(10**15 - 1)
    assert limits[place(book, Field.COMPLETED, n=1)].formula2.startswith("MAX(0,")


def test_memo_sources_stand_apart(session, unit):
    project = unit_project(session, unit)
    make_allocation(session, project=project, amount=50_000, source="HDK")
    content, book = taken(session, unit)
    page, shown = book.worksheets[0], values(content)
    assert shown[place(book, Field.PLAN, Holds.SUM)] == 1_000_000  # without the 50.000
    memo = [row for row in marks_of(book).rows if row.source == "HDK"]
    assert [row.row for row in memo] == [max(row.row for row in marks_of(book).rows)]
    assert page[f"D{memo[0].row}"].value == 50_000
    assert not page[f"G{memo[0].row}"].protection.locked
    assert page[f"M{memo[0].row}"].value is None  # no rate
    assert "ngoài tổng số" in page[f"C{memo[0].row - 1}"].value


def test_capital_carried_over_and_without_a_plan(session, unit):
    project = unit_project(session, unit)
    make_allocation(session, project=project, amount=210_000, vintage=2023)
    empty = make_allocation(session, project=project, amount=5, source="NST")
    make_line(session, empty, kind="recall", amount=-5, effective_on=date(2024, 2, 1))
    content, book = taken(session, unit)
    labels = [row.label for row in marks_of(book).rows if row.holds is Holds.CAPITAL]
    assert labels == [
        "- Ngân sách trung ương, vốn sự nghiệp, năm 2024",
        "- Ngân sách tỉnh, vốn sự nghiệp, năm 2024",
        "- Ngân sách huyện, vốn sự nghiệp, năm 2024",
        "- Ngân sách trung ương, vốn sự nghiệp, kéo dài từ năm 2023",
    ]
    shown = values(content)
    assert shown[place(book, Field.PLAN, n=1)] == 0
    assert place(book, Field.RATE, n=1) not in shown  # no plan: no rate, not 0


def test_a_correction_of_earlier_periods_is_shown_and_added(session, unit):
    project = unit_project(session, unit)
    entry = make_entry(
        session,
        submission=make_submission(
            session, investor=unit, period=get_period(session, "2024-03"), status="draft"
        ),
        project=project,
    )
    make_disbursement(
        session,
        entry=entry,
        allocation=allocations(session, project)[0],
        completed=100_000,
        correction=-30_000,
        correction_reason="Nhập nhầm",
    )
    content, book = taken(session, unit)
    page = book.worksheets[0]
    assert page[place(book, "correction")].value == -30_000
    assert page[place(book, "correction")].protection.locked
    assert values(content)[place(book, Field.MONTH)] == 70_000


def test_a_project_without_capital_can_still_tell(session, unit):
    make_project(session, investor=unit, component=unit_project(session, unit).component)
    book = opened(session, unit)
    page = book.worksheets[0]
    assert page[place(book, Field.PLAN, Holds.PROJECT, 1)].value is None
    assert not page[place(book, Field.VOLUME, Holds.PROJECT, 1)].protection.locked


def test_the_page_is_laid_out_for_print(session, unit):
    book = opened(session, unit)
    page = book.worksheets[0]
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    assert page.page_setup.fitToWidth in (None, 1)  # one is what is meant where none is told
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.print_title_rows == "$6:$8"
    assert page.freeze_panes == "D9"
    assert "Trang &P/&N" in page.oddFooter.right.text
    fonts = {cell.font.name for row in page.iter_rows() for cell in row if cell.value is not None}
    assert fonts == {"Times New Roman"}
    assert not book.vba_archive


def test_the_duty_head_is_that_of_the_unit(session, unit):
    ensure_default_head(session)
    book = opened(session, unit)
    texts = [cell.value for row in book.worksheets[0].iter_rows() for cell in row if cell.value]
    for expected in (
        "ỦY BAN NHÂN DÂN HUYỆN HỮU LŨNG",
        "UBND XÃ HỮU LIÊN",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "BÁO CÁO TIẾN ĐỘ THỰC HIỆN VÀ GIẢI NGÂN VỐN THÁNG 3 NĂM 2024\nCHƯƠNG TRÌNH GIẢM NGHÈO",
        "Đơn vị tính: đồng",
        "TM. ỦY BAN NHÂN DÂN",
        "(4)",
        "(10)=(6)+(7)-(8)-(9)",
        "(12)=(4)-(11)",
    ):
        assert expected in texts, expected


def test_rows_are_high_enough_for_long_names(session, unit):
    project = unit_project(session, unit)
    project.name = "Dự án liên kết sản xuất, tiêu thụ na theo chuỗi giá trị bền vững " * 4
    book = opened(session, unit)
    page = book.worksheets[0]
    row = next(row for row in marks_of(book).rows if row.holds is Holds.PROJECT)
    assert page.row_dimensions[row.row].height > 7 * 11  # eight lines of the label's column


def test_many_projects(session, unit):
    part = unit_project(session, unit).component
    for n in range(300):
        project = make_project(session, investor=unit, component=part, code=f"M{n:03}")
        make_allocation(session, project=project, amount=1_000)
    content, book = taken(session, unit)
    marks, shown = marks_of(book), values(content)
    assert shown[place(book, Field.PLAN, Holds.SUM)] == 1_300_000
    head = next(row for row in marks.rows if row.label.startswith("Dự án 2"))
    formula = book.worksheets[0][f"D{head.row}"].value
    assert formula.count("D") == 301
    assert max(inner.count(",") for inner in re.findall(r"SUM\(([D0-9,]+)\)", formula)) < 255


def test_the_marks_come_back_as_they_were_written(session, unit):
    book = opened(session, unit)
    marks = marks_of(book)
    assert (marks.period, marks.unit_id, marks.unit_code) == ("2024-03", unit.id, unit.code)
    pairs = dict(book[FORM_SHEET].iter_rows(max_col=2, values_only=True))
    assert read_marks(pairs).is_whole
    assert not read_marks(pairs | {"unit_code": "Z-9"}).is_whole  # changed by hand
    row = next(key for key in pairs if key.startswith("row "))
    assert not read_marks({key: value for key, value in pairs.items() if key != row}).is_whole
    assert not read_marks(pairs | {row: "[]"}).is_whole
    assert read_marks(pairs | {"unit_id": "seven"}) is None


# ------------------------------------------------------------------------------------- who, when


def test_the_page_offers_the_form_of_its_unit_alone(session, unit, client_for):
    stranger = make_investor(session)
    client = client_for("investor", unit)
    link = client.soup("/admin/my-report/2024-03").select_one("a[href$='form.xlsx']")
    reply = client.get(link["href"])
    assert reply.status_code == 200
    assert reply.headers["Content-Type"].endswith("spreadsheetml.sheet")
    assert f"bao-cao-{unit.code}-2024-03.xlsx" in reply.headers["Content-Disposition"]
    marks = marks_of(openpyxl.load_workbook(io.BytesIO(reply.data)))
    assert marks.unit_id == unit.id
    url = f"/admin/my-report/2024-03/form.xlsx?investor={stranger.id}"
    assert client.get(url).status_code == 404
    assert client.get("/admin/my-report/2024-05/form.xlsx").status_code == 404


@pytest.mark.parametrize("role", ["officer", "finance", "leader", "auditor", "admin"])
def test_others_have_no_form_of_their_own(session, unit, client_for, role):
    assert client_for(role).get("/admin/my-report/2024-03/form.xlsx").status_code == 403


def test_a_report_that_is_sent_says_why_there_is_no_form(session, unit, client_for):
    make_submission(
        session, investor=unit, period=get_period(session, "2024-03"), status="submitted"
    )
    reply = client_for("investor", unit).get("/admin/my-report/2024-03/form.xlsx")
    assert reply.status_code == 409
    assert "trả lại" in reply.text
    assert not BeautifulSoup(reply.text, "html.parser").select("a[href$='form.xlsx']")


def test_the_command_writes_the_same_form(session, unit, app, tmp_path):
    session.commit()
    out = tmp_path / "bieu.xlsx"
    asked = ["--period", "2024-03", "--investor", unit.code, "--output", str(out)]
    result = app.test_cli_runner().invoke(args=["data", "form", *asked])
    assert result.exit_code == 0, result.output
    assert marks_of(openpyxl.load_workbook(out)).unit_code == unit.code


@pytest.mark.parametrize(
    ("period", "code", "told"),
    [
        ("2024-05", None, "2024-05"),
        ("2024-03", "X-nobody", "X-nobody"),
        ("2024-Q1", None, "2024-Q1"),
    ],
)
def test_the_command_says_what_is_not_there(session, unit, app, tmp_path, period, code, told):
    quarter = make_period(session, "2024-01", kind="quarter", data_to=date(2024, 3, 31))
    quarter.code = "2024-Q1"
    session.commit()
    out = tmp_path / "bieu.xlsx"
    asked = ["--period", period, "--investor", code or unit.code, "--output", str(out)]
    result = app.test_cli_runner().invoke(args=["data", "form", *asked])
    assert result.exit_code == 1
    assert told in result.output
    assert not out.exists()


def test_the_office_has_the_form_of_a_unit_whose_paper_came(session, unit, client_for):
    """Entered for the unit (nhập thay): from the moment at which the receipt is registered."""
    officer = client_for("officer")
    url = f"/admin/enter-report/2024-03/form.xlsx?investor={unit.id}"
    assert officer.get(url).status_code == 404
    report = make_submission(
        session, investor=unit, period=get_period(session, "2024-03"), status="draft"
    )
    report.received_via, report.received_note = "paper", "Bản giấy"
    report.first_submitted_at = report.last_submitted_at = AT
    reply = officer.get(url)
    assert reply.status_code == 200
    assert marks_of(openpyxl.load_workbook(io.BytesIO(reply.data))).unit_id == unit.id


def test_the_closing_period_has_its_form(session, unit):
    closing = make_period(
        session,
        "2024-12",
        kind="closing",
        number=13,
        data_from=date(2025, 1, 1),
        data_to=date(2025, 1, 31),
    )
    closing.code = "2024-13"
    book = opened(session, unit, code="2024-13", at=datetime(2025, 2, 1, tzinfo=UTC))
    page = book.worksheets[0]
    assert page.title == "Kỳ chỉnh lý"
    assert "KỲ CHỈNH LÝ NĂM 2024" in page["A3"].value
    assert page[place(book, Field.PLAN)].value == 900_000


# ------------------------------------------------------------------------------------ LibreOffice


def test_a_spreadsheet_program_computes_the_same(session, load_demo, tmp_path):
    """Every unit of the demonstration: LibreOffice recalculates to the đồng, on paper A4."""
    assert shutil.which("soffice"), "LibreOffice is needed: make browser installs it"
    load_demo(datetime(2024, 4, 16, tzinfo=UTC))
    make_period(session, "2024-04")
    written = {}
    for unit in session.query(Investor).order_by(Investor.id).all():
        content, book = taken(session, unit, code="2024-04", at=datetime(2024, 5, 3, tzinfo=UTC))
        if len(marks_of(book).rows) == 1:  # the total alone: a unit without a project
            continue
        book.save(tmp_path / f"{unit.code}.xlsx")  # without values: all have to be computed
        # one amount per capital row is typed, so that every sum has to move
        for n, row in enumerate(row for row in marks_of(book).rows if row.holds is Holds.CAPITAL):
            book.worksheets[0][f"G{row.row}"] = 1_000_001 + n
        book.save(tmp_path / f"{unit.code}-typed.xlsx")
        written[unit.code] = values(content)
    assert len(written) >= 9
    recalculated(tmp_path, "*.xlsx")
    for code, before in written.items():
        again = values((tmp_path / "out" / f"{code}.xlsx").read_bytes())
        assert again == before, code
        typed_file = (tmp_path / "out" / f"{code}-typed.xlsx").read_bytes()
        shown = values(typed_file)
        book = openpyxl.load_workbook(io.BytesIO(typed_file))
        rows = [row for row in marks_of(book).rows if row.holds is Holds.CAPITAL]
        typed = sum(1_000_001 + n for n in range(len(rows)))
        total = place(book, Field.MONTH, Holds.SUM)
        assert shown[total] == typed
        after = shown[place(book, Field.BEFORE, Holds.SUM)] + typed
        plan = shown[place(book, Field.PLAN, Holds.SUM)]
        assert shown[place(book, Field.CUMULATIVE, Holds.SUM)] == after
        assert shown[place(book, Field.REMAINING, Holds.SUM)] == plan - after
        assert shown[place(book, Field.RATE, Holds.SUM)] == float(rate(after, plan))


def test_it_prints_on_one_page_or_with_its_heads_on_each(session, load_demo, tmp_path):
    """A commune on one page of A4; a department on two, notes and signatures on one of them."""
    assert shutil.which("soffice"), "LibreOffice is needed: make browser installs it"
    load_demo(datetime(2024, 4, 16, tzinfo=UTC))
    ensure_default_head(session)
    make_period(session, "2024-04")
    for code in ("X-06388", "P-LDTBXHDT"):
        unit = session.query(Investor).filter_by(code=code).one()
        content, _book = taken(session, unit, code="2024-04", at=datetime(2024, 5, 3, tzinfo=UTC))
        (tmp_path / f"{code}.xlsx").write_bytes(content)
    recalculated(tmp_path, "*.xlsx", to="pdf")
    pages = {code: printed(tmp_path / "out" / f"{code}.pdf") for code in ("X-06388", "P-LDTBXHDT")}
    assert [len(pages["X-06388"]), len(pages["P-LDTBXHDT"])] == [1, 2]
    assert "Trang 1/1" in pages["X-06388"][0]
    for number, page in enumerate(pages["P-LDTBXHDT"], 1):
        assert f"Trang {number}/2" in page
        assert "Mã dự" in page
        assert "(12)=(4)-(11)" in page
        assert ("Độc lập - Tự do - Hạnh phúc" in page) is (number == 1)
    last = pages["P-LDTBXHDT"][1]
    for words in ("Nếu chỉ theo dõi", "KBNN", "NGƯỜI LẬP BIỂU", "(Ký, họ tên, đóng dấu)"):
        assert words in last
        assert words not in pages["P-LDTBXHDT"][0]


def printed(file):
    text = subprocess.run(
        ["pdftotext", "-layout", file, "-"], check=True, capture_output=True, text=True
    ).stdout
    return [" ".join(page.split()) for page in text.split("\f") if page.strip()]


@pytest.mark.parametrize(
    "change",
    [
        {"head_rows": ""},
        {"head_rows": "six"},
        {"row 9": "[[]]"},
        {"row 9": '["sum",[],null,"",null,"","",null,"",[10]]'},
        {"row 9": '["sum","TỔNG SỐ",null,"",null,"","",null,"",[8]]'},
        {"row 9": '["gift","TỔNG SỐ",null,"",null,"","",null,"",[]]'},
        {"column D": '["note","Kế hoạch vốn","",[]]'},
        {"column D": '["plan","Kế hoạch vốn","",[["+","nothing"]]]'},
        {"column D": "{"},
    ],
)
def test_marks_that_somebody_made_up_are_followed_nowhere(session, unit, change):
    """The digest keeps nobody from writing marks of his own: what cannot be is not believed."""
    book = opened(session, unit)
    pairs = dict(book[FORM_SHEET].iter_rows(max_col=2, values_only=True)) | change
    kept = [(key, value) for key, value in pairs.items() if key != "digest"]
    pairs["digest"] = sha256("\n".join(f"{a}\t{b}" for a, b in kept).encode()).hexdigest()
    assert not read_marks(pairs).is_whole
