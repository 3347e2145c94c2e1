"""Every page that shows sums, for random districts, against the raw rows.

The raw sums are written down here once more, from what was put in, row by row: nothing of the
product's queries is used, so that one slip cannot hide in both.
"""

import csv
import io
import random
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine

from models import CapitalTransfer, Period, SentDisbursement, SentEntry, Succession
from tests.factories import (
    make_allocation,
    make_disbursement,
    make_entry,
    make_expected,
    make_investor,
    make_line,
    make_org_event,
    make_period,
    make_project,
    make_sending,
    make_submission,
)

BUDGET = ("NSTW", "NST", "NSH", "NSX")
NAMES = ("advance", "completed", "recovered", "returned", "correction")
MONTHS = ("2024-01", "2024-02", "2024-03", "2024-04")
MERGED_ON = date(2024, 3, 15)
NOW = datetime(2024, 5, 20, 3, tzinfo=UTC)
COUNTS = {"submitted": ("submitted", "accepted"), "accepted": ("accepted",)}


@dataclass
class Money:
    """What was put in: one amount row with the months and bases on which it counts."""

    month: str
    allocation: object
    amounts: dict
    bases: frozenset
    is_working: bool

    @property
    def net(self):
        a = self.amounts
        return a["advance"] + a["completed"] - a["recovered"] - a["returned"] + a["correction"]


@dataclass
class District:
    periods: dict = field(default_factory=dict)
    investors: list = field(default_factory=list)
    projects: list = field(default_factory=list)
    allocations: list = field(default_factory=list)
    lines: list = field(default_factory=list)
    money: list = field(default_factory=list)
    reports: dict = field(default_factory=dict)
    moved: tuple = ()

    def holder(self, allocation, day):
        """With which allocation an amount counts on a day."""
        if self.moved and allocation is self.moved[0] and day >= MERGED_ON:
            return self.moved[1]
        return allocation

    def nets(self, months, day, basis="submitted", memo=False):
        """Net by allocation in these months, as of the day."""
        found = defaultdict(int)
        for row in self.money:
            wanted = memo or row.allocation.source in BUDGET
            if row.month in months and basis in row.bases and wanted:
                found[self.holder(row.allocation, day).id] += row.net
        return found

    def plans(self, day, memo=False):
        found = defaultdict(int)
        for allocation, amount, since in self.lines:
            if since <= day and (memo or allocation.source in BUDGET):
                found[allocation.id] += amount
        return found


def a_district(session, seed):
    """Units with capital of all kinds, months in every state, corrections, kept sendings."""
    chance = random.Random(seed)
    it = District()
    for code in MONTHS:
        it.periods[code] = make_period(session, code, opened_at=datetime(2024, 1, 2, tzinfo=UTC))
    quarter = Period(
        code="2024-Q1", kind="quarter", budget_year=2024, number=1,
        data_from=date(2024, 1, 1), data_to=date(2024, 3, 31), status="open",
        deadline_at=datetime(2024, 4, 9, 16, 59, 59, tzinfo=UTC), deadline_reason="trước ngày 10",
        opened_at=datetime(2024, 1, 2, tzinfo=UTC),
    )  # fmt: skip
    session.add(quarter)
    it.periods["2024-Q1"] = quarter
    for n in range(3):
        unit = make_investor(session, code=f"U{n}", short_name=f"Đơn vị {n}", sort_order=n)
        it.investors.append(unit)
        for period in it.periods.values():
            make_expected(session, period, unit)
        for m in range(2):
            project = make_project(session, code=f"P{n}{m}", investor=unit)
            it.projects.append(project)
            for source, vintage in chance.sample(
                [("NSTW", 2024), ("NST", 2024), ("NSH", 2023), ("HDK", 2024), ("TDCS", 2024)], 3
            ):
                nature = chance.choice(("DTPT", "SN"))
                amount = chance.randrange(900_000, 5_000_000)
                allocation = make_allocation(
                    session, amount, project=project, source=source, vintage=vintage, nature=nature
                )
                it.allocations.append(allocation)
                it.lines.append((allocation, amount, date(2024, 1, 1)))
                if chance.random() < 0.4:
                    more, day = chance.randrange(1, 500_000), date(2024, chance.randrange(2, 6), 9)
                    make_line(session, allocation, kind="supplement", amount=more, effective_on=day)
                    it.lines.append((allocation, more, day))
    for unit in it.investors:
        for code in MONTHS:
            _report(session, it, chance, unit, code)
    if chance.random() < 0.7:
        _move(session, it, chance)
    session.commit()
    return it


