"""The round wizard: from an empty page, a template or an earlier round to a launched round, in steps."""

import json
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from fastapi import Response
from starlette.datastructures import UploadFile

from actions import drafts
from actions.drafts import StaleDraftError
from forms import draft_fields, draft_policies, draft_sources, in_force, starting_policy
from forms.differences import differences
from forms.draft_tree import Tree
from forms.faults import Fault, FormError
from kit import fonts
from kit.canonical import digest
from kit.i18n import gettext
from kit.renderer import Renderer
from kit.settings import settings
from models.drafts import Draft
from models.rounds import Round
from queries import drafts as reads
from queries import rounds
from reports.official import launch, layout
from reports.official.blocks import Official
from reports.official.launch import LaunchNotice
from rules.access import Act
from rules.policies import Deed, Policy
from rules.texts import RuleError, Text, _
from web import drafting, foresight
from web.doors import Doors
from web.downloads import attachment, opened
from web.drafting import ASKED, BY_KEY, STEPS, Sheet
from web.faults import NotFoundError
from web.visit import Visit

doors: Final = Doors()

MOST_BYTES: Final = 1024**2

DEEDS: Final[dict[Deed, str]] = {
    Deed.EXTEND: _("延期"),
    Deed.CLOSE: _("提前截止"),
    Deed.REOPEN: _("重新开放"),
    Deed.REPLACE: _("更换评委"),
    Deed.HOLD: _("暂缓候选人"),
    Deed.RELEASE: _("恢复候选人"),
    Deed.WITHDRAW: _("候选人退出"),
    Deed.CANCEL: _("取消轮次"),
    Deed.RESTORE: _("恢复轮次"),
    Deed.CORRECT: _("更正评分"),
}


@doors.get("/drafts", act=Act.PREPARE_ROUNDS, name="drafts")
def every(visit: Visit) -> Response:
    """Show what is in the making, and how to begin."""
    return _every(visit)


def _every(visit: Visit, *, faults: tuple[Fault, ...] = ()) -> Response:
    found = reads.every(visit.session)
    every_one = [the_round for the_round, _stage in rounds.all_rounds(visit.session)]
    codes = {the_round.id: the_round.code for the_round in every_one}
    return visit.page(
        "drafts.html",
        status=422 if faults else 200,
        waiting=[d for d in found if d.state == "open"],
        published=[(d, codes.get(d.round_id, "")) for d in found if d.state == "published" and d.round_id],
        discarded=[d for d in found if d.state == "discarded"],
        earlier=bool(codes),
        earlier_choices=[
            (f"round:{r.code}", gettext("{title}（{code}）").format(title=r.title, code=r.code)) for r in every_one
        ],
        zone=draft_fields.ZONE,
        faults=faults,
    )


@doors.post("/drafts", act=Act.PREPARE_ROUNDS, name="begin_draft")
def begin(visit: Visit) -> Response:
    """Begin a draft: empty, from the template, from an earlier round, or from a file."""
    try:
        tree = _beginning(visit)
    except FormError as error:
        return _every(visit, faults=error.faults)
    made = drafts.begin(visit.session, content=tree, actor=visit.actor, now=visit.now)
    return visit.go("draft_step", draft=made.id, step="post")


def _beginning(visit: Visit) -> Tree:
    today = visit.now.date()
    match visit.text("from"):
        case "empty":
            return {}
        case "template":
            return draft_sources.moved(draft_sources.from_yaml(starting_policy.TEXT.encode(), file=""), today=today)
        case "file":
            return _of_file(visit.typed.get("file"))
        case other:
            earlier = visit.round_of(other.removeprefix("round:"))
            return draft_sources.moved(draft_sources.from_yaml(earlier.policy_text, file="policy.yaml"), today=today)


def _of_file(given: object) -> Tree:
    if not isinstance(given, UploadFile) or not given.filename:
        raise FormError([Fault(Text(_("请先选择 policy.yaml 文件")))])
    content = given.file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise FormError([Fault(Text(_("文件太大；竞聘方案不会超过 1 MB")))])
    return {**draft_sources.from_yaml(content, file=given.filename[:100]), "_saved": sorted(ASKED)}


@doors.get("/drafts/{draft}", act=Act.PREPARE_ROUNDS, name="draft")
def one(visit: Visit, draft: str) -> Response:
    """Go to the first step."""
    return visit.go("draft_step", draft=_found(visit, draft).id, step="post")


