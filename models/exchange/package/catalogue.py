"""Loading what figures hang on: components, investors, projects, decisions, users."""

from models.base import _n, new_id
from models.catalogue import Component, Decision, Investor, Project
from models.exchange.package.bearers import named
from models.exchange.package.faults import Fault, unknown
from models.exchange.package.loading import Loading
from models.exchange.package.schema import Line
from models.people import User, normal_username


def load_components(loading: Loading) -> None:
    """Parents may stand behind their children in the file."""
    lines = {line["code"]: line for line in loading.package.lines("components")}
    in_order: dict[str, Line] = {}
    for line in lines.values():
        chain: dict[str, Line] = {}
        above: Line | None = line
        while above is not None and above["code"] not in in_order:
            if above["code"] in chain:
                fault = Fault(
                    "parent_code", _n("%(code)s would stand below itself."), code=above["code"]
                )
                loading.refuse(above, fault)
                break
            chain[above["code"]] = above
            above = lines.get(above["parent_code"])
        in_order.update(reversed(chain.items()))
    loading.package.files["components"] = list(in_order.values())
    loading.each("components", _component)


def _component(loading: Loading, line: Line) -> None:
    parent = loading.component(line, "parent_code") if line["parent_code"] else None
    values = line.pick("code", "name", "short_name", "sort_order", "valid_from", "valid_to")
    stored = loading.components.get(line["code"])
    if stored is not None:
        old = stored.parent.code if stored.parent else None
        loading.same(line, stored, values, parent_code=(old, line["parent_code"]))
        return
    fresh = loading.add(line, Component(**values))
    fresh.parent = parent
    loading.components[line["code"]] = fresh


def load_investor(loading: Loading, line: Line) -> None:
    """Add a unit, or compare it with the one of the same code and first day. Raises Fault."""
    for stored in loading.investors.get(line["code"], []):
        if stored.valid_from == line["valid_from"]:
            loading.same(line, stored, line.values)
            return
    loading.investors.note(loading.add(line, Investor(**line.values)))


def load_project(loading: Loading, line: Line) -> None:
    """Add a project, or compare it with the stored one of its code. Raises Fault or Unsure."""
    component = loading.component(line, "component_code")
    investor = loading.investor(line, "investor_code", day=line["start_on"], last=line["end_on"])
    values = line.pick("code", "name", "start_on", "end_on", "total_investment", "status")
    stored = loading.projects.get(line["code"])
    if stored is not None:
        loading.same(
            line,
            stored,
            values,
            component_code=(stored.component.code, component.code),
            investor_code=(stored.investor.code, investor.code),
        )
        return
    project = Project(id=new_id(), investor=investor, component=component, **values)
    loading.projects[line["code"]] = loading.add(line, project)


def load_decision(loading: Loading, line: Line) -> None:
    """Add a decision, or compare it with the one of its number, day and issuer. Raises Fault."""
    same_number = loading.decisions.setdefault((line["number"], line["issued_on"]), [])
    for stored in same_number:
        if stored.issuer == line["issuer"]:
            loading.same(line, stored, line.values | {"number": stored.number})
            return
    same_number.append(loading.add(line, Decision(**line.values)))


def load_user(loading: Loading, line: Line, known: dict[str, User]) -> None:
    """Add an account, or compare it with one of `known`, by user name. Raises Fault."""
    units: list[Investor] = []
    for code in dict.fromkeys(line["investor_codes"] or ()):
        found = loading.investors.newest(code)
        if not found:
            if loading.package.may_hold("investors", code):
                return
            raise unknown("investor_codes", code, "investors")
        units += found
    username = normal_username(line["username"])
    values = line.pick("full_name", "role", "email")
    stored = known.get(username)
    if stored is not None:
        old, new = (
            tuple(sorted(named(unit, loading.investors.newest(unit.code)) for unit in some))
            for some in (stored.investors, units)
        )
        loading.same(line, stored, values, investor_codes=(old, new))
        return
    known[username] = loading.add(line, User(username=username, investors=units, **values))
