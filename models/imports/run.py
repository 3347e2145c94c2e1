"""Imports that were begun: the file as it came, what was found in it, what it wrote, by whom."""

import json
import zlib
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Dialect,
    ForeignKey,
    Index,
    LargeBinary,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from models.base import Base, Surrogate, UtcDateTime, Versioned, choice, scoped_by, unaltered
from models.calendar import Period
from models.sheets import Ask, Kind


class RunStatus(StrEnum):
    """Where an import stands; all but `reading` stay until somebody does something."""

    READING = "reading"
    READY = "ready"
    QUESTIONS = "questions"
    ERRORS = "errors"  # in the sheet: nothing is imported while they stand
    REFUSED = "refused"  # the file itself was not read
    APPLIED = "applied"
    UNDONE = "undone"
    BROKEN = "broken"  # the reading broke off: it can be read again


OPEN = (RunStatus.READY, RunStatus.QUESTIONS, RunStatus.ERRORS, RunStatus.BROKEN)


class PackedJson(TypeDecorator[Any]):
    """Data of a JSON kind, packed: the differences of a large sheet are megabytes of text."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        return zlib.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(zlib.decompress(value))


@scoped_by("investor_id")
class ImportRun(Surrogate, Versioned, Base):
    """One file that somebody wants imported.

    `investor_id` is the unit whose own people brought the file; a run of the office has none, is
    the office's alone, and names the unit that its figures are of in `unit_code`. `ask` is what
    was asked and answered so far (see `asked`); `result` what was found, as `Looked.result`;
    `writes` what would be written, `written` what stood before and stands since.
    """

    __tablename__ = "import_run"
    __table_args__ = (
        Index("ix_import_run_investor", "investor_id"),
        Index("ix_import_run_file", "sha256"),
        Index("ix_import_run_period", "period_id"),
    )

    kind: Mapped[Kind] = mapped_column(choice(Kind, "kind_known"))
    status: Mapped[RunStatus] = mapped_column(choice(RunStatus, "status_known"))
    investor_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("investor.id"))
    period_id: Mapped[int | None] = mapped_column(ForeignKey("period.id"))
    unit_code: Mapped[str | None] = mapped_column(String(40))
    file_name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]  # in bytes
    ask: Mapped[dict[str, Any]] = mapped_column(JSON)
    received_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # for lists: rows new, changed, same; findings by level
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    found: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    user_id: Mapped[int | None] = mapped_column(BigInteger)  # none: a command
    user_name: Mapped[str] = mapped_column(String(200))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reading_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    worker: Mapped[str | None] = mapped_column(String(120))  # the process that reads
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    applied_by: Mapped[str | None] = mapped_column(String(200))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by: Mapped[str | None] = mapped_column(String(200))
    # the large ones stand last, for SQLite reads a row from its beginning
    result: Mapped[dict[str, Any] | None] = mapped_column(PackedJson, deferred=True)
    writes: Mapped[Any | None] = mapped_column(PackedJson, deferred=True)
    written: Mapped[Any | None] = mapped_column(PackedJson, deferred=True)

    period: Mapped[Period | None] = relationship()
    file: Mapped["ImportFile | None"] = relationship(cascade="all, delete-orphan")

    @property
    def name(self) -> str:
        """What the trail calls it."""
        return f"{self.id or ''} {self.file_name}".strip()

    @property
    def content(self) -> bytes | None:
        """The bytes as they came; none where the file was too large to be kept. Raises RuleBroken
        where they are not any more what came."""
        return unaltered(self.file.content, self.sha256) if self.file is not None else None

    @property
    def asked(self) -> Ask:
        """What somebody wants read, with the answers given so far."""
        return Ask(kind=self.kind, **{k: v for k, v in self.ask.items() if k != "said"})

    @property
    def said(self) -> dict[str, str]:
        """Answers that fit other files of this sender, by what they are remembered under."""
        return dict(self.ask.get("said", {}))

    def __str__(self) -> str:
        return self.name


@scoped_by("investor_id")
class ImportFile(Base):
    """The bytes of a file, kept as evidence; apart from its run, which is written again and again.

    There is none where the file was larger than what is read at all.
    """

    __tablename__ = "import_file"
    __table_args__ = (Index("ix_import_file_investor", "investor_id"),)

    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"), primary_key=True)
    investor_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("investor.id"))
    content: Mapped[bytes] = mapped_column(LargeBinary)


@scoped_by("investor_id")
class ImportMap(Surrogate, Versioned, Base):
    """What was said about one form of a sheet, proposed when such a sheet comes again.

    `sender` is the code of the unit whose sheet it is, empty for sheets of the office. `columns`
    go by the folded heading, `answers` by the code of the question, with the folded value of the
    cell where it belongs to one: `name_unclear:xa yen bing`.
    """

    __tablename__ = "import_map"
    __table_args__ = (Index("ix_import_map_form", "fingerprint", "kind", "sender"),)

    investor_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("investor.id"), index=True
    )
    sender: Mapped[str] = mapped_column(String(40), default="")
    kind: Mapped[Kind] = mapped_column(choice(Kind, "kind_known"))
    fingerprint: Mapped[str] = mapped_column(String(64))
    headings: Mapped[list[str]] = mapped_column(JSON)
    columns: Mapped[dict[str, str]] = mapped_column(JSON)
    answers: Mapped[dict[str, str]] = mapped_column(JSON)
    file_name: Mapped[str] = mapped_column(String(255))
    user_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def name(self) -> str:
        """What the trail calls it."""
        return f"{self.sender} {self.file_name}".strip()
