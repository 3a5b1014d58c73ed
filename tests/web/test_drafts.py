"""The round wizard: what is typed is kept, what is wrong stands at its field, and publishing freezes it all."""

import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from httpx2 import Response
from sqlalchemy import Engine
from sqlmodel import select

from actions import people
from forms import policies
from forms.draft_tree import general, places
from forms.policy_parts import POLICY as FORM
from models.database import reading, transaction
from models.drafts import Draft
from models.history import Entry, Signal
from models.rounds import Round
from rules.records import Person, Personnel, Rating
from tests.factories import NOW, POLICY, centre, launched
from tests.web.visiting import Visitor, candidate, hr, observer


@pytest.fixture
def here(sqlite: Engine) -> None:
    with transaction() as session:
        people.take_in(session, personnel=centre(), actor="test", now=NOW)


def begin(visitor: Visitor, how: str = "template", **files: object) -> str:
    answer = visitor.post("/drafts", {"from": how}, **files)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removesuffix("/post")


def upload(visitor: Visitor, text: str | None = None) -> str:
    """Begin with a sound policy whose applications are still to come."""
    ahead = datetime.now(UTC) + timedelta(days=9)
    text = text or POLICY.replace("2026-10-12", f"{ahead:%Y-%m-%d}").replace(
        "2026-10-16", f"{ahead + timedelta(days=4):%Y-%m-%d}"
    )
    return begin(visitor, "file", files={"file": ("policy.yaml", text.encode())})


