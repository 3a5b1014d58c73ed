"""The rules that the scores were counted by, as the launch notice published them, in a table."""

from collections.abc import Iterator
from decimal import Decimal

from kit.i18n import gettext as _
from kit.jinja import joined
from reports.internal.blocks import Column, Row, Table, row, table
from reports.official import finals
from reports.official.blocks import Paragraph
from reports.official.stages import stage_blocks
from reports.words import UNUSED, number, percent, word
from rules.policies import Policy, StagePolicy


def rules(policy: Policy) -> list[tuple[str, str]]:
    """Return each stage and each part of the decision with its rule in words."""
    return [*((stage.name, stage_rule(policy, stage)) for stage in policy.stages), *_decision(policy)]


def table_of(policy: Policy) -> Table:
    """Return the rules as a table."""
    columns = (Column(_("环节"), 34), Column(_("规则")))
    return table(columns, map(_row, rules(policy)), look="narrow")


def _row(rule: tuple[str, str]) -> Row:
    return row(*rule)


def stage_rule(policy: Policy, stage: StagePolicy) -> str:
    """Return how a stage was scored and who went on, with its criteria or areas and their weights."""
    texts = [block.text for block in stage_blocks(policy, stage) if isinstance(block, Paragraph)]
    return "".join([*texts, *_parts(stage)])


def _parts(stage: StagePolicy) -> Iterator[str]:
    if criteria := getattr(stage.terms, "criteria", ()):
        parts = [_part(c.name, c.weight, number(c.max)) for c in criteria]
        yield _("评分项：{parts}。").format(parts=joined(parts))
    if areas := getattr(stage.terms, "areas", {}):
        parts = [_part(word(area), weight, "100") for area, weight in areas.items()]
        yield _("考试科目：{parts}。").format(parts=joined(parts))


def _part(name: str, weight: Decimal, most: str) -> str:
    return _("{name}{weight}（满分{most}）").format(name=name, weight=percent(weight), most=most)


def _decision(policy: Policy) -> Iterator[tuple[str, str]]:
    yield _("综合成绩"), _("综合成绩＝{formula}。").format(formula=finals.formula(policy)) + finals.rounding(policy)
    yield _("确定人选"), finals.choice(policy) + _(UNUSED[policy.quota.unused])
    yield _("成绩相同"), finals.ties(policy)
