"""What can never be true: every named check is tried, and the audit trail stands."""

import pytest
from sqlalchemy import CheckConstraint, Enum, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from models import DISTRICT, Actor, AuditEntry, Base, HolidayYear, Project, act_as, db
from models.base import constraint_name
from tests.factories import (
    make_allocation,
    make_capital_term,
    make_column_set,
    make_disbursement,
    make_entry,
    make_expected,
    make_former_name,
    make_investor,
    make_letter_head,
    make_obstacle,
    make_org_event,
    make_period,
    make_project,
    make_remark,
    make_reopening,
    make_sending,
    make_submission,
    make_succession,
    make_treasury_line,
    make_user,
)

TOO_MUCH = 10**15 + 1
DAY = "2019-01-01"
BREAKS = {
    "ck_component_parent_is_another": "parent_id = id",
    "ck_component_valid_order": f"valid_to = '{DAY}'",
    "ck_component_name_given": "name = ' '",
    "ck_investor_valid_order": f"valid_to = '{DAY}'",
    "ck_investor_name_given": "name = ' '",
    "ck_investor_code_given": "code = ' '",
    "ck_project_days_order": f"end_on = '{DAY}'",
    "ck_project_total_investment_range": f"total_investment = {TOO_MUCH}",
    "ck_project_name_given": "name = ''",
    "ck_project_code_given": "code = ''",
    "ck_decision_number_given": "number = ' '",
    "ck_allocation_vintage_not_later": "vintage = budget_year + 1",
    "ck_allocation_budget_year_range": "budget_year = 2101",
    "ck_allocation_vintage_range": "vintage = 1999",
    "ck_allocation_line_amount_not_zero": "kind = 'adjust', amount = 0",
    "ck_allocation_line_amount_range": f"amount = {TOO_MUCH}",
    "ck_allocation_line_sign_fits_kind": "kind = 'recall', amount = 1",
    "ck_period_window_order": f"data_to = '{DAY}'",
    "ck_expected_report_exemption_has_reason": f"exempt_until = '{DAY}'",
    "ck_expected_report_extension_has_reason": "deadline_at = '2024-04-09 00:00:00'",
    "ck_submission_sent_has_moment": "status = 'submitted'",
    "ck_submission_moments_together": "first_submitted_at = '2024-04-09 00:00:00'",
    "ck_submission_moments_order": (
        "first_submitted_at = '2024-04-09 00:00:00', last_submitted_at = '2024-04-08 00:00:00'"
    ),
    "ck_progress_entry_physical_progress_range": "physical_progress = 10001",
    "ck_progress_entry_volume_value_range": "volume_value = -1",
    "ck_progress_entry_estimate_range": f"estimate = {TOO_MUCH}",
    "ck_disbursement_advance_range": "advance = -1",
    "ck_disbursement_completed_range": f"completed = {TOO_MUCH}",
    "ck_disbursement_recovered_range": "recovered = -1",
    "ck_disbursement_returned_range": "returned = -1",
    "ck_disbursement_recovered_within_completed": "recovered = 6",
    "ck_user_account_username_given": "username = ' '",
    "ck_submission_receipt_has_evidence": "received_via = 'paper'",
    "ck_submission_stated_total_range": f"stated_total = {TOO_MUCH}",
    "ck_progress_entry_treasury_cumulative_range": "treasury_cumulative = -1",
    "ck_disbursement_correction_range": f"correction = -{TOO_MUCH}",
    "ck_capital_term_vintage_not_later": "vintage = budget_year + 1",
    "ck_capital_term_budget_year_range": "budget_year = 2101",
    "ck_capital_term_vintage_range": "vintage = 1989",
    "ck_reopening_until_after_from": "until_at = from_at",
    "ck_reopening_reason_given": "reason = ' '",
    "ck_sending_number_positive": "number = 0",
    "ck_sending_returned_does_not_stand": "outcome = 'returned', stands_accepted = false",
    "ck_sending_only_accepted_stands_accepted": "outcome = 'waiting'",
    "ck_remark_text_given": "text = ' '",
    "ck_obstacle_content_given": "content = ''",
    "ck_obstacle_solved_has_day": "state = 'solved'",
    "ck_obstacle_days_order": f"state = 'solved', solved_on = '{DAY}'",
    "ck_letter_head_valid_order": f"valid_to = '{DAY}'",
    "ck_letter_head_issuer_given": "issuer = ' '",
    "ck_column_set_name_given": "name = ' '",
    "ck_former_name_valid_order": f"valid_to = '{DAY}'",
    "ck_succession_successor_is_another": "successor_id = investor_id",
    "ck_treasury_statement_budget_year_range": "budget_year = 2101",
    "ck_treasury_line_confirmed_range": "confirmed = -1",
    "ck_holiday_year_year_range": "year = 2101",
    "ck_holiday_year_confirmed_by_somebody": "confirmed_by = 'x'",
}
# rows of these tables are tried through the reporting tests, which need them
ELSEWHERE = {"submission_event", "explanation"}


