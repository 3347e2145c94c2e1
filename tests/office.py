"""LibreOffice beside the tests: it calculates spreadsheets anew and prints files."""

import shutil
import subprocess
from pathlib import Path

# Excel's files are calculated anew when they are opened, whatever is stored in them
_ANEW = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
  xmlns:xs="http://www.w3.org/2001/XMLSchema"><item
  oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode"
  oor:op="fuse"><value>0</value></prop></item></oor:items>
"""


def has_calc() -> bool:
    """Whether LibreOffice is there with its spreadsheet part (libreoffice-calc)."""
    program = shutil.which("soffice")
    return program is not None and (Path(program).resolve().parent / "libsclo.so").exists()


def converted(files: list[Path], folder: Path, kind: str) -> list[Path]:
    """The files as `kind` ("xlsx", "pdf"), calculated anew, in `folder`."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_ANEW, encoding="utf-8")
    out = folder / "converted"
    target = "xlsx:Calc MS Excel 2007 XML" if kind == "xlsx" else kind
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{profile}", "--convert-to", target,
         "--outdir", out, *files],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return [out / f"{file.stem}.{kind}" for file in files]


def pages_of(file: Path) -> list[str]:
    """The text of each page of a PDF."""
    text = subprocess.run(
        ["pdftotext", "-layout", file, "-"], check=True, capture_output=True, timeout=60
    ).stdout.decode()
    return text.rstrip("\f\n").split("\f")
