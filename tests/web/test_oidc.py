"""The centre's own sign-in, against a real provider in a process of its own."""

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pyotp
import pytest
from httpx2 import Response
from sqlalchemy import Engine
from sqlmodel import select

from kit import oidc as protocol
from kit import oidc_talk
from kit.settings import listed, settings
from models.accounts import Account, ApiToken, SignedIn
from models.database import reading, transaction
from queries import signatures
from queries.accounts import by_login
from rules.access import Role
from tests.actions.test_stages import to_the_decision
from tests.web.visiting import Visitor, account, hr, nobody
from web.doors import COOKIE, TURNS
from web.routes.oidc import JOURNEY

PEOPLE = [
    {"sub": "s-1", "preferred_username": "Wang"},
    {"sub": "s-2", "preferred_username": "001234"},
    {"sub": "s-3", "preferred_username": "stranger<b>"},
    {"sub": "s-4"},
]


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    known = [word for person in PEOPLE for word in ("--user-claims", json.dumps(person))]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true", *known]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        address = f"http://127.0.0.1:{port}"
        try:
            _until_it_answers(address)
            yield address
        finally:
            process.terminate()


def _until_it_answers(address: str) -> None:
    ends = time.monotonic() + 30
    while True:
        try:
            httpx.get(f"{address}/.well-known/openid-configuration")
        except httpx.ConnectError:
            assert time.monotonic() < ends
            time.sleep(0.05)
        else:
            return


