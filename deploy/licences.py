"""The licences of all libraries of a file of pins, as Markdown: `deploy/licences.py FILE`."""

import re
import subprocess
import sys
from pathlib import Path

HEAD = """# Licences of the libraries

What the program runs with, from `requirements.txt`; written by `make licences`. All may be used,
also in an office, without giving the program away. LGPL libraries are used as they are and can be
exchanged.

"""

# libraries whose metadata names no licence, by the text that lies in their package
IN_THEIR_FILE = {"pyrage": "MIT"}


def told(line: str) -> str:
    """A row of the table, with the licence that only the text of the library names."""
    name = line.strip("| ").split(" ")[0]
    known = IN_THEIR_FILE.get(name, "UNKNOWN")
    return re.sub("UNKNOWN *", lambda gap: known.ljust(len(gap[0])), line)


def names_in(file: Path) -> list[str]:
    """The libraries that a file of pins names."""
    return re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*])?==", file.read_text("utf-8"), re.MULTILINE)


def main() -> int:
    command = [sys.executable, "-m", "piplicenses", "--from=mixed", "--format=markdown"]
    command += ["--no-version", "--packages", *names_in(Path(sys.argv[1]))]
    # our own program with our own arguments
    done = subprocess.run(  # noqa: S603  # nosec B603
        command, capture_output=True, text=True, check=True
    )
    rows = "\n".join(map(told, done.stdout.splitlines()))
    sys.stdout.write(f"{HEAD}{rows}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
