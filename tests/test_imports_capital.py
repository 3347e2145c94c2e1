"""A decision with its annex: lines of the ledger, weighed as on its own page, booked as one."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from models import (
    Actor,
    Allocation,
    AllocationLine,
    CapitalTransfer,
    Decision,
    Scope,
    Stale,
    act_as,
)
from models.base import RuleBroken, fold
from models.imports import Writes, Written, carry_out, known_for, make_plan, take_back
from models.sheets import read
from tests.factories import (
    make_allocation,
    make_component,
    make_decision,
    make_disbursement,
    make_entry,
    make_investor,
    make_line,
    make_org_event,
    make_period,
    make_project,
    make_submission,
)
from tests.readings import ask, decision, line, reading, said
from tests.sheets import book, grid

AT = datetime(2024, 4, 20, 3, tzinfo=UTC)
FINANCE = Actor(None, "Phòng Tài chính")
DAY = date(2024, 4, 15)
ISSUER = "UBND huyện Hữu Lũng"


@pytest.fixture
def scoped(district_session):
    """The application's own session, over the whole district, in a person's name."""
    act_as(FINANCE)
    return district_session


@pytest.fixture
def works(scoped):
    """L01 and L02, each with 1.000 đồng of the central budget."""
    found = [make_project(scoped, code=code) for code in ("L01", "L02")]
    for project in found:
        make_allocation(scoped, 1_000, project=project)
    scoped.commit()
    return found


def named(**more):
    return decision(**({"issued_on": DAY, "issuer": ISSUER, "kind": "supplement"} | more))


def plan(session, *lines, answers=None, seen=None, **more):
    known = known_for(session, day=date(2024, 4, 20))
    told = {"decision": seen or named(), "source": "NSTW", "nature": "SN", "period": None}
    read = reading(*lines, **(told | {"budget_year": 2024} | more))
    return make_plan(session, read, ask("allocations", answers=answers or {}), known=known, at=AT)


def booked(session, *lines, **more):
    writes = Writes.from_json(plan(session, *lines, **more).writes.as_json())
    found = carry_out(session, writes, at=AT, actor=FINANCE)
    session.commit()
    return Written.from_json(found.as_json())


def codes(plan):
    return [(one.level.value, one.code, one.at.cell) for one in plan.findings]


def lines_of(session):
    """(project, vintage, source, kind, amount) of all lines but the first ones."""
    rows = session.scalars(
        sa.select(AllocationLine)
        .where(AllocationLine.kind != "initial")
        .order_by(AllocationLine.id)
    )
    return [
        (row.allocation.project.code, row.allocation.vintage, str(row.allocation.source),
         str(row.kind), row.amount)
        for row in rows
    ]  # fmt: skip


# ------------------------------------------------------------------------ the decision


def test_an_unknown_decision_is_made_with_its_lines(scoped, works):
    rows = line(7, "L01", amount=60), line(8, "L02", amount=40)
    found = plan(scoped, *rows, seen=named(summary="Bổ sung kinh phí"))
    assert (found.status, found.counts["new"]) == ("ready", 3)
    assert found.rows[0].values == {
        "number": "1205/QĐ-UBND", "issued_on": "2024-04-15", "issuer": ISSUER,
        "summary": "Bổ sung kinh phí", "effective_on": "2024-04-15",
    }  # fmt: skip
    booked(scoped, *rows)
    assert lines_of(scoped) == [
        ("L01", 2024, "NSTW", "supplement", 60),
        ("L02", 2024, "NSTW", "supplement", 40),
    ]
    again = plan(scoped, *rows)
    assert (again.counts, again.writes.lines) == ({"new": 0, "changed": 0, "same": 3}, ())


@pytest.mark.parametrize(
    ("number", "issuer"),
    [
        ("1205/QĐ-UBND", ISSUER),
        ("1205 / QĐ - UBND", ISSUER),
        ("1205/QĐ-UBND", "Ủy ban nhân dân huyện Hữu Lũng"),
        ("1205/QĐ-UBND", "UBND Huyện Hữu Lũng."),
        ("1205/QĐ-UBND", ""),
    ],
)
def test_a_known_decision_gets_the_lines_however_it_is_spelt(scoped, works, number, issuer):
    make_decision(
        scoped, number="1205/QĐ-UBND", issued_on=DAY, effective_on=date(2024, 5, 1), issuer=ISSUER
    )
    scoped.commit()
    found = plan(scoped, line(7, "L01", amount=60), seen=named(number=number, issuer=issuer))
    assert [row.state.value for row in found.rows] == ["same", "new"]
    assert found.rows[1].values["effective_on"] == "2024-05-01"
    assert found.rows[1].values["decision_number"] == "1205/QĐ-UBND"
    booked(scoped, line(7, "L01", amount=60), seen=named(number=number, issuer=issuer))
    assert scoped.scalar(sa.select(sa.func.count()).select_from(Decision)) == 3


def test_a_decision_stored_with_another_dash_gets_the_lines(scoped, works):
    """Stored before a number had one spelling: one decision all the same."""
    stored = make_decision(scoped, number="1205/QĐ-UBND", issued_on=DAY, issuer=ISSUER)
    earlier = {"number": "1205 / QĐ – UBND", "search_text": fold(f"1205 / QĐ – UBND {ISSUER}")}
    scoped.execute(sa.update(Decision).where(Decision.id == stored.id).values(earlier))
    scoped.commit()
    for seen in (named(number="1205/qđ-ubnd"), named(number="1205/QĐ-UBND", issued_on=None)):
        found = plan(scoped, line(7, "L01", amount=60), seen=seen)
        assert [row.state.value for row in found.rows] == ["same", "new"]
    booked(scoped, line(7, "L01", amount=60))
    assert (
        scoped.scalar(
            sa.select(AllocationLine.decision_id).order_by(AllocationLine.id.desc()).limit(1)
        )
        == stored.id
    )


def test_the_same_number_of_another_authority_is_another_decision(scoped, works):
    make_decision(scoped, number="1205/QĐ-UBND", issued_on=DAY, issuer="UBND tỉnh Lạng Sơn")
    found = plan(scoped, line(7, "L01", amount=60))
    assert found.rows[0].state == "new"


def test_a_number_that_is_known_with_another_day_is_asked_about(scoped, works):
    make_decision(scoped, number="1205/QĐ-UBND", issued_on=date(2024, 4, 14), issuer=ISSUER)
    found = plan(scoped, line(7, "L01", amount=60))
    [question] = found.findings
    assert (question.answer, [one.value for one in question.options]) == (
        "date_unclear:T4!A3", ["2024-04-14", "2024-04-15"]
    )  # fmt: skip
    for day, state in (("2024-04-14", "same"), ("2024-04-15", "new")):
        answered = plan(scoped, line(7, "L01", amount=60), answers={"date_unclear:T4!A3": day})
        assert (answered.status, answered.rows[0].state.value) == ("ready", state)


@pytest.mark.parametrize(("name", "most"), [("number", 60), ("issuer", 200), ("summary", 4_000)])
def test_a_decision_has_no_longer_texts_than_its_form_takes(scoped, works, name, most):
    def seen(length):
        return named(**{name: "1/" + "Q" * (length - 2)})

    assert codes(plan(scoped, line(7, "L01", amount=60), seen=seen(most))) == []
    assert codes(plan(scoped, line(7, "L01", amount=60), seen=seen(most + 1))) == [
        ("error", "text_too_long", "A3")
    ]


def test_a_file_without_a_decision_is_an_error(scoped, works):
    known = known_for(scoped, day=DAY)
    read = reading(line(7, "L01", amount=60), period=None, source="NSTW", nature="SN")
    found = make_plan(scoped, read, ask("allocations"), known=known, at=AT)
    assert next(one[:2] for one in codes(found)) == ("error", "decision_missing")
    assert found.status == "errors"


def test_a_decision_without_a_day_or_an_issuer(scoped, works):
    row = line(7, "L01", amount=60)
    assert codes(plan(scoped, row, seen=named(issued_on=None))) == [
        ("error", "decision_missing", "A3")
    ]
    found = plan(scoped, row, seen=named(issuer=""))
    assert codes(found) == [("question", "issuer_missing", "A3")]
    answer = {"issuer_missing:T4!A3": ISSUER}
    assert plan(scoped, row, seen=named(issuer=""), answers=answer).status == "ready"


def test_who_issued_a_decision_that_was_given_as_an_answer_is_asked_and_taken(scoped, works):
    """Number and day were the answer to a question; the issuer's is not the same one again."""
    answers, asked_for = {"decision_missing": "9/QĐ-UBND|2024-04-15"}, []
    rows = [["STT", "Mã dự án", "Tên dự án", "Vốn NSTW sự nghiệp"], [1, "L01", "L01", 60]]
    content = book(grid([["BỔ SUNG VỐN NĂM 2024 (đồng)"], [], *rows], name="T4"))
    for _ in range(3):
        known = known_for(scoped, day=DAY)
        told = ask("allocations", answers=answers)
        found = make_plan(scoped, read(content, told, known), told, known=known, at=AT)
        for one in found.findings:
            if one.answer is not None:
                asked_for.append(one.answer)
                answers[one.answer] = one.options[0].value
    assert (asked_for, found.status) == (["issuer_missing"], "ready")


