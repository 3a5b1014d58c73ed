"""``jingpin serve --demo``: an empty database gets the example centre and an account for each role, once."""

import re
import shlex
import subprocess
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from actions import stages as steps
from actions.steps import Terms
from cli import sample, sample_rounds
from demo import centre
from forms import in_force, policies
from models.accounts import Account
from models.database import reading, transaction
from models.rounds import Round
from queries import panels, stages
from queries.accounts import by_login, roles_of
from rules.access import Role
from tests.web.visiting import Visitor, nobody

ADDRESS = "http://127.0.0.1:8000"


def sign_in(login: str, password: str) -> Visitor:
    someone = nobody()
    assert someone.client.post("/login", data={"login": login, "password": password}).status_code == 303
    return someone


def test_an_empty_database_gets_three_rounds_and_an_account_for_each_role(
    sqlite: Engine, capfd: pytest.CaptureFixture[str]
) -> None:
    sample.fill(ADDRESS)
    said = capfd.readouterr().out
    given = dict(re.findall(r"(hr|reviewer|candidate|observer|admin) +([a-z-]+)\n", said))
    assert set(given) == set(Role)
    for role in Role:
        assert sign_in(role, given[role]).get("/account/second-factor").status_code == 200
        with reading() as session:
            mine = by_login(session, login=role)
            assert mine
            assert roles_of(session, account_id=mine.id) == {role}
    root = sign_in("admin", given["admin"])
    assert re.search(r"密钥 \w{32}\n", said)
    command = re.search(r"得到验证码：(.+)", said)
    assert command
    code = subprocess.run(shlex.split(command[1]), capture_output=True, text=True, check=True).stdout.strip()
    csrf = re.findall(r'name="csrf" content="([^"]+)"', root.get("/account/second-factor").text)[0]
    root.post("/account/second-factor/prove", {"csrf": csrf, "code": code})
    assert root.get("/accounts").status_code == 200
    with reading() as session:
        assert {r.code for r in session.exec(select(Round))} == set(sample_rounds.TITLES)
    sample.fill(ADDRESS)
    again = capfd.readouterr()
    assert "已有内容" in again.err
    assert again.out == ""
    with reading() as session:
        assert len(session.exec(select(Account)).all()) == len(Role)


def test_the_reviewer_and_the_candidate_have_something_to_do(sqlite: Engine, capfd: pytest.CaptureFixture[str]) -> None:
    sample.fill(ADDRESS)
    given = dict(re.findall(r"(reviewer) +([a-z-]+)\n", capfd.readouterr().out))
    with reading() as session:
        live = session.exec(select(Round).where(Round.code == sample_rounds.LIVE)).one()
        seats = panels.seats(session, round_id=live.id)
        numbers = {role: by_login(session, login=role).staff_no for role in (Role.REVIEWER, Role.CANDIDATE)}
        assert numbers[Role.REVIEWER] in {seat.staff_no for seat in seats.values()}
        step = stages.by_key(session, the_round=live, key="materials")
        assert step.opens_at
        assert step.opens_at < datetime.now(UTC) < step.closes_at
        assert numbers[Role.CANDIDATE]
    with transaction() as session:  # as the conductor does
        policy = policies.read(live.policy_text).policy
        terms = Terms(policy=policy, calendar=in_force.working_days(), actor="conductor", now=datetime.now(UTC))
        steps.open_next(session, stage_id=step.id, terms=terms)
    page = sign_in("reviewer", given["reviewer"]).get("/reviews").text
    assert page.index(sample_rounds.LIVE) < page.index(sample_rounds.POSTED)  # what is open comes first


@pytest.mark.parametrize("today", [date(2026, 3, 2), date(2027, 1, 4), date(2031, 6, 30)])
def test_the_live_rounds_policy_holds_on_other_days(today: date) -> None:
    text = sample_rounds.shifted(
        centre.BUNDLE.joinpath("policy.yaml").read_bytes(), by=(today - sample_rounds.OPENED).days
    )
    read = policies.read(text).policy
    assert read.code == sample_rounds.LIVE
    assert read.stages[0].opens_at.date() < today <= read.stages[0].closes_at.date()


def test_the_candidate_of_the_demonstration_finds_a_result_and_a_notice_once_the_conductor_went_on(
    sqlite: Engine, capfd: pytest.CaptureFixture[str]
) -> None:
    sample.fill(ADDRESS)
    given = dict(re.findall(r"(candidate|hr) +([a-z-]+)\n", capfd.readouterr().out))
    with reading() as session:
        posted = session.exec(select(Round).where(Round.code == sample_rounds.POSTED)).one()
        assert stages.current(session, round_id=posted.id).key == "_screening"  # its documents come first
    go_on(posted)
    me = sign_in("candidate", given["candidate"])
    assert "后备" in me.get(f"/my/rounds/{sample_rounds.POSTED}/result").text
    assert sample_rounds.TITLES[sample_rounds.POSTED] in nobody().get("/notices").text


def go_on(the_round: Round) -> None:
    """Do what the flow does, without the papers."""
    now = datetime.now(UTC)
    policy = policies.read(the_round.policy_text).policy
    terms = Terms(policy=policy, calendar=in_force.working_days(), actor="conductor", now=now)
    with transaction() as session:
        while (step := stages.current(session, round_id=the_round.id)) and step.key != "_notice":
            assert step.tallied_at, step.key
            steps.finish(session, stage_id=step.id, terms=terms)
        assert step
        assert steps.open_next(session, stage_id=step.id, terms=terms).state == "open"


def test_the_candidate_of_the_demonstration_may_apply(sqlite: Engine, capfd: pytest.CaptureFixture[str]) -> None:
    sample.fill(ADDRESS)
    given = dict(re.findall(r"(candidate|hr) +([a-z-]+)\n", capfd.readouterr().out))
    me = sign_in("candidate", given["candidate"])
    with reading() as session:
        called = session.exec(select(Round).where(Round.code == sample_rounds.OPEN)).one()
        step = stages.by_key(session, the_round=called, key="_applications")
        assert step.opens_at < datetime.now(UTC) < step.closes_at
    page = me.get(f"/my/rounds/{sample_rounds.OPEN}").text
    assert "符合" in page
