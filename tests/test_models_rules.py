"""V1–V15 at their boundaries, on trial, from their day on; and error patterns that were real."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from models import RuleSetting
from models.base import parse_dong
from models.duty import open_period
from models.filing import DisbursementInput, ProjectInput, read_sheet, save_report
from models.filing.checks import (
    MEANING,
    RULES,
    check_decision,
    check_ledger,
    check_sheet,
    unexplained,
)
from tests.factories import (
    make_allocation,
    make_decision,
    make_disbursement,
    make_entry,
    make_line,
    make_obstacle,
    make_project,
    make_statement,
    make_submission,
    make_treasury_line,
)

AT = datetime(2024, 4, 5, 3, tzinfo=UTC)
PLAN = 1_000_000_000


@pytest.fixture
def unit(session):
    """A project of 1 tỷ đồng, approved estimate 900 triệu; February had 100 triệu and 30 %."""
    project = make_project(session, total_investment=900_000_000)
    allocation = make_allocation(session, PLAN, project=project)
    february, march = (open_period(session, code, at=AT) for code in ("2024-02", "2024-03"))
    report = make_submission(
        session, period=february, investor=project.investor, status="accepted",
        first_submitted_at=datetime(2024, 3, 5, tzinfo=UTC),
    )  # fmt: skip
    entry = make_entry(session, project=project, submission=report, physical_progress=Decimal(30))
    make_disbursement(session, entry, allocation, completed=100_000_000)
    session.commit()
    return project, allocation, march


def look(session, unit, *, period=None, stated=None, nil=False, **typed):
    """(code, level) of what the checks find in a report with these figures."""
    project, allocation, march = unit
    period = period or march
    paid_names = ("advance", "completed", "recovered", "returned", "return_document")
    more = (*paid_names, "correction", "correction_reason", "awaits_decision")
    paid = {name: typed.pop(name) for name in more if name in typed}
    money = [DisbursementInput(allocation_id=allocation.id, **paid)] if paid else []
    before = read_sheet(session, period=period, investor=project.investor, at=AT)
    save_report(
        session, period=period, investor=project.investor, nil_report=nil, explanations={},
        projects=[ProjectInput(project_id=project.id, disbursements=money, **typed)],
        version=before.version, at=AT, stated_total=stated,
    )  # fmt: skip
    sheet = read_sheet(session, period=period, investor=project.investor, at=AT)
    return [(one.rule, one.level.value) for one in check_sheet(sheet)]


WORD = {"progress_text": "Đã nghiệm thu đợt 1"}
V = {code: (code, level.value) for code, (level, _meaning) in MEANING.items()}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({"completed": 50_000_000, "volume_value": 150_000_000}, []),
        ({"completed": 50_000_001, "volume_value": 150_000_000}, [V["V5"]]),
        ({"volume_value": 900_000_000}, []),
        ({"volume_value": 900_000_001}, [V["V5"]]),
        ({"volume_value": 99_999_999}, [V["V5"]]),
    ],
)
def test_v5_paid_accepted_approved(session, unit, typed, found):
    assert look(session, unit, **WORD, **typed) == found


@pytest.mark.parametrize(
    ("correction", "found"), [(0, []), (1, [V["V5"]]), (-50_000_000, []), (-49_999_999, [V["V5"]])]
)
def test_v5_takes_what_a_correction_puts_right(session, unit, correction, found):
    """Of 100 triệu that February was typed with, 50 triệu were too many: with them taken back no
    more is paid than accepted, in the month of the correction and in those after it.
    """
    accepted = 100_000_000 if correction >= 0 else 50_000_000
    typed = {"correction": correction, "correction_reason": "Gõ nhầm", "volume_value": accepted}
    told = look(session, unit, **WORD, **typed)
    assert [one for one in told if one[0] != "V2"] == found
    april = open_period(session, "2024-04", at=AT)
    assert look(session, unit, period=april, **WORD, volume_value=accepted) == found


@pytest.mark.parametrize(
    ("stated", "found"),
    [(None, []), (7_000_000, []), (7_000_001, [V["V6"]]), (6_999_999, [V["V6"]]), (0, [V["V6"]])],
)
def test_v6_the_stated_total_is_the_sum_of_its_parts(session, unit, stated, found):
    assert look(session, unit, **WORD, completed=7_000_000, stated=stated) == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({}, [V["V9"]]),
        ({"completed": 0}, [V["V9"]]),
        ({"completed": 10_000_000}, []),
        ({"physical_progress": Decimal(30)}, [V["V9"]]),
        ({"physical_progress": Decimal("30.01")}, []),
        ({"obstacles": "Giá giống tăng"}, []),
        ({"nil": True}, []),
    ],
)
def test_v9_nothing_new_and_not_a_word(session, unit, typed, found):
    assert look(session, unit, **typed) == found


@pytest.mark.parametrize(
    ("progress", "completed", "found"),
    [
        ("30", 0, []),
        ("29.99", 0, [V["V10"]]),
        ("100", 400_000_000, []),  # 50,00 %
        ("100", 399_900_000, [V["V10"]]),  # 49,99 %
        ("100", 399_999_999, [V["V10"]]),  # a đồng less than half, printed as 50,00 %
        ("49.99", 800_000_000, []),  # 90,00 %
        ("49.99", 800_000_001, [V["V10"]]),  # a đồng more, printed as 90,00 %
        ("49.99", 800_100_000, [V["V10"]]),  # 90,01 %
        ("50", 850_000_000, []),
    ],
)
def test_v10_work_and_money(session, unit, progress, completed, found):
    typed = {"physical_progress": Decimal(progress), "completed": completed}
    assert look(session, unit, **WORD, **typed) == found


@pytest.mark.parametrize(
    ("estimate", "found"),
    [
        (100_000_000, []),
        (99_999_999, [V["V11"]]),
        (PLAN, []),
        (PLAN + 1, [V["V11"]]),
    ],
)
def test_v11_the_estimate(session, unit, estimate, found):
    assert look(session, unit, **WORD, estimate=estimate) == found


@pytest.fixture
def idle(session):
    """A project of which nothing is disbursed."""
    project = make_project(session)
    allocation = make_allocation(session, project=project)
    return project, allocation, None


@pytest.mark.parametrize(("code", "found"), [("2024-03", []), ("2024-04", [V["V12"]])])
def test_v12_asks_from_the_second_quarter_on(session, idle, code, found):
    period = open_period(session, code, at=AT)
    assert look(session, idle, period=period, **WORD) == found


def test_v12_is_answered_by_words_or_by_the_register(session, idle):
    period = open_period(session, "2024-04", at=AT)
    assert look(session, idle, period=period, obstacles="Chưa có hướng dẫn") == []
    make_obstacle(session, project=idle[0], raised_on=date(2024, 4, 30))
    assert look(session, idle, period=period, **WORD) == []


def test_v13_is_a_hint_for_the_unit_and_a_warning_in_the_ledger(session, idle):
    """The letter's own slip: QĐ 6068 “ngày 18/12/2024” used in March 2024 (domain §0.1)."""
    project, allocation, _none = idle
    late = make_decision(session, number="6068/QĐ-UBND", issued_on=date(2024, 12, 18))
    make_line(
        session, allocation, amount=5, kind="supplement", decision=late,
        effective_on=date(2024, 1, 1),
    )  # fmt: skip
    period = open_period(session, "2024-03", at=AT)
    assert look(session, idle, period=period, **WORD) == [("V13", "hint")]
    ledger = check_ledger(session, day=date(2024, 4, 5))
    assert [(one.rule, one.level.value) for one in ledger] == [("V13", "warning")]
    assert ledger[0].values["issued"] == date(2024, 12, 18)
    assert project.code


