"""Imports: bring a file in, look at what it would do, answer, carry it out, take it back."""

from typing import Any

from flask import Blueprint, request
from flask_admin import BaseView
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.exceptions import RequestEntityTooLarge

from admin.access import May, Page, allowed, may_import
from admin.pages.import_acts import ImportActs
from admin.pages.import_files import ImportFiles
from admin.pages.import_list import ImportList
from admin.pages.import_maps import ImportMapsPage
from admin.pages.import_upload import BODY, ImportUpload
from models.sheets import Kind


class ImportsPage(ImportList, ImportUpload, ImportActs, ImportFiles, Page):
    """The list, the form of a new import, and the page of each."""

    read = May.SEE_IMPORTS

    def is_visible(self) -> bool:
        """In the menu of those who bring files in, and of those who look after what was done."""
        does = any(may_import(current_user, kind) for kind in Kind)
        return super().is_visible() and (does or allowed(current_user, May.SEE_AUDIT))

    def create_blueprint(self, admin: Any) -> Blueprint:
        """A file may be larger than any other form; said before the form is read."""
        blueprint: Blueprint = super().create_blueprint(admin)

        @blueprint.url_value_preprocessor
        def take_a_file(endpoint: str | None, _values: Any) -> None:
            if endpoint == f"{blueprint.name}.new":
                request.max_content_length = BODY

        blueprint.register_error_handler(RequestEntityTooLarge, self.too_large)
        return blueprint


def pages() -> list[BaseView]:
    return [
        ImportsPage(
            name=_l("Import from Excel"),
            category=_l("Receiving and reminding"),
            endpoint="imports",
            url="/admin/imports",
            menu_icon_value="upload",
        ),
        ImportMapsPage(
            name=_l("Remembered sheets"), endpoint="import_maps", url="/admin/imports/maps"
        ),
    ]
