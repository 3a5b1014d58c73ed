"""Accounts as people use them: links, passwords, pauses, the second factor, and what administrators do."""

import json
import re
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pyotp
import pytest
from argon2 import PasswordHasher
from httpx2 import Response
from sqlalchemy import Engine
from sqlmodel import col, select

from actions import accounts, links, passwords, people
from kit.settings import settings
from models.accounts import Account, Attempt, Device, OneTimeLink, SignedIn
from models.database import reading, transaction
from models.history import Entry
from models.messages import Message
from models.people import Person
from queries import audit
from queries.accounts import by_login, roles_of
from rules.access import Role
from tests.actions.test_stages import to_the_interview
from tests.factories import centre
from tests.web.visiting import PASSWORD, Visitor, account, hr, nobody, visitor
from web import again
from web.doors import COOKIE
from web.tries import DEVICE


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same argon2id with the least that it takes: dozens of sign-ins, no waiting."""
    monkeypatch.setattr(passwords, "_hasher", lambda: PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


OTHER = "seven quiet harbour lanterns"


def found(login: str) -> Account:
    with reading() as session:
        mine = by_login(session, login=login)
    assert mine
    return mine


def roles(login: str) -> Collection[Role]:
    with reading() as session:
        return roles_of(session, account_id=found(login).id)


def deeds(subject: str) -> list[str]:
    with reading() as session:
        query = select(Entry.deed).where(Entry.chain == "centre", Entry.subject == subject)
        return list(session.exec(query.order_by(col(Entry.number))))


def link_for(login: str) -> str:
    with transaction() as session:
        mine = by_login(session, login=login)
        assert mine
        return "/link/" + links.make(session, account=mine, actor="test", now=datetime.now(UTC))


def choose(path: str, password: str = PASSWORD, again: str = "", someone: Visitor | None = None) -> Response:
    return (someone or nobody()).post(path, {"password": password, "again": again or password})


def sign_in(login: str, password: str = PASSWORD, *, someone: Visitor | None = None, **options: object) -> Response:
    return (someone or nobody()).client.post("/login", data={"login": login, "password": password}, **options)


def signed_in(login: str) -> Visitor:
    someone = nobody()
    assert sign_in(login, someone=someone).status_code == 303
    someone.csrf = re.findall(r'name="csrf" content="([^"]+)"', someone.get("/account/second-factor").text)[0]
    return someone


def root() -> Visitor:
    return visitor("root", Role.ADMIN)


def one(login: str, deed: str = "") -> str:
    return f"/accounts/{found(login).id}" + (f"/{deed}" if deed else "")


# One-time links


def test_by_a_link_somebody_chooses_a_password_once(database: Engine) -> None:
    account("wang", Role.HR)
    path = link_for("wang")
    someone = nobody()
    assert "wang" in someone.get(path).text
    answer = choose(path, someone=someone)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert someone.get("/").status_code == 200
    again = nobody()
    assert again.get(path).status_code == 410
    assert "已经用过" in choose(path, OTHER, someone=again).text
    assert sign_in("wang").status_code == 303
    assert sign_in("wang", OTHER).status_code == 401
    assert deeds("wang") == ["account.added", "account.link_made", "account.password_set"] + ["account.signed_in"] * 2


def test_a_link_ends_every_session_of_before(sqlite: Engine) -> None:
    someone = hr()
    choose(link_for("hr"))
    assert someone.get("/").status_code == 303


def test_after_a_link_was_used_only_the_browser_that_used_it_is_known(sqlite: Engine) -> None:
    account("wang", Role.HR, password=PASSWORD)
    thief, owner = nobody(), nobody()
    sign_in("wang", someone=thief)
    choose(link_for("wang"), OTHER, someone=owner)
    with reading() as session:
        known = [device.id for device in session.exec(select(Device))]
    assert known == [accounts.fingerprint(str(owner.client.cookies.get(DEVICE)))]


def test_a_link_is_void_after_a_day_and_when_a_new_one_is_made(sqlite: Engine) -> None:
    account("wang", Role.HR)
    old, new = link_for("wang"), link_for("wang")
    assert nobody().get(old).status_code == 410
    assert nobody().get(new).status_code == 200
    with transaction() as session:
        for link in session.exec(select(OneTimeLink)):
            link.expires_at -= timedelta(hours=25)
    late = choose(new)
    assert late.status_code == 410
    assert "已经过期" in late.text
    assert found("wang").password == ""


def test_a_link_that_never_was_says_whom_to_ask(sqlite: Engine) -> None:
    answer = nobody().get("/link/invented")
    assert answer.status_code == 410
    assert "请系统管理员再发一个" in answer.text


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [("short", "short", "至少 12 个字符"), (PASSWORD, OTHER, "不一样"), ("Password1234!", "Password1234!", "太常见")],
)
def test_a_password_that_will_not_do_leaves_the_link_as_it_was(
    sqlite: Engine, password: str, again: str, said: str
) -> None:
    account("wang", Role.HR)
    path = link_for("wang")
    answer = choose(path, password, again)
    assert answer.status_code == 422
    assert said in answer.text
    assert password not in answer.text
    assert choose(path).status_code == 303


def test_secrets_stand_in_the_database_only_as_hashes(sqlite: Engine) -> None:
    account("wang", Role.HR)
    path = link_for("wang")
    someone = nobody()
    choose(path, someone=someone)
    kept = [path.removeprefix("/link/"), *(someone.client.cookies.get(name) for name in (COOKIE, DEVICE)), PASSWORD]
    with reading() as session:
        whole = repr([session.exec(select(t)).all() for t in (Account, SignedIn, OneTimeLink, Device, Attempt, Entry)])
    assert all(kept)
    assert not [secret for secret in kept if secret in whole]


def test_of_many_at_once_one_uses_a_link_or_a_code(database: Engine) -> None:
    account("wang", Role.HR)
    path = link_for("wang")
    with ThreadPoolExecutor(6) as many:
        answers = list(many.map(lambda n: choose(path, f"{PASSWORD} {n}").status_code, range(6)))
    assert sorted(answers) == [303] + [410] * 5
    assert deeds("wang").count("account.password_set") == 1
    first = visitor("root", Role.ADMIN, proved=False)
    secret, _codes = set_up(first, "root")
    windows = [visitor("root", Role.ADMIN, proved=False) for _n in range(5)]
    given = {"code": code(secret, 1)}
    with ThreadPoolExecutor(5) as many:
        proved = list(many.map(lambda w: w.post("/account/second-factor/prove", given).status_code, windows))
    assert sorted(proved) == [303] + [422] * 4


# Signing in: pauses, known devices, hashes


def test_guessing_makes_strangers_wait_but_not_the_owner_on_a_known_device(database: Engine) -> None:
    account("wang", Role.HR, password=PASSWORD)
    owner = nobody()
    sign_in("wang", someone=owner)
    assert owner.post("/logout", {"csrf": _csrf(owner)}).status_code == 303
    assert [sign_in("wang", "wrong").status_code for _n in range(6)] == [401] * 5 + [429]
    waiting = sign_in("wang")  # the right password, but from a stranger's browser
    assert waiting.status_code == 429
    assert re.search(r"请在 \d\d:\d\d 以后再试", waiting.text)
    assert sign_in("wang", someone=owner).status_code == 303


def test_a_pause_ends_and_the_next_is_longer(sqlite: Engine) -> None:
    account("wang", Role.HR, password=PASSWORD)
    for _n in range(5):
        sign_in("wang", "wrong")
    _let_pass(timedelta(seconds=61))
    assert sign_in("wang", "wrong").status_code == 401
    _let_pass(timedelta(seconds=61))
    assert sign_in("wang").status_code == 429
    _let_pass(timedelta(seconds=60))
    assert sign_in("wang").status_code == 303


def test_a_known_device_waits_for_its_own_failures(sqlite: Engine) -> None:
    account("wang", Role.HR, password=PASSWORD)
    owner = nobody()
    sign_in("wang", someone=owner)
    owner.post("/logout", {"csrf": _csrf(owner)})
    assert [sign_in("wang", "wrong", someone=owner).status_code for _n in range(6)] == [401] * 5 + [429]


def test_spraying_one_password_over_many_logins_is_slowed(sqlite: Engine) -> None:
    account("wang", Role.HR, password=PASSWORD)
    sprayed = [sign_in(f"user{n}", "violet anchor 72 stones").status_code for n in range(31)]
    assert sprayed == [401] * 30 + [429]
    assert sign_in("wang").status_code == 429


def test_somebody_elses_device_cookie_is_no_known_device(sqlite: Engine) -> None:
    account("li", Role.HR, password=PASSWORD)
    account("wang", Role.HR, password=PASSWORD)
    li = nobody()
    sign_in("li", someone=li)
    li.post("/logout", {"csrf": _csrf(li)})
    for _n in range(5):
        sign_in("wang", "wrong", someone=li)
    with reading() as session:
        assert {a.device for a in session.exec(select(Attempt))} == {""}


def test_what_a_visitor_says_of_their_address_is_not_believed(sqlite: Engine) -> None:
    for n in range(30):
        sign_in(f"user{n}", "wrong", headers={"x-forwarded-for": f"10.0.0.{n}"})
    assert sign_in("user31", "wrong", headers={"x-forwarded-for": "10.0.0.99"}).status_code == 429


def test_a_password_kept_under_older_parameters_is_kept_anew(sqlite: Engine) -> None:
    account("wang", Role.HR)
    older = PasswordHasher(time_cost=2, memory_cost=64).hash(PASSWORD)
    with transaction() as session:
        mine = by_login(session, login="wang")
        assert mine
        mine.password = older
    assert sign_in("wang").status_code == 303
    assert found("wang").password != older
    assert passwords.matches(found("wang"), PASSWORD)


def test_over_https_cookies_are_bound_to_this_host(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    account("wang", Role.HR, password=PASSWORD)
    someone = nobody()
    someone.client.base_url = "https://testserver"
    given = sign_in("wang", someone=someone).headers.get_list("set-cookie")
    assert {c.split("=")[0] for c in given} == {f"__Host-{COOKIE}", f"__Host-{DEVICE}"}
    for cookie in given:
        assert {"secure", "httponly", "path=/", "samesite=lax"} <= {p.strip().lower() for p in cookie.split(";")}
        assert "domain" not in cookie.lower()
    assert someone.get("/").status_code == 200
    said = someone.post("/account/sessions/end", {"csrf": _csrf(someone)}).headers.get_list("set-cookie")
    assert [c.partition("=")[0] for c in said] == ["__Host-jingpin_said"]
    assert "已退出所选的登录" in someone.get("/account").text
    assert "已退出所选的登录" not in someone.get("/account").text
    monkeypatch.setenv("JINGPIN_PUBLIC_URL", "https://jingpin.example.com")
    settings.cache_clear()
    behind = sign_in("wang").headers.get_list("set-cookie")
    assert all(c.startswith("__Host-") and "Secure" in c for c in behind)


def test_whoever_has_left_the_centre_cannot_sign_in_and_is_out_at_once(database: Engine) -> None:
    with transaction() as session:
        people.take_in(session, personnel=centre(), actor="hr", now=datetime.now(UTC))
    account("c001", Role.CANDIDATE, staff_no="001", password=PASSWORD)
    here = signed_in("c001")
    assert here.get("/account").status_code == 200
    with transaction() as session:
        people.leave(session, staying=["002", "003", "004"], actor="hr", now=datetime.now(UTC))
    assert here.get("/account").status_code == 303
    assert sign_in("c001").status_code == 401
    outside = visitor("r9", Role.REVIEWER, staff_no="R9")  # a reviewer from outside was never in the directory
    assert outside.get("/account").status_code == 200


# One's own account


def test_changing_the_password_asks_for_the_old_one_and_ends_other_sessions(sqlite: Engine) -> None:
    account("wang", Role.HR, password=PASSWORD)
    here, there = signed_in("wang"), signed_in("wang")
    data = {"old": "wrong", "password": OTHER, "again": OTHER}
    refused = here.post("/account/password", data)
    assert refused.status_code == 422
    assert "原密码不对" in refused.text
    assert (
        here.post("/account/password", data | {"old": PASSWORD, "password": "short", "again": "short"}).status_code
        == 422
    )
    assert here.post("/account/password", data | {"old": PASSWORD}).status_code == 303
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 303
    assert sign_in("wang", OTHER).status_code == 303


def test_a_session_somewhere_else_can_be_ended_and_only_ones_own(sqlite: Engine) -> None:
    account("wang", Role.HR, password=PASSWORD)
    here, there, stranger = signed_in("wang"), signed_in("wang"), hr("li")
    with reading() as session:
        others = [s.id for s in session.exec(select(SignedIn).where(SignedIn.account_id == found("li").id))]
    here.post("/account/sessions/end", {"session": others[0]})
    assert stranger.get("/account").status_code == 200
    ids = re.findall(r'name="session" value="(\w+)"', here.get("/account").text)
    assert len(ids) == 1
    here.post("/account/sessions/end", {"session": ids[0]})
    assert (there.get("/account").status_code, here.get("/account").status_code) == (303, 200)


def test_strangers_failures_are_shown_to_the_owner(sqlite: Engine) -> None:
    account("wang", Role.HR, password=PASSWORD)
    here = signed_in("wang")
    for _n in range(3):
        sign_in("wang", "wrong")
    assert "有 3 次用您的登录名" in here.get("/account").text


def letters() -> list[tuple[str, str, str]]:
    with reading() as session:
        kept = session.exec(select(Message).where(Message.kind == "account_news").order_by(col(Message.written_at)))
        return [(letter.address, letter.subject, letter.body) for letter in kept]


def test_the_owner_is_told_of_what_happens_to_the_account_once_and_without_secrets(database: Engine) -> None:
    with transaction() as session:
        people.take_in(session, personnel=centre(), actor="hr", now=datetime.now(UTC))
        session.get_one(Person, "001").email = "fang@example.com"
    account("c001", Role.CANDIDATE, staff_no="001", name="王芳")
    account("wang", Role.HR, password=PASSWORD)  # of whom no address is known
    sign_in("wang")
    here, path = nobody(), link_for("c001")
    choose(path, someone=here)
    here.csrf = _csrf(here)
    here.post("/account/password", {"old": PASSWORD, "password": OTHER, "again": OTHER})
    month = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    here.post("/account/tokens", {"name": "排班", "scope": "results:read", "until": month})
    secret, codes = set_up(here, "c001")
    here.post("/account/second-factor/off", {"code": codes[0]})
    here.post("/logout")
    sign_in("c001", OTHER, someone=here)  # on a browser that is known
    here.csrf = _csrf(here)
    sign_in("c001", OTHER, headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"})
    set_up(here, "c001")
    root().post(one("c001", "second-factor"))
    told = letters()
    assert {address for address, _subject, _body in told} == {"fang@example.com"}
    assert [subject for _address, subject, _body in told] == [
        "您的账号用一次性链接设定了密码并登录",
        "您的账号更换了密码",
        "您的账号生成了一个接口令牌",
        "您的账号启用了第二重验证",
        "您的账号停用了第二重验证",
        "您的账号在一台新的电脑或手机上登录",
        "您的账号启用了第二重验证",
        "系统管理员重置了您账号的第二重验证",
    ]
    assert "操作所用的浏览器：Firefox · Windows" in told[5][2]
    secrets = [path, PASSWORD, OTHER, secret, *codes]
    assert not [s for s in secrets for _address, _subject, body in told if s in body]


def test_what_happened_to_the_account_is_shown_to_its_owner_alone(sqlite: Engine) -> None:
    account("wang", Role.HR, password=PASSWORD)
    account("li", Role.HR, password=PASSWORD)
    here = signed_in("wang")
    here.post("/account/password", {"old": PASSWORD, "password": OTHER, "again": OTHER})
    root().post(one("wang", "roles"), {"role": ["hr", "reviewer"]})
    rows = re.findall(r'<td data-head="事项">(.*?)</td>\s*<td data-head="操作人">(.*?)</td>', here.get("/account").text)
    assert rows == [
        ("更改账号角色", "root"),
        ("设定密码", "您本人"),
        ("在一台新的电脑或手机上登录", "您本人"),
        ("添加账号", "test"),
    ]
    assert "更改账号角色" not in signed_in("li").get("/account").text


# The second factor


def set_up(someone: Visitor, login: str) -> tuple[str, list[str]]:
    """Set up the second factor and return its secret and the recovery codes."""
    assert someone.post("/account/second-factor/begin").status_code == 303
    page = someone.get("/account/second-factor").text
    secret = found(login).totp_secret
    assert secret in page
    assert 'src="data:image/svg+xml' in page
    answer = someone.post("/account/second-factor/confirm", {"code": code(secret)})
    assert answer.status_code == 200
    return secret, re.findall(r'class="code">([a-z2-7-]{29})<', answer.text)


def code(secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(int(datetime.now(UTC).timestamp()) + 30 * steps)


def test_an_administrator_sets_up_the_second_factor_before_anything_else(sqlite: Engine) -> None:
    account("root", Role.ADMIN, password=PASSWORD)
    someone = signed_in("root")
    for path in ("/", "/accounts", "/account"):
        assert someone.get(path).headers["location"].startswith("/account/second-factor")
    _secret, codes = set_up(someone, "root")
    assert len(codes) == 8
    assert someone.get("/accounts").status_code == 200
    assert "account.second_factor_set" in deeds("root")


def test_a_code_counts_once_and_the_session_gets_a_new_secret(sqlite: Engine) -> None:
    account("root", Role.ADMIN, password=PASSWORD)
    secret, _codes = set_up(signed_in("root"), "root")
    again = signed_in("root")
    used = again.post("/account/second-factor/prove", {"code": code(secret)})
    assert used.status_code == 422
    assert "已经用过" in used.text
    before = again.client.cookies.get(COOKIE)
    assert again.post("/account/second-factor/prove", {"code": code(secret, 1), "next": "/accounts"}).status_code == 303
    assert again.client.cookies.get(COOKIE) != before
    assert again.get("/accounts").status_code == 200
    stale = nobody()
    stale.client.cookies.set(COOKIE, str(before))
    assert "/login" in stale.get("/accounts").headers["location"]


def test_a_recovery_code_stands_in_once(sqlite: Engine) -> None:
    account("root", Role.ADMIN, password=PASSWORD)
    _secret, codes = set_up(signed_in("root"), "root")
    again = signed_in("root")
    assert again.post("/account/second-factor/prove", {"code": codes[0].upper().replace("-", " ")}).status_code == 303
    assert "还有 7 个恢复码" in again.get("/account").text
    third = signed_in("root")
    assert third.post("/account/second-factor/prove", {"code": codes[0]}).status_code == 422
    assert "account.recovery_code_used" in deeds("root")


def test_guessing_codes_is_slowed(sqlite: Engine) -> None:
    account("root", Role.ADMIN, password=PASSWORD)
    secret, _codes = set_up(signed_in("root"), "root")
    again = signed_in("root")
    for _n in range(5):
        assert "验证码不对" in again.post("/account/second-factor/prove", {"code": "000000"}).text
    answer = again.post("/account/second-factor/prove", {"code": code(secret, 1)})
    assert "失败的次数太多" in answer.text
    assert again.get("/accounts").status_code == 303


def test_who_has_a_second_factor_by_choice_is_asked_for_it_too(sqlite: Engine) -> None:
    account("wang", Role.HR, password=PASSWORD)
    first = signed_in("wang")
    assert first.get("/account").status_code == 200
    secret, _codes = set_up(first, "wang")
    again = signed_in("wang")
    assert again.get("/account").headers["location"].startswith("/account/second-factor")
    assert again.post("/account/second-factor/off", {"code": code(secret, 1)}).status_code == 303  # not proved yet
    assert found("wang").totp_since
    again.post("/account/second-factor/prove", {"code": code(secret, 1)})
    assert again.post("/account/second-factor/off", {"code": "000000"}).status_code == 422
    _let_codes_count_again("wang")
    assert again.post("/account/second-factor/off", {"code": code(secret)}).status_code == 303
    assert found("wang").totp_since is None
    assert signed_in("wang").get("/account").status_code == 200


@pytest.mark.parametrize(
    ("whose", "asked"),
    [("administrators", []), ("staff", [Role.HR, Role.OBSERVER, Role.REVIEWER]), ("everyone", sorted(Role))],
)
def test_the_centre_says_who_has_to_have_a_second_factor(
    sqlite: Engine, monkeypatch: pytest.MonkeyPatch, whose: str, asked: list[Role]
) -> None:
    monkeypatch.setenv("JINGPIN_SECOND_FACTOR", whose)
    settings.cache_clear()
    for role in set(Role) - {Role.ADMIN}:
        someone = visitor(role.value, role, proved=False)
        answer = someone.get("/account")
        assert (answer.status_code == 303) == (role in asked), role
        if role in asked:
            assert answer.headers["location"].startswith("/account/second-factor")
            assert "本单位要求您" in someone.get("/account/second-factor").text
            set_up(someone, role.value)
            assert someone.get("/account").status_code == 200


def test_fresh_recovery_codes_make_the_old_ones_void(sqlite: Engine) -> None:
    account("wang", Role.HR, password=PASSWORD)
    first = signed_in("wang")
    secret, old = set_up(first, "wang")
    new = re.findall(
        r'class="code">([a-z2-7-]{29})<', first.post("/account/second-factor/codes", {"code": code(secret, 1)}).text
    )
    assert len(set(new) - set(old)) == 8
    again = signed_in("wang")
    assert again.post("/account/second-factor/prove", {"code": old[0]}).status_code == 422
    assert again.post("/account/second-factor/prove", {"code": new[0]}).status_code == 303


# Deeds of weight


def lie_open(someone: Visitor) -> None:
    """Let a window stand open for a while."""
    with transaction() as session:
        session.get_one(SignedIn, accounts.fingerprint(str(someone.client.cookies.get(COOKIE)))).shown_at -= again.FRESH


def test_a_window_that_lies_open_gives_nobody_rights(sqlite: Engine) -> None:
    account("root", Role.ADMIN, password=PASSWORD)
    account("wang", Role.HR)
    someone = root()
    lie_open(someone)
    before, wanted = str(someone.client.cookies.get(COOKIE)), {"role": ["candidate", "reviewer"]}
    asked = someone.post(one("wang", "roles"), wanted)
    assert asked.status_code == 403
    assert re.findall(r'type="hidden" name="role" value="(\w+)"', asked.text) == wanted["role"]
    wrong = someone.post(one("wang", "roles"), wanted | {"proof": "wrong"})
    assert wrong.status_code == 422
    assert "密码不对" in wrong.text
    assert roles("wang") == {Role.HR}
    assert someone.post(one("wang", "roles"), wanted | {"proof": PASSWORD}).status_code == 303
    assert roles("wang") == {Role.CANDIDATE, Role.REVIEWER}
    assert someone.client.cookies.get(COOKIE) != before
    assert someone.post(one("wang", "link")).status_code == 200  # for a while now
    stale = nobody()
    stale.client.cookies.set(COOKIE, before)
    assert "/login" in stale.get("/accounts").headers["location"]


def test_guessing_who_is_there_is_slowed(sqlite: Engine) -> None:
    account("root", Role.ADMIN, password=PASSWORD)
    account("wang", Role.HR)
    someone = root()
    lie_open(someone)
    for _n in range(5):
        someone.post(one("wang", "link"), {"proof": "wrong"})
    answer = someone.post(one("wang", "link"), {"proof": PASSWORD})
    assert "失败的次数太多" in answer.text
    assert "在您登录过的电脑" not in answer.text  # this is one
    assert "account.link_made" not in deeds("wang")


def test_without_a_password_a_code_shows_who_is_there_and_counts_once(sqlite: Engine) -> None:
    account("wang", Role.HR)
    someone = visitor("root", Role.ADMIN, proved=False)
    secret, _codes = set_up(someone, "root")
    lie_open(someone)
    assert "打开手机上的验证器" in someone.post(one("wang", "link")).text
    assert someone.post(one("wang", "link"), {"proof": code(secret, 1)}).status_code == 200
    lie_open(someone)
    assert "已经用过" in someone.post(one("wang", "link"), {"proof": code(secret, 1)}).text


def test_who_has_no_way_to_show_it_is_told_whom_to_ask(sqlite: Engine) -> None:
    someone = hr()
    lie_open(someone)
    answer = someone.post("/account/tokens", {"name": "x", "scope": "rounds:read"})
    assert answer.status_code == 403
    assert "请系统管理员发给您一个设定密码的链接" in answer.text


# What administrators do


def test_an_administrator_adds_an_account_and_hands_over_its_link(sqlite: Engine) -> None:
    data = {"login": " 001234 ", "name": "王芳", "staff_no": "001234", "role": ["hr", "reviewer"]}
    answer = root().post("/accounts/new", data)
    assert answer.status_code == 200
    path = re.search(r"http://127\.0\.0\.1:8000(/link/[\w-]+)", answer.text)
    assert path
    assert choose(path[1]).status_code == 303
    assert roles("001234") == {Role.HR, Role.REVIEWER}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"login": "hr"}, "已经有人使用"),
        ({"login": " "}, "请填写登录名"),
        ({"name": ""}, "请填写姓名"),
        ({"login": "x" * 65}, "最多 64 个字符"),
        ({"staff_no": "007"}, "已属于账号"),
        ({"role": ["hr", "observer"]}, "不能由同一账号兼任：人力资源、监督员"),
    ],
)
def test_an_account_that_cannot_be_is_refused_and_what_was_typed_is_kept(
    sqlite: Engine, changed: dict, said: str
) -> None:
    account("hr", Role.HR, staff_no="007")
    answer = root().post("/accounts/new", {"login": "zhao", "name": "赵静", "role": ["hr"]} | changed)
    assert answer.status_code == 422
    assert said in answer.text
    assert (changed.get("name", "赵静") or "zhao") in answer.text
    with reading() as session:
        assert by_login(session, login="zhao") is None


def test_roles_change_at_the_next_click_and_the_history_says_from_what_to_what(sqlite: Engine) -> None:
    someone = visitor("wang", Role.HR)
    assert root().post(one("wang", "roles"), {"role": ["candidate"]}).status_code == 303
    assert roles("wang") == {Role.CANDIDATE}
    assert someone.get("/people").status_code == 403
    with reading() as session:
        entry = session.exec(select(Entry).where(Entry.deed == "account.roles_set")).one()
    assert (entry.actor, json.loads(entry.detail)) == ("root", {"before": ["hr"], "after": ["candidate"]})


def test_roles_that_are_kept_apart_are_refused_with_the_reason(sqlite: Engine) -> None:
    account("wang", Role.HR)
    answer = root().post(one("wang", "roles"), {"role": ["hr", "admin"]})
    assert answer.status_code == 409
    assert "不能由同一账号兼任：系统管理员、人力资源" in answer.text
    assert roles("wang") == {Role.HR}


def test_the_last_administrator_cannot_disappear_nor_take_the_right_from_themself(sqlite: Engine) -> None:
    someone = root()
    assert "另一位系统管理员" in someone.post(one("root", "roles"), {"role": ["candidate"]}).text
    assert "不能停用自己" in someone.post(one("root", "close")).text
    account("second", Role.ADMIN)
    assert "另一位系统管理员" in someone.post(one("root", "roles"), {"role": []}).text
    assert someone.post(one("second", "close")).status_code == 303
    assert roles("root") == {Role.ADMIN}
    with transaction() as session, pytest.raises(accounts.RuleError, match="唯一的系统管理员"):
        accounts.deactivate(session, account=found("root"), actor="somebody", now=datetime.now(UTC))


def test_a_closed_account_is_out_at_once_and_may_come_back(sqlite: Engine) -> None:
    account("wang", Role.HR, password=PASSWORD)
    someone, admin = signed_in("wang"), root()
    path = link_for("wang")
    admin.post(one("wang", "close"))
    assert someone.get("/").status_code == 303
    assert sign_in("wang").status_code == 401
    assert nobody().get(path).status_code == 410
    assert "不能发给链接" in admin.post(one("wang", "link")).text
    admin.post(one("wang", "open"))
    assert sign_in("wang").status_code == 303
    assert [d for d in deeds("wang") if "activated" in d] == ["account.deactivated", "account.reactivated"]


def test_a_lost_second_factor_is_reset_and_every_session_ends(sqlite: Engine) -> None:
    account("wang", Role.HR, password=PASSWORD)
    someone = signed_in("wang")
    set_up(someone, "wang")
    admin = root()
    assert admin.post(one("wang", "second-factor")).status_code == 303
    assert someone.get("/account").status_code == 303
    assert found("wang").totp_secret == ""
    assert "account.second_factor_reset" in deeds("wang")
    again = signed_in("wang")
    admin.post(one("wang", "sessions"))
    assert again.get("/account").status_code == 303


def test_whose_account_it_is_can_be_corrected(sqlite: Engine) -> None:
    account("li", Role.HR, staff_no="009")
    account("wang", Role.HR)
    admin = root()
    assert "工号“009”已属于账号“li”" in admin.post(one("wang", "describe"), {"name": "王芳", "staff_no": "009"}).text
    assert admin.post(one("wang", "describe"), {"name": "王芳", "staff_no": "010"}).status_code == 303
    assert (found("wang").name, found("wang").staff_no) == ("王芳", "010")


def test_a_link_can_go_by_mail_to_whom_the_directory_knows(sqlite: Engine) -> None:
    with transaction() as session:
        people.take_in(session, personnel=centre(), actor="hr", now=datetime.now(UTC))
        session.get_one(Person, "001").email = "fang@example.com"
    account("c001", Role.CANDIDATE, staff_no="001", name="王芳")
    answer = root().post(one("c001", "link"), {"mail": "1"})
    assert answer.status_code == 303
    with reading() as session:
        letter = session.exec(select(Message)).one()
    path = re.search(r"http://127\.0\.0\.1:8000(/link/[\w-]+)", letter.body)
    assert (letter.address, letter.state) == ("fang@example.com", "waiting")
    assert path
    assert choose(path[1]).status_code == 303


def test_everybody_of_the_directory_gets_an_account_once(database: Engine) -> None:
    with transaction() as session:
        people.take_in(session, personnel=centre(), actor="hr", now=datetime.now(UTC))
        people.leave(session, staying=["001", "002", "003"], actor="hr", now=datetime.now(UTC))
        session.get_one(Person, "001").email = "fang@example.com"
    account("002", Role.HR)  # somebody else's login
    admin = root()
    page = admin.get("/accounts/directory").text
    assert "为名册中 2 人开通候选人账号" in page
    assert "登录名“002”已经有人使用" in page
    assert admin.post("/accounts/directory", {"mail": "1"}).status_code == 303
    assert [(found(no).staff_no, roles(no)) for no in ("001", "003")] == [
        (no, {Role.CANDIDATE}) for no in ("001", "003")
    ]
    with reading() as session:
        assert [m.address for m in session.exec(select(Message))] == ["fang@example.com"]
        entry = session.exec(select(Entry).where(Entry.deed == "accounts.added")).one()
        assert audit.chain_findings(session, chain="centre") == []
    assert json.loads(entry.detail)["n"] == 2
    admin.post("/accounts/directory")
    with reading() as session:
        assert len(session.exec(select(Entry).where(Entry.deed == "accounts.added")).all()) == 1


def test_the_reviewers_of_a_round_get_accounts_or_the_role(sqlite: Engine) -> None:
    to_the_interview()
    account("lilei", Role.CANDIDATE, staff_no="002")
    admin = root()
    assert "为 2 位评委开通" in admin.get("/accounts/reviewers?code=T-1").text
    assert admin.post("/accounts/reviewers", {"code": "T-1"}).status_code == 303
    assert (roles("r1"), found("r1").staff_no) == ({Role.REVIEWER}, "R1")
    assert roles("lilei") == {Role.CANDIDATE, Role.REVIEWER}
    assert "能开通的评委都已经开通" in admin.get("/accounts/reviewers?code=T-1").text


def test_a_reviewer_who_watches_over_rounds_is_named_with_the_reason(sqlite: Engine) -> None:
    to_the_interview()
    account("lilei", Role.OBSERVER, staff_no="002")
    admin = root()
    assert "不能由同一账号兼任：监督员、评委" in admin.get("/accounts/reviewers?code=T-1").text
    admin.post("/accounts/reviewers", {"code": "T-1"})
    assert roles("lilei") == {Role.OBSERVER}


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("q=WANG", {"wang"}),
        ("q=%E7%8E%8B", {"wang"}),
        ("q=009", {"li"}),
        ("q=%25", set()),
        ("role=hr", {"li", "wang"}),
        ("state=closed", {"li"}),
        ("state=new&role=observer", {"zhao"}),
        ("role=invented&page=99", {"li", "wang", "zhao", "root"}),
    ],
)
def test_the_list_is_filtered(database: Engine, query: str, shown: set[str]) -> None:
    account("wang", Role.HR, name="王芳", password=PASSWORD)
    account("li", Role.HR, staff_no="009", password=PASSWORD)
    account("zhao", Role.OBSERVER)
    admin = root()
    admin.post(one("li", "close"))
    page = admin.get(f"/accounts?{query}")
    ids = {str(found(login).id): login for login in ("wang", "li", "zhao", "root")}
    assert {ids[i] for i in re.findall(r'href="/accounts/([0-9a-f-]{36})"', page.text)} == shown


def test_a_thousand_accounts_come_a_page_at_a_time(sqlite: Engine) -> None:
    now = datetime.now(UTC)
    with transaction() as session:
        session.add_all(Account(login=f"u{n:04}", name=f"员工{n}", made_at=now) for n in range(1000))
    admin = root()
    first, last = admin.get("/accounts").text, admin.get("/accounts?page=21").text
    assert "第 1 页，共 21 页" in first
    assert "u0048" in first
    assert "u0999" in last


def test_the_pages_of_accounts_never_show_markup_that_was_typed(sqlite: Engine) -> None:
    account("evil", Role.HR, name="<script>alert(1)</script>{{7*7}}")
    page = root().get(one("evil")).text
    assert "<script>alert" not in page
    assert "{{7*7}}" in page


def test_an_account_that_is_not_there_is_not_found(sqlite: Engine) -> None:
    assert root().get(f"/accounts/{UUID(int=0)}").status_code == 404


# What the tests use


def _csrf(someone: Visitor) -> str:
    return re.findall(r'name="csrf" content="([^"]+)"', someone.get("/account/second-factor").text)[0]


def _let_pass(time: timedelta) -> None:
    with transaction() as session:
        for attempt in session.exec(select(Attempt)):
            attempt.at -= time


def _let_codes_count_again(login: str) -> None:
    with transaction() as session:
        mine = by_login(session, login=login)
        assert mine
        mine.totp_step = 0
