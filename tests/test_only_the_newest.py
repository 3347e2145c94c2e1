"""A page that holds the newest rows of a list alone says so."""

import pytest

from admin.pages import import_maps, organisation, word_templates
from admin.screens import projects
from models import AuditEntry, ImportMap, LetterTemplate
from models.base import now
from models.sheets import Kind
from tests.factories import make_decision, make_period, make_project

SAID = "Ở đây chỉ có 1 mục mới nhất."


@pytest.mark.parametrize(
    ("role", "page", "module", "name"),
    [
        ("officer", "organisation/", organisation, "MOST_DECISIONS"),
        ("officer", "imports/maps/", import_maps, "SHOWN"),
        ("auditor", "project/details/?id={project}", projects, "MOST_CHANGES"),
        ("officer", "letters/", word_templates, "SHOWN"),
    ],
)
def test_a_page_says_where_there_are_more(
    client_for, session, monkeypatch, role, page, module, name
):
    project = make_project(session)
    make_period(session)
    words = {"at": now(), "user_name": "An"}
    for n in range(2):
        make_decision(session)
        session.add(
            AuditEntry(
                id=1_000 + n,
                action="update",
                resource="project",
                row_id=str(project.id),
                label=project.code,
                changes={"name": [f"Tên {n}", f"Tên {n + 1}"]},
                **words,
            )
        )
        session.add(LetterTemplate(content=b"", file_name=f"{n}.docx", **words))
        session.add(
            ImportMap(
                kind=Kind.MONTHLY,
                fingerprint=str(n),
                headings=[],
                columns={},
                answers={},
                file_name=f"{n}.xlsx",
                **words,
            )
        )
    session.commit()
    client, address = client_for(role), f"/admin/{page.format(project=project.id)}"
    assert SAID not in client.soup(address).text
    monkeypatch.setattr(module, name, 1)
    assert SAID in client.soup(address).text
