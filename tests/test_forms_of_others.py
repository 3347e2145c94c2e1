"""Forms of somebody else's pages: whoever has no such page writes nothing by its form, and a unit
neither writes nor reads by the forms of another one.

Forms are those of the pages, with the numbers of rows that stand in them.
"""

import re
from typing import Any

import pytest

from tests.hostile import Form
from tests.test_bad_input_everywhere import (  # noqa: F401  fixtures
    at_the_doors,
    every_form,
    noted,
    nothing_left_open,
    pytestmark,
)
from tests.test_nothing_of_others import (  # noqa: F401  a fixture
    MARK,
    NO_PAGES,
    district,
    pages_of,
)

# who sends the forms of whom
TURNS = (("other", "first"), ("other", "officer"), ("finance", "officer"), ("officer", "finance"))
# files, and what only reads
NO_FORMS = re.compile(rf"{NO_PAGES.pattern}|\.(csv|xlsx|docx|json)\b|/export/|/reports/")


def address_of(form: Form) -> str:
    """Where a form is sent, the same for all rows."""
    return re.sub(r"\d{4}-\d\d|\d+", "0", form.address.partition("?")[0])


def posted_by(client: Any, app: Any) -> list[Form]:
    """The forms of the pages of a person; what they hold of the marked unit is not sent along."""
    forms = every_form(pages_of(client, app, of_a_kind=1, but=NO_FORMS))
    return [
        Form(one.address, "post", tuple((n, v.replace(MARK, "Zq")) for n, v in one.fields))
        for one in forms
        if one.method == "post"
    ]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # permissions know no database
def test_a_form_of_somebody_else_writes_and_tells_nothing(
    app,
    client_for,
    district,  # noqa: F811
    at_the_doors,  # noqa: F811
):
    office = {role: client_for(role) for role in ("officer", "finance")}
    first = client_for("investor", district["first"])
    doors = at_the_doors("investor")
    people = {"first": first, "other": doors.client, **office}
    for client in people.values():
        client.arranged = None
    forms = {name: posted_by(client, app) for name, client in people.items()}
    doors.put_back()
    known = {name: {address_of(one) for one in own} for name, own in forms.items()}
    tried = set()
    for who, whose in TURNS:
        doors.client = people[who]
        for form in forms[whose]:
            if whose != "first" and address_of(form) in known[who]:
                continue
            tried.add((who, address_of(form)))
            path, _sep, query = form.address.partition("?")
            reply = doors.client.post_form(path, form.fields, query_string=query)
            if whose != "first" and doors.has_written() and doors.rows() != doors.before:
                doors.wrong.append(f"{who} wrote by {form.address}: {reply.status}")
            doors.mark = MARK if who == "other" else None
            doors.judge(reply, form, f"of {whose} by {who}")
    assert len(tried) > 60
    assert doors.wrong == [], doors.tried