@pytest.mark.parametrize("month", [11, 12])
def test_in_december_the_budget_year_of_a_first_allocation_is_asked_about(scoped, works, month):
    seen = named(issued_on=date(2024, month, 18), kind="initial")
    row = line(7, "L01", said("amount", 60, "D7", source="NSH"))
    found = plan(scoped, row, seen=seen, budget_year=None)
    if month == 11:
        assert found.rows[1].values["budget_year"] == "2024"
        return
    assert codes(found) == [("question", "year_unclear", "A3")]
    answered = plan(scoped, row, seen=seen, budget_year=None, answers={"year_unclear": "2025"})
    assert answered.rows[1].values["budget_year"] == "2025"


# ------------------------------------------------------------------------ kinds and signs


@pytest.mark.parametrize(
    ("kind", "field", "amount", "expected"),
    [
        ("supplement", "amount", 60, ("supplement", 60)),
        ("recall", "amount", 60, ("recall", -60)),
        ("recall", "decrease", 60, ("recall", -60)),
        ("recall", "decrease", -60, ("recall", -60)),
        ("adjust", "amount", -60, ("adjust", -60)),
        ("adjust", "decrease", 60, ("adjust", -60)),
        ("adjust", "decrease", -60, ("adjust", -60)),
        ("adjust", "increase", 60, ("adjust", 60)),
        ("supplement", "decrease", 60, ("adjust", -60)),
    ],
)
def test_kinds_and_signs(scoped, works, kind, field, amount, expected):
    found = plan(scoped, line(7, "L01", **{field: amount}), seen=named(kind=kind))
    row = found.rows[1].values
    assert (row["kind"], int(row["amount"])) == expected