@pytest.mark.parametrize(
    ("issued", "count"),
    [(date(2024, 3, 30), 0), (date(2024, 3, 31), 1), (date(2024, 4, 1), 1)],
)
def test_v13_in_the_ledger_looks_at_the_day_of_use(session, idle, issued, count):
    decision = make_decision(session, issued_on=issued)
    make_line(
        session, idle[1], amount=5, kind="supplement", decision=decision,
        effective_on=date(2024, 3, 30),
    )  # fmt: skip
    found = check_decision(session, decision.id, day=date(2024, 4, 5))
    assert len(found) == count


@pytest.mark.parametrize(
    ("issued", "count"),
    [
        (date(2023, 9, 30), 1),
        (date(2023, 10, 1), 0),
        (date(2024, 12, 31), 0),
        (date(2025, 1, 1), 1),
        (date(2022, 12, 18), 1),
    ],
)
@pytest.mark.parametrize("kind", ["initial", "supplement"])
def test_v13_knows_when_a_first_allocation_is_decided(session, idle, issued, count, kind):
    """From October before the budget year to its end (domain §2.2); a supplement whenever."""
    decision = make_decision(session, issued_on=issued)
    for _n in range(2):  # of two units, told once
        capital = make_allocation(session, None)
        day = max(issued, date(2024, 1, 1))
        make_line(session, capital, kind=kind, decision=decision, effective_on=day)
    expected = [V["V13"]] * (count if kind == "initial" else 0)
    day = date(2025, 4, 5)
    for found in (check_decision(session, decision.id, day=day), check_ledger(session, day=day)):
        assert [(one.rule, one.level.value) for one in found] == expected
        assert [(one.values["year"], one.values["issued"]) for one in found] == [
            (2024, issued) for _one in expected
        ]