def _report(session, it, chance, unit, code):
    status = chance.choice(("accepted", "accepted", "submitted", "draft", "returned", None))
    if status is None:
        return
    report = make_submission(
        session, period=it.periods[code], investor=unit, status=status,
        **({} if status != "draft" else _moments(chance)),
    )  # fmt: skip
    it.reports[unit.id, code] = report
    _content(session, it, chance, report, code, unit, _bases(status), working=True)
    if report.first_submitted_at is None or chance.random() < 0.4:
        return
    # sendings kept of the same report, the last that was not returned stands
    outcomes = [
        chance.choice(("waiting", "accepted", "returned")) for _ in range(chance.randrange(1, 4))
    ]
    sent = [n for n, one in enumerate(outcomes) if one != "returned"]
    taken = [n for n, one in enumerate(outcomes) if one == "accepted"]
    for n, outcome in enumerate(outcomes):
        stands = {
            "submitted": "submitted" not in _bases(status) and sent[-1:] == [n],
            "accepted": "accepted" not in _bases(status) and taken[-1:] == [n],
        }
        kept = make_sending(
            session, report, number=n + 1, outcome=outcome,
            stands_submitted=stands["submitted"], stands_accepted=stands["accepted"],
        )  # fmt: skip
        bases = frozenset(basis for basis, is_so in stands.items() if is_so)
        _content(session, it, chance, kept, code, unit, bases, working=False)


def _moments(chance):
    at = datetime(2024, 2, 5, tzinfo=UTC)
    return chance.choice(({}, {"first_submitted_at": at, "last_submitted_at": at}))


def _bases(status):
    return frozenset(basis for basis, statuses in COUNTS.items() if status in statuses)


def _content(session, it, chance, parent, code, unit, bases, *, working):
    for project in [one for one in it.projects if one.investor is unit]:
        if chance.random() < 0.2:
            continue
        if working:
            entry = make_entry(session, submission=parent, project=project)
        else:
            entry = SentEntry(investor_id=unit.id, sending_id=parent.id, project_id=project.id)
            session.add(entry)
            session.flush()
        for allocation in [one for one in it.allocations if one.project is project]:
            if chance.random() < 0.25:
                continue
            completed = chance.randrange(0, 400_000)
            amounts = {
                "advance": chance.choice((0, chance.randrange(0, 90_000))),
                "completed": completed,
                "recovered": chance.choice((0, chance.randrange(0, completed + 1))),
                "returned": chance.choice((0, 0, chance.randrange(0, 9_000))),
                "correction": chance.choice((0, 0, chance.randrange(-9_000, 9_000))),
            }
            if working:
                make_disbursement(session, entry, allocation, **amounts)
            else:
                session.add(
                    SentDisbursement(
                        investor_id=unit.id, entry_id=entry.id, allocation_id=allocation.id,
                        **amounts,
                    )
                )  # fmt: skip
            it.money.append(Money(code, allocation, amounts, bases, working))


def _move(session, it, chance):
    """From 15 March an allocation of the first unit counts with one of the second."""
    first = [one for one in it.allocations if one.investor_id == it.investors[0].id]
    second = [one for one in it.allocations if one.investor_id == it.investors[1].id]
    pairs = [
        (a, b) for a in first for b in second if (a.source, a.vintage) == (b.source, b.vintage)
    ]
    if not pairs:
        return
    before, after = it.moved = chance.choice(pairs)
    event = make_org_event(session)
    session.add_all(
        [
            CapitalTransfer(
                investor_id=before.investor_id, allocation_id=before.id,
                to_investor_id=after.investor_id, to_allocation_id=after.id,
                event_id=event.id, effective_on=MERGED_ON,
            ),
            Succession(
                investor_id=before.investor_id, successor_id=after.investor_id,
                event_id=event.id, effective_on=MERGED_ON,
            ),
        ]
    )  # fmt: skip


