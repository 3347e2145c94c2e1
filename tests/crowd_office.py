"""The office beside the crowd: it gives reports back, locks and reopens a month, imports files."""

import http.client
import re
from dataclasses import dataclass, field
from io import BytesIO

import sqlalchemy as sa
from bs4 import BeautifulSoup
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from models import (
    AuditEntry,
    EventKind,
    ImportRun,
    Period,
    Project,
    ReportVersion,
    SentDisbursement,
    SentEntry,
    SubmissionEvent,
)
from tests.crowd import BASE, MONTH, Person, wait_for

LOCKED = "2024-02"
NEW = "/admin/imports/new"
HEADS = (
    "Mã dự án;Tên dự án;Dự án, tiểu dự án thành phần;Chủ đầu tư;Ngày bắt đầu;Ngày kết thúc;"
    "Trạng thái"
)


@dataclass
class Office(Person):
    """An officer: `locks` and `imports` are those that the server acknowledged."""

    units: list[int] = field(default_factory=list)
    unit_name: str = ""
    part_name: str = ""
    locks: int = 0
    locks_tried: int = 0
    imported: list[str] = field(default_factory=list)
    files: int = 0
    strange: list[str] = field(default_factory=list)

    def work(self, port: int) -> None:
        """One round of all that an officer does."""
        for act in (self.give_back, self.lock_and_reopen, self.bring_in):
            try:
                act(port)
            except (OSError, http.client.HTTPException):
                self.lost_line += 1

    def give_back(self, port: int) -> None:
        """Return every report that came in, so that its unit goes on."""
        for unit in self.units:
            address = f"/admin/review/{MONTH}/{unit}"
            _status, text = self.ask(port, address)
            form = hidden_of(text, "form#judge")
            if form and 'value="return"' in text:
                status, _text = self.ask(
                    port, address, form | {"action": "return", "reason": "Sửa"}
                )
                self._count(status)

    def lock_and_reopen(self, port: int) -> None:
        address = f"/admin/review/{LOCKED}"
        _status, text = self.ask(port, address)
        if (form := hidden_of(text, "form[action$='/lock']")) is not None:
            self.locks_tried += 1
            status, text = self.ask(port, f"{address}/lock", form | {"lock_reason": "Đã đủ"})
            self._count(status)
            self.locks += status == 303
        elif (form := hidden_of(text, "form[action$='/reopen']")) is not None:
            status, text = self.ask(port, f"{address}/reopen", form | {"reason": "Còn thiếu"})
            self._count(status)
        else:
            return
        if status == 422:
            self.strange.append(BeautifulSoup(text, "html.parser").get_text(" ")[:800])

    def bring_in(self, port: int) -> None:
        """A list with one new project: sent, read, carried out."""
        _status, text = self.ask(port, NEW)
        form = hidden_of(text, "form[enctype]")
        if form is None:
            return
        self.files += 1
        code = f"NHAP-{self.files}"
        row = f"{code};Dự án nhập {code};{self.part_name};{self.unit_name};01/05/2024;31/12/2024"
        row += ";Chuẩn bị"
        sheet = f"{HEADS}\n{row}\n".encode()
        given = form | {"kind": "projects", "file": FileStorage(BytesIO(sheet), f"{code}.csv")}
        boundary, body = encode_multipart(given)
        status, _text, run = self.send(port, NEW, body, boundary)
        if status != 303 or not run:
            self._count(status)
            return
        told = wait_for(lambda: self._read(port, run))
        if 'data-standing="ready"' not in told:
            if 'data-standing="broken"' not in told:
                self.strange.append(BeautifulSoup(told, "html.parser").get_text(" ")[:800])
            return
        form = hidden_of(told, "form[action$='/apply']")
        status, _text = self.ask(port, f"{run}/apply", form)
        self._count(status)
        if status == 303:
            self.imported.append(code)

    def _read(self, port: int, run: str) -> str:
        _status, text = self.ask(port, run)
        found = re.search(r'data-standing="(\w+)"', text)
        return text if found and found[1] != "reading" else ""


def hidden_of(text: str, form: str) -> dict[str, str] | None:
    """The hidden fields of a form on a page; None where it is not there."""
    found = BeautifulSoup(text, "html.parser").select_one(form)
    if found is None:
        return None
    return {
        str(one["name"]): str(one.get("value", "")) for one in found.select("input[type=hidden]")
    }


def office_faults(engine: sa.Engine, office: Office, people: list[Person]) -> list[str]:
    """What of sendings, locks and imports is lost, half or not as the trail tells it."""
    with sa.orm.Session(engine) as session:
        return [
            *_of_sendings(session, people),
            *_of_locks(session, office),
            *_of_imports(session, office),
            *office.strange,
        ]


def _of_sendings(session: sa.orm.Session, people: list[Person]) -> list[str]:
    wrong = []
    for one in people:
        acts = session.scalars(
            sa.select(SubmissionEvent.kind).where(SubmissionEvent.investor_id == one.unit_id)
        ).all()
        sent, returned = acts.count(EventKind.SENT), acts.count(EventKind.RETURNED)
        if not one.sent <= sent <= one.sent + one.unsure_sent:
            wrong.append(f"unit {one.unit_id}: {one.sent} sendings acknowledged, {sent} are there")
        rows = session.execute(
            sa.select(SentEntry.progress_text, SentEntry.estimate, SentDisbursement.completed)
            .outerjoin(
                SentDisbursement,
                (SentDisbursement.investor_id == SentEntry.investor_id)
                & (SentDisbursement.entry_id == SentEntry.id),
            )
            .where(SentEntry.investor_id == one.unit_id)
        ).all()
        whole = [text == f"lần {paid - BASE}" and paid == said for text, said, paid in rows]
        # what was sent is kept when it is given back
        if len(rows) != returned or not all(whole):
            wrong.append(f"unit {one.unit_id}: {returned} given back, kept: {rows}")
    return wrong


def _of_locks(session: sa.orm.Session, office: Office) -> list[str]:
    versions = len(
        session.scalars(sa.select(ReportVersion.id).join(Period).where(Period.code == LOCKED)).all()
    )
    told = [
        entry.changes["status"][1]
        for entry in session.scalars(
            sa.select(AuditEntry).where(AuditEntry.resource == "period").order_by(AuditEntry.id)
        )
        if "status" in entry.changes
    ]
    stored = session.scalar(sa.select(Period.status).where(Period.code == LOCKED))
    wrong = []
    if not office.locks <= versions <= office.locks_tried or told.count("locked") != versions:
        wrong.append(f"{office.locks} locks acknowledged, {versions} versions, trail: {told}")
    if told and told[-1] != stored:
        wrong.append(f"the month is {stored}, the trail says {told[-1]}")
    return wrong


def _of_imports(session: sa.orm.Session, office: Office) -> list[str]:
    stored = set(session.scalars(sa.select(Project.code).where(Project.code.like("NHAP-%"))))
    runs = session.scalars(sa.select(ImportRun).where(ImportRun.status == "applied")).all()
    applied = {run.file_name.removesuffix(".csv") for run in runs}
    told = {
        entry.changes["code"][1]
        for entry in session.scalars(
            sa.select(AuditEntry).where(
                AuditEntry.resource == "project", AuditEntry.action == "insert"
            )
        )
    }
    wrong = [f"import {code} is lost" for code in set(office.imported) - stored]
    if stored != applied or stored != told:
        wrong.append(f"imports: stored {stored}, applied {applied}, trail {told}")
    return wrong
