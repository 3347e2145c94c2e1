"""Reorganisation of units: what will happen, doing it, and one step back (domain §6)."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from flask import abort, flash, make_response, redirect, request, url_for
from flask_admin import BaseView, expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import func, or_, select
from werkzeug.wrappers import Response

from admin.access import May, Page, allowed, asked_id, spend_form
from admin.pages.act import carry_out
from admin.pages.period_actions import must
from admin.records import in_words, newest_of, status_of
from admin.words import say
from models import (
    Decision,
    Investor,
    InvestorKind,
    OrgEvent,
    OrgEventKind,
    Project,
    RuleBroken,
    db,
)
from models.base import _n, current_actor, new_key, now, read_day, read_line, today
from models.reorganisation import (
    Act,
    NewUnit,
    close,
    found,
    going_on,
    merge,
    rename,
    split,
    undo,
)
from reports.reorganised import Moved, moved, totals_on

NEW = "new"
TAKER = "taker-"  # before the number of a project: the unit that takes it
MOST_EVENTS, MOST_DECISIONS = 200, 300


@dataclass(frozen=True)
class Preview:
    """What the act would do, as it was done and taken back at once."""

    summary: str
    moved: Moved
    before: dict[str, int]
    after: dict[str, int]

    @property
    def is_equal(self) -> bool:
        return self.before == self.after


class Shared:
    """The projects of a unit that is split: who takes each, and what the page asks of them."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, str]] | None = None

    def takers(self, projects: Sequence[Project]) -> dict[int, int]:
        """By project the place of its new unit among those named, as it was chosen."""
        self.rows = _shown(projects)
        form, named = request.form, _successors()
        rest = form.get(f"{TAKER}rest", "")
        chosen = {one.id: form.get(f"{TAKER}{one.id}") or rest for one in projects}
        return {key: named.index(one) for key, one in chosen.items() if one in named}

    def ask(self, day: date | None) -> list[tuple[int, str]]:
        """The projects with their names, where enough is known to ask who takes which: as the act
        found them, else as they are.
        """
        form = request.form
        if self.rows is not None or form.get("kind") != OrgEventKind.SPLIT.value or day is None:
            return self.rows or []
        unit = db.session.get(Investor, asked_id(form.get("unit") or "0"))
        if unit is not None and len(_successors()) > 1:
            with suppress(RuleBroken):  # said already
                return _shown([one for one, _held in going_on(db.session(), unit, day)])
        return []


def _shown(projects: Sequence[Project]) -> list[tuple[int, str]]:
    return [(one.id, f"{one.code} · {one.name}") for one in projects]


LENGTHS = {"new_code": 40, "new_name": 1000, "new_short_name": 120, "new_gso_code": 10}


