"""The column sets of the office: which columns a report shows, in which order, how headed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import abort, make_response, redirect, request, url_for
from flask_admin import BaseView, expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from admin.access import May, Page, check_seen
from admin.pages.act import carry_out
from admin.pages.report_page import issued
from models import ColumnSet, RuleBroken, db
from models.base import _n, new_key, read_id
from models.column_sets import COLUMNS_OF, NAMING, Tabled, column_sets
from reports.tables import REPORTS
from reports.writing import Column

MOST_PLACES = 99
SCREENS = {
    Tabled.CONSOLIDATED: "reports",
    Tabled.ALLOCATION_CHANGES: "reports_changes",
    Tabled.CARRY_OVER: "reports_carry_over",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Typed:
    """One column on the form: its printed head, and what is typed of it."""

    column: Column
    is_naming: bool
    is_shown: bool
    place: str
    heading: str

    @property
    def key(self) -> str:
        return self.column.key


class ColumnSetsPage(Page):
    """The list of sets, and one set: whether a column is shown, its place, its own head."""

    read = May.EDIT_COLUMN_SETS

    @expose("/")
    def index(self) -> str:
        heads = {report: _columns(report) for report in Tabled}
        return str(
            self.render(
                "column_sets/index.html",
                sets=column_sets(db.session()),
                reports=list(Tabled),
                heads={report: {c.key: c.path[-1] for c in heads[report]} for report in heads},
                screens=_screens(),
            )
        )

    @expose("/new", methods=["GET", "POST"])
    def new(self) -> Response:
        """A set of a report, at first with all its columns."""
        report = _report(request.values.get("report", ""))
        fresh = ColumnSet(report=report, name="", columns=list(COLUMNS_OF[report]), headings={})
        if request.method == "GET":
            return self._page(fresh)

        def act() -> str:
            db.session.add(_taken(fresh))
            return _("The column set “%(name)s” is saved.", name=fresh.name)

        return self._carry_out(act, fresh)

    @expose("/<int:set_id>", methods=["GET", "POST"])
    def one(self, set_id: int) -> Response:
        """A set; posted, it is changed or removed."""
        known: ColumnSet = db.session.get(ColumnSet, set_id) or abort(404)
        if request.method == "GET":
            return self._page(known)

        def act() -> str:
            row: ColumnSet = db.session.get(ColumnSet, set_id, populate_existing=True) or abort(404)
            check_seen(row.version, theirs=_in_words(row), mine=_in_words(_taken(_copy(row))))
            if request.form.get("action") == "remove":
                db.session.delete(row)
                return _("The column set “%(name)s” is removed.", name=row.name)
            _taken(row)
            return _("The column set “%(name)s” is saved.", name=row.name)

        return self._carry_out(act, known)

    def _carry_out(self, act: Any, shown: ColumnSet) -> Response:
        copy = _copy(shown)
        copy.id = shown.id
        return carry_out(
            act,
            there=redirect(url_for(".index"), 303),
            refused=lambda status, why: self._page(copy, status, why),
        )

    def _page(self, shown: ColumnSet, status: int = 200, refusal: str = "") -> Response:
        stored = db.session.get(ColumnSet, shown.id) if shown.id else None
        page = self.render(
            "column_sets/set.html",
            known=stored,
            report=shown.report,
            name=request.form.get("name", shown.name),
            columns=_typed(shown),
            version=stored.version if stored else 0,
            screens=_screens(),
            refusal=refusal,
            form_key=new_key(),
        )
        return make_response(page, status)


def _report(typed: str) -> Tabled:
    try:
        return Tabled(typed)
    except ValueError:
        abort(404)


def _screens() -> dict[str, str]:
    """The address of the screen of each report."""
    return {
        report: url_for(f"{SCREENS.get(report, f'reports_{report}')}.{report}") for report in Tabled
    }


def _columns(report: str) -> list[Column]:
    """The columns of the paper of a report, by number."""
    found = [column for column in REPORTS[report].columns(issued()) if column.path]
    return sorted(found, key=lambda column: column.number)


def _copy(row: ColumnSet) -> ColumnSet:
    return ColumnSet(
        report=row.report, name=row.name, columns=list(row.columns), headings=dict(row.headings)
    )


def _typed(known: ColumnSet) -> list[Typed]:
    """The rows of the form: what is shown in its order, then the others; as typed, if they are."""
    form, columns = request.form, {column.key: column for column in _columns(known.report)}
    is_typed = request.method == "POST"
    keys = [key for key in known.columns if key in columns]
    keys += [key for key in columns if key not in keys]
    return [
        Typed(
            column=columns[key],
            is_naming=key in COLUMNS_OF[known.report][:NAMING],
            is_shown=f"shown-{key}" in form if is_typed else key in known.columns,
            place=form.get(f"place-{key}", "") if is_typed else str(n),
            heading=form.get(f"heading-{key}", "") if is_typed else known.headings.get(key, ""),
        )
        for n, key in enumerate(keys, 1)
    ]


def _taken(row: ColumnSet) -> ColumnSet:
    """The set as the form says. Raises RuleBroken for a place that is none."""
    known = COLUMNS_OF[row.report]
    places = sorted(_places(row, known))
    row.name = request.form.get("name", "")
    row.columns = [
        *known[:NAMING],
        *(key for *_order, key in places if f"shown-{key}" in request.form),
    ]
    row.headings = {key: request.form.get(f"heading-{key}", "") for key in known}
    return row


def _places(row: ColumnSet, known: tuple[str, ...]) -> Iterator[tuple[int, int, int, str]]:
    """The place typed for each column that has one. A column that is moved to the place of another
    takes it: before that one on the way up, behind it on the way down."""
    before = [*row.columns, *(key for key in known if key not in row.columns)]
    for key in known[NAMING:]:
        typed, was = request.form.get(f"place-{key}", "").strip(), before.index(key) + 1
        place = read_id(typed) if typed else was
        if place is None or not 1 <= place <= MOST_PLACES:
            raise RuleBroken(
                _n("“%(typed)s” is no place. Write a number from 1 to %(most)s."),
                field=f"place-{key}",
                typed=typed[:20],
                most=MOST_PLACES,
            )
        yield place, (place > was) - (place < was), was, key


def _in_words(row: ColumnSet) -> str:
    """A set in one line: its name and its heads."""
    heads = {column.key: column.path[-1] for column in _columns(row.report)}
    return f"{row.name}: " + ", ".join(
        row.headings.get(key) or heads[key] for key in row.columns if key in heads
    )


def pages() -> list[BaseView]:
    return [
        ColumnSetsPage(
            name=_l("Column sets"),
            endpoint="column_sets",
            url="/admin/column-sets",
            category=_l("Administration"),
            menu_icon_value="list",
        )
    ]