@doors.get("/drafts/{draft}/policy.yaml", act=Act.PREPARE_ROUNDS, name="draft_file")
def file(visit: Visit, draft: str) -> Response:
    """Hand out the draft as policy.yaml, whether it is complete or not."""
    sheet = _sheet(_found(visit, draft))
    name = f"{sheet.tree.get('code') or 'policy'}.yaml"
    return attachment(sheet.judged.text, name=name, media_type="application/yaml; charset=utf-8")


@doors.get("/drafts/{draft}/notice.pdf", act=Act.PREPARE_ROUNDS, name="draft_notice", lasts=True)
def notice(visit: Visit, draft: str) -> Response:
    """Set the launch notice as it would be published now."""
    sheet = _sheet(_found(visit, draft))
    policy = draft_policies.require_sound(sheet.judged).policy
    paper = layout.paper(_notice(visit, policy, sheet), time_zone=policy.time_zone)
    now = settings()
    with Renderer(fonts.prepare(now.cache, now.fonts), workers=1) as renderer:
        content = renderer.render(paper)
    return opened(content, name=gettext("竞聘公告（预览）.pdf"))


def _notice(visit: Visit, policy: Policy, sheet: Sheet) -> Official:
    heads, seats = foresight.heads_and_seats(visit.session, policy)
    view = LaunchNotice(
        policy=policy,
        policy_sha256=digest(sheet.judged.text),
        issued_on=visit.now.date(),
        seats=seats,
        heads=heads,
    )
    return launch.document(view, language=settings().document_language)


@doors.post("/drafts/{draft}/answer", act=Act.PREPARE_ROUNDS, name="draft_answer", lasts=True)
def answer(visit: Visit, draft: str) -> Response:
    """Return who would qualify by what is typed now, without saving it."""
    kept = _found(visit, draft)
    step = BY_KEY["conditions"]
    sheet = _sheet(kept, draft_fields.typed(json.loads(kept.content), _fields(visit), step.roots))
    visit.saw("draft")
    return visit.part("draft_answer.html", sheet=sheet, answer=foresight.answer(visit.session, sheet.tree))


@doors.post("/drafts/{draft}/discard", act=Act.PREPARE_ROUNDS, name="discard_draft")
def discard(visit: Visit, draft: str) -> Response:
    """Put a draft aside."""
    drafts.discard(visit.session, draft=_found(visit, draft), actor=visit.actor, now=visit.now)
    return visit.go("drafts", said=Text(_("已放弃这份草稿；需要时可以在本页恢复")))


@doors.post("/drafts/{draft}/restore", act=Act.PREPARE_ROUNDS, name="restore_draft")
def restore(visit: Visit, draft: str) -> Response:
    """Take a draft up again."""
    drafts.restore(visit.session, draft=_found(visit, draft), actor=visit.actor, now=visit.now)
    return visit.go("draft_step", draft=draft, step="post", said=Text(_("已恢复这份草稿")))


@doors.post("/drafts/{draft}/publish", act=Act.PREPARE_ROUNDS, name="publish_draft")
def publish(visit: Visit, draft: str) -> Response:
    """Launch the round: its rules are frozen."""
    kept = _found(visit, draft)
    sheet = _sheet(kept)
    version = _number(visit.text("version"))
    if visit.text("read") != "yes":
        return _show(visit, sheet, "publish", fault=Text(_("请先确认已经核对公告，再发布")), status=409)
    trial = visit.session.begin_nested()  # what is refused half-way leaves nothing behind
    try:
        policy = draft_policies.require_sound(sheet.judged).policy
        made = drafts.publish(
            visit.session,
            draft=kept,
            policy=policy,
            policy_text=sheet.judged.text,
            version=version,
            actor=visit.actor,
            now=visit.now,
        )
    except RuleError as error:
        trial.rollback()
        visit.session.refresh(kept)
        return _show(visit, _sheet(kept), "publish", fault=error.text, status=409)
    trial.commit()
    said = Text(_("已发布：{title}。规则已经冻结，资格审查随即开始"), {"title": made.title})
    answer = visit.go("drafts", said=said)
    answer.headers["location"] = f"/rounds/{quote(made.code)}"
    return answer


@doors.get("/drafts/{draft}/{step}", act=Act.PREPARE_ROUNDS, name="draft_step")
def step(visit: Visit, draft: str, step: str) -> Response:
    """Show one step."""
    return _show(visit, _sheet(_found(visit, draft)), _known(step))


