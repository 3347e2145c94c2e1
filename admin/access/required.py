"""Who must have a second step, by the setting REQUIRE_SECOND_STEP, and has none yet."""

from typing import Any

from flask import current_app, g


def must_have_second_step(user: Any) -> bool:
    """Whether the role of this person lets nobody in by the password alone."""
    return user.role.value in current_app.config["REQUIRE_SECOND_STEP"]


def must_set_up(user: Any) -> bool:
    """Whether this person can do nothing but set up a second step: signed in without one."""
    opened = g.get("sign_in")
    return must_have_second_step(user) and not (opened is not None and opened.second)