@pytest.fixture(params=[1, 2, 3, 4])
def district(request, session):
    with time_machine.travel(NOW, tick=False):
        yield a_district(session, request.param)


def upto(code):
    return [one for one in MONTHS if one <= code] if "Q" not in code else list(MONTHS[:3])


def months_of(code):
    return [code] if "Q" not in code else list(MONTHS[:3])


def written(amount):
    return f"{amount:,}".replace(",", ".")


def whole(text):
    """The first amount printed in a text."""
    found = re.search(r"[-−]?\d{1,3}(?:\.\d{3})*(?!\d)", text)
    assert found, text
    return int(found[0].replace(".", "").replace("−", "-"))


def rate(part, plan):
    if not plan:
        return ""
    return str((Decimal(part) * 100 / Decimal(plan)).quantize(Decimal("0.01"), "ROUND_HALF_UP"))


def by_owner(sums, allocations, owner):
    found = defaultdict(int)
    for allocation in allocations:
        found[owner(allocation)] += sums[allocation.id]
    return found


def cells(table, row):
    """The cells of a row by the headings of its table."""
    return {
        cell["data-label"]: cell.get_text(" ", strip=True)
        for cell in row.select("td[data-label], th[data-label]")
    }


@pytest.mark.parametrize("basis", ["submitted", "accepted"])
@pytest.mark.parametrize("group", ["component", "investor"])
def test_the_consolidated_file_is_the_raw_rows(district, client_for, basis, group):
    leader = client_for("leader")
    for code, period in district.periods.items():
        reply = leader.get(
            f"/admin/reports/consolidated.csv?period={code}&basis={basis}&group={group}"
            "&detail=project&headers=keys"
        )
        rows = list(csv.DictReader(io.StringIO(reply.data.decode("utf-8-sig"), newline="")))
        day = period.data_to
        plan = by_owner(district.plans(day), district.allocations, lambda a: a.project.code)
        paid = district.nets(upto(code), day, basis)
        now = district.nets(months_of(code), day, basis)
        total = by_owner(paid, district.allocations, lambda a: a.project.code)
        month = by_owner(now, district.allocations, lambda a: a.project.code)
        old = [one for one in district.allocations if one.vintage < 2024]
        carried = by_owner(paid, old, lambda a: a.project.code)
        shown = {row["code"]: row for row in rows if row["level"] == "project"}
        for project in district.projects:
            row = shown.get(project.code)
            if row is None:
                assert plan[project.code] == total[project.code] == 0
                continue
            found = {
                key: int(row[key])
                for key in (
                    "plan_total", "disbursed_month", "disbursed_total", "disbursed_carried",
                    "remaining",
                )
            }  # fmt: skip
            assert found == {
                "plan_total": plan[project.code],
                "disbursed_month": month[project.code],
                "disbursed_total": total[project.code],
                "disbursed_carried": carried[project.code],
                "remaining": plan[project.code] - total[project.code],
            }
            assert row["rate_total"] == rate(total[project.code], plan[project.code])
        [top] = [row for row in rows if row["level"] == "total"]
        assert int(top["disbursed_total"]) == sum(paid.values())
        assert int(top["plan_total"]) == sum(district.plans(day).values())


