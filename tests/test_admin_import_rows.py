"""What an import writes, as people compare it: figure by figure, with sums that are right."""

from datetime import date

import pytest
from flask_babel import force_locale

from admin.pages.import_questions import Others, option_words
from admin.pages.import_result import said_in
from admin.pages.import_rows import groups_of
from models import ImportRun, Period
from models.sheets import Kind
from tests.factories import make_component, make_investor, make_period, make_project


@pytest.fixture
def words(app):
    """The Vietnamese of the pages."""
    with app.test_request_context(), force_locale("vi"):
        yield


@pytest.fixture
def works(session):
    """Two units: A with the projects P1 and P2, B with P3."""
    first = make_investor(session, short_name="Xã A")
    second = make_investor(session, short_name="Xã B")
    for code, unit in (("P1", first), ("P2", first), ("P3", second)):
        make_project(session, code=code, name=f"Dự án {code}", investor=unit)
    make_component(session, code="GN.1", short_name="Dự án 2")
    make_period(session, "2024-04")
    session.commit()
    return first, second


def money(project, completed, old=None, state="new", vintage="2024", **amounts):
    values = {
        "project_code": project, "period": "2024-04", "budget_year": "2024", "vintage": vintage,
        "source": "NSTW", "nature": "SN", "advance": "0", "completed": str(completed),
        "recovered": "0", "returned": "0",
    }  # fmt: skip
    values |= {name: str(value) for name, value in amounts.items()}
    before = None if old is None else values | {"completed": str(old)}
    row = {"table": "disbursements", "state": state, "values": values, "old": before}
    return row | {"sheet": "T4", "cell": "C9"}


def test_rows_stand_under_their_project_and_unit_in_the_order_of_the_file(session, works, words):
    rows = [money("P3", 5), money("P2", 7), money("P1", 1), money("P2", 2, vintage="2023")]
    groups = groups_of(session, rows)
    assert [group.unit for group in groups] == ["Xã B", "Xã A"]
    assert [[one.code for one in group.subjects] for group in groups] == [["P3"], ["P2", "P1"]]
    assert [row.capital for row in groups[1].subjects[0].rows] == [
        "Ngân sách trung ương · Vốn sự nghiệp",
        "Ngân sách trung ương · Vốn sự nghiệp · vốn năm 2023",
    ]


def test_each_figure_leads_to_its_own_cell_and_is_counted_as_it_is_shown(session, works, words):
    rows = [money("P1", 30, advance=50) | {"cells": {"completed": "D9"}}, money("P3", 7)]
    groups = groups_of(session, rows)
    [row] = groups[0].subjects[0].rows
    assert [(one.name, one.cell) for one in row.figures] == [
        ("Tạm ứng", "C9"),
        ("Thanh toán khối lượng hoàn thành", "D9"),
    ]
    told = {"counts": {"new": 2, "changed": 0, "same": 0}}
    assert said_in(ImportRun(kind=Kind.MONTHLY), told, groups) == told["counts"] | {"new": 3}
    assert said_in(ImportRun(kind=Kind.ALLOCATIONS), told, groups) == told["counts"]


def test_units_of_one_name_stand_apart(app, session, works):
    """As two communes of a province do, in two of its districts."""
    first, second = works
    second.short_name = first.short_name
    session.commit()
    with app.test_request_context():
        groups = groups_of(session, [money("P1", 100), money("P3", 7)])
        assert [(group.unit, group.new) for group in groups] == [
            (f"Xã A ({first.code})", 100),
            (f"Xã A ({second.code})", 7),
        ]


def test_sums_are_those_of_what_stands_and_of_what_will(session, works, words):
    rows = [
        money("P1", 100, 40, "changed"),
        money("P1", 30, 30, "same", vintage="2023"),
        money("P2", 200, advance=500, recovered=50, returned=10),
        money("P3", 7),
    ]
    first, second = groups_of(session, rows)
    assert [(one.old, one.new) for one in first.subjects] == [(70, 130), (0, 500 + 200 - 50 - 10)]
    assert (first.old, first.new, second.old, second.new) == (70, 770, 0, 7)
    assert [one.has_several for one in first.subjects] == [True, False]


def test_changed_rows_come_before_new_ones_and_those_that_are_the_same(session, works, words):
    rows = [money("P1", 1, 1, "same"), money("P1", 2), money("P1", 3, 2, "changed")]
    [group] = groups_of(session, rows)
    assert [row.state for row in group.subjects[0].rows] == ["changed", "new", "same"]


def test_of_a_changed_row_only_what_changes_is_told_and_of_a_new_one_what_it_says(
    session, works, words
):
    changed = money("P1", 1_234_567, 1_000_000, "changed", advance=5)
    new = money("P2", 0, returned=3_000)
    [group] = groups_of(session, [changed, new])
    told = [
        [(one.name, one.old, one.new, one.gap) for one in subject.rows[0].figures]
        for subject in group.subjects
    ]
    assert told == [
        [("Thanh toán khối lượng hoàn thành", "1.000.000", "1.234.567", "+234.567")],
        [("Nộp trả", None, "3.000", "+3.000")],
    ]


