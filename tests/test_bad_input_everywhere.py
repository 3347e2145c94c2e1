"""Bad input in every field of every form and in every parameter of every page.

Forms are taken from the pages that a role reaches, parameters are those that a page reads while
it is shown: what is new is tried without being listed. `THOROUGH=1` tries everything everywhere.
"""

import os
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from admin.pages import import_acts, import_upload, pasted
from models import db
from tests.doors import contents
from tests.hostile import LONG, VALUES, Form, cut, forms_of, shown, wrong_with
from tests.test_nothing_of_others import MARK, district, pages_of  # noqa: F401  a fixture

THOROUGH = bool(os.environ.get("THOROUGH"))
AT_ONCE = len(VALUES) if THOROUGH else 1
TRIED: set[tuple[str, ...]] = set()
ROLES = ("officer", "admin", "finance", "investor", *(("leader", "auditor") if THOROUGH else ()))
# a person who leaves has nothing more to try; a download and a password say nothing again
NOT_SENT = ("/logout", "/language")
FILES_OUT = (".csv", ".xlsx", ".docx", ".json", "/export/")


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
    """A signed-in role at its pages; what a request changed is put back."""

    def __init__(self, app: Flask, client: Any, mark: str | None) -> None:
        self.app, self.client, self.mark = app, client, mark
        client.arranged = None
        with app.app_context():
            self.engine = db.engine
            self.file = Path(str(db.engine.url.database))
        self.kept = self.file.with_suffix(".kept")
        self.engine.dispose()
        shutil.copy(self.file, self.kept)
        self.before = self.rows()
        self.look = sqlite3.connect(self.file)
        self.version = self._version()
        self.wrong: list[str] = []
        self.tried: Counter[int] = Counter()

    def rows(self) -> dict[str, list[str]]:
        with Session(self.engine) as session:
            return contents(session)

    def _version(self) -> int:
        return int(self.look.execute("PRAGMA data_version").fetchone()[0])

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
        reply.data  # noqa: B018  files are streamed
        self.tried[reply.status_code] += 1
        if wrong := wrong_with(reply, self.mark):
            self.wrong.append(f"{form.method} {form.address} {what}: {wrong}")
        if self._version() == self.version:
            changed = False
        else:
            after = self.rows()
            changed = after != self.before
            if changed and (reply.status_code >= 400 or form.method == "get"):
                tables = [name for name in after if after[name] != self.before[name]]
                self.wrong.append(f"{form.address} {what}: {reply.status_code} changed {tables}")
            if changed and value == LONG and (parts := cut(after, value)):
                self.wrong.append(f"{form.address} {what}: cut to {parts[0]}")
            if changed or reply.status_code < 400:
                self.put_back()
            else:
                self.version = self._version()
        is_typed = what.partition(" = ")[0] in form.typed
        if reply.status_code == 422 and is_typed and not shown(reply, value):
            self.wrong.append(f"{form.address} {what}: not shown again")


def values(start: int) -> Iterator[tuple[str, Any]]:
    known = [(name, value) for name, value in VALUES.items() if value is not None]
    for step in range(min(AT_ONCE, len(known))):
        yield known[(start + step) % len(known)]


def is_known(role: str, *what: str) -> bool:
    """Whether another role of the office tried it already; a unit tries everything itself."""
    if THOROUGH:
        return False
    tried = (str(role == "investor"), *what)
    known = tried in TRIED
    TRIED.add(tried)
    return known


def every_form(client: Any, app: Flask) -> list[Form]:
    forms: dict[tuple[str, ...], Form] = {}
    for address, reply in pages_of(client, app, of_a_kind=2).items():
        if reply.status_code == 200 and "html" in reply.headers.get("Content-Type", ""):
            for form in forms_of(address, BeautifulSoup(reply.text, "html.parser")):
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
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[[str], Doors]]:
    made: list[Doors] = []
    for module in (import_upload, import_acts, pasted):
        monkeypatch.setattr(module, "look_apart", lambda _run: None)

    def make(role: str) -> Doors:
        is_unit = role == "investor"
        client = client_for(role, *([district["other"]] if is_unit else []))
        session.commit()
        session.close()
        made.append(Doors(app, client, MARK if is_unit else None))
        return made[0]

    yield make
    made[0].look.close()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", ROLES)
def test_no_form_breaks_tells_cuts_or_forgets_what_is_typed_into_it(app, at_the_doors, role):
    doors = at_the_doors(role)
    forms, turn = every_form(doors.client, app), count()
    assert len(forms) > 10
    for form in forms:
        if not is_known(role, "shape", *form.kind):
            doors.send(form, [], "nothing", "")
            doors.send(form, [*form.fields, *form.fields], "all twice", "")
        for name in dict(form.fields):
            if is_known(role, "form", form.kind[1], name):
                continue
            for kind, value in values(next(turn)):
                typed = [(n, value if n == name else v) for n, v in form.fields]
                plain = value if isinstance(value, str) else "Zq"
                doors.send(form, typed, f"{name} = {kind}", plain)
    assert doors.wrong == [], doors.tried


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", ROLES)
def test_no_page_breaks_or_tells_by_what_it_is_asked(app, noted, at_the_doors, role):
    doors = at_the_doors(role)
    pages, turn = pages_of(doors.client, app, of_a_kind=1), count()
    asked = {path: names for path, names in noted.items() if path.startswith("/admin")}
    assert len(asked) > 20
    for address in pages:
        path = address.partition("?")[0]
        if not THOROUGH and any(part in path for part in FILES_OUT):
            continue
        own = [
            tuple(one.split("=", 1)) for one in address.partition("?")[2].split("&") if "=" in one
        ]
        for name in sorted(noted.get(path, ())):
            if is_known(role, "page", *path.split("/")[2:3], name):
                continue
            for kind, value in values(next(turn)):
                fields = tuple(pair for pair in own if pair[0] != name)
                form = Form(path, "get", fields)
                doors.send(form, [*fields, (name, value)], f"{name} = {kind}", str(value))
    assert doors.wrong == [], doors.tried