def test_screen_ranking_home_and_explanation_are_the_raw_rows(district, client_for):
    leader = client_for("leader")
    for code, period in district.periods.items():
        day = period.data_to
        paid, now = district.nets(upto(code), day), district.nets(months_of(code), day)
        plan = district.plans(day)
        page = leader.soup(f"/admin/reports/consolidated?period={code}&unit=dong&detail=project")
        numbers = {
            cell.get_text(" ", strip=True)
            for cell in page.select_one("tr.level-total").select("td")
        }
        expected = {written(sum(plan.values())), written(sum(paid.values())),
                    written(sum(now.values()))}  # fmt: skip
        assert expected <= numbers
        explained = leader.soup(f"/admin/reports/explain?period={code}&column=disbursed_total")
        feet = explained.select("tfoot td")
        assert (whole(feet[-1].text) if feet else 0) == sum(paid.values())
        reply = leader.get(f"/admin/reports/ranking.csv?period={code}&headers=keys")
        units = by_owner(paid, district.allocations, lambda a: a.project.investor.code)
        plans = by_owner(plan, district.allocations, lambda a: a.project.investor.code)
        for row in csv.DictReader(io.StringIO(reply.data.decode("utf-8-sig"), newline="")):
            assert int(row["disbursed_total"]) == units[row["code"]]
            assert int(row["plan_total"]) == plans[row["code"]]
            assert row["rate_total"] == rate(units[row["code"]], plans[row["code"]])
    home = leader.soup("/admin/?period=2024-04")
    values = [one.text for one in home.select(".figures-home .figure-value")]
    last = district.nets(MONTHS, date(2024, 4, 30))
    shown = Decimal(values[1].split()[0].replace(".", "").replace(",", "."))
    assert shown == (Decimal(sum(last.values())) / 1_000_000).quantize(shown)


def test_records_are_the_raw_rows(district, client_for):
    officer = client_for("officer")
    today = NOW.date()
    paid = district.nets(MONTHS, today, memo=True)
    plan = district.plans(today, memo=True)
    for project in district.projects:
        page = officer.soup(f"/admin/project/details/?id={project.id}")
        mine = [one for one in district.allocations if one.project is project]
        for allocation in mine:
            link = page.select_one(f'a[href$="/admin/allocation/details/?id={allocation.id}"]')
            row = [whole(cell.text) for cell in link.find_parent("tr").select("td.num")[:3]]
            assert row == [
                plan[allocation.id], paid[allocation.id], plan[allocation.id] - paid[allocation.id]
            ]  # fmt: skip
        budget = [one for one in mine if one.source in BUDGET]
        feet = page.select("tfoot tr")
        assert len(feet) == (1 if budget else 0)
        if budget:
            whole_plan = sum(plan[one.id] for one in budget)
            whole_paid = sum(paid[one.id] for one in budget)
            got = [one.get_text(strip=True) for one in feet[0].select("td.num")]
            assert [whole(text) for text in got[:3]] == [
                whole_plan, whole_paid, whole_plan - whole_paid
            ]  # fmt: skip
            assert got[3].replace(",", ".") == rate(whole_paid, whole_plan)
    for allocation in district.allocations:
        page = officer.soup(f"/admin/allocation/details/?id={allocation.id}")
        values = [whole(one.text) for one in page.select(".figure-value")[:3]]
        assert values[:2] == [plan[allocation.id], paid[allocation.id]]


def test_entries_are_the_raw_rows(district, client_for, session):
    from models import ProgressEntry

    officer = client_for("officer")
    listed = officer.get("/admin/entry/export/csv/")
    rows = list(csv.reader(io.StringIO(listed.data.decode("utf-8-sig"), newline="")))
    column = rows[0].index("Giải ngân trong kỳ (đồng)")
    file = {(row[0], row[4]): row[column] for row in rows[1:]}
    for entry in session.query(ProgressEntry):
        code = entry.submission.period.code
        mine = [
            row for row in district.money
            if row.is_working and row.month == code
            and row.allocation.project_id == entry.project_id
        ]  # fmt: skip
        net = sum(row.net for row in mine if row.allocation.source in BUDGET)
        assert int(file[code, entry.project.code] or 0) == net
        page = officer.soup(f"/admin/entry/details/?id={entry.id}")
        if mine:
            assert whole(page.select_one("tfoot td").text) == net
        for row in mine:
            link = page.select_one(f'a[href$="/admin/allocation/details/?id={row.allocation.id}"]')
            got = [whole(cell.text) for cell in link.find_parent("tr").select("td.num")]
            assert got == [*(row.amounts[name] for name in NAMES), row.net]


