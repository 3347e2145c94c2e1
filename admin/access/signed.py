"""What browsers keep for us is signed with the time, by the clock that all servers share."""

from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer

from models.base import now


class Stamped(TimestampSigner):
    """Signs and looks by that clock. A stamp that lies ahead is new: another server was a moment
    earlier. The signer of the library would refuse it, and with it the session.
    """

    def get_timestamp(self) -> int:
        return int(now().timestamp())

    def unsign(
        self, signed_value: str | bytes, max_age: int | None = None, return_timestamp: bool = False
    ) -> Any:
        value, at = super().unsign(signed_value, return_timestamp=True)
        if max_age is not None and (now() - at).total_seconds() > max_age:
            raise SignatureExpired(f"older than {max_age} seconds", value, at)
        return (value, at) if return_timestamp else value


class _Sessions(SecureCookieSessionInterface):
    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        found = super().get_signing_serializer(app)
        if found is not None:
            found.signer = Stamped
        return found


def init_app(app: Flask) -> None:
    app.session_interface = _Sessions()
