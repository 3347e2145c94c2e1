"""Sets of columns saved by name: their rules, and one set on screen, paper and in files."""

import csv
import io
import json
import re
import unicodedata
from datetime import UTC, datetime
from io import BytesIO
from urllib.parse import urlencode

import docx
import openpyxl
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from admin.pages.report_page import issued
from models import AuditEntry, ColumnSet, Investor, Period
from models.base import Actor
from models.column_sets import COLUMNS_OF, LONGEST_HEADING, LONGEST_NAME
from models.exchange.package import all_files
from reports.frozen import freeze
from reports.tables import FEW, REPORTS
from reports.writing import Column, Head, Kind, Table, heads
from tests.factories import (
    make_allocation,
    make_column_set,
    make_investor,
    make_letter_head,
    make_period,
    make_project,
)
from tests.office import converted, has_calc

AT = datetime(2024, 4, 16, 2, tzinfo=UTC)
PERIOD = {"period": "2024-03"}
PAGE = "/admin/column-sets/"
NAME = "Lãnh đạo xem"
needs_calc = pytest.mark.skipif(not has_calc(), reason="needs libreoffice-calc: make browser")
once = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def demo(load_demo):
    return load_demo(AT)


def at(report, **query):
    """The address of a report."""
    return f"/admin/reports/{report}?{urlencode(PERIOD | query)}"


def typed(page):
    """What a browser would send for the set on a page."""
    page = page if isinstance(page, BeautifulSoup) else BeautifulSoup(page.text, "html.parser")
    return {
        field["name"]: field.get("value", "")
        for field in page.select("form.card input[name]")
        if field["name"] != "csrf_token"
        and (field.get("type") != "checkbox" or (field.has_attr("checked")))
    }


def fetched(client, report, kind="xlsx", **query):
    reply = client.get(at(f"{report}.{kind}", **query))
    assert reply.status_code == 200, reply.text
    return reply.data


def filed(client, report="consolidated", **query):
    """The lines of the file of rows."""
    return list(
        csv.reader(io.StringIO(fetched(client, report, "csv", **query).decode("utf-8-sig")))
    )


def book(content, *, values=False):
    return openpyxl.load_workbook(BytesIO(content), data_only=values)


def numbers_of(sheet):
    """(row of the column numbers, their texts)."""
    top = next(row for row in range(1, 40) if sheet.cell(row, 1).value == "(1)")
    return top, [cell.value for cell in sheet[top] if cell.value]


# ---------------------------------------------------------------- rules

ALL = list(COLUMNS_OF["late"])
WRONG = {
    "no name": ({"name": " "}, "Give the set a name."),
    "a name of the product": ({"name": "Narrow"}, "comes with the product"),
    "a long name": ({"name": "x" * (LONGEST_NAME + 1)}, "at most 60"),
    "a name that is used": ({"name": "LÃNH  ĐẠO xem"}, "has a set called “Lãnh đạo xem” already"),
    "the same name in other letters": (
        {"name": unicodedata.normalize("NFD", NAME)}, "has a set called",
    ),
    "a column of another report": ({"columns": [*ALL, "plan_total"]}, "no column “plan_total”"),
    "a column twice": ({"columns": [*ALL, "status"]}, "twice"),
    "rows without a name": ({"columns": ["no", "status"]}, "The first two columns"),
    "a name that is not first": ({"columns": ["status", "no", "investor"]}, "The first two"),
    "nothing but the name": ({"columns": ["no", "investor"]}, "at least one column"),
    "no column at all": ({"columns": []}, "The first two columns"),
    "a long head": ({"headings": {"status": "x" * (LONGEST_HEADING + 1)}}, "at most 80"),
    "a head of no column": ({"headings": {"plan": "Vốn"}}, "no column “plan”"),
}  # fmt: skip
RIGHT = {
    "a long name that fits": {"name": "x" * LONGEST_NAME},
    "one column more": {"columns": ["no", "investor", "note"]},
    "another order": {"columns": [*ALL[:2], *ALL[:1:-1]]},
    "a head that fits": {"headings": {"status": "x" * LONGEST_HEADING}},
    "a head of a hidden column": {"columns": ALL[:3], "headings": {"note": "Lưu ý"}},
}
FRESH = {"report": "late", "name": "Gọn", "columns": ALL, "headings": {}}


