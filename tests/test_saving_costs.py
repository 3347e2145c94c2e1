"""What a save asks of the database: it grows with the sheet, not with the history of the unit."""

import pytest

from tests.factories import (
    make_allocation,
    make_disbursement,
    make_entry,
    make_expected,
    make_period,
    make_project,
    make_submission,
)
from tests.test_admin_my_report import hidden

URL = "/admin/my-report/2024-03"
MOST = 21  # statements; 69 before the sheet was read once, 33 while its rows were read again


@pytest.fixture
def unit(session, client_for):
    """A commune with a draft of March, and January and February sent before it."""
    project = make_project(session)
    allocation = make_allocation(session, project=project, amount=90_000_000)
    for code, status in (("2024-01", "accepted"), ("2024-02", "submitted"), ("2024-03", "draft")):
        period = make_period(session, code=code)
        make_expected(session, period, project.investor)
        report = make_submission(session, investor=project.investor, period=period, status=status)
        entry = make_entry(session, project=project, submission=report)
        make_disbursement(session, entry, allocation, completed=1_000_000)
    session.commit()
    return client_for("investor", project.investor), project, allocation


def filled(unit, amount: str, action: str) -> dict[str, str]:
    client, project, allocation = unit
    return hidden(client) | {
        f"a{allocation.id}-completed": amount,
        f"p{project.id}-progress_text": "Đang làm",
        "action": action,
    }


def test_a_save_reads_the_sheet_and_nothing_of_other_periods(unit, count_queries):
    client, form = unit[0], filled(unit, "2000000", "save")

    with count_queries() as seen:
        assert client.post_form(URL, form).status_code == 303

    told = "\n".join(seen)
    assert len(seen) <= MOST, told
    assert "sum(" not in told.replace("sum(allocation_line.amount)", "")
    assert "sent_entry" not in told
    assert told.count("FROM progress_entry LEFT OUTER JOIN disbursement") == 1
    assert seen[-1].startswith("INSERT INTO audit_seal"), seen[-1]  # nothing after the commit


@pytest.mark.parametrize(("action", "settles"), [("save", False), ("send", True)])
def test_a_draft_settles_no_duty_and_its_sending_does(unit, count_queries, action, settles):
    client, form = unit[0], filled(unit, "3000000", action)

    with count_queries() as seen:
        assert client.post_form(URL, form).status_code == 303

    assert any("has_capital" in one for one in seen) is settles
