"""Data packages with every kind of row, drawn at random but the same for the same number."""

import csv
import random

from models.exchange.package import FILES

TEXTS = (
    "Đường vào bản, đợt 1",
    'Nhà "Văn hóa"',
    "hai\ndòng; và\n\nmột nữa",
    "=1+1",
    "'quoted'",
    "\tthụt đầu dòng ",
    "to\u0302\u0309 hợp",
    "🌾 1.234,5",
    "-",
    "0",
)
MONTHS = (1, 2, 3)


class RandomPackage:
    """Rows of all files in `rows`; `write` shuffles rows and columns, with CRLF and a mark."""

    def __init__(self, seed):
        self.dice = random.Random(seed)
        self.rows = {name: [] for name in FILES}
        self.units = [f"X-{n}" for n in range(self.dice.randrange(2, 15))]
        self.components = [f"C{n}" for n in range(self.dice.randrange(1, 25))]
        self.projects = {f"P{n}": self.some(*self.units) for n in range(self.dice.randrange(3, 30))}
        # a recall is weighed against what was sent, so a package has one or the other
        self.has_recalls = seed % 2 == 0
        self.catalogue()
        for code in self.projects:
            self.capital(code)
            self.figures(code)
        self.submissions()
        self.users()

    def some(self, *values):
        return self.dice.choice(values)

    def word(self):
        return self.some(*TEXTS)

    def money(self):
        return self.some(0, 1, self.dice.randrange(10**15), 10**15 - 1)

    def catalogue(self):
        divided = set()
        for n, code in enumerate(self.components):
            parent = self.some("", *self.components[:n])
            divided.add(parent)
            order = self.some(-3, 0, n)
            facts = (parent, self.word(), self.word(), order, "2021-01-01", "")
            self.rows["components"].append((code, *facts))
        self.leaves = [code for code in self.components if code not in divided]
        for n, code in enumerate(self.units):
            kind = self.some("commune", "department", "association")
            facts = (kind, self.word(), self.word(), "06388", self.word(), "", "a@b.vn", n % 3)
            begins = "2020-01-01"
            if n % 4 == 0:  # the code was another unit's until the end of 2023
                self.rows["investors"].append((code, *facts, begins, "2023-12-31"))
                begins = "2024-01-01"
            self.rows["investors"].append((code, *facts, begins, ""))
        for code, unit in self.projects.items():
            days = (
                self.some("2024-01-01", "2024-02-15"),
                self.some("", "2024-12-31", "2026-06-30"),
            )
            status = self.some("planned", "active", "completed", "suspended")
            component = self.some(*self.leaves)
            facts = (self.word(), component, unit, *days, self.some("", self.money()), status)
            self.rows["projects"].append((code, *facts))
        for n in range(3):
            facts = (self.word(), self.word(), "2024-01-01")
            self.rows["decisions"].append((f"{n}/QĐ-UBND", "2023-12-18", *facts))
        self.rows["periods"] = [
            *((f"2024-{month:02}", self.some("open", "locked")) for month in MONTHS),
            ("2024-Q1", "open"),
        ]

    def capital(self, project):
        keys = {
            (self.some(2024, 2023), self.some("NSTW", "NSX", "HDK"), self.some("SN", "DTPT"))
            for _ in range(4)
        }
        for vintage, source, nature in sorted(keys):
            key = (project, 2024, vintage, source, nature)
            kind = "initial" if vintage == 2024 else "carry_in"
            basis = ("0/QĐ-UBND", "2023-12-18")
            plan = self.dice.randrange(1, 10**14)
            lines = [(*key, kind, plan, *basis, "2024-01-01")] * self.some(1, 1, 2)
            if self.has_recalls:
                amount = -self.dice.randrange(1, plan + 1)
                lines.append((*key, "recall", amount, *basis, "2024-03-31"))
            self.rows["allocations"] += lines
            for month in MONTHS:
                completed = self.some(7, self.money())
                amounts = (self.some(0, 5), completed, min(completed, 7), self.some(0, 3))
                row = (project, f"2024-{month:02}", *key[1:], *amounts)
                self.rows["disbursements"].append(row)

    def figures(self, project):
        for month in MONTHS:
            texts = (self.word(), self.some("", self.word()), self.some("", self.word()))
            amounts = (self.some("", 0, "12.5", 100), self.some("", self.money()))
            row = (project, f"2024-{month:02}", *amounts, *texts, self.some("", self.money()))
            self.rows["entries"].append(row)

    def submissions(self):
        for unit in sorted(set(self.projects.values())):
            for month in MONTHS:
                day = self.dice.randrange(1, 10)
                sent = (f"2024-0{month + 1}-0{day}T23:59:59.5+07:00",) * 2
                counted = "returned" if self.has_recalls else self.some("submitted", "accepted")
                state = self.some(("draft", "", ""), (counted, *sent), ("draft", *sent))
                row = (unit, f"2024-{month:02}", *state, self.some("true", "false"))
                self.rows["submissions"].append(row)

    def users(self):
        for n, role in enumerate(("admin", "officer", "investor", "investor")):
            mine = ";".join(self.dice.sample(self.units, 2)) if role == "investor" else ""
            row = (f"nguoi{n}", self.word(), role, mine, self.some("", "x@y.vn"))
            self.rows["users"].append(row)

    def write(self, folder):
        """The files; how many rows each has."""
        for name, file in FILES.items():
            order = self.dice.sample(range(len(file.header)), len(file.header))
            with (folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as out:
                writer = csv.writer(out, quoting=csv.QUOTE_ALL)
                writer.writerow([file.header[at] for at in order])
                self.dice.shuffle(self.rows[name])
                writer.writerows([[row[at] for at in order] for row in self.rows[name]])
        return {name: len(found) for name, found in self.rows.items()}