def loaded(doors, given):
    """The package as the door: a set that stands in it."""
    path = doors.folder / "column_sets.csv"
    row = {key: v if isinstance(v, str) else json.dumps(v) for key, v in given.items()}
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, all_files()["column_sets"].header)
        writer.writeheader()
        writer.writerow(row)
    return doors.command("data", "load", doors.folder)


@pytest.mark.parametrize("door", ["session", "package"])
@pytest.mark.parametrize("case", [*WRONG, *RIGHT])
def test_what_no_set_may_be_is_refused_at_every_door(doors, session, door, case):
    make_column_set(session, name=NAME)
    given = FRESH | (WRONG[case][0] if case in WRONG else RIGHT[case])
    if door == "session":
        said = doors.flush(lambda own: own.add(ColumnSet(**given)))
    else:
        said = loaded(doors, given)
    assert (said is not None) is (case in WRONG), said
    if door == "session" and said:
        assert WRONG[case][1] in said
    names = sorted(session.scalars(sa.select(ColumnSet.name)))
    assert len(names) == 1 + (case in RIGHT)


def test_a_name_is_free_again_for_another_report(doors, session):
    make_column_set(session, name=NAME)
    other = {"report": "obstacles", "name": NAME, "columns": list(COLUMNS_OF["obstacles"])}
    assert doors.flush(lambda own: own.add(ColumnSet(**other))) is None


def test_a_stored_set_is_asked_when_it_changes(doors, session):
    key = make_column_set(session, name=NAME).id
    said = doors.flush(lambda own: setattr(own.get(ColumnSet, key), "columns", ["no"]))
    assert said is not None
    assert "The first two columns" in said


@once
def test_the_columns_of_each_report_are_known(app, client_for):
    """The list by which sets are judged is that of the tables."""
    with app.test_request_context():
        for name, report in REPORTS.items():
            printed = sorted((one for one in report.columns(issued()) if one.path),
                             key=lambda one: one.number)  # fmt: skip
            assert COLUMNS_OF[name] == tuple(one.key for one in printed)
    for name, few in FEW.items():
        assert [key for key in COLUMNS_OF[name] if key in few] == list(few)


# ---------------------------------------------------------------- the same columns everywhere


@once
@pytest.mark.parametrize("report", REPORTS)
def test_a_set_holds_for_screen_and_files(demo, client_for, report):
    """The last column comes right behind the name, under a head of its own; one in the middle and
    the first behind the name follow; the others are hidden."""
    keys = COLUMNS_OF[report]
    chosen = (keys[-1], keys[4], keys[2])
    make_column_set(demo, *chosen, report=report, name=NAME, headings={keys[-1]: "=Tên riêng"})
    client = client_for("leader")
    query = {"columns": NAME, "all": "1"}
    soup = client.soup(at(report, **query))
    numbers = [f"({keys.index(key) + 1})" for key in (*keys[:2], *chosen)]
    shown = [head.text for head in soup.select(".report-sheet table.report-table .colno th")]
    rows = len(soup.select(".report-sheet table.report-table tbody tr"))
    on_paper = [head.text for head in soup.select(".paper-sheet table.report-table .colno th")]
    headed = [head.text for head in soup.select(".report-sheet table.report-table thead th")]
    wide, narrow = filed(client, report, all="1"), filed(client, report, **query)
    sheet = book(fetched(client, report, **query)).worksheets[0]
    table = docx.Document(BytesIO(fetched(client, report, "docx", **query))).tables
    if len(wide) == 1:  # nothing to show
        assert not shown
    else:
        assert [text.partition("=")[0] for text in shown] == numbers
        assert on_paper in ([], shown)  # its own where the screen has another shape
        assert "=Tên riêng" in headed
        assert rows >= len(wide) - 1
        printed = [cell.text for cell in table[1].rows[0].cells]
        assert "=Tên riêng" in printed + [cell.text for cell in table[1].rows[1].cells]
    assert [text.partition("=")[0] for text in numbers_of(sheet)[1]] == numbers
    assert narrow[0][2] == "'=Tên riêng"  # as every text that a spreadsheet would run
    assert len(narrow) == len(wide)
    assert all(len(line) == 5 for line in narrow)
    plain = next(n for n, text in enumerate(filed(client, report, headers="keys")[0])
                 if text == keys[4])  # fmt: skip
    assert [line[3] for line in narrow[1:]] == [line[plain] for line in wide[1:]]
    assert filed(client, report, headers="keys", **query)[0] == [*keys[:2], *chosen]


