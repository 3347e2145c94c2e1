"""A unit's form comes back: exactly what was typed, and every way in which it can be wrong."""

import io
import json
import shutil
from decimal import Decimal
from hashlib import sha256

import openpyxl
import pytest

from models import AllocationLine, ProgressEntry
from models.calendar import PeriodCode
from models.duty import get_period
from models.returns import FIGURES, TEXTS
from models.sheets import (
    FORM_SHEET,
    Ask,
    Field,
    Holds,
    Kind,
    Known,
    KnownComponent,
    KnownProject,
    KnownUnit,
    Level,
    Ordinary,
    read_own_form,
)
from models.sheets import read as ordinarily
from models.sheets.opening import open_book
from tests.factories import (
    make_allocation,
    make_disbursement,
    make_entry,
    make_investor,
    make_project,
    make_submission,
    make_user,
)
from tests.unit_forms import (
    allocations,
    commune,
    filled,
    marks_of,
    place,
    recalculated,
    saved,
    taken,
    unit_project,
)


@pytest.fixture
def unit(session):
    return commune(session)


@pytest.fixture
def form(session, unit):
    """The form of the commune: bytes, opened, and the ids of nobody else."""
    return taken(session, unit)


def known(unit, *others):
    """What the people of the commune may name; the office may name `others`, too."""
    units = tuple(KnownUnit(one.id, one.code, one.name, one.short_name) for one in (unit, *others))
    return Known(
        units=units,
        components=(KnownComponent(1, "DA2", "Đa dạng hóa", "Dự án 2", None),),
        projects=(KnownProject(1, "L01", "Mô hình chăn nuôi trâu", unit.code, "DA2"),),
        is_part_of_district=not others,
    )


def read(content, who, **asked):
    book = open_book(content, "bieu.xlsx")
    assert not book.is_refused, book.findings
    assert book.form is not None
    return read_own_form(book, Ask(kind=Kind.MONTHLY, **asked), who)


def said(reading):
    """What was read beside plan and figures before: by field and source, with its cell."""
    return {
        (value.field, value.source): (value.value, value.at.cell)
        for line in reading.lines
        for value in line.values
        if value.field not in (Field.PLAN, Field.BEFORE)
    }


def codes(findings):
    return [(finding.level, finding.code) for finding in findings]


# --------------------------------------------------------------------------------- it comes back


def typed_into(book):
    """Every kind of cell of the form, each with another figure, and what must be read of it."""
    return {
        place(book, Field.ADVANCE): 200_000,
        place(book, Field.COMPLETED): 123_456,
        place(book, Field.RECOVERED): 3_456,
        place(book, Field.COMPLETED, n=1): 99_999,
        place(book, Field.RETURNED, n=1): 0,
        place(book, Field.PROGRESS, Holds.PROJECT): 62.5,
        place(book, Field.VOLUME, Holds.PROJECT): 700_001,
        place(book, Field.ESTIMATE, Holds.PROJECT): 1_000_000,
        place(book, Field.PROGRESS_TEXT, Holds.WORDS): "Đã cấp 20 con trâu\nĐợt 2: tháng 4",
        place(book, Field.OBSTACLES, Holds.WORDS): "Giá giống tăng",
        place(book, Field.PROPOSALS, Holds.WORDS): "-",
    }


def expected(book):
    return {
        (Field.ADVANCE, "NSTW"): (200_000, place(book, Field.ADVANCE)),
        (Field.COMPLETED, "NSTW"): (123_456, place(book, Field.COMPLETED)),
        (Field.RECOVERED, "NSTW"): (3_456, place(book, Field.RECOVERED)),
        (Field.COMPLETED, "NSH"): (99_999, place(book, Field.COMPLETED, n=1)),
        (Field.RETURNED, "NSH"): (0, place(book, Field.RETURNED, n=1)),
        (Field.PROGRESS, None): (Decimal("62.5"), place(book, Field.PROGRESS, Holds.PROJECT)),
        (Field.VOLUME, None): (700_001, place(book, Field.VOLUME, Holds.PROJECT)),
        (Field.ESTIMATE, None): (1_000_000, place(book, Field.ESTIMATE, Holds.PROJECT)),
        (Field.PROGRESS_TEXT, None): (
            "Đã cấp 20 con trâu\nĐợt 2: tháng 4",
            place(book, Field.PROGRESS_TEXT, Holds.WORDS),
        ),
        (Field.OBSTACLES, None): ("Giá giống tăng", place(book, Field.OBSTACLES, Holds.WORDS)),
    }


