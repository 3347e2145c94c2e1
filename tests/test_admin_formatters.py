"""Values and refusals in words, in both languages; no database is asked."""

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

import flask_babel
import pytest
from babel.numbers import format_decimal
from flask import Flask, render_template_string, session
from flask_babel import Babel, force_locale

import models
from admin.words import formatters, ngettext, texts
from models.base import Dong, RuleBroken
from models.calendar import Cutoff, DueRule, HolidayShift, PeriodCode, Punctuality
from models.column_sets import Tabled
from models.filing.checks import Level
from models.imports.stored import keep_value, value_of
from models.sheets import Field, Kind

EVERY_CHOICE = [
    member
    for kind in (
        models.DayKind, models.EventKind, models.InvestorKind, models.LineKind, models.Nature,
        models.PeriodKind, models.PeriodStatus, models.ProjectStatus, models.Role, models.Source,
        models.SubmissionStatus, models.Cause, models.Channel, models.Delivery,
        models.ObstacleState, models.OrgEventKind, models.Outcome, models.ReceiptWay, models.Solver,
        models.RunStatus, Cutoff, DueRule, HolidayShift, Kind, Level, Punctuality,
        Tabled,
    )
    for member in kind
]  # fmt: skip
MOMENT = datetime(2024, 4, 9, 17, 0, 0, tzinfo=UTC)  # midnight in Vietnam


@pytest.fixture(scope="module")
def pages():
    """Pages without catalogues: messages stay as they are in the source, numbers do not."""
    app = Flask("pages")
    Babel(app, default_locale="vi")
    formatters.register(app)
    texts.register(app)
    return app


@pytest.fixture(params=["vi", "en"])
def language(request, pages):
    with pages.test_request_context(), force_locale(request.param):
        yield request.param


@pytest.fixture
def vietnamese(pages):
    with pages.test_request_context():
        yield


@pytest.fixture
def english(pages):
    with pages.test_request_context(), force_locale("en"):
        yield


@pytest.mark.parametrize(
    ("value", "unit", "vi", "en"),
    [
        (0, "dong", "0", "0"),
        (1_234_567, "dong", "1.234.567", "1,234,567"),
        (-35_500_000, "dong", "-35.500.000", "-35,500,000"),
        (10**15, "dong", "1.000.000.000.000.000", "1,000,000,000,000,000"),
        (1_234_567, "nghin", "1.234,567", "1,234.567"),
        (1_234_567, "trieu", "1,235", "1.235"),
        (1_234_500, "trieu", "1,235", "1.235"),
        (-1_234_500, "trieu", "-1,235", "-1.235"),
        (1_150_000_000, "trieu", "1.150", "1,150"),
        (1_000_000_000_000, "trieu", "1.000.000", "1,000,000"),
        (499, "trieu", "0", "0"),
        (-499, "trieu", "0", "0"),
        (None, "trieu", "", ""),
    ],
)
def test_money(language, value, unit, vi, en):
    assert formatters.money(value, unit) == {"vi": vi, "en": en}[language]


@pytest.mark.parametrize(
    "value",
    ["0", "-0", "0.0004", "-0.0004", "0.0005", "0.0015", "999.9995", "1000", "-1000", "1E+5"],
)
def test_a_figure_is_what_babel_makes_of_it(language, value):
    number = Decimal(value)
    assert formatters.number(number) == format_decimal(number, "#,##0.###", locale=language)
    assert formatters.percent(number) == format_decimal(number, "#,##0.00", locale=language)


def test_a_word_of_a_page_is_that_of_its_language_each_time(app):
    page = "{% for n in (1, 2) %}{{ _('Units') }} {{ _('%(number)s %%', number=n) }} {% endfor %}"
    for known, word in (("vi", "Đơn vị"), ("en", "Units"), ("vi", "Đơn vị")):
        with app.test_request_context(), force_locale(known):
            assert render_template_string(page) == f"{word} 1 % {word} 2 % "


