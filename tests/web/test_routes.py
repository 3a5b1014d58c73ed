"""Every route × every role, and nobody: what the table of access says is what happens. New routes are found by itself.

A route that names no act fails. Places in a path are filled in from the rounds of ``tests.web.scenes``.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import Session, select
from starlette.routing import Mount

from actions import accounts, documents
from actions.accounts import fingerprint
from kit.settings import settings
from models import database
from models.accounts import Account, ApiToken
from models.applications import Handover
from models.database import reading, transaction
from models.history import Chain
from models.rounds import Round
from models.sheets import Declaration
from models.tables import metadata
from rules import access
from rules.access import OPEN_TO_ALL, OPEN_TO_SIGNED_IN, Act, Reach, Role
from rules.scopes import Scope
from tests.journeys.test_live import calendar
from tests.web import scenes
from tests.web.visiting import account
from web import again
from web.api import admission
from web.api.limits import Buckets
from web.app import make_app
from web.doors import COOKIE, act_of

LEAVE_A_NOTE = {"own_result", "own_paper"}
"""What is read for the first time is noted as seen, after the page."""

FOR_MACHINES = {"health", "metrics"}
"""The only routes without an act: they name nobody."""

STATIC = {"static"}

STAFF_NO = {Role.CANDIDATE: "002", Role.REVIEWER: "008"}

PLACES = {
    "key": "interview",
    "stage": "interview",
    "step": "post",
    "deed": "extend",
    "staff_no": "002",
    "reviewer_no": "R1",
    "slot": "case_summary",
    "name": "case_summary",
    "kind": "announcement",
    "secret": "invented",
    "number": "1",
    "version": "1",
    "session": "1",
}
"""What stands for a place in a path; one that is an id of a table is taken from its first row."""


ROUNDS = {
    "/my/rounds/{code}/result": scenes.POSTED,
    "/my/rounds/{code}/hearings": scenes.POSTED,
    "/my/": scenes.OPEN,
    "/notices/": scenes.POSTED,
    "/rounds/{code}/hearings": scenes.POSTED,
    "/rounds/{code}/watch": scenes.POSTED,
    "/rounds/{code}/decision": scenes.DECIDED,
    "/rounds/{code}/materials": scenes.OPEN,
    "/api/v1/rounds/{code}/results": scenes.POSTED,
    "/api/v1/rounds/{code}/applications": scenes.OPEN,
    "": scenes.JUDGED,
}
"""Which round stands for ``{code}``: the one where the route's business is going on."""


@dataclass(frozen=True)
class Way:
    """One method of one route."""

    method: str
    path: str
    name: str
    act: Act | None
    unproved: bool = False
    fresh: bool = False
    by_token: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def ways(routes: list[Any]) -> Iterator[Way]:
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from ways(inner.routes)
        elif isinstance(route, Mount):
            yield Way("GET", route.path, route.name or "", None)
        else:
            door = getattr(route.endpoint, "door", None)
            kinds = {kind: getattr(door, kind, False) for kind in ("unproved", "fresh")}
            by_token = hasattr(route.endpoint, "scope")
            for method in sorted(route.methods - {"HEAD"}):
                yield Way(method, route.path, route.name, act_of(route), by_token=by_token, **kinds)


APP = make_app()
ALL = list(ways(APP.routes))
DOORS = [w for w in ALL if w.act is not None]
PAGES = [w for w in DOORS if not w.by_token]
POSTS = [w for w in PAGES if w.method not in {"GET", "HEAD"}]


@dataclass
class Kept:
    """A database with the small round and one account a role, as a file; and each account's secrets."""

    file: Path
    secrets: dict[Role | str, str]
    csrf: dict[Role | str, str]
    tokens: dict[Role, str]


