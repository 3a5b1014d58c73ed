"""Programs that use the API: a token of an account, and requests with it."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from functools import cache

from fastapi.testclient import TestClient
from httpx2 import Response

from actions import tokens
from models.database import transaction
from queries.accounts import by_login
from rules.access import Role
from rules.scopes import Scope, useful
from tests.web.visiting import account
from web.app import make_app

app = cache(make_app)


class Program:
    """Sends requests with a token, and with nothing else."""

    def __init__(self, token: str) -> None:
        self.client = TestClient(app(), base_url="http://testserver", follow_redirects=False)
        self.token = token

    def ask(self, method: str, path: str, json: object = None, **headers: str) -> Response:
        said = {"authorization": f"Bearer {self.token}"} if self.token else {}
        given = {"json": json} if json is not None else {}
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        return self.client.request(method, f"/api/v1{path}", headers={**said, **named}, **given)

    def get(self, path: str, **headers: str) -> Response:
        return self.ask("GET", path, **headers)

    def put(self, path: str, json: object, **headers: str) -> Response:
        return self.ask("PUT", path, json, **headers)


def token_of(login: str, *roles: Role, scopes: Collection[str] | None = None, staff_no: str | None = None) -> str:
    """Return a token of an account, which is made if need be; for all that its roles are good for, unless named."""
    account(login, *roles, staff_no=staff_no)
    now = datetime.now(UTC)
    with transaction() as session:
        mine = by_login(session, login=login)
        assert mine
        return tokens.make(
            session,
            account=mine,
            roles=roles,
            name="test",
            scopes=[str(s) for s in useful(roles)] if scopes is None else scopes,
            expires_at=now + timedelta(days=1),
            now=now,
        )


def program(login: str, *roles: Role, scopes: Collection[Scope] | None = None, staff_no: str | None = None) -> Program:
    """Return a program that acts in somebody's name."""
    return Program(token_of(login, *roles, scopes=scopes, staff_no=staff_no))
