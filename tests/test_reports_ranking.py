"""The ranking of investors (Biểu 02) and the sentences about it: published answers and limits."""

import csv
import io
import random
import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from zipfile import ZipFile

import pytest
import time_machine
from PIL import Image

from models import Investor, Period, RuleBroken
from models.calendar import level_of, put_setting
from reports.facts import Unit
from reports.ranking import bucket, ranking, ranks_of
from reports.sentences import sentences
from reports.tables import REPORTS, Asked
from reports.writing import ReportParams, misses_its_sum, places_for
from tests.factories import (
    make_allocation,
    make_disbursement,
    make_entry,
    make_issue,
    make_period,
    make_project,
    make_submission,
)

AT = datetime(2024, 4, 16, 2, tzinfo=UTC)
EXPECTED = [  # domain §10.2
    (1, "UBND xã Hòa Bình", 1_290_333_333, 420_833_333, "32.61", "16.96"),
    (2, "TT GDNN-GDTX", 4_668_500_000, 929_500_000, "19.91", "4.26"),
    (3, "UBND xã Hữu Liên", 1_492_250_000, 280_000_000, "18.76", "3.11"),
    (4, "Phòng NN&PTNT", 2_036_000_000, 335_000_000, "16.45", "0.80"),
    (5, "Phòng LĐTBXH-DT", 1_685_900_000, 203_845_678, "12.09", "-3.56"),
    (6, "TTYT", 483_000_000, 42_666_667, "8.83", "-6.82"),
    (7, "Phòng VH&TT", 1_128_750_000, 88_000_001, "7.80", "-7.85"),
    (8, "UBND xã Yên Bình", 836_000_000, 0, "0.00", "-15.65"),
    (8, "UBND xã Thiện Tân", 1_078_000_000, 0, "0.00", "-15.65"),
]


@pytest.fixture
def demo(load_demo):
    return load_demo(AT)


def ranked(session, code="2024-03", **asked):
    return ranking(session, period=session.query(Period).filter_by(code=code).one(), **asked)


def said(session, code="2024-03", as_of=AT):
    period = session.query(Period).filter_by(code=code).one()
    return {one.key: one.text for one in sentences(session, period=period, as_of=as_of)}


def holds(session, period, plan, paid, **submitted):
    """A unit with this plan and this disbursement, both in đồng."""
    year = period.budget_year
    project = make_project(session)
    allocation = make_allocation(
        session, plan or None, project=project, budget_year=year, vintage=year
    )
    submission = make_submission(
        session, period=period, investor=allocation.project.investor, status="submitted"
    )
    if paid:
        entry = make_entry(session, submission=submission, project=allocation.project)
        make_disbursement(session, entry, allocation, completed=paid)
    session.commit()
    return allocation.project.investor


def test_demo_gives_the_published_ranking(demo):
    rows = ranked(demo).rows
    assert [
        (
            row.rank,
            row.investor,
            row.plan_total,
            row.disbursed_total,
            str(row.rate_total),
            str(row.versus_district),
        )
        for row in rows
    ] == EXPECTED
    assert [row.bucket for row in rows] == ["30–40 %", *["< 20 %"] * 6, "0 %", "0 %"]


def test_against_the_months_before(demo):
    rows = {row.investor: row for row in ranked(demo).rows}
    # February: 60,000,000 of 1,492,250,000 = 4.02 %; no figures of 2023 are in the package
    assert rows["UBND xã Hữu Liên"].versus_last_month == Decimal("14.74")
    assert {row.versus_last_year for row in rows.values()} == {None}
    assert {row.versus_last_month for row in ranked(demo, "2024-01").rows} == {None}


def test_against_the_same_month_of_the_year_before(session):
    before = make_period(session, code="2023-03")
    unit = holds(session, before, 1000, 100)
    period = make_period(session, code="2024-03")
    allocation = make_allocation(session, 1000, project=make_project(session, investor=unit))
    submission = make_submission(session, period=period, investor=unit, status="submitted")
    entry = make_entry(session, submission=submission, project=allocation.project)
    make_disbursement(session, entry, allocation, completed=305)
    session.commit()
    [row] = [row for row in ranked(session).rows if row.code == unit.code]
    assert row.rate_total - row.versus_last_year == Decimal("10.00")


