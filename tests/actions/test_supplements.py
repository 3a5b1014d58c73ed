"""Supplements in force: the engine runs under the changed policy, steps move, and the proof still holds."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select, update

from actions import changes, documents, history, rounds, stages, supplements
from actions.steps import Terms
from forms import in_force
from kit.canonical import digest
from models.changes import Proposal
from models.database import reading, transaction
from models.drafts import Supplement
from models.rounds import Round
from models.stages import Stage
from queries import retold
from rules import course
from rules.changes import Change
from rules.deadlines import due_at
from rules.policies import Deed
from rules.texts import RuleError
from tests.factories import POLICY, launched, weekdays

EARLY = datetime(2026, 10, 10, 1, 0, tzinfo=UTC)


def publish(text: str, *, title: str = "更正电话", reason: str = "换号", now: datetime = EARLY) -> Supplement:
    with transaction() as session:
        the_round = session.exec(select(Round)).one()
        terms = Terms(policy=in_force.policy(the_round.policy_text), calendar=weekdays(), actor="hr", now=now)
        after = in_force.policy(text.encode())
        said = {"title": title, "reason": reason, "terms": terms}
        return supplements.publish(session, the_round=the_round, after=after, policy_text=text.encode(), **said)


def findings() -> list[str]:
    with reading() as session:
        the_round = session.exec(select(Round)).one()
        policy = in_force.policy(the_round.policy_text)
        return [str(found) for found in retold.findings(session, the_round=the_round, policy=policy)]


def step(key: str) -> Stage:
    with reading() as session:
        return session.exec(select(Stage).where(Stage.key == key)).one()


@pytest.fixture
def running(database: Engine) -> None:
    with transaction() as session:
        launched(session, now=EARLY - timedelta(days=1))


def test_the_round_runs_under_the_changed_policy_and_the_proof_holds(running: None) -> None:
    first = publish(POLICY + "organisation: {phone: 内线8022}\n")
    second = publish(POLICY + "organisation: {phone: 内线8022}\nnotice: {working_days: 7}\n", title="延长公示")
    assert (first.number, second.number) == (1, 2)
    assert second.policy_before == first.policy_after
    with reading() as session:
        policy = in_force.policy(session.exec(select(Round)).one().policy_text)
    assert (policy.organisation.phone, policy.notice.working_days) == ("内线8022", 7)
    assert findings() == []


def test_planned_dates_move_in_the_steps_too_also_after_the_round_lay_still(running: None) -> None:
    with transaction() as session:
        the_round = session.exec(select(Round)).one()
        rounds.cancel(session, the_round=the_round, reason="停", actor="hr", now=EARLY)
        rounds.restore(session, the_round=the_round, reason="再来", actor="hr", now=EARLY + timedelta(days=1))
    text = POLICY.replace("10-12T09", "10-20T09").replace("10-16T18", "10-26T18")
    publish(text, now=EARLY + timedelta(days=1))
    moved = step(course.APPLICATIONS)
    assert moved.opens_at == datetime(2026, 10, 20, 1, 0, tzinfo=UTC)
    assert moved.closes_at == datetime(2026, 10, 26, 10, 0, tzinfo=UTC)
    assert moved.due_at == due_at(moved.closes_at, 0)
    assert findings() == []
    with transaction() as session:
        the_round, stage = session.exec(select(Round)).one(), session.get_one(Stage, moved.id)
        until = moved.closes_at + timedelta(days=1)
        said = {"until": until, "reason": "再延", "actor": "hr", "now": EARLY + timedelta(days=1)}
        stages.extend(session, stage=stage, the_round=the_round, **said)
    assert findings() == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (POLICY.replace("pass_mark: 60", "pass_mark: 10"), "报名所依据的规则"),
        (POLICY, "没有改动"),
        (POLICY + "notice: {working_days: 3}\n", "只能延长"),
    ],
)
def test_what_is_refused_leaves_everything_as_it_was(running: None, text: str, said: str) -> None:
    with pytest.raises(RuleError) as refused:
        publish(text)
    assert said in str(refused.value.text.values["all"][0])
    assert findings() == []
    with reading() as session:
        assert session.exec(select(Supplement)).first() is None


def test_a_supplement_needs_a_title_and_a_reason(running: None) -> None:
    text = POLICY + "organisation: {phone: 内线8022}\n"
    for said in ({"title": " "}, {"reason": ""}):
        with pytest.raises(RuleError):
            publish(text, **said)


def test_a_round_that_is_over_has_no_supplement(running: None) -> None:
    with transaction() as session:
        rounds.cancel(session, the_round=session.exec(select(Round)).one(), reason="停", actor="hr", now=EARLY)
    with pytest.raises(RuleError):
        publish(POLICY + "organisation: {phone: 内线8022}\n")


def test_a_policy_or_a_supplement_that_was_changed_behind_the_back_is_found(running: None) -> None:
    publish(POLICY + "organisation: {phone: 内线8022}\n")
    with transaction() as session:
        the_round = session.exec(select(Round)).one()
        text = the_round.policy_text + b"confirmations: 2\n"
        session.execute(update(Round).values(policy_text=text))
    assert any("竞聘方案被改动过" in found for found in findings())
    with transaction() as session:
        session.execute(update(Supplement).values(reason="别的理由"))
    assert any("补充公告" in found for found in findings())


def test_dates_that_were_moved_without_a_supplement_are_found(running: None) -> None:
    publish(POLICY.replace("10-16T18", "10-18T18"))
    assert findings() == []
    with transaction() as session:
        stage = session.exec(select(Stage).where(Stage.key == course.APPLICATIONS)).one()
        stage.opens_at = replace_day(stage.opens_at)
    assert findings()


def replace_day(at: datetime | None) -> datetime:
    assert at
    return at - timedelta(days=1)


def test_a_supplement_that_does_not_start_from_the_policy_in_force_is_found(running: None) -> None:
    made = publish(POLICY + "organisation: {phone: 内线8022}\n")
    with transaction() as session:
        said = {"number": 2, "title": "偷改", "reason": "x", "before": made.policy_before, "windows": {}}
        history.record(
            session,
            chain=made.round_id,
            actor="hr",
            deed="policy.supplemented",
            now=EARLY,
            subject="2",
            detail=said,
            evidence=made.policy_after,
        )
    assert any("第 2 号补充公告所依据的方案" in found for found in findings())


TWO = POLICY + "second_person: [supplement]\n"


def propose(text: str) -> int:
    """Ask for a supplement under the policy in force; return the number of the proposal that it became."""
    with transaction() as session:
        the_round = session.exec(select(Round)).one()
        after, sha256 = in_force.policy(text.encode()), documents.keep(session, text.encode())
        change = Change(
            Deed.SUPPLEMENT,
            "换号",
            title="更正电话",
            policy_before=the_round.policy_sha256,
            policy_after=sha256,
            after=after,
        )
        proposal = changes.ask(session, the_round=the_round, change=change, terms=under(the_round, "li"))
        assert proposal
        return proposal.number


def agree(text: str, *, by: str, number: int = 1) -> None:
    with transaction() as session:
        the_round = session.exec(select(Round)).one()
        after = in_force.policy(text.encode())
        changes.agree(session, the_round=the_round, number=number, terms=under(the_round, by), after=after)


def under(the_round: Round, by: str) -> Terms:
    return Terms(policy=in_force.policy(the_round.policy_text), calendar=weekdays(), actor=by, now=EARLY)


def in_force_now() -> str:
    with reading() as session:
        return session.exec(select(Round)).one().policy_sha256


def test_a_policy_may_ask_for_a_second_person_who_publishes_what_was_proposed(running: None) -> None:
    publish(TWO, title="加强复核")
    text = TWO + "organisation: {phone: 内线8022}\n"
    assert [propose(text), propose(text)] == [1, 1]
    assert in_force_now() == digest(TWO.encode())
    with pytest.raises(RuleError, match="不能自己同意"):
        agree(text, by="li")
    agree(text, by="wang")
    assert in_force_now() == digest(text.encode())
    assert findings() == []
    with reading() as session:
        made = session.exec(select(Supplement).where(Supplement.number == 2)).one()
        assert (made.title, made.reason, made.made_by) == ("更正电话", "换号", "wang")
        assert session.exec(select(Proposal)).one().state == "carried_out"


def test_a_proposed_supplement_that_another_one_overtook_is_not_published(running: None) -> None:
    publish(TWO, title="加强复核")
    first, second = TWO + "organisation: {phone: 内线1}\n", TWO + "organisation: {phone: 内线2}\n"
    propose(first)
    propose(second)
    agree(second, by="wang", number=2)
    with pytest.raises(RuleError, match="又发布了另一份"):
        agree(first, by="wang", number=1)
    assert in_force_now() == digest(second.encode())
    with transaction() as session:
        the_round = session.exec(select(Round)).one()
        changes.reject(session, the_round=the_round, number=1, terms=under(the_round, "wang"))
    assert findings() == []


def test_what_a_supplement_may_not_change_is_not_even_proposed(running: None) -> None:
    publish(TWO, title="加强复核")
    with pytest.raises(RuleError) as refused:
        propose(TWO.replace("pass_mark: 60", "pass_mark: 10"))
    assert "报名所依据的规则" in str(refused.value.text.values["all"][0])
    with reading() as session:
        assert session.exec(select(Proposal)).first() is None