@pytest.fixture
def full(session):
    """One valid row in every table that has checks."""
    project, period = make_project(session), make_period(session)
    allocation = make_allocation(session, project=project)
    make_expected(session, period, project.investor)
    submission = make_submission(session, period=period, investor=project.investor)
    entry = make_entry(session, submission=submission, project=project)
    make_disbursement(session, entry, allocation, completed=5)
    make_user(session)
    make_capital_term(session)
    make_reopening(session, period=period, investor=project.investor)
    make_remark(session, submission)
    make_sending(session, submission, stands_submitted=True, stands_accepted=True)
    make_obstacle(session, project=project)
    make_letter_head(session)
    make_column_set(session)
    make_treasury_line(session, project=project)
    session.add(HolidayYear(year=2027))
    event = make_org_event(session)
    make_former_name(session, event, project.investor)
    make_succession(session, event, project.investor, make_investor(session))
    session.commit()
    return session


def checks():
    for table in Base.metadata.sorted_tables:
        kinds = {c.type.name for c in table.c if isinstance(c.type, Enum)}
        for constraint in table.constraints:
            if isinstance(constraint, CheckConstraint) and constraint.name:
                name = str(constraint.name)
                if not any(name.endswith(kind) for kind in kinds):
                    yield table.name, name


def test_every_check_is_tried():
    named = {name for table, name in checks() if table not in ELSEWHERE}
    assert named == set(BREAKS)


@pytest.mark.parametrize("name", BREAKS)
def test_a_check_refuses_by_its_name(full, name):
    table = next(table for table, known in checks() if known == name)
    with pytest.raises(IntegrityError) as refused:
        full.execute(text(f"UPDATE {table} SET {BREAKS[name]}"))
    assert constraint_name(refused.value) == name


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("project", "status"),
        ("allocation", "source"),
        ("allocation", "nature"),
        ("investor", "kind"),
        ("period", "kind"),
        ("submission", "status"),
        ("user_account", "role"),
    ],
)
def test_unknown_codes_are_refused(full, table, column):
    with pytest.raises(IntegrityError):
        full.execute(text(f"UPDATE {table} SET {column} = 'nonsense'"))


@pytest.mark.parametrize(
    "table",
    ["allocation", "allocation_line", "submission", "progress_entry", "disbursement"],
)
def test_a_row_and_its_parent_have_one_owner(full, session, table):
    other = make_project(session).investor_id
    session.commit()
    with pytest.raises(IntegrityError):
        full.execute(text(f"UPDATE {table} SET investor_id = {other}"))


def test_the_audit_trail_refuses_to_be_altered(app, session):
    project = make_project(session)
    session.commit()
    row_id = project.id
    session.rollback()
    with app.app_context():
        own = db.session()
        own.enter(DISTRICT)
        act_as(Actor(7, "Cán bộ"))
        own.get(Project, row_id).name = "Tên mới"
        own.commit()
    noted = session.query(AuditEntry).one()
    assert (noted.user_id, noted.user_name, noted.action) == (7, "Cán bộ", "update")
    assert noted.changes["name"][1] == "Tên mới"
    session.commit()
    for statement in (text("DELETE FROM audit_entry"), update(AuditEntry).values(user_name="x")):
        with pytest.raises(DBAPIError, match="append-only"):
            session.execute(statement)
        session.rollback()


def test_what_is_rolled_back_leaves_no_trail(app, session):
    project = make_project(session)
    session.commit()
    row_id = project.id
    session.rollback()
    with app.app_context():
        own = db.session()
        own.enter(DISTRICT)
        own.get(Project, row_id).name = "Tên mới"
        own.flush()
        own.rollback()
    assert session.query(AuditEntry).count() == 0
