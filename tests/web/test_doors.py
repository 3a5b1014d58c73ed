"""Doors: who comes in, who is told why not, and what a POST needs."""

import re

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models.accounts import SignedIn
from models.database import reading, transaction
from rules.access import Role
from tests.web.visiting import PASSWORD, account, hr, nobody, visitor


def test_nobody_is_sent_to_sign_in_and_back_again(database: Engine) -> None:
    account("wang", Role.HR, password=PASSWORD)
    someone = nobody()
    answer = someone.get("/")
    assert answer.status_code == 303
    assert answer.headers["location"].endswith("/login?next=%2F")
    answer = someone.client.post("/login", data={"login": "Wang ", "password": PASSWORD, "next": "/"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert ">wang</a>" in someone.get("/").text


@pytest.mark.parametrize("path", ["/rounds", "/login/", "/rounds/T-1?x=1", "//evil.example/rounds", "/\\evil.example"])
def test_no_answer_leads_to_the_host_that_a_request_names(database: Engine, path: str) -> None:
    location = nobody().get(path, headers={"host": "evil.example"}).headers.get("location", "")
    assert not location or location.startswith("/login?next=%2F")


@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_signing_in_never_leads_to_another_site(database: Engine, path: str) -> None:
    account("wang", Role.HR, password=PASSWORD)
    answer = nobody().client.post("/login", data={"login": "wang", "password": PASSWORD, "next": path})
    assert answer.headers["location"] == "/"


FILE = {"file": ("a.pdf", b"%PDF" + b"0" * 100_000)}


def test_of_nobody_no_more_is_read_than_a_login_takes(database: Engine) -> None:
    account("wang", Role.HR, password=PASSWORD)
    right = {"login": "wang", "password": PASSWORD}
    for more in ({"data": right | {"x": "0" * 20_000}}, {"data": right, "files": FILE}):
        assert nobody().client.post("/login", **more).status_code == 401
    many = "&".join(["login=wang", f"password={PASSWORD}", *(f"x{n}={'1' * 1_000}" for n in range(20))])
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert nobody().client.post("/login", content=many, headers=form).status_code == 401
    assert nobody().client.post("/account/password", files=FILE).status_code == 401
    assert nobody().client.post("/login", data=right).status_code == 303


def test_a_wrong_password_says_the_same_as_a_wrong_login(database: Engine) -> None:
    account("wang", Role.HR, password=PASSWORD)
    wrong = [
        nobody().client.post("/login", data={"login": login, "password": "wrong"})
        for login in ("wang", "nobody at all")
    ]
    assert [w.status_code for w in wrong] == [401, 401]
    pages = [re.sub(r'name="now" content="[^"]+"', "", w.text) for w in wrong]
    assert pages[0].replace("wang", "") == pages[1].replace("nobody at all", "")


def test_a_post_without_the_token_or_from_another_site_changes_nothing(database: Engine) -> None:
    someone = hr()
    without = someone.client.post("/logout")
    elsewhere = someone.post("/logout", headers={"origin": "https://evil.example"})
    cross = someone.post("/logout", headers={"sec-fetch-site": "cross-site"})
    assert [a.status_code for a in (without, elsewhere, cross)] == [403, 403, 403]
    assert someone.get("/").status_code == 200
    assert someone.post("/logout").status_code == 303
    assert someone.get("/").status_code == 303


def test_an_administrator_needs_the_second_factor_for_everything_else(database: Engine) -> None:
    unproved = visitor("root", Role.ADMIN, proved=False)
    assert unproved.get("/account/second-factor").status_code == 200


def test_answers_carry_a_strict_policy_and_are_not_cached(database: Engine) -> None:
    answer = hr().get("/")
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "unsafe-inline" not in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


def test_assets_are_kept_for_ever_under_their_hash(database: Engine) -> None:
    someone = nobody()
    page = someone.get("/login").text
    address = page.split('stylesheet" href="')[1].split('"')[0]
    assert "immutable" in someone.get(address).headers["cache-control"]


def test_an_idle_session_is_over(database: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import timedelta

    someone = hr()
    with transaction() as session:
        here = session.exec(select(SignedIn)).one()
        here.seen_at -= timedelta(minutes=31)
    assert someone.get("/").status_code == 303


def test_using_a_page_keeps_the_session_but_is_not_written_each_time(database: Engine) -> None:
    from datetime import timedelta

    someone = hr()
    with transaction() as session:
        here = session.exec(select(SignedIn)).one()
        here.seen_at -= timedelta(minutes=5)
        before = here.seen_at
    someone.get("/")
    with reading() as session:
        after = session.exec(select(SignedIn)).one().seen_at
    assert after > before
    someone.get("/")
    with reading() as session:
        assert session.exec(select(SignedIn)).one().seen_at == after


def test_a_null_character_in_an_address_or_a_field_is_no_crash(database: Engine) -> None:
    someone = hr()
    assert someone.get("/rounds/T%001").status_code == 400
    assert someone.get("/people?q=%00").status_code == 400
    answer = nobody().client.post("/login", data={"login": "wa\0ng", "password": "x"})
    assert answer.status_code == 401
