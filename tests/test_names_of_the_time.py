"""A unit that is renamed: papers of before say the old name, whichever of them is asked."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from models import Allocation, Investor, Period, Project, RuleBroken, Submission
from models.duty import expect_unit, open_period
from models.filing import accept_report, register_receipt
from models.imports import known_for
from models.reorganisation import merge
from models.sheets.names import Names
from reports.allocation_changes import allocation_changes
from reports.carry_over import carry_over
from reports.charts import charts
from reports.consolidated import consolidated, explain
from reports.late import late
from reports.obstacles import obstacles_by_part
from reports.ranking import ranking
from reports.treasury import treasury
from reports.unit_paper import paper_context, paper_of
from tests.factories import (
    make_former_name,
    make_line,
    make_obstacle,
    make_org_event,
    make_statement,
    make_treasury_line,
)
from tests.reorganising import CLERK, act

AT = datetime(2024, 4, 16, 2, tzinfo=UTC)
OLD, NEW = ("X-06388", "UBND xã Hữu Liên"), ("X-99999", "UBND xã Mới")


@pytest.fixture
def march(session, load_demo):
    """The unit sent at 0:00 of 10 April, and bears another code and name from the next day on."""
    load_demo(AT)
    unit = session.query(Investor).filter_by(code=OLD[0]).one()
    project = session.query(Project).filter_by(code="L01").one()
    make_obstacle(session, project=project)
    allocation = session.query(Allocation).filter_by(project_id=project.id).first()
    make_line(session, allocation, kind="supplement", effective_on=date(2024, 3, 5))
    make_treasury_line(session, project=project, statement=make_statement(session), confirmed=1)
    make_former_name(
        session, make_org_event(session, kind="rename", effective_on=date(2024, 4, 11)), unit,
        name=unit.name, short_name=unit.short_name, valid_to=date(2024, 4, 10),
    )  # fmt: skip
    unit.code, unit.short_name = NEW
    unit.name = "Ủy ban nhân dân xã Mới"
    session.commit()
    return session.query(Period).filter_by(code="2024-03").one()


def named(session, period):
    """(door, code or nothing, name) of the unit in each form of a period."""
    asked = {"session": session, "period": period}
    unit = session.query(Investor).filter_by(code=NEW[0]).one()
    project = session.query(Project).filter_by(code="L01").one()
    forms = {
        "consolidated": consolidated(**asked, detail="project").rows,
        "ranking": ranking(**asked).rows,
        "late": late(**asked, as_of=AT, show_all=True),
        "carry-over": carry_over(**asked).rows,
        "obstacles": obstacles_by_part(**asked, as_of=AT),
    }
    for form, rows in forms.items():
        for row in rows:
            if row.code in (OLD[0], NEW[0]):
                yield form, row.code, row.investor
    for form, rows in (
        ("changes", allocation_changes(**asked).rows),
        ("treasury", treasury(**asked, as_of=AT, show_all=True).rows),
    ):
        for row in rows:
            if "L01" in (getattr(row, "code", ""), getattr(row, "project_code", "")):
                yield form, None, row.investor
    yield from (("charts", None, one.name) for one in charts(**asked, as_of=AT).investors
                if one.investor_id == unit.id)  # fmt: skip
    for column in ("plan_total", "disbursed_total", "progress"):
        found = explain(**asked, column=column, project_id=project.id)
        for line in (*(found.plan or ()), *(found.money or ()), *(found.told or ())):
            yield f"behind {column}", None, line.investor


def test_each_form_of_a_period_says_what_units_were_called_then(session, march):
    found = set(named(session, march))
    assert {code for _form, code, _name in found} == {OLD[0], None}
    assert {name for _form, _code, name in found} == {OLD[1]}
    assert {form for form, _code, _name in found} == {
        "consolidated", "ranking", "late", "carry-over", "obstacles", "changes", "treasury",
        "charts", "behind plan_total", "behind disbursed_total", "behind progress",
    }  # fmt: skip


def test_a_later_period_says_the_new_name(session, march):
    april = open_period(session, "2024-04", at=AT)
    found = set(named(session, april))
    assert {code for _form, code, _name in found} == {NEW[0], None}
    assert {name for _form, _code, name in found} == {NEW[1]}


def test_the_paper_of_a_unit_bears_the_name_of_the_day_on_which_it_was_sent(session, march):
    unit = session.query(Investor).filter_by(code=NEW[0]).one()

    def paper(period):
        told = paper_context(paper_of(session, period=period, investor=unit, at=AT))
        return told["unit_name"], told["place"]

    assert paper(march) == ("ỦY BAN NHÂN DÂN XÃ HỮU LIÊN", "Hữu Liên")
    draft = open_period(session, "2024-04", at=AT)
    assert paper(draft) == ("ỦY BAN NHÂN DÂN XÃ MỚI", "Mới")


REFUSED = {
    "expected already": lambda session, period, unit: expect_unit(
        session, period, unit, reason="Có vốn"
    ),
    "sent already": lambda session, period, unit: register_receipt(
        session, period, unit, way="paper", note="Số 5", received_at=AT, at=AT, actor=CLERK
    ),
    "accepted already": lambda session, period, unit: accept_report(
        session, report_of(session, period, unit), at=AT, actor=CLERK
    ),
    "named later": lambda session, period, unit: merge(
        session, [unit], other_than(session, unit), act(session, date(2024, 3, 20))
    ),
    "into itself": lambda session, period, unit: merge(
        session, [unit], unit, act(session, date(2024, 5, 2))
    ),
}


def report_of(session, period, unit):
    return session.query(Submission).filter_by(period_id=period.id, investor_id=unit.id).one()


def other_than(session, unit):
    return session.query(Investor).filter(Investor.id != unit.id).first()


@pytest.mark.parametrize("refused", REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("day", [date(2024, 4, 10), date(2024, 4, 11)])
def test_a_refusal_names_a_unit_as_the_page_does(session, march, refused, day):
    """By the last day of the month, or in an act on units by the day on which it is done."""
    unit = session.query(Investor).filter_by(code=NEW[0]).one()
    report_of(session, march, unit).status = "accepted"
    session.commit()
    at = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
    with time_machine.travel(at, tick=False), pytest.raises(RuleBroken) as told:
        refused(session, march, unit)
    by_day = refused in (REFUSED["named later"], REFUSED["into itself"])
    expected = NEW[1] if by_day and day == date(2024, 4, 11) else OLD[1]
    assert told.value.values["unit"] == expected


def test_a_file_names_a_unit_as_of_its_period(session, march):
    """It is known by its other names, too, one that it does not bear yet among them."""
    for asked, name in (
        ({"period": march, "day": date(2024, 5, 2)}, OLD[1]),
        ({"day": date(2024, 4, 10)}, OLD[1]),
        ({"day": date(2024, 4, 11)}, NEW[1]),
    ):
        known = known_for(session, **asked)
        [unit] = [one for one in known.units if one.code == NEW[0]]
        assert unit.short_name == name
        assert {unit.short_name, *unit.other_names} >= {OLD[1], NEW[1]}
        for text in (OLD[1], NEW[1]):
            assert Names(known).unit(text).code == NEW[0]