def test_what_was_typed_is_read_and_nothing_asked(form, unit):
    content, book = form
    reading = read(filled(content, typed_into(book)), known(unit))
    assert reading.findings == ()
    assert (reading.period, reading.investor, reading.is_form) == ("2024-03", unit.code, True)
    assert said(reading) == expected(book)
    assert {line.work for line in reading.lines} == {"L01"}
    vintages = {value.vintage for line in reading.lines for value in line.values if value.source}
    assert vintages == {2024}


def test_plan_and_figures_before_are_read_to_be_compared(form, unit):
    content, book = form
    reading = read(filled(content, {place(book, Field.PLAN): 850_000}), known(unit))
    compared = {
        (value.field, value.source): value.value for line in reading.lines for value in line.values
    }
    assert compared == {
        (Field.PLAN, "NSTW"): 850_000,
        (Field.BEFORE, "NSTW"): 0,
        (Field.PLAN, "NSH"): 100_000,
        (Field.BEFORE, "NSH"): 0,
    }
    assert reading.findings == ()


def test_a_form_as_it_was_given_out_says_what_is_stored(session, unit):
    project = unit_project(session, unit)
    entry = make_entry(
        session,
        submission=make_submission(
            session, investor=unit, period=get_period(session, "2024-03"), status="draft"
        ),
        project=project,
        physical_progress=Decimal("33.33"),
        obstacles="=cmd|' /C calc'!A0",
    )
    make_disbursement(
        session, entry=entry, allocation=allocations(session, project)[1], completed=77_777
    )
    content, _book = taken(session, unit)
    reading = read(content, known(unit))
    assert {key: value for key, (value, _cell) in said(reading).items()} == {
        (Field.COMPLETED, "NSH"): 77_777,
        (Field.PROGRESS, None): Decimal("33.33"),
        (Field.OBSTACLES, None): "=cmd|' /C calc'!A0",
    }
    assert reading.findings == ()


def test_memo_sources_come_back_as_such(session, unit):
    make_allocation(session, project=unit_project(session, unit), amount=50_000, source="TDCS")
    content, book = taken(session, unit)
    reading = read(filled(content, {place(book, Field.COMPLETED, n=2): 40_000}), known(unit))
    cell = place(book, Field.COMPLETED, n=2)
    assert said(reading) == {(Field.COMPLETED, "TDCS"): (40_000, cell)}


@pytest.mark.parametrize("ending", ["xlsx", "ods", "xls"])
def test_saved_by_libreoffice_it_is_read_without_a_question(form, unit, tmp_path, ending):
    assert shutil.which("soffice"), "LibreOffice is needed: make browser installs it"
    content, book = form
    (tmp_path / "bieu.xlsx").write_bytes(filled(content, typed_into(book)))
    recalculated(tmp_path, "bieu.xlsx", to=ending)
    reading = read((tmp_path / "out" / f"bieu.{ending}").read_bytes(), known(unit))
    assert reading.findings == ()
    assert said(reading) == expected(book)


def test_the_sheet_may_be_renamed_and_others_may_stand_beside_it(form, unit):
    content, _ = form
    book = openpyxl.load_workbook(io.BytesIO(content))
    cell = place(book, Field.COMPLETED)
    book.worksheets[0][cell] = 5_000
    book.worksheets[0].title = "Bản gửi huyện"
    reading = read(saved(book), known(unit))
    assert said(reading) == {(Field.COMPLETED, "NSTW"): (5_000, cell)}
    book.worksheets[0].title = marks_of(book).sheet
    book.create_sheet("Tính nháp")["A1"] = 999_999
    reading = read(saved(book), known(unit))
    assert said(reading) == {(Field.COMPLETED, "NSTW"): (5_000, cell)}
    assert codes(reading.findings) == [(Level.HINT, "sheet_skipped")]
    assert reading.findings[0].at.sheet == "Tính nháp"


def test_a_hidden_row_is_read_and_named(form, unit):
    content, _ = form
    book = openpyxl.load_workbook(io.BytesIO(content))
    row = next(row for row in marks_of(book).rows if row.source == "NSH")
    book.worksheets[0].row_dimensions[row.row].hidden = True
    book.worksheets[0][place(book, Field.COMPLETED, n=1)] = 5_000
    reading = read(saved(book), known(unit))
    assert set(said(reading)) == {(Field.COMPLETED, "NSH")}
    assert codes(reading.findings) == [(Level.WARNING, "rows_hidden")]
    assert reading.findings[0].at.cell == f"C{row.row}"


def test_a_hidden_column_of_figures_is_read_and_named(form, unit):
    content, _ = form
    book = openpyxl.load_workbook(io.BytesIO(content))
    cell = place(book, Field.COMPLETED)
    book.worksheets[0].column_dimensions[cell.rstrip("0123456789")].hidden = True
    book.worksheets[0][cell] = 5_000
    reading = read(saved(book), known(unit))
    assert set(said(reading)) == {(Field.COMPLETED, "NSTW")}
    assert codes(reading.findings) == [(Level.WARNING, "columns_hidden")]
    assert reading.findings[0].values == {"columns": cell.rstrip("0123456789")}


# ------------------------------------------------------------------------------- wrong in a cell


@pytest.mark.parametrize(
    ("field", "holds", "value", "level", "code"),
    [
        (Field.COMPLETED, Holds.CAPITAL, "khoảng 5 triệu", Level.ERROR, "number_unreadable"),
        (Field.COMPLETED, Holds.CAPITAL, 1000.5, Level.ERROR, "number_not_whole"),
        (Field.COMPLETED, Holds.CAPITAL, -1, Level.ERROR, "number_negative"),
        (Field.COMPLETED, Holds.CAPITAL, "=500+1", Level.ERROR, "formula_uncalculated"),
        (Field.PROGRESS, Holds.PROJECT, 100.5, Level.ERROR, "number_unreadable"),
        (Field.PROGRESS, Holds.PROJECT, 0.45, Level.QUESTION, "number_unclear"),
        (Field.OBSTACLES, Holds.WORDS, "a" * 4_001, Level.ERROR, "text_too_long"),
    ],
)
def test_what_cannot_be_read_is_named_at_its_cell(form, unit, field, holds, value, level, code):
    content, book = form
    cell = place(book, field, holds)
    other = place(book, Field.COMPLETED, n=1)
    reading = read(filled(content, {cell: value, other: 7_000}), known(unit))
    assert codes(reading.findings) == [(level, code)]
    assert reading.findings[0].at.cell == cell
    assert reading.findings[0].at.heading
    assert said(reading) == {(Field.COMPLETED, "NSH"): (7_000, other)}


def test_text_that_is_an_amount_is_read(form, unit):
    content, book = form
    cell = place(book, Field.COMPLETED)
    reading = read(filled(content, {cell: " 123.456 đ "}), known(unit))
    assert said(reading) == {(Field.COMPLETED, "NSTW"): (123_456, cell)}


def test_an_answered_percent_is_taken(form, unit):
    content, book = form
    cell = place(book, Field.PROGRESS, Holds.PROJECT)
    sheet = marks_of(book).sheet
    answers = {f"number_unclear:{sheet}!{cell}": "45"}
    reading = read(filled(content, {cell: 0.45}), known(unit), answers=answers)
    assert said(reading) == {(Field.PROGRESS, None): (Decimal(45), cell)}
    assert reading.findings == ()
    reading = read(filled(content, {cell: 0.45}), known(unit), answers={next(iter(answers)): "46"})
    assert codes(reading.findings) == [(Level.QUESTION, "number_unclear")]


# ------------------------------------------------------------------------- not the form asked for


