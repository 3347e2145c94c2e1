"""The one-time key of the posted form: the very same form is carried out once."""

import json

from flask import request
from flask_login import current_user

from admin.access.sure import ANSWER
from models import db
from models.base import spend

# what is new on every page without being typed
_NOT_CONTENT = frozenset({"csrf_token", "form_key"}) | ANSWER


def spend_form(key: str | None = None, *, file: bytes = b"") -> bool:
    """Whether the posted form is new: another key, or the same key with other content.

    `key` where the form names its key otherwise; `file` is what was uploaded with it.
    """
    fields = sorted(
        (name, value) for name, value in request.form.items(multi=True) if name not in _NOT_CONTENT
    )
    content = json.dumps([request.path, fields, file.hex()], ensure_ascii=False)
    used = request.form.get("form_key", "") if key is None else key
    return spend(db.session(), used, current_user.id, content=content)
