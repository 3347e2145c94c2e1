"""The Word templates behind official papers: the one in use, an edited one, the way back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from admin.access import May, Page, allowed, asked_id, check_seen, file_response, uploaded
from admin.pages.act import carry_out
from admin.pages.period_actions import must
from admin.records import Newest, newest_of
from admin.words import say
from models import LetterTemplate, RuleBroken, db
from models.base import clean_line, current_actor, new_key, now, read_file_name
from models.reminders import TemplateKind, current_template
from models.returns import one_at_a_time
from reports.letter import (
    MOST_BYTES,
    built_in,
    check_template,
    sample_contexts,
    sample_slow_contexts,
)
from reports.narrative import check_annexes, sample_narrative_contexts
from reports.unit_paper import sample_paper_contexts

SHOWN = 50
LONGEST_FILE_NAME = 200


@dataclass(frozen=True)
class Paper:
    """A kind of paper: what its template is tried on, its file, the page it is kept on, and what
    else the program does to the paper."""

    samples: Callable[[], list[dict[str, object]]]
    file: str
    page: str
    then: Callable[[bytes], None] = lambda _paper: None


PAPERS = {
    TemplateKind.REMINDER: Paper(sample_contexts, "cong-van.docx", "letters.index"),
    TemplateKind.SLOW: Paper(sample_slow_contexts, "cong-van-giai-ngan-cham.docx", "letters.slow"),
    TemplateKind.NARRATIVE: Paper(
        sample_narrative_contexts, "bao-cao.docx", "letters.narrative_template", check_annexes
    ),
    TemplateKind.UNIT_REPORT: Paper(
        sample_paper_contexts, "bao-cao-don-vi.docx", "letters.unit_report"
    ),
}


class WordTemplates(Page):
    """Adds the templates of the papers to a page."""

    def create_blueprint(self, admin: Any) -> Blueprint:
        """A template may be larger than any other form; said before the form is read."""
        blueprint: Blueprint = super().create_blueprint(admin)

        @blueprint.url_value_preprocessor
        def take_a_file(endpoint: str | None, _values: Any) -> None:
            if endpoint == f"{blueprint.name}.upload":
                request.max_content_length = MOST_BYTES + 100_000

        return blueprint

    @expose("/template.docx")
    def template(self) -> Response:
        """The template in use; with `id` an earlier one, with `built_in` the original."""
        session, typed, kind = db.session(), request.args.get("id", ""), _kind()
        if typed:
            row = session.get(LetterTemplate, asked_id(typed))
            if row is None or not row.content:
                abort(404)
            return file_response(row.file, row.file_name)
        row = None if request.args.get("built_in") else current_template(session, kind)
        return file_response(
            row.file if row else built_in(kind), row.file_name if row else PAPERS[kind].file
        )

    @expose("/template", methods=["POST"])
    def upload(self) -> Response:
        must(May.EDIT_LETTER_HEADS)
        kind = _kind()
        try:
            file = uploaded("file", MOST_BYTES)
            if not clean_line(file.name):
                return self.refused_template(kind, 422, _("Choose a file."))
            name, content = read_file_name(file.name, LONGEST_FILE_NAME), file.content
            PAPERS[kind].then(check_template(content, name, PAPERS[kind].samples(), kind))
        except RuleBroken as refusal:
            return self.refused_template(kind, 422, say(refusal))
        return self._keep(kind, content, name, _("The template is in use from now on."))

    @expose("/template/built-in", methods=["POST"])
    def reset(self) -> Response:
        must(May.EDIT_LETTER_HEADS)
        return self._keep(_kind(), b"", "", _("The built-in template is in use again."))

    def _keep(self, kind: TemplateKind, content: bytes, name: str, done: str) -> Response:
        def act() -> str:
            one_at_a_time(db.session(), "letter template")
            last = next(iter(_templates(kind).rows), None)
            check_seen(
                last.id if last else 0,
                theirs=f"{last.file_name or '–'} ({last.user_name})" if last else "",
                mine=name or _("Back to the built-in template"),
            )
            db.session.add(
                LetterTemplate(
                    kind=kind,
                    content=content,
                    file_name=name,
                    at=now(),
                    user_name=current_actor().name,
                )
            )
            return done

        return carry_out(
            act,
            there=redirect(url_for(PAPERS[kind].page), 303),
            refused=lambda status, why: self.refused_template(kind, status, why),
            file=content,
        )

    def about_template(self, kind: TemplateKind) -> dict[str, Any]:
        """What the part `letters/_template.html` of a page shows."""
        newest = _templates(kind)
        return {
            "template_kind": kind,
            "newest": newest,
            "templates": newest.rows,
            "may_edit": allowed(current_user, May.EDIT_LETTER_HEADS),
            "names": sorted(PAPERS[kind].samples()[0]),
            "form_key": new_key(),
        }

    def refused_template(self, kind: TemplateKind, status: int, why: str) -> Response:
        """The page of the paper again, saying why its template was not taken in."""
        raise NotImplementedError


def _kind() -> TemplateKind:
    """The kind of paper that is asked about; the reminder where none is named."""
    try:
        kind = TemplateKind(request.values.get("kind", TemplateKind.REMINDER))
    except ValueError:
        abort(404)
    return kind if kind in PAPERS else abort(404)


def _templates(kind: TemplateKind) -> Newest:
    """The newest first, without their contents; `size` 0 is the return to the built-in one."""
    size = func.length(LetterTemplate.content).label("size")
    columns = (LetterTemplate.id, LetterTemplate.file_name, LetterTemplate.at)
    kept = select(*columns, LetterTemplate.user_name, size).where(LetterTemplate.kind == kind)
    return newest_of(kept.order_by(LetterTemplate.id.desc()), SHOWN)
