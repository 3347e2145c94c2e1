"""Examples of sheets as offices send them (tests/files/workbooks), each with its right outcome.

`expected.json` has for each file the arguments, and for one or two runs the answers given, the
status of the dry run, the findings that must be there (`must`) and those that may (`may`), the
rows that the import adds or changes in the columns of the data package, and their sum. Any other
finding that blocks is wrong; other warnings and hints are free.
"""

import csv
import json
import re
from pathlib import Path

FILES = Path(__file__).parent / "files/workbooks"
TABLES = ("disbursements", "entries", "allocations", "decisions", "projects")
AMOUNTS = ("advance", "completed", "recovered", "returned")
CASES = [
    (case, run)
    for case in json.loads((FILES / "expected.json").read_text(encoding="utf-8"))["cases"]
    for run in case["runs"]
]
NAMES = [f"{case['file'].split('-')[0]}{'+' if run['answers'] else ''}" for case, run in CASES]


def words_of(case, run):
    """The words of the command that bring in the file of a case with the answers of a run."""
    words = ["data", "import", str(FILES / case["file"]), "--kind", case["kind"]]
    words += ["--format", "json"]
    for name, value in case["args"].items():
        words += [f"--{name}", value]
    for name, value in run["answers"].items():
        words += ["--answer", f"{name}={value}"]
    return words


def fits(expected, found):
    """Whether a finding is the expected one."""
    cell = found["cell"].split(":")[0]
    options = found.get("options", [])

    def row(text):
        return re.sub(r"\D", "", text)

    return (
        found["level"] in expected["level"].split("|")
        and found["code"] in expected["code"].split("|")
        and expected["sheet"] in ("", found["sheet"])
        and (
            not expected["cell"]
            or cell == expected["cell"]
            or (expected.get("row_only") and row(cell) == row(expected["cell"]))
        )
        and ("value" not in expected or found["value"].strip() == expected["value"])
        and ("options" not in expected or sorted(options) == sorted(expected["options"]))
        and set(expected.get("options_include", ())) <= set(options)
    )


def is_known(run, found):
    """Whether a finding is one of those that must or may be there, whatever it offers."""
    free = ("options", "options_include", "value")
    return any(
        fits({name: value for name, value in one.items() if name not in free}, found)
        for one in run["must"] + run["may"]
    )


def read_package(folder):
    """Rows of each file of a data package."""
    found = {}
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as opened:
            found[path.stem] = list(csv.DictReader(opened))
    return found


def changes(before, after):
    """Rows that are new or other than before, by table, and under `gone` what is no more.

    Amounts of nothing, and entries that say nothing, are no change.
    """
    found = {"gone": []}
    for table in TABLES:
        old = [dict(row) for row in before[table]]
        fresh = []
        for row in after[table]:
            if row in old:
                old.remove(row)
            elif says_something(table, row):
                fresh.append(row)
        found[table] = fresh
        found["gone"] += old if table != "projects" else []
    return found


def says_something(table, row):
    if table == "disbursements":
        return any(int(row[name] or 0) for name in AMOUNTS)
    if table == "entries":
        return any(value for name, value in row.items() if name not in ("project_code", "period"))
    return True


def differing(expected, found):
    """What is missing of the expected rows, and what is too much."""
    wrong = []
    for table in TABLES:
        left = list(found[table])
        for row in expected.get(table, ()):
            if not says_something(table, row):
                continue
            hit = next(
                (one for one in left if all((one[k] or "") == v for k, v in row.items())), None
            )
            if hit is None:
                wrong.append(f"{table}: {row} is missing")
            else:
                left.remove(hit)
        wrong += [f"{table}: {row} is too much" for row in left]
    return wrong + [f"gone: {row}" for row in found["gone"]]


def total(rows):
    """The sum of all amounts of rows of the package, in đồng."""
    paid = sum(int(row[name]) for row in rows["disbursements"] for name in AMOUNTS)
    return paid + sum(int(row["amount"]) for row in rows["allocations"])