def test_review_is_the_raw_rows(district, client_for):
    officer = client_for("officer")
    for code, period in district.periods.items():
        page = officer.soup(f"/admin/review/{code}")
        now = district.nets(months_of(code), period.data_to)
        units = by_owner(now, district.allocations, lambda a: a.project.investor_id)
        for unit in district.investors:
            link = page.select_one(f'a[href$="/admin/review/{code}/{unit.id}"]')
            cell = link.find_parent("tr").select_one('td[data-label="Kỳ này, đồng"]')
            text = cell.get_text(" ", strip=True)
            assert (0 if text.startswith("–") else whole(text)) == units[unit.id], (code, unit.id)
        foot = page.select_one("tfoot")
        if foot is not None:
            assert whole(foot.select_one("td.num").text) == sum(units.values())


def test_pages_of_a_unit_are_the_raw_rows(district, client_for):
    officer = client_for("officer")
    for unit in district.investors:
        own = [one for one in district.allocations if one.investor_id == unit.id]
        reader = client_for("investor", unit)
        for code in MONTHS:
            day = district.periods[code].data_to
            before = known_before(district, code, day)
            typed = defaultdict(int)
            for row in district.money:
                if row.is_working and row.month == code and row.allocation.source in BUDGET:
                    typed[row.allocation.id] += row.net
            plan = district.plans(day)
            sums = {
                "plan": sum(plan[one.id] for one in own),
                "before": sum(before[one.id] for one in own if one.source in BUDGET),
                "now": sum(typed[one.id] for one in own),
            }
            expected = [
                sums["plan"], sums["before"], sums["now"], sums["before"] + sums["now"],
                sums["plan"] - sums["before"] - sums["now"],
            ]  # fmt: skip
            pages = [reader.soup(f"/admin/my-report/{code}?investor={unit.id}")]
            if (unit.id, code) in district.reports:
                pages.append(officer.soup(f"/admin/review/{code}/{unit.id}"))
            for page in pages:
                shown = page.select(".sheet-sums dd")
                assert [whole(one.text) for one in shown[:5]] == expected, (unit.code, code)
        page = reader.soup(f"/admin/my-report/2024-Q1?investor={unit.id}")
        day = district.periods["2024-Q1"].data_to
        foot = [whole(one.text) for one in page.select(".quarter-table tfoot td.num")[2:5]]
        months = [district.nets([code], day) for code in MONTHS[:3]]
        assert foot == [sum(one[mine.id] for mine in own) for one in months]


def known_before(district, code, day):
    """What the unit goes by: of each earlier report what counts, or else its draft."""
    found = defaultdict(int)
    for row in district.money:
        stands = any(
            other.month == row.month and "submitted" in other.bases and not other.is_working
            for other in district.money
            if other.allocation.investor_id == row.allocation.investor_id
        ) or _empty_kept(district, row)
        counts = "submitted" in row.bases if not row.is_working else not stands
        if row.month < code and counts:
            found[district.holder(row.allocation, day).id] += row.net
    return found


def _empty_kept(district, row):
    """A kept sending stands that happens to hold no amount."""
    report = district.reports.get((row.allocation.investor_id, row.month))
    return report is not None and any(one.stands_submitted for one in _kept(report))


def _kept(report):
    from sqlalchemy import select
    from sqlalchemy.orm import object_session

    from models import Sending

    return object_session(report).scalars(select(Sending).where(Sending.submission_id == report.id))


def test_nothing_else_adds_money_up():
    """The adder is one: no other module and no template sums nets or asks which reports count."""
    root = Path(__file__).parent.parent
    apart = {
        "models/ledger/paid.py",
        "models/ledger/entry_nets.py",  # the adder's second file
        "models/returns/register.py",  # chooses sent reports for their words; adds nothing
        "reports/consolidated/proof.py",  # written apart on purpose
    }
    signs = re.compile(
        r"func\.sum\([^)]*\bnet\b|COUNTED\[[^]]*\]\)|"
        r"sum\(attribute=\"(?:net|plan|before|this_period|after|remaining|quarter|months)\""
    )
    found = [
        f"{path.relative_to(root)}: {match[0]}"
        for folder, ending in (
            ("models", "py"),
            ("reports", "py"),
            ("admin", "py"),
            ("templates", "html"),
        )
        for path in sorted((root / folder).rglob(f"*.{ending}"))
        if str(path.relative_to(root)) not in apart
        for match in signs.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []
