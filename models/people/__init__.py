"""Who signs in: accounts, passwords, sessions, the throttle."""

import models.people.rules  # noqa: F401  its rules hang on the models
from models.people.passwords import (
    LONGEST,
    check_strength,
    give_first_password,
    give_password,
    hash_password,
    names_of,
    password_fits,
)
from models.people.reach import scope_of
from models.people.sign_in import OneSignIn, SignIn, end_sign_ins, open_sign_ins
from models.people.throttle import (
    FIRST_WAIT,
    FREE_BY_ADDRESS,
    FREE_BY_NAME,
    LONGEST_WAIT,
    WINDOW,
    network_of,
    seconds_to_wait,
)
from models.people.user import LoginAttempt, Role, User, normal_username, user_investor

__all__ = [
    "FIRST_WAIT",
    "FREE_BY_ADDRESS",
    "FREE_BY_NAME",
    "LONGEST",
    "LONGEST_WAIT",
    "WINDOW",
    "LoginAttempt",
    "OneSignIn",
    "Role",
    "SignIn",
    "User",
    "check_strength",
    "end_sign_ins",
    "give_first_password",
    "give_password",
    "hash_password",
    "names_of",
    "network_of",
    "normal_username",
    "open_sign_ins",
    "password_fits",
    "scope_of",
    "seconds_to_wait",
    "user_investor",
]
