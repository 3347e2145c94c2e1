"""A small district, and what a table of it says when it is read."""

from typing import Any

from models.sheets import (
    Ask,
    Field,
    Kind,
    Known,
    KnownComponent,
    KnownProject,
    KnownUnit,
    Level,
    Reading,
    read,
)
from tests.sheets import book, grid

KNOWN = Known(
    units=(
        KnownUnit(1, "X-1", "Ủy ban nhân dân xã Hữu Liên", "UBND xã Hữu Liên"),
        KnownUnit(2, "X-2", "Ủy ban nhân dân xã Thiện Tân", "UBND xã Thiện Tân"),
        KnownUnit(3, "TT-YTE", "Trung tâm Y tế", "TTYT"),
        KnownUnit(4, "X-4", "Ủy ban nhân dân xã Hồ Sơn", "UBND xã Hồ Sơn"),
    ),
    components=(
        KnownComponent(1, "CT", "Chương trình mục tiêu quốc gia giảm nghèo bền vững", "GNBV", None),
        KnownComponent(2, "CT.2", "Đa dạng hóa sinh kế", "Dự án 2", "CT"),
        KnownComponent(3, "CT.3", "Hỗ trợ phát triển sản xuất", "Dự án 3", "CT"),
        KnownComponent(4, "CT.3.1", "Phát triển nông nghiệp", "Tiểu dự án 1", "CT.3"),
        KnownComponent(5, "CT.3.2", "Cải thiện dinh dưỡng", "Tiểu dự án 2", "CT.3"),
        KnownComponent(6, "CT.7", "Nâng cao năng lực", "Dự án 7", "CT"),
    ),
    projects=(
        KnownProject(1, "L01", "Mô hình chăn nuôi trâu", "X-1", "CT.2"),
        KnownProject(2, "L02", "Mô hình chăn nuôi dê", "X-2", "CT.2"),
        KnownProject(3, "L03", "Can thiệp dinh dưỡng trẻ em", "TT-YTE", "CT.3.2"),
        KnownProject(4, "L04", "Giám sát tại xã Hữu Liên", "X-1", "CT.7"),
        KnownProject(5, "L05", "Trồng na", "X-1", "CT.3.1"),
        KnownProject(6, "L06", "Trồng keo", "X-1", "CT.3.1"),
    ),
)
TITLES = [
    ["UBND XÃ HỮU LIÊN"],
    ["BÁO CÁO TIẾN ĐỘ GIẢI NGÂN CHƯƠNG TRÌNH THÁNG 4 NĂM 2024"],
    [None, None, "Đơn vị tính: đồng"],
]
HEAD = ["TT", "Tên dự án", "Giải ngân trong tháng (NSTW)", "Ghi chú"]


def reading(rows: Any, *, kind: Kind = Kind.MONTHLY, titles: Any = TITLES, **asked: Any) -> Reading:
    """What a sheet with these rows below the titles says."""
    own = {
        key: asked.pop(key)
        for key in ("spans", "hidden_rows", "hidden_columns", "name", "is_text")
        if key in asked
    }
    is_monthly = kind is Kind.MONTHLY
    ask = {"period": "2024-04", "investor": "X-1" if is_monthly else None} | asked
    return read(book(grid([*titles, *rows], **own)), Ask(kind=kind, **ask), KNOWN)


def found(reading: Reading) -> list[tuple[str, str, str]]:
    """Level, code and cell of all findings that are no hints."""
    return [
        (one.level.value, one.code, one.at.cell)
        for one in reading.findings
        if one.level is not Level.HINT
    ]


def said(reading: Reading, *fields: Field) -> list[tuple[Any, ...]]:
    """Project, field, value and capital of what the lines say of these fields."""
    return [
        (line.work, one.field.value, one.value, one.vintage, one.source)
        for line in reading.lines
        for one in line.values
        if one.field in fields
    ]


def months(reading: Reading) -> dict[str | None, int]:
    """What was disbursed in the month, by project."""
    sums: dict[str | None, int] = {}
    for line in reading.lines:
        for one in line.values:
            if one.field is Field.MONTH and not one.month:
                assert isinstance(one.value, int)
                sums[line.work] = sums.get(line.work, 0) + one.value
    return sums
