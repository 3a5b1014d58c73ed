"""``jingpin supplement …``: change the little that may still change of a published policy, and list the changes."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from actions import changes, documents, supplements
from cli import conducting, options, show
from cli.changing import proposed, sure, tell_differences
from cli.when import local
from forms import policies
from kit.canonical import digest
from kit.i18n import gettext as _
from kit.i18n import say
from models.database import reading, transaction
from models.drafts import Supplement
from queries import drafts, rounds
from rules import supplements as law
from rules.changes import Change
from rules.policies import Deed
from rules.texts import RuleError, Text
from tasks.terms import policy_of, terms_of
from web import supplementing

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=_("补充公告：发布、列表"))


def add_to(root: typer.Typer) -> None:
    """Add these commands to the command line."""
    root.add_typer(app, name="supplement")


@app.command(help=_("按改动后的完整方案发布补充公告；报名所依据的规则不能改"))
def publish(
    code: options.Code,
    policy: Annotated[Path, typer.Argument(metavar="POLICY", help=_("改动后的竞聘方案 policy.yaml"))],
    title: Annotated[str, typer.Option("--title", help=_("补充公告的标题"))],
    reason: options.Reason,
    by: options.By = "",
    yes: options.Yes = False,
) -> None:
    """Publish a supplement: the file is the whole policy as it shall be."""
    text = policy.read_bytes()
    after = policies.read(text, file=policy.name).policy
    with reading() as session:
        the_round = rounds.by_code(session, code=code)
        standing = supplements.standing(session, the_round=the_round)
        refused = law.refusals(policy_of(the_round), after, standing, now=datetime.now(UTC))
        before, zone = the_round.policy_text, the_round.time_zone
    if refused:
        raise RuleError(Text("{all}", {"all": refused}))
    tell_differences(supplementing.between(before, text, zone=zone))
    show.note(_("发布之后立即生效，不能收回"))
    sure(_("确定？"), yes=yes)
    change = Change(
        Deed.SUPPLEMENT,
        reason,
        title=title,
        policy_before=digest(before),
        policy_after=digest(text),
        after=after,
    )
    with transaction() as session:
        documents.keep(session, text)
        the_round = rounds.by_code(session, code=code)
        terms = terms_of(the_round, actor=options.actor(by))
        proposal = changes.ask(session, the_round=the_round, change=change, terms=terms)
        n = len(drafts.supplements(session, round_id=the_round.id))
    if proposal:
        show.line(proposed(proposal, code))
        return
    show.line(say(Text(_("已发布第 {n} 号补充公告"), {"n": n})))
    conducting.hand_over(code)


@app.command("list", help=_("列出一轮的补充公告"))
def list_supplements(code: options.Code, json: options.Json = False) -> None:
    """List a round's supplements."""
    with reading() as session:
        the_round = rounds.by_code(session, code=code)
        found = drafts.supplements(session, round_id=the_round.id)
    rows = [_row(one, the_round.time_zone, plain=json) for one in found]
    columns = {
        "number": _("编号"),
        "title": _("标题"),
        "reason": _("理由"),
        "made_by": _("操作人"),
        "made_at": _("时间"),
    }
    show.table(rows, columns=columns, json_wanted=json, empty=_("本轮没有补充公告：自发布以来，规则没有改动过。"))


def _row(one: Supplement, zone: str, *, plain: bool) -> dict[str, Any]:
    at: object = one.made_at if plain else local(one.made_at, zone)
    said = {"number": one.number, "title": one.title, "reason": one.reason, "made_by": one.made_by, "made_at": at}
    return {**said, "before": one.policy_before, "after": one.policy_after} if plain else said