def fields(page: str) -> dict[str, str]:
    """Return what a step's form would send as it stands."""
    form = page.split('class="draft"', 1)[1].split("</form>", 1)[0]
    found = dict(re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', form))
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        found[name] = next(iter(re.findall(r'value="([^"]*)" selected', options)), "")
    found.pop("csrf", None)
    return {name: value.replace("&#34;", '"') for name, value in found.items()}


def save(visitor: Visitor, address: str, do: str = "save", **changes: str) -> Response:
    typed = fields(visitor.get(address).text)
    return visitor.post(address, {**typed, **changes, "do": do})


def content(at: str) -> dict:
    with reading() as session:
        draft = session.exec(select(Draft)).all()[-1]
        return json.loads(draft.content)


def test_only_hr_prepares_rounds(here: None) -> None:
    draft = begin(hr())
    for someone in (observer(), candidate("001")):
        assert someone.get("/drafts").status_code == 403
        assert someone.get(f"{draft}/post").status_code == 403
        assert someone.post(f"{draft}/publish", {"read": "yes"}).status_code == 403


def test_the_template_lacks_only_a_code_and_its_dates_are_to_come(here: None) -> None:
    someone = hr()
    draft = begin(someone)
    for step in ("post", "conditions", "stages", "rules", "notice", "publish"):
        assert someone.get(f"{draft}/{step}").status_code == 200, step
    page = someone.get(f"{draft}/publish").text
    assert page.count("请填写轮次编号") == 1
    assert "请填写" not in page.replace("请填写轮次编号", "")
    assert datetime.fromisoformat(content(draft)["applications"]["opens_at"]) > datetime.now(UTC)


def test_an_empty_draft_shows_every_step_and_what_is_still_to_be_filled_in(sqlite: Engine) -> None:
    someone = hr()
    draft = begin(someone, "empty")
    for step in ("post", "conditions", "stages", "rules", "notice", "publish"):
        page = someone.get(f"{draft}/{step}")
        assert page.status_code == 200, step
    assert 'aria-invalid="true"' not in someone.get(f"{draft}/post").text
    assert "请填写轮次名称" in someone.get(f"{draft}/publish").text


def test_what_is_typed_is_kept_even_when_it_is_wrong_and_the_fault_stands_at_its_field(here: None) -> None:
    someone = hr()
    draft = begin(someone)
    answer = save(someone, f"{draft}/post", **{"quota.seats": "很多", "title": "限男性主管竞聘"})
    assert answer.status_code == 303
    page = someone.get(f"{draft}/post").text
    assert 'value="很多"' in page
    field = page.split('name="quota.seats"', 1)[1][:400]
    assert "应为 0 到 100000 的整数" in field
    field = page.split('name="title"', 1)[1][:600]
    assert "法律不允许" in field
    with reading() as session:
        assert session.exec(select(Round)).first() is None


def test_a_doubt_is_shown_beside_the_faults_and_not_only_when_they_are_gone(here: None) -> None:
    someone = hr()
    draft = begin(someone)
    save(someone, f"{draft}/post", **{"quota.seats": "很多", "title": "主管竞聘（35岁以下）"})
    page = someone.get(f"{draft}/post").text
    assert "应为 0 到 100000 的整数" in page.split('name="quota.seats"', 1)[1][:400]
    assert "field__doubt" in page.split('name="title"', 1)[1][:600]
    publishing = someone.get(f"{draft}/publish").text
    assert "还有这些没有填好" in publishing
    assert "“35岁以下”：年龄不说明能否胜任" in publishing


def test_a_stale_tab_is_told_both_values_and_may_choose(here: None) -> None:
    mine, theirs = hr(), hr("hr2")
    draft = begin(mine)
    stale = fields(mine.get(f"{draft}/post").text)
    save(theirs, f"{draft}/post", code="THEIRS-1")
    answer = mine.post(f"{draft}/post", {**stale, "code": "MINE-1", "do": "save"})
    assert answer.status_code == 409
    assert "THEIRS-1" in answer.text
    assert "MINE-1" in answer.text
    assert content(draft)["code"] == "THEIRS-1"
    version = re.search(r'name="version" value="(\d+)"', answer.text)
    assert version
    again = mine.post(f"{draft}/post", {**stale, "code": "MINE-1", "do": "save", "version": version[1]})
    assert again.status_code == 303
    assert content(draft)["code"] == "MINE-1"


def test_the_same_save_twice_changes_nothing(here: None) -> None:
    someone = hr()
    draft = begin(someone)
    save(someone, f"{draft}/post", code="X-1")
    typed = fields(someone.get(f"{draft}/post").text)
    assert [someone.post(f"{draft}/post", {**typed, "do": "save"}).status_code for _ in range(2)] == [303, 303]


def test_stages_are_added_moved_and_removed_by_plain_buttons(here: None) -> None:
    someone = hr()
    draft = begin(someone)
    at = f"{draft}/stages"
    before = [stage["key"] for stage in content(draft)["stages"]]
    save(someone, at, do="add:stages")
    assert len(content(draft)["stages"]) == len(before) + 1
    save(someone, at, do=f"remove:stages[{len(before) + 1}]")
    save(someone, at, do="down:stages[1]")
    assert [stage["key"] for stage in content(draft)["stages"]] == [before[1], before[0], *before[2:]]
    for nonsense in ("remove:stages[99]", "remove:title", "up:code[1]", "add:___", "down:"):
        assert save(someone, at, do=nonsense).status_code == 303
    assert len(content(draft)["stages"]) == len(before)


def test_what_one_types_while_moving_a_row_is_not_lost(here: None) -> None:
    someone = hr()
    draft = begin(someone)
    save(someone, f"{draft}/stages", do="down:stages[1]", **{"stages[1].name": "材料初审"})
    assert content(draft)["stages"][1]["name"] == "材料初审"


def test_another_kind_of_stage_forgets_what_only_the_first_kind_says(here: None) -> None:
    someone = hr()
    draft = begin(someone)
    save(someone, f"{draft}/stages", **{"stages[1].kind": "training"})
    assert "criteria" not in content(draft)["stages"][0]
    assert "请填写培训次数" in someone.get(f"{draft}/publish").text


def test_weights_show_their_sum_and_must_be_a_hundred(here: None) -> None:
    someone = hr()
    draft = begin(someone)
    assert "合计 100 / 100" in someone.get(f"{draft}/rules").text
    save(someone, f"{draft}/rules", **{"final.weights[2].value": "99"})
    page = someone.get(f"{draft}/rules").text
    assert "应恰好为 100" in page.split('id="f-final.weights"', 1)[1]


def test_who_would_qualify_is_told_while_conditions_are_typed(here: None) -> None:
    someone = hr()
    draft = upload(someone)
    page = someone.get(f"{draft}/conditions").text
    assert "现有 3 人符合条件，1 人只差一项" in page
    assert "职级Ⅰ，未达到Ⅱ" in page
    typed = fields(page) | {"eligibility.tenure.months": "60"}
    part = someone.post(f"{draft}/answer/conditions", typed, headers={"x-csrf": someone.csrf})
    assert "现有 2 人符合条件，1 人只差一项" in part.text
    assert "2027年1月1日 起符合" in part.text
    assert "tenure" not in content(draft)["eligibility"], "asking saves nothing"
    answer = someone.post(f"{draft}/answer/conditions", {**typed, "as_of": "昨天"}, headers={"x-csrf": someone.csrf})
    assert "资格审查基准日" in answer.text
    assert someone.post(f"{draft}/answer/publish", typed).status_code == 404


def test_seats_and_dates_follow_what_is_typed_too(here: None) -> None:
    someone = hr()
    draft = upload(someone)
    typed = fields(someone.get(f"{draft}/post").text) | {"quota.seats": "4"}
    seats = someone.post(f"{draft}/answer/post", typed).text
    assert re.search(r"电话客服</th><td class=\"num\">3</td><td class=\"num\">3<", seats)
    typed = fields(someone.get(f"{draft}/stages").text) | {"applications.closes_at": "2026-09-26T18:00"}
    assert "9月26日（周六）不是工作日" in someone.post(f"{draft}/answer/stages", typed).text
    assert content(draft)["quota"]["seats"] == "1", "asking saves nothing"


def test_the_answer_follows_the_directory(here: None) -> None:
    someone = hr()
    draft = upload(someone)
    assert "现有 3 人符合条件" in someone.get(f"{draft}/conditions").text
    with transaction() as session:
        more = Personnel(people=[Person("009", "钱多", "vip", grade="Ⅱ")], ratings=[Rating("009", "2026H1", "B")])
        people.take_in(session, personnel=more, actor="test", now=NOW)
    assert "现有 4 人符合条件" in someone.get(f"{draft}/conditions").text


def test_seats_of_each_line_come_with_their_arithmetic(here: None) -> None:
    page = hr().get(f"{upload(hr())}/post").text
    rows = page.split("按今天的人数", 1)[1]
    assert re.search(r"电话客服</th><td class=\"num\">3</td><td class=\"num\">1<", rows)
    assert "怎样算出来的" in rows
    assert "÷" in rows


def test_people_of_a_line_that_is_not_listed_are_named_before_publishing(here: None) -> None:
    someone = hr()
    draft = upload(someone)
    page = someone.get(f"{draft}/post").text
    assert "没有列出的业务线" not in page
    save(someone, f"{draft}/post", do="remove:lines[2]")
    assert "vip 1 人" in someone.get(f"{draft}/post").text


def test_dates_are_laid_over_holidays(here: None) -> None:
    someone = hr()
    draft = begin(someone)
    last = len(content(draft)["stages"])
    dates = {f"stages[{last}].opens_at": "2026-09-28T09:00", f"stages[{last}].closes_at": "2026-09-30T18:00"}
    dates |= {f"stages[{n}].{key}": "" for n in range(1, last) for key in ("opens_at", "closes_at")}
    dates |= {"applications.opens_at": "2026-09-20T09:00", "applications.closes_at": "2026-09-26T18:00"}
    save(someone, f"{draft}/stages", **dates)
    page = someone.get(f"{draft}/stages").text
    assert "放假，公示将顺延：预计 10月8日（周四）发布" in page
    assert "10月1日" in page
    assert "9月26日（周六）不是工作日" in page
    assert content(draft)["stages"][last - 1]["closes_at"] == "2026-09-30T18:00:00+08:00"


def test_a_year_without_a_calendar_is_said_and_not_guessed(here: None) -> None:
    someone = hr()
    draft = begin(someone)
    save(someone, f"{draft}/stages", **{"applications.closes_at": "2031-09-26T18:00"})
    assert "2031 年的节假日安排没有官方数据" in someone.get(f"{draft}/stages").text


def test_the_draft_goes_out_as_a_policy_and_comes_in_again_the_same(here: None) -> None:
    someone = hr()
    draft = upload(someone)
    text = someone.get(f"{draft}/policy.yaml").content
    again = upload(someone, text.decode())
    assert someone.get(f"{again}/policy.yaml").content == text
    assert policies.read(text).policy.final.weights == {"interview": Decimal(100)}


@pytest.mark.parametrize("text", ["", "- 1\n- 2\n", "a: [", "\x00", "title: &x 1\nb: *x\n"])
def test_a_file_that_is_no_policy_is_refused_with_its_fault(here: None, text: str) -> None:
    answer = hr().post("/drafts", {"from": "file"}, files={"file": ("policy.yaml", text.encode())})
    assert answer.status_code == 422
    assert "文件没有收下" in answer.text


def test_a_file_with_surprising_parts_shows_its_faults_and_breaks_no_page(here: None) -> None:
    someone = hr()
    draft = upload(
        someone, "title: [1, 2]\nlines: 5\nstages: {a: b}\nfinal: []\nquota: 3\norganisation: x\n不认识: 1\n"
    )
    for step in ("post", "conditions", "stages", "rules", "notice", "publish"):
        assert someone.get(f"{draft}/{step}").status_code == 200, step
        if step not in {"notice", "publish"}:
            assert save(someone, f"{draft}/{step}").status_code == 303, step


def test_an_earlier_round_is_a_template_with_its_dates_moved_by_whole_weeks(sqlite: Engine) -> None:
    with transaction() as session:
        launched(session)
    someone = hr()
    draft = begin(someone, "round:T-1")
    made = content(draft)
    assert made["code"] == ""
    opens = datetime.fromisoformat(made["applications"]["opens_at"])
    assert opens > datetime.now(UTC)
    assert (opens - datetime.fromisoformat("2026-10-12T09:00:00+08:00")).days % 7 == 0
    assert made["final"]["weights"] == [{"key": "interview", "value": "100"}]
    assert someone.post("/drafts", {"from": "round:nothing"}).status_code == 404


def test_the_notice_is_previewed_in_the_page(here: None) -> None:
    someone = hr()
    page = someone.get(f"{upload(someone)}/notice").text
    assert "竞聘岗位与名额" in page
    assert "本公告所列规则自发布之日起固定" in page


def test_publishing_launches_the_round_with_exactly_the_bytes_that_were_previewed(here: None) -> None:
    someone = hr()
    draft = upload(someone)
    text = someone.get(f"{draft}/policy.yaml").content
    page = someone.get(f"{draft}/publish").text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    unread = someone.post(f"{draft}/publish", {"version": version[1]})
    assert (unread.status_code, "请先确认已经核对公告" in unread.text) == (409, True)
    answer = someone.post(f"{draft}/publish", {"version": version[1], "read": "yes"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/rounds/T-1")
    with reading() as session:
        the_round = session.exec(select(Round)).one()
        assert the_round.policy_text == text
        assert session.exec(select(Draft)).one().state == "published"
        assert session.exec(select(Draft)).one().round_id == the_round.id
        assert session.exec(select(Signal)).first()
        deeds = [e.deed for e in session.exec(select(Entry).order_by(Entry.at)) if e.actor == "hr"]
        assert deeds[-2:] == ["draft.published", "round.launched"]
    again = someone.post(f"{draft}/publish", {"version": version[1], "read": "yes"})
    assert (again.status_code, again.headers["location"]) == (303, "/rounds/T-1")
    assert "这份草稿已经由 hr 在" in someone.get("/rounds/T-1").text
    with reading() as session:
        assert len(session.exec(select(Round)).all()) == 1
    assert save(someone, f"{draft}/post", title="改名").status_code == 409 or content(draft)["title"] == "测试轮次"


@pytest.mark.parametrize(("old", "new", "said"), [("code: T-1", "code: ''", "没有填好"), ("", "", "已经存在")])
def test_what_cannot_be_launched_is_refused_and_the_draft_stays_open(here: None, old: str, new: str, said: str) -> None:
    someone = hr()
    first, second = upload(someone), upload(someone)
    publish(someone, first)
    if old:
        second = upload(someone, POLICY.replace(old, new))
    answer = publish(someone, second)
    assert answer.status_code == 409
    assert said in answer.text
    with reading() as session:
        assert len(session.exec(select(Round)).all()) == 1
        states = [d.state for d in session.exec(select(Draft).order_by(Draft.made_at))]
        assert states[0] == "published"
        assert set(states[1:]) == {"open"}


def publish(visitor: Visitor, draft: str) -> Response:
    return visitor.post(f"{draft}/publish", {"version": "1", "read": "yes"})


def test_a_round_whose_applications_are_over_is_not_published(here: None) -> None:
    someone = hr()
    draft = upload(someone, POLICY.replace("2026-10", "2020-10"))
    assert "报名截止时间已经过去" in someone.get(f"{draft}/publish").text
    assert publish(someone, draft).status_code == 409


def test_nothing_is_published_over_an_empty_directory(sqlite: Engine) -> None:
    someone = hr()
    draft = upload(someone)
    assert "名册是空的，不能发布" in someone.get(f"{draft}/publish").text
    assert "名册是空的" in publish(someone, draft).text


def test_what_was_saved_by_somebody_else_meanwhile_is_not_published_unseen(here: None) -> None:
    someone = hr()
    draft = upload(someone)
    save(hr("hr2"), f"{draft}/post", title="别的名称")
    answer = publish(someone, draft)
    assert answer.status_code == 409
    assert "又保存过" in answer.text
    with reading() as session:
        assert session.exec(select(Round)).first() is None


def test_a_draft_is_put_aside_and_taken_up_again(here: None) -> None:
    someone = hr()
    draft = begin(someone)
    someone.post(f"{draft}/discard")
    assert "已放弃（1）" in someone.get("/drafts").text
    assert someone.post(f"{draft}/post", {"title": "新", "version": "1", "do": "save"}).status_code == 409
    someone.post(f"{draft}/restore")
    assert save(someone, f"{draft}/post", title="新").status_code == 303
    assert content(draft)["title"] == "新"


def test_no_field_outside_of_a_step_is_taken(here: None) -> None:
    someone = hr()
    draft = begin(someone)
    save(someone, f"{draft}/conditions", title="偷改", **{"quota.seats": "99", "_saved": "x", "a..b": "1"})
    assert content(draft)["title"] != "偷改"
    assert content(draft)["quota"]["seats"] == "5"


def test_an_unknown_draft_or_step_is_not_found(here: None) -> None:
    someone = hr()
    draft = begin(someone)
    for path in ("/drafts/nonsense/post", "/drafts/00000000-0000-0000-0000-000000000000/post", f"{draft}/nonsense"):
        assert someone.get(path).status_code == 404


EVERYTHING = """\
lines: {phone: 电话客服}
eligibility: {kpis: [{key: fcr, periods: 3}]}
special_channel: {any_of: [{honour: 服务之星}]}
reminders: [{before_hours: 24}]
stages:
- kind: review
  criteria: [{key: a, anchors: [{at: 6, says: 尚可}]}]
- {key: theory, kind: training, exam: {areas: {product: 100}}}
"""
UNASKED = {
    "version",  # there is one
    "quota.by",  # there is one way
}


def test_every_place_of_a_policy_has_a_field_in_the_wizard(here: None) -> None:
    someone = hr()
    draft = upload(someone, EVERYTHING)
    pages = [someone.get(f"{draft}/{step}").text for step in ("post", "conditions", "stages", "rules")]
    asked = {general(name) for page in pages for name in re.findall(r' name="([^"]+)"', page)}
    asked.remove("version")  # that of the draft
    assert set(places(FORM.schema())) - asked == UNASKED


def test_what_a_mark_looks_like_is_typed_kept_and_taken_away_again(here: None) -> None:
    someone = hr()
    draft, at = upload(someone), "stages[1].criteria[1].anchors"
    assert "评分参照：还没有" in someone.get(f"{draft}/rules").text
    marks = {f"{at}[1].at": "6", f"{at}[1].says": "能安抚", f"{at}[3].at": "9.5", f"{at}[3].says": "先安抚，再给方案"}
    save(someone, f"{draft}/rules", **marks)
    page = someone.get(f"{draft}/rules").text
    assert "评分参照：6、9.5 分" in page
    policy = policies.read(someone.get(f"{draft}/policy.yaml").content).policy
    anchors = policy.stages[0].terms.criteria[0].anchors
    assert [(str(a.at), a.says) for a in anchors] == [("6", "能安抚"), ("9.5", "先安抚，再给方案")]
    save(someone, f"{draft}/rules", **{f"{at}[1].at": "", f"{at}[1].says": ""})
    assert content(draft)["stages"][0]["criteria"][0]["anchors"] == [{"at": "9.5", "says": "先安抚，再给方案"}]


def test_a_mark_beyond_the_scale_is_faulted_at_its_line_which_is_unfolded(here: None) -> None:
    someone = hr()
    draft, at = upload(someone), "stages[1].criteria[1].anchors"
    save(someone, f"{draft}/rules", **{f"{at}[1].at": "1000", f"{at}[1].says": "满分", f"{at}[2].at": "5"})
    page = someone.get(f"{draft}/rules").text
    assert f'href="#f-{at}[1]"' in page
    shown = page.split(f'id="f-{at}[1]"', 1)
    assert shown[0].rpartition("<details")[2].startswith(" open>")
    assert "超过满分" in shown[1].split(f'id="f-{at}[2]"')[0]
    assert "请填写表现说明" in shown[1].split(f'name="{at}[2].says"')[1][:300]


def test_what_a_file_says_beyond_a_policy_is_named_until_it_was_looked_through(here: None) -> None:
    someone = hr()
    draft = upload(someone, POLICY.replace("eligibility:", "eligibilty:").replace("title: 测试轮次", "title: [测试]"))
    page = someone.get(f"{draft}/conditions").text
    assert "有 2 处没有收下" in page
    assert "第 3 行 <code>title</code>" in page
    assert "第 9 行 <code>eligibilty</code>" in page
    save(someone, f"{draft}/conditions")
    assert "没有收下" not in someone.get(f"{draft}/conditions").text


def test_a_wrong_weight_is_faulted_at_its_own_field_and_a_lost_one_beneath_them(here: None) -> None:
    someone = hr()
    draft = begin(someone)
    save(someone, f"{draft}/rules", **{"final.weights[2].value": "许多"})
    page = someone.get(f"{draft}/rules").text
    assert "应为" in page.split('name="final.weights[2].value"', 1)[1].split("<tr>")[0]
    assert 'href="#f-final.weights[2].value"' in page
    assert 'id="f-final.weights[2].value" name="final.weights[2].value"' in page
    save(someone, f"{draft}/stages", do="remove:stages[4]")
    page = someone.get(f"{draft}/rules").text
    assert "没有环节产生这一成绩" in page.split("</table>")[-1]
    assert 'href="#f-final.weights"' in page


def test_every_fault_leads_to_something_on_its_page(here: None) -> None:
    someone = hr()
    draft = upload(someone, FAULTY)
    links = re.findall(r'href="(/drafts/[^"]+)#(f-[^"]+)"', someone.get(f"{draft}/publish").text)
    assert len(links) > 12
    pages = {address: someone.get(address).text for address, _place in links}
    assert [place for address, place in links if f'id="{place}"' not in pages[address]] == []


FAULTY = """\
title: 坏文件
lines: {phone: 电话客服}
grades: [Ⅰ, Ⅱ]
eligibility: {grade: {at_least: Ⅸ}, kpis: [{key: fcr, periods: 3}]}
special_channel: {any_of: [{within_months: 3}]}
applications: {opens_at: '2026-12-01T09:00:00+08:00', closes_at: '2026-11-30T18:00:00+08:00', materials: [a b]}
stages:
- key: interview
  name: 面试
  kind: review
  panel: {reviewers: 4, drop_high: 3, drop_low: 3}
  criteria:
  - {key: a, name: 表达, weight: 60, max: 10, step: 3, anchors: [{at: 11, says: 超}, {at: 5}]}
  - {key: a, name: 逻辑, weight: 30, max: 10}
- {key: interview, name: 又一次, kind: training, exam: {areas: {product: 1}}}
- {key: more, name: 再培训, kind: training}
final: {weights: {interview: 90, theory: x}, tie_break: [roleplay, tenure]}
reminders: [{before_hours: 24, after_hours: 2}]
second_person: [nothing]
"""


def test_a_stage_and_a_criterion_without_a_key_take_their_names(here: None) -> None:
    someone = hr()
    draft = begin(someone)
    save(someone, f"{draft}/stages", do="add:stages")
    save(someone, f"{draft}/stages", **{"stages[5].name": "终面（第二轮）"})
    save(someone, f"{draft}/rules", do="add:stages[5].criteria", **{"stages[5].criteria[1].name": "应变"})
    save(someone, f"{draft}/rules", **{"stages[5].criteria[2].name": "应变"})
    made = content(draft)["stages"][4]
    assert (made["key"], [c["key"] for c in made["criteria"]]) == ("终面第二轮", ["应变", "应变2"])
    save(someone, f"{draft}/stages", **{"stages[5].name": "终面"})
    assert content(draft)["stages"][4]["key"] == "终面第二轮", "tables may name it already"


def test_ties_and_materials_are_chosen_and_keep_their_order(here: None) -> None:
    someone = hr()
    draft = begin(someone)
    chosen = {"final.tie_break": ["tenure", "theory.exam", "", ""]}
    someone.post(f"{draft}/rules", {**fields(someone.get(f"{draft}/rules").text), **chosen, "do": "save"})
    assert content(draft)["final"]["tie_break"] == ["tenure", "theory.exam"]
    first = someone.get(f"{draft}/rules").text.split('name="final.tie_break"')[1]
    assert re.search(r'value="tenure" selected>入职早者优先<', first)
    files = {"applications.materials": ["", "case_summary", "portfolio、video"]}
    someone.post(f"{draft}/stages", {**fields(someone.get(f"{draft}/stages").text), **files, "do": "save"})
    assert content(draft)["applications"]["materials"] == ["case_summary", "portfolio", "video"]
    assert 'value="portfolio、video"' in someone.get(f"{draft}/stages").text


def test_the_wizard_says_how_the_directory_spells_things(here: None) -> None:
    someone = hr()
    with transaction() as session:
        more = Personnel(people=[Person("009", "钱多", "vip", grade="Ⅱ级")], ratings=[Rating("009", "2026H1", "L")])
        people.take_in(session, personnel=more, actor="test", now=NOW)
    page = someone.get(f"{begin(someone, 'empty')}/post").text
    assert "名册里有：phone、vip" in page
    assert "名册里有：Ⅰ、Ⅱ<" in page, "one spelling of each grade"
    assert re.search("名册里有：[^<]*L", page)
