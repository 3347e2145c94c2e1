"""What an import will do, has done and would take back, in one sentence; and the ways there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.access import May, allowed
from admin.pages.import_rows import Group
from admin.words import dong, month_label, ngettext
from models import Decision, ImportRun, Investor, Project
from models.base import among
from models.sheets import Kind

WRITES = ("changed", "new")


@dataclass(frozen=True, slots=True)
class Way:
    """A link to something that was written."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class Doing:
    """The words of the button, and how many things it writes (0: there is nothing to do)."""

    words: str
    many: int


def will_happen(run: ImportRun, told: Mapping[str, Any], groups: Sequence[Group]) -> Doing:
    """What confirming does, exactly, in the words of its button."""
    figures, units = _figures(groups), _units(groups)
    rows = told["counts"]["new"] + told["counts"]["changed"]
    match run.kind:
        case Kind.MONTHLY | Kind.CONSOLIDATED:
            what = ngettext("Write %(num)s figure", "Write %(num)s figures", figures)
            into = ngettext(
                "into the draft of %(num)s unit", "into the drafts of %(num)s units", units
            )
            return Doing(f"{what} {into}", figures)
        case Kind.ALLOCATIONS:
            lines = [one for one in told["rows"] if _is(one, "allocations")]
            net = sum(int(one["values"]["amount"]) for one in lines)
            what = ngettext(
                "Enter %(num)s line into the ledger: %(amount)s đồng",
                "Enter %(num)s lines into the ledger: %(amount)s đồng",
                len(lines),
                amount=dong(net),
            )
            return Doing(what, rows)
        case Kind.PROJECTS:
            new, changed = told["counts"]["new"], told["counts"]["changed"]
            return Doing(
                _("Add %(new)s projects, change %(changed)s", new=new, changed=changed), rows
            )
        case Kind.TREASURY:
            what = ngettext(
                "Keep the statement of the Treasury: %(num)s project",
                "Keep the statement of the Treasury: %(num)s projects",
                sum(_is(one, "treasury_lines") for one in told["rows"]),
            )
            return Doing(what, rows)


def will_undo(run: ImportRun, told: Mapping[str, Any], groups: Sequence[Group]) -> str:
    """What taking back does, exactly."""
    figures, units = _figures(groups), _units(groups)
    rows = told["counts"]["new"] + told["counts"]["changed"]
    if run.kind in (Kind.MONTHLY, Kind.CONSOLIDATED):
        what = ngettext(
            "%(num)s figure goes back to what stood before",
            "%(num)s figures go back to what stood before",
            figures,
        )
        into = ngettext("in the draft of %(num)s unit", "in the drafts of %(num)s units", units)
        return f"{what} {into}."
    return ngettext(
        "%(num)s row goes back to what stood before; what was new is removed.",
        "%(num)s rows go back to what stood before; what was new is removed.",
        rows,
    )


def written_by(session: Session, run: ImportRun, told: Mapping[str, Any]) -> list[Way]:
    """The pages of what a run has written."""
    match run.kind:
        case Kind.MONTHLY | Kind.CONSOLIDATED:
            return _reports(session, run, told)
        case Kind.ALLOCATIONS:
            return _decisions(session, told)
        case Kind.PROJECTS:
            return _projects(session, told)
        case Kind.TREASURY:
            code = run.period.code if run.period is not None else None
            there = url_for("reports_treasury.treasury", period=code)
            return [Way(_("Treasury and reports"), there)]


def _reports(session: Session, run: ImportRun, told: Mapping[str, Any]) -> list[Way]:
    if run.period is None:
        return []
    code = run.period.code
    codes = {one["values"].get("project_code") for one in told["rows"] if one["state"] in WRITES}
    units = session.scalars(
        select(Investor)
        .where(Investor.id.in_(select(Project.investor_id).where(among(Project.code, codes))))
        .order_by(Investor.sort_order, Investor.code)
    )
    ways = []
    for unit in units:
        if run.received_at and allowed(current_user, May.ENTER_FOR_UNIT):
            there = url_for("enter_report.sheet", code=code, investor=unit.id)
        elif allowed(current_user, May.SEE_REVIEW):
            there = url_for("review.unit", code=code, investor_id=unit.id)
        else:
            there = url_for("my_report.sheet", code=code, investor=unit.id)
        ways.append(Way(f"{unit.short_name} · {month_label(code)}", there))
    return ways


def _decisions(session: Session, told: Mapping[str, Any]) -> list[Way]:
    numbers = {
        one["values"].get("decision_number") or one["values"].get("number") for one in told["rows"]
    }
    found = session.scalars(
        select(Decision).where(among(Decision.number, numbers)).order_by(Decision.issued_on)
    )
    return [Way(str(one), url_for("decision.details_view", id=one.id)) for one in found]


def _projects(session: Session, told: Mapping[str, Any]) -> list[Way]:
    codes = [one["values"]["code"] for one in told["rows"] if one["state"] in WRITES]
    found = session.scalars(
        select(Project).where(among(Project.code, codes)).order_by(Project.code)
    )
    return [
        Way(f"{one.code} · {one.name}", url_for("project.details_view", id=one.id)) for one in found
    ]


def _is(row: Mapping[str, Any], table: str) -> bool:
    return row["table"] == table and row["state"] in WRITES


def said_in(run: ImportRun, told: Mapping[str, Any], groups: Sequence[Group]) -> Mapping[str, int]:
    """How much of a run is new, changed and the same: figures of reports, as they are shown and as
    the button counts them; rows of all else.
    """
    if run.kind not in (Kind.MONTHLY, Kind.CONSOLIDATED):
        counts: Mapping[str, int] = told["counts"]
        return counts
    rows = [row for group in groups for subject in group.subjects for row in subject.rows]
    return {
        state: sum(len(row.figures) for row in rows if row.state == state)
        for state in (*WRITES, "same")
    }


def _figures(groups: Sequence[Group]) -> int:
    return sum(
        len(row.figures)
        for group in groups
        for subject in group.subjects
        for row in subject.rows
        if row.state in WRITES
    )


def _units(groups: Sequence[Group]) -> int:
    return sum(
        any(row.state in WRITES for one in group.subjects for row in one.rows) for group in groups
    )