def test_a_kind_that_no_word_tells_is_asked(scoped, works):
    found = plan(scoped, line(7, "L01", amount=60), seen=named(kind=None))
    [question] = found.findings
    assert (question.answer, [one.value for one in question.options]) == (
        "kind_unclear", ["initial", "supplement", "adjust", "recall", "carry_in"]
    )  # fmt: skip
    answers = {"kind_unclear": "recall"}
    answered = plan(scoped, line(7, "L01", amount=60), seen=named(kind=None), answers=answers)
    assert answered.rows[1].values["amount"] == "-60"


@pytest.mark.parametrize(
    ("title", "asked"),
    [("PHÂN BỔ VỐN", ["decision_missing"]), ("VỐN", ["decision_missing", "kind_unclear"])],
)
def test_while_the_decision_is_asked_its_kind_is_asked_where_no_title_tells_it(
    scoped, works, title, asked
):
    known = known_for(scoped, day=date(2024, 4, 20))
    head = ["TT", "Mã dự án", "Số tiền (NSTW, vốn sự nghiệp)"]
    rows = [[f"{title} NĂM 2024 (đồng)"], head, [1, "L01", 60]]

    def planned(answers):
        told = ask("allocations", answers=answers)
        seen = read(book(grid(rows)), told, known)
        return make_plan(scoped, seen, told, known=known, at=AT)

    assert sorted(one.code for one in planned({}).findings) == asked
    given = {"decision_missing": f"7/QĐ-UBND|2024-04-15|{ISSUER}", "kind_unclear": "supplement"}
    answered = planned({code: given[code] for code in asked})
    assert answered.status == "ready"
    kind = "supplement" if "kind_unclear" in asked else "initial"
    assert answered.rows[1].values["kind"] == kind


