"""Sisters of the rules that once stood at one door: the same answer at the other doors, too."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from models import (
    CapitalTerm,
    Disbursement,
    Investor,
    LetterHead,
    Obstacle,
    Project,
    Submission,
)
from models.base import today
from tests.factories import (
    make_allocation,
    make_capital_term,
    make_disbursement,
    make_entry,
    make_investor,
    make_letter_head,
    make_obstacle,
    make_period,
    make_project,
    make_submission,
)


def count(session, kind):
    session.rollback()
    return session.scalar(sa.select(sa.func.count()).select_from(kind))


@pytest.mark.parametrize("door", ["screen", "import", "session"])
@pytest.mark.parametrize(
    ("begins", "fits"), [(date(2023, 12, 31), False), (date(2024, 1, 1), True)]
)
def test_a_code_is_used_by_one_unit_at_a_time(doors, session, door, begins, fits):
    make_investor(session, code="X", valid_to=date(2023, 12, 31))
    values = {"code": "X", "kind": "commune", "name": "n", "short_name": "n"}
    ways = {
        "screen": lambda: doors.post(
            "admin",
            "/admin/investor/new/",
            values | {"sort_order": "1", "valid_from": f"{begins:%d/%m/%Y}"},
        ),
        "import": lambda: doors.load(investors=[values | {"sort_order": 1, "valid_from": begins}]),
        "session": lambda: doors.flush(lambda own: own.add(Investor(**values, valid_from=begins))),
    }
    said = ways[door]()
    assert (said is None) is fits, said
    assert count(session, Investor) == 1 + fits


@pytest.mark.parametrize("door", ["screen", "session"])
@pytest.mark.parametrize(("code", "fits"), [("P-1", False), ("P-2", True)])
def test_a_project_code_is_used_once_in_the_district(doors, session, door, code, fits):
    first = make_project(session, code="P-1")
    unit = make_investor(session)
    session.commit()
    values = {"code": code, "name": "n", "status": "active"}
    keys = {"component_id": first.component_id, "investor_id": unit.id}
    form = values | {"component": first.component_id, "investor": unit.id}
    ways = {
        "screen": lambda: doors.post(
            "officer", "/admin/project/new/", form | {"start_on": "01/01/2024"}
        ),
        "session": lambda: doors.flush(
            lambda own: own.add(Project(**values, **keys, start_on=date(2024, 1, 1)))
        ),
    }
    said = ways[door]()
    assert (said is None) is fits, said
    assert count(session, Project) == 1 + fits


@pytest.mark.parametrize("door", ["screen", "session"])
@pytest.mark.parametrize(("days", "fits"), [(0, True), (1, False)])
def test_nothing_is_solved_in_the_future(doors, session, door, days, fits):
    row = make_obstacle(session)
    session.commit()
    key, day = row.id, today() + timedelta(days)
    values = {"state": "solved", "solution": "xong"}
    form = {
        "content": row.content, "cause": row.cause, "solver": row.solver,
        "raised_on": f"{row.raised_on:%d/%m/%Y}", "row_version": "1",
    }  # fmt: skip

    def change(own):
        found = own.get(Obstacle, key)
        found.state, found.solution, found.solved_on = "solved", "xong", day

    ways = {
        "screen": lambda: doors.post(
            "officer",
            f"/admin/obstacle/edit/?id={key}",
            form | values | {"solved_on": f"{day:%d/%m/%Y}"},
        ),
        "session": lambda: doors.flush(change),
    }
    said = ways[door]()
    assert (said is None) is fits, said


@pytest.mark.parametrize("door", ["screen", "session"])
@pytest.mark.parametrize(("vintage", "fits"), [(2023, False), (2022, True), (2025, False)])
def test_a_vintage_has_one_term(doors, session, door, vintage, fits):
    make_capital_term(session, budget_year=2024, vintage=2023)
    values = {"budget_year": 2024, "vintage": vintage}
    ways = {
        "screen": lambda: doors.post(
            "finance", "/admin/capital_term/new/", values | {"disburse_until": "31/12/2024"}
        ),
        "session": lambda: doors.flush(
            lambda own: own.add(CapitalTerm(**values, disburse_until=date(2024, 12, 31)))
        ),
    }
    said = ways[door]()
    assert (said is None) is fits, said
    assert count(session, CapitalTerm) == 1 + fits


def test_a_head_is_refused_by_the_session_too(doors, session):
    head = make_letter_head(session)
    session.commit()
    names = [c.key for c in LetterHead.__table__.columns if c.key not in ("id", "version")]
    values = {name: getattr(head, name) for name in names}
    assert doors.flush(lambda own: own.add(LetterHead(**values))) is not None
    assert count(session, LetterHead) == 1


@pytest.mark.parametrize("door", ["import", "session"])
@pytest.mark.parametrize(
    ("status", "first", "last", "fits"),
    [
        ("draft", None, None, True),
        ("submitted", None, None, False),
        ("submitted", 5, None, False),
        ("submitted", 5, 5, True),
        ("submitted", 5, 4, False),
    ],
)
def test_a_sent_report_has_its_moments(doors, session, door, status, first, last, fits):
    period, unit = make_period(session), make_investor(session)
    session.commit()
    moments = [
        None if day is None else datetime.fromisoformat(f"2024-04-0{day}T09:00:00+07:00")
        for day in (first, last)
    ]
    names = ("first_submitted_at", "last_submitted_at")
    written = {name: m.isoformat() if m else "" for name, m in zip(names, moments, strict=True)}
    row = written | {
        "investor_code": unit.code, "period": "2024-03", "status": status, "nil_report": "false",
    }  # fmt: skip
    values = dict(zip(names, moments, strict=True)) | {
        "investor_id": unit.id, "period_id": period.id, "status": status,
    }  # fmt: skip
    ways = {
        "import": lambda: doors.load(submissions=[row]),
        "session": lambda: doors.flush(lambda own: own.add(Submission(**values))),
    }
    said = ways[door]()
    assert (said is None) is fits, said
    assert count(session, Submission) == fits


# ---------------------------------------------------------------- the second page of amounts


@pytest.fixture
def paid(session):
    """A disbursement with all that the page of amounts does not show."""
    project = make_project(session)
    allocation = make_allocation(session, 1_000_000, project=project)
    draft = make_submission(session, period=make_period(session), investor=project.investor)
    entry = make_entry(session, project=project, submission=draft)
    return make_disbursement(
        session,
        entry,
        allocation,
        completed=100_000,
        returned=5_000,
        return_document="Giấy nộp 7",
        correction=-3,
        correction_reason="nhập nhầm",
        awaits_decision=True,
    )


def amounts(paid, key="k", **typed):
    given = {"completed": "200000", "returned": "5000", "return_document": "Giấy nộp 7"} | typed
    name = f"a{paid.allocation_id}-"
    form = {"row_version": str(paid.entry.version), "form_key": key}
    return form | {f"{name}{field}": value for field, value in given.items()}


def test_the_page_of_amounts_keeps_what_it_does_not_show(doors, session, paid):
    url = f"/admin/entry/amounts/?id={paid.entry_id}"
    assert doors.post("officer", url, amounts(paid)) is None
    session.refresh(paid)
    assert (paid.completed, paid.returned, paid.return_document) == (200_000, 5_000, "Giấy nộp 7")
    assert (paid.correction, paid.correction_reason) == (-3, "nhập nhầm")
    assert paid.awaits_decision is True


def test_the_page_of_amounts_is_carried_out_once(doors, session, paid):
    url = f"/admin/entry/amounts/?id={paid.entry_id}"
    first, second = amounts(paid), amounts(paid, completed="300000")
    assert doors.post("officer", url, first) is None
    officer = doors.client_for("officer")
    page = officer.soup(url)
    assert page.select_one("input[name=form_key]")["value"]
    assert officer.post_form(url, first).status_code == 302  # said to be saved already
    # another content is not dropped for its used key: it is stale, and both are shown
    assert officer.post_form(url, second).status_code == 409
    assert officer.post_form(url, second | {"form_key": "other"}).status_code == 409
    session.refresh(paid)
    assert paid.completed == 200_000


def test_an_amount_in_a_quarter_or_a_locked_period_is_refused(doors, session, paid):
    url = f"/admin/entry/amounts/?id={paid.entry_id}"
    paid.entry.submission.period.status = "locked"
    paid.entry.submission.period.lock_at = datetime.fromisoformat("2024-05-01T00:00:00+07:00")
    assert doors.post("officer", url, amounts(paid)) is not None
    session.refresh(paid)
    assert paid.completed == 100_000
    assert count(session, Disbursement) == 1
