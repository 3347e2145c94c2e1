"""Bad input in every field of every form and in every parameter of every page.

Forms are taken from the pages that a role reaches, parameters are those that a page reads while
it is shown: what is new is tried without being listed. `THOROUGH=1` tries everything everywhere.
"""

import gc
import os
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from bs4 import BeautifulSoup
from flask import Flask, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from admin.pages import import_acts, import_upload, pasted
from models import Allocation, Obstacle, ProgressEntry, Project, Submission, db
from models.base import Base
from tests.doors import contents
from tests.hostile import LONG, VALUES, Form, cut, forms_of, shown, wrong_with
from tests.test_nothing_of_others import MARK, district, pages_of  # noqa: F401  a fixture

# a large upload lies in a file that is closed when it is collected
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(scope="module", autouse=True)
def nothing_left_open() -> Iterator[None]:
    """What these tests leave behind is collected here, and not in somebody else's test."""
    yield
    gc.collect()


THOROUGH = bool(os.environ.get("THOROUGH"))
AT_ONCE = len(VALUES) if THOROUGH else 1
TRIED: set[tuple[str, ...]] = set()
ROLES = ("officer", "admin", "finance", "investor", *(("leader", "auditor") if THOROUGH else ()))
# on PostgreSQL other values are refused by other means; a unit and the office are enough there
WHERE = [*(("sqlite", one) for one in ROLES), ("postgresql", "officer"), ("postgresql", "investor")]
OWNED = (Project, Allocation, Submission, ProgressEntry, Obstacle)
# a person who leaves has nothing more to try; a download and a password say nothing again
NOT_SENT = ("/logout", "/language")
FILES_OUT = (".csv", ".xlsx", ".docx", ".json", "/export/")


class Walk(NamedTuple):
    """What a role comes to: its forms, the addresses, and what each reads of its parameters."""

    forms: list[Form]
    pages: list[str]
    asked: dict[str, set[str]]


WALKS: dict[tuple[bool, str], Walk] = {}


class Noted(ImmutableMultiDict):  # type: ignore[type-arg]
    """Parameters of a request that remember which names were asked for."""

    names: dict[str, set[str]] = {}

    def _note(self, name: Any) -> None:
        if request:
            self.names.setdefault(request.path, set()).add(str(name))

    def get(self, key: Any, *rest: Any, **more: Any) -> Any:
        self._note(key)
        return super().get(key, *rest, **more)

    def getlist(self, key: Any, *rest: Any, **more: Any) -> Any:
        self._note(key)
        return super().getlist(key, *rest, **more)

    def __contains__(self, key: Any) -> bool:
        self._note(key)
        return super().__contains__(key)

    def __getitem__(self, key: Any) -> Any:
        self._note(key)
        return super().__getitem__(key)


class Doors:
    """A signed-in role at its pages; on SQLite what a request changed is seen and put back.

    `stranger` is the unit whose rows carry the mark, where the role is that of another one;
    `noted` tells what each address has read of its parameters.
    """

    def __init__(
        self,
        app: Flask,
        role: str,
        client: Any,
        stranger: int | None,
        ids: list[str],
        noted: dict[str, set[str]],
    ) -> None:
        self.app, self.role, self.client = app, role, client
        self.stranger, self.ids, self.noted = stranger, ids, noted
        self.mark = MARK if stranger else None
        client.arranged = None
        self.wrong: list[str] = []
        self.tried: Counter[int] = Counter()
        with app.app_context():
            self.engine = db.engine
            self.is_file = db.engine.dialect.name == "sqlite"
            self.file = Path(str(db.engine.url.database))
        if not self.is_file:
            return
        self.kept = self.file.with_suffix(".kept")
        self.engine.dispose()
        shutil.copy(self.file, self.kept)
        self.before, self.of_stranger = self.rows(), self.theirs()
        self.look = sqlite3.connect(self.file)
        self.version = self._version()

    def rows(self) -> dict[str, list[str]]:
        with Session(self.engine) as session:
            return contents(session)

    def theirs(self) -> list[str]:
        """What belongs to the stranger."""
        if not self.stranger:
            return []
        tables = [one for one in Base.metadata.sorted_tables if "investor_id" in one.columns]
        with self.engine.connect() as connection:
            return [
                repr(row)
                for table in tables
                for row in connection.execute(
                    select(table)
                    .where(table.c.investor_id == self.stranger)
                    .order_by(*table.primary_key.columns)
                )
            ]

    def is_known(self, *what: str) -> bool:
        """Whether another role of the office tried it already; a unit tries everything itself."""
        tried = (str(self.is_file), str(self.stranger), *what)
        known = tried in TRIED and not THOROUGH
        TRIED.add(tried)
        return known

    def _version(self) -> int:
        return int(self.look.execute("PRAGMA data_version").fetchone()[0])

    def has_written(self) -> bool:
        return self._version() != self.version

    def put_back(self) -> None:
        self.look.close()
        self.engine.dispose()
        for suffix in ("-wal", "-shm"):
            Path(f"{self.file}{suffix}").unlink(missing_ok=True)
        shutil.copy(self.kept, self.file)
        self.look = sqlite3.connect(self.file)
        self.version = self._version()

    def send(self, form: Form, typed: list[tuple[str, Any]], what: str, value: Any) -> None:
        path, _sep, query = form.address.partition("?")
        if form.method == "get":
            reply = self.client.get(path, query_string=MultiDict(typed))
        else:
            reply = self.client.post_form(path, typed, query_string=query)
        self.judge(reply, form, what, value)
        is_typed = what.partition(" = ")[0] in form.typed
        if reply.status_code == 422 and is_typed and not shown(reply, value):
            self.wrong.append(f"{form.address} {what}: not shown again")

    def judge(self, reply: Any, form: Form, what: str, value: Any = "") -> None:
        """Keep what is wrong with an answer, and with the rows after it."""
        reply.data  # noqa: B018  files are streamed
        reply.close()
        self.tried[reply.status_code] += 1
        if wrong := wrong_with(reply, self.mark):
            self.wrong.append(f"{form.method} {form.address[:200]} {what}: {wrong}")
        if self.is_file:
            self.look_at_rows(form, what, value, reply.status_code)

    def look_at_rows(self, form: Form, what: str, value: Any, status: int) -> None:
        if not self.has_written():
            changed = False
        else:
            after = self.rows()
            changed = after != self.before
            if changed and (status >= 400 or form.method != "post"):
                tables = [name for name in after if after[name] != self.before[name]]
                self.wrong.append(f"{form.address} {what}: {status} changed {tables}")
            if changed and value == LONG and (parts := cut(after, value)):
                self.wrong.append(f"{form.address} {what}: cut to {parts[0]}")
            if changed and self.theirs() != self.of_stranger:
                self.wrong.append(f"{form.address} {what}: changed what is another unit's")
            if changed or status < 400:
                self.put_back()
            else:
                self.version = self._version()


