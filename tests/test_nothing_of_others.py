"""A marked text in every field of one unit, and in what the office writes about it: no page and no
file shows it to another unit, and what a unit reads never passes for the whole district.
"""

import re
import zipfile
from collections import Counter, deque
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup, SoupStrainer
from flask import Flask
from sqlalchemy import Enum, String, inspect, select
from sqlalchemy.orm import Session

from models import (
    Actor,
    AuditEntry,
    Base,
    Digest,
    ExpectedChange,
    Explanation,
    ImportFile,
    ImportMap,
    ImportRun,
    Investor,
    LoginAttempt,
    Reminder,
    RunStatus,
    SentDisbursement,
    SentEntry,
    SubmissionEvent,
    TreasuryStatement,
)
from models.base import new_id, now
from models.base.bounds import REACHED, scoped_models
from models.sheets import Kind
from reports.frozen import freeze, lock_and_freeze
from tests.factories import (
    make_allocation,
    make_component,
    make_decision,
    make_disbursement,
    make_entry,
    make_expected,
    make_former_name,
    make_investor,
    make_letter_head,
    make_line,
    make_obstacle,
    make_org_event,
    make_period,
    make_project,
    make_remark,
    make_reopening,
    make_sending,
    make_statement,
    make_submission,
    make_treasury_line,
)

MARK = "zqdau"
WHO = Actor(None, "Cán bộ")
MOST_PAGES = 400
NO_PAGES = re.compile(r"/static/|^/logout")
# words of a fixed meaning, or read by the program
NOT_TYPED = {"basis", "subject", "rule", "action", "resource", "row_id", "token_hash"}
# these bear the mark from the beginning
NEVER_CHANGED = {"sent_entry", "sent_disbursement"}


def fill(session: Session, component: Any, periods: list[Any], words: str) -> Investor:
    """A row of every owned table for a new unit, in a locked and in an open month; `words` in
    what is never changed once it is there.
    """
    unit = make_investor(session)
    project = make_project(session, investor=unit, component=component)
    capital = make_allocation(session, amount=900_000_000, project=project)
    event = make_org_event(session)
    make_former_name(
        session,
        event,
        unit,
        code="CU",
        name="Tên cũ",
        short_name="Cũ",
        valid_from=date(2020, 1, 1),
        valid_to=date(2023, 12, 31),
    )
    at = datetime(2024, 4, 5, tzinfo=UTC)
    for period in periods:
        make_expected(session, period, unit, note="ghi chú")
        report = make_submission(session, investor=unit, period=period, status="submitted")
        entry = make_entry(session, submission=report, project=project, progress_text="tiến độ")
        make_disbursement(session, entry, capital, completed=5_000_000)
        make_remark(session, report)
        keep_sending(session, report, project, capital, words)
        make_reopening(session, period=period, investor=unit)
        session.add_all(
            [
                ExpectedChange(
                    investor_id=unit.id,
                    period_id=period.id,
                    added=True,
                    by_hand=True,
                    cause="By hand: %(reason)s",
                    finding=None,
                    details={"reason": words},
                    at=at,
                    user_name="Cán bộ",
                ),
                Explanation(
                    investor_id=unit.id,
                    submission_id=report.id,
                    rule="V2",
                    subject="report",
                    text="giải trình",
                ),
                SubmissionEvent(
                    investor_id=unit.id,
                    submission_id=report.id,
                    kind="returned",
                    at=at,
                    user_name="Cán bộ",
                    reason="trả",
                ),
            ]
        )
    make_obstacle(session, project=project)
    statement = session.query(TreasuryStatement).first() or make_statement(session)
    make_treasury_line(session, project=project, statement=statement)
    bring_in(session, unit, periods[-1], words)
    session.flush()
    return unit