def test_equal_rates_share_a_rank_and_the_next_one_is_skipped(session):
    period = make_period(session)
    for plan, paid in ((100, 90), (200, 100), (1000, 500), (1000, 499)):
        holds(session, period, plan, paid)
    assert [row.rank for row in ranked(session).rows] == [1, 2, 2, 4]


def test_one_dong_makes_another_rank_though_the_printed_rates_are_equal(session):
    period = make_period(session)
    for paid in (500_000_000, 500_000_001):
        holds(session, period, 1_000_000_000, paid)
    rows = ranked(session).rows
    assert [row.rank for row in rows] == [1, 2]
    assert {str(row.rate_total) for row in rows} == {"50.00"}
    assert rows[0].disbursed_total == 500_000_001


def test_the_order_is_that_of_the_fractions_however_close_they_are():
    chance = random.Random(7)
    near = [10**15 - chance.randrange(40) for _n in range(60)]
    pairs = [(plan, plan // 3 + chance.randrange(-2, 3)) for plan in near]
    pairs += [(chance.randrange(1, 9), chance.randrange(-3, 12)) for _n in range(60)]
    held = dict(enumerate([*pairs, (0, 5), (-4, 1)]))
    known = {
        n: Unit(id=n, code=f"U{n % 5}", short_name="", name="", sort_order=n % 3) for n in held
    }
    order, ranks = ranks_of(held, known)
    exact = {n: Fraction(paid, plan) for n, (plan, paid) in enumerate(pairs)}
    assert list(order) == sorted(exact, key=lambda n: (-exact[n], n % 3, f"U{n % 5}", n))
    assert list(ranks) == [1 + sum(exact[m] > exact[n] for m in exact) for n in order]
    assert len(set(ranks)) < len(ranks)


@pytest.mark.parametrize("decimals", ["", "0", "2"])
def test_only_rows_that_are_looked_at_are_made(session, monkeypatch, decimals):
    period = make_period(session)
    for paid in range(6):
        holds(session, period, 1_000_333, 150_005 * paid)
    made = []
    monkeypatch.setattr(
        "reports.ranking.bucket", lambda own, *_limits, **_how: made.append(own) or ""
    )
    params = ReportParams(period=period.code, unit="trieu", decimals=decimals)
    told = make_issue(session, AT)
    found = ranked(session)
    table = REPORTS["ranking"].table(found, Asked(period=period, params=params, as_of=AT), told)
    assert len(table.rows) == 7
    assert table.notes
    assert made == []
    assert [row.values["plan_total"] for row in table.rows[2:4]] == [1_000_333] * 2
    assert len(made) == 2
    assert table.rows[6:][0].values["disbursed_total"] == 15 * 150_005
    assert len(made) == 2
    whole = replace(table, rows=tuple(table.rows))
    assert whole.notes == table.notes
    assert misses_its_sum(whole) == misses_its_sum(table)
    money = [column for column in table.columns if column.kind == "money"]
    assert places_for(money, whole.rows, "trieu") == places_for(money, table.rows, "trieu") == 3


def test_a_unit_without_a_plan_is_left_out_and_named(session):
    period = make_period(session)
    holds(session, period, 1, 0)
    unit = holds(session, period, 0, 0)
    found = ranked(session)
    assert [row.plan_total for row in found.rows] == [1]
    assert set(found.left_out) <= {unit.short_name}


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        ("40.01", "> 40 %"),
        ("40.00", "30–40 %"),
        ("30.00", "30–40 %"),
        ("29.99", "20–<30 %"),
        ("20.00", "20–<30 %"),
        ("19.99", "< 20 %"),
        ("0.00", "< 20 %"),
    ],
)
def test_groups_at_their_limits(rate, expected):
    assert bucket(Decimal(rate), (40, 30, 20)) == expected


def test_groups_of_other_limits():
    assert bucket(Decimal(50), (50,)) == "≤ 50 %"
    assert bucket(Decimal(0), (50,), nothing=True) == "0 %"


@pytest.mark.parametrize("typed", ["20;30", "40;40", "abc", "", "101;3", "40;0", "7;6;5;4;3;2;1"])
def test_limits_that_do_not_fall_are_refused(session, typed):
    with pytest.raises(RuleBroken) as refused:
        put_setting(session, "rank_buckets", typed)
    assert refused.value.field == "rank_buckets"


