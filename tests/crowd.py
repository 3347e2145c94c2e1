"""Many people of many units at one running server: what they saved, and what was acknowledged.

Each has a unit with one project. A save puts the same number in the amount, the text and the
estimate of the project, so that half of a save can be told from a whole one.
"""

import http.client
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Flask
from lxml import html

from admin.access import open_session
from models import AuditEntry, Disbursement, ProgressEntry, Submission, User, db
from models.base import now, prove_chain
from tests.factories import (
    make_allocation,
    make_expected,
    make_investor,
    make_period,
    make_project,
    make_user,
)

MONTH = "2024-03"
PLAN = 900_000_000
PAGE = f"/admin/my-report/{MONTH}"
PATIENCE = 60.0
BASE = 100_000_000  # đồng; amounts are this and the number of the save


def amount(number: int) -> int:
    """What the save of this number types as an amount; large enough to be believed."""
    return BASE + number


@dataclass
class Person:
    """One unit's clerk: the cookie, what was tried and what the server said was saved."""

    unit_id: int
    cookie: tuple[str, str]
    tried: int = 0
    saved: int = 0
    saved_from: float = 0  # when the asking for it began, by the monotonic clock
    sent: int = 0
    closed: int = 0
    unsure_sent: int = 0  # sendings whose answer never came
    waited: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    lost_line: int = 0  # requests whose answer never came
    form: dict[str, str] = field(default_factory=dict)  # of the page that was opened last

    def ask(self, port: int, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and text. Raises OSError or HTTPException where the server is gone."""
        kind = "" if form is None else "application/x-www-form-urlencoded"
        body = None if form is None else urlencode(form).encode()
        return self._send(port, path, body, kind)[:2]

    def send(self, port: int, path: str, body: bytes, boundary: str) -> tuple[int, str, str]:
        """Status, text and where the answer leads, of a form with a file."""
        return self._send(port, path, body, f"multipart/form-data; boundary={boundary}")

    def _send(self, port: int, path: str, body: bytes | None, kind: str) -> tuple[int, str, str]:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        headers = {"Cookie": "=".join(self.cookie), "Host": "localhost"}
        if kind:
            headers["Content-Type"] = kind
        try:
            link.request("GET" if body is None else "POST", path, body, headers)
            reply = link.getresponse()
            text = reply.read().decode()
            for name, value in reply.getheaders():
                found = re.match(rf"{re.escape(self.cookie[0])}=([^;]+)", value)
                if name.lower() == "set-cookie" and found:
                    self.cookie = (self.cookie[0], found[1])
            return reply.status, text, reply.getheader("Location", "")
        finally:
            link.close()

    def save(self, port: int, *, action: str = "save") -> bool:
        """Open the page, type the next number everywhere, save; whether that was acknowledged."""
        try:
            status, text = self.ask(port, PAGE)
            if status != 200:
                self._count(status)
                return False
            sheet = next((one for one in html.fromstring(text).forms if is_sheet(one)), None)
            if sheet is None:
                self.closed += 1  # sent, and not given back yet
                return False
            number = self.tried + 1
            self.form = form = filled(sheet, number) | {"action": action}
            self.tried = number
            self.unsure_sent += action == "send"
            began = time.monotonic()
            status, text = self.ask(port, PAGE, form)
        except (OSError, http.client.HTTPException):
            self.lost_line += 1
            return False
        return self._answered(status, began, action=action)

    def save_again(self, port: int) -> bool:
        """Type the next number into the page that was opened last, and save once more."""
        number = self.tried + 1
        self.form |= typed(self.form, number) | {
            "version": str(int(self.form["version"]) + 1),
            "form_key": f"{self.unit_id}-{number}",
        }
        self.tried = number
        began = time.monotonic()
        status, _text = self.ask(port, PAGE, self.form)
        return self._answered(status, began, action="save")

    def _answered(self, status: int, began: float, *, action: str) -> bool:
        self.waited.append(time.monotonic() - began)
        self._count(status)
        self.unsure_sent -= action == "send" and status < 500
        if status != 303:
            return False
        self.saved, self.saved_from = self.tried, began
        self.sent += action == "send"
        return True

    def _count(self, status: int) -> None:
        self.statuses[status] = self.statuses.get(status, 0) + 1


def wait_for(happened: Callable[[], str]) -> str:
    """The first answer that says something; empty when none came in time."""
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        if found := happened():
            return found
        time.sleep(0.1)
    return ""


def is_sheet(form: html.FormElement) -> bool:
    """Whether a form of a page is the sheet of a report that can be typed into."""
    return "sheet" in (form.get("class") or "").split()


def filled(form: html.FormElement, number: int) -> dict[str, str]:
    """The form of the sheet with `number` in its places."""
    found = {str(name): str(value).strip() for name, value in form.form_values()}
    return found | typed(found, number)


def typed(form: Mapping[str, str], number: int) -> dict[str, str]:
    """The places of a form with `number` in them."""
    found = {}
    for name in form:
        if name.endswith(("-completed", "-estimate")):
            found[name] = str(amount(number))
        elif name.endswith("-progress_text"):
            found[name] = f"lần {number}"
    return found


def arrange(app: Flask, people: int) -> list[Person]:
    """An open month, and for each person a unit with a project, capital and an open session."""
    with app.app_context(), sa.orm.Session(db.engine) as session:
        month = make_period(session, MONTH)
        units = [make_investor(session) for _ in range(people)]
        for unit in units:
            make_expected(session, month, unit)
            project = make_project(session, investor=unit)
            make_allocation(session, amount=PLAN, project=project)
        users = []
        for unit in units:
            user = make_user(session, "investor")
            user.investors = [unit]
            users.append(user)
        session.commit()
        known = [(user.id, user.get_id(), unit.id) for user, unit in zip(users, units, strict=True)]
    with app.app_context():
        found = [Person(unit_id, cookie_of(app, user, who)) for user, who, unit_id in known]
        db.session.commit()
    return found


def cookie_of(app: Flask, user_id: int, identity: str) -> tuple[str, str]:
    """Name and value of the cookie of an open session; to be committed."""
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    content = open_session(db.session.get(User, user_id), at=now(), address="test")
    content |= {"_user_id": identity, "_fresh": True, "_permanent": True}
    return app.config["SESSION_COOKIE_NAME"], signer.dumps(content)


def faults(engine: sa.Engine, people: list[Person]) -> list[str]:
    """What is not as it was acknowledged: lost, half, or not as the audit trail tells it."""
    with engine.connect() as connection:
        wrong = [str(fault) for fault in prove_chain(connection).faults]
    with sa.orm.Session(engine) as session:
        for one in people:
            entry = session.scalars(
                sa.select(ProgressEntry).where(ProgressEntry.investor_id == one.unit_id)
            ).one_or_none()
            paid = session.scalars(
                sa.select(Disbursement).where(Disbursement.investor_id == one.unit_id)
            ).one_or_none()
            if entry is None or paid is None:
                if one.saved or (entry is None) != (paid is None):
                    wrong.append(f"unit {one.unit_id}: lost or half, {one.saved} acknowledged")
                continue
            number = paid.completed - BASE
            if not one.saved <= number <= one.tried:
                wrong.append(f"unit {one.unit_id}: {number} is there, {one.saved} acknowledged")
            if entry.progress_text != f"lần {number}" or entry.estimate != paid.completed:
                wrong.append(f"unit {one.unit_id}: half: {number} and {entry.progress_text}")
            for row, column in ((paid, "completed"), (entry, "estimate")):
                told = _last_told(session, row.__tablename__, row.id, column)
                if told != paid.completed:
                    wrong.append(f"unit {one.unit_id}: the audit says {told}, not {number}")
            reports = session.scalars(
                sa.select(Submission).where(Submission.investor_id == one.unit_id)
            ).all()
            if len(reports) != 1 or (one.sent and reports[0].first_submitted_at is None):
                wrong.append(f"unit {one.unit_id}: {len(reports)} reports, or the sending is lost")
    return wrong


def _last_told(session: sa.orm.Session, table: str, row_id: int, column: str) -> int | None:
    entries = session.scalars(
        sa.select(AuditEntry)
        .where(AuditEntry.resource == table, AuditEntry.row_id.contains(str(row_id)))
        .order_by(AuditEntry.id.desc())
    )
    return next((one.changes[column][1] for one in entries if column in one.changes), None)
