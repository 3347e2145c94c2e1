"""How strong a new password is, told while it is typed by the very rules that judge it after."""

from flask import Blueprint, Response, abort, jsonify, request
from flask_babel import gettext as _
from flask_login import current_user

from admin.words import say
from models import RuleBroken
from models.people import LONGEST, check_strength, guesses, names_of

bp = Blueprint("strength", __name__)
# guesses as powers of ten
_GOOD, _VERY_GOOD = 9.0, 13.0


@bp.route("/password/strength", methods=["POST"])
def tell() -> Response:
    """A level from 0 (refused) to 3 and a sentence about the field `new`. Nothing is kept."""
    if not current_user.is_authenticated:
        abort(401)
    plain, names = request.form.get("new", ""), names_of(current_user)
    try:
        check_strength(plain, names=names)
    except RuleBroken as refusal:
        return jsonify(level=0, text=say(refusal))
    found = guesses(plain[:LONGEST], names)
    if found < _GOOD:
        return jsonify(level=1, text=_("It will do. One more word makes it much harder to guess."))
    if found < _VERY_GOOD:
        return jsonify(level=2, text=_("Good: hard to guess."))
    return jsonify(level=3, text=_("Very good: nobody guesses it in years."))