def test_v13_sees_a_number_used_twice_in_one_year(session, idle):
    for issued in (date(2024, 1, 5), date(2024, 1, 6), date(2023, 1, 5)):
        make_decision(session, number="12/QĐ-UBND", issued_on=issued)
    found = check_ledger(session, day=date(2024, 4, 5))
    assert [one.rule for one in found] == ["V13", "V13"]


@pytest.mark.parametrize(
    ("back", "crosses", "count"), [(-5, False, 0), (-4, False, 1), (-4, True, 0)]
)
def test_v6_moved_capital_balances_within_its_decision(session, back, crosses, count):
    decision = make_decision(session, crosses_level=crosses, issued_on=date(2024, 1, 1))
    for amount in (5, back):
        allocation = make_allocation(session)
        make_line(session, allocation, amount=amount, kind="adjust", decision=decision)
    found = check_ledger(session, day=date(2024, 4, 5))
    assert [(one.rule, one.level.value) for one in found] == [V["V6"]] * count


@pytest.mark.parametrize(
    ("confirmed", "found"), [(107_000_000, []), (107_000_001, [V["V14"]]), (0, [V["V14"]])]
)
def test_v14_the_treasury_confirms(session, unit, confirmed, found):
    typed = {"completed": 7_000_000, "treasury_cumulative": confirmed}
    assert look(session, unit, **WORD, **typed) == found


@pytest.mark.parametrize(
    ("day", "confirmed", "typed", "found"),
    [
        (date(2024, 3, 31), 107_000_000, None, []),
        (date(2024, 3, 31), 106_999_999, None, [V["V14"]]),
        (date(2024, 3, 31), 107_000_001, None, [V["V14"]]),
        # the statement is asked before the figure that the unit typed
        (date(2024, 3, 31), 107_000_000, 1, []),
        (date(2024, 3, 31), 1, 107_000_000, [V["V14"]]),
        # Friday the 29th is the last day on which the Treasury paid, Thursday is not
        (date(2024, 3, 29), 1, None, [V["V14"]]),
        (date(2024, 3, 28), 1, None, []),
        # of another month, or of a day in the next one, it says nothing of this month
        (date(2024, 2, 29), 1, None, []),
        (date(2024, 4, 1), 1, None, []),
        (date(2024, 4, 1), 1, 107_000_001, [V["V14"]]),
    ],
)
def test_v14_asks_the_statement_of_the_day_first(session, unit, day, confirmed, typed, found):
    statement = make_statement(session, day=day)
    make_treasury_line(session, project=unit[0], statement=statement, confirmed=confirmed)
    figures = {"completed": 7_000_000, "treasury_cumulative": typed}
    assert look(session, unit, **WORD, **figures) == found


def test_v14_takes_the_newest_of_the_statements_that_are_as_good(session, unit):
    for day, confirmed in ((date(2024, 3, 29), 107_000_000), (date(2024, 3, 31), 5)):
        statement = make_statement(session, day=day)
        make_treasury_line(session, project=unit[0], statement=statement, confirmed=confirmed)
    assert look(session, unit, **WORD, completed=7_000_000) == [V["V14"]]


def test_v14_goes_by_the_statement_of_the_own_budget_year(session, unit):
    statement = make_statement(session, budget_year=2023)
    make_treasury_line(session, project=unit[0], statement=statement, confirmed=1)
    assert look(session, unit, **WORD, completed=7_000_000) == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({"correction": -5, "correction_reason": "Kỳ trước báo thừa"}, [("V2", "warning")]),
        ({"correction": -5}, [("V2", "error"), ("V2", "warning")]),
        ({"correction": 5, "correction_reason": "Kỳ trước báo thiếu"}, [("V2", "warning")]),
        (
            {"correction": -100_000_001, "correction_reason": "x"},
            [("V3", "error"), ("V2", "warning")],
        ),
        ({"correction": -100_000_000, "correction_reason": "x"}, [("V2", "warning")]),
    ],
)
def test_a_correction_of_a_locked_month_is_explained(session, unit, typed, found):
    assert look(session, unit, **WORD, **typed) == found


