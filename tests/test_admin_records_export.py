"""Exports of record lists: whole, as narrowed and sorted on screen, safe to open (rows 50-55)."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from tests.factories import (
    make_allocation,
    make_component,
    make_disbursement,
    make_entry,
    make_investor,
    make_project,
    make_submission,
)

RESOURCES = (
    "component", "investor", "project", "decision", "allocation", "period", "submission",
    "entry", "holiday",
)  # fmt: skip


def read(reply) -> list[list[str]]:
    """The rows of a downloaded file, heading first."""
    assert reply.status_code == 200, reply.text[:500]
    text = reply.data.decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


@pytest.mark.parametrize("resource", RESOURCES)
def test_every_resource_has_an_export(client_for, session, resource):
    reply = client_for("leader").get(f"/admin/{resource}/export/csv/")

    assert len(read(reply)) == 1
    assert reply.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert reply.headers["Content-Disposition"].startswith("attachment; filename=")


@pytest.mark.parametrize(
    "typed", ["=1+1", "+1", "-1", "@x", "\t=1", "＝1", "＋1", '=HYPERLINK("x")']
)
def test_a_cell_that_would_run_is_disarmed(client_for, session, typed):  # row 50
    make_component(session, code="A", name=typed, short_name="s")

    assert read(client_for("leader").get("/admin/component/export/csv/"))[1][2] == f"'{typed}"


def test_numbers_and_days_stay_what_they_are(client_for, session):  # row 50
    project = make_project(session, code="L1", total_investment=0, end_on=date(2024, 12, 31))
    entry = make_entry(session, project=project, physical_progress="12.5")
    make_disbursement(session, entry, make_allocation(session, project=project), returned=5)
    client = client_for("leader")

    assert read(client.get("/admin/project/export/csv/"))[1][5:8] == [
        "2024-01-01", "2024-12-31", "0",
    ]  # fmt: skip
    assert read(client.get("/admin/entry/export/csv/"))[1][7:10] == ["12.50", "", "-5"]


def test_the_file_opens_in_a_spreadsheet(client_for, session):  # row 52
    make_component(session, code="A", name="Đường, “liên thôn”\nHữu Lũng", short_name="s")

    reply = client_for("leader").get("/admin/component/export/csv/")

    assert reply.data.startswith(b"\xef\xbb\xbf")
    assert reply.data.endswith(b"\r\n")
    assert read(reply)[1][2] == "Đường, “liên thôn”\nHữu Lũng"


def test_the_name_of_the_file_is_one_line_in_both_forms(client_for):  # rows 53, 54
    header = client_for("leader").get("/admin/project/export/csv/").headers["Content-Disposition"]

    plain = header.split('filename="')[1].split('"')[0]
    assert plain.isascii()
    assert plain.endswith(".csv")
    assert "filename*=UTF-8''" in header


def test_the_file_holds_all_rows_as_narrowed_and_sorted(client_for, session):
    component, investor = make_component(session), make_investor(session, short_name="Hữu Liên")
    for n in range(120):
        make_project(
            session,
            component=component,
            investor=investor,
            code=f"P{n:03}",
            status="active" if n % 2 else "planned",
        )
    client = client_for("leader")

    everything = read(client.get("/admin/project/export/csv/"))
    narrowed = read(
        client.get("/admin/project/export/csv/?flt0_status=active&sort=0&desc=1&search=huu+lien")
    )

    assert len(everything) == 121
    assert [row[0] for row in narrowed[1:]] == [f"P{n:03}" for n in range(119, 0, -2)]


def test_the_link_on_the_list_keeps_what_narrows_it(client_for, session):
    make_project(session, code="L1", status="active")
    make_project(session, code="L2", status="planned")
    client = client_for("leader")
    page = client.soup("/admin/project/?flt0_status=active&search=l")

    link = page.select_one("main a[href*='/export/csv/']")["href"]

    assert [row[0] for row in read(client.get(link))[1:]] == ["L1"]


def test_codes_become_words_of_the_language(client_for, session):
    make_submission(session, status="submitted")
    client = client_for("leader")

    vietnamese = read(client.get("/admin/submission/export/csv/"))
    client.post_form("/language", {"language": "en"})
    english = read(client.get("/admin/submission/export/csv/"))

    assert english[1][3] == "Submitted"
    assert english[1][4] == "2024-04-05T07:00:00+07:00"
    assert len(vietnamese) == len(english) == 2


def test_a_client_that_hangs_up_gives_its_connection_back(client_for, session, engine):
    component, investor = make_component(session), make_investor(session)
    for _ in range(30):
        make_project(session, component=component, investor=investor)
    client = client_for("leader")

    reply = client.get("/admin/project/export/csv/", buffered=False)
    next(iter(reply.response), None)
    reply.close()

    session.rollback()
    assert engine.pool.checkedout() <= 1  # the test's own


def test_a_list_comes_as_a_vietnamese_spreadsheet_reads_it(client_for, session):
    make_entry(session, physical_progress=Decimal("15.65"))
    session.commit()
    client = client_for("leader")
    links = [link["href"] for link in client.soup("/admin/entry/").select("a[href*=semicolon]")]
    assert len(links) == 1
    text = client.get(links[0]).get_data(as_text=True)
    heading, row = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert len(heading) == len(row) > 3
    assert "15,65" in row
    assert client.get("/admin/entry/export/csv/?delimiter=pipe").status_code == 404
