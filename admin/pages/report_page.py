"""What the pages of reports share: the period that is asked for, the file beside the screen."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, ClassVar

from flask import abort, jsonify, make_response, request, url_for
from flask_admin import expose
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from admin.access import (
    ALL,
    May,
    Page,
    address_by,
    allowed,
    asked_id,
    csv_response,
    file_response,
    moment_asked,
)
from admin.pages import errors
from admin.pages.report_part import Group, Part, groups_of
from admin.words import page_language, say
from models import Period, RuleBroken, db
from models.base import NotFound, now, today
from models.calendar import all_settings
from models.column_sets import column_sets
from models.duty import find_period
from reports.home import latest_period
from reports.review import figure_periods
from reports.tables import FEW, Asked, Issue, Report, issue, with_sets
from reports.writing import (
    CHOICES,
    WRITERS,
    ReportParams,
    Table,
    csv_of,
    fitted_to_page,
    heads,
    one_of,
    texts_of,
)

FILES = ("csv", *WRITERS)
LONG = 30  # signs from which words need a column of some width
TITLES = {"xlsx": "Excel", "docx": "Word"}


def period_asked() -> Period | None:
    """The period that a request names, else the newest whose window has ended. One that was never
    opened is missing like any other row: 404.
    """
    if code := request.values.get("period", "").strip():
        return find_period(db.session(), code) or abort(404)
    return latest_period(db.session(), today=today())


class PeriodPage(Page):
    """A page about one period; without one asked for, the newest whose window has ended."""

    read = May.SEE_REPORTS
    elsewhere = ALL
    tables: tuple[str, ...] = ()  # the reports whose columns may be chosen here

    def asked(self, unit: str) -> tuple[ReportParams, Period | None]:
        """Parameters and period (`period_asked`)."""
        period = period_asked()
        params = ReportParams.read(request.args, period=period.code if period else "", unit=unit)
        of = request.args.get("version_of")
        if of and period and of != period.code and params.version != "live":
            params = replace(params, version=None)  # it was one of the period chosen before
        return with_sets(db.session(), params, *self.tables), period

    def shared(self, params: ReportParams, period: Period | None) -> dict[str, Any]:
        settings = all_settings(db.session())
        sets = column_sets(db.session(), *self.tables) if self.tables else []
        return {
            "params": params,
            "column_sets": list(dict.fromkeys(one.name for one in sets)),
            "has_few": any(name in FEW for name in self.tables),
            "may_edit_sets": allowed(current_user, May.EDIT_COLUMN_SETS),
            "period": period,
            "periods": figure_periods(db.session(), most=None),
            "choices": CHOICES,
            "settings": settings,
            "at": now(),
            "files_of_reports": [(kind, TITLES[kind]) for kind in WRITERS],
        }


class ReportPage(PeriodPage):
    """One report of the list in `reports.tables`: its screen, and the same address with the
    ending of a file. A screen of its own shape gives way to the table where a set is asked for.

    The addresses of design §6 end without a slash, so the screen is no page called "/".
    """

    report: ClassVar[Report]
    unit: ClassVar[str] = "dong"

    def __init_subclass__(cls) -> None:
        if not hasattr(cls, "report"):
            return  # what several reports share
        name = cls.report.name

        def screen(self: ReportPage) -> Response:
            return self.show()

        setattr(cls, name, expose(f"/{name}")(screen))
        for kind in FILES:
            setattr(cls, f"{name}_{kind}", expose(f"/{name}.{kind}")(_download(kind)))

    def __init__(self, **kwargs: Any) -> None:
        self._default_view = self.report.name
        self.tables = (self.report.name,)
        super().__init__(url="/admin/reports", **kwargs)

    def more(self, found: Any, asked: Asked, table: Table, part: Part) -> dict[str, Any]:
        """What this screen shows besides the table, of which it shows a part."""
        return {}

    def links(self, found: Any, n: int, asked: Asked) -> dict[str, str]:
        """Addresses of what is behind the figures of row `n`, by column."""
        return {}

    def groups(self, found: Any, table: Table) -> list[Group]:
        """The groups of a long table, all of them."""
        return groups_of(table)

    def show(self) -> Response:
        try:
            params, period = self.asked(self.unit)
            asked = asked_of(params, period)
            if period is None or asked is None:
                return make_response(self.render("reports/none.html"))
            found = self.report.find(
                db.session(), replace(asked, cut=lambda many: Part.asked(many).cut)
            )
        except NotFound:
            abort(404)
        except RuleBroken as refusal:
            return refused(refusal)
        table = self.table(found, asked)
        many = self.report.many(found)
        part = replace(Part.asked(many or len(table.rows)), is_alone=many > 0)
        groups = self.groups(found, table) if part.pages > 1 else []
        if part.pages > 1:
            table = replace(table, head=replace(table.head, counted=part.counted))
        page = self.render(
            f"reports/{self.report.name}.html",
            found=found,
            part=part,
            jumps=part.jumps(groups),
            continued=part.continued(groups),
            rows=self.report.rows(found)[part.cut],
            **drawn(table, part.cut),
            links=[self.links(found, n, asked) for n in range(len(table.rows))[part.cut]],
            **self.more(found, asked, table, part),
            **self.shared(params, period),
        )
        return make_response(page)

    def download(self, kind: str) -> Response:
        """The report as a file: amounts in đồng for programs, in its own unit for people."""
        try:
            params, period = self.asked("dong" if kind == "csv" else self.report.paper_unit)
            asked = asked_of(params, period) or abort(404)
            table = self.table(self.report.find(db.session(), asked), asked)
            table = replace(table, rows=tuple(table.rows))  # read before a file is begun
        except NotFound:
            abort(404)
        except RuleBroken as refusal:
            return refused(refusal)
        name = f"{self.report.file}-{params.period}"
        if kind == "csv":
            pieces = csv_of(table, headers=params.headers, delimiter=params.delimiter)
            return csv_response(pieces, name)
        return made(kind, name, table)

    def table(self, found: Any, asked: Asked) -> Table:
        """The table of what was found, in the words of the reader."""
        return self.report.table(found, asked, issued())


def each_explained(columns: Iterable[str], **address: Any) -> dict[str, str]:
    """Addresses of the explanations of these figures, all of one row; `address` names the row."""
    explained = address_by(url_for("reports.explain", **address), "column")
    return {key: explained(key) for key in columns}


def made(kind: str, name: str, *tables: Table) -> Response:
    """Tables as one file; nothing is asked of the database, or held in it, while it is written."""
    db.session.rollback()
    return file_response(WRITERS[kind](*tables), f"{name}.{kind}")


def drawn(table: Table, cut: slice = slice(None)) -> dict[str, Any]:
    """What `reports/_table.html` draws a table from, or some of its rows, on screen and paper."""
    shown = replace(table, rows=table.rows[cut])
    texts = texts_of(shown)
    return {
        "table": table,
        "shown": shown.rows,
        "heads": heads(table),
        "texts": texts,
        "fitted": fitted_to_page(shown, texts),
        "long": {key for key, told in texts.items() if any(len(text) > LONG for text in told)},
    }


def issued() -> Issue:
    """Who asks for a table, in which words, and when."""
    return issue(db.session(), say=_, language=page_language(), at=now())


def _download(kind: str) -> Callable[[ReportPage], Response]:
    return lambda page: page.download(kind)


def asked_of(params: ReportParams, period: Period | None) -> Asked | None:
    """What the address asks for; what is not possible is refused without a period, too."""
    as_of, show_all = moment_asked(request.args.get("as_of")), _flag("all")
    if period is None:
        return None
    return Asked(period=period, params=params, as_of=as_of, show_all=show_all)


def refused(refusal: RuleBroken) -> Response:
    return make_response(errors.page(400, reason=say(refusal)))


def json_refused(refusal: RuleBroken) -> Response:
    """The refusal for a program that asked for data."""
    return make_response(jsonify(error=say(refusal)), 400)


def _flag(name: str) -> bool:
    return one_of(request.args.get(name, "0"), ("0", "1"), of=name) == "1"


def row_asked(kind: type[Any], name: str) -> Any:
    """The row that an address names, if it names one; foreign and missing ones are 404."""
    typed = request.args.get(name)
    return (db.session.get(kind, asked_id(typed)) or abort(404)) if typed else None
