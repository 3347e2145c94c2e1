"""The rows of a unit's form: total, components, projects with their capital and their words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from models.capital import BUDGET_SOURCES, Nature, Source
from models.filing import AllocationRow, ProjectRow, Sheet
from models.sheets import Field, FormRow, Holds
from reports.facts import outline_number

TOTAL = "TỔNG SỐ"
MEMO = "Nguồn huy động khác và tín dụng chính sách (ghi nhận, ngoài tổng số và tỷ lệ)"
WORDS = {
    Field.PROGRESS_TEXT: "Tiến độ, kết quả thực hiện",
    Field.OBSTACLES: "Khó khăn, vướng mắc",
    Field.PROPOSALS: "Kiến nghị, đề xuất",
}
SOURCES = {
    Source.NSTW: "Ngân sách trung ương",
    Source.NST: "Ngân sách tỉnh",
    Source.NSH: "Ngân sách huyện",
    Source.NSX: "Ngân sách xã",
    Source.HDK: "Huy động hợp pháp khác",
    Source.TDCS: "Tín dụng chính sách",
}
NATURES = {Nature.DTPT: "vốn đầu tư phát triển", Nature.SN: "vốn sự nghiệp"}


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintedRow:
    """One row of the form: its mark, its outline number, and the figures that stand in it.

    `allocations` are those whose amounts it shows; `is_memo` where no rate is told.
    """

    mark: FormRow
    number: str = ""
    depth: int = 0
    project: ProjectRow | None = None
    allocations: tuple[AllocationRow, ...] = ()
    is_memo: bool = False


def rows_of(sheet: Sheet, components: Mapping[str, str], first: int) -> tuple[PrintedRow, ...]:
    """All rows, the first in row `first` of the file; `components` are full labels by code."""
    total = PrintedRow(
        mark=FormRow(row=first, holds=Holds.SUM, label=TOTAL),
        allocations=tuple(row for row in sheet.allocations if row.source in BUDGET_SOURCES),
    )
    found, heads = [total], []
    groups = groupby(sheet.projects, key=lambda project: project.component_code)
    for n, (code, projects) in enumerate(groups, 1):
        block = _component(
            tuple(projects), outline_number([n]), components[code], first + len(found)
        )
        heads.append(block[0].mark.row)
        found += block
    found[0] = replace(total, mark=replace(total.mark, adds=tuple(heads)))
    return (*found, *_memo(sheet, first + len(found)))


def _component(
    projects: tuple[ProjectRow, ...], number: str, label: str, first: int
) -> list[PrintedRow]:
    found: list[PrintedRow] = []
    heads: list[int] = []
    for n, project in enumerate(projects, 1):
        block = list(_project(project, str(n), first + 1 + len(found)))
        heads.append(block[0].mark.row)
        found += block
    head = PrintedRow(
        mark=FormRow(row=first, holds=Holds.SUM, label=label, adds=tuple(heads)),
        number=number,
        depth=1,
        allocations=tuple(row for project in projects for row in project.budget_rows),
    )
    return [head, *found]


def _project(project: ProjectRow, number: str, first: int) -> Iterable[PrintedRow]:
    capital = project.budget_rows
    yield PrintedRow(
        mark=FormRow(
            row=first,
            holds=Holds.PROJECT,
            label=project.name,
            project_id=project.project_id,
            project=project.code,
            adds=tuple(range(first + 1, first + 1 + len(capital))),
        ),
        number=number,
        depth=2,
        project=project,
        allocations=capital,
    )
    for n, row in enumerate(capital, 1):
        yield _capital(project, row, first + n)
    for n, (field, label) in enumerate(WORDS.items(), first + 1 + len(capital)):
        yield PrintedRow(
            mark=FormRow(
                row=n,
                holds=Holds.WORDS,
                label=label,
                project_id=project.project_id,
                project=project.code,
                field=field,
            ),
            depth=3,
            project=project,
        )


def _memo(sheet: Sheet, first: int) -> Iterable[PrintedRow]:
    """Capital outside the state budget, below everything that is added up."""
    rows = [
        (project, row)
        for project in sheet.projects
        for row in project.allocations
        if row.source not in BUDGET_SOURCES
    ]
    if not rows:
        return
    yield PrintedRow(
        mark=FormRow(
            row=first,
            holds=Holds.SUM,
            label=MEMO,
            adds=tuple(range(first + 1, first + 1 + len(rows))),
        ),
        depth=1,
        allocations=tuple(row for _project, row in rows),
        is_memo=True,
    )
    for n, (project, row) in enumerate(rows, first + 1):
        yield replace(_capital(project, row, n), is_memo=True)


def _capital(project: ProjectRow, row: AllocationRow, number: int) -> PrintedRow:
    return PrintedRow(
        mark=FormRow(
            row=number,
            holds=Holds.CAPITAL,
            label=f"- {capital_label(row)}",
            project_id=project.project_id,
            project=project.code,
            allocation_id=row.allocation_id,
            source=row.source,
            nature=row.nature,
            vintage=row.vintage,
        ),
        depth=3,
        project=project,
        allocations=(row,),
    )


def capital_label(row: AllocationRow) -> str:
    """`Ngân sách trung ương, vốn sự nghiệp, năm 2024`; carried over: `…, kéo dài từ năm 2023`."""
    year = "năm" if row.vintage == row.budget_year else "kéo dài từ năm"
    return f"{SOURCES[row.source]}, {NATURES[row.nature]}, {year} {row.vintage}"
