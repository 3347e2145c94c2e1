"""The steps of an import that other rooms do, until they are there."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from models.base import Actor
from models.calendar import Period
from models.sheets import Ask, Book, Known, Reading

LARGEST_FILE = 10_000_000


def open_book(content: bytes, name: str, *, answers: Mapping[str, str]) -> Book:
    raise NotImplementedError


def read(book: Book, ask: Ask, known: Known) -> Reading:
    raise NotImplementedError


def known_for(session: Session, *, period: Period | None = None, day: date) -> Known:
    raise NotImplementedError


def make_plan(session: Session, reading: Reading, ask: Ask, *, at: datetime) -> Any:
    raise NotImplementedError


def carry_out(
    session: Session, writes: Any, *, at: datetime, actor: Actor, received_at: datetime | None
) -> Any:
    raise NotImplementedError


def take_back(session: Session, written: Any, *, at: datetime, actor: Actor) -> None:
    raise NotImplementedError
