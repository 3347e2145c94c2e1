"""Every way in with one input: each door gives None where it took it, else what it said.

And rules that refuse everything, to find the door that does not ask.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from models import DISTRICT, Base, RuleBroken, db
from models.base import Around
from models.base.checked import LEAVING, TOGETHER
from models.exchange.package import FILES

TAKEN = {302, 303}
REFUSED = {404, 409, 422}
BOOKKEEPING = {"sign_in", "login_attempt", "form_key", "audit_entry", "audit_seal"}


class Doors:
    """The ways in of one application; what was arranged is committed before each."""

    def __init__(
        self, app: Flask, session: Session, client_for: Callable[..., Any], folder: Path
    ) -> None:
        self.app, self.session, self.client_for, self.folder = app, session, client_for, folder

    def post(self, who: Any, url: str, form: dict[str, Any], *investors: Any) -> str | None:
        """A posted page, as a role or a person."""
        reply = self.client_for(who, *investors).post_form(url, form)
        self.session.expire_all()
        assert reply.status_code in TAKEN | REFUSED, reply.text[-2000:]
        return None if reply.status_code in TAKEN else reply.text

    def command(self, *arguments: Any, **kwargs: Any) -> str | None:
        """A command."""
        self.session.commit()
        result = self.app.test_cli_runner().invoke(args=list(map(str, arguments)), **kwargs)
        self.session.commit()
        self.session.expire_all()
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        assert "Traceback" not in result.output
        return None if result.exit_code == 0 else result.output

    def load(self, **files: list[dict[str, Any]]) -> str | None:
        """`data load` of a package with these rows; a column that is not named is empty."""
        for name, rows in files.items():
            with (self.folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
                writer = csv.DictWriter(out, FILES[name].header, restval="")
                writer.writeheader()
                writer.writerows(rows)
        return self.command("data", "load", self.folder)

    def flush(self, change: Callable[[Any], Any]) -> str | None:
        """The session itself, without any screen: `change(session)` and a commit."""
        self.session.commit()
        with self.app.app_context():
            own = db.session()
            own.enter(DISTRICT)
            try:
                change(own)
                own.commit()
            except RuleBroken as refusal:
                own.rollback()
                return str(refusal)
            finally:
                self.session.expire_all()
        return None


@pytest.fixture
def doors(app: Flask, session: Session, client_for: Callable[..., Any], tmp_path: Path) -> Doors:
    return Doors(app, session, client_for, tmp_path)


@pytest.fixture
def all_refused() -> Iterator[Callable[[], None]]:
    """Once it is called, no record can be written or deleted at all."""

    def no(_around: Around, rows: Iterable[Any]) -> Iterator[RuleBroken]:
        for row in rows:
            yield RuleBroken("Give the reason.", field="nowhere").about(row)

    def begin() -> None:
        for mapper in Base.registry.mappers:
            if mapper.class_.__tablename__ not in BOOKKEEPING:
                TOGETHER[mapper.class_].append(no)
                LEAVING[mapper.class_].append(no)

    yield begin
    for registry in (TOGETHER, LEAVING):
        for kind in list(registry):
            registry[kind] = [rule for rule in registry[kind] if rule is not no]
            if not registry[kind]:
                del registry[kind]


def contents(session: Session) -> dict[str, list[str]]:
    """All rows but those of the bookkeeping."""
    session.rollback()
    return {
        table.name: sorted(map(repr, session.execute(table.select())))
        for table in Base.metadata.sorted_tables
        if table.name not in BOOKKEEPING
    }
