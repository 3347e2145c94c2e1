"""The consolidated report apart by nature and by source: nothing is lost, each figure explained."""

import csv
import io
from collections import defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest

from models import Allocation, AllocationLine, Nature, Period
from models.base import Actor
from reports.consolidated import AMOUNTS, consolidated
from reports.frozen import lock_and_freeze
from tests.factories import (
    make_allocation,
    make_disbursement,
    make_entry,
    make_investor,
    make_period,
    make_project,
    make_submission,
)

AT = datetime(2024, 4, 16, 2, tzinfo=UTC)
SUMS = [name for name in AMOUNTS if name != "estimate"]


@pytest.fixture
def mixed(session):
    """One project with capital of both natures and of three sources, one of last year."""
    month = make_period(session, "2024-03")
    unit = make_investor(session, code="X1")
    project = make_project(session, code="L01", investor=unit)
    report = make_submission(session, period=month, investor=unit, status="submitted")
    entry = make_entry(session, submission=report, project=project, estimate=900,
                       progress_text="Đang làm")  # fmt: skip
    for amount, paid, more in (
        (1_000_001, 100_001, {"nature": "SN", "source": "NSTW"}),
        (2_000_003, 200_003, {"nature": "DTPT", "source": "NSTW"}),
        (300_007, 30_007, {"nature": "SN", "source": "NSH"}),
        (440_009, 4_009, {"nature": "DTPT", "source": "NST", "vintage": 2023}),
    ):
        allocation = make_allocation(session, project=project, amount=amount, **more)
        make_disbursement(session, entry=entry, allocation=allocation, advance=paid)
    session.commit()
    return session


def built(session, **asked):
    period = session.query(Period).filter_by(code="2024-03").one()
    return consolidated(session, period=period, **asked)


@pytest.mark.parametrize("group", ["component", "investor"])
@pytest.mark.parametrize(
    ("by", "parts"), [("nature", ["DTPT", "SN"]), ("source", ["NSTW", "NST", "NSH"])]
)
def test_the_parts_are_the_whole_to_the_dong(mixed, by, parts, group):
    whole = built(mixed, group=group, detail="project")
    split = built(mixed, group=group, detail="project", split=by)
    assert split.rows[0] == whole.rows[0]
    tops = [row for row in split.rows if row.level == by]
    assert [row.code for row in tops] == parts
    assert [row.no for row in tops] == list("ABC")[: len(parts)]
    for key in SUMS:
        assert sum(getattr(row, key) for row in tops) == getattr(whole.rows[0], key), key
    for code in ("X1", "L01"):
        for key in SUMS:
            assert sum(getattr(r, key) for r in split.rows if r.code == code) == sum(
                getattr(r, key) for r in whole.rows if r.code == code
            ), (code, key)


def test_the_figures_are_those_of_their_nature(mixed):
    rows = built(mixed, split="nature").rows
    investment, recurrent = (row for row in rows if row.level == "nature")
    assert (investment.plan_total, investment.plan_carried) == (2_440_012, 440_009)
    assert (investment.plan_recurrent, investment.disbursed_carried) == (0, 4_009)
    assert (recurrent.plan_total, recurrent.disbursed_total) == (1_300_008, 130_008)
    assert rows[0].estimate == 900
    assert {row.estimate for row in rows[1:]} == {None}
    assert "Đang làm" in {row.progress for row in rows}


def test_both_natures_stand_there_though_one_has_nothing(session, load_demo):
    load_demo(AT)
    rows = built(session, split="nature").rows
    assert [(row.no, row.plan_total) for row in rows if row.level == "nature"] == [
        ("A", 0), ("B", rows[0].plan_total),
    ]  # fmt: skip


# Every cell on one database; on the other, of each column, every fifth from the last row on.
@pytest.mark.parametrize(
    ("database", "step"), [("sqlite", 1), ("postgresql", 5)], indirect=["database"]
)
@pytest.mark.parametrize("by", ["nature", "source"])
def test_every_cell_of_the_split_is_explained(mixed, client_for, by, step):
    client = client_for("officer")
    page = client.soup(
        f"/admin/reports/consolidated?period=2024-03&detail=project&unit=dong&split={by}"
    )
    cells = defaultdict(list)
    for link in page.select(".report-table a[href*='/explain?']"):
        cells[parse_qs(urlsplit(link["href"]).query)["column"][0]].append(link)
    parts = [[link for link in column if f"{by}=" in link["href"]] for column in cells.values()]
    assert sum(map(len, parts)) > 60
    # the page beside the data asks for the same by the same code: one of each column is opened
    pages = [column[-1]["href"] for column in parts if column]
    assert len(pages) > 10
    for link in [link for column in cells.values() for link in column[::-step]]:
        answer = client.get(link["href"].replace("/explain?", "/explain.json?")).get_json()
        shown, column = link.get_text(strip=True), answer["column"]
        if column == "progress":
            assert answer["value"] == shown
            continue
        typed = Decimal(shown.replace(".", "").replace(",", "."))
        assert typed == Decimal(str(answer["value"])), link["href"]
        plan, paid = answer["plan"]["sum"], answer["money"]["sum"]
        if column.startswith("plan_"):
            assert plan == typed, link["href"]
        if column.startswith("disbursed_"):
            assert paid == typed, link["href"]
        if column == "remaining":
            assert plan - paid == typed, link["href"]
    for href in pages:
        assert client.get(href).status_code == 200, href


