"""Each figure of the report on screen, opened as data: what it shows is what stands behind it."""

from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from openpyxl import Workbook

from models import DISTRICT, SYSTEM, Actor, Disbursement, Investor, Period, db
from models.base import now, rate
from models.duty import open_period
from models.filing import accept_report
from models.imports import (
    ImportRun,
    RunStatus,
    apply_run,
    look,
    origins_of_figures,
    start,
)
from models.returns import AMOUNTS, Submission
from models.sheets import Ask, Kind
from reports.consolidated import COLUMNS
from reports.frozen import lock_and_freeze
from tests.factories import (
    make_allocation,
    make_entry,
    make_former_name,
    make_investor,
    make_org_event,
    make_period,
    make_project,
    make_submission,
)

AT = datetime(2024, 4, 16, 2, tzinfo=UTC)


@pytest.fixture
def demo(session, load_demo):
    load_demo(AT)
    session.commit()


def _cells(client, address):
    page = client.soup(address)
    return [
        (link["href"], link.get_text(strip=True))
        for link in page.select(".report-table a[href*='/explain?']")
    ]


def _made_of(answer):
    plan, money = answer["plan"]["sum"], answer["money"]["sum"]
    parts = COLUMNS.get(answer["column"])
    if parts is None:  # the estimates alone are money there
        return money
    if all(parts):
        is_rate = answer["column"].startswith("rate_")
        return float(rate(money, plan)) if is_rate else plan - money
    return plan if parts[0] else money


def _walk(client, address, step=1):
    cells = _cells(client, address)
    assert len(cells) > 300
    columns = [parse_qs(urlsplit(href).query)["column"][0] for href, _shown in cells]
    assert set(columns[::step]) == set(columns)
    for href, shown in cells[::step]:
        answer = client.get(href.replace("/explain?", "/explain.json?")).get_json()
        column = answer["column"]
        assert column == parse_qs(urlsplit(href).query)["column"][0]
        assert answer["plan"]["sum"] == sum(one["amount"] for one in answer["plan"]["lines"])
        if column in ("progress", "obstacles"):
            assert answer["value"] == shown
            continue
        field = "estimate" if column == "estimate" else "net"
        assert answer["money"]["sum"] == sum(one[field] for one in answer["money"]["entries"])
        assert answer["value"] == pytest.approx(_made_of(answer), abs=0), href
        typed = Decimal(shown.replace(".", "").replace(",", "."))
        assert typed == Decimal(str(answer["value"])), href
    return cells


# Every cell on one database; on the other every seventh, by which each column is asked about.
@pytest.mark.parametrize(
    ("database", "group", "step"),
    [
        ("sqlite", "component", 1),
        ("sqlite", "investor", 5),
        ("postgresql", "component", 7),
        ("postgresql", "investor", 7),
    ],
    indirect=["database"],
)
def test_every_cell_of_the_demonstration_report(demo, client_for, group, step):
    address = f"/admin/reports/consolidated?period=2024-03&detail=project&unit=dong&group={group}"
    _walk(client_for("officer"), address, step)


def test_every_cell_of_its_frozen_version(demo, client_for, session):
    period = session.query(Period).filter_by(code="2024-03").one()
    lock_and_freeze(session, period, at=AT, actor=Actor(None, "test"))
    session.commit()
    address = "/admin/reports/consolidated?period=2024-03&detail=project&unit=dong&version=1"
    client = client_for("leader")
    cells = _walk(client, address, 7)
    answer = client.get(cells[0][0].replace("/explain?", "/explain.json?")).get_json()
    assert answer["version"] == 1


@pytest.mark.parametrize("report", ["carry-over", "ranking", "narrative", "charts", "pace"])
def test_every_figure_of_the_other_reports(demo, client_for, report):
    client = client_for("officer")
    page = client.soup(f"/admin/reports/{report}?period=2024-03")
    links = {link["href"] for link in page.select("main a[href*='/explain?']")}
    assert len(links) > 8
    for href in sorted(links)[::3]:
        answer = client.get(href.replace("/explain?", "/explain.json?")).get_json()
        assert (answer["value"] or 0) == (_made_of(answer) or 0), href


