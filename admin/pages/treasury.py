"""The reports against the statements of the Treasury, and the statements of one project."""

from typing import Any

from flask import abort, make_response, url_for
from flask_admin import expose
from flask_login import current_user
from werkzeug.wrappers import Response

from admin.access import May, allowed
from admin.pages.report_page import ReportPage, refused, row_asked
from admin.pages.report_part import Part
from models import Project, RuleBroken, db
from reports.tables import REPORTS, Asked
from reports.treasury import Treasury, history
from reports.writing import Table


class TreasuryPage(ReportPage):
    """Where they differ: each figure leads to the entries, or to what the statements said."""

    report = REPORTS["treasury"]
    figures = ("reported", "confirmed", "difference", "since", "age_days")

    def more(self, found: Treasury, asked: Asked, table: Table, part: Part) -> dict[str, Any]:
        return {
            "show_all": asked.show_all,
            "headings": {column.key: column.heading for column in table.columns},
            "figures": self.figures,
            "may_review": allowed(current_user, May.SEE_REVIEW),
        }

    def links(self, found: Treasury, n: int, asked: Asked) -> dict[str, str]:
        row, project_id = found.rows[n], found.project_ids[n]
        told = url_for(".statements", project=project_id, period=asked.period.code)
        links = dict.fromkeys(("confirmed", "difference", "since", "age_days"), told)
        if row.counted:
            links["reported"] = url_for(
                "reports.explain", period=row.counted, column="disbursed_total", project=project_id
            )
        return links

    @expose("/treasury/statements")
    def statements(self) -> Response:
        """What each statement of the budget year said of one project."""
        try:
            params, period = self.asked("dong")
        except RuleBroken as refusal:
            return refused(refusal)
        project: Project = row_asked(Project, "project") or abort(404)
        period = period or abort(404)
        return make_response(
            self.render(
                "reports/statements.html",
                project=project,
                lines=history(db.session(), project, period.budget_year),
                **self.shared(params, period),
            )
        )