@pytest.fixture(autouse=True)
def known_to_us(sqlite: Engine, provider: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("JINGPIN_OIDC_ISSUER", provider)
    monkeypatch.setenv("JINGPIN_OIDC_CLIENT_ID", "jingpin")
    monkeypatch.setenv("JINGPIN_OIDC_CLIENT_SECRET", "geheim")
    monkeypatch.setenv("JINGPIN_PUBLIC_URL", "http://testserver")
    settings.cache_clear()
    yield
    oidc_talk._providers.cache_clear()


def go(someone: Visitor, after: str = "/") -> str:
    """Leave for the provider; return the address there."""
    answer = someone.get(f"/login/oidc?next={after}")
    assert answer.status_code == 303
    return answer.headers["location"]


def agree(address: str, sub: str) -> str:
    """Sign in at the provider; return the path on which it sends the browser back to us."""
    back = httpx.post(address, data={"sub": sub})
    assert back.status_code == 302, back.text
    found = urlsplit(back.headers["location"])
    assert found.netloc == "testserver"
    return f"{found.path}?{found.query}"


def sessions() -> int:
    with reading() as session:
        return len(session.exec(select(SignedIn)).all())


def tokens() -> int:
    with reading() as session:
        return len(session.exec(select(ApiToken)).all())


def test_whoever_the_centre_knows_is_let_in_and_known_by_the_subject_from_then_on(provider: str) -> None:
    account("wang", Role.HR)
    someone = nobody()
    assert "用单位账号登录" in someone.get("/login").text
    answer = someone.get(agree(go(someone, "/account"), "s-1"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert someone.get("/account").status_code == 200
    with transaction() as session:
        mine = by_login(session, login="wang")
        assert mine
        assert mine.subject == f"{provider} s-1"
        mine.login = "renamed"  # the provider's name does not count any more
    again = nobody()
    assert again.get(agree(go(again), "s-1")).status_code == 303
    assert "renamed" in again.get("/account").text


def test_the_claim_may_be_a_staff_number() -> None:
    account("li", Role.CANDIDATE, staff_no="001234")
    someone = nobody()
    assert someone.get(agree(go(someone), "s-2")).status_code == 303
    assert "001234" in someone.get("/account").text


def test_an_administrator_still_needs_the_second_factor() -> None:
    account("wang", Role.ADMIN)
    someone = nobody()
    someone.get(agree(go(someone), "s-1"))
    assert "/account/second-factor" in someone.get("/accounts").headers["location"]


@pytest.mark.parametrize(
    ("word", "said", "answered"),
    [
        ("mfa", {"amr": ["pwd", "mfa"]}, 200),
        ("silver", {"acr": "silver"}, 200),
        ("mfa", {"amr": ["pwd"]}, 303),
        ("mfa", {"amr": "mfa"}, 303),
        ("mfa", {}, 303),
        ("", {"amr": [""], "acr": ""}, 303),
    ],
)
def test_a_second_factor_of_the_provider_counts_if_the_centre_says_so(
    provider: str, monkeypatch: pytest.MonkeyPatch, word: str, said: dict, answered: int
) -> None:
    monkeypatch.setenv("JINGPIN_OIDC_SECOND_FACTOR", word)
    settings.cache_clear()
    account("wang", Role.ADMIN)
    says(provider, "s-1", **said)
    someone = nobody()
    someone.get(agree(go(someone), "s-1"))
    assert someone.get("/accounts").status_code == answered


@pytest.mark.parametrize("sub", ["s-3", "s-4"])
def test_whoever_has_no_account_is_told_whom_to_ask(sub: str) -> None:
    someone = nobody()
    answer = someone.get(agree(go(someone), sub))
    assert answer.status_code == 403
    assert "请联系系统管理员" in answer.text
    assert "<b>" not in answer.text.replace("<b>竞", "")
    assert sessions() == 0


def test_a_closed_account_stays_closed() -> None:
    account("wang", Role.HR)
    with transaction() as session:
        mine = by_login(session, login="wang")
        assert mine
        mine.active = False
    someone = nobody()
    assert someone.get(agree(go(someone), "s-1")).status_code == 403
    assert sessions() == 0


def test_an_account_that_is_known_by_another_subject_is_not_given_to_a_namesake(provider: str) -> None:
    account("wang", Role.HR)
    with transaction() as session:
        mine = by_login(session, login="wang")
        assert mine
        mine.subject = f"{provider} somebody else"
    someone = nobody()
    assert someone.get(agree(go(someone), "s-1")).status_code == 403
    assert sessions() == 0


def says(provider: str, sub: str, **claims: object) -> None:
    """Let the provider say something more about somebody from now on."""
    known = next(person for person in PEOPLE if person["sub"] == sub)
    httpx.put(f"{provider}/users/{sub}", json=known | claims).raise_for_status()


def let_in(provider: str, *roles: Role, ago: timedelta = timedelta()) -> Visitor:
    """Return the window of somebody without a password of ours, who signed in at the provider a while ago."""
    account("wang", *roles)
    someone = nobody()
    says(provider, "s-1", auth_time=int((datetime.now(UTC) - ago).timestamp()))
    assert someone.get(agree(go(someone), "s-1")).status_code == 303
    someone.csrf = re.findall(r'name="csrf" content="([^"]+)"', someone.get("/account/second-factor").text)[0]
    return someone


def show(someone: Visitor, sub: str = "s-1") -> Response:
    """Sign in at the provider once more and come back."""
    there = someone.get("/login/oidc/again").headers["location"]
    asked = parse_qs(urlsplit(there).query)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
    return someone.get(agree(there, sub))


def test_an_observer_without_a_password_signs_after_signing_in_there_once_more(provider: str) -> None:
    round_id = to_the_decision()
    someone = let_in(provider, Role.OBSERVER, ago=timedelta(hours=2))
    watch = someone.get("/rounds/T-1/watch").text
    assert 'href="/login/oidc/again" target="_blank"' in watch
    hidden = dict(re.findall(r'name="(length|head)" value="(\w+)"', watch))
    said = {**hidden, "statement": "已复核", "proof": "provider"}
    refused = someone.post("/rounds/T-1/watch/sign", said)
    assert refused.status_code == 422
    assert "还没有在单位统一登录重新登录" in refused.text
    assert "已复核" in refused.text
    before = someone.client.cookies.get(COOKIE)
    says(provider, "s-1", auth_time=int(time.time()))
    assert show(someone).headers["location"] == "/login/oidc/shown"
    assert "回到刚才的页面" in someone.get("/login/oidc/shown").text
    assert someone.client.cookies.get(COOKIE) != before
    assert someone.post("/rounds/T-1/watch/sign", said).status_code == 303
    with reading() as session:
        assert len(signatures.of_round(session, round_id=round_id)) == 1
    assert sessions() == 1


@pytest.mark.parametrize("auth_time", [None, "now", True, 1e300, int(time.time()) - 3600])
def test_a_provider_that_does_not_ask_again_shows_nothing(provider: str, auth_time: object) -> None:
    someone = let_in(provider, Role.HR, ago=timedelta(hours=2))
    says(provider, "s-1", auth_time=auth_time)
    answer = show(someone)
    assert answer.status_code == 403
    assert "没有让您重新登录" in answer.text
    asked = someone.post("/account/tokens", {"name": "x", "scope": "rounds:read", "proof": "provider"})
    assert "还没有在单位统一登录重新登录" in asked.text
    assert tokens() == 0


def test_an_administrator_sets_up_the_second_factor_even_if_the_provider_says_no_time(provider: str) -> None:
    account("wang", Role.ADMIN)
    says(provider, "s-1")
    someone = nobody()
    someone.get(agree(go(someone), "s-1"))
    someone.csrf = re.findall(r'name="csrf" content="([^"]+)"', someone.get("/account/second-factor").text)[0]
    assert someone.post("/account/second-factor/begin").status_code == 303
    with reading() as session:
        mine = by_login(session, login="wang")
        assert mine
        code = pyotp.TOTP(mine.totp_secret).now()
    assert someone.post("/account/second-factor/confirm", {"code": code}).status_code == 200
    assert someone.get("/accounts").status_code == 200


def test_another_account_of_the_provider_shows_nothing_of_this_one(provider: str) -> None:
    someone = let_in(provider, Role.HR, ago=timedelta(hours=2))
    account("li", Role.HR, staff_no="001234")
    says(provider, "s-2", auth_time=int(time.time()))
    assert "不是这里登录的账号" in show(someone, "s-2").text
    assert "wang" in someone.get("/account").text
    assert sessions() == 1


def test_who_signs_out_here_may_sign_out_there(provider: str) -> None:
    someone = let_in(provider, Role.HR)
    answer = someone.post("/logout")
    assert answer.headers["clear-site-data"] == '"cache"'
    assert 'href="/login/oidc/out"' in someone.get(answer.headers["location"]).text
    there = someone.get("/login/oidc/out").headers["location"]
    assert there.startswith(f"{provider}/oauth2/end_session?")
    assert parse_qs(urlsplit(there).query) == {
        "client_id": ["jingpin"],
        "post_logout_redirect_uri": ["http://testserver/login"],
    }
    assert httpx.get(there).status_code == 200
    someone = hr()  # who did not come from there
    assert "/login/oidc/out" not in someone.get(someone.post("/logout").headers["location"]).text


def test_a_provider_that_does_not_answer_holds_up_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def slow(client: protocol.Client, journey: protocol.Journey, **_more: object) -> str:
        free = TURNS.acquire(blocking=False)
        asked.append(free)
        if free:
            TURNS.release()
        return "https://sso.example.com"

    monkeypatch.setattr(oidc_talk, "address", slow)
    with TURNS:  # one other page is being made
        nobody().get("/login/oidc")
    assert asked == [True]


def test_a_state_that_is_not_ours_is_refused_and_so_is_one_of_another_browser() -> None:
    account("wang", Role.HR)
    someone, other = nobody(), nobody()
    back = agree(go(someone), "s-1")
    assert other.get(back).status_code == 400  # went nowhere
    go(other)
    assert other.get(back).status_code == 400  # went there, but this is not their way back
    go(someone)
    assert someone.get(re.sub(r"state=\w+", "state=invented", back)).status_code == 400
    assert sessions() == 0


def test_a_way_back_counts_once() -> None:
    account("wang", Role.HR)
    someone = nobody()
    back = agree(go(someone), "s-1")
    assert someone.get(back).status_code == 303
    assert someone.get(back).status_code == 400
    assert sessions() == 1


def test_whoever_takes_too_long_starts_again(monkeypatch: pytest.MonkeyPatch) -> None:
    account("wang", Role.HR)
    someone = nobody()
    back = agree(go(someone), "s-1")
    began = time.time()
    monkeypatch.setattr(protocol.time, "time", lambda: began + protocol.LASTS_SECONDS + 5)
    answer = someone.get(back)
    assert answer.status_code == 400
    assert "从登录页重新开始" in answer.text


def test_a_cookie_that_was_made_younger_does_not_fit_its_state(monkeypatch: pytest.MonkeyPatch) -> None:
    account("wang", Role.HR)
    someone = nobody()
    back = agree(go(someone), "s-1")
    began, _dot, secret = str(someone.client.cookies.get(JOURNEY)).partition(".")
    someone.client.cookies.clear()
    someone.client.cookies.set(JOURNEY, f"{int(began) + 1}.{secret}")
    assert someone.get(back).status_code == 400
    assert sessions() == 0


@pytest.mark.parametrize("cookie", ["9" * 400 + ".x", "9" * 5000 + ".x", "٣.x", ".", "1", "-1.x", "1.5.x"])
def test_a_cookie_that_nobody_was_given_is_no_crash(cookie: str) -> None:
    someone = nobody()
    someone.client.cookies.clear()
    headers = {"cookie": f"{JOURNEY}=".encode() + cookie.encode()}
    assert someone.get("/login/oidc/back?state=x&code=x", headers=headers).status_code == 400


@pytest.mark.parametrize("change", ["code=invented", "error=access_denied"])
def test_an_answer_without_a_code_of_the_provider_is_refused(change: str) -> None:
    someone = nobody()
    state = parse_qs(urlsplit(go(someone)).query)["state"][0]
    assert someone.get(f"/login/oidc/back?state={state}&{change}").status_code == 400


def test_a_code_without_the_verifier_or_with_another_nonce_is_worth_nothing(provider: str) -> None:
    client = protocol.Client(provider, "jingpin", "geheim", "http://testserver/login/oidc/back")
    journey, other = protocol.set_out(), protocol.set_out()
    address = oidc_talk.address(client, journey)
    asked = parse_qs(urlsplit(address).query)
    assert asked["code_challenge_method"] == ["S256"]
    back = dict(item.split("=", 1) for item in agree(address, "s-1").partition("?")[2].split("&"))
    with pytest.raises(protocol.OidcError):
        oidc_talk.claims(client, other, back | {"state": other.state})


def test_a_provider_that_does_not_answer_leaves_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JINGPIN_OIDC_ISSUER", "http://127.0.0.1:9")
    settings.cache_clear()
    answer = nobody().get("/login/oidc")
    assert answer.status_code == 502
    assert "用登录名和密码登录" in answer.text


def test_without_the_setting_there_is_no_such_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JINGPIN_OIDC_ISSUER", "")
    settings.cache_clear()
    assert "用单位账号登录" not in nobody().get("/login").text
    assert nobody().get("/login/oidc").status_code == 404


def test_the_secret_is_not_shown_among_the_settings() -> None:
    assert "geheim" not in str(listed())
    with reading() as session:
        assert session.exec(select(Account)).all() == []