def values(start: int) -> Iterator[tuple[str, Any]]:
    known = list(VALUES.items())
    for step in range(AT_ONCE):
        yield known[(start + step) % len(known)]


def walk_of(doors: "Doors") -> Walk:
    """Walked once, because the same rows have the same numbers in every test."""
    key = (doors.is_file, doors.role)
    if key not in WALKS:
        pages = pages_of(doors.client, doors.app, of_a_kind=2)
        asked = {path: set(names) for path, names in doors.noted.items()}
        WALKS[key] = Walk(every_form(pages), list(pages), asked)
    return WALKS[key]


def every_form(pages: dict[str, Any]) -> list[Form]:
    forms: dict[tuple[str, ...], Form] = {}
    for address, reply in pages.items():
        if reply.status_code == 200 and "html" in reply.headers.get("Content-Type", ""):
            for form in forms_of(address, BeautifulSoup(reply.text, "lxml")):
                if not form.address.startswith(NOT_SENT):
                    forms.setdefault(form.kind, form)
    return list(forms.values())


@pytest.fixture
def noted(app: Flask, monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    names: dict[str, set[str]] = {}
    monkeypatch.setattr(Noted, "names", names)
    monkeypatch.setattr(app.request_class, "parameter_storage_class", Noted)
    return names


@pytest.fixture
def at_the_doors(
    app: Flask,
    session: Session,
    client_for: Callable[..., Any],
    district: Any,  # noqa: F811
    noted: dict[str, set[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[[str], Doors]]:
    made: list[Doors] = []
    for module in (import_upload, import_acts, pasted):
        monkeypatch.setattr(module, "look_apart", lambda _run: None)

    def make(role: str) -> Doors:
        is_unit = role == "investor"
        client = client_for(role, *([district["other"]] if is_unit else []))
        stranger = district["first"].id if is_unit else None
        ids = [str(stranger)] if is_unit else []
        for model in OWNED if is_unit else ():
            ids.append(str(session.scalar(select(model.id).where(model.investor_id == stranger))))
        session.commit()
        session.close()
        made.append(Doors(app, role, client, stranger, sorted(set(ids)), noted))
        return made[0]

    yield make
    if made[0].is_file:
        made[0].look.close()


@pytest.mark.parametrize(("database", "role"), WHERE, indirect=["database"])
def test_no_form_breaks_tells_cuts_or_forgets_what_is_typed_into_it(at_the_doors, role):
    doors = at_the_doors(role)
    forms, turn = walk_of(doors).forms, count(0 if doors.is_file else len(VALUES) // 2)
    assert len(forms) > 10
    for form in forms:
        if not doors.is_known("shape", *form.kind):
            doors.send(form, [], "nothing", "")
            doors.send(form, [*form.fields, *form.fields], "all twice", "")
        for name in dict(form.fields):
            if doors.is_known("form", form.kind[1], name):
                continue
            for kind, value in values(next(turn)):
                typed = [(n, value if n == name else v) for n, v in form.fields]
                plain = value if isinstance(value, str) else "Zq"
                doors.send(form, typed, f"{name} = {kind}", plain)
            for foreign in doors.ids if dict(form.fields)[name].isdigit() else ():
                typed = [(n, foreign if n == name else v) for n, v in form.fields]
                doors.send(form, typed, f"{name} = foreign", foreign)
    assert doors.wrong == [], doors.tried


@pytest.mark.parametrize(("database", "role"), WHERE, indirect=["database"])
def test_no_page_breaks_or_tells_by_what_it_is_asked(at_the_doors, role):
    doors = at_the_doors(role)
    _forms, pages, asked = walk_of(doors)
    turn = count()
    assert len([path for path in asked if path.startswith("/admin")]) > 20
    for address in pages:
        path = address.partition("?")[0]
        own = [
            tuple(one.split("=", 1)) for one in address.partition("?")[2].split("&") if "=" in one
        ]
        for name in sorted(asked.get(path, ())):
            # of files one of each kind: the pages beside them read the same parameters
            file = next((part for part in FILES_OUT if part in path), None)
            if doors.is_known("page", *([file] if file else path.split("/")[2:3]), name):
                continue
            for kind, value in values(next(turn)):
                fields = tuple(pair for pair in own if pair[0] != name)
                form = Form(path, "get", fields)
                doors.send(form, [*fields, (name, value)], f"{name} = {kind}", str(value))
    assert doors.wrong == [], doors.tried
