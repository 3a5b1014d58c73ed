"""The first administrator: one link, once; a locked-out one gets another, and the history says so."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import col, select

from actions import accounts, passwords
from cli.app import run
from models import database
from models.database import reading, transaction
from models.history import Entry
from models.people import Person
from queries.accounts import by_login, roles_of
from rules.access import Role
from tests.web.visiting import PASSWORD, nobody

Said = Callable[..., tuple[int, str, str]]


@pytest.fixture
def init(home: Path, capfd: pytest.CaptureFixture[str]) -> Said:
    """``jingpin init`` with these words: its status, its output, its problems."""

    def called(*words: str) -> tuple[int, str, str]:
        status = run(["init", *words])
        said = capfd.readouterr()
        return status, said.out, said.err

    yield called
    database.forget()


def link(said: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/link/[\w-]+)", said)
    assert found
    return found[1]


def deeds() -> list[tuple[str, str]]:
    with reading() as session:
        query = select(Entry.deed, Entry.subject).where(Entry.chain == "centre").order_by(col(Entry.number))
        return list(session.exec(query).all())


def test_what_it_makes_is_for_its_owner_only(init: Said, home: Path, tmp_path: Path) -> None:
    home.rmdir()
    assert init()[0] == 0
    assert home.stat().st_mode & 0o777 == 0o700
    assert run(["backup", str(tmp_path / "b.zip")]) == 0
    assert (tmp_path / "b.zip").stat().st_mode & 0o777 == 0o600


def test_the_first_call_prints_a_link_by_which_the_administrator_chooses_a_password(init: Said) -> None:
    status, out, _err = init("--login", "Wang", "--name", "王芳")
    assert status == 0
    someone = nobody()
    answer = someone.post(link(out), {"password": PASSWORD, "again": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "/account/second-factor" in someone.get("/accounts").headers["location"]
    with reading() as session:
        mine = by_login(session, login="wang")
        assert mine
        assert (mine.name, roles_of(session, account_id=mine.id)) == ("王芳", {Role.ADMIN})


def test_a_second_call_upgrades_and_says_that_there_is_one_and_another_by_name_is_refused(init: Said) -> None:
    init()
    status, out, err = init()
    assert status == 0
    assert "/link/" not in out
    assert "已有系统管理员：admin" in err
    status, out, err = init("--login", "second")
    assert status == 1
    assert "--again" in err
    with reading() as session:
        assert by_login(session, login="second") is None


def test_an_administrator_who_is_locked_out_gets_another_link_and_loses_the_second_factor(init: Said) -> None:
    _status, first, _err = init()
    with transaction() as session:
        mine = by_login(session, login="admin")
        assert mine
        mine.totp_secret, mine.totp_since = "JBSWY3DPEHPK3PXP", datetime.now(UTC)
    status, again, _err = init("--again", "--by", "值班员")
    assert status == 0
    assert nobody().get(link(first)).status_code == 410
    assert nobody().get(link(again)).status_code == 200
    assert deeds() == [
        ("account.added", "admin"),
        ("account.link_made", "admin"),
        ("account.second_factor_reset", "admin"),
        ("account.link_made", "admin"),
    ]
    with reading() as session:
        assert session.exec(select(Entry.actor).order_by(col(Entry.number).desc())).first() == "值班员"


def test_of_several_administrators_the_locked_out_one_has_to_be_named(init: Said) -> None:
    init()
    with transaction() as session:
        accounts.add(session, login="second", name="二", roles={Role.ADMIN}, actor="admin", now=datetime.now(UTC))
    status, _out, err = init("--again")
    assert status == 1
    assert "admin、second" in err
    assert init("--again", "--login", "second")[0] == 0
    assert init("--again", "--login", "nobody")[0] == 1


def test_when_the_only_administrator_has_left_another_one_can_be_first(init: Said) -> None:
    init()
    with transaction() as session:
        session.add(Person(staff_no="001", name="王芳", business_line="phone", active=False))
        mine = by_login(session, login="admin")
        assert mine
        mine.staff_no = "001"
        passwords.put(session, account=mine, password=PASSWORD)
    assert nobody().client.post("/login", data={"login": "admin", "password": PASSWORD}).status_code == 401
    status, out, _err = init("--login", "second")
    assert status == 0
    assert nobody().get(link(out)).status_code == 200
