"""The back-office: the only list of its pages and menu entries."""

from flask import Flask, redirect, url_for
from flask_admin import Admin
from flask_admin.theme import Bootstrap4Theme

from admin import seen
from admin.access import (
    asking,
    assets,
    auth,
    bounds,
    contact,
    headers,
    health,
    in_order,
    kept,
    schema,
    second,
    signed,
    standby,
    start,
    strength,
    upon,
    ways,
)
from admin.pages import (
    account,
    checks,
    column_sets,
    errors,
    findings,
    home,
    imports,
    letters,
    my_report,
    narrative,
    organisation,
    pasted,
    reminders,
    reports,
    review,
    second_step,
    settings,
    versions,
)
from admin.records import history as record_history
from admin.screens import (
    allocations,
    audit,
    capital_terms,
    catalogue,
    entries,
    letter_heads,
    obstacles,
    periods,
    projects,
    submissions,
    users,
)
from admin.words import badges, formatters, names, texts

MENU = (
    my_report,
    review,
    imports,
    findings,
    reminders,
    letters,
    reports,
    narrative,
    versions,
    obstacles,
    projects,
    allocations,
    entries,
    submissions,
    periods,
    catalogue,
    capital_terms,
    letter_heads,
    organisation,
    pasted,
    checks,
    users,
    settings,
    column_sets,
    audit,
    account,
    second_step,
)


def init_admin(app: Flask) -> Admin:
    """Sign-in, headers, error pages and every screen, in the order of the menu."""
    schema.init_app(app)
    signed.init_app(app)
    assets.init_app(app)
    start.init_app(app)
    auth.init_app(app)
    standby.init_app(app)
    seen.init_app(app)
    bounds.init_app(app)  # after sign-in: a refusal names whose it was
    second.init_app(app)
    asking.init_app(app)
    headers.init_app(app)
    errors.init_app(app)
    contact.init_app(app)
    upon.init_app(app)
    ways.init_app(app)
    kept.init_app(app)
    formatters.register(app)
    texts.register(app)
    badges.register(app)
    names.register(app)
    record_history.register(app)
    app.register_blueprint(health.bp)
    app.register_blueprint(strength.bp)
    admin = Admin(
        app,
        theme=Bootstrap4Theme(base_template="shell.html"),
        index_view=home.HomePage(),
        csp_nonce_generator=headers.csp_nonce,
    )
    for module in MENU:
        admin.add_views(*module.pages())
    app.jinja_env.globals["in_order"] = in_order
    app.add_url_rule("/", "root", lambda: redirect(url_for("admin.index")))
    return admin
