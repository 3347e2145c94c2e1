"""An import as a report to read at a terminal: everything it says, nothing cut."""

import shlex
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from admin.pages.import_rows import column_name, written
from admin.pages.import_told import summary_told
from admin.words import dong, label, moment, table_label, unit_label
from models import ImportRun, RunStatus
from models.filing.checks import Level
from models.imports import standing
from models.sheets import Field

Told = Mapping[str, Any]
# the tables of the data package by those of the database, which have words
_TABLES = {
    "disbursements": "disbursement",
    "entries": "progress_entry",
    "allocations": "allocation_line",
    "decisions": "decision",
    "projects": "project",
    "submissions": "submission",
    "treasury_statements": "treasury_statement",
    "treasury_lines": "treasury_line",
}


def run_line(run: ImportRun, *, at: datetime) -> str:
    """One kept import in a line of the list."""
    told = summary_told(run, at=at)
    parts = (
        str(run.id),
        moment(run.started_at),
        label(run.kind),
        told["period"] or "",
        told["investor"] or "",
        run.file_name,
        label(standing(run, at=at)),
        _counted(run.counts) if run.counts else "",
        run.user_name,
    )
    return " · ".join(part for part in parts if part)


def report(told: Told) -> Iterator[str]:
    """The lines of the report."""
    if told["run"] is not None:
        yield _("Import %(run)s: %(status)s", run=told["run"], status=_status(told))
    else:
        yield _("Looked at, nothing kept: %(status)s", status=_status(told))
    for sheet in told["sheets"]:
        yield from _sheet(sheet)
    for finding in told["findings"]:
        yield from _finding(finding)
    for row in told["rows"]:
        yield _row(row)
    for one in told["differences"]:
        yield _(
            "%(project)s: reported %(reported)s, confirmed by the Treasury %(confirmed)s, "
            "difference %(difference)s",
            project=one["project_code"],
            reported=dong(int(one["reported"])),
            confirmed=dong(int(one["confirmed"])),
            difference=dong(int(one["difference"])),
        )
    yield _counted(told["counts"])


def _status(told: Told) -> str:
    return label(RunStatus(told["status"]))


def _counted(counts: Mapping[str, int]) -> str:
    return str(
        _(
            "New: %(new)s, changed: %(changed)s, the same: %(same)s.",
            new=counts["new"],
            changed=counts["changed"],
            same=counts["same"],
        )
    )


def _sheet(sheet: Told) -> Iterator[str]:
    if not sheet["used"]:
        yield _("Sheet “%(sheet)s” was left aside. %(why)s", sheet=sheet["sheet"], why=sheet["why"])
        return
    parts = [_("Sheet “%(sheet)s”", sheet=sheet["sheet"])]
    if sheet["head"]:
        parts.append(_("head in rows %(rows)s", rows=_span(sheet["head"])))
    if sheet["rows"]:
        parts.append(_("read rows %(rows)s", rows=_span(sheet["rows"])))
    if sheet["unit"]:
        parts.append(_("amounts in %(unit)s", unit=unit_label(sheet["unit"])))
    yield ", ".join(parts)
    for column in sheet["columns"]:
        yield f"  {column['column']}  {column['heading']} → {_meaning(column)}"


def _meaning(column: Told) -> str:
    """What a column was read as; what is left aside is said to be."""
    if not column["field"]:
        return str(_("left aside"))
    carried = _("carried over") if column["vintage"] == "carried" else column["vintage"]
    return " · ".join(filter(None, (label(Field(column["field"])), carried, column["source"])))


def _span(rows: tuple[int, int]) -> str:
    first, last = rows
    return str(first) if first == last else f"{first}–{last}"


def _finding(finding: Told) -> Iterator[str]:
    place = finding["sheet"]
    if finding["cell"]:
        place += f"!{finding['cell']}"
    value = f"“{finding['value']}”" if finding["value"] else ""
    where = " · ".join(part for part in (place, finding["heading"], value) if part)
    word = _("Question") if finding["level"] == "question" else label(Level(finding["level"]))
    yield f"{word} ({finding['code']}){' · ' if where else ''}{where}: {finding['message']}"
    for value, name in zip(finding.get("options", ()), finding.get("names", ()), strict=False):
        answer = shlex.quote(f"{finding['answer']}={value}")
        usual = " " + _("(as last time)") if value == finding["proposed"] else ""
        yield f"    --answer {answer}{'  ' + _(name) if name else ''}{usual}"
    if "answer" in finding and not finding["options"]:
        yield f"    --answer {shlex.quote(finding['answer'] + '=…')}"


def _row(row: Told) -> str:
    """All that a row says, in words; of a changed one also what stands now."""
    place = f" ({row['sheet']}!{row['cell']})" if row["cell"] else ""
    old = row["old"] or {}
    told = []
    for column, new in row["values"].items():
        before, after = (written(column, one or "") for one in (old.get(column), new))
        if row["state"] == "changed" and column in old and before != after:
            after = f"{before or '–'} → {after or '–'}"
        if after:
            told.append(f"{column_name(row['table'], column)}: {after}")
    state = {"new": _("new"), "changed": _("changed"), "same": _("the same")}[row["state"]]
    table = table_label(_TABLES.get(str(row["table"]), str(row["table"])))
    return f"{state} · {table}{place} · " + "; ".join(told)
