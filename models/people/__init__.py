"""Who signs in: accounts, passwords, sessions, the throttle."""

import models.people.rules  # noqa: F401  its rules hang on the models
from models.people.anonymising import Anonymised, anonymise
from models.people.guessing import guesses
from models.people.passwords import (
    DEMO_PASSWORD,
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
    ADDRESS,
    KEPT,
    NAME,
    PAIR,
    Limit,
    LoginAttempt,
    claim,
    forget_attempts,
    network_of,
    take_back,
)
from models.people.traces import own_data
from models.people.user import Role, User, normal_username, user_investor

__all__ = [
    "ADDRESS",
    "DEMO_PASSWORD",
    "KEPT",
    "LONGEST",
    "NAME",
    "PAIR",
    "Anonymised",
    "Limit",
    "LoginAttempt",
    "OneSignIn",
    "Role",
    "SignIn",
    "User",
    "anonymise",
    "check_strength",
    "claim",
    "end_sign_ins",
    "forget_attempts",
    "give_first_password",
    "give_password",
    "guesses",
    "hash_password",
    "names_of",
    "network_of",
    "normal_username",
    "open_sign_ins",
    "own_data",
    "password_fits",
    "scope_of",
    "take_back",
    "user_investor",
]