def bring_in(session: Session, unit: Investor, period: Any, words: str) -> None:
    """A file that the unit brought in, and what was said about its sheet."""
    finding = {"level": "warning", "code": "x", "message": "%(said)s", "values": {"said": words}}
    place = {"at": ["T4", "B2", words, words], "options": [], "is_check": False, "for_file": False}
    run = ImportRun(
        investor_id=unit.id,
        kind=Kind.MONTHLY,
        status=RunStatus.READY,
        period_id=period.id,
        unit_code=unit.code,
        file_name="thang 4.csv",
        sha256="0" * 64,
        size=1,
        ask={},
        counts={"new": 1},
        found={},
        user_name="Kế toán",
        started_at=now(),
        result={"findings": [finding | place], "rows": [], "sheets": [], "pictures": []},
    )
    session.add(run)
    session.flush()
    session.add(ImportFile(run_id=run.id, investor_id=unit.id, content=words.encode()))
    session.add(
        ImportMap(
            investor_id=unit.id,
            sender=unit.code,
            kind=Kind.MONTHLY,
            fingerprint="0",
            headings=[words],
            columns={},
            answers={"unit_unclear": words},
            file_name="thang 4.csv",
            user_name="Kế toán",
            at=now(),
        )
    )


def keep_sending(session: Session, report: Any, project: Any, capital: Any, words: str) -> None:
    """An earlier sending of the report, kept whole."""
    kept = make_sending(
        session,
        report,
        explanations=[{"rule": "V2", "subject": "report", "text": words}],
    )
    entry = SentEntry(
        id=new_id(),
        investor_id=kept.investor_id,
        sending_id=kept.id,
        project_id=project.id,
        progress_text=words,
        obstacles=words,
        proposals=words,
    )
    session.add(entry)
    session.flush()
    session.add(
        SentDisbursement(
            investor_id=kept.investor_id,
            entry_id=entry.id,
            allocation_id=capital.id,
            completed=4_000_000,
            correction=1,
            correction_reason=words,
            return_document=words,
        )
    )
    session.flush()


def plant(session: Session, unit: Investor) -> set[str]:
    """The mark in every text of the unit's rows; the tables in which it lies."""
    planted = set(NEVER_CHANGED)
    number = 0
    for model, key in scoped_models():
        if model.__tablename__ in NEVER_CHANGED:  # type: ignore[attr-defined]
            continue
        if model is AuditEntry or model.__tablename__ == "version_part":  # type: ignore[attr-defined]
            continue
        for row in session.scalars(select(model).where(getattr(model, key) == unit.id)):
            for column in inspect(model).columns:
                kind = column.type
                if not isinstance(kind, String) or isinstance(kind, Enum):
                    continue
                name = inspect(model).get_property_by_column(column).key
                if name in NOT_TYPED or name == "search_text":
                    continue
                number += 1
                setattr(row, name, f"{MARK}{number}"[: kind.length or 40])
                planted.add(model.__tablename__)  # type: ignore[attr-defined]
        session.flush()
    return planted


@pytest.fixture
def district(session: Session) -> dict[str, Any]:
    """Two units with the same rows; the first bears the mark wherever it can be read."""
    component = make_component(session)
    locked, still_open = make_period(session, "2024-03"), make_period(session, "2024-04")
    first = fill(session, component, [locked, still_open], f"{MARK}90")
    other = fill(session, component, [locked, still_open], "lời khác")
    planted = plant(session, first)
    decision = make_decision(
        session, number=f"{MARK}91/QĐ", issuer=f"{MARK}92", summary=f"{MARK}93"
    )
    event = make_org_event(session, decision=decision, summary=f"{MARK}94", done_by=f"{MARK}95")
    make_former_name(
        session,
        event,
        first,
        code=f"{MARK}96",
        name=f"{MARK}97",
        short_name=f"{MARK}98",
        valid_from=date(2019, 1, 1),
        valid_to=date(2019, 12, 31),
    )
    make_letter_head(session)
    lock_and_freeze(session, locked, at=now() - timedelta(hours=1), actor=WHO)
    freeze(session, locked, reason=f"{MARK}99: sai số", at=now(), actor=WHO)
    session.commit()
    return {"first": first, "other": other, "planted": planted, "decision": decision}