def test_the_form_of_another_period_is_asked_about(form, unit):
    content, book = form
    content = filled(content, {place(book, Field.COMPLETED): 5_000})
    reading = read(content, known(unit), period="2024-04")
    assert codes(reading.findings) == [(Level.QUESTION, "period_conflict")]
    question = reading.findings[0]
    assert question.answer == "period_conflict"
    told = {"written": PeriodCode("month", 2024, 3), "asked": PeriodCode("month", 2024, 4)}
    assert question.values == told  # as periods, so that pages name them
    assert [option.value for option in question.options] == ["2024-04", "2024-03"]
    reading = read(content, known(unit), period="2024-04", answers={"period_conflict": "2024-04"})
    assert reading.findings == ()
    assert reading.period == "2024-04"
    reading = read(content, known(unit), period="2024-04", answers={"period_conflict": "2024-03"})
    assert codes(reading.findings) == [(Level.ERROR, "period_conflict")]


def test_the_form_of_another_unit_tells_nothing_about_it(session, form, unit):
    content, _book = form
    stranger = make_investor(session)
    own = Known(
        units=(KnownUnit(stranger.id, stranger.code, stranger.name, stranger.short_name),),
        projects=(KnownProject(2, "Z01", "Việc khác", stranger.code, "DA2"),),
        is_part_of_district=True,
    )
    reading = read(content, own)
    assert codes(reading.findings) == [(Level.ERROR, "form_foreign")]
    assert reading.findings[0].blocks
    assert reading.lines == ()
    told = f"{reading.findings} {reading.sheets}"
    for secret in (unit.code, unit.name, "L01", "trâu"):
        assert secret not in told


def test_the_office_is_told_whose_form_it_is(session, form, unit):
    content, _book = form
    other = make_investor(session)
    reading = read(content, known(unit, other), investor=other.code)
    assert codes(reading.findings) == [(Level.ERROR, "form_foreign")]
    assert reading.findings[0].values == {"unit": unit.short_name}
    assert read(content, known(unit, other), investor=unit.code).findings == ()
    assert read(content, known(unit, other)).investor == unit.code


def test_a_code_that_is_used_again_does_not_make_it_ones_own(form, unit):
    """Codes of communes come back with other meanings (domain §6.2)."""
    content, _book = form
    successor = Known(
        units=(KnownUnit(unit.id + 1, unit.code, "Xã mới", "Xã mới"),),
        projects=(KnownProject(9, "M01", "Việc khác", unit.code, "DA2"),),
        is_part_of_district=True,
    )
    assert codes(read(content, successor).findings) == [(Level.ERROR, "form_foreign")]


def test_a_form_from_a_moved_database_is_known_by_code_and_projects(form, unit):
    content, _book = form
    moved = Known(
        units=(KnownUnit(unit.id + 1, unit.code, unit.name, unit.short_name),),
        projects=(KnownProject(9, "L01", "Mô hình chăn nuôi trâu", unit.code, "DA2"),),
    )
    assert read(content, moved).findings == ()


# ----------------------------------------------------------------------------- not as given out


def changed(content, change):
    book = openpyxl.load_workbook(io.BytesIO(content))
    change(book.worksheets[0], book)
    return saved(book)


def add_itself(_page, book):
    """Marks that somebody made up, with a digest that fits."""
    told = json.loads(_marks(book)["row 9"])
    _made_up(book, "row 9", json.dumps([*told[:-1], [9]]))


def name_no_period(_page, book):
    """The same with a period that there cannot be."""
    _made_up(book, "period", "2024-14")


def _marks(book):
    return dict(book[FORM_SHEET].iter_rows(max_col=2, values_only=True))


def _made_up(book, key, value):
    pairs = _marks(book) | {key: value}
    kept = [(key, value) for key, value in pairs.items() if key != "digest"]
    pairs["digest"] = sha256("\n".join(f"{a}\t{b}" for a, b in kept).encode()).hexdigest()
    for cell in book[FORM_SHEET]["A"]:
        book[FORM_SHEET].cell(cell.row, 2).value = pairs[cell.value]


def set_mark(key, value):
    def change(_page, book):
        for cell in book[FORM_SHEET]["A"]:
            if cell.value == key:
                book[FORM_SHEET].cell(cell.row, 2).value = value

    return change


def insert_row(page, _book):
    page.insert_rows(11)


def insert_column(page, _book):
    page.insert_cols(5)


def delete_row(page, _book):
    page.delete_rows(12)


def swap_labels(page, _book):
    page["C12"], page["C13"] = page["C13"].value, page["C12"].value


