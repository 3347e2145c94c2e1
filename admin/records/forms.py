"""Forms that Flask-Admin makes from the models: which field of ours stands for which column.

Label, help, length, bounds, choices and need come from the model (models/shown.py); a screen says
in `form_args` only what differs there: `rows` and `blank_text` of a relation, a `default`.
"""

from collections.abc import Iterable
from typing import Any

import wtforms
from flask_admin.contrib.sqla.form import AdminModelConverter, get_form
from flask_admin.contrib.sqla.validators import Unique
from flask_admin.model.form import FieldPlaceholder, converts
from sqlalchemy import Boolean, select
from wtforms.validators import InputRequired, Optional

from admin.records.choice_fields import ChoiceField, LookupField, RelationField, RelationsField
from admin.records.fields import (
    DayField,
    LineField,
    MailAddress,
    MoneyField,
    Needed,
    PercentField,
    TextAreaField,
    WholeField,
)
from admin.records.pages import RecordForm
from admin.records.shown import heading, help_text
from models import db
from models.base import FORM, Shown, fields_of

# Needed counts 0 as filled in, and what is there already is said in the words of the rules
THEIRS = (InputRequired, Optional, Unique)


class OurConverter(AdminModelConverter):
    """Flask-Admin's generator with the fields that read what people type here."""

    def convert(
        self,
        model: Any,
        mapper: Any,
        name: str,
        prop: Any,
        field_args: Any,
        hidden_pk: bool,
    ) -> Any:
        """The field of one column or relation, with the words of its model.

        Raises TypeError for a type that no field of ours stands for: it would be left out silently.
        """
        if isinstance(prop, FieldPlaceholder):
            return super().convert(model, mapper, name, prop, field_args, hidden_pk)
        shown = fields_of(model)[name].shown
        column = prop.columns[0] if hasattr(prop, "columns") else None
        args = {"label": heading(model, name), "description": help_text(shown)}
        self._now = shown, shown.needed if column is None else _is_needed(shown, column)
        given = args | dict(field_args or {})
        if column is not None and not self._reads(column):
            raise TypeError(f"no field for {model.__name__}.{name}: {column.type!r}")
        return super().convert(model, mapper, name, prop, given, hidden_pk)

    def _reads(self, column: Any) -> bool:
        """Whether the field for a column is one of ours, not one of Flask-Admin's own."""
        chosen = self.get_converter(column)
        return getattr(chosen, "__func__", None) in vars(OurConverter).values()

    def _args(self, field_args: dict[str, Any]) -> dict[str, Any]:
        """What Flask-Admin gathered, with our validators in the place of its own."""
        shown, needed = self._now
        given = field_args.pop("validators", [])
        if needed is None:  # a relation: the generator has looked at its columns
            needed = any(isinstance(one, InputRequired) for one in given)
        if shown.needed is False:
            field_args.pop("default", None)  # a blank stays one until it is stored
        checks: list[Any] = [Needed()] if needed else []
        checks += [one for one in given if not isinstance(one, THEIRS)]
        if shown.email:
            checks.append(MailAddress())
        return {**field_args, "validators": checks}

    def _model_select_field(
        self, prop: Any, multiple: Any, remote_model: Any, **kwargs: Any
    ) -> Any:
        """A row found by typing where the screen has a lookup, else one or several of a list."""
        args = self._args(kwargs)
        args.pop("allow_blank", None)
        label = args.pop("label")
        rows = args.pop("rows", None) or (lambda: in_order(remote_model))
        loader = self.view._form_ajax_refs.get(prop.key)
        if loader is not None:
            return LookupField(label, loader, **args)
        return (RelationsField if multiple else RelationField)(label, rows, **args)

    @converts("sqlalchemy.sql.sqltypes.Enum")
    def convert_enum(self, column: Any, field_args: Any, **extra: Any) -> Any:
        args = self._args(field_args)
        return ChoiceField(args.pop("label"), column.type.enum_class, **args)

    @converts("String")
    def conv_String(self, column: Any, field_args: Any, **extra: Any) -> Any:
        return LineField(**({"most": column.type.length} | self._args(field_args)))

    @converts("Text")
    def conv_Text(self, field_args: Any, **extra: Any) -> Any:
        shown, _needed = self._now
        own: dict[str, Any] = {"render_kw": {"rows": shown.lines}}
        if shown.most != Shown(label="").most:
            own["most"] = shown.most
        return TextAreaField(**(own | self._args(field_args)))

    @converts("Boolean")
    def conv_Boolean(self, field_args: Any, **extra: Any) -> Any:
        return wtforms.BooleanField(**self._args(field_args))

    @converts("Date")
    def convert_date(self, field_args: Any, **extra: Any) -> Any:
        return DayField(**self._args(field_args))

    @converts("Integer")
    def handle_integer_types(self, field_args: Any, **extra: Any) -> Any:
        shown, _needed = self._now
        bounds = {"least": shown.least, "most": shown.most}
        return WholeField(**(bounds | self._args(field_args)))

    @converts("BigInteger")
    def convert_money(self, field_args: Any, **extra: Any) -> Any:
        shown, _needed = self._now
        return MoneyField(**({"negative": shown.signed} | self._args(field_args)))

    @converts("Percent")
    def convert_percent(self, field_args: Any, **extra: Any) -> Any:
        return PercentField(**self._args(field_args))


def _is_needed(shown: Shown, column: Any) -> bool:
    """A column that may not be NULL is filled in, unless a blank means something there."""
    if shown.needed is not None:
        return shown.needed
    return not column.nullable and not isinstance(column.type, Boolean)


def in_order(model: Any) -> Iterable[Any]:
    """All rows of a short table, in the order that its model names."""
    order = [getattr(model, name) for name in model.in_order]
    return db.session.scalars(select(model).order_by(*order, model.id))


def form_fields(model: Any) -> tuple[str, ...]:
    """The fields of a model that people fill in, in their order."""
    return tuple(
        one.name
        for one in fields_of(model).values()
        if one.stands_in(FORM) and (one.column is not None or one.relation is not None)
    )


def form_of(view: Any, model: Any, **args: Any) -> Any:
    """The form of rows of `model` on a page of `view` whose own rows are others."""
    names = form_fields(model)
    borrowed = _Borrowed(model, names, view._form_ajax_refs)
    return get_form(model, OurConverter(db, borrowed), RecordForm, only=names, field_args=args)


class _Borrowed:
    """What the generator asks a view for, where the rows are not those of the view."""

    def __init__(self, model: Any, names: tuple[str, ...], lookups: Any) -> None:
        self.model, self.form_columns, self._form_ajax_refs = model, names, lookups