def pages_of(
    client: Any, app: Flask, *, of_a_kind: int = MOST_PAGES, but: re.Pattern[str] = NO_PAGES
) -> dict[str, Any]:
    """Every address that links, lists, files and ids lead to, with what it answers; at most
    `of_a_kind` that differ in their numbers and questions alone, and none that is like `but`.
    """
    found: dict[str, Any] = {}
    kinds: Counter[str] = Counter()
    waiting = deque(["/admin/"])
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and not rule.arguments and rule.endpoint != "static":
            waiting.append(str(rule))
    while waiting and len(found) < MOST_PAGES:
        address = waiting.popleft()
        if address in found or but.search(address):
            continue
        kinds[kind := re.sub(r"\d{4}-\d\d|\d+", "0", address.partition("?")[0])] += 1
        if kinds[kind] > of_a_kind:
            continue
        reply = client.get(address)
        reply.data  # noqa: B018  files are streamed
        found[address] = reply
        if "html" not in reply.headers.get("Content-Type", ""):
            continue
        links = BeautifulSoup(reply.text, "lxml", parse_only=SoupStrainer(["a", "link"]))
        for link in links.select("[href]"):
            target = urldefrag(urljoin(f"http://localhost{address}", link["href"]))[0]
            parts = urlsplit(target)
            if parts.netloc == "localhost" and parts.path.startswith("/admin"):
                # one order of a list is enough
                if any(
                    part in parts.query for part in ("sort=", "page_size=", "flt", "a=", "unit=")
                ):
                    continue
                waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    return found


def text_of(reply: Any) -> str:
    """What an answer says; of a spreadsheet or a Word file, what its parts say."""
    if not reply.data.startswith(b"PK"):
        return str(reply.text)
    with zipfile.ZipFile(BytesIO(reply.data)) as parts:
        return "\n".join(parts.read(name).decode(errors="replace") for name in parts.namelist())


def leaks(pages: dict[str, Any]) -> dict[str, str]:
    """Address → where the mark stands in what it answers."""
    return {
        address: text[max(0, text.lower().find(MARK) - 80) :][:200]
        for address, text in ((address, text_of(reply)) for address, reply in pages.items())
        # a search page repeats what was asked for
        if MARK in text.lower().replace(f"search={MARK}", "").replace(f'"{MARK}"', "")
        and f"“{MARK}”" not in text
    }


def named(session: Session, unit: Investor) -> list[str]:
    """Addresses that name the rows of the unit by their ids, which no page links to."""
    found = []
    for model, key in scoped_models():
        resource = model.__tablename__.removeprefix("progress_")  # type: ignore[attr-defined]
        if not hasattr(model, "id"):
            continue
        for row_id in session.scalars(select(model.id).where(getattr(model, key) == unit.id)):
            found += [
                f"/admin/{resource}/details/?id={row_id}",
                f"/admin/{resource}/edit/?id={row_id}",
                f"/admin/my-report/2024-03?investor={row_id}",
                f"/admin/reports/explain?period=2024-03&column=disbursed_total&investor={row_id}",
                f"/admin/reports/explain?period=2024-03&column=disbursed_total&project={row_id}",
                f"/admin/reports/late/why?period=2024-03&investor={row_id}",
                f"/admin/imports/{row_id}",
                f"/admin/imports/{row_id}.json",
                f"/admin/imports/{row_id}/file",
                f"/admin/imports/{row_id}/marked.xlsx",
                f"/admin/imports/maps/{row_id}",
            ]
    return found


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # the scope knows no database
def test_no_page_and_no_file_shows_a_text_of_another_unit(
    app: Flask, client_for: Callable[..., Any], session: Session, district: dict[str, Any]
) -> None:
    owned = {
        model.__tablename__  # type: ignore[attr-defined]
        for model, _key in scoped_models()
        if any(
            isinstance(c.type, String) and not isinstance(c.type, Enum) and c.name not in NOT_TYPED
            for c in inspect(model).columns
        )
    }
    without_rows = {
        "audit_entry", "version_part", "capital_transfer", "project_succession", "succession",
    }  # fmt: skip
    assert owned - without_rows - {Reminder.__tablename__} <= district["planted"]

    client = client_for("investor", district["other"])
    pages = pages_of(client, app)
    assert len(pages) > 60
    assert any(address.endswith("csv") or ".csv?" in address for address in pages)
    for kind in (".xlsx", ".docx"):
        assert sum(kind in address and pages[address].status_code == 200 for address in pages) >= 6
    for address in named(session, district["first"]):
        pages[address] = client.get(address)
        pages[address].data  # noqa: B018
    for address in (
        f"/admin/decision/details/?id={district['decision'].id}",
        f"/admin/decision/?search={MARK}",
        f"/admin/obstacle/?search={MARK}",
        f"/admin/project/?search={MARK}",
        f"/admin/entry/ajax/lookup/?name=project&query={MARK}",
        "/admin/versions/2024-03",
        "/admin/versions/2024-03/compare?a=1&b=2",
    ):
        pages[address] = client.get(address)
    assert leaks(pages) == {}
    assert {r.status_code for a, r in pages.items()} <= {200, 302, 303, 308, 400, 403, 404, 422}


