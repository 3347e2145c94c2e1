"""Cells copied from a spreadsheet: pasted on the page of a decision, or on the list of projects.

They become an import like any file: read by the same reader, looked at on the same page, carried
out in one transaction and taken back the same way.
"""

from collections.abc import Mapping
from typing import Any

from flask import abort, make_response, redirect, request, url_for
from flask_admin import BaseView, expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from admin.access import IMPORTS, May, Page, asked_id
from admin.pages.act import carry_out
from admin.pages.import_look import look_apart
from admin.pages.period_actions import must
from admin.records import MOST_COLUMNS, PASTED_COLUMNS, paste_box
from models import (
    Decision,
    ImportRun,
    LineKind,
    Nature,
    ProjectStatus,
    RuleBroken,
    Source,
    db,
)
from models.base import UNITS, NotFound, _n, current_actor, now, read_whole, reading_only
from models.imports import get_run, start
from models.sheets import Ask, Field, Kind, has_head, pasted_file, pasted_text

YEARS = (1990, 2100)
STATE_ASKED = "column_missing"  # the question of a list that does not tell it


class PastedCellsPage(Page):
    """Two boxes; `/admin/pasted/decision/7` and `/admin/pasted/projects`."""

    read = May.SEE_IMPORTS

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> Any:
        """There is no page without a decision or the list of projects."""
        abort(404)

    @expose("/decision/<int:decision_id>", methods=["GET", "POST"])
    def decision(self, decision_id: int) -> Response:
        """Ledger lines of one decision."""
        must(IMPORTS[Kind.ALLOCATIONS])
        row = db.session.get(Decision, decision_id) or abort(404)
        return self._box(Kind.ALLOCATIONS, row)

    @expose("/projects", methods=["GET", "POST"])
    def projects(self) -> Response:
        """New projects, and changes of their facts."""
        must(IMPORTS[Kind.PROJECTS])
        return self._box(Kind.PROJECTS)

    def _box(self, kind: Kind, decision: Decision | None = None) -> Response:
        if request.method == "GET":
            return self._page(kind, decision, _typed_before(decision))
        made: list[int] = []
        with reading_only(db.session()):  # nothing is held while the cells are read
            try:
                content, refusal = _content(kind, request.form), None
            except RuleBroken as broken:
                content, refusal = b"", broken

        def act() -> str:
            if refusal is not None:
                raise refusal
            made.append(_begin(kind, decision, request.form, content))
            return _("The cells are read. Nothing is written before you confirm it.")

        def there() -> Response:
            look_apart(made[0])
            return redirect(url_for("imports.run", run_id=made[0]), 303)

        def refused(status: int, why: str) -> Response:
            return self._page(kind, decision, request.form, status, why)

        again = redirect(url_for("imports.index"), 303)
        return carry_out(act, there=there, refused=refused, again=again)

    def _page(
        self,
        kind: Kind,
        decision: Decision | None,
        typed: Mapping[str, str],
        status: int = 200,
        refusal: str = "",
    ) -> Response:
        page = self.render(
            "imports/paste.html",
            decision=decision,
            typed=typed,
            refusal=refusal,
            paste=paste_box(kind) or abort(404),
        )
        return make_response(page, status)


def _content(kind: Kind, form: Mapping[str, str]) -> bytes:
    """The pasted cells as a file. Raises RuleBroken."""
    cells = form.get("cells", "")
    is_bare = form.get("head") == "none" or (form.get("head") != "first" and not has_head(cells))
    return pasted_file(cells, _columns(kind, form) if is_bare else ())


def _begin(kind: Kind, decision: Decision | None, form: Mapping[str, str], content: bytes) -> int:
    """The run of these cells, begun. Raises RuleBroken."""
    unit = form.get("unit") or "dong"
    if unit not in UNITS:
        raise RuleBroken(_n("Choose the unit of amounts from the list."), field="unit")
    ask = Ask(
        kind=kind,
        unit=unit,
        answers=_answers(form) if decision is None else {},
        given={"pasted": _where(decision)} | _given(decision, form),
    )
    run = start(
        db.session(),
        ask,
        name=_name(decision),
        content=content,
        at=now(),
        actor=current_actor(),
    )
    return int(run.id)


def _name(decision: Decision | None) -> str:
    """The name of the file that the cells become."""
    if decision is None:
        return _("Pasted projects") + ".csv"
    return _("Pasted cells %(number)s", number=decision.number.replace("/", "-")) + ".csv"


def _columns(kind: Kind, form: Mapping[str, str]) -> list[Field | None]:
    known = {field.value: field for field in PASTED_COLUMNS[kind]}
    found = [known.get(form.get(f"column-{n}", "")) for n in range(1, MOST_COLUMNS + 1)]
    while found and found[-1] is None:
        found.pop()
    chosen = [field for field in found if field]
    if len(set(chosen)) < len(chosen):
        raise RuleBroken(_n("Two columns have the same meaning. Choose each once."), field="head")
    if len(chosen) < 2:
        raise RuleBroken(_n("Say what the columns are, at least two."), field="head")
    return found


def _given(decision: Decision | None, form: Mapping[str, str]) -> dict[str, str]:
    """What holds for all rows: the decision of the page, and what was chosen beside the box."""
    if decision is None:
        return {}
    given = {
        "decision_number": decision.number,
        "decision_day": decision.issued_on.isoformat(),
        "decision_issuer": decision.issuer,
    }
    for name, kinds in (("kind", LineKind), ("source", Source), ("nature", Nature)):
        chosen = form.get(name, "")
        if chosen and chosen not in {one.value for one in kinds}:
            raise RuleBroken(_n("Choose one of the list."), field=name)
        given[name] = chosen
    for name in ("budget_year", "vintage"):
        typed = form.get(name, "").strip()
        given[name] = str(read_whole(typed, *YEARS, field=name)) if typed else ""
    return {name: value for name, value in given.items() if value}


def _answers(form: Mapping[str, str]) -> dict[str, str]:
    """The state of new projects, which the reader would ask for where no column tells it."""
    state = form.get("status", "")
    if state and state not in {one.value for one in ProjectStatus}:
        raise RuleBroken(_n("Choose one of the list."), field="status")
    return {STATE_ASKED: state} if state else {}


def _typed_before(decision: Decision | None) -> dict[str, str]:
    """What was pasted before, where it is to be corrected: `?run=7`."""
    asked = request.args.get("run", "")
    if not asked:
        return {}
    try:
        run = get_run(db.session(), asked_id(asked))
    except NotFound:
        abort(404)
    given = dict(run.asked.given)
    content = run.content
    if content is None or given.pop("pasted", "") != _where(decision):
        abort(404)
    text, columns = pasted_text(content)
    typed = {"cells": text, "head": "none" if columns else "first", "unit": run.asked.unit or ""}
    typed |= {f"column-{n}": column.value if column else "" for n, column in enumerate(columns, 1)}
    return typed | given | {"status": run.asked.answers.get(STATE_ASKED, "")}


def pasted_again(run: ImportRun) -> str:
    """The address where the pasted cells of a run are corrected; nothing for any other file."""
    where, _sign, row_id = run.asked.given.get("pasted", "").partition(":")
    if where == "projects":
        return url_for("pasted.projects", run=run.id)
    return url_for("pasted.decision", decision_id=row_id, run=run.id) if where else ""


def _where(decision: Decision | None) -> str:
    return f"decision:{decision.id}" if decision is not None else "projects"


def pages() -> list[BaseView]:
    return [PastedCellsPage(name=_l("Pasted cells"), endpoint="pasted", url="/admin/pasted")]