def test_a_day_that_does_not_exist_is_not_called_a_day_that_is_missing(scoped, works):
    seen = read(
        book(grid([["BỔ SUNG VỐN (đồng)"], ["Kèm theo Quyết định số 7/QĐ-UBND ngày 31/04/2024"],
                   ["TT", "Mã dự án", "Số tiền"], [1, "L01", 60]])),
        ask("allocations"),
        known_for(scoped, day=date(2024, 4, 20)),
    )  # fmt: skip
    found = plan(scoped, decision=seen.decision)
    [told] = [one for one in found.findings if one.code == "decision_missing"]
    assert (told.level.value, told.values) == ("error", {"number": "7/QĐ-UBND"})
    assert "does not exist" in told.message


def test_lines_may_tell_their_own_kind(scoped, works):
    rows = (
        line(7, "L01", amount=60, kind="supplement"),
        line(8, "L02", amount=40, kind="recall"),
    )
    found = plan(scoped, *rows, seen=named(kind=None))
    assert [(row.values["kind"], row.values["amount"]) for row in found.rows[1:]] == [
        ("supplement", "60"),
        ("recall", "-40"),
    ]
    assert found.status == "ready"
    silent = plan(scoped, rows[0], line(8, "L02", amount=40), seen=named(kind=None))
    assert [one[1] for one in codes(silent)] == ["kind_unclear"]


@pytest.mark.parametrize(
    ("column", "told", "expected"),
    [
        ("Loại điều chỉnh", ["bổ sung", "bổ sung"], []),
        ("Loại điều chỉnh", ["bổ sung", "thu hồi"], [("error", "kind_unclear", "D5")]),
        ("Quyết định", ["7/QĐ-UBND", "7/QĐ-UBND"], []),
        ("Quyết định", ["7/QĐ-UBND", "9/QĐ-UBND"], [("error", "row_conflict", "D5")]),
    ],
)
def test_rows_of_one_project_by_source_tell_their_kind_and_decision(
    scoped, works, column, told, expected
):
    known, asked = known_for(scoped, day=date(2024, 4, 20)), ask("allocations")
    rows = [
        [f"BỔ SUNG VỐN SỰ NGHIỆP (đồng) theo Quyết định số 7/QĐ-UBND ngày 15/4/2024 của {ISSUER}"],
        ["TT", "Mã dự án", "Số tiền", column],
        [1, "L01", None, None],
        [None, "- NSTW", 60, told[0]],
        [None, "- NS huyện", 40, told[1]],
    ]
    seen = read(book(grid(rows)), asked, known)
    found = make_plan(scoped, seen, asked, known=known, at=AT)
    assert [one for one in codes(found) if one[0] == "error"] == expected


def test_increases_beside_decreases_are_an_adjustment(scoped, works):
    rows = line(7, "L01", increase=60), line(8, "L02", decrease=60)
    found = plan(scoped, *rows, seen=named(kind=None))
    assert [row.values["amount"] for row in found.rows[1:]] == ["60", "-60"]
    assert found.findings == ()


