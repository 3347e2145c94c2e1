"""What a record screen takes from its model wherever the screen itself names nothing else."""

from dataclasses import replace
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, Text

from admin.records.export import Exported, exported
from admin.records.forms import form_fields
from admin.records.shown import heading, help_text
from admin.records.words import as_money
from models.base import DETAILS, EXPORT, LIST, Field, field_of, fields_of, model_at


class RecordDefaults:
    """Columns, labels, formatters, sorts, form and export of a screen, from its model's fields.

    What a screen may name besides Flask-Admin's own words:
    `lead`: fields of related rows (“project.investor”) before the row's own, in details and files;
    `lead_in_files`: those of files, where they are others;
    `tips`: columns whose help stands on the heading of the list as well;
    `form_first`: those of `form_extra_fields` that are asked before the row's own;
    `computed`: the expression of a computed field, which is exported with it;
    `entities`: the alias under which a relation is joined;
    `writers`: a function for the cells of a field in files.
    """

    model: Any
    write: Any
    column_list: Any
    column_details_list: Any
    column_labels: Any
    column_descriptions: Any
    column_formatters: Any
    column_formatters_detail: Any
    form_columns: Any
    form_extra_fields: Any
    lead: ClassVar[tuple[str, ...]] = ()
    lead_in_files: ClassVar[tuple[str, ...]] = ()
    tips: ClassVar[tuple[str, ...]] = ()
    form_first: ClassVar[tuple[str, ...]] = ()
    computed: ClassVar[dict[str, Any]] = {}
    entities: ClassVar[dict[str, Any]] = {}
    writers: ClassVar[dict[str, Any]] = {}
    sorts: ClassVar[dict[str, tuple[Any, ...]]] = {}
    column_classes: ClassVar[dict[str, str]] = {}
    exported: tuple[Exported, ...] = ()

    def take_from(self, model: Any) -> None:
        """Fill in what the screen does not name. Called before Flask-Admin looks at it."""
        own = fields_of(model)
        self.column_list = self.column_list or self._standing(model, LIST)
        self.column_details_list = self.column_details_list or self._standing(model, DETAILS)
        paths = {*own, *self.lead, *self.column_list, *self.column_details_list}
        fields = {path: field_of(model, path) for path in paths}
        self.column_labels = {path: heading(model, path) for path in paths} | (
            self.column_labels or {}
        )
        self.column_descriptions = {path: help_text(fields[path].shown) for path in self.tips}
        amounts = {path: as_money for path, one in fields.items() if _is_money(one)}
        if self.column_formatters_detail is not None:
            self.column_formatters_detail = amounts | self.column_formatters_detail
        self.column_formatters = amounts | (self.column_formatters or {})
        numbers = {path: "num" for path, one in fields.items() if one.shown.unit}
        self.column_classes = numbers | self.column_classes  # type: ignore[misc]
        self.sorts = self._sorts(model, fields) | self.sorts  # type: ignore[misc]
        self.exported = tuple(self._exports(model))
        if self.write is not None:
            last = (name for name in self.form_extra_fields or () if name not in self.form_first)
            self.form_columns = (*self.form_first, *form_fields(model), *last)

    def _standing(self, model: Any, place: str) -> tuple[str, ...]:
        names = [one.name for one in fields_of(model).values() if one.stands_in(place)]
        return (*self.lead, *(name for name in names if name not in self.lead))

    def _sorts(self, model: Any, fields: dict[str, Field]) -> dict[str, tuple[Any, ...]]:
        """Columns sort by themselves, related rows in the order that their model names."""
        found: dict[str, tuple[Any, ...]] = {}
        for path in self.column_list:
            one, entity = fields[path], self._entity(model, path)
            if one.relation is not None and not one.relation.uselist:
                target = self._entity(model, f"{path}.")
                names = getattr(one.relation.mapper.class_, "in_order", ())
                found[path] = tuple(getattr(target, name) for name in names)
            elif one.column is not None and not _is_prose(one.column):
                found[path] = (getattr(entity, one.name),)
        return found

    def _entity(self, model: Any, path: str) -> Any:
        """What holds the field at `path` in the statement of the list."""
        way = path.rpartition(".")[0]
        found = self.entities.get(way)
        return found if found is not None else model_at(model, way)

    def _exports(self, model: Any) -> list[Exported]:
        found: list[Exported] = []
        lead = self.lead_in_files or self.lead
        own = [name for name in fields_of(model) if name not in {*self.lead, *lead}]
        for path in (*lead, *own):
            one = field_of(model, path)
            if not one.stands_in(EXPORT):
                continue
            label = self.column_labels.get(path) or heading(model, path)
            if one.relation is not None:
                target = self._entity(model, f"{path}.")
                for name, words in one.relation.mapper.class_.in_files:
                    found.append(exported(words or label, getattr(target, name)))
            elif one.column is not None:
                column = exported(label, getattr(self._entity(model, path), one.name))
                write = self.writers.get(path, column.write)
                found.append(replace(column, write=write))
            else:
                found.append(Exported(label, self.computed[path]))
        return found


def _is_prose(column: Any) -> bool:
    """Remarks and the like, which no order helps to find; PostgreSQL cannot sort JSON at all."""
    return isinstance(column.type, JSON) or (isinstance(column.type, Text) and column.nullable)


def _is_money(one: Field) -> bool:
    """Amounts in đồng, stored or computed."""
    if one.column is not None and not isinstance(one.column.type, BigInteger):
        return False
    return one.shown.unit == "đồng"
