"""One engine behind every door: screen, import and command find the same, word for word."""

import shutil
from datetime import UTC, datetime

import pytest
import time_machine

from tests.browser import DEMO
from tests.factories import (
    make_allocation,
    make_disbursement,
    make_entry,
    make_period,
    make_project,
    make_submission,
)

NOW = datetime(2024, 4, 16, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def wrong(session):
    """A sent report with patterns of domain §3.5: over the plan, over what is accepted, ×1000."""
    project = make_project(session)
    allocation = make_allocation(session, 500_000, project=project)
    period = make_period(session)
    report = make_submission(session, period=period, investor=project.investor, status="submitted")
    entry = make_entry(
        session, project=project, submission=report, volume_value=470, progress_text="Đang làm"
    )
    make_disbursement(session, entry, allocation, completed=500_000_000)
    session.commit()
    return report


def lines(text):
    """(rule, sentence) of each printed finding."""
    shown = (line.split(" · ", 2) for line in text.splitlines() if line.count(" · ") >= 2)
    return sorted((rest.split(" ", 1)[0], said(rest.split(": ", 1)[1])) for *_where, rest in shown)


def said(text):
    return " ".join(text.split())


def test_the_page_and_the_command_find_the_same(session, wrong, client_for, app):
    page = client_for("officer").soup(f"/admin/review/2024-03/{wrong.investor_id}")
    on_screen = sorted(
        (one.strong.text, said(one.select_one("p > span").text.removeprefix(one.strong.text)))
        for one in page.select(".finding")
    )
    result = app.test_cli_runner().invoke(args=["findings", "--period", "2024-03"])
    assert on_screen == lines(result.output)
    assert {rule for rule, _text in on_screen} >= {"V1", "V5", "V8"}
    assert result.exit_code == 1


def test_the_import_counts_what_the_command_lists(app, tmp_path):
    shutil.copytree(DEMO, tmp_path / "in")
    entries = tmp_path / "in" / "entries.csv"
    text = entries.read_text(encoding="utf-8")
    entries.write_text(text.replace("L01,2024-03,20,,", "L01,2024-03,20,470,"), encoding="utf-8")
    run = app.test_cli_runner().invoke
    loaded = run(args=["data", "load", str(tmp_path / "in")])
    listed = run(args=["findings"])
    assert {("2024-03", "V5"), ("2024-03", "V2")} == {
        (line[:7], line.split(" · ")[2].split(" ")[0])
        for line in listed.output.splitlines()
        if line.count(" · ") >= 2
    }
    assert listed.output.splitlines()[-1] in loaded.output


def test_the_findings_page_is_the_list_of_the_command(session, wrong, client_for, app):
    page = client_for("officer").soup("/admin/findings/?period=2024-03")
    on_screen = sorted(
        (one.strong.text, said(one.select_one("p > span").text.removeprefix(one.strong.text)))
        for one in page.select(".finding")
    )
    result = app.test_cli_runner().invoke(args=["findings", "--period", "2024-03"])
    assert on_screen == lines(result.output)
    address = page.select_one(".finding a")["href"]
    assert address == f"/admin/review/2024-03/{wrong.investor_id}"


def test_locking_over_open_findings_asks_for_the_reason(session, wrong, client_for):
    client = client_for("officer")
    refused = client.post_form("/admin/review/2024-03/lock", {"form_key": "one"})
    assert refused.status_code == 422
    assert "còn" in refused.text
    assert "vấn đề chưa xử lý" in refused.text
    typed = {"form_key": "two", "lock_reason": "Huyện cần số liệu ngay"}
    assert client.post_form("/admin/review/2024-03/lock", typed).status_code == 303
    assert "Huyện cần số liệu ngay" in client.get("/admin/versions/2024-03").text


def test_a_command_that_locks_says_what_is_open(session, wrong, app):
    result = app.test_cli_runner().invoke(args=["periods", "lock", "2024-03"])
    assert result.exit_code == 0
    assert "vấn đề chưa xử lý" in result.output
