"""The list of imports that one may see, newest first, with filters and pages."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from flask import request, url_for
from flask_admin import expose
from flask_login import current_user
from sqlalchemy import false, func, select
from sqlalchemy.orm import Session

from admin.access import may_import
from admin.pages.import_form import member
from admin.words import unit_called
from models import ImportRun, Investor, Period, RunStatus, db
from models.base import clean_line, now, read_id, today
from models.duty import exists_between
from models.imports import standing
from models.sheets import Kind
from reports.review import figure_periods

ON_A_PAGE = 50
PERIODS = 36
FILTERS = ("kind", "status", "period", "investor", "who")


class ImportList:
    """The first page of imports."""

    render: Callable[..., str]

    @expose("/")
    def index(self) -> str:
        """Who brought in what and when, where it stands, what it wrote."""
        session = db.session()
        asked = {name: clean_line(request.args.get(name, "")) for name in FILTERS}
        where = _conditions(asked)
        found = session.scalar(select(func.count(ImportRun.id)).where(*where)) or 0
        last = max(0, found - 1) // ON_A_PAGE
        page = min(read_id(request.args.get("page", "0")) or 0, last)
        newest = select(ImportRun).where(*where).order_by(ImportRun.id.desc())
        runs = session.scalars(newest.limit(ON_A_PAGE).offset(page * ON_A_PAGE)).all()
        kept: dict[str, Any] = {name: value for name, value in asked.items() if value}
        return str(
            self.render(
                "imports/index.html",
                runs=[(run, standing(run, at=now())) for run in runs],
                units=unit_names(run.unit_code for run in runs),
                found=found,
                page=page,
                pages=last + 1,
                page_url=lambda number: url_for(".index", **{**kept, "page": number or None}),
                asked=asked,
                is_narrowed=bool(kept),
                kinds=[kind for kind in Kind if not session.is_narrow or kind is Kind.MONTHLY],
                statuses=list(RunStatus),
                periods=_periods(),
                all_units=_all_units(),
                may_begin=any(may_import(current_user, kind) for kind in Kind),
            )
        )


def _conditions(asked: Mapping[str, str]) -> list[Any]:
    """The filters of the address; one that names nothing known finds nothing."""
    where: list[Any] = []
    if asked["kind"]:
        kind = member(Kind, asked["kind"])
        where.append(ImportRun.kind == kind if kind is not None else false())
    if asked["status"]:
        status = member(RunStatus, asked["status"])
        where.append(ImportRun.status == status if status is not None else false())
    if asked["period"]:
        period = select(Period.id).where(Period.code == asked["period"])
        where.append(ImportRun.period_id.in_(period))
    if asked["investor"]:
        where.append(ImportRun.unit_code == asked["investor"])
    if asked["who"]:
        escaped = asked["who"].replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        like = f"%{escaped}%"
        where.append(
            ImportRun.user_name.ilike(like, escape="\\")
            | ImportRun.file_name.ilike(like, escape="\\")
        )
    return where


def unit_names(codes: Iterable[str | None]) -> dict[str, str]:
    """The short names of units by code, as they are called today."""
    wanted = {code for code in codes if code}
    rows = select(Investor).where(Investor.code.in_(wanted)).order_by(Investor.valid_from)
    return {one.code: unit_called(one) for one in db.session.scalars(rows)}


def periods_to_name(session: Session) -> list[Period]:
    """The periods whose figures a file may hold, newest first."""
    return figure_periods(session, most=PERIODS)


def units_to_name(session: Session) -> list[Investor]:
    """The units whose figures a file may hold: those of any period that can be named, also where
    they ended since.
    """
    periods = periods_to_name(session)
    days = [today(), *(one.data_from for one in periods), *(one.data_to for one in periods)]
    return units_between(session, min(days), max(days))


def units_between(session: Session, first: date, last: date) -> list[Investor]:
    """The units that exist on some of these days, in the order of lists; of several with one code
    the newest, for the period says which is meant.
    """
    statement = select(Investor).where(exists_between(first, last))
    newest = session.scalars(statement.order_by(Investor.valid_from, Investor.id))
    units = {unit.code: unit for unit in newest}.values()
    return sorted(units, key=lambda unit: (unit.sort_order, unit.code))


def _periods() -> list[Period]:
    used = select(ImportRun.period_id).distinct()
    newest_first = select(Period).where(Period.id.in_(used))
    return list(db.session.scalars(newest_first.order_by(Period.data_to.desc(), Period.code)))


def _all_units() -> list[tuple[str, str]]:
    codes = db.session.scalars(select(ImportRun.unit_code).distinct())
    return sorted(unit_names(codes).items(), key=lambda pair: pair[1])