def test_it_leads_to_the_people(demo, client_for, session):
    report = session.query(Submission).join(Period).filter(Period.code == "2024-03").first()
    accept_report(session, report, at=AT, actor=Actor(None, "Nguyễn Thị Duyệt"))
    session.commit()
    answer = client_for("officer").get(
        "/admin/reports/explain.json?period=2024-03&column=disbursed_month"
        f"&investor={report.investor_id}"
    )
    for entry in answer.get_json()["money"]["entries"]:
        assert entry["judged_by"] == "Nguyễn Thị Duyệt"
        assert entry["judged_at"].startswith("2024-04-16T02:00")
        assert entry["entry_id"]
    page = client_for("officer").get(
        "/admin/reports/explain?period=2024-03&column=disbursed_month"
        f"&investor={report.investor_id}"
    )
    assert "Nguyễn Thị Duyệt" in page.text


def test_an_estimate_of_some_projects_is_no_estimate_of_all(session, client_for):
    period = make_period(session, "2024-05")
    first = make_project(session)
    second = make_project(session, investor=first.investor)
    for project in (first, second):  # with capital: the report has a line of each
        make_allocation(session, 100, project=project)
    report = make_submission(session, period=period, investor=first.investor, status="submitted")
    of = {"submission": report, "investor_id": first.investor_id}
    make_entry(session, project=first, estimate=70, progress_text="Làm", obstacles="Mưa", **of)
    make_entry(session, project=second, progress_text="Xong", physical_progress=100, **of)
    session.commit()
    client = client_for("officer")

    def ask(column, **more):
        tail = "".join(f"&{name}={value}" for name, value in more.items())
        address = f"/admin/reports/explain.json?period=2024-05&column={column}{tail}"
        return client.get(address).get_json()

    assert [one["estimate"] for one in ask("estimate")["money"]["entries"]] == [70]
    assert ask("estimate")["money"]["sum"] == 70
    assert {one["progress_text"] for one in ask("progress")["money"]["entries"]} == {
        "Làm",
        "Xong",
    }
    assert len(ask("obstacles", project=first.id)["money"]["entries"]) == 1
    assert ask("obstacles", project=second.id)["money"]["entries"] == []


def test_a_unit_opens_only_what_is_its_own(demo, client_for, session):
    own = session.query(Submission).join(Period).filter(Period.code == "2024-03").first()
    client = client_for("investor", own.investor)
    _cells(client, "/admin/reports/consolidated?period=2024-03&detail=project&unit=dong")
    answer = client.get("/admin/reports/explain.json?period=2024-03&column=plan_total").get_json()
    names = {one["investor"] for one in answer["plan"]["lines"]}
    assert names == {own.investor.short_name}
    other = session.query(Submission).filter(Submission.investor_id != own.investor_id).first()
    asked = f"period=2024-03&column=plan_total&investor={other.investor_id}"
    assert client.get(f"/admin/reports/explain.json?{asked}").status_code == 404


def test_a_column_that_is_no_figure_is_refused_as_data(demo, client_for):
    client = client_for("officer")
    answer = client.get("/admin/reports/explain.json?period=2024-03&column=name")
    assert answer.status_code == 400
    assert "name" in answer.get_json()["error"]


def _bring_in(app, tmp_path, amount):
    """A sheet of the health centre, imported and sent."""
    path = tmp_path / "t4.xlsx"
    book = Workbook()
    book.active.title = "T4"
    for row in (
        ["Giải ngân tháng 4 năm 2024"],
        ["Đơn vị tính: đồng"],
        ["TT", "Tên dự án", "Giải ngân trong tháng (NSTW)", "Khó khăn, vướng mắc"],
        [1, "Can thiệp dinh dưỡng trẻ em hộ nghèo", amount, "Thiếu giống"],
    ):
        book.active.append(row)
    book.save(path)
    with app.app_context():
        session = db.session()
        session.enter(DISTRICT)
        ask = Ask(kind=Kind.MONTHLY, period="2024-04", investor="TT-YTE")
        content = path.read_bytes()
        run = start(session, ask, name="t4.xlsx", content=content, at=now(), actor=SYSTEM)
        session.commit()
        run_id = run.id
        look(session, run_id, at=now())
        apply_run(session, run_id, at=now(), actor=SYSTEM)
        session.commit()
    return run_id


