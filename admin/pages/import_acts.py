"""The page of one import: what was read, what is asked, what would change; and the acts on it."""

from collections.abc import Callable
from typing import Any

from flask import jsonify, make_response, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from admin.access import IMPORTS, check_seen, may_import
from admin.pages.act import carry_out
from admin.pages.import_columns import OF_CAPITAL, meanings_of, words_of_meaning
from admin.pages.import_files import run_of
from admin.pages.import_form import FREE, Said, said_in_form, said_in_json
from admin.pages.import_list import unit_names
from admin.pages.import_look import look_apart
from admin.pages.import_names import project_names
from admin.pages.import_result import said_in, will_happen, will_undo, written_by
from admin.pages.import_rows import groups_of
from admin.pages.import_shown import SHOWN, shown_of
from admin.pages.import_told import for_programs, run_told
from admin.pages.pasted import pasted_again
from admin.pages.period_actions import must
from admin.records import in_words, status_of
from admin.words import moment, say
from models import ImportRun, RuleBroken, RunStatus, Source, db
from models.base import current_actor, new_key, now, read_day_and_clock
from models.imports import (
    answer,
    apply_run,
    check_receipt,
    finding_of,
    read_again,
    undo_run,
    wait_for,
)
from models.sheets import Kind

PATIENCE = 10.0  # seconds that a program is kept waiting for the outcome of a reading
STALE = 409  # somebody was faster: the file has to be read again
ROWS = 200  # subjects on a page, before somebody asks for all


