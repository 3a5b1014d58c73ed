"""The rules that the scores were counted by, as the launch notice published them, in a table."""

from collections.abc import Iterator

from kit.i18n import gettext as _
from kit.i18n import prose
from reports.internal.blocks import Column, Row, Table, row, table
from reports.official import finals
from reports.official.blocks import Paragraph
from reports.official.stages import stage_blocks
from rules import unused_seats
from rules.policies import Policy, StagePolicy


def rules(policy: Policy) -> list[tuple[str, str]]:
    """Return each stage and each part of the decision with its rule in words."""
    return [*((stage.name, _stage_rule(policy, stage)) for stage in policy.stages), *_decision(policy)]


def table_of(policy: Policy) -> Table:
    """Return the rules as a table."""
    columns = (Column(_("环节"), 34), Column(_("规则")))
    return table(columns, map(_row, rules(policy)), look="narrow")


def _row(rule: tuple[str, str]) -> Row:
    return row(*rule)


def _stage_rule(policy: Policy, stage: StagePolicy) -> str:
    return prose(*(block.text for block in stage_blocks(policy, stage) if isinstance(block, Paragraph)))


def _decision(policy: Policy) -> Iterator[tuple[str, str]]:
    formula = _("综合成绩＝{formula}。").format(formula=finals.formula(policy))
    yield _("综合成绩"), prose(formula, finals.rounding(policy))
    yield _("确定人选"), prose(finals.choice(policy), _(unused_seats.RULES[policy.quota.unused]))
    yield _("成绩相同"), finals.ties(policy)
