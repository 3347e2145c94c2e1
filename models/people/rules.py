"""Rules of accounts that need to know the other accounts."""

from collections.abc import Iterator

from sqlalchemy import select

from models.base import Around, RuleBroken, _n, asked_before_leaving, asked_together, changed
from models.people.user import Role, User


@asked_together(User)
def name_is_free(around: Around, rows: list[User]) -> Iterator[RuleBroken]:
    """Two people never sign in with one name."""
    fresh = [row for row in rows if changed(row, "username")]
    names = {row.username for row in fresh}
    others = around.rows(User, User.username.in_(names)) if fresh else []
    for row in fresh:
        if any(other.username == row.username and other is not row for other in others):
            yield RuleBroken(_n("This user name is taken."), field="username").about(row)


@asked_together(User)
@asked_before_leaving(User)
def an_administrator_stays(around: Around, rows: list[User]) -> Iterator[RuleBroken]:
    """The last administrator is neither demoted, nor switched off, nor deleted."""
    suspects = [
        row
        for row in rows
        if row in around.leaving or (changed(row, "role", "enabled") and not _administers(row))
    ]
    if not suspects:
        return
    # held until the transaction ends: two administrators cannot switch off each other at once
    stored = around.session.scalars(
        select(User.id)
        .where(User.role == Role.ADMIN, User.enabled.is_(True))
        .order_by(User.id)
        .with_for_update()
    ).all()
    stay = set(stored) - {row.id for row in around.unsettled(User)}
    pending = (row for row in around.pending(User) if row not in around.leaving)
    stay |= {row.id for row in pending if _administers(row)}
    for row in suspects:
        if row.id in stored and not stay:
            yield RuleBroken(
                _n("This is the last administrator; make another one first."),
                field="role" if row.role != Role.ADMIN else "enabled",
            ).about(row)


def _administers(row: User) -> bool:
    """Whether this is an administrator who may sign in; a new row is enabled if nothing is said."""
    return row.role == Role.ADMIN and row.enabled is not False