@once
def test_a_file_of_rows_is_the_same_while_no_set_is_asked_for(demo, client_for):
    client = client_for("leader")
    before = {name: fetched(client, name, "csv") for name in REPORTS}
    for name in REPORTS:
        make_column_set(demo, report=name, name=NAME)
    for name, content in before.items():
        for query in ({}, {"columns": "wide"}, {"columns": "narrow"}, {"columns": ""}):
            assert fetched(client, name, "csv", **query) == content


@once
def test_the_links_of_a_screen_carry_its_set(demo, client_for):
    make_column_set(demo, "status", report="late", name="Gọn & rõ")
    soup = client_for("leader").soup("/admin/reports/late?period=2024-03&columns=Gọn %26 rõ")
    files = [one["href"] for one in soup.select("a[href*='late.']")]
    assert len(files) == 4
    assert all("columns=G%E1%BB%8Dn+%26+r%C3%B5" in href for href in files)
    assert soup.select_one("#columns option[selected]").text == "Gọn & rõ"


@once
@pytest.mark.parametrize("asked", [NAME, unicodedata.normalize("NFD", NAME), f" {NAME} "])
def test_a_name_is_found_however_its_letters_are_composed(demo, client_for, asked):
    make_column_set(demo, "status", name=NAME)
    assert len(filed(client_for("leader"), "late", columns=asked)[0]) == 3


# ---------------------------------------------------------------- figures


def test_numbers_point_at_no_hidden_column(demo, client_for):
    """(4)=(5)+(10), (18)=(4)−(12), (15)=(12)/(4)."""
    client = client_for("leader")
    cases = {
        "a": (("plan_carried", "plan_year", "plan_total"), ["(10)", "(5)", "(4)=(5)+(10)"]),
        "b": (("plan_total", "plan_year"), ["(4)", "(5)"]),
        "c": (
            ("remaining", "plan_total", "disbursed_total", "rate_total"),
            ["(18)=(4)−(12)", "(4)", "(12)", "(15)=(12)/(4)"],
        ),
        "d": (("remaining", "rate_total", "disbursed_total"), ["(18)", "(15)", "(12)"]),
    }
    for name, (columns, expected) in cases.items():
        make_column_set(demo, *columns, report="consolidated", name=name)
        soup = client.soup(f"/admin/reports/consolidated?period=2024-03&columns={name}")
        assert [one.text for one in soup.select(".colno th")][2:] == expected
        sheet = book(fetched(client, "consolidated", columns=name)).worksheets[0]
        assert numbers_of(sheet)[1][2:] == expected


def test_only_neighbours_share_a_head():
    paths = [("TT",), ("Vốn", "Năm", "A"), ("Vốn", "Năm", "B"), ("Còn",), ("Vốn", "C"),
             ("Vốn", "Năm", "D")]  # fmt: skip
    columns = tuple(
        Column(key=str(n), heading="", path=path, number=9 - n, place=n, kind=Kind.TEXT)
        for n, path in enumerate(paths, 1)
    )
    head = Head(issuer="", form="", title=("",), reference="", unit="", mark="", status=(),
                notes=(), none="")  # fmt: skip
    table = Table(name="x", columns=columns, rows=(), unit="dong", places=0, head=head, rounding="")
    shared = {(one.text, one.col, one.cols, one.rows) for one in heads(table)}
    assert shared == {
        ("TT", 0, 1, 3), ("Vốn", 1, 2, 1), ("Năm", 1, 2, 1), ("A", 1, 1, 1), ("B", 2, 1, 1),
        ("Còn", 3, 1, 3), ("Vốn", 4, 2, 1), ("C", 4, 1, 2), ("Năm", 5, 1, 1), ("D", 5, 1, 1),
    }  # fmt: skip


