"""The rollup of what is disbursed: proved equal to the raw sums, made anew (see `returns.counted`).

The database keeps it by itself. What is said here is for the proof, and for a database in which
somebody took the triggers away or changed rows behind them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models.base import ScopedSession, counted_sums, counting_anew
from models.calendar import Period
from models.catalogue import Investor

# (unit, period, how many sums differ, their nets in the rollup and by the reports)
_COMPARED = f"""
    SELECT b.investor_id, b.period_id, COUNT(*) AS sums, SUM(b.kept) AS kept, SUM(b.raw) AS raw
    FROM (
        SELECT a.investor_id, a.period_id, SUM(a.kept) AS kept, SUM(a.raw) AS raw
        FROM (
            SELECT k.investor_id, k.allocation_id, k.period_id, k.counts_submitted,
                k.counts_accepted, k.net AS kept, 0 AS raw, k.net, k.correction, 1 AS there
            FROM counted_disbursement k
            UNION ALL
            SELECT s.investor_id, s.allocation_id, s.period_id, s.counts_submitted,
                s.counts_accepted, 0, s.net, -s.net, -s.correction, -1
            FROM ({counted_sums()}) s
        ) a
        GROUP BY a.investor_id, a.period_id, a.allocation_id, a.counts_submitted,
            a.counts_accepted
        HAVING SUM(a.net) <> 0 OR SUM(a.correction) <> 0 OR SUM(a.there) <> 0
    ) b
    GROUP BY b.investor_id, b.period_id ORDER BY b.investor_id, b.period_id
"""  # nosec B608 # of our own pieces


@dataclass(frozen=True, kw_only=True, slots=True)
class CountedOtherwise:
    """A unit and a period in which the rollup is not what the reports say: in how many sums, one
    for each capital and basis; what these add up to in đồng.
    """

    period: str
    unit: str
    sums: int
    kept: int
    raw: int


def prove_counted(session: Session) -> Iterator[CountedOtherwise]:
    """Every unit and period in which the rollup is not the raw sums."""
    rows = session.execute(text(_COMPARED)).all()
    if not rows:
        return
    units = dict(session.execute(select(Investor.id, Investor.short_name)).all())
    periods = dict(session.execute(select(Period.id, Period.code)).all())
    for unit_id, period_id, sums, kept, raw in rows:
        yield CountedOtherwise(
            period=periods.get(period_id, str(period_id)),
            unit=units.get(unit_id, str(unit_id)),
            sums=sums,
            kept=int(kept),
            raw=int(raw),
        )


def count_anew(session: ScopedSession) -> int:
    """Make the whole rollup anew, while nobody else changes what counts; how many rows it has."""
    with session.trusted() as connection:
        if connection.dialect.name == "postgresql":  # SQLite has one writer at a time
            connection.exec_driver_sql(
                "LOCK TABLE counted_disbursement IN SHARE ROW EXCLUSIVE MODE"
            )
        taken_out, put_in = counting_anew()
        connection.exec_driver_sql(taken_out)
        return connection.exec_driver_sql(put_in).rowcount
