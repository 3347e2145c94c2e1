"""The paper of a unit's report as a Word file, from the template that the office edits."""

from datetime import UTC, date, datetime
from typing import Any

from models import Investor, Period
from models.catalogue import InvestorKind
from reports.letter import spoken_moment
from reports.unit_paper.paper import Said, UnitPaper
from reports.unit_paper.tables import PaperColumn, PaperRow, PaperTable

# the units of amounts as papers name them
UNIT_WORDS = {"dong": "đồng", "nghin": "nghìn đồng", "trieu": "triệu đồng"}
NIL = "Trong kỳ, đơn vị không phát sinh giải ngân và không có thay đổi về tiến độ."
SOURCE = "Số liệu do chủ đầu tư báo cáo, không thay thế số liệu của KBNN."
DEMO = "Số liệu minh họa."


def paper_context(paper: UnitPaper, *, unit: str = "dong") -> dict[str, object]:
    """What the tags of a Word template may name; amounts as printed in `unit`."""
    columns = paper.table.columns
    return {
        "superior": paper.superior.upper(),
        "unit_name": paper.unit_name.upper(),
        "place": paper.place or "…………",
        "year": paper.year,
        "title": paper.title,
        "programme": paper.programme,
        "sending": sending_of(paper),
        "money_unit": UNIT_WORDS[unit],
        "nil": NIL if paper.is_nil else "",
        "columns": [
            {"heading": one.heading, "beneath": one.heading if one.group else ""} for one in columns
        ],
        "groups": [
            {"title": group or columns[at].heading, "span": span}
            for at, (group, span) in _starts(paper.table)
        ],
        "rows": [
            {
                "no": row.number,
                "label": row.label,
                "is_bold": row.depth < 2,
                "cells": cells,
            }
            for row, cells in paper.table.lines(unit)
        ],
        "words": [
            {"project": one.project, "parts": [{"head": h, "text": t} for h, t in one.parts]}
            for one in paper.words
        ],
        "signer": paper.signer,
        "notes": notes_of(paper),
    }


def notes_of(paper: UnitPaper) -> list[str]:
    """What stands below the tables: whose figures they are, and that they are invented."""
    return [*([DEMO] if paper.is_demo else []), SOURCE]


def _starts(table: PaperTable) -> list[tuple[int, tuple[str, int]]]:
    """Each group of the head with the number of its first column."""
    found, at = [], 0
    for group in table.groups:
        found.append((at, group))
        at += group[1]
    return found


def sending_of(paper: UnitPaper) -> str:
    """Which sending it is, or that it is a draft."""
    if paper.sent is None:
        return "BẢN NHÁP, chưa gửi"
    by = f", người gửi: {paper.sent.sent_by}" if paper.sent.sent_by else ""
    return f"Lần gửi {paper.sent.number}, lúc {spoken_moment(paper.sent.sent_at)}{by}"


def sample_paper_contexts() -> list[dict[str, object]]:
    """What a template has to cope with: a draft with nothing, and a report with every part."""
    unit = Investor(name='Đơn vị "1" & <xã>', kind=InvestorKind.DEPARTMENT)
    period = Period(code="2024-03", data_from=date(2024, 3, 1), data_to=date(2024, 3, 31))
    shared: dict[str, Any] = {
        "period": period,
        "investor": unit,
        "unit_name": unit.name,
        "superior": "Ủy ban nhân dân huyện",
        "place": "Địa danh",
        "programme": "Chương trình",
        "sent": None,
        "is_nil": False,
        "is_demo": True,
        "at": datetime(2024, 4, 9, tzinfo=UTC),
    }
    full = PaperTable(
        rows=(
            PaperRow(number="", label="TỔNG SỐ", depth=0),
            PaperRow(number="1", label="Dự án & <một>", depth=2),
        ),
        columns=(
            PaperColumn(heading="Kế hoạch", amounts=(1_000_000, 1_000_000)),
            PaperColumn(heading="Tạm ứng", group="Trong kỳ", amounts=(1, None)),
            PaperColumn(heading="Cộng", group="Trong kỳ", amounts=(1, 1)),
        ),
    )
    said = Said(project="Dự án", parts=(("Kết quả", "Đã làm & xong"),))
    papers = (
        UnitPaper(table=PaperTable(rows=(), columns=()), words=(), **shared),
        UnitPaper(table=full, words=(said,), **shared | {"is_nil": True}),
    )
    return [paper_context(paper) for paper in papers]