@once
@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_columns_of_figures_alone_that_are_wider_than_the_page_are_laid_out(
    session, client_for, kind
):
    figures = (
        "plan_total", "plan_year", "plan_central", "plan_local", "plan_investment",
        "plan_recurrent", "plan_carried", "remaining",
    )  # fmt: skip
    make_period(session)
    for n in range(2):
        unit = make_investor(session, name=f"Xã Yên Sơn {n}", short_name=f"Xã Yên Sơn {n}")
        for vintage, source, nature in ((2024, "NSTW", "SN"), (2024, "NST", "DTPT"),
                                        (2023, "NSTW", "SN")):  # fmt: skip
            make_allocation(
                session, 10**14, project=make_project(session, investor=unit),
                vintage=vintage, source=source, nature=nature,
            )  # fmt: skip
    make_column_set(
        session,
        *figures,
        report="consolidated",
        name="Số",
        headings=dict.fromkeys(figures, "Vốn"),
    )
    session.commit()
    asked = {"columns": "Số", "unit": "dong", "group": "investor", "detail": "group"}
    assert fetched(client_for("leader"), "consolidated", kind, **asked)


SETS = {
    "consolidated": (
        ("remaining", "plan_total", "disbursed_total", "rate_total", "rate_year", "note"),
        ("rate_total", "remaining", "disbursed_year", "plan_total"),
    ),
    "ranking": (
        ("rate_total", "versus_district", "versus_last_month", "plan_total"),
        ("versus_district", "versus_last_month", "plan_total"),
    ),
    "carry-over": (("to_cancel", "remaining", "plan_carried"), ("rate_carried", "to_cancel")),
    "allocation-changes": (("amount", "increase"), ("decrease", "amount", "increase")),
    "pace": (
        ("monthly_need", "remaining", "months_left", "times"),
        ("short", "at_pace", "plan_total", "disbursed_total", "remaining", "monthly_pace",
         "months_left", "share_left"),
    ),
    "treasury": (("difference", "reported"), ("confirmed", "difference", "reported")),
}  # fmt: skip


@once
@needs_calc
def test_calculated_anew_every_figure_of_a_set_stays_to_the_dong(demo, client_for, tmp_path):
    client, files, asked = client_for("leader"), [], []
    for report, sets in SETS.items():
        for n, columns in enumerate(sets):
            make_column_set(demo, *columns, report=report, name=f"{n}")
            query = {"columns": f"{n}", "detail": "project", "unit": "trieu", "all": "1"}
            files.append(tmp_path / f"{report}{n}.xlsx")
            files[-1].write_bytes(fetched(client, report, **query))
            asked.append((report, query))
    compared = 0
    for file, anew, (report, query) in zip(
        files, converted(files, tmp_path, "xlsx"), asked, strict=True
    ):
        formulas = book(file.read_bytes()).worksheets[0]
        stored = book(file.read_bytes(), values=True).worksheets[0]
        found = book(anew.read_bytes(), values=True).worksheets[0]
        rows = filed(client, report, **query | {"unit": "dong"})
        top = numbers_of(formulas)[0]
        for cell in (cell for row in formulas.iter_rows() for cell in row):
            if cell.data_type == "f":
                compared += 1
                old, new = stored[cell.coordinate].value, found[cell.coordinate].value
                assert (old or None) == (new or None), (file.name, cell.coordinate, cell.value)
        for at, line in enumerate(rows[1:], 1):  # and they are those of the file of rows
            for col, text in enumerate(line[2:], 3):
                value = found.cell(top + at, col).value
                if isinstance(value, int | float) and re.fullmatch(r"-?\d{6,}", text):
                    assert round(value * 1_000_000) == int(text), (file.name, at, col)
    assert compared > 150