def test_words_and_days_and_codes_are_told_as_people_say_them(session, works, words):
    unit = works[0]
    values = {
        "code": "M1", "name": "Đường mới", "component_code": "GN.1", "investor_code": unit.code,
        "start_on": "2024-05-01", "end_on": "", "total_investment": "1200000000",
        "status": "planned",
    }  # fmt: skip
    row = {"table": "projects", "state": "new", "values": values, "old": None}
    [group] = groups_of(session, [row | {"sheet": "T", "cell": "B4"}])
    assert (group.unit, group.subjects[0].name, group.has_sum) == ("Xã A", "Đường mới", False)
    figures = {one.name: one.new for one in group.subjects[0].rows[0].figures}
    assert figures == {
        "Dự án/tiểu dự án thành phần": "Dự án 2",
        "Bắt đầu": "01/05/2024",
        "Tổng mức đầu tư": "1.200.000.000",
        "Trạng thái": "Dự kiến",
    }


def test_what_the_treasury_confirms_is_told_even_where_it_is_nothing(session, works, words):
    line = {"day": "2024-03-31", "budget_year": "2024", "text": "Tên ở kho bạc"}
    rows = [
        {"table": table, "state": "new", "values": values, "old": None, "sheet": "T", "cell": "G7"}
        for table, values in (
            ("treasury_statements", {"day": "2024-03-31", "budget_year": "2024"}),
            ("treasury_lines", line | {"project_code": "P1", "confirmed": "280000000"}),
            ("treasury_lines", line | {"project_code": "P2", "confirmed": "0"}),
        )
    ]
    statement, unit = groups_of(session, rows)
    assert statement.subjects[0].rows[0].figures == ()
    assert (unit.unit, unit.new) == ("Xã A", 280_000_000)
    told = [[(f.name, f.new) for f in one.rows[0].figures] for one in unit.subjects]
    name = "Lũy kế KBNN xác nhận"
    assert told == [[(name, "280.000.000")], [(name, "0")]]


def test_an_amount_that_goes_down_has_its_minus(session, works, words):
    [group] = groups_of(session, [money("P1", 0, 5_000, "changed")])
    figure = group.subjects[0].rows[0].figures[0]
    assert (figure.old, figure.new, figure.gap) == ("5.000", "0", "-5.000")


def test_a_text_that_is_new_has_no_difference(session, works, words):
    values = {"project_code": "P1", "period": "2024-04", "physical_progress": "35"}
    values |= {"progress_text": "Xong", "obstacles": ""}
    row = {"table": "entries", "state": "new", "values": values, "old": None}
    [group] = groups_of(session, [row | {"sheet": "T", "cell": "D4"}])
    figures = [(one.new, one.gap, one.is_number) for one in group.subjects[0].rows[0].figures]
    assert figures == [("35", "+35", True), ("Xong", "", False)]
    assert not group.has_sum


@pytest.mark.parametrize(
    ("code", "value", "name", "said"),
    [
        ("number_unclear", "-1725000", "1.725.000", "-1.725.000 đồng"),
        ("unit_unclear", "nghin", "", "nghìn đồng"),
        ("date_unclear", "2024-05-31", "", "31/05/2024"),
        ("period_conflict", "2024-04", "", "Tháng 4/2024"),
        ("source_unclear", "NSTW DTPT 2023", "",
         "Ngân sách trung ương · Vốn đầu tư phát triển · vốn năm 2023"),
        ("sheet_unclear", "Tháng 4", "", "Tháng 4"),
        ("sheet_unclear", "*", "", "tất cả các trang này"),
        ("name_unclear", "new", "", "dự án mới"),
        ("name_unclear", "active", "", "Đang thực hiện"),
        ("decision_missing", "UBND huyện Hữu Lũng", "", "UBND huyện Hữu Lũng"),
    ],
)  # fmt: skip
def test_an_option_is_told_in_words(words, code, value, name, said):
    assert option_words(code, value, name) == said


def test_beside_the_options_stands_all_that_may_be_named_and_nothing_else(session, works, words):
    others = Others(session, None)
    first, second = works
    assert others.beside("name_unclear", [first.code]) == [(second.code, "Xã B")]
    assert [code for code, _name in others.beside("name_unclear", ["P2"])] == ["P1", "P3"]
    assert others.beside("period_conflict", ["2024-03"]) == [("2024-04", "Tháng 4/2024")]
    assert others.beside("name_unclear", ["planned", "active"]) == []
    assert others.beside("number_unclear", ["1"]) == []


def test_beside_the_options_stand_the_units_of_the_period(app, session, works):
    first, second = works
    second.valid_to = date(2024, 3, 31)
    april = session.query(Period).one()
    march = make_period(session, "2024-03")
    session.commit()
    with app.test_request_context():
        for period, found in ((march, [(second.code, "Xã B")]), (april, []), (None, [])):
            assert Others(session, period).beside("name_unclear", [first.code]) == found