@pytest.mark.parametrize(("given", "balanced"), [(59, False), (60, True), (61, False)])
def test_adjustments_balance_or_v6_says_so(scoped, works, given, balanced):
    rows = line(7, "L01", increase=given), line(8, "L02", decrease=60)
    found = plan(scoped, *rows, seen=named(kind="adjust"))
    assert [one.code for one in found.findings] == ([] if balanced else ["V6"])
    assert found.status == "ready"


def test_carried_over_capital_is_of_the_year_before(scoped, works):
    seen = named(kind="carry_in")
    found = plan(scoped, line(7, "L02", amount=60), seen=seen)
    assert (found.rows[1].values["vintage"], found.rows[1].values["kind"]) == ("2023", "carry_in")
    make_allocation(scoped, 5, project=works[1], vintage=2022)
    assert plan(scoped, line(7, "L02", amount=60), seen=seen).rows[1].values["vintage"] == "2022"
    make_allocation(scoped, 5, project=works[1], vintage=2021)
    row = line(7, "L02", said("amount", 60, "D7"))
    assert codes(plan(scoped, row, seen=seen)) == [("question", "source_unclear", "D7")]


@pytest.mark.parametrize(
    ("investment", "amount", "is_asked"),
    [
        (None, 2, True),
        (None, 3, False),
        (None, 499_999, False),
        (None, 500_000, True),
        (10_000, 20, True),
        (10_000, 21, False),
        (10_000, 10_000, False),
        (10_000, 10_001, True),
    ],
)
def test_an_amount_a_thousand_times_off_is_told_as_in_the_form_of_a_line(
    scoped, works, investment, amount, is_asked
):
    """Of a plan of 1.000 đồng, and of the investment where it is known (V8)."""
    works[0].total_investment = investment
    scoped.commit()
    found = plan(scoped, line(7, "L01", amount=amount))
    assert found.status == "ready"
    assert codes(found) == ([("warning", "V8", found.rows[1].at.cell)] if is_asked else [])


def test_an_annex_says_what_is_wrong_with_capital_that_a_merger_moved(scoped, works):
    """The rule of the ledger, as on its page: not that there was no such project."""
    old, new = works
    old.investor.valid_to = date(2024, 3, 31)
    source, target = (
        scoped.scalars(sa.select(Allocation).where(Allocation.project_id == one.id)).one()
        for one in works
    )
    scoped.add(
        CapitalTransfer(
            investor_id=old.investor_id,
            allocation_id=source.id,
            to_investor_id=new.investor_id,
            to_allocation_id=target.id,
            event_id=make_org_event(scoped).id,
            effective_on=date(2024, 4, 1),
        )
    )
    scoped.commit()
    rows = [
        ["BỔ SUNG VỐN SỰ NGHIỆP NĂM 2024"],
        [f"(Kèm theo Quyết định số 5/QĐ-UBND ngày 15/4/2024 của {ISSUER})"],
        ["Đơn vị tính: đồng"],
        ["TT", "Mã dự án", "Tên dự án", "Số tiền (NSTW, vốn sự nghiệp)"],
        [1, "L01", None, 60],
    ]
    asked, known = ask("allocations", answers={}), known_for(scoped, day=date(2024, 4, 20))
    told = read(book(grid(rows)), asked, known)
    found = make_plan(scoped, told, asked, known=known, at=AT)
    assert codes(found) == [("error", "row_conflict", "D5")]
    assert found.findings[0].values == {"unit": new.investor.short_name}


def test_zero_gives_nothing(scoped, works):
    found = plan(scoped, line(7, "L01", amount=0))
    assert (found.rows, found.status) == ((), "ready")


# ------------------------------------------------------------------------ which capital