@once
@needs_calc
def test_a_total_whose_parts_are_hidden_follows_what_is_typed_over(demo, client_for, tmp_path):
    """Of capital of the year and carried over only the sum is shown: it adds up its rows."""
    make_column_set(demo, "remaining", "plan_total", "disbursed_total", report="consolidated",
                    name=NAME)  # fmt: skip
    content = fetched(client_for("leader"), "consolidated", columns=NAME, unit="dong")
    file, typed_over = tmp_path / "a.xlsx", book(content)
    sheet = typed_over.active
    top, _numbers = numbers_of(sheet)
    leaf = next(row for row in range(top + 1, 60) if isinstance(sheet.cell(row, 4).value, int))
    sheet.cell(leaf, 4).value += 1_000_000_007
    typed_over.save(file)
    before = book(content, values=True).active
    after = book(converted([file], tmp_path, "xlsx")[0].read_bytes(), values=True).active
    for row in (top + 1, top + 2, leaf):
        for col in (3, 4):
            assert after.cell(row, col).value == before.cell(row, col).value + 1_000_000_007


@once
def test_a_ranking_without_its_rates_has_no_chart_of_them(demo, client_for):
    make_column_set(demo, "plan_total", report="ranking", name="vốn")
    make_column_set(demo, "rate_total", report="ranking", name="tỷ lệ")
    client = client_for("leader")
    assert len(book(fetched(client, "ranking", columns="vốn")).worksheets) == 1
    assert len(book(fetched(client, "ranking", columns="tỷ lệ")).worksheets) == 2
    for name in ("vốn", "tỷ lệ"):
        assert fetched(client, "ranking", "docx", columns=name)


# ---------------------------------------------------------------- other doors


@once
def test_a_set_holds_for_commands(demo, app, tmp_path, client_for):
    make_column_set(demo, "note", "status", name=NAME, headings={"status": "Nộp"})
    make_letter_head(demo)
    demo.commit()
    run = app.test_cli_runner().invoke
    told = run(args=["reports", "late", *("--period", "2024-03", "--all", "--columns", NAME)])
    assert told.output.splitlines()[0].removeprefix("\ufeff") == "TT,Chủ đầu tư,Ghi chú,Nộp"
    for report in ("obstacles", "narrative", "consolidated"):
        file = str(tmp_path / "x.docx")
        asked = ["--period", "2024-03", "--output", file]
        told = run(args=["reports", report, *asked, "--columns", "Không có"])
        assert told.exit_code == 1
        assert "không có bộ cột “Không có”" in told.output
    told = run(args=["reports", "narrative", *asked, "--columns", NAME])
    assert told.exit_code == 0, told.output
    firsts = [table.rows[0].cells for table in docx.Document(file).tables]
    assert ["TT", "Đơn vị", "Ghi chú", "Nộp"] in [[one.text for one in cells] for cells in firsts]


@once
@pytest.mark.parametrize(
    "address",
    [
        "late", "late.csv", "consolidated.xlsx", "ranking.docx", "pace", "narrative",
        "narrative.docx", "charts", "charts.xlsx", "explain?column=plan_total", "sentences",
    ],
)  # fmt: skip
def test_a_name_that_is_none_is_refused(session, client_for, address):
    make_period(session)
    make_column_set(session, report="obstacles", name=NAME)  # a set of another report
    asked = "Không có" if address.startswith("narrative") else NAME
    name, _sep, more = address.partition("?column=")
    reply = client_for("leader").get(at(name, columns=asked, **({"column": more} if more else {})))
    assert reply.status_code == 400
    assert f"không có bộ cột “{asked}”" in reply.text


