"""No column of a record is forgotten: it stands in every place, or is named with the reason.

A column added to a model is on the form, the details, the export and in the history by itself,
and a merger carries it on. What is missing somewhere is written down: on the column (`hidden`,
`out`) or in the lists here.
"""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import request
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from wtforms.validators import Regexp

from admin import MENU
from admin.access import GRANTS
from admin.records import Records, form_fields, form_of
from models import (
    Actor,
    Allocation,
    AllocationLine,
    AuditEntry,
    Disbursement,
    Holiday,
    Obstacle,
    ProgressEntry,
    Project,
    Role,
)
from models.base import (
    DETAILS,
    EXPORT,
    FIRST,
    FORM,
    LIST,
    Percent,
    UtcDateTime,
    column_field,
    fields_of,
    shown,
)
from models.base import field_of as field_at
from models.base.columns import HIDDEN, SERVICE
from models.duty import open_period
from models.filing import ProjectInput
from models.reorganisation import Act, merge
from models.returns import FIGURES, TEXTS
from tests.factories import (
    make_allocation,
    make_capital_term,
    make_component,
    make_decision,
    make_disbursement,
    make_entry,
    make_investor,
    make_letter_head,
    make_obstacle,
    make_period,
    make_project,
    make_submission,
)

SCREENS = [page for module in MENU for page in module.pages() if isinstance(page, Records)]
OF_PARENTS = (AllocationLine, Disbursement)  # rows shown and typed on the page of another row
MODELS = [screen.model for screen in SCREENS] + list(OF_PARENTS)
BY_NAME = [pytest.param(model, id=model.__name__) for model in MODELS]
BY_SCREEN = [pytest.param(screen, id=screen.endpoint) for screen in SCREENS]

# what a successor's row does not take over, and why
NOT_CARRIED = {
    "Project.code": "a fresh one, so that both can be told apart",
    "Project.start_on": "the day of the act",
    "Allocation.project_id": "the successor's project",
    "Obstacle.project_id": "the successor's project",
    "ProgressEntry.submission_id": "the successor's draft",
    "ProgressEntry.project_id": "the successor's project",
    "Disbursement.entry_id": "the successor's entry",
    "Disbursement.allocation_id": "the successor's allocation",
}
DAY = date(2024, 12, 1)
AT = datetime(2024, 12, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize("model", BY_NAME)
def test_every_column_says_its_words_or_why_it_is_hidden(model):
    untold = [
        column.key
        for column in model.__table__.columns
        if column_field(model, column.key) is None
        and column.key not in SERVICE
        and not column.info.get(HIDDEN)
        and (model, column.key) != (AllocationLine, "allocation_id")  # it heads its ledger
    ]
    assert untold == []


@pytest.mark.parametrize("model", BY_NAME)
def test_whatever_is_left_out_somewhere_gives_its_reason(model):
    for one in fields_of(model).values():
        assert set(one.shown.out) <= {FORM, LIST, DETAILS, EXPORT}, one.name
        assert all(one.shown.out.values()), one.name
        assert one.shown.after in {"", FIRST, *fields_of(model)}, one.name


@pytest.mark.parametrize("screen", BY_SCREEN)
def test_every_field_stands_on_the_screen(screen, app):
    fields = fields_of(screen.model).values()
    typed = {
        one.name
        for one in fields
        if one.stands_in(FORM) and (one.column is not None or one.relation is not None)
    }
    if screen.write is not None:
        with app.test_request_context():
            names = {field.name for field in screen._create_form_class()}
        assert typed <= names
    told = {one.name for one in fields if one.stands_in(DETAILS)}
    assert told <= {
        *screen.column_details_list,
        *(n.split(".")[0] for n in screen.column_details_list),
    }
    assert {n for group in screen.details_groups for n in group[1]} <= set(
        screen.column_details_list
    )
    with app.test_request_context():
        headings = [str(one.heading) for one in screen.exported]
        for one in fields:
            if one.stands_in(EXPORT):
                assert str(screen.column_labels[one.name]) in headings, one.name


@pytest.fixture
def a_row_of_each(session):
    """One row on every record screen."""
    project = make_project(session)
    period = make_period(session)
    submission = make_submission(session, investor=project.investor, period=period)
    entry = make_entry(session, project=project, submission=submission)
    make_disbursement(session, entry, make_allocation(session, project=project), completed=5)
    make_obstacle(session, project=project)
    make_capital_term(session)
    make_letter_head(session)
    change = {"status": ["active", "planned"], "component_id": [1, 2]}
    session.add(
        AuditEntry(
            id=1_000, at=AT, user_name="Cán bộ", action="update", resource="project",
            row_id=str(project.id), label=project.code, changes=change,
        )
    )  # fmt: skip
    session.add(Holiday(day=date(2024, 4, 18), kind="holiday", name="Giỗ Tổ"))
    session.commit()


@pytest.mark.parametrize("screen", BY_SCREEN)
def test_every_screen_lists_sorts_shows_and_exports_its_rows(
    client_for, session, a_row_of_each, screen
):
    client = client_for(next(role.value for role in Role if screen.read in GRANTS[role]))
    address = f"/admin/{screen.endpoint}"
    for place, name in enumerate(screen.column_list):
        if screen.sorts.get(name):
            for turn in ("", "&desc=1"):
                page = client.soup(f"{address}/?sort={place}{turn}")
                assert page.select("table.model-list tbody tr"), name
    key = session.scalars(sa.select(screen.model.id).limit(1)).one()
    page = client.soup(f"{address}/details/?id={key}")
    told = [one.get_text(strip=True) for one in page.select("dl.facts dt")]
    assert len(told) == len(screen.column_details_list)
    file = client.get(f"{address}/export/csv/").data.decode("utf-8-sig")
    headings, *rows = csv.reader(io.StringIO(file, newline=""))
    assert rows
    assert len(headings) == len(rows[0]) == len(screen.exported)


@pytest.mark.parametrize("model", [pytest.param(one, id=one.__name__) for one in OF_PARENTS])
def test_rows_of_another_page_are_typed_there(model):
    told = {one.name for one in fields_of(model).values() if one.stands_in(FORM)}
    assert told == set(form_fields(model))


def test_what_a_unit_reports_has_a_place_in_the_input():
    """A column added to the entry without its field in the input would fail only when saved."""
    assert {*TEXTS, *FIGURES} <= set(ProjectInput.__dataclass_fields__)


class _Apart(DeclarativeBase):
    """Tables of a test alone."""


class Odd(_Apart):
    __tablename__ = "odd"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, info=shown("At"))


