"""Form fields that choose: members of an enumeration, rows of another table."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any

import wtforms
from flask_admin.contrib.sqla.fields import QuerySelectField
from flask_admin.model.fields import AjaxSelectField
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from admin.records.words import words
from admin.words import (
    label,
)


class ChoiceField(wtforms.SelectField):
    """One member of an enumeration, shown by its word. Nothing is chosen beforehand."""

    def __init__(self, text: Any, kind: type[StrEnum], *args: Any, **kwargs: Any) -> None:
        super().__init__(text, *args, choices=[], validate_choice=False, **kwargs)
        self.kind = kind
        self.choices = [
            SelectChoice("", _("Choose…")),
            *(SelectChoice(member.value, label(member)) for member in kind),
        ]

    def iter_choices(self) -> Iterable[Any]:
        chosen = self.data.value if isinstance(self.data, StrEnum) else (self.data or "")
        for option in self.choices:
            yield wtforms.fields.choices.Choice(
                option.value, option.label, option.value == chosen, {}
            )

    def process_data(self, value: Any) -> None:
        self.data = self.kind(value) if value else None

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if not valuelist or not valuelist[0]:
            return
        if valuelist[0] not in {member.value for member in self.kind}:
            raise ValueError(_("Choose one of the entries of the list."))
        self.data = self.kind(valuelist[0])

    def pre_validate(self, form: Any) -> None:
        """Judged while reading."""


class RelationField(QuerySelectField):
    """A short list of rows. What is not in the list is refused, never taken for nothing."""

    widget = wtforms.widgets.Select()

    def __init__(self, text: Any, rows: Callable[[], Iterable[Any]], *args: Any, **kw: Any) -> None:
        kw.setdefault("blank_text", "")
        kw.setdefault("get_label", words)
        super().__init__(text, *args, query_factory=lambda: list(rows()), allow_blank=True, **kw)

    def iter_choices(self) -> Iterable[Any]:
        yield wtforms.fields.choices.Choice(
            "", self.blank_text or _("Choose…"), self.data is None, {}
        )
        for key, row in self._get_object_list():
            yield wtforms.fields.choices.Choice(key, self.get_label(row), row == self.data, {})

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist and valuelist[0] in {"", "__None"}:
            self.data = None
        else:
            super().process_formdata(valuelist)

    def pre_validate(self, form: Any) -> None:
        if self.raw_data and self.raw_data[0] not in {"", "__None"} and self.data is None:
            raise ValidationError(_("Choose one of the entries of the list."))


class LookupField(AjaxSelectField):
    """A row found by typing. What cannot be found, or is another unit's, is refused."""

    def __init__(self, text: Any, loader: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(loader, text, *args, allow_blank=True, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist and not valuelist[0].strip():
            self.data = None
        else:
            super().process_formdata(valuelist)

    def pre_validate(self, form: Any) -> None:
        if self.raw_data and self.raw_data[0] not in {"", "__None"} and self.data is None:
            raise ValidationError(_("This was not found. Choose one of the entries found."))


class RelationsField(wtforms.SelectMultipleField):
    """Several rows out of a list, found by typing (a box in which several are chosen one by one:
    no key has to be held); `data` holds the rows themselves.
    """

    def __init__(self, text: Any, rows: Callable[[], Iterable[Any]], *args: Any, **kw: Any) -> None:
        kw["render_kw"] = {"data-role": "select2"} | (kw.get("render_kw") or {})
        super().__init__(text, *args, coerce=str, choices=[], **kw)
        self.rows = rows

    def iter_choices(self) -> Iterable[Any]:
        chosen = {row.id for row in self.data or ()}
        for row in self.rows():
            yield wtforms.fields.choices.Choice(str(row.id), words(row), row.id in chosen, {})

    def process_data(self, value: Any) -> None:
        self.data = list(value or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        known = {str(row.id): row for row in self.rows()}
        if any(key not in known for key in valuelist):
            raise ValueError(_("Choose one of the entries of the list."))
        self.data = [known[key] for key in valuelist]

    def pre_validate(self, form: Any) -> None:
        """Judged while reading."""