@doors.post("/drafts/{draft}/{step}", act=Act.PREPARE_ROUNDS, name="save_draft")
def save(visit: Visit, draft: str, step: str) -> Response:
    """Save what was typed, complete or not, then stay, go on, or add, move or remove a row."""
    key = _known(step)
    kept = _found(visit, draft)
    if key not in ASKED:
        return visit.go("draft_step", draft=draft, step=key)
    tree = draft_fields.typed(json.loads(kept.content), _fields(visit), BY_KEY[key].roots)
    deed, _colon, path = visit.text("do").partition(":")
    if deed in {"add", "remove", "up", "down"}:
        tree = drafting.rearranged(tree, deed, path)
    else:
        tree["_saved"] = sorted({*(tree.get("_saved") or []), key})
    version = _number(visit.text("version"))
    try:
        drafts.save(visit.session, draft=kept, content=tree, version=version, actor=visit.actor, now=visit.now)
    except StaleDraftError:
        return _conflict(visit, kept, tree, key)
    if deed == "next":
        following = [s.key for s in STEPS][[s.key for s in STEPS].index(key) + 1]
        return visit.go("draft_step", draft=draft, step=following)
    answer = visit.go("draft_step", draft=draft, step=key, said=None if path else Text(_("已保存")))
    if path:
        answer.headers["location"] += f"#rows-{path.rpartition('[')[0] or path}"
    return answer


def _conflict(visit: Visit, kept: Draft, mine: Tree, step: str) -> Response:
    """Show both values of everything that differs, and keep what was typed."""
    visit.session.refresh(kept)
    theirs = json.loads(kept.content)
    typed = [(name, value) for name, values in _fields(visit).items() for value in values]
    return visit.page(
        "draft_conflict.html",
        status=409,
        draft=kept,
        step=step,
        rows=differences(theirs, mine),
        typed=[(name, value) for name, value in typed if name not in {"csrf", "version", "do"}],
    )


def _show(visit: Visit, sheet: Sheet, step: str, *, fault: Text | None = None, status: int = 200) -> Response:
    return visit.page(
        f"draft_{step}.html",
        status=status,
        sheet=sheet,
        draft=sheet.draft,
        step=step,
        steps=STEPS,
        fault=fault,
        asked=ASKED,
        **_VALUES[step](visit, sheet),
    )


def _post_values(visit: Visit, sheet: Sheet) -> dict[str, Any]:
    return {"shared": foresight.shared(visit.session, sheet.tree)}


def _conditions_values(visit: Visit, sheet: Sheet) -> dict[str, Any]:
    visit.saw("draft")
    return {"answer": foresight.answer(visit.session, sheet.tree)}


def _stages_values(_visit: Visit, sheet: Sheet) -> dict[str, Any]:
    return {"plan": foresight.plan(sheet.tree, in_force.working_days())}


def _rules_values(_visit: Visit, _sheet: Sheet) -> dict[str, Any]:
    return {"deeds": [(deed.value, gettext(word)) for deed, word in DEEDS.items()]}


def _notice_values(visit: Visit, sheet: Sheet) -> dict[str, Any]:
    if sheet.judged.read is None:
        return {"document": None}
    return {"document": _notice(visit, sheet.judged.read.policy, sheet)}


def _publish_values(visit: Visit, sheet: Sheet) -> dict[str, Any]:
    found = sheet.judged.read
    launched = None
    if sheet.draft and sheet.draft.round_id:
        launched = visit.session.get(Round, sheet.draft.round_id)
    n = len(foresight.directory(visit.session).people)
    return {
        "policy": found.policy if found else None,
        "people": n,
        "launched": launched,
        "plan": foresight.plan(sheet.tree, in_force.working_days()),
        "over": bool(found and found.policy.applications.closes_at <= visit.now),
    }


_VALUES: Final = {
    "post": _post_values,
    "conditions": _conditions_values,
    "stages": _stages_values,
    "rules": _rules_values,
    "notice": _notice_values,
    "publish": _publish_values,
}


def _sheet(draft: Draft, tree: Tree | None = None) -> Sheet:
    tree = json.loads(draft.content) if tree is None else tree
    return Sheet(draft, tree, draft_policies.judged(tree), draft.version)


def _found(visit: Visit, draft: str) -> Draft:
    try:
        asked = UUID(draft)
    except ValueError:
        asked = UUID(int=0)
    found = reads.one(visit.session, draft_id=asked)
    if found is None:
        raise NotFoundError(Text(_("没有这份草稿")))
    return found


def _known(step: str) -> str:
    if step not in BY_KEY:
        raise NotFoundError(Text(_("没有这一步")))
    return step


def _fields(visit: Visit) -> dict[str, list[str]]:
    return {name: visit.texts(name) for name in visit.typed}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004 - far more than anybody saves
