"""Loading what figures hang on: components, investors, projects, decisions, users."""

from models.base import _n, new_id
from models.catalogue import Component, Decision, Investor, Project
from models.exchange.package.loading import Fault, Loading, check_days, unknown, valid
from models.exchange.package.schema import Line
from models.people import Role, User, normal_username


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
    check_days(line, "valid_from", "valid_to")
    values = line.pick("code", "name", "short_name", "sort_order", "valid_from", "valid_to")
    stored = loading.components.get(line["code"])
    if stored is not None:
        old = stored.parent.code if stored.parent else None
        loading.same(line, stored, values, parent_code=(old, line["parent_code"]))
        return
    fresh = Component(**values)
    if not loading.problems:  # else the parent would draw the row into the session
        fresh.parent = parent
    loading.components[line["code"]] = loading.add(line, fresh)


def load_investor(loading: Loading, line: Line) -> None:
    check_days(line, "valid_from", "valid_to")
    same_code = loading.investors.setdefault(line["code"], [])
    for stored in same_code:
        if stored.valid_from == line["valid_from"]:
            loading.same(line, stored, line.values)
            return
    for other in same_code:
        if valid(other, line["valid_from"], line["valid_to"]):
            raise Fault(
                "code",
                _n("The code %(code)s is used by %(other)s at the same time."),
                code=line["code"],
                other=other.short_name,
            )
    same_code.append(loading.add(line, Investor(**line.values)))


def load_project(loading: Loading, line: Line) -> None:
    component = loading.component(line, "component_code")
    check_days(line, "start_on", "end_on")
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
    same_number = loading.decisions.setdefault((line["number"], line["issued_on"]), [])
    for stored in same_number:
        if stored.issuer == line["issuer"]:
            loading.same(line, stored, line.values)
            return
    same_number.append(loading.add(line, Decision(**line.values)))


def load_user(loading: Loading, line: Line, known: dict[str, User]) -> None:
    units = []
    for code in dict.fromkeys(line["investor_codes"] or ()):
        found = loading.investors.get(code)
        if not found:
            if loading.package.may_hold("investors", code):
                return
            raise unknown("investor_codes", code, "investors")
        units.append(max(found, key=lambda row: row.valid_from))
    if (line["role"] is Role.INVESTOR) != bool(units):
        raise Fault("investor_codes", _n("Exactly the users of role investor have investors."))
    username = normal_username(line["username"])
    if not username:
        raise Fault("username", _n("The name has no letters or figures to sign in with."))
    values = line.pick("full_name", "role", "email")
    stored = known.get(username)
    if stored is not None:
        old = tuple(sorted(unit.code for unit in stored.investors))
        new = tuple(sorted(unit.code for unit in units))
        loading.same(line, stored, values, investor_codes=(old, new))
        return
    known[username] = loading.add(line, User(username=username, investors=units, **values))