def test_annexes_and_frozen_versions_have_the_set(demo, client_for):
    make_column_set(demo, "remaining", report="consolidated", name=NAME)
    make_letter_head(demo)
    period = demo.scalar(sa.select(Period).where(Period.code == "2024-02"))
    freeze(demo, period, reason="sửa", at=AT, actor=Actor(None, "Cán bộ"))
    client = client_for("officer")
    reply = client.get(at("narrative.docx", columns=NAME))
    tables = docx.Document(BytesIO(reply.data)).tables
    widths = [len(table.columns) for table in tables if table.cell(0, 0).text == "TT"]
    assert 3 in widths
    assert len(COLUMNS_OF["late"]) in widths  # it has no set of this name
    soup = client.soup("/admin/reports/narrative?period=2024-03")
    assert NAME in [one.text for one in soup.select("#columns option")]
    asked = {"period": "2024-02", "columns": NAME, "version": "1"}
    frozen = book(fetched(client, "consolidated", **asked))
    assert numbers_of(frozen.active)[1] == ["(1)", "(2)", "(18)"]


def test_a_unit_sees_its_own_rows_in_the_set_of_the_office(demo, client_for):
    make_column_set(demo, "remaining", report="consolidated", name=NAME)
    unit = demo.scalar(sa.select(Investor).where(Investor.code == "X-YB"))
    unit = unit or demo.scalars(sa.select(Investor)).first()
    client = client_for("investor", unit)
    page = client.soup(f"/admin/reports/consolidated?period=2024-03&columns={NAME}")
    assert not page.select("a[href*='column-sets']")
    names = [one.text for one in page.select("tbody th.name")]
    others = set(demo.scalars(sa.select(Investor.short_name).where(Investor.id != unit.id)))
    assert names[0] == "TỔNG SỐ CỦA ĐƠN VỊ"
    assert not others & {name.strip() for name in names}
    assert len(filed(client, columns=NAME)) == len(filed(client))


# ---------------------------------------------------------------- the page


def test_only_admin_and_officer_edit(session, client_for):
    made = make_column_set(session, name=NAME)
    for role, status in (("admin", 200), ("officer", 200), ("leader", 403), ("finance", 403),
                         ("auditor", 403), ("investor", 403)):  # fmt: skip
        client = client_for(role)
        for address in (PAGE, f"{PAGE}{made.id}", f"{PAGE}new?report=late"):
            assert client.get(address).status_code == status, (role, address)
        if status == 403:
            form = {"name": "Khác", "shown-status": "1"}
            assert client.post_form(f"{PAGE}{made.id}", form).status_code == 403
    session.expire_all()
    assert session.get(ColumnSet, made.id).name == NAME


def test_a_set_is_made_changed_and_removed(session, client_for):
    make_period(session)
    client = client_for("officer")
    url = f"{PAGE}new?report=consolidated"
    form = typed(client.soup(url))
    hidden = [key for key in form if key.startswith("shown-")]
    form = {key: value for key, value in form.items() if key not in hidden}
    form |= {"name": f"  {NAME} ", "shown-remaining": "1", "shown-plan_total": "1",
             "place-remaining": "3", "heading-plan_total": "Tổng vốn giao"}  # fmt: skip
    assert client.post_form(url, form).status_code == 303
    [row] = session.scalars(sa.select(ColumnSet))
    assert (row.name, row.columns, row.headings) == (
        NAME, ["no", "name", "remaining", "plan_total"], {"plan_total": "Tổng vốn giao"},
    )  # fmt: skip
    listed = client.soup(PAGE)
    [look] = listed.select("tbody a[href*='columns=']")
    assert client.get(look["href"]).status_code == 200
    edit = f"{PAGE}{row.id}"
    # down: behind the one that has the place now; up: before it
    moved = typed(client.soup(edit)) | {"shown-note": "1", "shown-estimate": "1"}
    assert client.post_form(edit, moved | {"place-remaining": "22"}).status_code == 303
    session.expire_all()
    assert row.columns == ["no", "name", "plan_total", "estimate", "note", "remaining"]
    moved = typed(client.soup(edit)) | {"place-note": "3"}
    assert client.post_form(edit, moved).status_code == 303
    session.expire_all()
    assert row.columns == ["no", "name", "note", "plan_total", "estimate", "remaining"]
    gone = typed(client.soup(edit)) | {"action": "remove"}
    assert client.post_form(edit, gone).status_code == 303
    assert session.scalars(sa.select(ColumnSet)).all() == []
    reply = client.get(look["href"])
    assert reply.status_code == 400
    actions = session.scalars(
        sa.select(AuditEntry.action).where(AuditEntry.resource == "column_set")
    ).all()
    assert sorted(actions) == ["delete", "insert", "update", "update"]
    assert client.get(edit).status_code == 404


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": ""}, "Hãy đặt tên cho bộ cột."),
        ({"name": "WIDE"}, "“WIDE” là bộ cột có sẵn"),
        ({"name": "lãnh đạo XEM"}, "đã có bộ cột tên “Lãnh đạo xem”"),
        ({"place-note": "ba"}, "“ba” không phải là vị trí"),
        ({"place-note": "0"}, "“0” không phải là vị trí"),
        ({"heading-note": "dài " * 30}, "nhiều nhất 80"),
    ],
)
def test_a_refused_form_keeps_what_was_typed(session, client_for, given, said):
    make_column_set(session, name=NAME)
    client, url = client_for("admin"), f"{PAGE}new?report=late"
    form = typed(client.soup(url)) | {"name": "Gọn", "heading-status": "Nộp"} | given
    del form["shown-phone"]
    reply = client.post_form(url, form)
    assert reply.status_code == 422
    assert said in reply.text
    again = typed(reply)
    kept = {key: value for key, value in form.items() if key not in ("form_key", "seen")}
    assert {key: again.get(key) for key in kept} == kept
    assert "shown-phone" not in again
    assert session.scalars(sa.select(ColumnSet.name)).all() == [NAME]


