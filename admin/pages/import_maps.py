"""What was said about forms of sheets, remembered for their senders: to look at, edit, remove."""

from collections.abc import Collection, Mapping
from typing import Any

from flask import abort, make_response, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from admin.access import May, Page, check_seen, may_import
from admin.pages.act import carry_out
from admin.pages.import_columns import meanings_of, words_of_meaning
from admin.pages.import_form import meaning
from admin.pages.import_list import unit_names
from admin.pages.import_questions import option_words
from admin.records import newest_of
from admin.words import moment
from models import ImportMap, RuleBroken, Source, db
from models.base import _n, clean_line, current_actor, fold, new_key, now, today
from models.sheets import Kind

SHOWN = 300


class ImportMapsPage(Page):
    """Remembered sheets: proposed when one like them comes again, and never used unseen."""

    read = May.SEE_IMPORTS

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> str:
        kinds = [kind for kind in Kind if may_import(current_user, kind)]
        known = select(ImportMap).where(ImportMap.kind.in_(kinds))
        maps = newest_of(known.order_by(ImportMap.at.desc(), ImportMap.id.desc()), SHOWN)
        return str(
            self.render(
                "imports/maps.html",
                maps=maps,
                units=unit_names(one.sender for one in maps.rows),
            )
        )

    @expose("/<int:map_id>", methods=["GET", "POST"])
    def one(self, map_id: int) -> Response:
        """One remembered sheet; posted, its columns and answers are changed or it is removed."""
        known = self._map(map_id)
        if request.method == "GET":
            return self._page(known)

        def act() -> str:
            row = self._map(map_id)
            check_seen(
                row.version,
                theirs=_("as %(who)s left it at %(at)s", who=row.user_name, at=moment(row.at)),
                mine=_("what this page has shown"),
            )
            if request.form.get("action") == "remove":
                db.session.delete(row)
                return _("What was said about this sheet is forgotten.")
            row.columns = _columns(row)
            row.answers = {
                key: given for key, given in row.answers.items() if _answer(key) in request.form
            }
            row.at, row.user_name = now(), current_actor().name
            return _("The remembered sheet is changed.")

        to_list = redirect(url_for(".index"), 303)
        return carry_out(
            act,
            there=to_list,
            refused=lambda status, why: self._page(
                self._map(map_id), status, why, typed=request.form
            ),
        )

    def _map(self, map_id: int) -> ImportMap:
        """A map that this person may see and change, or 404."""
        known = db.session.get(ImportMap, map_id)
        if known is None or not may_import(current_user, known.kind):
            abort(404)
        return known

    def _page(
        self,
        known: ImportMap,
        status: int = 200,
        refusal: str = "",
        typed: Mapping[str, str] | None = None,
    ) -> Response:
        """The page of a sheet; `typed` is what was posted and refused."""
        page = self.render(
            "imports/map.html",
            known=known,
            sender=unit_names([known.sender]).get(known.sender, known.sender),
            columns=[_shown(known, heading, typed) for heading in _headings(known)],
            answers=[_told(key, given, typed) for key, given in sorted(known.answers.items())],
            meanings=meanings_of(known.kind),
            words_of_meaning=words_of_meaning,
            sources=list(Source),
            vintages=_vintages(),
            refusal=refusal,
            form_key=new_key(),
        )
        return make_response(page, status)


def _headings(known: ImportMap) -> list[str]:
    """The headings of the sheet, each once, as they are written."""
    return list({fold(heading): heading for heading in known.headings if heading}.values())


def _vintages() -> list[str]:
    """The years of capital to choose from."""
    return [str(today().year - back) for back in range(5)]


def _answer(key: str) -> str:
    """The field of an answer."""
    return f"answer:{key}"


def _shown(known: ImportMap, heading: str, typed: Mapping[str, str] | None) -> dict[str, str]:
    """A heading with what is said of it: as typed, where something was."""
    place = fold(heading)
    said = meaning(known.columns.get(place, ""))
    if typed is not None:
        names = {"field": "column", "vintage": "vintage", "source": "source"}
        said = {part: typed.get(f"{name}:{place}", "") for part, name in names.items()}
    return {"heading": heading, "place": place, **said}


def _told(key: str, given: str, typed: Mapping[str, str] | None) -> dict[str, Any]:
    """An answer in words: what was asked, of which text, what was said, and whether it stays."""
    code, _sep, text = key.partition(":")
    asked = {
        "name_unclear": _("“%(text)s” is", text=text),
        "unit_unclear": _("Unit of the amounts"),
        "source_unclear": _("Source of capital"),
        "kind_unclear": _("Kind of the decision"),
        "encoding_unclear": _("Letters of the file"),
    }.get(code, code)
    stays = typed is None or _answer(key) in typed
    return {"key": key, "words": str(asked), "given": option_words(code, given), "stays": stays}


def _columns(known: ImportMap) -> dict[str, str]:
    """What is said of each heading now; without a word for those left to the program.

    A meaning that is stored already stays possible, whatever can be chosen today. Raises
    RuleBroken for what the form does not offer.
    """
    offered = {field.value for _group, fields in meanings_of(known.kind) for field in fields}
    found = {}
    for heading in _headings(known):
        place = fold(heading)
        stored = meaning(known.columns.get(place, ""))
        meant = _chosen(f"column:{place}", {*offered, "-", stored["field"]}, heading)
        if meant and meant != "-":
            vintage = _chosen(
                f"vintage:{place}", {*_vintages(), "carried", stored["vintage"]}, heading
            )
            source = _chosen(f"source:{place}", {*Source, stored["source"]}, heading)
            meant += f" vintage={vintage}" if vintage else ""
            meant += f" source={source}" if source else ""
        if meant:
            found[place] = meant
    return found


def _chosen(name: str, offered: Collection[str], heading: str) -> str:
    """What was chosen in a list, empty for nothing. Raises RuleBroken for anything else."""
    typed = clean_line(request.form.get(name, ""))
    if typed and typed not in offered:
        raise RuleBroken(
            _n("“%(typed)s” is no meaning of the column “%(heading)s”. Choose one of the list."),
            field=name,
            typed=typed[:60],
            heading=heading,
        )
    return typed