def add_a_figure_below(page, book):
    page.cell(max(row.row for row in marks_of(book).rows) + 8, 4).value = 5_000


def add_a_written_figure_beside(page, book):
    page.cell(12, len(marks_of(book).columns) + 2).value = "5.000.000"


def count_in_millions(page, _book):
    cell = next(one for row in page.iter_rows() for one in row if "Đơn vị tính" in str(one.value))
    cell.value = "Đơn vị tính: triệu đồng"


def write_another_month(page, _book):
    page["A3"] = page["A3"].value.replace("THÁNG 3", "THÁNG 5")


@pytest.mark.parametrize(
    "change",
    [
        count_in_millions,
        write_another_month,
        set_mark("digest", "0" * 64),
        set_mark("unit_code", "Z-9"),
        set_mark("row 12", "[]"),
        add_itself,
        name_no_period,
        insert_row,
        insert_column,
        delete_row,
        swap_labels,
        add_a_figure_below,
        add_a_written_figure_beside,
    ],
)
def test_a_form_that_was_changed_is_read_in_the_ordinary_way(form, unit, change):
    content, _book = form
    found = read(changed(content, change), known(unit))
    assert isinstance(found, Ordinary)
    assert codes(found.findings) == [(Level.WARNING, "form_changed")]
    assert found.book.form is None


def test_figures_under_heads_that_slipped_in_a_changed_form_are_named(form, unit):
    """A column put in without moving the merged heads: what was typed is not just gone."""
    content, book = form
    typed = {place(book, Field.ADVANCE): 5_000_000}
    found = read(changed(filled(content, typed), insert_column), known(unit))
    assert isinstance(found, Ordinary)
    seen = ordinarily(found.book, Ask(kind=Kind.MONTHLY, period="2024-03"), known(unit))
    told = [one for one in seen.findings if one.code == "cells_outside"]
    assert [one.level for one in told] == [Level.WARNING]


def test_a_form_of_another_version_is_read_in_the_ordinary_way(form, unit, monkeypatch):
    content, _book = form
    monkeypatch.setattr("models.sheets.form_marks.FORM_VERSION", "2")
    monkeypatch.setattr("models.sheets.own_form.FORM_VERSION", "2")
    found = read(content, known(unit))
    assert isinstance(found, Ordinary)
    assert codes(found.findings) == [(Level.WARNING, "form_old")]


def test_a_sum_typed_over_with_what_it_is_changes_nothing(form, unit):
    content, book = form
    typed = {
        place(book, Field.COMPLETED): 5_000,
        place(book, Field.MONTH): 5_000,
        place(book, Field.CUMULATIVE): 5_000,
        place(book, Field.REMAINING): 895_000,
    }
    reading = read(filled(content, typed), known(unit))
    assert said(reading) == {(Field.COMPLETED, "NSTW"): (5_000, place(book, Field.COMPLETED))}
    assert reading.findings == ()


def test_words_of_a_changed_form_keep_their_project(form, unit):
    """In the ordinary way such a row would name a project that nobody knows."""
    content, book = form
    obstacles = place(book, Field.OBSTACLES, Holds.WORDS)

    def change(page, _book):
        page[obstacles] = "Giá giống tăng"
        page.insert_rows(11)

    found = read(changed(content, change), known(unit))
    (line,) = found.lines
    assert (line.work, line.unit) == ("L01", unit.code)
    row = int(obstacles[1:]) + 1
    assert [(v.field, v.value, v.at.cell) for v in line.values] == [
        (Field.OBSTACLES, "Giá giống tăng", f"D{row}")
    ]
    texts = [str(cell.value) for grid in found.book.grids for cell in grid.cells.values()]
    assert "Giá giống tăng" not in texts
    assert "Kiến nghị, đề xuất" not in texts


def test_as_a_consolidated_file_it_is_read_as_any_other(form, unit):
    content, _book = form
    found = read_own_form(open_book(content, "a.xlsx"), Ask(kind=Kind.CONSOLIDATED), known(unit))
    assert isinstance(found, Ordinary)
    assert found.findings == ()


# ------------------------------------------------------------------------- through all the house


