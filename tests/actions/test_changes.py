"""What HR may do to a running round: with a reason, a preview, and a second person where the policy says so."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from actions import changes, rounds, stages
from models.changes import Proposal
from models.database import reading, transaction
from models.history import Entry
from models.rounds import Round
from models.stages import Stage
from queries import audit, effects
from queries import stages as standing
from rules import rounds as law
from rules.changes import Change
from rules.policies import Deed
from rules.records import Mark
from rules.texts import RuleError
from tests.actions.test_stages import (
    CLOSING,
    close,
    confirm,
    launch,
    look_again,
    outcomes,
    take_in,
    to_the_decision,
    to_the_interview,
)
from tests.factories import NOW, handed_in, terms, weekdays


def ask(round_id: UUID, change: Change, *, by: str = "hr", second: tuple[Deed, ...] = ()) -> int | None:
    """Ask for a change; return the number of the proposal, if it became one."""
    under = terms(actor=by)
    under = replace(under, policy=replace(under.policy, second_person=second))
    with transaction() as session:
        asked = changes.ask(session, the_round=session.get_one(Round, round_id), change=change, terms=under)
        return asked.number if asked else None


def agree(round_id: UUID, number: int, *, by: str) -> None:
    with transaction() as session:
        changes.agree(session, the_round=session.get_one(Round, round_id), number=number, terms=terms(actor=by))


def step(round_id: UUID, key: str) -> Stage:
    with reading() as session:
        return standing.by_key(session, the_round=session.get_one(Round, round_id), key=key)


def deeds(round_id: UUID) -> list[str]:
    with reading() as session:
        return [e.deed for e in session.exec(select(Entry).where(Entry.chain == str(round_id)).order_by(Entry.number))]  # type: ignore[arg-type]


def test_a_change_without_a_reason_is_refused(database: Engine) -> None:
    round_id = to_the_interview()
    with pytest.raises(RuleError, match="理由"):
        ask(round_id, Change(Deed.CLOSE, "  ", stage="interview"))
    assert step(round_id, "interview").state == "open"


def test_a_deed_that_needs_a_second_person_waits_for_one(database: Engine) -> None:
    round_id = to_the_decision()
    number = ask(round_id, Change(Deed.REOPEN, "异议成立", stage="interview"), by="li", second=(Deed.REOPEN,))
    assert number == 1
    assert step(round_id, "interview").state == "done"
    with pytest.raises(RuleError, match="不能自己同意"):
        agree(round_id, 1, by="li")
    agree(round_id, 1, by="wang")
    assert step(round_id, "interview").state == "open"
    with pytest.raises(RuleError, match="已经处理过"):
        agree(round_id, 1, by="wang")
    assert [d for d in deeds(round_id) if d.startswith(("change", "stage.reopened"))] == [
        "change.proposed",
        "change.carried_out",
        "stage.reopened",
    ]


def test_what_cannot_be_done_cannot_be_proposed(database: Engine) -> None:
    round_id = to_the_interview()
    with pytest.raises(RuleError, match="没有截止"):
        ask(round_id, Change(Deed.REOPEN, "误关", stage="interview"), second=(Deed.REOPEN,))
    with reading() as session:
        assert session.exec(select(Proposal)).all() == []


def test_a_proposal_leaves_the_round_as_it_was(database: Engine) -> None:
    round_id = to_the_decision()
    before = outcomes(round_id)
    ask(round_id, Change(Deed.WITHDRAW, "本人申请", staff_no="002"), second=(Deed.WITHDRAW,))
    assert outcomes(round_id) == before
    assert step(round_id, "interview").state == "done"
    with reading() as session:
        assert audit.chain_findings(session, chain=round_id) == []


def test_a_rejected_proposal_is_never_carried_out(database: Engine) -> None:
    round_id = to_the_decision()
    ask(round_id, Change(Deed.CANCEL, "编制取消"), by="li", second=(Deed.CANCEL,))
    with transaction() as session:
        changes.reject(session, the_round=session.get_one(Round, round_id), number=1, terms=terms(actor="wang"))
    with pytest.raises(RuleError, match="已经处理过"):
        agree(round_id, 1, by="wang")
    with reading() as session:
        assert session.get_one(Round, round_id).state == "running"


def test_an_extension_survives_being_proposed_with_its_time(database: Engine) -> None:
    round_id = launch()
    look_again(round_id)
    later = CLOSING + timedelta(days=1)
    ask(round_id, Change(Deed.EXTEND, "台风", stage="applications", until=later), by="li", second=(Deed.EXTEND,))
    agree(round_id, 1, by="wang")
    assert step(round_id, "applications").closes_at == later
    assert step(round_id, "applications").due_at == later


def test_who_withdraws_is_out_and_the_rest_is_counted_again(database: Engine) -> None:
    round_id = to_the_decision()
    assert outcomes(round_id)["002"] == ("selected", "90.00", 1)
    ask(round_id, Change(Deed.WITHDRAW, "本人申请", staff_no="002"))
    assert look_again(round_id) == "_decision"
    assert outcomes(round_id) == {
        "001": ("selected", "80.00", 1),
        "002": ("withdrawn", None, None),
        "003": ("reserve", "70.00", 2),
        "004": ("ineligible", None, None),
    }
    with pytest.raises(RuleError, match=r"没有参加评审（[撤提逾不]"):
        ask(round_id, Change(Deed.WITHDRAW, "又一次", staff_no="002"))


def test_a_withdrawal_leaves_the_stage_at_hand_open(database: Engine) -> None:
    round_id = to_the_interview()
    take_in(round_id, "marks", handed_in(s001="8").marks)
    ask(round_id, Change(Deed.WITHDRAW, "本人申请", staff_no="002"))
    assert look_again(round_id) == "interview"
    assert step(round_id, "interview").state == "open"
    take_in(round_id, "marks", handed_in(s003="9").marks)
    close(round_id, "interview")
    look_again(round_id)
    assert outcomes(round_id)["003"] == ("selected", "90.00", 1)


def test_a_withdrawal_during_the_notice_takes_the_decision_back(database: Engine) -> None:
    round_id = to_the_decision()
    confirm(round_id)
    assert look_again(round_id) == "_notice"
    ask(round_id, Change(Deed.WITHDRAW, "放弃任职", staff_no="002"))
    assert look_again(round_id) == "_decision"
    assert confirm(round_id) == 0
    assert look_again(round_id) == "_notice"
    assert outcomes(round_id)["001"] == ("selected", "80.00", 1)
    assert step(round_id, "notice").generation == 2


def test_the_preview_of_a_withdrawal_says_who_moves(database: Engine) -> None:
    round_id = to_the_decision()
    with reading() as session:
        moves = effects.moves(
            session,
            the_round=session.get_one(Round, round_id),
            policy=terms().policy,
            staff_no="002",
            now=NOW,
        )
    assert moves == {"001": ("reserve", "selected")}
    ask(round_id, Change(Deed.WITHDRAW, "本人申请", staff_no="002"))
    look_again(round_id)
    assert outcomes(round_id)["001"][0] == "selected"


def test_the_live_round_and_a_recount_of_its_bundle_agree_after_a_withdrawal(database: Engine) -> None:
    from queries import decided, recount

    round_id = to_the_decision()
    ask(round_id, Change(Deed.WITHDRAW, "本人申请", staff_no="002"))
    look_again(round_id)
    with reading() as session:
        the_round = session.get_one(Round, round_id)
        counted = law.decide(terms().policy, *decided.inputs(session, the_round=the_round))
        assert recount.findings(session, the_round=the_round, decision=counted) == []
        assert audit.book_findings(session, chain=round_id, round_id=round_id) == []


def test_nothing_is_decided_while_somebody_is_on_hold(database: Engine) -> None:
    round_id = to_the_decision()
    ask(round_id, Change(Deed.HOLD, "核实一起投诉", staff_no="002"))
    with pytest.raises(RuleError, match="002"):
        confirm(round_id)
    ask(round_id, Change(Deed.HOLD, "又点一次", staff_no="002"))
    ask(round_id, Change(Deed.RELEASE, "投诉不成立", staff_no="002"))
    assert confirm(round_id) == 0
    assert deeds(round_id).count("candidate.held") == 1


def test_a_notice_does_not_end_while_somebody_is_on_hold(database: Engine) -> None:
    round_id = to_the_decision()
    confirm(round_id)
    look_again(round_id)
    ask(round_id, Change(Deed.HOLD, "收到异议", staff_no="002"))
    after = NOW + timedelta(days=30)
    with transaction() as session:
        assert stages.close_due(session, now=after) == []
    ask(round_id, Change(Deed.RELEASE, "异议不成立", staff_no="002"))
    with transaction() as session:
        assert [s.key for s in stages.close_due(session, now=after)] == ["_notice"]


def test_somebody_who_does_not_take_part_can_neither_be_held_nor_withdraw(database: Engine) -> None:
    round_id = to_the_decision()
    for deed in (Deed.HOLD, Deed.WITHDRAW):
        with pytest.raises(RuleError, match=r"没有参加评审（[撤提逾不]"):
            ask(round_id, Change(deed, "查", staff_no="004"))
        with pytest.raises(RuleError, match="没有报名"):
            ask(round_id, Change(deed, "查", staff_no="777"))


def test_a_restored_round_goes_on_with_its_deadlines_moved(database: Engine) -> None:
    round_id = launch()
    look_again(round_id)
    with transaction() as session:
        rounds.cancel(session, the_round=session.get_one(Round, round_id), reason="误", actor="hr", now=NOW)
    later = NOW + timedelta(days=10)
    with transaction() as session:
        the_round = session.get_one(Round, round_id)
        assert rounds.restore(session, the_round=the_round, reason="继续", actor="hr", now=later)
        assert not rounds.restore(session, the_round=the_round, reason="继续", actor="hr", now=later)
    assert step(round_id, "applications").due_at == CLOSING + timedelta(days=10)
    with transaction() as session:
        assert stages.close_due(session, now=later) == []
    with reading() as session:
        assert session.get_one(Round, round_id).state == "running"
    take_in(round_id, "applications", handed_in().applications)


def test_a_late_sheet_counts_within_the_grace(database: Engine) -> None:
    round_id = to_the_interview()
    with transaction() as session:
        interview = standing.by_key(session, the_round=session.get_one(Round, round_id), key="interview")
        interview.grace_hours = 24
        stages.set_deadline(interview, NOW - timedelta(hours=1))
    with transaction() as session:
        assert stages.close_due(session, now=NOW) == []
    take_in(round_id, "marks", [Mark("interview", "001", "R1", "speech", Decimal(8), "scored")])
    with transaction() as session:
        (closed,) = stages.close_due(session, now=NOW + timedelta(days=3))
    assert closed.closed_at == NOW + timedelta(hours=23)


def test_the_preview_of_an_extension_names_what_is_pushed_and_the_notice(database: Engine) -> None:
    round_id = launch()
    look_again(round_id)
    with reading() as session:
        the_round = session.get_one(Round, round_id)
        stage = standing.by_key(session, the_round=the_round, key="applications")
        said = list(
            effects.extension(
                session,
                the_round=the_round,
                stage=stage,
                until=CLOSING + timedelta(days=3),
                policy=terms().policy,
                calendar=weekdays(),
            )
        )
    assert [t.values for t in said] == [{"old": "2026年10月26日", "new": "2026年10月27日"}]