def test_a_source_that_is_not_told_is_asked_even_where_there_is_one(scoped, works):
    row = line(7, "L01", amount=60)
    found = plan(scoped, row, source=None)
    [question] = found.findings
    assert question.answer == "source_unclear"
    assert [one.value for one in question.options] == ["NSTW", "NST", "NSH", "NSX", "HDK", "TDCS"]
    answered = plan(scoped, row, source=None, answers={"source_unclear": "NSH"})
    assert answered.rows[1].values["source"] == "NSH"
    both = plan(scoped, row, source=None, nature=None, answers={"source_unclear": "NSH DTPT"})
    assert (both.rows[1].values["source"], both.rows[1].values["nature"]) == ("NSH", "DTPT")


def test_one_of_several_sources_is_asked_among_them(scoped, works):
    row = line(7, "L01", said("amount", 60, "D7", among=("NST", "NSH")))
    [question] = plan(scoped, row).findings
    assert [one.value for one in question.options] == ["NST", "NSH"]


def test_units_down_and_components_across(scoped):
    part = make_component(scoped, code="DA2")
    unit = make_investor(scoped)
    make_allocation(
        scoped, 1_000, project=make_project(scoped, code="L01", component=part, investor=unit)
    )
    found = plan(scoped, line(7, None, unit=unit.code, part="DA2", amount=60))
    assert found.rows[1].values["project_code"] == "L01"


def test_one_project_twice_is_not_added_up(scoped, works):
    rows = line(7, "L01", said("amount", 60, "D7")), line(8, "L01", said("amount", 40, "D8"))
    assert codes(plan(scoped, *rows)) == [("error", "row_double", "D8")]


# ------------------------------------------------------------------------ refusals of the ledger


def spent(session, project, amount, status="accepted"):
    """What the unit reported for March."""
    report = make_submission(
        session, period=make_period(session), investor=project.investor, status=status
    )
    entry = make_entry(session, submission=report, project=project)
    allocation = session.scalar(sa.select(Allocation).where(Allocation.project_id == project.id))
    make_disbursement(session, entry, allocation, completed=amount)
    session.commit()


@pytest.mark.parametrize(("recalled", "too_low"), [(699, False), (700, False), (701, True)])
def test_capital_is_not_recalled_below_what_is_disbursed(scoped, works, recalled, too_low):
    spent(scoped, works[0], 300)
    row = line(7, "L01", said("amount", recalled, "D7"))
    found = plan(scoped, row, seen=named(kind="recall"))
    assert codes(found) == ([("error", "plan_too_low", "D7")] if too_low else [])
    if not too_low:
        booked(scoped, row, seen=named(kind="recall"))
        assert lines_of(scoped) == [("L01", 2024, "NSTW", "recall", -recalled)]


@pytest.mark.parametrize(("recalled", "too_low"), [(1_000, False), (1_001, True)])
def test_capital_is_not_recalled_below_zero(scoped, works, recalled, too_low):
    found = plan(scoped, line(7, "L01", amount=recalled), seen=named(kind="recall"))
    assert [one[1] for one in codes(found)] == ["plan_too_low"] * too_low


def test_a_first_allocation_of_carried_over_capital_is_refused_at_its_cell(scoped, works):
    row = line(7, "L01", said("amount", 60, "D7", vintage=2023))
    assert codes(plan(scoped, row, seen=named(kind="initial"))) == [("error", "row_conflict", "D7")]


def test_a_plan_stores_and_holds_nothing(scoped, works):
    scoped.commit()
    plan(scoped, line(7, "L01", said("amount", 60, "D7", source="NSH")))
    assert (list(scoped.new), list(scoped.dirty)) == ([], [])
    scoped.commit()
    assert scoped.scalar(sa.select(sa.func.count()).select_from(Allocation)) == 2
    assert lines_of(scoped) == []


def test_another_amount_under_the_same_decision_is_never_added(scoped, works):
    booked(scoped, line(7, "L01", amount=60))
    found = plan(scoped, line(7, "L01", said("amount", 61, "D7")))
    assert codes(found) == [("error", "row_conflict", "D7")]
    assert found.writes.lines == ()


# ------------------------------------------------------------------------ carried out, taken back