class OrganisationPage(Page):
    read = May.SEE_ORGANISATION

    @expose("/", methods=["GET", "POST"])
    def index(self) -> Response:
        """All acts, and the form of a new one: first shown, then done."""
        if request.method == "GET":
            return self._page()
        must(May.REORGANISE)
        session, day, shared = db.session(), None, Shared()
        confirmed = request.form.get("action") == "do"
        if confirmed and not spend_form():
            flash(_("This was carried out already; nothing was done twice."), "info")
            return redirect(url_for(".index"), 303)
        try:
            with in_words():
                day = read_day(request.form.get("effective_on", ""), field="effective_on")
                before = totals_on(session, day)
                event = self._carry_out(day, shared)
                session.flush()
                preview = Preview(
                    event.summary, moved(session, event), before, totals_on(session, day)
                )
                if confirmed:
                    event_id = event.id
                    session.commit()
                    flash(_("Done: %(what)s.", what=preview.summary), "success")
                    return redirect(url_for(".event", event_id=event_id), 303)
            session.rollback()
        except RuleBroken as refusal:
            session.rollback()
            if (refusal.field or "").startswith(TAKER) and not _has_takers():
                flash(_("Now choose which unit takes over which project."), "info")
                return self._page(shared=shared.ask(day))
            return self._page(
                status_of(refusal),
                shared=shared.ask(day),
                refusal=say(refusal),
                field=refusal.field,
            )
        return self._page(shared=shared.ask(day), preview=preview)

    @expose("/<int:event_id>")
    def event(self, event_id: int) -> Response:
        """One act: what it moved, by balanced pairs, and the way back."""
        return self._event_page(self._event(event_id))

    @expose("/<int:event_id>/undo", methods=["POST"])
    def undo(self, event_id: int) -> Response:
        must(May.REORGANISE)
        event = self._event(event_id)

        def act() -> str:
            undo(db.session(), event, at=now(), actor=current_actor())
            return _("The reorganisation is taken back.")

        return carry_out(
            act,
            there=redirect(url_for(".index"), 303),
            again=redirect(url_for(".event", event_id=event_id), 303),
            refused=lambda status, why: self._event_page(self._event(event_id), status, why),
        )

    def _carry_out(self, day: date, shared: Shared) -> OrgEvent:
        session, form = db.session(), request.form
        decision = session.get(Decision, asked_id(form.get("decision") or "0"))
        if decision is None:
            raise RuleBroken(_n("Choose the decision."), field="decision")
        act = Act(effective_on=day, decision=decision, at=now(), actor=current_actor())
        match form.get("kind"):
            case OrgEventKind.RENAME.value:
                return rename(
                    session,
                    self._unit("unit"),
                    act,
                    code=_line("new_code"),
                    name=_line("new_name"),
                    short_name=_line("new_short_name"),
                )
            case OrgEventKind.CLOSE.value:
                return close(session, self._unit("unit"), act)
            case OrgEventKind.FOUND.value:
                return found(session, self._new_unit(), act)
            case OrgEventKind.MERGE.value:
                units = [self._of(text) for text in dict.fromkeys(form.getlist("predecessors"))]
                is_new = form.get("successor") == NEW
                successor = self._new_unit() if is_new else self._unit("successor")
                return merge(session, units, successor, act)
            case OrgEventKind.SPLIT.value:
                unit, named = self._unit("unit"), _successors()
                heirs = [self._new_unit() if one == NEW else self._of(one) for one in named]
                return split(session, unit, heirs, shared.takers, act)
        raise RuleBroken(_n("Choose what is done."), field="kind")

    def _new_unit(self) -> NewUnit:
        form = request.form
        kind = form.get("new_kind", "")
        if kind not in {member.value for member in InvestorKind}:
            raise RuleBroken(_n("Choose the kind of the new unit."), field="new_kind")
        last = db.session.scalar(select(func.max(Investor.sort_order))) or 0
        return NewUnit(
            code=_line("new_code"),
            kind=InvestorKind(kind),
            name=_line("new_name"),
            short_name=_line("new_short_name"),
            gso_code=_line("new_gso_code") or None,
            sort_order=last + 1,
        )

    def _unit(self, name: str) -> Investor:
        text = request.form.get(name, "")
        if not text:
            raise RuleBroken(_n("Choose the unit."), field=name)
        return self._of(text)

    def _of(self, text: str) -> Investor:
        return db.session.get(Investor, asked_id(text)) or abort(404)

    def _event(self, event_id: int) -> OrgEvent:
        return db.session.get(OrgEvent, event_id) or abort(404)

    def _page(
        self,
        status: int = 200,
        *,
        shared: Sequence[tuple[int, str]] = (),
        refusal: str = "",
        field: str | None = None,
        preview: Preview | None = None,
    ) -> Response:
        session = db.session()
        events = select(OrgEvent).order_by(OrgEvent.effective_on.desc(), OrgEvent.id.desc())
        decisions = select(Decision).order_by(Decision.issued_on.desc(), Decision.number)
        page = self.render(
            "organisation/index.html",
            events=newest_of(events, MOST_EVENTS),
            units=session.scalars(
                select(Investor)
                # one whose end lies ahead may bear another name until then
                .where(or_(Investor.valid_to.is_(None), Investor.valid_to >= today()))
                .order_by(Investor.sort_order, Investor.code)
            ).all(),
            decisions=newest_of(decisions, MOST_DECISIONS),
            kinds=list(OrgEventKind),
            unit_kinds=list(InvestorKind),
            may_act=allowed(current_user, May.REORGANISE),
            typed=request.form,
            chosen=request.form.getlist("predecessors"),
            successors=_successors(),
            shared=shared,
            TAKER=TAKER,
            refusal=refusal,
            field=field,
            preview=preview,
            form_key=new_key(),
        )
        return make_response(page, status)

    def _event_page(self, event: OrgEvent, status: int = 200, refusal: str = "") -> Response:
        newest = db.session.scalar(
            select(func.max(OrgEvent.id)).where(OrgEvent.undone_at.is_(None))
        )
        page = self.render(
            "organisation/event.html",
            event=event,
            moved=moved(db.session(), event),
            may_undo=event.id == newest and allowed(current_user, May.REORGANISE),
            refusal=refusal,
            form_key=new_key(),
        )
        return make_response(page, status)


def _successors() -> list[str]:
    return list(dict.fromkeys(request.form.getlist("successors")))


def _has_takers() -> bool:
    return any(name.startswith(TAKER) for name in request.form)


def _line(name: str) -> str:
    return read_line(request.form.get(name, ""), LENGTHS[name], field=name)


def pages() -> list[BaseView]:
    view = OrganisationPage(
        name=_l("Reorganisation"),
        endpoint="organisation",
        url="/admin/organisation",
        category=_l("Catalogue"),
        menu_icon_value="tree",
    )
    return [view]