def test_a_version_is_split_while_the_entries_say_the_same(mixed, client_for):
    period = mixed.query(Period).filter_by(code="2024-03").one()
    lock_and_freeze(mixed, period, at=AT, actor=Actor(None, "test"))
    mixed.commit()
    whole = built(mixed)
    split = built(mixed, split="nature")
    assert split.frozen is not None
    assert split.rows[0] == whole.rows[0]
    address = "/admin/reports/consolidated?period=2024-03&split=nature"
    client = client_for("leader")
    link = client.soup(address).select("a[href*='nature=SN'][href*='disbursed_total']")[0]
    answer = client.get(link["href"].replace("/explain?", "/explain.json?")).get_json()
    assert (answer["version"], answer["value"]) == (1, 130_008)

    line = mixed.query(AllocationLine).join(Allocation, Allocation.id ==
        AllocationLine.allocation_id).filter(Allocation.nature == Nature.SN).first()  # fmt: skip
    line.amount += 1
    mixed.commit()
    reply = client.get(address)
    assert reply.status_code == 400
    assert "không tách được" in reply.text
    assert client.get(f"{address}&version=live").status_code == 200
    assert client.get(link["href"]).status_code == 400


def test_a_kind_of_capital_that_does_not_exist_is_refused(mixed, client_for):
    tail = "explain?period=2024-03&column=plan_total&nature=X"
    reply = client_for("officer").get(f"/admin/reports/{tail}")
    assert reply.status_code == 400
    assert "DTPT, SN" in reply.text


def test_the_file_of_rows_is_split_only_when_asked(mixed, client_for):
    reply = client_for("leader").get(
        "/admin/reports/consolidated.csv?period=2024-03&headers=keys&split=source"
    )
    rows = list(csv.DictReader(io.StringIO(reply.data.decode("utf-8-sig"))))
    assert [row["no"] for row in rows if row["level"] == "source"] == ["A", "B", "C"]
    assert int(rows[0]["plan_total"]) == sum(
        int(row["plan_total"]) for row in rows if row["level"] == "source"
    )


def sheet_of(client, **asked):
    reply = client.get(
        "/admin/reports/consolidated.xlsx", query_string={"period": "2024-03"} | asked
    )
    assert reply.status_code == 200, reply.text
    return openpyxl.load_workbook(io.BytesIO(reply.data)).active


def texts(sheet):
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_the_split_stands_in_capitals_on_paper(mixed, client_for):
    said = texts(sheet_of(client_for("leader"), split="nature"))
    assert {"TỔNG SỐ", "VỐN ĐẦU TƯ PHÁT TRIỂN", "VỐN SỰ NGHIỆP"} <= set(said)
    assert any("không tách theo loại vốn" in text for text in said)


@pytest.mark.parametrize(
    ("decimals", "shown", "form"),
    [("0", "4", "#,##0_ "), ("1", "3,7", "#,##0.0_ "), ("3", "3,740", "#,##0.000_ ")],
)
def test_decimals_are_the_same_in_a_whole_column(mixed, client_for, decimals, shown, form):
    client = client_for("leader")
    page = client.soup(f"/admin/reports/consolidated?period=2024-03&decimals={decimals}")
    assert page.select_one("tr.total a[href*='column=plan_total']").text == shown
    sheet = sheet_of(client, decimals=decimals)
    [total] = [c for row in sheet.iter_rows() for c in row if c.value == "TỔNG SỐ"]
    assert sheet.cell(total.row, 4).number_format.startswith(form)


def test_a_footnote_says_it_where_chosen_decimals_miss_the_sum(mixed, client_for):
    client = client_for("leader")
    said = "Số liệu có thể chênh lệch do làm tròn"
    for decimals, is_said in (("0", True), ("3", False)):
        page = client.get(
            f"/admin/reports/consolidated?period=2024-03&decimals={decimals}&split=source"
        )
        assert (said in page.text) is is_said
    assert (
        said
        not in client.get("/admin/reports/consolidated?period=2024-03&unit=dong&split=source").text
    )


def test_a_dong_has_no_decimals(mixed, client_for):
    page = client_for("leader").soup(
        "/admin/reports/consolidated?period=2024-03&unit=dong&decimals=3"
    )
    assert page.select_one("tr.total a[href*='column=plan_total']").text == "3.740.020"


def test_too_many_decimals_are_refused(mixed, client_for):
    reply = client_for("leader").get("/admin/reports/consolidated?period=2024-03&decimals=4")
    assert reply.status_code == 400
    assert "0, 1, 2, 3" in reply.text


def test_a_file_of_rows_does_not_know_decimals(mixed, client_for):
    client = client_for("leader")
    address = "/admin/reports/consolidated.csv?period=2024-03"
    assert client.get(address).data == client.get(f"{address}&decimals=1&columns=narrow").data


def test_few_columns_leave_out_what_is_empty(mixed, client_for):
    client = client_for("leader")
    shown = client.soup("/admin/reports/consolidated?period=2024-03&columns=narrow&detail=group")
    numbers = [head.text.partition("=")[0].strip("()") for head in shown.select(".colno th")]
    assert numbers == ["1", "2", "4", "11", "12", "15", "18"]  # no investor (3), no obstacle (21)
