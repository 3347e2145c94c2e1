"""How fast, and in how much memory, a large sheet is looked at, and whether others wait for it.

    python -m tests.postgres .venv/bin/python -m bench.imports     # PostgreSQL
    .venv/bin/python -m bench.imports                              # SQLite

Makes 250 units with 20 projects each in an empty database and a summary of them all, 5,000 rows
with 22 columns. The file is read as the server has it read: by a process of its own, while this
one, in the place of a worker, saves again and again.
"""

import os
import resource
import sys
import tempfile
import threading
import time
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

import sqlalchemy as sa
from flask_migrate import upgrade
from openpyxl import Workbook

from admin.pages.import_look import look_apart
from app import create_app
from bench.export import resident_mb
from bench.offices import put
from config import Config
from models import (
    DISTRICT,
    SYSTEM,
    Allocation,
    AllocationLine,
    Component,
    Decision,
    Investor,
    Period,
    Project,
    Setting,
    db,
)
from models.base import now
from models.imports import start, wait_for
from models.sheets import Ask, Kind

UNITS, PROJECTS = 250, 20
PLAN, MONTH = 900_000_000, 12_345_678
HEADS = (
    ("TT", ""),
    ("Chủ đầu tư", ""),
    ("Mã dự án", ""),
    ("Tên dự án", ""),
    ("Kế hoạch vốn", "Tổng số"),
    ("", "Vốn năm 2024"),
    ("", "Vốn kéo dài"),
    ("Giải ngân đến hết tháng trước", "Vốn năm 2024"),
    ("", "Vốn kéo dài"),
    ("Giải ngân trong tháng", "Tạm ứng"),
    ("", "Thanh toán khối lượng hoàn thành"),
    ("", "Thu hồi tạm ứng"),
    ("", "Nộp trả"),
    ("Lũy kế giải ngân", "Vốn năm 2024"),
    ("", "Vốn kéo dài"),
    ("Còn lại", ""),
    ("Tỷ lệ giải ngân (%)", ""),
    ("Tiến độ khối lượng (%)", ""),
    ("Kết quả thực hiện", ""),
    ("Khó khăn, vướng mắc", ""),
    ("Kiến nghị, đề xuất", ""),
    ("Ghi chú", ""),
)
SPANS = ("E4:G4", "H4:I4", "J4:M4", "N4:O4", *(f"{c}4:{c}5" for c in "ABCDPQRSTUV"))


def fill(connection: sa.Connection) -> None:
    """One component, the units with their projects and capital, one open month."""
    ids = count(1)
    first = {"valid_from": date(2021, 1, 1), "search_text": "", "sort_text": "", "version": 1}
    named = {"name": "C", "short_name": "C", "sort_order": 1}
    put(connection, Component, [first | named | {"id": 1, "code": "C"}])
    put(
        connection,
        Decision,
        [
            {
                "id": 1,
                "number": "1/QĐ-UBND",
                "issued_on": date(2023, 12, 18),
                "issuer": "UBND",
                "summary": "",
                "effective_on": date(2024, 1, 1),
                "search_text": "",
                "sort_text": "",
                "version": 1,
            }
        ],
    )
    put(
        connection,
        Period,
        [
            {
                "id": 1,
                "code": "2024-04",
                "kind": "month",
                "budget_year": 2024,
                "number": 4,
                "data_from": date(2024, 4, 1),
                "data_to": date(2024, 4, 30),
                "deadline_at": datetime(2024, 5, 9, 16, 59, 59, tzinfo=UTC),
                "deadline_reason": "trước ngày 10",
                "status": "open",
                "opened_at": datetime(2024, 4, 1, tzinfo=UTC),
                "version": 1,
            }
        ],
    )
    for unit in range(UNITS):
        owner = {"investor_id": next(ids), "search_text": "", "sort_text": "", "version": 1}
        key = owner.pop("investor_id")
        put(
            connection,
            Investor,
            [
                first
                | {
                    "id": key,
                    "code": f"X-{unit:05}",
                    "kind": "commune",
                    "name": f"Ủy ban nhân dân xã số {unit}",
                    "short_name": f"UBND xã số {unit}",
                    "sort_order": unit,
                }
            ],
        )
        projects = [
            owner
            | {
                "investor_id": key,
                "id": next(ids),
                "code": project_code(unit, one),
                "name": project_name(unit, one),
                "component_id": 1,
                "start_on": date(2024, 1, 1),
                "end_on": date(2024, 12, 31),
                "status": "active",
            }
            for one in range(PROJECTS)
        ]
        put(connection, Project, projects)
        capital = [
            {
                "investor_id": key,
                "id": next(ids),
                "project_id": one["id"],
                "budget_year": 2024,
                "vintage": 2024,
                "source": "NSTW",
                "nature": "SN",
                "version": 1,
            }
            for one in projects
        ]
        put(connection, Allocation, capital)
        put(
            connection,
            AllocationLine,
            [
                {
                    "investor_id": key,
                    "id": next(ids),
                    "allocation_id": one["id"],
                    "kind": "initial",
                    "amount": PLAN,
                    "decision_id": 1,
                    "effective_on": date(2024, 1, 1),
                    "version": 1,
                }
                for one in capital
            ],
        )