@pytest.fixture(scope="module")
def kept(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    with pytest.MonkeyPatch.context() as patch:
        home = tmp_path_factory.mktemp("routes")
        patch.setenv("JINGPIN_HOME", str(home))
        patch.delenv("JINGPIN_DATABASE_URL", raising=False)
        settings.cache_clear()
        shutil.copy(migrated_sqlite, home / "jingpin.db")
        patch.setenv("JINGPIN_CALENDAR", calendar(home, datetime.now(UTC)))
        settings.cache_clear()
        scenes.laid()
        secrets, csrf, tokens = _people()
        with transaction() as session:
            _things(session)
        with database.engine().connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
        database.forget()
    settings.cache_clear()
    return Kept(home / "jingpin.db", secrets, csrf, tokens)


def _people() -> tuple[dict[Role | str, str], dict[Role | str, str], dict[Role, str]]:
    now = datetime.now(UTC)
    for role in Role:
        account(role.value, role, staff_no=STAFF_NO.get(role))
    account("unproved", Role.ADMIN)
    account("second", Role.ADMIN)
    secrets: dict[Role | str, str] = {}
    tokens: dict[Role, str] = {}
    with transaction() as session:
        for who in session.exec(select(Account).where(Account.login != "second")).all():
            role = Role(who.login) if who.login in set(Role) else who.login
            if role is Role.ADMIN:
                who.totp_secret, who.totp_since = "JBSWY3DPEHPK3PXP", now
            secrets[role] = accounts.begin_session(
                session, account=who, agent="test", now=now, proved=role is Role.ADMIN
            )
            if isinstance(role, Role):
                tokens[role] = f"token-of-{role}-{uuid4().hex}"
                session.add(_token(who, tokens[role], now))
    with reading() as session:
        csrf = {role: session.get_one(accounts.SignedIn, fingerprint(s)).csrf for role, s in secrets.items()}
    return secrets, csrf, tokens


def _token(who: Account, secret: str, now: datetime) -> ApiToken:
    scopes = " ".join(Scope)
    made = {"name": "test", "scopes": scopes, "made_at": now, "expires_at": now + timedelta(days=1)}
    return ApiToken(id=fingerprint(secret), account_id=who.id, **made)


def _things(session: Session) -> None:
    """Add what else stands in paths: a reviewer who has declared, a file of a candidate."""
    now = datetime.now(UTC)
    rounds = {r.code: r.id for r in session.exec(select(Round))}
    judged = rounds[scenes.JUDGED]
    session.add(Declaration(round_id=judged, reviewer_no="R1", made_at=now, made_by="reviewer"))
    sha256 = documents.keep(session, b"%PDF-1.7")
    file = {
        "slot": "case_summary",
        "version": 1,
        "name": "a.pdf",
        "media_type": "application/pdf",
        "size": 8,
        "state": "handed_in",
    }
    session.add(Handover(round_id=rounds[scenes.OPEN], staff_no="002", sha256=sha256, uploaded_at=now, **file))


@pytest.fixture
def there(kept: Kept, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    monkeypatch.delenv("JINGPIN_DATABASE_URL", raising=False)
    monkeypatch.setenv("JINGPIN_CALENDAR", str(next(kept.file.parent.glob("*.csv"))))
    monkeypatch.setattr(
        admission, "FAILED", Buckets(per_minute=1_000_000)
    )  # all routes are asked without a token at once
    settings.cache_clear()
    shutil.copy(kept.file, home / "jingpin.db")
    yield kept
    database.forget()


def filled(path: str) -> str:
    """Return a path with its places filled in."""
    code = next(code for begins, code in ROUNDS.items() if path.startswith(begins))
    book = "people" if path.startswith("/people/") else "marks"
    path = path.replace("{code}", code).replace("{book}", book)
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda place: _place(place[1]), path)


def _place(name: str) -> str:
    if name in PLACES:
        return PLACES[name]
    table = metadata.tables.get(name.removesuffix("_id"))  # {draft} and {draft_id} alike
    if table is None:
        return str(UUID(int=0)) if name.endswith("id") else "invented"
    with reading() as session:
        first = session.execute(select(*table.primary_key.columns).limit(1)).first()
    return str(first[0]) if first else str(UUID(int=0))


def ask(
    way: Way,
    there: Kept,
    who: Role | str | None,
    *,
    csrf: bool = True,
    typed: dict[str, str] | None = None,
    **headers: str,
) -> Response:
    """Make the request of somebody: by their cookie on a page, by their token at the API."""
    client = TestClient(APP, follow_redirects=False, headers=headers)
    data: dict[str, str] = {}
    if way.by_token and isinstance(who, Role):
        client.headers["authorization"] = f"Bearer {there.tokens[who]}"
    elif who is not None:
        client.cookies.set(COOKIE, there.secrets[who])
        data = {"csrf": there.csrf[who]} if csrf else {}
    if way.method == "GET":
        return client.get(filled(way.path))
    if way.by_token:
        return client.request(way.method, filled(way.path), json={})
    return client.request(way.method, filled(way.path), data=data | (typed or {}))


def chains() -> dict[str, int]:
    with reading() as session:
        return {chain.name: chain.length for chain in session.exec(select(Chain))}


def is_refusal(answer: Response, act: Act) -> bool:
    reason = str(access.refusal(act)).partition("；")[0]
    return answer.status_code == 403 and reason in answer.text


def test_every_route_names_an_act_but_those_for_machines() -> None:
    assert {w.name for w in ALL if w.act is None} - FOR_MACHINES - STATIC == set()
    assert len(DOORS) > 30


@pytest.mark.parametrize("way", DOORS, ids=str)
def test_a_route_opens_exactly_to_those_of_whom_the_table_says_so(there: Kept, home: Path, way: Way) -> None:
    assert way.act is not None
    before = chains()
    for role in Role:
        far = access.reach(way.act, {role})
        if far is None:
            assert is_refusal(ask(way, there, role), way.act), f"{role} gets through"
            continue
        answer = ask(way, there, role)
        assert answer.status_code < 500 or answer.status_code in {502, 503}, (role, answer.text)
        assert not is_refusal(answer, way.act), role
        if far is Reach.ALL and not way.by_token:
            assert answer.status_code not in {401, 403}, (role, answer.text)
        assert "/login?" not in answer.headers.get("location", ""), role
        if way.method != "GET":
            database.forget()
            shutil.copy(there.file, home / "jingpin.db")
            for rest in home.glob("jingpin.db-*"):
                rest.unlink()
    assert way.method != "GET" or way.name in LEAVE_A_NOTE or chains() == before


@pytest.mark.parametrize("way", DOORS, ids=str)
def test_nobody_is_sent_to_sign_in(there: Kept, way: Way) -> None:
    before = chains()
    answer = ask(way, there, None)
    if way.act in OPEN_TO_ALL and not way.by_token:
        assert answer.status_code != 403
        assert "/login?" not in answer.headers.get("location", "")
        return
    if way.method == "GET" and not way.by_token:
        assert answer.status_code == 303
        assert "/login?next=" in answer.headers["location"]
    else:
        assert answer.status_code == 401
    assert chains() == before


@pytest.mark.parametrize("way", PAGES, ids=str)
def test_an_administrator_without_the_second_factor_gets_nowhere_else(there: Kept, way: Way) -> None:
    answer = ask(way, there, "unproved")
    if way.act in OPEN_TO_ALL or way.unproved:
        assert answer.status_code != 403
    else:
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/account/second-factor")


def test_before_the_second_factor_there_is_only_the_second_factor() -> None:
    let_in = {w.path for w in PAGES if w.unproved}
    others = {p for p in let_in if not p.startswith("/account/second-factor")}
    assert others == {"/logout", "/login/oidc/again", "/login/oidc/shown"}


DEEDS_OF_WEIGHT = {
    "add_account",
    "begin_second_factor",
    "confirm_decision",
    "confirm_second_factor",
    "describe_account",
    "enrol_candidates",
    "enrol_reviewers",
    "make_link",
    "make_token",
    "open_account",
    "reset_second_factor",
    "set_account_roles",
}
"""Said a second time by hand: a door that does not ask any more is not enough."""


def test_a_deed_of_weight_asks_once_more_who_is_there_and_waits_with_what_was_typed(there: Kept) -> None:
    assert {w.name for w in PAGES if w.fresh} == DEEDS_OF_WEIGHT
    with transaction() as session:
        for one in session.exec(select(accounts.SignedIn)):
            one.shown_at -= again.FRESH
    before = chains()
    for way in PAGES:
        if way.fresh:
            who = next(role for role in Role if access.reach(way.act, {role}))
            answer = ask(way, there, who, typed={"role": "hr", "text": "<b>"})
            assert answer.status_code == 403, way
            assert "确认是您本人" in answer.text
            assert '<input type="hidden" name="text" value="&lt;b&gt;">' in answer.text
            assert answer.text.count('name="csrf" value') == answer.text.count("<form")
    assert chains() == before


@pytest.mark.parametrize("way", POSTS, ids=str)
def test_a_post_without_the_token_or_from_another_site_changes_nothing(there: Kept, way: Way) -> None:
    assert way.act is not None
    before = chains()
    allowed = next(role for role in Role if access.reach(way.act, {role}))
    answers = [
        ask(way, there, allowed, csrf=False),
        ask(way, there, allowed, origin="https://evil.example"),
        ask(way, there, allowed, **{"sec-fetch-site": "cross-site"}),
        ask(way, there, allowed, csrf=False, **{"x-csrf": "invented"}),
    ]
    if way.act in OPEN_TO_ALL:
        answers.append(ask(way, there, None, origin="https://evil.example"))
    assert [a.status_code for a in answers] == [403] * len(answers)
    assert chains() == before


@pytest.mark.parametrize("way", [w for w in DOORS if w.by_token], ids=str)
def test_a_cookie_opens_nothing_of_the_api(there: Kept, way: Way) -> None:
    client = TestClient(APP, follow_redirects=False)
    client.cookies.set(COOKIE, there.secrets[Role.HR])
    assert client.request(way.method, filled(way.path)).status_code == 401


def test_an_act_that_no_route_names_is_not_forgotten_in_the_table() -> None:
    assert {w.act for w in DOORS} >= OPEN_TO_SIGNED_IN
