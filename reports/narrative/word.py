"""The báo cáo as a Word file, from the template that the office edits, with its annexes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models import Period
from models.base import HANOI, RuleBroken, _n, local_day
from models.calendar import PeriodCode
from models.reminders import TemplateKind, current_template, head_on
from reports.letter import (
    SAMPLE_HEAD,
    Head,
    printed,
    render,
    report_symbol,
    spoken_period,
)
from reports.narrative.found import PARTS, Narrative
from reports.writing import Column, Row, Table, with_annexes
from reports.writing import Head as TableHead

COMMITTEE = "ỦY BAN NHÂN DÂN"
_AT = datetime(2024, 4, 16, 16, 30, tzinfo=HANOI)


@dataclass(frozen=True, kw_only=True, slots=True)
class NarrativePaper:
    """All that is written into the file; making it asks the database nothing more."""

    context: Mapping[str, object]
    template: bytes | None
    annexes: tuple[Table, ...]

    def file(self) -> bytes:
        """The Word file. Raises RuleBroken where the edited template cannot be filled in."""
        return _annexed(render(self.context, TemplateKind.NARRATIVE, self.template), self.annexes)


def narrative_paper(session: Session, found: Narrative, *, at: datetime) -> NarrativePaper:
    """The paper of a day: head and signer in force then, number and day left to the clerk.

    Raises RuleBroken where no head is in force.
    """
    head = Head(**printed(head_on(session, local_day(at))))
    template = current_template(session, TemplateKind.NARRATIVE)
    return NarrativePaper(
        context=narrative_context(found, head, at),
        template=template.file if template else None,
        annexes=tuple(replace(one, rows=tuple(one.rows)) for one in found.annexes),
    )


def check_annexes(paper: bytes) -> None:
    """Try whether tables can be put behind a paper made from a new template. Raises RuleBroken."""
    head = TableHead(
        issuer="", form="Biểu 01", title=("BIỂU",), reference="", unit="", mark="", status=(),
        notes=(), none="",
    )  # fmt: skip
    column = Column(key="name", heading="name", path=("Tên",), number=1)
    _annexed(
        paper,
        [
            Table(
                name="sample",
                columns=(column,),
                rows=(Row(values={"name": "Đường & <b>"}),),
                unit="dong",
                places=0,
                head=head,
                rounding="",
            )
        ],
    )


def _annexed(content: bytes, annexes: Sequence[Table]) -> bytes:
    """The paper with its annexes; a template without what every document has is refused."""
    try:
        return with_annexes(content, annexes)
    except Exception as error:  # a foreign file makes the library raise almost anything
        raise RuleBroken(
            _n(
                "The annexes cannot be put behind this template (%(why)s). Copy its text into a "
                "new Word document, save that and use it instead."
            ),
            field="file",
            why=type(error).__name__,
        ) from error


def narrative_context(found: Narrative, head: Head, at: datetime) -> dict[str, object]:
    """What the tags of a Word template may name."""
    return (
        head.tags(at)
        | _told(
            found.period,
            head,
            programme=found.programme,
            status=found.status,
            mark=found.mark,
            treasury=found.treasury,
            annexes=", ".join(table.head.form for table in found.annexes),
            parts={name: [point.text for point in found.parts[name]] for name in PARTS},
        )
        | {"chart": found.chart or ""}
    )


def _told(
    period: Period | str, head: Head, *, parts: dict[str, Any], **said: str
) -> dict[str, Any]:
    code = PeriodCode.parse(period if isinstance(period, str) else period.code)
    is_committee = bool(head.issuer) and head.issuer[0].upper().startswith(COMMITTEE)
    is_said = any(line.upper().startswith("TM.") for line in head.authority)
    return {
        "period": spoken_period(code),
        "year": code.budget_year,
        "report_symbol": report_symbol(head.issuer_short),
        "on_behalf": f"TM. {COMMITTEE}" if is_committee and not is_said else "",
        **said,
        **parts,
    }


def sample_narrative_contexts() -> list[dict[str, object]]:
    """What a template has to cope with: parts with several paragraphs, with one, with none."""
    head = Head(**SAMPLE_HEAD)
    return [
        head.tags(_AT)
        | _told(
            "2024-03",
            head,
            programme='Chương trình "giảm nghèo" & <bền vững>',
            status="Số liệu chưa chốt",
            mark="Số liệu minh họa" if count else "",
            treasury="Số liệu do chủ đầu tư báo cáo",
            annexes="Biểu 01, Biểu 02",
            parts={name: [f"Ý {n} & <b>" for n in range(count)] for name in PARTS},
        )
        | {"chart": ""}
        for count in (3, 1, 0)
    ]
