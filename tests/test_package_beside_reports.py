"""A package that is loaded while units send and officers judge: nobody's figures go by another."""

import pytest

from models import Actor, Period, Project
from models.base import now
from models.exchange.package import load_package
from models.filing import return_report
from models.ledger import prove_counted
from reports.facts import stamp
from tests.factories import make_allocation
from tests.races import count_statements, race
from tests.test_two_at_once import Field

AMOUNT = (
    "project_code,period,budget_year,vintage,source,nature,advance,completed,recovered,returned\n"
    "{project},2024-03,2024,2024,NST,{nature},0,300000,0,0\n"
)


def send(field, session):
    field.send(session)


def give_back(field, session):
    actor = Actor(None, "Anh Cường")
    return_report(session, field.report(session), reason="Thiếu", at=now(), actor=actor)


def test_what_is_loaded_into_a_report_makes_open_pages_and_prepared_versions_old(session, tmp_path):
    field = Field(session, status="submitted")
    project, period = session.get(Project, field.project_id), session.get(Period, field.period_id)
    capital = make_allocation(session, 900_000, project=project, source="NST")
    loaded = AMOUNT.format(project=project.code, nature=capital.nature)
    (tmp_path / "disbursements.csv").write_text(loaded)
    session.commit()
    before, seen = field.report(session).version, stamp(session, period)
    load_package(session, tmp_path, at=now(), by="quản trị")
    session.flush()
    assert field.report(session).version > before
    assert stamp(session, period) != seen


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize(("status", "act"), [("draft", send), ("submitted", give_back)])
def test_an_amount_that_is_loaded_is_in_the_sums_or_waits(app, session, tmp_path, status, act):
    """It stood in a report that was sent, and in no sum; or in none that counts, and in a sum."""
    field = Field(session, status=status)
    project = session.get(Project, field.project_id)
    capital = make_allocation(session, 900_000, project=project, source="NST")
    loaded = AMOUNT.format(project=project.code, nature=capital.nature)
    (tmp_path / "disbursements.csv").write_text(loaded)
    session.commit()

    def load(own):
        load_package(own, tmp_path, at=now(), by="quản trị")

    last = count_statements(app, load) - 1
    one, two = race(app, load, lambda own: act(field, own), stop_before=last)
    assert one.error is None
    assert two.waited
    session.rollback()
    assert list(prove_counted(session)) == []
