"""With sums made ahead every page of a long report says what it says without them: with a set of
columns, to a unit, in each unit of money, whatever page is asked for; and files have its rows.
"""

import csv
import io
import re
from itertools import product

import pytest
import sqlalchemy as sa

from admin.pages import report_part
from models import DISTRICT, Investor, OfficeSum, Period, Project, db
from reports.facts import forget_sums, gather, keep_sums
from tests.factories import make_allocation, make_column_set, make_component, make_project
from tests.test_pages_of_what_is_rounded import NOTE, heads
from tests.test_reports_docx import demo, document, rows_of  # noqa: F401  a fixture
from tests.test_reports_long import shown
from tests.test_reports_xlsx import body, fetched, sheet_of

REPORTS = "/admin/reports/"
ROWS = 9


@pytest.fixture
def sums(app, demo, monkeypatch):  # noqa: F811
    """Makes those of March, or drops them; reports are long from ten rows on."""
    monkeypatch.setattr(report_part, "AT_ONCE", ROWS)
    monkeypatch.setattr(report_part, "ON_A_PAGE", ROWS)

    def put(*, are_there):
        demo.rollback()
        with app.app_context():
            session = db.session()
            session.enter(DISTRICT)
            march = session.scalars(sa.select(Period).filter_by(code="2024-03")).one()
            for basis in ("submitted", "accepted"):
                if are_there:
                    keep_sums(session, march, basis)
            if not are_there:
                forget_sums(session)
            session.commit()
            assert bool(session.scalar(sa.select(sa.func.count(OfficeSum.basis)))) == are_there

    put(are_there=True)
    return put


@pytest.fixture
def read(monkeypatch):
    """Of each time that a whole report was read, how."""
    found = []
    monkeypatch.setattr(
        "reports.consolidated.report.gather",
        lambda *args, **named: found.append(named) or gather(*args, **named),
    )
    return found


def answer(client, address):
    """What the page says: rows and links, heads, how many rows, where groups begin."""
    page = client.soup(REPORTS + address)
    foot = page.select_one(".report-pages [role=status]")
    above = page.find(string=re.compile("^Tiếp theo: "))
    return (
        shown(page),
        heads(page),
        foot and foot.text,
        [(link.text, link["href"]) for link in page.select(".report-jumps a")],
        above and str(above),
    )