def test_what_is_rounded_to_nothing_has_no_minus_sign():
    with_two = [formatters.money(amount, "trieu", 2) for amount in (-4_999, -5_000, 0)]
    assert with_two == ["0,00", "-0,01", "0"]


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [(1_234_567, "1.234.567", "1,234,567"), (Dong(0), "0", "0"), (None, "", "")],
)
def test_dong(language, value, vi, en):
    assert formatters.dong(value) == {"vi": vi, "en": en}[language]


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (Decimal("15.65"), "15,65", "15.65"),
        (Decimal("0.00"), "0,00", "0.00"),
        (Decimal("100"), "100,00", "100.00"),
        (Decimal("1234.5"), "1.234,50", "1,234.50"),
        (Decimal("-3.56"), "-3,56", "-3.56"),
        (None, "", ""),
    ],
)
def test_rates_have_two_decimals_and_are_empty_without_a_plan(language, value, vi, en):
    assert formatters.percent(value) == {"vi": vi, "en": en}[language]


def test_plain_numbers(language):
    assert formatters.number(Decimal("12.50")) == {"vi": "12,5", "en": "12.5"}[language]
    assert formatters.number(None) == ""


def test_days_and_moments_are_those_of_vietnam(language):
    assert formatters.day(date(2024, 3, 9)) == "09/03/2024"
    assert formatters.day(MOMENT) == "10/04/2024"
    assert formatters.moment(MOMENT) == "00:00 10/04/2024"
    assert formatters.exact_moment(MOMENT) == "00:00:00 10/04/2024"
    assert [f(None) for f in (formatters.day, formatters.moment, formatters.exact_moment)] == [
        ""
    ] * 3


def test_the_deadline_leaves_nothing_to_interpret(language):
    assert (
        formatters.deadline(datetime(2024, 4, 9, 16, 59, 59, tzinfo=UTC))
        == {
            "vi": "23:59 ngày 09/04/2024 (thứ Ba)",
            "en": "23:59 on Tuesday, 09/04/2024",
        }[language]
    )
    assert formatters.deadline(None) == ""


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("2024-03", "Month 3/2024"),
        ("2024-Q1", "Quarter I/2024"),
        ("2024-Q4", "Quarter IV/2024"),
        ("2024-13", "Closing period of 2024"),
    ],
)
def test_periods_have_a_name(english, code, label):
    assert formatters.month_label(code) == label
    assert formatters.month_label(PeriodCode.parse(code)) == label


def test_templates_know_the_filters(pages, vietnamese):
    template = pages.jinja_env.from_string(
        "{{ 1234567 | dong }} {{ 1500000 | money('trieu') }} {{ rate | percent }}"
    )

    assert template.render(rate=Decimal("15.65")) == "1.234.567 1,5 15,65"


def test_a_refusal_is_said_with_its_values_written_out(vietnamese):
    refusal = RuleBroken(
        "%(amount)s đồng on %(day)s at %(at)s by %(who)s: %(rate)s, %(count)s × %(what)s",
        amount=Dong(1_234_567),
        day=date(2024, 3, 9),
        at=MOMENT,
        who=models.Role.LEADER,
        rate=Decimal("12.5"),
        count=3,
        what="50 % <b>",
    )

    assert texts.say(refusal) == (
        "1.234.567 đồng on 09/03/2024 at 00:00 10/04/2024 by Lãnh đạo: 12,5, 3 × 50 % <b>"
    )


def test_a_refusal_names_its_periods_and_leaves_other_codes_alone(vietnamese):
    quarter, months = PeriodCode.parse("2024-Q1"), [PeriodCode("month", 2024, n) for n in (1, 2)]
    assert texts.say(RuleBroken("Period %(code)s is already locked.", code=quarter)) == (
        "Kỳ quý I/2024 đã chốt rồi."
    )
    missing = RuleBroken(
        "Send the months first, the figures of the quarter come from them: %(months)s.",
        months=months,
    )
    assert "tháng 1/2024, tháng 2/2024" in texts.say(missing)
    said = texts.say(RuleBroken("Another component has the code %(code)s already.", code="2024-03"))
    assert "2024-03" in said


@pytest.mark.parametrize(
    ("tongue", "message", "said"),
    [
        ("vi", "Period %(code)s is already locked.", "Kỳ chỉnh lý năm 2024 đã chốt rồi."),
        ("vi", "The period %(code)s has not begun yet.", "Kỳ chỉnh lý năm 2024 chưa bắt đầu."),
        ("en", "Period %(code)s is already locked.", "Closing period of 2024 is already locked."),
        ("en", "The period %(code)s has not begun yet.",
         "The closing period of 2024 has not begun yet."),
    ],
)  # fmt: skip
def test_a_sentence_about_the_closing_period_calls_it_a_period_once(
    vietnamese, tongue, message, said
):
    with force_locale(tongue):
        assert texts.say(RuleBroken(message, code=PeriodCode.parse("2024-13"))) == said


