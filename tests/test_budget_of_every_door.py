"""Every door at which somebody can make the server work: its limits, and no lock meanwhile."""

import re
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from admin.pages import report_page
from models import RuleBroken
from models.base import is_busy
from models.imports.beginning import FILE_BYTES
from models.reminders import TemplateKind
from reports.letter import file, render, sample_contexts
from tests.factories import make_allocation, make_letter_head, make_period, make_project

# What each posted page does beside saving the row or the form it shows; the rest only saves.
COMPUTES = {
    "letters.upload": "a child tries the template (test_word_templates_hostile)",
    "letters.reminder": "a child fills in the template (test_word_templates_hostile)",
    "letters.slow_file": "a child fills in the template (test_word_templates_hostile)",
    "imports.new": "a process reads the file after the answer (test_sheets_hostile)",
    "imports.answers": "a process reads the file again after the answer",
    "imports.apply": "writes what was found before, waits for the reading without a lock",
    "imports.undo": "writes back what was kept",
    "pasted.decision": "reads cells before anything is held, the import after the answer",
    "pasted.projects": "reads cells before anything is held, the import after the answer",
    "review.lock": "computes before it holds the period (test_freezing_holds_nothing)",
    "review.period": "computes before it accepts corrections (test_corrections_hold_nothing)",
    "review.unit": "as above",
    "versions.freeze": "computes before it holds the period (test_freezing_holds_nothing)",
    "reminders.index": "sends mail one by one, each with its own transaction",
}
# modules whose long work is a file that is asked for by GET
MADE_FOR_READERS = {"admin.pages.my_report"}
# What works long, by the name it is called by
WORKERS = re.compile(
    r"\b(render_letter|render_slow|check_template|marked_file|look_apart|pasted_file|open_book|WRITERS|Popen"
    r"|freeze|lock_and_freeze|narrative_paper|unit_form|send_\w+_mail|subprocess)\("
)


def posted(app):
    return {rule.endpoint: rule for rule in app.url_map.iter_rules() if "POST" in rule.methods}


def address(rule):
    return (
        rule.rule.replace("<code>", "2024-03")
        .replace("<int:", "<")
        .translate(str.maketrans({"<": "1", ">": ""}))
    )


def test_every_posted_page_that_works_long_says_how_it_is_bounded(app):
    assert COMPUTES.keys() - posted(app).keys() == set()
    listed = {app.view_functions[endpoint].__module__ for endpoint in COMPUTES}
    for path in sorted(Path("admin").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        module = ".".join(path.with_suffix("").parts)
        if '"POST"' in text and WORKERS.search(text) and module not in listed | MADE_FOR_READERS:
            pytest.fail(f"{module} makes the server work: say in COMPUTES how that is bounded")


def test_no_posted_page_takes_more_than_its_form(app, client_for):
    client = client_for("admin")
    files = {"imports.new": FILE_BYTES + 100_000, "letters.upload": file.MOST_BYTES + 100_000}
    for endpoint, rule in posted(app).items():
        most = files.get(endpoint, app.config["MAX_CONTENT_LENGTH"])
        reply = client.post(
            address(rule),
            headers={"X-CSRFToken": client.token()},
            content_type="application/x-www-form-urlencoded",
            environ_overrides={"CONTENT_LENGTH": str(most + 1)},
        )
        assert reply.status_code in (400, 403, 404, 413), endpoint
    assert most <= 1_000_000


@pytest.fixture
def nobody_waits(engine):
    """Asks, from outside, whether somebody else could write and nothing is held open."""

    def look():
        if engine.dialect.name == "sqlite":
            other = sqlite3.connect(engine.url.database, timeout=0)
            other.execute("BEGIN IMMEDIATE")
            other.close()
            return
        with engine.connect() as other:
            count = "SELECT count(*) FROM pg_stat_activity WHERE xact_start IS NOT NULL"
            count += " AND pid <> pg_backend_pid() AND datname = current_database()"
            assert other.exec_driver_sql(count).scalar() == 0

    return look


def test_files_of_reports_are_written_while_nothing_is_held(
    app, session, client_for, nobody_waits, monkeypatch
):
    make_letter_head(session)
    project = make_project(session)
    make_allocation(session, project=project, amount=1_000_000)
    make_period(session)
    written = []

    def writing(kind):
        def write(*_tables):
            nobody_waits()
            written.append(kind)
            return b"a file"

        return write

    monkeypatch.setattr(report_page, "WRITERS", {kind: writing(kind) for kind in ("xlsx", "docx")})
    client = client_for("officer")
    pages = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/admin/reports/") and rule.rule.endswith((".xlsx", ".docx"))
    ]
    for page in pages:
        assert client.get(f"{page}?period=2024-03").status_code == 200, page
    assert len(written) == len(pages) - 1  # the narrative is filled in by a child


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_statement_of_a_page_is_cut_off_on_sqlite_too(app, engine, client_for, monkeypatch):
    long = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    monkeypatch.setitem(app.config, "DB_STATEMENT_SECONDS", 0.3)
    with app.test_request_context(), engine.connect() as connection:
        with pytest.raises(sa.exc.OperationalError, match="interrupted") as cut:
            connection.exec_driver_sql(long)
        assert is_busy(cut.value)


def test_more_papers_than_there_are_places_for_wait_and_are_told_so(monkeypatch):
    monkeypatch.setattr(file, "PATIENCE", 0.05)
    for _place in range(2):
        assert file.PLACES.acquire(blocking=False)
    try:
        with pytest.raises(RuleBroken, match="Other papers are being made"):
            render(sample_contexts()[0], TemplateKind.REMINDER, None)
    finally:
        file.PLACES.release(2)
    assert render(sample_contexts()[0], TemplateKind.REMINDER, None).startswith(b"PK")