def test_limits_are_a_setting(demo):
    put_setting(demo, "rank_buckets", "15; 5")
    assert [row.bucket for row in ranked(demo).rows][3:7] == ["> 15 %", *["5–15 %"] * 3]


def test_a_unit_sees_its_own_rate_and_no_rank(demo, client_for):
    own = demo.query(Investor).filter_by(short_name="TTYT").one()
    client = client_for("investor", own)
    page = client.soup("/admin/reports/ranking?period=2024-03")
    reply = client.get("/admin/reports/ranking.csv?period=2024-03&headers=keys")
    [row] = csv.DictReader(io.StringIO(reply.text.removeprefix("\ufeff")))
    assert (row["rank"], row["rate_total"], row["versus_district"]) == ("", "8.83", "")
    assert "15,65" not in page.text
    assert "Hòa Bình" not in page.text


def test_as_many_queries_for_one_unit_as_for_twenty(session, count_queries):
    period = make_period(session)
    holds(session, period, 100, 1)
    with count_queries() as one:
        ranked(session)
    for n in range(19):
        holds(session, period, 100, n)
    with count_queries() as twenty:
        assert len(ranked(session).rows) == 20
    assert len(one) == len(twenty)


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("huyện Hữu Lũng", "huyện"),
        ("Tỉnh Lạng Sơn", "tỉnh"),
        ("thành phố Lạng Sơn", "thành phố"),
        ("thị xã Nghi Sơn", "thị xã"),
        ("xã", "xã"),
        ("Ban Dân tộc", "địa bàn"),
        ("tỉnhX", "địa bàn"),
        ("", "địa bàn"),
    ],
)
def test_the_level_is_the_word_that_its_name_begins_with(name, level):
    assert level_of(name) == level


def test_an_office_of_a_province_speaks_of_its_province(demo, client_for):
    put_setting(demo, "district_name", "tỉnh Lạng Sơn")
    put_setting(demo, "committee_name", "UBND tỉnh Lạng Sơn")
    demo.commit()
    words = said(demo)
    assert "toàn tỉnh giải ngân 2.299,846 triệu đồng" in words["result"]
    assert "bình quân chung của tỉnh (15,65 %)" in words["below"]
    client = client_for("officer")
    page = client.soup("/admin/reports/ranking?period=2024-03")
    assert page.select_one("tfoot th").text == "Toàn tỉnh"
    for address in ("ranking", "ranking.csv", "sentences"):
        told = client.get(f"/admin/reports/{address}?period=2024-03&headers=labels").text
        assert "huyện" not in told.replace("Ngân sách huyện", ""), address


def test_sentences_of_the_demo(demo):
    words = said(demo)
    assert words["result"] == (
        "Đến hết ngày 31/03/2024, 8/9 đơn vị đã gửi báo cáo kỳ tháng 3/2024 (đơn vị chưa gửi tính "
        "theo số liệu kỳ trước); toàn huyện giải ngân 2.299,846 triệu đồng trên kế hoạch "
        "14.698,733 triệu đồng, đạt 15,65 % (vốn năm 2024 đạt 10,84 %; vốn kéo dài đạt 45,20 %), "
        "tăng 11,80 điểm % so với tháng trước."
    )
    assert words["zero"] == (
        "02 đơn vị chưa giải ngân (tỷ lệ 0 %): UBND xã Yên Bình, UBND xã Thiện Tân."
    )
    assert words["below"].startswith(
        "05 đơn vị có tỷ lệ giải ngân thấp hơn bình quân chung của huyện (15,65 %): "
        "Phòng LĐTBXH-DT (12,09 %), thấp hơn 3,56 điểm %; TTYT (8,83 %), "
    )
    assert words["above"].startswith("04 đơn vị có tỷ lệ giải ngân bằng hoặc cao hơn")
    assert words["ends"] == (
        "Các đơn vị có tỷ lệ giải ngân cao nhất: UBND xã Hòa Bình (32,61 %); TT GDNN-GDTX "
        "(19,91 %); UBND xã Hữu Liên (18,76 %). Các đơn vị có tỷ lệ giải ngân thấp nhất: Phòng "
        "VH&TT (7,80 %); UBND xã Yên Bình (0,00 %); UBND xã Thiện Tân (0,00 %)."
    )
    assert words["missing"] == (
        "01 đơn vị chưa gửi báo cáo kỳ tháng 3/2024, hạn 23:59 ngày 09/4/2024 (thứ Ba): UBND xã "
        "Yên Bình (quá hạn 7 ngày). 02 đơn vị gửi muộn báo cáo kỳ tháng 3/2024, hạn 23:59 ngày "
        "09/4/2024 (thứ Ba): Phòng VH&TT (muộn 6 ngày, gửi ngày 15/4/2024), UBND xã Hữu Liên "
        "(muộn 1 ngày, gửi ngày 10/4/2024)."
    )


