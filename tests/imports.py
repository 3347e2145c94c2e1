"""An import without a spreadsheet: one cell of a CSV file says the new name of one project.

The whole way of a run is tried with it, fast: begun, looked at, asked, carried out, taken back.
What sheets say is tested where sheets are read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from models import Project
from models.base import Stale
from models.imports import looking, service
from models.sheets import At, ColumnSeen, Finding, Known, Level, Option, Reading, SheetSeen

CSV = "Dự án;Tên\nP1;Mô hình bò\n"


@dataclass
class Act:
    """What a file of the test does; `meanwhile` is called while it is being read."""

    findings: tuple[Finding, ...] = ()
    meanwhile: Callable[[], None] = lambda: None
    headings: tuple[str, ...] = ("Dự án", "Tên")
    asked: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class FakeWrites:
    kept: Mapping[str, Any]

    def as_json(self):
        return dict(self.kept)

    @classmethod
    def from_json(cls, kept):
        return cls(kept)


@dataclass(frozen=True)
class FakePlan:
    findings: tuple[Finding, ...]
    writes: FakeWrites
    state: str

    @property
    def counts(self):
        return {"new": 0, "changed": 0, "same": 0} | {self.state: 1}

    def as_rows(self):
        values = {"code": self.writes.kept["code"], "name": self.writes.kept["name"]}
        row = {"table": "projects", "state": self.state, "values": values, "old": None}
        return [row | {"sheet": "T4", "cell": "B2"}]

    def as_differences(self):
        return []


def act_with(monkeypatch, act):
    """Replace reading and writing by those of the test; opening is the real one."""

    def read(book, ask, known):
        act.asked.append((ask, known))
        act.meanwhile()
        cells = {place: cell.value for place, cell in book.grids[0].cells.items()}
        columns = [
            ColumnSeen(column="AB"[at], heading=heading, field=None)
            for at, heading in enumerate(act.headings)
        ]
        sheet = SheetSeen(sheet="T4", is_used=True, head=(1, 1), columns=tuple(columns))
        left = tuple(
            one for one in act.findings if one.answer is None or one.answer not in ask.answers
        )
        return Reading(sheets=(sheet,), findings=left, source=f"{cells[2, 1]}|{cells[2, 2]}")

    def make_plan(session, reading, ask, **_more):
        code, _bar, name = (reading.source or "").partition("|")
        project = session.scalar(select(Project).where(Project.code == code))
        state = "same" if project is not None and project.name == name else "changed"
        kept = {"code": code, "name": name, "version": project.version if project else 0}
        return FakePlan(reading.findings, FakeWrites(kept), state)

    def carry_out(session, writes, **_more):
        project = session.scalar(select(Project).where(Project.code == writes.kept["code"]))
        if project.version != writes.kept["version"]:
            raise Stale("Somebody saved this in between.")
        before, project.name = project.name, writes.kept["name"]
        session.flush()
        return FakeWrites({"code": project.code, "name": before, "version": project.version})

    def take_back(session, written, **_more):
        project = session.scalar(select(Project).where(Project.code == written.kept["code"]))
        if project.version != written.kept["version"]:
            raise Stale("Somebody saved this since.")
        project.name = written.kept["name"]
        session.flush()

    def known_for(session, **_more):
        return Known(units=tuple(session.scalars(select(Project.code).order_by(Project.code))))

    monkeypatch.setattr(looking, "read", read)
    monkeypatch.setattr(looking, "make_plan", make_plan)
    monkeypatch.setattr(looking, "known_for", known_for)
    monkeypatch.setattr(service, "carry_out", carry_out)
    monkeypatch.setattr(service, "take_back", take_back)
    monkeypatch.setattr(service, "Writes", FakeWrites, raising=False)
    monkeypatch.setattr(service, "Written", FakeWrites, raising=False)


def question(code="unit_unclear", *, options=("dong", "trieu"), cell="", value="", **more):
    """An open question with its options."""
    return Finding(
        level=Level.QUESTION,
        code=code,
        message="What is the unit of amounts?",
        at=At(sheet="T4", cell=cell, value=value),
        options=tuple(map(Option, options)),
        **more,
    )


def finding(level, code="total_mismatch"):
    """A finding that is no question."""
    return Finding(level=level, code=code, message="The sum is another.", at=At("T4", "B2"))
