"""The supplement to a launch notice (补充公告): what changes, why, and that everything else stays as it was."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from kit.i18n import gettext as _
from kit.i18n import in_language, prose
from kit.jinja import numeral
from reports.official.blocks import Block, Heading, Official, Paragraph, Table
from reports.official.contact import contact
from reports.official.titles import notice_title
from rules.policies import Policy


@dataclass(frozen=True, slots=True)
class SupplementNotice:
    """A numbered change of a policy; ``rows`` are what a place is called, and what stood and stands there."""

    policy: Policy
    policy_sha256: str
    number: int
    title: str
    reason: str
    rows: Sequence[tuple[str, str, str]]
    issued_on: date


def document(view: SupplementNotice, *, language: str = "zh") -> Official:
    """Return the notice; in Chinese whatever language the operator speaks, unless asked otherwise."""
    with in_language(language):
        return _document(view, language)


def _document(view: SupplementNotice, language: str) -> Official:
    policy = view.policy
    title = _("{title}补充公告（第{number}号）").format(title=policy.title, number=_number(view.number, language))
    return Official(
        title=title,
        blocks=tuple(_blocks(view)),
        organisation=policy.organisation,
        issued_on=view.issued_on,
        language=language,
        notes=(_made_from(view),),
        whole=(policy.post.name, *policy.lines.values()),
    )


def _number(number: int, language: str) -> str:
    return numeral(number) if language == "zh" else str(number)


def _blocks(view: SupplementNotice) -> Iterator[Block]:
    launched = notice_title(view.policy.title)
    text = _("现就《{launched}》（竞聘方案{code}）作如下补充：{title}。")
    said = text.format(launched=launched, code=view.policy.code, title=view.title.rstrip("。."))
    yield Paragraph(said)
    yield Heading(_("变更理由"))
    yield Paragraph(view.reason)
    yield Heading(_("变更内容"))
    yield Table(_("变更前后对照"), (_("内容"), _("原来"), _("改为")), list(view.rows), (34, 33, 33))
    yield Heading(_("其他事项"))
    stays = _("除上表所列外，原公告的规则不变；报名所依据的条件、名额、评分和权重均未改动。")
    yield Paragraph(prose(stays, _("本补充公告自发布之日起生效。")))
    if people := contact(view.policy.organisation):
        yield Paragraph(_("咨询：{contact}。").format(contact=people))


def _made_from(view: SupplementNotice) -> str:
    text = _("（本补充公告由竞聘方案{code}生成，变更后的方案校验值（SHA-256）：{digest}。）")
    return text.format(code=view.policy.code, digest=view.policy_sha256)
