"""What the program is made of: weaknesses, advisories, licences."""

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAKEFILE = (ROOT / "Makefile").read_text()


def script(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / f"deploy/{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def printed(*libraries):
    return json.dumps({"dependencies": libraries})


GOOD = {"name": "a", "version": "1", "vulns": []}
WEAK = {"name": "b", "version": "2", "vulns": [{"id": "GHSA-1", "fix_versions": ["2.1"]}]}
SKIPPED = {"name": "c", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        (printed(GOOD, SKIPPED), 0, ["1 of 2 libraries were audited: 0 weaknesses."]),
        (
            printed(GOOD, WEAK),
            1,
            ["b 2: GHSA-1, mended in 2.1", "2 of 2 libraries were audited: 1 weaknesses."],
        ),
        (
            printed(SKIPPED),
            0,
            ["No advisories could be had here: none of 9 libraries was audited."],
        ),
        ("", 0, ["No advisories could be had here: none of 9 libraries was audited."]),
        ("<html>", 0, ["No advisories could be had here: none of 9 libraries was audited."]),
    ],
)
def test_an_audit_tells_weaknesses_and_says_when_it_could_not_ask(text, status, said):
    assert script("audit").outcome(text, 9) == (status, said)


def test_an_audit_without_an_answer_ends(monkeypatch):
    audit = script("audit")

    def hangs(*_args, timeout, **_more):
        raise subprocess.TimeoutExpired("pip-audit", timeout)

    monkeypatch.setattr(audit.subprocess, "run", hangs)
    assert audit.ask(ROOT / "requirements.txt") == ""


def test_make_check_looks_for_weaknesses_and_advisories():
    [needs] = re.findall(r"^check: (.*?)##", MAKEFILE, re.MULTILINE)
    assert {"security", "audit", "lint", "types", "migrations"} <= set(needs.split())


@pytest.mark.parametrize("code", ["subprocess.run(typed, shell=True)", "eval(typed)"])
def test_bandit_finds_what_it_should_under_our_settings(tmp_path, code):
    (tmp_path / "bad.py").write_text(f"import subprocess\n\n\ndef act(typed):\n    {code}\n")
    command = [sys.executable, "-m", "bandit", "-q", "-c", str(ROOT / "pyproject.toml"), "-r"]
    done = subprocess.run([*command, str(tmp_path)], capture_output=True, check=False)
    assert done.returncode == 1


def test_every_exception_for_bandit_names_its_rule_and_its_reason():
    for folder in ("admin", "models", "reports", "deploy"):
        for path in (ROOT / folder).rglob("*.py"):
            lines = path.read_text(encoding="utf-8").splitlines()
            for above, line in zip(["", *lines], lines, strict=False):
                if "# nosec" in line:
                    assert re.search(r"# nosec B\d{3}( # \w|$)", line), f"{path}: {line}"
                    assert re.search(r"# nosec B\d{3} #|# noqa", line) or "#" in above, line


def test_the_licences_of_all_libraries_are_listed_and_none_binds_us():
    names = {
        re.sub(r"[-_.]+", "-", one).lower()
        for one in script("licences").names_in(ROOT / "requirements.txt")
    }
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (ROOT / "docs/licences.md").read_text().splitlines()
        if line.startswith("| ") and not line.startswith("| Name")
    ]
    listed = {re.sub(r"[-_.]+", "-", name).lower(): licence for name, licence in rows}
    assert set(listed) == names, "run `make licences`"
    for name, licence in listed.items():
        assert licence != "UNKNOWN", name
        assert not re.search(r"(?<!L)GPL|AGPL|SSPL", licence), f"{name}: {licence}"


def test_the_parts_are_written_for_machines(tmp_path):
    file = tmp_path / "sbom.json"
    [recipe] = re.findall(r"^\t\$\(BIN\)/cyclonedx-py (.*) -o \S+$", MAKEFILE, re.MULTILINE)
    command = [sys.executable, "-m", "cyclonedx_py", *recipe.split(), "-o", str(file)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    parts = json.loads(file.read_text())
    assert parts["bomFormat"] == "CycloneDX"
    assert {"flask", "sqlalchemy"} <= {part["name"].lower() for part in parts["components"]}