class ImportActs:
    """Looking at a run, answering, carrying out, taking back."""

    render: Callable[..., str]

    @expose("/<int:run_id>")
    def run(self, run_id: int) -> Response:
        return self.run_page(run_of(run_id))

    @expose("/<int:run_id>.json")
    def run_json(self, run_id: int) -> Response:
        """The run as programs read it; who asks while the file is read gets the outcome.

        The page itself looks again and again, and does not wait here (`?wait=0`).
        """
        run = run_of(run_id)
        if request.args.get("wait") != "0":
            run = wait_for(db.session(), run_id, seconds=PATIENCE)
        return jsonify(for_programs(run_told(run, at=now())))

    @expose("/<int:run_id>/answers", methods=["POST"])
    def answers(self, run_id: int) -> Response:
        """Take answers and corrections; the file is read again with them."""
        run = run_of(run_id)
        must(IMPORTS[run.kind])
        try:
            with in_words():
                if request.form.get("action") == "again":
                    read_again(db.session(), run_id, at=now())
                else:
                    said = self._said(run)
                    _check_shown(run)
                    answer(
                        db.session(),
                        run_id,
                        at=now(),
                        answers=said.answers,
                        columns=said.columns,
                        **said.other,
                    )
                db.session.commit()
        except RuleBroken as refusal:
            return self._refused(run_id, refusal)
        look_apart(run_id)
        if request.is_json:
            return jsonify(for_programs(run_told(run_of(run_id), at=now())))
        return redirect(url_for(".run", run_id=run_id), 303)

    @expose("/<int:run_id>/apply", methods=["POST"])
    def apply(self, run_id: int) -> Response:
        """Carry out what the page has shown, all or nothing."""
        run = run_of(run_id)
        must(IMPORTS[run.kind])
        run = wait_for(db.session(), run_id, seconds=PATIENCE)

        def act() -> str:
            _check_shown(run)
            _register_receipt(run)
            apply_run(db.session(), run_id, at=now(), actor=current_actor())
            return _("The file is imported.")

        return self._act(run_id, act)

    @expose("/<int:run_id>/undo", methods=["POST"])
    def undo(self, run_id: int) -> Response:
        """Put back exactly what stood before."""
        must(IMPORTS[run_of(run_id).kind])

        def act() -> str:
            undo_run(db.session(), run_id, at=now(), actor=current_actor())
            return _("The import is undone; what stood before stands again.")

        return self._act(run_id, act)

    def _act(self, run_id: int, act: Callable[[], str]) -> Response:
        def refused(status: int, why: str) -> Response:
            field = "received_day" if request.form.get("received_day") else None
            if request.is_json:
                told = run_told(run_of(run_id), at=now())
                return make_response(jsonify(told | {"refusal": why}), status)
            return self.run_page(run_of(run_id), status, why, field=field)

        there = redirect(url_for(".run", run_id=run_id), 303)
        return carry_out(act, there=there, refused=refused)

    def _said(self, run: ImportRun) -> Said:
        result = run.result or {}
        sheets, asked = result.get("sheets", []), asked_of(run)
        if request.is_json:
            return said_in_json(_body(), sheets, asked)
        proposed = result.get("proposed") or {"columns": {}, "answers": {}}
        return said_in_form(sheets, proposed, asked)

    def _refused(self, run_id: int, refusal: RuleBroken) -> Response:
        db.session.rollback()
        status, why = status_of(refusal), say(refusal)
        if request.is_json:
            told = run_told(run_of(run_id), at=now())
            return make_response(jsonify(told | {"refusal": why}), status)
        return self.run_page(run_of(run_id), status, why, field=refusal.field)

    def run_page(
        self, run: ImportRun, status: int = 200, refusal: str = "", *, field: str | None = None
    ) -> Response:
        """The page of a run as it stands."""
        session, at = db.session(), now()
        told = run_told(run, at=at)
        typed = request.form if request.method == "POST" else {}
        shown = shown_of(session, run, told, typed)
        stands = RunStatus(told["status"])
        groups = groups_of(session, told["rows"])
        may_act = may_import(current_user, run.kind)
        page = self.render(
            "imports/run.html",
            run=run,
            paste_again=pasted_again(run) if may_act else "",
            told=told,
            shown=shown,
            stands=stands,
            status=RunStatus,
            groups=groups,
            said=said_in(run, told, groups),
            projects=project_names(session, [one["project_code"] for one in told["differences"]]),
            words_of_meaning=words_of_meaning,
            show_all=request.args.get("show") == "all",
            most=SHOWN,
            most_rows=ROWS,
            unit_name=unit_names([run.unit_code]).get(run.unit_code or "", run.unit_code or ""),
            is_office=not session.is_narrow,
            may_act=may_act,
            meanings=meanings_of(run.kind),
            of_capital=sorted(OF_CAPITAL),
            sources=list(Source),
            vintages=_vintages(run),
            free=FREE,
            typed=typed,
            field=field,
            refusal=refusal,
            is_stale=status == STALE,
            will_happen=will_happen(run, told, groups) if stands is RunStatus.READY else None,
            will_undo=will_undo(run, told, groups) if stands is RunStatus.APPLIED else "",
            written=written_by(session, run, told) if stands is RunStatus.APPLIED else [],
            takes_receipt=may_act
            and not session.is_narrow
            and run.kind in (Kind.MONTHLY, Kind.CONSOLIDATED),
            form_key=new_key(),
            at=at,
        )
        return make_response(page, status)


def asked_of(run: ImportRun) -> set[str]:
    """The questions of a run by their names: those that stand open, and those answered."""
    findings = (run.result or {}).get("findings", ())
    found = {finding_of(kept).answer for kept in findings}
    return {one for one in found if one} | run.asked.answers.keys()


def _check_shown(run: ImportRun) -> None:
    """Refuse (Stale) a form whose page showed an earlier reading of the file."""
    check_seen(
        run.version,
        theirs=_("read again at %(moment)s", moment=moment(run.looked_at)),
        mine=_("what this page has shown"),
    )


def _body() -> Any:
    """The JSON that was sent; None where it is none, or nested beyond what a program writes."""
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None


def _vintages(run: ImportRun) -> list[str]:
    year = run.period.budget_year if run.period is not None else now().year
    return [str(year - back) for back in range(4)]


def _register_receipt(run: ImportRun) -> None:
    """The moment at which a report came on paper, where the office names one (nhập thay)."""
    day = request.form.get("received_day", "").strip()
    if day:
        clock = request.form.get("received_clock", "")
        check_receipt(db.session(), run.kind)
        run.received_at = read_day_and_clock(day, clock, field="received_day")
