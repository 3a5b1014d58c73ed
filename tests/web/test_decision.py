"""The result of a round: ranking, the calculation of each, confirmed by as many as the policy asks for."""

import json
import re

from sqlalchemy import Engine, update
from sqlmodel import select

from models.database import reading, transaction
from models.results import Result
from models.rounds import Confirmation, Round
from models.stages import Stage
from rules.access import Role
from tests.actions.test_stages import look_again, to_the_decision, to_the_interview
from tests.factories import policy_text
from tests.web.visiting import Visitor, candidate, hr, observer, visitor

PAGE = "/rounds/T-1/decision"


def two_must_confirm() -> None:
    with transaction() as session:
        text = policy_text(**{"version: 1": "version: 1\nconfirmations: 2"})
        session.execute(update(Round).values(policy_text=text))


def fingerprint(page: str) -> str:
    found = re.search(r'name="results" value="([0-9a-f]+)"', page)
    assert found
    return found[1]


def confirm(who: Visitor, results: str = "") -> object:
    results = results or fingerprint(who.get(PAGE).text)
    return who.post(PAGE, {"results": results, "checked": "1"})


def yes() -> list[str]:
    with reading() as session:
        return sorted(session.exec(select(Confirmation.actor)))


def test_the_ranking_shows_seats_the_cut_and_who_left(sqlite: Engine) -> None:
    to_the_decision()
    page = hr().get(PAGE).text
    assert page.index("李雷") < page.index("以上入选 1 人，以下为后备") < page.index("王芳") < page.index("买买提")
    assert "名额 1 个" in page
    assert "不符合资格" in page  # 赵静


def test_before_the_final_score_the_page_says_what_will_appear(sqlite: Engine) -> None:
    to_the_interview()
    assert "这里会按业务线列出名次" in hr().get(PAGE).text


def test_level_people_have_the_same_rank_and_nothing_puts_one_first(sqlite: Engine) -> None:
    round_id = to_the_decision()
    with transaction() as session:
        for no in ("001", "003"):
            theirs = update(Result).where(Result.round_id == round_id, Result.staff_no == no)
            session.execute(theirs.values(rank=2))
    page = hr().get(PAGE).text
    assert len(re.findall(r'>2 <span class="small">并列</span>', page)) == 2
    assert "不分先后" in page


def test_two_people_confirm_and_the_same_person_twice_changes_nothing(sqlite: Engine) -> None:
    to_the_decision()
    two_must_confirm()
    me, other = hr(), hr("hr2")
    assert "还需 2 人" in me.get(PAGE).text
    confirm(me)
    confirm(me)
    assert yes() == ["hr"]
    assert "您已经确认过" in me.get(PAGE).text
    confirm(other)
    assert yes() == ["hr", "hr2"]
    with reading() as session:
        assert session.exec(select(Stage).where(Stage.key == "_decision")).one().state == "closed"


def test_a_yes_to_results_that_have_changed_meanwhile_is_refused(sqlite: Engine) -> None:
    round_id = to_the_decision()
    me = hr()
    seen = fingerprint(me.get(PAGE).text)
    with transaction() as session:
        session.execute(update(Result).where(Result.round_id == round_id, Result.staff_no == "001").values(rank=3))
    answer = confirm(me, seen)
    assert answer.status_code == 409
    assert "有了变化" in answer.text
    assert yes() == []


def a_line_fills_no_seat() -> None:
    """Have the seat of the other line go to the best of those who have none."""
    round_id = to_the_decision()
    with transaction() as session:
        final = session.exec(select(Stage).where(Stage.key == "_final")).one()
        working = json.loads(final.working)
        working["lines"]["vip"] = {"seats": 1, "selected": [], "tied": [], "held": 0, "unused": 1}
        working["unused"] = {"seats": 1, "rule": "best_score", "selected": ["001"], "tied": [], "held": 0}
        final.working = json.dumps(working)
        text = policy_text(**{"method: sainte_lague": "method: sainte_lague, unused: best_score"})
        session.execute(update(Round).values(policy_text=text))
        theirs = update(Result).where(Result.round_id == round_id, Result.staff_no == "001")
        session.execute(theirs.values(outcome="selected"))


def test_who_is_selected_for_a_seat_of_another_line_is_told_apart_with_the_arithmetic(sqlite: Engine) -> None:
    a_line_fills_no_seat()
    page = hr().get(PAGE).text
    assert "入选的 2 人中，1 人使用其他业务线空余的名额。" in page
    assert page.count("入选（调剂名额）") == 1
    spare = page[page.index('id="spare"') :]
    assert "VIP专属服务：名额 " in spare
    assert "本线取得 0 个，空余 1 个" in spare
    assert "按综合成绩从高到低依次调剂使用" in spare
    assert spare.index("王芳") < spare.index("取得名额") < spare.index("买买提") < spare.index("没有取得")
    assert "李雷" not in spare  # has a seat of the own line
    assert "使用其他业务线空余的名额" in hr().get(f"{PAGE}/001?part=true").text
    assert "使用其他业务线空余的名额" not in hr().get(f"{PAGE}/002").text


def test_who_confirmed_is_named_with_the_login_where_two_have_the_same_name(sqlite: Engine) -> None:
    to_the_decision()
    two_must_confirm()
    confirm(visitor("hr9", Role.HR, name="周敏"))
    page = hr().get(PAGE).text
    assert "已确认：周敏 <" in page
    visitor("x1", Role.CANDIDATE, name="周敏")
    assert "已确认：周敏（hr9） <" in hr().get(PAGE).text


def test_nobody_confirms_without_having_checked_nor_while_somebody_is_on_hold(sqlite: Engine) -> None:
    to_the_decision()
    me = hr()
    answer = me.post(PAGE, {"results": fingerprint(me.get(PAGE).text)})
    assert answer.status_code == 409
    me.post("/rounds/T-1/do/hold", {"staff_no": "002", "reason": "核实", "step": "confirm"})
    page = me.get(PAGE).text
    assert "暂缓处理中" in page
    answer = me.post(PAGE, {"results": fingerprint(page), "checked": "1"})
    assert answer.status_code == 409
    assert "002" in answer.text
    assert yes() == []


def test_the_calculation_is_written_out_as_a_page_and_as_a_part(sqlite: Engine) -> None:
    to_the_decision()
    me = hr()
    page = me.get(f"{PAGE}/002").text
    part = me.get(f"{PAGE}/002?part=true").text
    for text in (page, part):
        assert "权重 × 得分" in text
        assert "90.00" in text
    assert "<html" not in part
    assert me.get(f"{PAGE}/999").status_code == 404


def test_an_observer_reads_and_candidates_and_others_do_not(sqlite: Engine) -> None:
    to_the_decision()
    page = observer().get(PAGE)
    assert page.status_code == 200
    assert "确认审定</button>" not in page.text
    assert observer().post(PAGE).status_code == 403
    assert candidate("002").get(PAGE).status_code == 403
    assert candidate("002").get(f"{PAGE}/001").status_code == 403
    assert visitor("both", Role.HR, Role.CANDIDATE, staff_no="001").get(PAGE).status_code == 200


def test_the_way_to_the_notice_is_shown_only_where_there_is_one(sqlite: Engine) -> None:
    round_id = to_the_decision()
    confirm(hr())
    look_again(round_id)
    assert "/notices/T-1" in hr().get(PAGE).text
    with transaction() as session:
        session.execute(update(Round).values(mode="replay"))
    page = hr().get(PAGE).text
    assert "公示期" in page
    assert "/notices/T-1" not in page
