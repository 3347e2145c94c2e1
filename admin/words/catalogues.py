"""Our message catalogues also for the texts of Flask-Admin and WTForms.

Flask-Admin reads its own catalogue last, so its wording would win over ours; WTForms ships no
Vietnamese at all. Both read the folders of these two domains, hence ours is put behind theirs.
"""

from pathlib import Path

import flask_admin.babel

TRANSLATIONS = Path(__file__).parents[2] / "translations"


def use_our_catalogues() -> None:
    """Put our folder last in Flask-Admin's two domains; the last one wins."""
    for domain in (flask_admin.babel.domain, flask_admin.babel.wtforms_domain):
        folders = domain._translation_directories
        if str(TRANSLATIONS) not in folders:
            domain._translation_directories = [*folders, str(TRANSLATIONS)]