@pytest.fixture
def bring_in(app, session, tmp_path):
    """`bring_in(content, "--dry-run")`: exit status and what the command says as JSON."""

    def run(content, *words, kind="monthly", period="2024-03"):
        session.commit()
        (tmp_path / "bieu.xlsx").write_bytes(content)
        asked = ["data", "import", tmp_path / "bieu.xlsx", "--kind", kind, "--format", "json"]
        asked += ["--period", period, *words]
        done = app.test_cli_runner().invoke(args=[str(word) for word in asked])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        session.rollback()
        return done.exit_code, json.loads(done.stdout)

    return run


def stored(session, project):
    """The draft: amounts by source, and what is told of the project."""
    entry = session.query(ProgressEntry).filter_by(project_id=project.id).one_or_none()
    if entry is None:
        return None
    money = {
        row.allocation.source.value: (row.advance, row.completed, row.recovered, row.returned)
        for row in entry.disbursements
    }
    return money, {name: getattr(entry, name) for name in (*FIGURES, *TEXTS)}


def found_codes(told):
    return [(one["level"], one["code"]) for one in told["findings"] if one["code"][0] != "V"]


def test_the_round_trip(session, unit, bring_in):
    """Downloaded, filled in, brought in: exactly those figures, and nothing new the second time."""
    project = unit_project(session, unit)
    content, book = taken(session, unit)
    content = filled(content, typed_into(book))
    code, told = bring_in(content, "--dry-run", "--investor", unit.code)
    assert (code, told["status"], found_codes(told)) == (0, "ready", [])
    assert stored(session, project) is None
    code, told = bring_in(content, "--investor", unit.code)
    assert (code, told["status"]) == (0, "applied")
    assert stored(session, project) == (
        {"NSTW": (200_000, 123_456, 3_456, 0), "NSH": (0, 99_999, 0, 0)},
        {
            "physical_progress": Decimal("62.5"),
            "volume_value": 700_001,
            "progress_text": "Đã cấp 20 con trâu\nĐợt 2: tháng 4",
            "obstacles": "Giá giống tăng",
            "proposals": None,
            "estimate": 1_000_000,
            "treasury_cumulative": None,
        },
    )
    _content, again = taken(session, unit)
    assert again.worksheets[0][place(again, Field.COMPLETED)].value == 123_456
    code, told = bring_in(content, "--dry-run", "--investor", unit.code)
    assert (told["counts"]["new"], told["counts"]["changed"]) == (0, 0)
    code, told = bring_in(_content, "--dry-run")  # the form as it is given out afterwards
    assert (code, told["counts"]["new"], told["counts"]["changed"]) == (0, 0, 0)


def test_an_emptied_cell_leaves_what_is_stored(session, unit, bring_in):
    project = unit_project(session, unit)
    entry = make_entry(
        session,
        submission=make_submission(
            session, investor=unit, period=get_period(session, "2024-03"), status="draft"
        ),
        project=project,
        obstacles="Mưa lũ",
    )
    make_disbursement(
        session, entry=entry, allocation=allocations(session, project)[0], completed=77_777
    )
    content, book = taken(session, unit)
    typed = {
        place(book, Field.COMPLETED): None,
        place(book, Field.OBSTACLES, Holds.WORDS): None,
        place(book, Field.COMPLETED, n=1): 1_000,
    }
    code, _told = bring_in(filled(content, typed))
    assert code == 0
    money, told = stored(session, project)
    assert money == {"NSTW": (0, 77_777, 0, 0), "NSH": (0, 1_000, 0, 0)}
    assert told["obstacles"] == "Mưa lũ"
    code, _told = bring_in(filled(content, typed | {place(book, Field.COMPLETED): 0}))
    assert stored(session, project)[0]["NSTW"] == (0, 0, 0, 0)


def test_a_plan_that_was_changed_in_the_file_is_only_compared(session, unit, bring_in):
    content, book = taken(session, unit)
    typed = {place(book, Field.PLAN): 950_000, place(book, Field.COMPLETED): 1_000}
    code, told = bring_in(filled(content, typed))
    assert (code, found_codes(told)) == (0, [("warning", "plan_mismatch")])
    assert told["findings"][0]["cell"] == place(book, Field.PLAN)
    _content, again = taken(session, unit)
    assert again.worksheets[0][place(again, Field.PLAN)].value == 900_000