def test_no_page_puts_the_word_before_the_name_of_a_period(vietnamese):
    """“kỳ kỳ chỉnh lý”: what a template itself writes of a period is not asked by `say`."""
    asked = [
        text
        for page in Path("templates").rglob("*.html")
        for text in re.findall(r"""_\(["']([^"']+)["'][^{}]*?in_sentence""", page.read_text())
    ]
    assert "Lock %(period)s?" in asked
    written = [flask_babel.gettext(text) for text in asked]
    assert [text for text in written if re.search(r"(?i)kỳ %\(", text)] == []


def test_a_refusal_without_values_may_carry_a_percent_sign(vietnamese):
    assert texts.say(RuleBroken("At most 100 %.")) == "At most 100 %."
    assert str(RuleBroken("At most 100 %.")) == "At most 100 %."


def test_a_refusal_is_translated_before_its_values_are_filled_in(vietnamese, monkeypatch):
    monkeypatch.setattr(texts, "gettext", {"Give %(n)s.": "Nhập %(n)s."}.get)

    assert texts.say(RuleBroken("Give %(n)s.", n=2)) == "Nhập 2."


def test_a_refusal_in_a_log_is_the_plain_sentence():
    refusal = RuleBroken("%(n)s on %(day)s", field="amount", n=Dong(5), day=date(2024, 3, 9))

    assert str(refusal) == "5 on 2024-03-09"
    assert (refusal.message, refusal.field) == ("%(n)s on %(day)s", "amount")


@pytest.mark.parametrize("member", EVERY_CHOICE, ids=repr)
def test_every_choice_has_a_word(english, member):
    assert texts.label(member) not in ("", member.value)


@pytest.mark.parametrize("member", Field, ids=repr)
def test_everything_that_a_column_can_mean_has_a_word(english, member):
    assert texts.label(member) not in ("", member.value)


def test_no_other_enumeration_is_forgotten():
    kinds = {type(member) for member in EVERY_CHOICE}
    exported = {
        kind
        for name in models.__all__
        if isinstance(kind := getattr(models, name), type) and issubclass(kind, StrEnum)
    }

    assert exported <= kinds
    assert {type(member) for member, _text in texts.LABELS} == kinds


def test_choices_of_a_form(english):
    assert texts.choices(models.Nature) == [
        ("DTPT", "Investment capital"),
        ("SN", "Recurrent capital"),
    ]


def test_words_follow_the_language_of_the_request(pages, monkeypatch):
    monkeypatch.setattr(
        flask_babel.Domain,
        "gettext",
        lambda _self, text, **_values: f"{text}/{flask_babel.get_locale()}",
    )
    with pages.test_request_context(), force_locale("en"):
        assert texts.label(models.Role.LEADER) == "Leader/en"
    with pages.test_request_context():
        assert texts.label(models.Role.LEADER) == "Leader/vi"


@pytest.mark.parametrize(("language", "written"), [("vi", "1.234"), ("en", "1,234")])
def test_a_count_in_a_sentence_is_grouped(app, language, written):
    with app.test_request_context(headers={"Accept-Language": language}):
        session["language"] = language
        assert ngettext("%(num)s record", "%(num)s records", 1234).startswith(written)
        page = '{{ ngettext("%(num)s record", "%(num)s records", 1234) }}'
        assert render_template_string(page).startswith(written)
        told = '{{ ngettext("%(num)s record", "%(num)s records", 2, num="<b>") }}'
        assert render_template_string(told).startswith("&lt;b&gt;")


@pytest.mark.parametrize(
    "value",
    [
        Dong(1_234),
        PeriodCode("quarter", 2024, 1),
        [PeriodCode("month", 2024, 1), PeriodCode("closing", 2024, 13)],
        "2024-03",
        True,
        None,
        Decimal("1.5"),
        date(2024, 3, 9),
        MOMENT,
        models.Role.LEADER,
    ],
)
def test_a_value_of_a_sentence_is_kept_with_an_import_as_what_it_is(value):
    again = value_of(json.loads(json.dumps(keep_value(value))))
    assert (again, type(again)) == (value, type(value))