@pytest.mark.parametrize("document", [{}, {"return_document": "C2-05a số 7"}])
def test_a_negative_month_is_told_without_what_corrects_an_earlier_one(session, unit, document):
    project, _allocation, march = unit
    look(
        session, unit, **WORD, **document,
        returned=20, correction=50, correction_reason="Kỳ trước báo thiếu",
    )  # fmt: skip
    sheet = read_sheet(session, period=march, investor=project.investor, at=AT)
    told = [one.values["amount"] for one in check_sheet(sheet) if one.rule == "V2"]
    assert sorted(told) == [-20, 50]


def test_a_new_rule_warns_first(session, unit):
    session.add(RuleSetting(code="V6", since=date(2000, 1, 1), is_trial=True))
    session.add(RuleSetting(code="V9", since=date(2000, 1, 1), is_trial=True))
    session.flush()
    assert look(session, unit, stated=5) == [("V6", "warning"), ("V9", "hint")]
    project, _allocation, march = unit
    sheet = read_sheet(session, period=march, investor=project.investor, at=AT)
    assert unexplained(sheet, check_sheet(sheet)) == []


@pytest.mark.parametrize(
    ("since", "found"), [(date(2024, 3, 31), [V["V9"]]), (date(2024, 4, 1), [])]
)
def test_a_rule_counts_from_its_period_on(session, unit, since, found):
    session.add(RuleSetting(code="V9", since=since, is_trial=False))
    session.flush()
    assert look(session, unit) == found


def test_every_rule_has_a_meaning_and_every_meaning_a_rule():
    assert set(RULES) == set(MEANING) == {f"V{n}" for n in range(1, 17)}


# Domain §3.5: errors found in tables that were handed over in 2026, in triệu đồng


def dong(text):
    return parse_dong(text, unit="trieu")


def held(session, plan, *, approved=None):
    project = make_project(session, total_investment=approved)
    allocation = make_allocation(session, dong(plan), project=project)
    return project, allocation, open_period(session, "2024-03", at=AT)


def test_pattern_disbursed_more_than_accepted(session):
    unit = held(session, "20000")
    typed = {"completed": dong("17833,53"), "volume_value": dong("470")}
    assert V["V5"] in look(session, unit, **WORD, **typed)


@pytest.mark.parametrize(("plan", "paid"), [("500", "88133"), ("12500", "14233")])
def test_pattern_disbursed_more_than_the_plan(session, plan, paid):
    assert V["V1"] in look(session, held(session, plan), **WORD, completed=dong(paid))


def test_pattern_a_decimal_point_read_as_thousands(session):
    unit = held(session, "130")
    assert V["V8"] in look(session, unit, **WORD, completed=dong("130000"))


def test_pattern_a_dot_that_can_be_read_in_two_ways_is_refused():
    with pytest.raises(Exception, match="two ways"):
        dong("10.961")
    assert dong("10961") == 10_961_000_000
    assert dong("10,961") == 10_961_000


def test_pattern_parts_that_do_not_make_the_total(session):
    project = make_project(session)
    first = make_allocation(session, dong("30000"), project=project)
    second = make_allocation(session, dong("30000"), project=project, source="NSH")
    period = open_period(session, "2024-03", at=AT)
    save_report(
        session, period=period, investor=project.investor, nil_report=False, explanations={},
        version=0, at=AT, stated_total=dong("11834,04"),
        projects=[ProjectInput(project_id=project.id, **WORD, disbursements=[
            DisbursementInput(allocation_id=first.id, completed=dong("10493")),
            DisbursementInput(allocation_id=second.id, completed=dong("11834")),
        ])],
    )  # fmt: skip
    sheet = read_sheet(session, period=period, investor=project.investor, at=AT)
    found = next(one for one in check_sheet(sheet) if one.rule == "V6")
    assert found.values["total"] == dong("22327")
    assert found.values["difference"] == dong("11834,04") - dong("22327")


def test_pattern_the_debt_is_computed_and_never_typed(session):
    """2.120 accepted less 1.875 paid is 245, whatever the table printed (1.709,82)."""
    unit = held(session, "3000")
    typed = {"completed": dong("1875"), "volume_value": dong("2120")}
    assert look(session, unit, **WORD, **typed) == []
    project, _allocation, period = unit
    sheet = read_sheet(session, period=period, investor=project.investor, at=AT)
    row = sheet.projects[0]
    assert row.unpaid == dong("245")
