"""Read whose the logins are that the records name."""

from collections import Counter
from collections.abc import Collection

from sqlalchemy import select
from sqlmodel import Session

from models.accounts import Account
from queries.books import table_of


def names(session: Session, *, logins: Collection[str]) -> dict[str, tuple[str, bool]]:
    """Return of each login whose it is, and whether another account has the same name; unknown logins are left out."""
    a, theirs = table_of(Account).c, table_of(Account).alias().c
    named = select(theirs.name).where(theirs.login.in_(logins))
    rows = session.execute(select(a.login, a.name).where(a.name.in_(named))).all()
    times = Counter(name for _login, name in rows)
    return {login: (name, times[name] > 1) for login, name in rows if login in logins}