@pytest.mark.parametrize("units", [0, 1, 2, 3])
def test_sentences_are_right_for_few_units(session, units):
    period = make_period(session)
    for n in range(units):
        holds(session, period, 100, 10 * (n + 1))
    words = said(session)
    assert ("zero" in words) == (units > 0)
    assert ("ends" in words) == (units > 1)
    if units == 1:
        assert words["below"].startswith("Không có đơn vị nào")
    if units in {2, 3}:  # all of them are the first three, nobody is named twice
        assert "thấp nhất" not in words["ends"]
    if units == 0:
        assert "chưa có kế hoạch vốn" in words["result"]
    assert all("None" not in text and "  " not in text for text in words.values())


def test_units_that_share_the_third_rank_are_all_named(session):
    period = make_period(session)
    for paid in (90, 80, 70, 70, 10):
        holds(session, period, 100, paid)
    first, last = said(session)["ends"].split(". Các")
    assert first.count("70,00 %") == 2
    assert last.count("%") == 1


def test_the_page_and_the_file_give_one_ranking(demo, client_for):
    with time_machine.travel(AT, tick=True):
        client = client_for("officer")
        page = client.soup("/admin/reports/ranking?period=2024-03")
        reply = client.get("/admin/reports/ranking.csv?period=2024-03&headers=keys")
    shown = [row.th.text for row in page.select(".report-sheet tbody tr")]
    rows = list(csv.DictReader(io.StringIO(reply.text.removeprefix("\ufeff"))))
    assert shown == [row["investor"] for row in rows] == [row[1] for row in EXPECTED]
    assert [row["versus_district"] for row in rows] == [row[5] for row in EXPECTED]
    assert "+16,96" in page.text
    assert "-15,65" in page.text
    assert "−" not in page.text  # the sign of every other figure


def test_what_cannot_be_asked_is_said(demo, client_for):
    client = client_for("officer")
    assert client.get("/admin/reports/ranking?period=1999-01").status_code == 404
    assert client.get("/admin/reports/ranking?period=2024-03&basis=x").status_code == 400
    assert client.get("/admin/reports/ranking?period=2024-03&version=9").status_code == 404
    assert client.get("/admin/reports/sentences?period=2024-03&as_of=x").status_code == 400


def test_by_command(demo, app):
    run = app.test_cli_runner().invoke
    asked = ["--period", "2024-03"]
    result = run(args=["reports", "ranking", *asked, "--headers", "keys"])
    assert result.exit_code == 0, result.output
    assert "1,HOABINH" in result.output or "UBND xã Hòa Bình" in result.output
    assert "16.96" in result.output
    result = run(args=["reports", "sentences", *asked, "--as-of", "2024-04-16T09:00"])
    assert "quá hạn 7 ngày" in result.output


def test_bars_of_small_rates_are_as_long_as_the_paper_is_wide(session, client_for):
    """In January units have disbursed some thousandths: a bar is measured by the longest one, and
    the figure beside it takes no more room than beside a bar of 90 %.
    """
    period = make_period(session)
    for paid in (0, 700_000):
        holds(session, period, 1_000_000_000, paid)
    reply = client_for("leader").get(f"/admin/reports/ranking.docx?period={period.code}")
    assert reply.status_code == 200
    with ZipFile(BytesIO(reply.data)) as parts:
        [name] = [one for one in parts.namelist() if one.startswith("word/media/")]
        image = Image.open(BytesIO(parts.read(name))).convert("L")
    rows = (image.crop((0, row, image.width, row + 1)).tobytes() for row in range(image.height))
    longest = max(len(one) for row in rows for one in re.findall(rb"\x59+", row))  # its grey
    assert longest > image.width / 2