def test_taking_back_removes_the_lines_the_capital_and_the_decision_that_were_made(scoped, works):
    rows = (
        line(7, "L01", said("amount", 60, "D7")),
        line(8, "L02", said("amount", 40, "D8", source="NSH")),
    )
    written = booked(scoped, *rows)
    assert len(lines_of(scoped)) == 2
    take_back(scoped, written, at=AT, actor=FINANCE)
    scoped.commit()
    assert lines_of(scoped) == []
    assert scoped.scalar(sa.select(sa.func.count()).select_from(Allocation)) == 2
    assert scoped.scalar(sa.select(Decision).where(Decision.issued_on == DAY)) is None


@pytest.mark.parametrize(("paid", "stands"), [(1_000, False), (1_001, True)])
def test_capital_that_is_spent_is_not_taken_back(scoped, works, paid, stands):
    written = booked(scoped, line(7, "L01", amount=60))
    spent(scoped, works[0], paid)
    if stands:
        with pytest.raises(RuleBroken):
            take_back(scoped, written, at=AT, actor=FINANCE)
    else:
        take_back(scoped, written, at=AT, actor=FINANCE)
        assert lines_of(scoped) == []


def test_a_line_that_was_added_to_the_decision_since_stands_in_the_way(scoped, works):
    written = booked(scoped, line(7, "L01", amount=60))
    held = scoped.scalar(sa.select(Decision).where(Decision.issued_on == DAY))
    allocation = scoped.scalar(sa.select(Allocation).where(Allocation.project_id == works[1].id))
    act_as(Actor(None, "Chị Lan"))
    make_line(scoped, allocation, decision=held, kind="supplement", amount=1, effective_on=DAY)
    scoped.commit()
    with pytest.raises(RuleBroken) as refused:
        take_back(scoped, written, at=AT, actor=FINANCE)
    assert refused.value.values["what"] == {"allocation_line": 1}


def test_a_decision_that_came_meanwhile_is_stale(scoped, works):
    planned = plan(scoped, line(7, "L01", amount=60))
    booked(scoped, line(7, "L02", amount=40))
    with pytest.raises(Stale):
        carry_out(scoped, planned.writes, at=AT, actor=FINANCE)


def test_what_became_too_low_meanwhile_is_refused_as_a_whole(scoped, works):
    rows = line(7, "L01", amount=700), line(8, "L02", amount=1)
    planned = plan(scoped, *rows, seen=named(kind="recall"))
    assert planned.status == "ready"
    spent(scoped, works[0], 301)
    with pytest.raises(RuleBroken):
        carry_out(scoped, planned.writes, at=AT, actor=FINANCE)
    scoped.rollback()
    assert lines_of(scoped) == []


def test_a_narrow_session_plans_for_its_own_projects_alone(scoped, works):
    scoped.enter(Scope.of({works[0].investor_id}))
    found = plan(scoped, line(7, "L01", amount=60), line(8, "L02", amount=40))
    assert [row.values["project_code"] for row in found.rows[1:]] == ["L01"]
    assert ("error", "name_unknown", "B8") in codes(found)


@pytest.mark.parametrize(
    ("cells", "warned"),
    [
        ({"plan": 1_000, "plan_after": 1_060}, []),
        ({"plan": 1_060}, []),  # some tell the plan with the decision
        ({"plan": 1_001}, ["plan_mismatch"]),
        ({"plan": 1_000, "plan_after": 1_061}, ["total_mismatch"]),
        ({"plan": 1_001, "plan_after": 1_061}, ["plan_mismatch"]),  # what follows is right
        ({"plan_after": 1_060}, []),
        ({"plan_after": 1_061}, ["plan_mismatch"]),
    ],
)
def test_plans_of_an_annex_are_compared_and_never_booked(scoped, works, cells, warned):
    rows = line(7, "L01", amount=60, **cells)
    found = plan(scoped, rows)
    assert [one.code for one in found.findings] == warned
    assert all(one.level.value == "warning" for one in found.findings)
    booked(scoped, rows)
    assert lines_of(scoped) == [("L01", 2024, "NSTW", "supplement", 60)]
    assert [one.code for one in plan(scoped, rows).findings] == warned  # booked: as before it


