"""Known weaknesses of the pinned libraries, by pip-audit: `python deploy/audit.py FILE`.

Status 1 for a weakness that is known. Where no advisories can be had (no network, a mirror
without them, no answer in time) it says so in one line and ends with 0: silence is never taken
for good news.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

PATIENCE = 120  # seconds for everything


def outcome(printed: str, pinned: int) -> tuple[int, list[str]]:
    """Status and lines for what pip-audit printed as JSON about `pinned` libraries."""
    try:
        found: list[dict[str, Any]] = json.loads(printed)["dependencies"]
    except (ValueError, KeyError):
        return 0, [f"No advisories could be had here: none of {pinned} libraries was audited."]
    audited = [one for one in found if "skip_reason" not in one]
    if not audited:
        return 0, [f"No advisories could be had here: none of {pinned} libraries was audited."]
    weak = [
        f"{one['name']} {one['version']}: {weakness['id']}, mended in "
        f"{', '.join(weakness['fix_versions']) or 'no version yet'}"
        for one in audited
        for weakness in one["vulns"]
    ]
    told = f"{len(audited)} of {len(found)} libraries were audited: {len(weak)} weaknesses."
    return bool(weak), [*weak, told]


def ask(file: Path) -> str:
    """What pip-audit prints about the libraries of `file`; empty where it gets no answer."""
    command = [sys.executable, "-m", "pip_audit", "--format=json", "--progress-spinner=off"]
    command += ["--timeout=10", "--disable-pip", "--require-hashes", "-r", str(file)]
    try:
        # our own program with our own arguments
        done = subprocess.run(  # noqa: S603  # nosec B603
            command, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout


def main() -> int:
    file = Path(sys.argv[1])
    pinned = sum("==" in line for line in file.read_text(encoding="utf-8").splitlines())
    status, lines = outcome(ask(file), pinned)
    sys.stdout.write("\n".join(lines) + "\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
