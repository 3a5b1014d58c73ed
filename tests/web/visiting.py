"""Visit the pages as somebody: real requests to the whole application, in this process."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Engine, event

from actions import accounts
from models.database import transaction
from queries.accounts import by_login
from rules.access import Role
from web.app import make_app
from web.doors import COOKIE

PASSWORD = "violet anchor 72 pebble"  # noqa: S105 - of test accounts


class Visitor:
    """A browser of somebody who is signed in (or of nobody); a POST carries the token of the session."""

    def __init__(self, client: TestClient, csrf: str = "") -> None:
        self.client, self.csrf = client, csrf

    def get(self, path: str, **options: object) -> Response:
        return self.client.get(path, **options)

    def post(self, path: str, data: dict | None = None, **options: object) -> Response:
        return self.client.post(path, data={"csrf": self.csrf, **(data or {})}, **options)


def nobody() -> Visitor:
    """Return a browser in which nobody is signed in."""
    return Visitor(TestClient(make_app(), base_url="http://testserver", follow_redirects=False))


def account(login: str, *roles: Role, staff_no: str | None = None, name: str = "", password: str = "") -> None:
    """Add an account, if there is none of this login."""
    now = datetime.now(UTC)
    with transaction() as session:
        if by_login(session, login=login) is None:
            said = {"login": login, "name": name or login, "staff_no": staff_no, "password": password}
            accounts.add(session, roles=roles, actor="test", now=now, **said)


def visitor(login: str, *roles: Role, staff_no: str | None = None, name: str = "", proved: bool = True) -> Visitor:
    """Return a browser in which somebody of these roles is signed in; the account is made if need be."""
    account(login, *roles, staff_no=staff_no, name=name)
    now = datetime.now(UTC)
    with transaction() as session:
        mine = by_login(session, login=login)
        assert mine
        if proved and mine.totp_since is None and Role.ADMIN in roles:
            mine.totp_secret, mine.totp_since = "JBSWY3DPEHPK3PXP", now
        secret = accounts.begin_session(session, account=mine, agent="test", now=now, proved=proved)
    made = nobody()
    made.client.cookies.set(COOKIE, secret, domain="testserver.local")
    page = made.get("/account/second-factor").text
    found = re.search(r'name="csrf" content="([^"]+)"', page)
    made.csrf = found[1] if found else ""
    return made


def hr(login: str = "hr") -> Visitor:
    return visitor(login, Role.HR)


def observer(login: str = "observer") -> Visitor:
    return visitor(login, Role.OBSERVER)


def candidate(staff_no: str) -> Visitor:
    return visitor(f"c{staff_no}", Role.CANDIDATE, staff_no=staff_no)


def reviewer(staff_no: str) -> Visitor:
    return visitor(f"r{staff_no}", Role.REVIEWER, staff_no=staff_no)


def queries(engine: Engine, call: Callable[[], object]) -> int:
    """Return how often something asks the database."""
    asked: list[str] = []
    listen = lambda *said: asked.append(said[2])  # noqa: E731 - to be taken away again
    event.listen(engine, "before_cursor_execute", listen)
    call()
    event.remove(engine, "before_cursor_execute", listen)
    return sum(statement.lstrip().upper().startswith("SELECT") for statement in asked)