@pytest.mark.parametrize(
    ("cells", "warned"),
    [
        ({"plan": 60}, []),  # what it gives is the plan of the year that it tells
        ({"plan_after": 60}, []),
        ({"plan": 30}, []),  # the plan before it
        ({"plan": 90}, []),
        ({"plan": 30, "plan_after": 90}, []),
        ({"plan": 61}, ["plan_mismatch"]),
        ({"plan_after": 30}, ["plan_mismatch"]),
        ({"plan": 60, "plan_after": 60}, ["total_mismatch"]),  # what follows is wrong
    ],
)
def test_the_first_plan_of_a_year_may_come_behind_a_supplement(scoped, works, cells, warned):
    """“Giao đầu năm” tells what it gives, without what the ledger holds already."""
    project = make_project(scoped, code="L09", investor=works[0].investor)
    held = make_allocation(scoped, None, project=project)
    make_line(scoped, held, kind="supplement", amount=30, effective_on=date(2024, 1, 2))
    scoped.commit()
    rows, first = line(7, "L09", amount=60, **cells), named(kind="initial")
    assert [one.code for one in plan(scoped, rows, seen=first).findings] == warned
    booked(scoped, rows, seen=first)
    assert [one.code for one in plan(scoped, rows, seen=first).findings] == warned
    extra = plan(scoped, line(7, "L09", amount=60, plan=60), seen=named(number="9/QĐ-UBND"))
    assert [one.code for one in extra.findings] == ["plan_mismatch"]  # no first plan


def test_plans_are_those_of_the_day_of_the_decision(scoped, works):
    later = make_decision(scoped, number="2/QĐ-UBND", effective_on=date(2024, 5, 2))
    held = scoped.scalars(sa.select(Allocation).where(Allocation.project == works[0])).one()
    make_line(
        scoped, held, kind="supplement", amount=500, decision=later, effective_on=date(2024, 5, 2)
    )
    scoped.commit()
    found = plan(scoped, line(7, "L01", amount=60, plan=1_000, plan_after=1_060))
    assert codes(found) == []


def test_the_plan_of_a_project_that_does_not_change_is_compared_too(scoped, works):
    still = line(8, "L02", plan=999)
    found = plan(scoped, line(7, "L01", amount=60), still)
    assert [(one.code, one.at.cell[1:]) for one in found.findings] == [("plan_mismatch", "8")]
    assert found.findings[0].values["made"] == 1_000
    assert plan(scoped, still).findings == ()


def test_a_plan_without_a_source_may_be_of_that_which_changes(scoped, works):
    make_allocation(scoped, 300, project=works[0], source="NSH")
    scoped.commit()
    answers = {"source_unclear": "NSTW"}

    def found(written):
        row = line(7, "L01", amount=60, plan_after=written)
        return [one.code for one in plan(scoped, row, answers=answers, source=None).findings]

    assert (found(1_060), found(1_360), found(1_061)) == ([], [], ["plan_mismatch"])


def test_the_number_of_queries_does_not_grow_with_the_lines(scoped, works, count_queries):
    for n in range(20):
        make_allocation(scoped, 1_000, project=make_project(scoped, code=f"M{n}"))
    scoped.commit()

    def asked(*rows):
        scoped.expunge_all()
        with count_queries() as seen:
            planned = plan(scoped, *rows, seen=named(kind="recall"))
            assert planned.status == "ready"
        looked = len(seen)
        with count_queries() as seen:
            carry_out(scoped, planned.writes, at=AT, actor=FINANCE)
        scoped.rollback()
        return looked, len(seen)

    asked(line(7, "M0", amount=1))
    one = asked(line(7, "M0", amount=1))
    assert asked(*(line(7 + n, f"M{n}", amount=1) for n in range(20))) == one
