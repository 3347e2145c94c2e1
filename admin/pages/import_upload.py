"""The form of a new import: kind, period, unit and the file; what is too large is said kindly."""

import hashlib
from collections.abc import Callable, Mapping

from flask import flash, make_response, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData
from werkzeug.wrappers import Response

from admin.access import IMPORTS, may_import, spend_form, turn_away, uploaded
from admin.pages import errors
from admin.pages.import_form import member
from admin.pages.import_list import periods_to_name, units_to_name
from admin.pages.import_look import look_apart
from admin.pages.period_actions import must
from admin.records import in_words, status_of
from admin.words import say
from models import ImportRun, RuleBroken, db
from models.base import UNITS, _n, clean_line, current_actor, new_key, now
from models.imports import start
from models.sheets import Ask, Kind
from models.sheets.opening import FILE_BYTES

BODY = FILE_BYTES + 100_000  # the file, and what is typed beside it
FIELDS = ("kind", "period", "investor", "unit")
READ_OFF = 2**16  # how much of a body that is too large is looked at for what was typed
DRAINED = 64 * 2**20  # and how much of it is taken off the line, so that the answer arrives


class ImportUpload:
    """Choosing a file and saying what it is."""

    render: Callable[..., str]
    is_accessible: Callable[[], bool]

    @expose("/new", methods=["GET", "POST"])
    def new(self) -> Response:
        """The form; posted, the file is kept and its reading begins."""
        if request.method == "GET":
            return self._form(request.args)
        kind = member(Kind, request.form.get("kind"))
        if kind is not None:
            must(IMPORTS[kind])
        try:
            file = uploaded("file", FILE_BYTES)
            if len(file.content) > FILE_BYTES:
                return self._form(request.form, 413, _too_large(), "file")
            with in_words():
                run = self._begin(file.name, file.content)
        except RuleBroken as refusal:
            db.session.rollback()
            is_unit = refusal.values.get("code") == request.form.get("investor")
            field = refusal.field or ("investor" if is_unit else None)
            return self._form(request.form, status_of(refusal), say(refusal), field)
        return redirect(url_for(".run", run_id=run), 303)

    def _begin(self, name: str, content: bytes) -> int:
        """The run of this file, begun; the one that the very same form began before."""
        form, session = request.form, db.session()
        if (kind := member(Kind, form.get("kind"))) is None:
            raise RuleBroken(_n("Choose what the file is."), field="kind")
        if not clean_line(name):
            raise RuleBroken(_n("Choose a file."), field="file")
        if not content:
            raise RuleBroken(_n("This file is empty. Choose another one."), field="file")
        if form.get("unit") and form["unit"] not in UNITS:
            raise RuleBroken(_n("Choose the unit of amounts from the list."), field="unit")
        digest = hashlib.sha256(content).digest()
        if form.get("form_key") and not spend_form(file=digest):
            flash(_("This was carried out already; nothing was done twice."), "info")
            return self._the_same(digest.hex())
        ask = Ask(
            kind=kind,
            period=form.get("period", "").strip() or None,
            investor=form.get("investor", "").strip() or None,
            unit=form.get("unit") or None,
        )
        run = start(session, ask, name=name, content=content, at=now(), actor=current_actor())
        session.commit()
        look_apart(run.id)
        return int(run.id)

    def _the_same(self, sha256: str) -> int:
        """The newest run of this file by this person."""
        newest = select(ImportRun.id).where(
            ImportRun.sha256 == sha256, ImportRun.user_id == current_user.id
        )
        return int(db.session.scalars(newest.order_by(ImportRun.id.desc()).limit(1)).one())

    def _form(
        self,
        typed: Mapping[str, str],
        status: int = 200,
        refusal: str = "",
        field: str | None = None,
    ) -> Response:
        session = db.session()
        own = session.scope.write
        kinds = [kind for kind in Kind if may_import(current_user, kind)]
        page = self.render(
            "imports/new.html",
            kinds=kinds,
            kind=typed.get("kind") or (kinds[0].value if kinds else ""),
            periods=periods_to_name(session),
            investors=[one for one in units_to_name(session) if own is None or one.id in own],
            typed=typed,
            refusal=refusal,
            field=field,
            most=FILE_BYTES,
            form_key=new_key(),
            is_posted=request.method == "POST",
        )
        return make_response(page, status)

    def too_large(self, _error: RequestEntityTooLarge) -> Response:
        """A body over the limit: the form again, with what was typed before the file came."""
        if not self.is_accessible():
            try:
                return make_response(turn_away())
            except HTTPException as error:
                return make_response(errors.page(error.code or 403))
        typed = _typed_before_the_file()
        return self._form(typed, 413, _too_large(), "file")


def _too_large() -> str:
    return _(
        "The file is larger than %(most)s MB. Take out pictures and sheets that are not needed, "
        "or divide it, and choose it again.",
        most=FILE_BYTES // 2**20,
    )


def _typed_before_the_file() -> dict[str, str]:
    """The fields that stand before the file in a body that nobody reads to its end.

    The rest is taken off the line unread: a browser that is cut short while it sends shows a
    broken connection instead of the answer.
    """
    _kind, options = parse_options_header(request.headers.get("Content-Type", ""))
    boundary = options.get("boundary", "").encode()
    stream, found = request.environ["wsgi.input"], {}
    left = min(request.content_length or 0, DRAINED)
    head = stream.read(min(READ_OFF, left))
    left -= len(head)
    if boundary:
        found = _fields(MultipartDecoder(boundary, max_parts=100), head)
    while left > 0 and (piece := stream.read(min(READ_OFF, left))):
        left -= len(piece)
    return found


def _fields(decoder: MultipartDecoder, head: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    name = ""
    try:
        decoder.receive_data(head)
        while not isinstance(event := decoder.next_event(), NeedData | Epilogue | File):
            if isinstance(event, Field):
                name = event.name
            elif isinstance(event, Data) and name in FIELDS:
                text = found.get(name, "") + event.data.decode("utf-8", "replace")
                found[name] = text[:100]
    except ValueError:  # what is no form at all
        return {}
    return found