def pages_of(client, address):
    """All pages, one after the other."""
    first = client.soup(f"{REPORTS}{address}&page=0")
    [many] = re.findall(r"trong tổng số ([\d.]+) dòng", first.text)
    last = -(-int(many.replace(".", "")) // ROWS)
    assert last > 1
    return [first, *(client.soup(f"{REPORTS}{address}&page={n}") for n in range(1, last))]


def units_of(session):
    wanted = sa.select(Investor).join(Project).distinct().order_by(Investor.code)
    return list(session.scalars(wanted))


def rows_on(pages):
    return [cells for page in pages for cells, _links in shown(page)]


SET = "Lãnh đạo xem"
LIVE = "period=2024-03&version=live"
ASKED = [
    *(
        f"consolidated?{LIVE}&unit=dong&group={group}&detail={detail}&page=1"
        for group, detail in product(("component", "investor"), ("investor", "project"))
    ),
    *(
        f"consolidated?{LIVE}&unit=dong&detail=project&basis=accepted&page={n}"
        for n in (0, 99, 10**17)
    ),
    f"consolidated?{LIVE}&unit=dong&detail=project&columns={SET}&page=2",
    *(
        f"consolidated?{LIVE}&unit=dong&detail=project&page=1&{more}"
        for more in (
            "split=nature",
            "split=source",
            "units=today",
            "component=1&source=NSTW&programme=x",
        )
    ),
    *(f"ranking?{LIVE}&page={n}" for n in (0, 99)),
    *(f"late?period=2024-03&all=1&as_of=2024-04-16T09:00&page={n}" for n in (0, 99)),
]
REFUSED = {
    **dict.fromkeys(("page=-1", "page=x", "page=1.5", "page=", "page=" + "9" * 30), 404),
    **dict.fromkeys(("page=1&group=unit", "page=1&detail=all", "page=1&columns=none"), 400),
    **dict.fromkeys(("page=1&unit=ty", "page=1&decimals=4", "page=1&split=no"), 400),
    **dict.fromkeys(("page=1&version=7&period=2024-03", "page=1&period=2099-01"), 404),
}


def test_each_page_says_the_same_with_sums_and_without(sums, demo, client_for, read):  # noqa: F811
    make_column_set(
        demo, "rate_total", "plan_total", report="consolidated", name=SET,
        headings={"plan_total": "Vốn giao"},
    )  # fmt: skip
    leader, unit = client_for("leader"), client_for("investor", *units_of(demo)[:3])
    found = []
    for are_there in (True, False):
        sums(are_there=are_there)
        found.append([answer(leader, address) for address in ASKED])
        assert (len(read) < len(ASKED) - 10) == are_there
        found[-1] += [answer(unit, address) for address in ASKED[::3]]
    for address, with_sums, without in zip([*ASKED, *ASKED[::3]], *found, strict=True):
        assert with_sums == without, address


def test_what_can_be_no_page_and_no_parameter_is_refused(sums, client_for):
    leader = client_for("leader")
    for more, status in REFUSED.items():
        assert leader.get(f"{REPORTS}consolidated?{more}").status_code == status, more


def test_a_unit_is_shown_its_own_rows_alone(sums, demo, client_for):  # noqa: F811
    """On pages and in files, with their own totals and counts."""
    every = units_of(demo)
    mine, foreign = ({one.short_name for one in units} for units in (every[:2], every[2:]))
    projects = demo.scalars(sa.select(Project).where(Project.investor_id.not_in(
        [one.id for one in every[:2]]
    )))  # fmt: skip
    foreign |= {one.name for one in projects}
    unit = client_for("investor", *every[:2])
    query = {"version": "live", "unit": "dong", "detail": "project"}
    address = "&".join(f"{key}={value}" for key, value in query.items())
    pages = pages_of(unit, f"consolidated?period=2024-03&{address}")
    rows = rows_on(pages)
    lines = lines_of(unit, address)
    said = [page.text for page in pages] + [str(lines), str(rows_of(document(unit, **query)))]
    said.append(str(body(sheet_of(fetched(unit, **query)))))
    for text in said:
        assert not [name for name in foreign if name in text]
    assert {row["investor"] for row in lines} == {"", *mine}
    for key, n in (("plan_total", 3), ("disbursed_total", 11)):
        own = [number(row[key]) for row in lines if row["level"] == "project"]
        assert sum(own) == number(lines[0][key]) == number(rows[0][n]) > 0
    assert len(rows) == len(lines)


def lines_of(client, address):
    """The lines of the file of rows."""
    address = f"{REPORTS}consolidated.csv?period=2024-03&headers=keys&{address}"
    return list(csv.DictReader(io.StringIO(client.get(address).data.decode("utf-8-sig"))))


def number(cell):
    """A figure as a page, a workbook or a file of rows has it."""
    if cell in ("", None):
        return None
    if isinstance(cell, str) and not re.fullmatch(r"-?\d+\.\d\d", cell):
        cell = cell.replace(".", "").replace(",", ".").replace("−", "-")
    return round(float(cell), 2)


@pytest.fixture
def rounded(demo):  # noqa: F811
    """Projects whose plans lie at the border of what is rounded up, or a đồng beside it."""
    part = make_component(demo)
    for n, half in enumerate((500, 500_000)):
        for more in (-1, 0, 1):
            project = make_project(demo, code=f"R{n}{more}", component=part)
            make_allocation(demo, 7_000_000 + half + more, project=project)
    demo.commit()
    return part


def test_amounts_are_rounded_alike_on_a_page_and_whole(
    rounded, sums, client_for, monkeypatch, read
):
    leader = client_for("leader")
    for money, decimals in (("dong", ""), ("nghin", "0"), ("trieu", "0"), ("trieu", "")):
        address = f"consolidated?{LIVE}&detail=project&unit={money}&decimals={decimals}"
        read.clear()
        pages = pages_of(leader, address)[-2:]  # there the rounded ones are
        assert read == []
        with monkeypatch.context() as patch:
            patch.setattr(report_part, "AT_ONCE", 10_000)
            whole = leader.soup(REPORTS + address)
        rows = rows_on(pages)
        assert rows == [cells for cells, _links in shown(whole)][-len(rows) :], address
        assert {NOTE in page.text for page in pages} == {NOTE in whole.text}, address


@pytest.mark.parametrize("group", ["component", "investor"])
def test_files_have_the_rows_of_the_pages(rounded, sums, client_for, read, group):
    leader = client_for("leader")
    query = {"version": "live", "unit": "dong", "detail": "project", "group": group}
    address = "&".join(f"{key}={value}" for key, value in query.items())
    pages = pages_of(leader, f"consolidated?period=2024-03&{address}")
    assert read == []
    # a badge, and of how many projects an estimate is known, stand on the screen alone
    rows = [[cell.removesuffix(" Số cũ") for cell in row] for row in rows_on(pages)]
    rows = [[*row[:18], "" if "/" in row[18] else row[18], *row[19:]] for row in rows]
    assert rows_of(document(leader, **query)) == rows
    as_numbers = [[number(cell) if 2 < n < 19 else cell for n, cell in enumerate(row)]
                  for row in rows]  # fmt: skip
    cells = body(sheet_of(fetched(leader, **query), values=True))
    assert [[number(cell) if 2 < n < 19 else cell or "" for n, cell in enumerate(row[:22])]
            for row in cells] == as_numbers  # fmt: skip
    lines = lines_of(leader, address)
    keys = [key for key in lines[0] if key not in ("level", "code")]
    assert [[number(row[key]) if 2 < n < 19 else row[key] for n, key in enumerate(keys)]
            for row in lines] == as_numbers  # fmt: skip
