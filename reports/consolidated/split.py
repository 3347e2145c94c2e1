"""The consolidated report apart for each kind of capital (domain §4.4): A, B by its nature, or by
the budget that it comes from.
"""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from models import Nature, Period
from models.base import RuleBroken, _n
from reports.facts import Figures, Line, Source, figures_by_part, total

NATURES = (Nature.DTPT.value, Nature.SN.value)
PARTS: dict[str, dict[str, str]] = {
    "nature": {"DTPT": _n("Investment capital"), "SN": _n("Recurrent capital")},
    "source": {
        "NSTW": _n("Central budget"),
        "NST": _n("Provincial budget"),
        "NSH": _n("District budget"),
        "NSX": _n("Commune budget"),
    },
}


def split_of(
    session: Session, source: Source, *, period: Period, basis: str, by: str
) -> Mapping[str, Source]:
    """The facts of a report apart for each nature or source, in its order.

    The sums over the parts are those of the whole, project by project and to the đồng. A version
    holds no parts: they are those of the entries, as long as these say what the version says.
    Raises RuleBroken where they say something else. An estimate is of a whole project, so no part
    has one.
    """
    figures = figures_by_part(session, period=period, basis=basis, by=by)
    parts = {
        part: replace(
            source,
            lines=tuple(
                _of_part(line, figures[line.project_id, part])
                for line in source.lines
                if (line.project_id, part) in figures
                and not figures[line.project_id, part].is_empty
            ),
        )
        for part in PARTS[by]
    }
    for line in source.lines:
        found = [figures[line.project_id, part] for part in PARTS[by]
                 if (line.project_id, part) in figures]  # fmt: skip
        if total(found) != line.figures:
            raise RuleBroken(
                _n(
                    "The entries have changed since this version was frozen, so it cannot be split"
                    " by nature or source. Choose no split, or the entries as they are now."
                ),
                field="split",
            )
    return {part: own for part, own in parts.items() if own.lines or part in NATURES}


def _of_part(line: Line, figures: Figures) -> Line:
    told = replace(line.told, estimate=None) if line.told is not None else None
    return replace(line, figures=figures, told=told)
