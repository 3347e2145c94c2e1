"""The lines of an annex: which capital each amount changes, and by which kind of line."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from models.base import Dong, _n, new_id
from models.capital import Allocation, LineKind, Nature, Source
from models.catalogue import Project
from models.imports.amounts import dong_of
from models.imports.capital_meant import sources_told
from models.imports.notes import Notes
from models.sheets import At, Field, Line, Option, Reading, Value

AMOUNTS = (Field.AMOUNT, Field.INCREASE, Field.DECREASE)
_KINDS = tuple(one.value for one in LineKind if one is not LineKind.TRANSFER)
Key = tuple[int, int, int, str, str]  # project, budget year, vintage, source, nature


def key_of(one: Any) -> Key:
    """The key of an allocation, or of a line that is to be booked on one."""
    return (one.project_id, one.budget_year, one.vintage, str(one.source), str(one.nature))


@dataclass
class Change:
    """One amount of the annex, in đồng as it is booked: with a minus where it takes away."""

    project: Project
    value: Value
    kind: LineKind
    amount: int
    year: int
    vintage: int
    sources: tuple[str, ...]
    natures: tuple[str, ...]
    is_refused: bool = field(default=False)

    @property
    def at(self) -> At:
        return self.value.at

    @property
    def is_settled(self) -> bool:
        """Whether it is told which capital it changes."""
        return len(self.sources) == len(self.natures) == 1

    @property
    def key(self) -> Key:
        return (self.project.id, self.year, self.vintage, self.sources[0], self.natures[0])


def new_allocation(project: Project, key: Key) -> Allocation:
    """The capital of a project under a key that it has none of yet."""
    _project, budget_year, vintage, source, nature = key
    return Allocation(
        id=new_id(),
        investor_id=project.investor_id,
        project_id=project.id,
        budget_year=budget_year,
        vintage=vintage,
        source=Source(source),
        nature=Nature(nature),
    )


def kind_of_file(reading: Reading, notes: Notes) -> LineKind | None:
    """The kind of all lines that do not tell their own; None where each does, or with a question
    where it is not told.
    """
    if reading.decision is None:  # asked for; the titles may tell the kind all the same
        return None
    told = reading.decision.kind
    if told in _KINDS:
        return LineKind(told)
    if all(_tells_kind(line) for line in reading.lines if _has_amount(line)):
        return None
    fields = {value.field for line in reading.lines for value in line.values}
    if {Field.INCREASE, Field.DECREASE} <= fields:
        return LineKind.ADJUST
    given = notes.answer("kind_unclear", None, _KINDS)
    if given is not None:
        return LineKind(given)
    if not any(one.code == "kind_unclear" for one in notes.findings):
        notes.question(
            "kind_unclear",
            _n(
                "The title does not tell what this decision does. Is the capital given first, "
                "added, adjusted, recalled or carried over?"
            ),
            notes.whole_sheet,
            [Option(one) for one in _KINDS],
            for_file=True,
        )
    return None


def _has_amount(line: Line) -> bool:
    return any(value.field in AMOUNTS for value in line.values)


def _tells_kind(line: Line) -> bool:
    return any(value.field is Field.LINE_KIND for value in line.values)


def changes_of(
    line: Line,
    project: Project,
    kind: LineKind | None,
    *,
    year: int,
    reading: Reading,
    held: Sequence[Allocation],
    notes: Notes,
) -> list[Change]:
    """The amounts of one line; `held` is the capital of the project. Zero changes nothing."""
    own = _own_kind(line, kind, notes)
    found = []
    for value in line.values:
        if value.field in AMOUNTS and value.value and own is not None:
            vintage = _vintage(value, project, own, year, held, notes)
            if vintage is None:
                continue
            one_kind = _kind(value.field, own)
            found.append(
                Change(
                    project=project,
                    value=value,
                    kind=one_kind,
                    amount=_signed(value, one_kind),
                    year=year,
                    vintage=vintage,
                    sources=sources_told(value, reading) or tuple(one.value for one in Source),
                    natures=_natures(value, reading),
                )
            )
    return found


def _own_kind(line: Line, kind: LineKind | None, notes: Notes) -> LineKind | None:
    of_rows = [one for one in line.values if one.field is Field.LINE_KIND]
    if not of_rows:
        return kind
    told = of_rows[0]
    if other := next((one for one in of_rows if one.value != told.value), None):
        notes.error(
            "kind_unclear",
            _n(
                "The rows of one project name several kinds of a line. Write the name of the "
                "project to each of these rows."
            ),
            other.at,
        )
        return None
    if told.value in _KINDS:
        return LineKind(str(told.value))
    notes.error(
        "kind_unclear",
        _n("“%(text)s” is no kind of a line of the ledger. Possible are: %(kinds)s."),
        told.at,
        text=str(told.value)[:60],
        kinds=", ".join(_KINDS),
    )
    return None


def _kind(where: Field, kind: LineKind) -> LineKind:
    """What a column of increases or decreases books, in a decision of this kind."""
    if where is Field.DECREASE and kind is not LineKind.RECALL:
        return LineKind.ADJUST
    if where is Field.INCREASE and kind is LineKind.RECALL:
        return LineKind.ADJUST
    return kind


def _signed(value: Value, kind: LineKind) -> int:
    amount = dong_of(value)
    return -abs(amount) if value.field is Field.DECREASE or kind is LineKind.RECALL else amount


def _natures(value: Value, reading: Reading) -> tuple[str, ...]:
    told = value.nature or reading.nature
    return (told,) if told is not None else tuple(one.value for one in Nature)


def _vintage(
    value: Value,
    project: Project,
    kind: LineKind,
    year: int,
    held: Sequence[Allocation],
    notes: Notes,
) -> int | None:
    if value.vintage is not None:
        return value.vintage
    if not value.is_carried and kind is not LineKind.CARRY_IN:
        return year
    earlier = sorted(
        {one.vintage for one in held if one.budget_year == year and one.vintage < year},
        reverse=True,
    )
    if len(earlier) < 2:
        return earlier[0] if earlier else year - 1
    given = notes.ask(
        "source_unclear",
        _n("%(project)s: the capital of which year is meant?"),
        value.at,
        [str(one) for one in earlier],
        project=project.code,
    )
    return None if given is None else int(given)


def ask_capital(changes: Sequence[Change], notes: Notes) -> None:
    """Ask once a file of which source and nature the capital is, where the file does not tell."""
    waiting = [one for one in changes if not one.is_settled]
    if not waiting:
        return
    given = notes.ask(
        "source_unclear",
        _n("The file does not tell of which capital these amounts are. Choose it."),
        notes.whole_sheet,
        dict.fromkeys(chain.from_iterable(map(_options, waiting))),
        for_file=True,
    )
    for one in waiting:
        _settle(one, given, notes)


def _options(change: Change) -> list[str]:
    """`NSTW`, `SN`, or `NSTW SN`, as far as it is open."""
    if len(change.natures) == 1:
        return list(change.sources)
    if len(change.sources) == 1:
        return list(change.natures)
    return [f"{source} {nature}" for source in change.sources for nature in change.natures]


def _settle(change: Change, given: str | None, notes: Notes) -> None:
    options = _options(change)
    own = notes.answer("source_unclear", change.at, options) or (
        given if given in options else None
    )
    if own is not None:
        words = own.split()
        if len(change.sources) > 1:
            change.sources = (words[0],)
        if len(change.natures) > 1:
            change.natures = (words[-1],)
    elif given is not None:
        notes.question(
            "source_unclear",
            _n("%(project)s: which capital are these %(amount)s đồng of?"),
            change.at,
            options,
            project=change.project.code,
            amount=Dong(change.amount),
        )


def refuse_doubles(changes: Sequence[Change], notes: Notes) -> None:
    """One project twice with the same capital is not added up."""
    seen: dict[tuple[Key, Field], Change] = {}
    for one in changes:
        if not one.is_settled:
            continue
        first = seen.setdefault((one.key, one.value.field), one)
        if first is one:
            continue
        one.is_refused = True
        notes.double(one.at, first.at, one.project.code)
