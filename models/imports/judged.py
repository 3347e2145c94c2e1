"""The checks of a report on what would be written, each at the cell of its figure."""

from collections.abc import Iterator, Mapping, Sequence

from models.filing import Sheet, Told
from models.filing.checks import Finding as Found
from models.filing.checks import check_sheet
from models.imports.notes import Notes
from models.imports.said import Said
from models.sheets import At, Finding, Level

# the field that a check speaks of, where it is not money of one capital
_FIELDS = {
    "V5": ("volume_value",),
    "V9": ("progress_text",),
    "V10": ("physical_progress",),
    "V11": ("estimate",),
    "V12": ("obstacles",),
}
# the amount that a check of one capital speaks of; of others it is told by its size
_AMOUNTS = {"V2": "returned", "V4": "recovered"}
_BY_SIZE = ("V8", "V15")


def judge(
    before: Sheet, after: Sheet, said: Sequence[Said], told: Sequence[Told], notes: Notes
) -> None:
    """Add what the checks find: of what the file says, and what it brings elsewhere.

    A project about whose money something is asked still is judged once that is answered.
    """
    places = dict(_places(said, told))
    cells = dict(_cells(said, told))
    by_subject = {f"project:{one.row.project_id}": one for one in said}
    waiting = set(_waiting(said, notes))
    known = {(one.rule, one.subject, one.figures) for one in check_sheet(before)}
    for found in check_sheet(after):
        at = places.get(found.subject)
        if found.subject in waiting:
            continue
        if at is None and (found.rule, found.subject, found.figures) in known:
            continue
        notes.add(
            Finding(
                level=Level(found.level.value),
                code=found.rule,
                message=found.message,
                values=found.values,
                at=_place(found, at, by_subject, cells) or notes.whole_sheet,
                is_check=True,
            )
        )


def _places(said: Sequence[Said], told: Sequence[Told]) -> Iterator[tuple[str, At]]:
    """The cell of each subject that the file speaks of."""
    for one, say in zip(said, told, strict=True):
        yield f"project:{one.row.project_id}", one.at
        for key in say.amounts:
            yield f"allocation:{key}", one.figures.places[key]


def _cells(
    said: Sequence[Said], told: Sequence[Told]
) -> Iterator[tuple[tuple[str, str | int], At]]:
    """The cells of the amounts of each capital, by their names and by what they amount to."""
    for one, say in zip(said, told, strict=True):
        for key, amounts in say.amounts.items():
            for name, amount in amounts.items():
                if (at := one.figures.place_of(key, name)) is not None:
                    yield (f"allocation:{key}", name), at
                    yield (f"allocation:{key}", amount), at


def _waiting(said: Sequence[Said], notes: Notes) -> Iterator[str]:
    for one in said:
        cells = {(value.at.sheet, value.at.cell) for value in one.values}
        if one.figures.open or cells & notes.asked:
            yield f"project:{one.row.project_id}"
            for row in one.row.allocations:
                yield f"allocation:{row.allocation_id}"


def _place(
    found: Found,
    at: At | None,
    by_subject: Mapping[str, Said],
    cells: Mapping[tuple[str, str | int], At],
) -> At | None:
    """The cell of the field or amount that a check speaks of, else that of its subject."""
    one = by_subject.get(found.subject)
    for name in _FIELDS.get(found.rule, ()):
        if one is not None and name in one.fact_places:
            return one.fact_places[name]
    amount = found.values.get("amount") if found.rule in _BY_SIZE else _AMOUNTS.get(found.rule)
    return at if amount is None else cells.get((found.subject, amount), at)