def test_capital_that_was_added_since_is_named_and_the_rest_is_read(session, unit, bring_in):
    project = unit_project(session, unit)
    content, book = taken(session, unit)
    make_allocation(session, project=project, amount=5_000, source="NST")
    code, told = bring_in(filled(content, {place(book, Field.COMPLETED): 1_000}))
    assert (code, found_codes(told)) == (0, [("warning", "form_old")])
    assert "L01 NST SN 2024" in told["findings"][0]["message"]
    assert stored(session, project)[0] == {"NSTW": (0, 1_000, 0, 0)}


def test_a_figure_of_capital_that_is_gone_has_no_place(session, unit, bring_in):
    project = unit_project(session, unit)
    content, book = taken(session, unit)
    gone = allocations(session, project)[1]
    session.query(AllocationLine).filter_by(allocation_id=gone.id).delete()
    session.delete(gone)
    typed = {place(book, Field.COMPLETED): 1_000, place(book, Field.COMPLETED, n=1): 2_000}
    code, told = bring_in(filled(content, typed))
    assert (code, told["status"]) == (1, "errors")
    assert ("error", "row_conflict") in found_codes(told)
    assert ("warning", "form_old") in found_codes(told)
    assert stored(session, project) is None


def test_a_report_that_was_sent_meanwhile_takes_nothing(session, unit, bring_in):
    content, book = taken(session, unit)
    make_submission(
        session, investor=unit, period=get_period(session, "2024-03"), status="submitted"
    )
    code, told = bring_in(filled(content, {place(book, Field.COMPLETED): 1_000}))
    assert (code, found_codes(told)) == (1, [("error", "report_closed")])


def test_another_unit_cannot_bring_it_in_and_learns_nothing(session, unit, bring_in):
    stranger = make_project(session, code="Z01").investor
    user = make_user(session, "investor", username="lang_gieng")
    user.investors = [stranger]
    content, book = taken(session, unit)
    content = filled(content, {place(book, Field.COMPLETED): 1_000})
    code, told = bring_in(content, "--as", "lang_gieng")
    assert (code, found_codes(told)) == (1, [("error", "form_foreign")])
    assert told["rows"] == []
    said_of_it = json.dumps(told, ensure_ascii=False)
    for secret in (unit.code, unit.name, "L01", "trâu"):
        assert secret not in said_of_it
    assert stored(session, unit_project(session, unit)) is None


def test_its_own_people_bring_it_in(session, unit, bring_in):
    user = make_user(session, "investor", username="ke_toan")
    user.investors = [unit]
    content, book = taken(session, unit)
    content = filled(content, {place(book, Field.COMPLETED): 1_000})
    code, told = bring_in(content, "--as", "ke_toan")
    assert (code, told["status"]) == (0, "applied")
    assert stored(session, unit_project(session, unit))[0] == {"NSTW": (0, 1_000, 0, 0)}


def test_the_checks_speak_at_the_cells_of_the_form(session, unit, bring_in):
    """More than the plan is a warning to a draft, at the cell where it was typed."""
    content, book = taken(session, unit)
    cell = place(book, Field.COMPLETED)
    code, told = bring_in(filled(content, {cell: 2_000_000}), "--dry-run")
    assert code == 0
    v1 = next(one for one in told["findings"] if one["code"] == "V1")
    assert (v1["cell"], v1["blocks"]) == (cell, False)


def test_amounts_in_another_unit_are_refused(session, unit, bring_in):
    content, book = taken(session, unit)
    content = filled(content, {place(book, Field.COMPLETED): 1_000})
    code, told = bring_in(content, "--unit", "trieu")
    assert (code, found_codes(told)) == (1, [("error", "unit_conflict")])


@pytest.mark.parametrize("change", [set_mark("row 12", "[]"), insert_row])
def test_what_a_changed_form_still_says_is_brought_in(session, unit, bring_in, change):
    """Read by its heads, with a warning: the same figures, wherever they are now."""
    content, book = taken(session, unit)
    content = filled(content, typed_into(book))
    code, told = bring_in(changed(content, change), "--investor", unit.code)
    assert (code, told["status"]) == (0, "applied")
    assert ("warning", "form_changed") in found_codes(told)
    money, said_of_it = stored(session, unit_project(session, unit))
    assert money == {"NSTW": (200_000, 123_456, 3_456, 0), "NSH": (0, 99_999, 0, 0)}
    assert said_of_it["physical_progress"] == Decimal("62.5")
    assert said_of_it["volume_value"] == 700_001
    assert said_of_it["obstacles"] == "Giá giống tăng"