class Plain(_Apart):
    __tablename__ = "plain"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(3), info=shown("Code"), unique=True)
    note: Mapped[str | None] = mapped_column(sa.Text, info=shown("Note"))


def test_a_type_without_a_field_of_ours_is_no_silent_gap():
    with pytest.raises(TypeError, match=r"no field for Odd\.at"):
        form_of(SimpleNamespace(_form_ajax_refs={}), Odd)


def test_a_screen_may_add_checks_of_its_own(app):
    kind = form_of(
        SimpleNamespace(_form_ajax_refs={}),
        Plain,
        code={"validators": [Regexp("[a-z]+", message="no")]},
    )
    with app.test_request_context(method="POST", data={"code": "7", "note": ""}):
        form = kind(request.form)
        assert not form.validate()
        assert form.errors == {"code": ["no"]}
    with app.test_request_context(method="POST", data={"code": "abc", "note": ""}):
        form = kind(request.form)
        assert form.validate()
        assert (form.code.data, form.note.data) == ("abc", None)


def test_lookups_over_relations_find_the_words_of_the_last():
    assert field_at(ProgressEntry, "project.investor").shown.label == "Investor"
    with pytest.raises(KeyError):
        field_at(ProgressEntry, "project.nothing")


# A merger


def filled(kind: Any, but: set[str]) -> dict[str, Any]:
    """A value for every empty or plain column of a table, so that a lost one is seen."""
    found: dict[str, Any] = {}
    for column in kind.__table__.columns:
        name = column.key
        if name in SERVICE or name in but or column.foreign_keys or name.endswith("_id"):
            continue
        if isinstance(column.type, sa.Enum):
            found[name] = next(iter(column.type.enum_class))
        elif isinstance(column.type, sa.Boolean):
            found[name] = True
        elif isinstance(column.type, sa.Date):
            found[name] = date(2025, 3, 1)
        elif isinstance(column.type, UtcDateTime):
            found[name] = AT
        elif isinstance(column.type, Percent):
            found[name] = Decimal("45.5")
        elif isinstance(column.type, sa.Integer):
            found[name] = 7
        else:
            found[name] = f"{name} with words"[: getattr(column.type, "length", None) or 99]
    return found


def test_a_merger_carries_every_column_on(session):
    town, commune = make_investor(session), make_investor(session)
    component = make_component(session)
    project = make_project(
        session, investor=commune, component=component,
        **filled(Project, {"code", "status", "start_on"}),
    )  # fmt: skip
    allocation = make_allocation(
        session, 100, project=project, **filled(Allocation, {"budget_year", "vintage"})
    )
    obstacle = make_obstacle(
        session, project=project,
        **filled(Obstacle, {"state", "solved_on", "solution", "raised_on"}),
    )  # fmt: skip
    december = open_period(session, "2024-12", at=AT)
    draft = make_submission(session, period=december, investor=commune)
    entry = make_entry(session, project=project, submission=draft, **filled(ProgressEntry, set()))
    paid = make_disbursement(session, entry, allocation, **filled(Disbursement, set()))
    session.flush()
    old = [project, allocation, obstacle, entry, paid]
    kept = [
        {column.key: getattr(row, column.key) for column in row.__table__.columns} for row in old
    ]

    decision = make_decision(session)
    merge(
        session, [commune], town,
        Act(effective_on=DAY, decision=decision, at=AT, actor=Actor(None, "Cán bộ")),
    )  # fmt: skip

    for row, before in zip(old, kept, strict=True):
        kind = type(row)
        fresh = session.scalars(sa.select(kind).where(kind.investor_id == town.id)).one()
        for name, value in before.items():
            if name in SERVICE or f"{kind.__name__}.{name}" in NOT_CARRIED:
                continue
            assert getattr(fresh, name) == value, f"{kind.__name__}.{name}"


def test_nothing_is_named_that_is_not_there():
    for name in NOT_CARRIED:
        kind, _dot, column = name.partition(".")
        assert column in {m.__name__: m for m in MODELS}[kind].__table__.columns, name
