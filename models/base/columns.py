"""What people are told about a field, said once on the model: label, help, unit, bounds.

Forms, lists, details, filters, exports, the page of a conflict, the history and the package read
it here. Texts are message ids; the edge translates them. A column that no screen shows says why
(`hidden`), and one that is missing in a single place names the place (`out`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Column, inspect
from sqlalchemy.orm import RelationshipProperty

KEY = "shown"
HIDDEN = "hidden"
FIRST = "^"  # before all other fields
FORM, LIST, DETAILS, EXPORT = "form", "list", "details", "export"
# what the machinery of every table keeps: never shown, never handed over
SERVICE = frozenset({"id", "investor_id", "version", "search_text", "sort_text"})
_Getter = TypeVar("_Getter", bound=Callable[..., Any])


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """The words and bounds of one field.

    `unit` stands behind the label in headings (“Amount (đồng)”); `needed` decides where a blank
    means something else than the column says; `least` and `most` bound whole numbers; `signed`
    amounts may be negative; `lines` is the height of a long text; `after` names the field
    behind which a relation or a computed field stands; `out` maps a place to the reason why
    the field is not there.
    """

    label: str
    help: str = ""
    unit: str = ""
    after: str = ""
    needed: bool | None = None
    least: int = 0
    most: int = 1_000_000
    signed: bool = False
    email: bool = False
    lines: int = 2
    out: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One field of a model: a column, a relation, or computed where neither is given."""

    name: str
    shown: Shown
    column: "Column[Any] | None" = None
    relation: "RelationshipProperty[Any] | None" = None

    def stands_in(self, place: str) -> bool:
        """Whether the field has its place on the form, in the list, the details or the export."""
        return place not in self.shown.out


def shown(label: str, help: str = "", **more: Any) -> dict[str, Any]:
    """The `info` of a column or relation that people see; see Shown for what may be said."""
    return {KEY: Shown(label=label, help=help, **more)}


def hidden(reason: str) -> dict[str, Any]:
    """The `info` of a column that no screen shows, with the reason for the next engineer."""
    return {HIDDEN: reason}


def told(label: str, help: str = "", **more: Any) -> Callable[[_Getter], _Getter]:
    """Say the words of a computed field, beneath its `@property`."""

    def mark(getter: _Getter) -> _Getter:
        getter.shown = Shown(label=label, help=help, **more)  # type: ignore[attr-defined]
        return getter

    return mark


def shown_columns(model: Any) -> "list[Column[Any]]":
    """The columns of a table that people see; may be asked while models are still imported."""
    return [column for column in model.__table__.columns if KEY in column.info]


@cache
def fields_of(model: Any) -> dict[str, Field]:
    """The fields of a model that people see, by name, in the order in which they are shown."""
    mapper = inspect(model)
    found: dict[str, Field] = {}
    for prop in mapper.column_attrs:
        column = prop.columns[0]
        if (words := column.info.get(KEY)) is not None:
            found[prop.key] = Field(name=prop.key, shown=words, column=column)
    moved = [
        Field(name=relation.key, shown=relation.info[KEY], relation=relation)
        for relation in mapper.relationships
        if KEY in relation.info
    ]
    for kind in reversed(mapper.class_.__mro__):
        for name, value in vars(kind).items():
            words = getattr(getattr(value, "fget", None), "shown", None)
            if isinstance(words, Shown):
                moved.append(Field(name=name, shown=words))
    for one in moved:
        _place(found, one)
    return found


def _place(found: dict[str, Field], one: Field) -> None:
    """Put a field behind the one that it names, else at the end."""
    names = list(found)
    if one.shown.after == FIRST:
        at = 0
    else:
        at = names.index(one.shown.after) + 1 if one.shown.after in found else len(names)
    rest = {name: found.pop(name) for name in names[at:]}
    found[one.name] = one
    found.update(rest)


def field_of(model: Any, path: str) -> Field:
    """The field at `path`, which may lead over relations (“project.investor”). KeyError if none."""
    way, _dot, name = path.rpartition(".")
    return fields_of(model_at(model, way))[name]


def model_at(model: Any, way: str) -> Any:
    """The model to which a way over relations leads; the model itself where it is empty."""
    for step in way.split(".") if way else ():
        model = inspect(model).relationships[step].mapper.class_
    return model


def column_field(model: Any, name: str) -> Field | None:
    """The field that tells about a stored column: its own, or the relation that rests on it."""
    fields = fields_of(model)
    if name in fields:
        return fields[name]
    for one in fields.values():
        if one.relation is not None and any(
            column.key == name
            for column in one.relation.local_columns
            if len(one.relation.local_columns) == 1 or column.key not in SERVICE
        ):
            return one
    return None


def values_of(row: Any) -> dict[str, Any]:
    """Every stored value of a row but its keys and service columns, by name.

    Who copies a row starts here and names only what differs in the copy: a column added later
    is carried on by itself.
    """
    return {
        prop.key: getattr(row, prop.key)
        for prop in inspect(type(row)).column_attrs
        if prop.key not in SERVICE
    }