def test_an_older_form_is_brought_in_with_a_warning(session, unit, bring_in, monkeypatch):
    content, book = taken(session, unit)
    content = filled(content, typed_into(book))
    monkeypatch.setattr("models.sheets.form_marks.FORM_VERSION", "2")
    monkeypatch.setattr("models.sheets.own_form.FORM_VERSION", "2")
    code, told = bring_in(content, "--investor", unit.code)
    assert (code, told["status"]) == (0, "applied")
    assert ("warning", "form_old") in found_codes(told)
    money, _said = stored(session, unit_project(session, unit))
    assert money == {"NSTW": (200_000, 123_456, 3_456, 0), "NSH": (0, 99_999, 0, 0)}


def test_a_month_over_its_sum_counts_where_nothing_else_is_typed(session, unit, bring_in):
    """Somebody took the protection off and typed the month over the sum of its parts."""
    content, book = taken(session, unit)
    code, told = bring_in(filled(content, {place(book, Field.MONTH): 5_000}))
    assert (code, found_codes(told)) == (0, [])
    assert stored(session, unit_project(session, unit))[0] == {"NSTW": (0, 5_000, 0, 0)}


def test_a_sum_of_all_months_alone_is_asked_about(session, unit, bring_in):
    content, book = taken(session, unit)
    content = filled(content, {place(book, Field.CUMULATIVE): 5_000})
    code, told = bring_in(content, "--dry-run")
    assert (code, found_codes(told)) == (3, [("question", "cumulative_mismatch")])
    answer = next(one["answer"] for one in told["findings"] if "answer" in one)
    code, _told = bring_in(content, "--answer", f"{answer}=5000")
    assert code == 0
    assert stored(session, unit_project(session, unit))[0] == {"NSTW": (0, 5_000, 0, 0)}


@pytest.mark.parametrize("field", [Field.MONTH, Field.COMPLETED])
def test_a_figure_of_a_whole_project_is_asked_for_its_capital(session, unit, bring_in, field):
    content, book = taken(session, unit)
    code, told = bring_in(filled(content, {place(book, field, Holds.PROJECT): 5_000}))
    assert (code, found_codes(told)) == (3, [("question", "source_unclear")])


def test_a_sum_that_is_none_is_told(session, unit, bring_in):
    content, book = taken(session, unit)
    typed = {
        place(book, Field.COMPLETED): 4_000,
        place(book, Field.MONTH): 5_000,
        place(book, Field.PLAN, Holds.SUM): 7_000,
    }
    code, told = bring_in(filled(content, typed))
    assert (code, found_codes(told)) == (0, [("warning", "total_mismatch")] * 2)
    assert {one["cell"] for one in told["findings"] if one["code"] == "total_mismatch"} == {
        place(book, Field.MONTH),
        place(book, Field.PLAN, Holds.SUM),
    }
    assert stored(session, unit_project(session, unit))[0] == {"NSTW": (0, 4_000, 0, 0)}


def test_a_month_and_a_sum_that_disagree_are_asked(session, unit, bring_in):
    content, book = taken(session, unit)
    typed = {place(book, Field.COMPLETED): 4_000, place(book, Field.CUMULATIVE): 5_000}
    code, told = bring_in(filled(content, typed))
    assert (code, found_codes(told)) == (3, [("question", "cumulative_mismatch")])


def test_the_office_brings_forms_in_as_a_summary_as_well(session, unit, bring_in):
    content, book = taken(session, unit)
    content = filled(content, {place(book, Field.COMPLETED): 1_000})
    code, told = bring_in(content, kind="consolidated")
    assert (code, told["status"]) == (0, "applied"), told["findings"]
    assert stored(session, unit_project(session, unit))[0] == {"NSTW": (0, 1_000, 0, 0)}
