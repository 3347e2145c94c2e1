"""Form fields that read what people type: cleaned text, đồng, Vietnamese dates, strict choices.

Every field keeps what was typed when it refuses it, and says in words what to write instead.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

import wtforms
from flask_babel import gettext as _
from markupsafe import Markup
from wtforms.validators import DataRequired, StopValidation

from admin.words import (
    day,
    dong,
    doubt_sentence,
    field_attributes,
    number,
    read_amount,
    say,
    typed_amount,
)
from models import RuleBroken
from models.base import (
    LONGEST,
    clean,
    clean_line,
    is_mail_address,
    meant_instead,
    plain,
    read_day,
    read_percent,
    read_text,
    read_whole,
)


class Needed(DataRequired):
    """The field must be filled in; 0 counts as filled in."""

    def __call__(self, form: Any, field: Any) -> None:
        if field.data is None or (isinstance(field.data, str) and not field.data):
            if not field.errors:
                raise StopValidation(_("This must be filled in."))
            raise StopValidation


class MailAddress:
    """What is typed, if anything, must be an address that mail can go to."""

    def __call__(self, form: Any, field: Any) -> None:
        if field.data and not is_mail_address(field.data):
            raise StopValidation(_("This is not an e-mail address."))


def _read(read: Callable[..., Any], *typed: Any) -> Any:
    """What a reader makes of the text; its refusal as the sentence of the field."""
    try:
        return read(*typed)
    except RuleBroken as refusal:
        raise ValueError(say(refusal)) from refusal


class _Typed:
    """Shows what was typed for as long as it is refused."""

    raw_data: list[str] | None
    data: Any

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.written(self.data)

    def written(self, value: Any) -> str:
        """The stored value as a person would type it."""
        return "" if value is None else str(value)


class LineField(_Typed, wtforms.StringField):
    """One line of text, cleaned; empty becomes None unless `blank` says otherwise.

    A page that refuses the form shows it as it was typed: the browser would not know a cleaned text
    for its own again, and say of it that no answer came.
    """

    cleaned: Callable[[str], str] = staticmethod(clean_line)

    def __init__(
        self, *args: Any, most: int = LONGEST, blank: str | None = None, **kwargs: Any
    ) -> None:
        kwargs["render_kw"] = {"data-most": most} | (kwargs.get("render_kw") or {})
        super().__init__(*args, **kwargs)
        self.most, self.blank = most, blank

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = self.cleaned(valuelist[0]) or self.blank

    def pre_validate(self, form: Any) -> None:
        try:
            read_text(self.data or "", self.most)
        except RuleBroken as refusal:
            raise StopValidation(say(refusal)) from refusal

    def written(self, value: Any) -> str:
        return value or ""


class TextAreaField(LineField):
    """Several lines of text, cleaned. The name is the one the form templates look for."""

    widget = wtforms.widgets.TextArea()
    cleaned = staticmethod(clean)


class Question(Protocol):
    """Words an amount that is suspect, beside `plan` and `last` of `meant_instead`."""

    def __call__(self, amount: int, meant: int, *, plan: int, last: int) -> str: ...


class AmountInput(wtforms.widgets.TextInput):
    """The field of an amount, with a box to confirm one that was asked about."""

    def __call__(self, field: Any, **kwargs: Any) -> Markup:
        shown: Markup = super().__call__(field, **kwargs)
        if field.doubt is None:
            return shown
        box: Markup = Markup(
            '<label class="sure"><input type="checkbox" name="{}" value="{}"> {}</label>'
        ).format(
            field.sure_name, field.doubt, _("%(amount)s đồng is right", amount=dong(field.doubt))
        )
        return shown + box


class MoneyField(_Typed, wtforms.Field):
    """Whole đồng; reads and writes 1.234.567, or 1,234,567 on English pages (domain §2.5)."""

    widget = AmountInput()
    doubt: int | None = None
    errors: Any
    sure = ""

    def __init__(self, *args: Any, negative: bool = False, **kwargs: Any) -> None:
        marks = field_attributes(negative=negative) | {"class": "money"}
        kwargs["render_kw"] = marks | (kwargs.get("render_kw") or {})
        super().__init__(*args, **kwargs)
        self.negative = negative

    @property
    def sure_name(self) -> str:
        return f"{self.name}-sure"

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        if formdata is not None:
            self.sure = formdata.get(self.sure_name, "")
        super().process(formdata, *args, **kwargs)

    def ask(self, *, plan: int, last: int, question: Question = doubt_sentence) -> bool:
        """Whether the amount may be taken: it is not suspect (V8), or this very amount was
        confirmed. Else the question, which names the two it is held against, stands at the field.
        """
        meant = meant_instead(self.data or 0, plan=plan, last=last)
        if meant is None or self.sure == str(self.data):
            return True
        self.doubt = self.data
        self.errors = [*self.errors, question(self.data, meant, plan=plan, last=last)]
        return False

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if valuelist and plain(valuelist[0]):
            self.data = _read(read_amount, valuelist[0], self.negative)

    def written(self, value: int | None) -> str:
        return typed_amount(value)


class _ReadField(_Typed, wtforms.Field):
    """A value that a reader makes of one line; `marks` say to the browser what is typed there."""

    widget = wtforms.widgets.TextInput()
    marks: Mapping[str, str]
    read: Callable[[str], Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        marks = {"autocomplete": "off", **self.marks}
        kwargs["render_kw"] = marks | (kwargs.get("render_kw") or {})
        super().__init__(*args, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if valuelist and valuelist[0].strip():
            self.data = _read(self.read, valuelist[0])


class DayField(_ReadField):
    """A day as dd/mm/yyyy; yyyy-mm-dd is understood as well."""

    marks = {"data-date": "", "inputmode": "numeric"}
    read = staticmethod(read_day)

    def written(self, value: date | None) -> str:
        return day(value)


class PercentField(_ReadField):
    """A percentage from 0 to 100 with at most two decimals; 45,5 or 45.5."""

    marks = {"inputmode": "decimal"}
    read = staticmethod(read_percent)

    def written(self, value: Decimal | None) -> str:
        return number(value)


class WholeField(_ReadField):
    """A whole number within bounds, such as a year or a place in an order."""

    marks = {"inputmode": "numeric"}

    def __init__(self, *args: Any, least: int = 0, most: int = 1_000_000, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.least, self.most = least, most

    def read(self, typed: str) -> int:
        return read_whole(typed, self.least, self.most)