def test_an_imported_figure_leads_to_its_cell_until_it_is_typed_over(
    demo, app, session, client_for, tmp_path
):
    open_period(session, "2024-04", at=AT)
    session.commit()
    run_id = _bring_in(app, tmp_path, 31_333_333)
    report = session.query(Submission).join(Period).filter(Period.code == "2024-04").one()
    report.status = "submitted"
    report.first_submitted_at = report.last_submitted_at = AT
    session.commit()
    asked = f"period=2024-04&column=disbursed_month&investor={report.investor_id}"
    client = client_for("officer")
    [entry] = client.get(f"/admin/reports/explain.json?{asked}").get_json()["money"]["entries"]
    assert (entry["imported"]["run"], entry["imported"]["cell"]) == (run_id, "C4")
    page = client.soup(f"/admin/reports/explain?{asked}")
    [link] = page.select(f"a[href*='/imports/{run_id}']")
    assert "C4" in link.text
    assert client.soup(link["href"].partition("#")[0]).select_one(f"#{link['href'].split('#')[1]}")
    words = asked.replace("disbursed_month", "obstacles")
    [said] = client.get(f"/admin/reports/explain.json?{words}").get_json()["money"]["entries"]
    assert (said["imported"]["run"], said["imported"]["cell"]) == (run_id, "D4")
    assert "ô D4" in client.get(f"/admin/reports/explain?{words}").text
    row = session.query(Disbursement).filter_by(completed=31_333_333).one()
    row.completed = 31_333_334
    session.commit()
    [entry] = client.get(f"/admin/reports/explain.json?{asked}").get_json()["money"]["entries"]
    assert entry["imported"] is None


def test_files_of_other_units_are_not_read_for_a_figure(session):
    """By the code of the unit whose report it was; a code may have been another's before."""
    period = make_period(session, "2024-05")
    units = {code: make_investor(session, code=code) for code in ("U1", "U2")}
    figures = {code: (f"P-{code}", "2024-05", 2024, 2024, "NSTW", "DTPT") for code in units}
    amounts = dict.fromkeys(AMOUNTS, 0) | {"completed": 5}
    names = ("project_code", "period", "budget_year", "vintage", "source", "nature")
    for code, figure in figures.items():
        row = {
            "table": "disbursements", "sheet": "T5", "cell": "C4",
            "values": dict(zip(names, map(str, figure), strict=True)) | {"completed": "5"},
        }  # fmt: skip
        session.add(
            ImportRun(
                kind=Kind.MONTHLY, status=RunStatus.APPLIED, period=period, unit_code=code,
                file_name=f"{code}.xlsx", sha256="", size=1, ask={}, user_name="test",
                started_at=AT, applied_at=AT, result={"rows": [row]},
            )
        )  # fmt: skip
    session.commit()
    wanted = dict.fromkeys(figures.values(), amounts)

    def files(*codes):
        ids = {units[code].id for code in codes}
        return {one.file for one in origins_of_figures(session, wanted, ids).values()}

    assert files("U1") == {"U1.xlsx"}
    assert files("U1", "U2") == {"U1.xlsx", "U2.xlsx"}
    make_former_name(session, make_org_event(session), units["U1"])
    units["U1"].code = "U7"
    session.commit()
    assert files("U1") == {"U1.xlsx"}
    units["U1"] = make_investor(session, code="U1")
    session.commit()
    assert files("U1") == {"U1.xlsx"}  # it might be: the figure itself decides
    units["U1"] = session.query(Investor).filter_by(code="U7").one()
    assert files("U1") == {"U1.xlsx"}
    assert files("U2") == {"U2.xlsx"}
