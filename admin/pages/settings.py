"""Settings: how the deadline is read, and the names that reports print."""

from flask import flash, make_response, redirect, request, url_for
from flask_admin import BaseView, expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.wrappers import Response

from admin.access import May, Page
from admin.words import label, say
from models import RuleBroken, Setting, db
from models.base import _n, clean_line, today
from models.calendar import (
    NAMES,
    SETTINGS,
    PeriodCode,
    Resolved,
    put_setting,
)
from models.duty import deadlines_of
from models.returns import one_at_a_time

# before which field a part of the form begins
BEGINS = {
    "due_month_offset": _n("Deadline"),
    "site_name": _n("Names of the office"),
    "rank_buckets": _n("Other settings"),
}


class SettingsPage(Page):
    read = May.EDIT_SETTINGS

    @expose("/", methods=["GET", "POST"])
    def index(self) -> Response:
        if request.method == "GET":
            return self._page({}, {})
        errors: dict[str, str] = {}
        stale: dict[str, tuple[str, str]] = {}
        one_at_a_time(db.session(), "settings")
        stored = self._stored()
        for key in SETTINGS:
            if key not in request.form:
                continue
            mine, was = clean_line(request.form[key]), request.form.get(f"seen-{key}")
            is_new_name = key in NAMES and db.session.get(Setting, key) is None
            if was is not None and mine == was and not is_new_name:
                continue  # not touched here; somebody else's change of it stays
            if was is not None and stored[key] not in (was, mine):
                stale[key] = (stored[key], mine)
                continue
            try:
                put_setting(db.session(), key, request.form[key])
            except RuleBroken as refusal:
                errors[key] = say(refusal)
        if errors or stale:
            db.session.rollback()
            return self._page(request.form.to_dict(), errors, 409 if stale else 422, stale)
        db.session.commit()
        flash(_("The settings are saved. Deadlines stored before do not move."), "success")
        return redirect(url_for(".index"), code=303)

    def _stored(self) -> dict[str, str]:
        rows = {row.key: row.value for row in db.session.scalars(select(Setting))}
        return {key: rows.get(key, known.default) for key, known in SETTINGS.items()}

    def _page(
        self,
        typed: dict[str, str],
        errors: dict[str, str],
        status: int = 200,
        stale: dict[str, tuple[str, str]] | None = None,
    ) -> Response:
        """`stale`: by key what somebody else stored meanwhile, and what was typed here."""
        stored = self._stored()
        # of a field somebody else changed the mark is new: saving again is an informed choice
        marks = {key: typed.get(f"seen-{key}", value) for key, value in stored.items()}
        marks |= {key: stored[key] for key in stale or {}}
        fields = [
            {
                "key": key,
                "label": _(known.label),
                "help": _(known.help),
                "value": typed.get(key, stored[key]),
                "seen": marks[key],
                "choices": [(str(c), _choice(c)) for c in known.choices],
            }
            for key, known in SETTINGS.items()
        ]
        page = self.render(
            "settings/index.html",
            fields=fields,
            errors=errors,
            stale=stale or {},
            examples=_next(),
            begins=BEGINS,
        )
        return make_response(page, status)


def _choice(member: object) -> str:
    return {"true": _("Yes"), "false": _("No")}.get(str(member)) or label(member)  # type: ignore[arg-type]


def _next() -> list[tuple[str, Resolved]]:
    """The next three monthly deadlines under the present settings."""
    session, day = db.session(), today()
    code = PeriodCode("month", day.year, day.month)
    codes = [code, code.next(), code.next().next()]
    return [
        (str(one), resolved)
        for one, resolved in zip(codes, deadlines_of(session, codes), strict=True)
    ]


def pages() -> list[BaseView]:
    return [
        SettingsPage(
            name=_l("Settings"),
            endpoint="settings",
            url="/admin/settings",
            category=_l("Administration"),
            menu_icon_value="gear",
        )
    ]