def test_the_unit_itself_and_the_office_read_their_texts(
    client_for: Callable[..., Any], session: Session, district: dict[str, Any]
) -> None:
    own, office = client_for("investor", district["first"]), client_for("officer")
    assert MARK in own.get("/admin/my-report/2024-04").text
    assert f"{MARK}99" in office.get("/admin/versions/2024-03").text
    assert f"{MARK}93" in office.get("/admin/decision/").text
    assert f"{MARK}93" in own.get("/admin/decision/").text  # of an act on itself
    assert (
        f"{MARK}99" not in own.get("/admin/versions/2024-03").text
    )  # not about it, as far as known


def test_a_decision_tells_a_unit_of_its_own_lines_alone(
    client_for: Callable[..., Any], session: Session
) -> None:
    """A balanced adjustment is one only for who sees both its sides."""
    one, two = make_project(session), make_project(session)
    decision = make_decision(session)
    for project, amount in ((one, -1_000_000), (two, 1_000_000)):
        capital = make_allocation(session, amount=5_000_000, project=project)
        make_line(session, capital, amount=amount, kind="adjust", decision=decision)
    session.commit()
    address = f"/admin/decision/details/?id={decision.id}"
    unit = client_for("investor", one.investor).get(address).text
    assert "<strong>V6</strong>" not in unit
    assert "đơn vị bạn: -1.000.000" in unit
    assert "<strong>V6</strong>" not in client_for("officer").get(address).text


def test_sums_of_a_unit_are_called_its_own(
    client_for: Callable[..., Any], session: Session, district: dict[str, Any]
) -> None:
    unit = client_for("investor", district["other"])
    changed = "/admin/versions/2024-03/compare?a=1&b=now"
    for address in (
        "/admin/reports/consolidated?period=2024-03",
        "/admin/reports/consolidated.csv?period=2024-03",
        "/admin/reports/explain?period=2024-03&column=disbursed_total",
        "/admin/reports/ranking?period=2024-03",
        changed,
    ):
        told = unit.get(address).text
        for word in ("Toàn huyện", "Cấp huyện", "TỔNG SỐ\n", "TỔNG SỐ<", "TỔNG SỐ;", "TỔNG SỐ,"):
            assert word not in told, (address, word)
    assert "TỔNG SỐ CỦA ĐƠN VỊ" in unit.get("/admin/reports/consolidated?period=2024-03").text
    assert "TỔNG SỐ CỦA ĐƠN VỊ" in unit.get("/admin/reports/consolidated.csv?period=2024-03").text
    for kind in ("xlsx", "docx"):
        file = unit.get(f"/admin/reports/consolidated.{kind}?period=2024-03")
        assert "TỔNG SỐ CỦA ĐƠN VỊ" in text_of(file)


def test_every_table_has_an_owner_or_is_known_to_speak_of_no_unit() -> None:
    """A new table with texts about units must say whom they reach."""
    owned = {model for model, _key in scoped_models()} | {model for model, _c in REACHED}
    of_all = {
        "capital_term", "column_set", "component", "form_key", "holiday", "holiday_year",
        "letter_head", "letter_template",
        "period", "rule_setting", "setting", "user_account", "user_investor",
        "sign_in", "code_maker", "recovery_code", "passkey",
        "version_paper", "office_sum",
        # its reason is kept from other units where it is read
        "report_version",
        # of the office alone
        LoginAttempt.__tablename__, Digest.__tablename__,
    }  # fmt: skip
    tables = {mapper.class_ for mapper in Base.registry.mappers}
    unknown = {cls.__tablename__ for cls in tables - owned} - of_all
    assert unknown == set()