def test_of_two_people_the_second_is_told(session, client_for):
    made = make_column_set(session, "status", name=NAME)
    first, second = client_for("admin"), client_for("officer")
    url = f"{PAGE}{made.id}"
    forms = [typed(one.soup(url)) for one in (first, second)]
    assert first.post_form(url, forms[0] | {"name": "Của tôi"}).status_code == 303
    reply = second.post_form(url, forms[1] | {"heading-note": "Lưu ý"})
    assert reply.status_code == 409
    assert "Của tôi" in reply.text
    assert "Lưu ý" in reply.text
    session.expire_all()
    assert (made.name, made.headings) == ("Của tôi", {})
    # sent again it stands: an informed choice
    assert second.post_form(url, typed(reply)).status_code == 303
    session.expire_all()
    assert (made.name, made.headings) == (NAME, {"note": "Lưu ý"})


def test_a_form_is_carried_out_once(session, client_for):
    client, url = client_for("admin"), f"{PAGE}new?report=late"
    form = typed(client.soup(url)) | {"name": "Gọn"}
    for _ in range(2):
        assert client.post_form(url, form).status_code == 303
    assert session.scalars(sa.select(ColumnSet.name)).all() == ["Gọn"]


def test_the_trail_names_columns_by_their_words(session, client_for):
    client, url = client_for("admin"), f"{PAGE}new?report=late"
    form = typed(client.soup(url)) | {"name": "Gọn", "heading-status": "Nộp hay chưa"}
    client.post_form(url, form)
    entry = session.scalar(sa.select(AuditEntry).where(AuditEntry.resource == "column_set"))
    text = client.get(f"/admin/audit/details/?id={entry.id}").text
    assert "Bộ cột" in text
    assert "Trạng thái: Nộp hay chưa" in text
    assert "missed_in_year" not in text


def test_pages_cost_the_same_for_1_and_20_sets(session, client_for, count_queries):
    make_period(session)
    client, sent = client_for("officer"), []
    for names in (range(1), range(1, 20)):
        for n in names:
            make_column_set(session, report="consolidated", name=f"{n}")
        counts = []
        for address in (PAGE, "/admin/reports/consolidated?period=2024-03",
                        "/admin/reports/consolidated?period=2024-03&columns=0"):  # fmt: skip
            client.get(address)
            with count_queries() as seen:
                assert client.get(address).status_code == 200
            counts.append(len(seen))
        sent.append(counts)
    assert sent[0] == sent[1]
    assert sent[0][2] == sent[0][1] + 1
