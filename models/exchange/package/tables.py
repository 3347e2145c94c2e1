"""Which tables and columns the package carries, read off the models themselves.

The ten files of the design keep their columns. What else a row of theirs says stands in a
companion (`project_details.csv`), keyed like the file; every other table that people type into
has a file of its own. A column or table added to the models is carried without a word here; one
that must not, or cannot, be carried is named below with the reason.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Table, UniqueConstraint

from models.base import Base, _n
from models.exchange.package.cells_of_tables import cells_of as _cells_of
from models.exchange.package.names import classes_by_table, file_of
from models.exchange.package.schema import FILES, Column, File
from models.exchange.package.special_cells import Units
from models.exchange.package.table_cell import Cell, number

# tables that stay behind, and why
LEFT_OUT: dict[str, str] = {
    table: why
    for why, tables in (
        (
            _n("Frozen reports prove what was issued here; a copy would be no proof."),
            ("report_version", "version_part", "version_paper"),
        ),
        (
            _n("The trail says what happened in this database, and only that."),
            ("audit_entry", "audit_seal"),
        ),
        (_n("Sign-ins belong to this server."), ("login_attempt", "sign_in")),
        (
            _n("What one signs in with is a secret and stays where it was set up."),
            ("code_maker", "recovery_code", "passkey"),
        ),
        (
            _n("Imports are the evidence of what was brought in here."),
            ("import_run", "import_file"),
        ),
        (
            _n("What was said about sheets is proposed here, to those who said it."),
            ("import_map",),
        ),
        (_n("Keys of forms sent once mean nothing elsewhere."), ("form_key",)),
        (
            _n("Sums that the database makes of the reports, there as well."),
            ("counted_disbursement",),
        ),
        (_n("Sums of other rows, made ahead by a command."), ("unit_sum", "office_sum")),
    )
    for table in tables
}
# of these nothing is lost: they come back with what they are made of
DERIVED = frozenset({"counted_disbursement", "unit_sum", "office_sum"})
# columns that stay behind, by table; `*` is every table
LEFT_OUT_COLUMNS: dict[str, dict[str, str]] = {
    "*": {
        "id": "opaque: rows are named by their natural keys",
        "version": "counts the times a row was saved; begins anew",
        "search_text": "derived from the other columns",
        "sort_text": "derived from the other columns",
    },
    "letter_template": {"sha256": "made of the content, wherever it lies"},
    "user_account": {
        "password_hash": "a secret: everybody gets a new password",  # nosec B105 # words
        "must_change_password": "true wherever there is no password yet",  # nosec B105 # words
        "session_epoch": "counts ended sessions of this server",
        "last_login_at": "belongs to this server",
        "password_expires_at": "ends with the first password, which is given anew",
    },
}
# table of each of the ten files, and its columns that the file says in other words
MAIN: dict[str, tuple[str, frozenset[str]]] = {
    "components": ("component", frozenset({"parent_id"})),
    "investors": ("investor", frozenset()),
    "projects": ("project", frozenset({"component_id", "investor_id"})),
    "decisions": ("decision", frozenset()),
    "allocations": ("allocation_line", frozenset({"investor_id", "allocation_id", "decision_id"})),
    "periods": ("period", frozenset()),
    "submissions": ("submission", frozenset({"investor_id", "period_id"})),
    "entries": ("progress_entry", frozenset({"investor_id", "submission_id", "project_id"})),
    "disbursements": ("disbursement", frozenset({"investor_id", "entry_id", "allocation_id"})),
    "users": ("user_account", frozenset()),
}
COMPANIONS = {
    "components": "component_details",
    "investors": "investor_details",
    "projects": "project_details",
    "decisions": "decision_details",
    "allocations": "allocation_details",
    "periods": "period_details",
    "submissions": "submission_details",
    "entries": "entry_details",
    "disbursements": "disbursement_details",
    "users": "user_details",
}
# rows that acts of reorganisation speak of, and that have no key: a number says which
NUMBERED = frozenset(
    {
        "org_event",
        "former_name",
        "succession",
        "project_succession",
        "capital_transfer",
        "obstacle",
    }
)
# what tells rows apart where the database has no such key: an edited row is a difference
_KEYS: dict[str, tuple[str, ...]] = {
    "letter_head": ("valid_from",),
    "letter_template": ("at",),
    "submission_event": ("investor_code", "period", "kind", "at"),
    "reopening": ("investor_code", "period", "from_at"),
    "obstacle": ("investor_code", "project_code", "raised_on", "content"),
    "remark": ("investor_code", "period", "subject", "figure", "at"),
    "org_event": ("kind", "effective_on", "decision_number", "done_at"),
    "expected_change": ("investor_code", "period", "added", "at"),
}
# these decide how periods are opened, so they come before everything
FIRST = ("settings", "rule_settings", "days_off", "holiday_years")
# and these belong to the ledger and to the opening itself
CAPITAL, EXPECTED = "capital", "expected_reports"


@dataclass(frozen=True)
class Carried:
    """One table with a file of its own."""

    model: type[Any]
    file: File
    cells: tuple[Cell, ...]
    key: tuple[str, ...]
    is_unique: bool
    is_numbered: bool

    @property
    def name(self) -> str:
        """The file without its ending."""
        return self.file.name

    @property
    def compared(self) -> tuple[str, ...]:
        """Columns in which a stored row and a line of the file must agree."""
        return tuple(name for cell in self.cells if cell.is_compared for name in cell.names)


@dataclass(frozen=True)
class Companion:
    """What rows of one of the ten files say beyond it."""

    main: str
    model: type[Any]
    file: File
    cells: tuple[Cell, ...]


def left_out(table: str) -> frozenset[str]:
    """Columns of a table that the package does not carry."""
    return frozenset({*LEFT_OUT_COLUMNS["*"], *LEFT_OUT_COLUMNS.get(table, {})})


@cache
def companions() -> dict[str, Companion]:
    """By the file they stand beside."""
    found = {}
    for main, (table, said) in MAIN.items():
        model = classes_by_table()[table]
        without = left_out(table) | said | set(FILES[main].header)
        cells = _cells_of(_table(model), without=frozenset(without))
        if cells is None:
            raise TypeError(f"a column of {table} can neither be carried nor is it left out")
        if main == "users":
            cells.append(Units())
        key = key_columns(main)
        columns = (*key, *(column for cell in cells for column in cell.columns))
        file = File(COMPANIONS[main], columns, tuple(column.name for column in key))
        found[main] = Companion(main, model, file, tuple(cells))
    return found


def key_columns(main: str) -> tuple[Column, ...]:
    """The columns that lead from a companion to its row; equal lines of the ledger are counted."""
    file = FILES[main]
    if main == "allocations":
        return (*file.columns, Column("nth", number))
    return tuple(column for column in file.columns if column.name in file.key)


@cache
def carried() -> dict[str, Carried]:
    """The tables with a file of their own by the name of that file, referred-to ones first."""
    found = {}
    mains = {table for table, _said in MAIN.values()}
    classes = classes_by_table()
    for table in Base.metadata.sorted_tables:
        if table.name in mains or table.name in LEFT_OUT or table.name not in classes:
            continue
        cells = _cells_of(table, without=left_out(table.name))
        if cells is not None:
            one = _carried(classes[table.name], table, tuple(cells))
            found[one.name] = one
    return found


def left_behind_tables() -> list[type[Any]]:
    """Tables with rows that stand in no file: named above, or of a shape nobody foresaw."""
    kept = {*DERIVED, *(_table(one.model).name for one in carried().values())}
    kept |= {table for table, _said in MAIN.values()}
    return [
        one.class_
        for one in sorted(Base.registry.mappers, key=lambda one: _table(one.class_).name)
        if _table(one.class_).name not in kept
    ]


def why_left_out(model: type[Any]) -> str:
    """The reason, a sentence of the catalogue, why a table stays behind; "" for unforeseen ones."""
    return LEFT_OUT.get(_table(model).name, "")


@cache
def all_files() -> dict[str, File]:
    """Every file a package may hold, in the order in which its faults are told."""
    files = [*FILES.values()]
    files += [one.file for one in companions().values()]
    files += [one.file for one in carried().values()]
    return {file.name: file for file in files}


def _carried(model: type[Any], table: Table, cells: tuple[Cell, ...]) -> Carried:
    key = _unique_key(table, cells)
    is_numbered = table.name in NUMBERED
    columns = [column for cell in cells for column in cell.columns]
    if is_numbered:
        columns.insert(0, Column("no", number, required=False))
    if table.name == "expected_report":  # a line without a unit: nobody at all is expected
        columns[0] = Column(columns[0].name, columns[0].read, required=False)
    name = file_of(model)
    names = tuple(column.name for column in columns)
    soft = tuple(one for one in _KEYS.get(table.name, ()) if one in names)
    return Carried(
        model, File(name, tuple(columns), key), cells, key or soft, bool(key), is_numbered
    )


def _unique_key(table: Table, cells: tuple[Cell, ...]) -> tuple[str, ...]:
    """The columns of the file that the database lets no two rows share; () if there are none."""
    keys = [[column.name for column in table.primary_key.columns]]
    keys += [
        [column.name for column in one.columns]
        for one in sorted(
            (one for one in table.constraints if isinstance(one, UniqueConstraint)),
            key=lambda one: [column.name for column in one.columns],
        )
    ]
    for key in keys:
        if "id" in key:
            continue
        found = [cell for cell in cells if set(cell.attrs) & set(key)]
        if {attr for cell in found for attr in cell.attrs} >= set(key):
            return tuple(dict.fromkeys(name for cell in found for name in cell.said))
    return ()


def _table(model: type[Any]) -> Table:
    return model.__table__  # type: ignore[no-any-return]