def project_code(unit: int, one: int) -> str:
    return f"P{unit:03}{one:02}"


def project_name(unit: int, one: int) -> str:
    return f"Mô hình chăn nuôi số {one} tại xã số {unit}"


def sheet(path: Path) -> None:
    """The summary: titles, a head of two rows, a row for each project."""
    book = Workbook()
    page = book.active
    page.title = "Tháng 4"
    page.append(["BIỂU TỔNG HỢP TIẾN ĐỘ GIẢI NGÂN THÁNG 4 NĂM 2024"])
    page.append(["Đơn vị tính: đồng"])
    page.append([])
    page.append([over for over, _under in HEADS])
    page.append([under for _over, under in HEADS])
    rows = ((unit, one) for unit in range(UNITS) for one in range(PROJECTS))
    for number, (unit, one) in enumerate(rows, 1):
        page.append(
            [
                number,
                f"UBND xã số {unit}",
                project_code(unit, one),
                project_name(unit, one),
                *(PLAN, PLAN, None, 0, None, None, MONTH, None, None, MONTH, None),
                *(PLAN - MONTH, round(100 * MONTH / PLAN, 2), 35),
                *("Đã thực hiện đợt 1", "Giá giống tăng cao", "Đề nghị tạm ứng", None),
            ]
        )
    for span in SPANS:
        page.merge_cells(span)
    book.save(path)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = os.environ.get("DATABASE_URL") or f"sqlite:///{folder}/bench.sqlite3"
        app = create_app(Config(secret_key="bench-only", database_url=url, environment="testing"))
        file = Path(folder) / "tong hop.xlsx"
        sheet(file)
        with app.app_context():
            upgrade()
            with db.engine.begin() as connection:
                fill(connection)
            measure(file)


def measure(file: Path) -> None:
    """Look at the file once and say what it cost."""
    content = file.read_bytes()
    session = db.session()
    session.enter(DISTRICT)
    ask = Ask(kind=Kind.CONSOLIDATED, period="2024-04")
    run_id = start(session, ask, name=file.name, content=content, at=now(), actor=SYSTEM).id
    session.commit()
    before, began = resident_mb(), time.monotonic()
    slowest, is_over = [0.0], threading.Event()
    other = threading.Thread(target=save_again_and_again, args=(db.engine, slowest, is_over))
    other.start()
    child = look_apart(run_id)
    code = child.wait()
    took, grown = time.monotonic() - began, resident_mb() - before
    is_over.set()
    other.join()
    run = wait_for(session, run_id, seconds=0)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    rows, columns = UNITS * PROJECTS, len(HEADS)
    print(f"{db.engine.dialect.name}: {rows} rows × {columns} columns, {len(content) / 1e6:.1f} MB")
    print(f"exit {code}, {run.status.value}, {run.counts}, findings {run.found}")
    print(f"looked at in {took:.1f} s; the largest process took {peak:.0f} MB")
    print(f"the worker grew by {grown:.0f} MB; the slowest of other saves took {slowest[0]:.3f} s")


def save_again_and_again(engine: sa.Engine, slowest: list[float], is_over: threading.Event) -> None:
    """What somebody else saves meanwhile; a connection of its own, as a worker has."""
    number = 0
    while not is_over.wait(0.05):
        number += 1
        began = time.monotonic()
        with engine.begin() as connection:
            connection.execute(sa.delete(Setting).where(Setting.key == "bench"))
            connection.execute(sa.insert(Setting), [{"key": "bench", "value": str(number)}])
        slowest[0] = max(slowest[0], time.monotonic() - began)


if __name__ == "__main__":
    sys.exit(main())
