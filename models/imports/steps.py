"""The steps of an import that other parts bring, until they are there."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from models.base import Actor
from models.calendar import Period
from models.sheets import Ask, Book, Known, Reading


class Writes:
    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Writes":
        raise NotImplementedError


class Written:
    def as_json(self) -> dict[str, Any]:
        raise NotImplementedError

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Written":
        raise NotImplementedError


def read(book: Book, ask: Ask, known: Known) -> Reading:
    raise NotImplementedError


def known_for(session: Session, *, period: Period | None = None, day: date) -> Known:
    raise NotImplementedError


def make_plan(session: Session, reading: Reading, ask: Ask, *, known: Known, at: datetime) -> Any:
    raise NotImplementedError


def carry_out(
    session: Session,
    writes: Writes,
    *,
    at: datetime,
    actor: Actor,
    received_at: datetime | None,
) -> Written:
    raise NotImplementedError


def take_back(session: Session, written: Written, *, at: datetime, actor: Actor) -> None:
    raise NotImplementedError
