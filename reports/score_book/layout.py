"""The score book as HTML and as papers to render."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

from kit.i18n import gettext as _
from kit.jinja import environment
from kit.pdf import Attached, Paper
from reports import pdf
from reports.internal import STYLE, TEMPLATES, seats, unused_seats
from reports.internal.blocks import Fact
from reports.score_book import data, given, places, terms
from reports.score_book.ties import more_ties, ties
from reports.score_book.view import ScoreBook
from reports.score_book.volumes import Volume, volumes

HERE: Final = Path(__file__).parent


def papers(view: ScoreBook) -> list[Paper]:
    """Return the score book, or its volumes: the first has everybody's result and the signatures."""
    made, files = volumes(view), data.files(view)
    return [_paper(view, volume, files, number, len(made)) for number, volume in enumerate(made, 1)]


def _paper(view: ScoreBook, volume: Volume, files: Sequence[Attached], number: int, count: int) -> Paper:
    organisation = view.policy.organisation
    made = pdf.paper(
        html(view, volume, files, number=number, count=count),
        title=_title(view, number, count),
        issued=view.issued,
        author=organisation.name or organisation.department,
        styles=(STYLE,),
    )
    return pdf.with_files(made, files) if number == 1 else made


def html(view: ScoreBook, volume: Volume, files: Sequence[Attached], *, number: int = 1, count: int = 1) -> str:
    """Return one volume as HTML; pure."""
    template = environment(HERE, TEMPLATES).get_template("score_book.html")
    return template.render(
        lang=pdf.language_tag(),
        view=view,
        title=_title(view, number, count),
        which=_volume(number, count),
        first=number == 1,
        facts=_facts(view),
        everybody=places.table(view, volume.groups),
        terms=terms.table_of(view.policy),
        seats=given.by_line(view),
        unused=given.unused(view),
        method=seats.method(view.policy),
        steps=seats.tables(view.policy, view.heads, view.seats_working, rest_in="results.json"),
        more_steps=unused_seats.tables(view.policy, view.heads, view.ranking, rest_in="results.json"),
        ties=ties(view),
        more_ties=more_ties(view),
        remarks=_remarks(files),
        roles=(_("记录人"), _("复核人"), _("评委会主任"), _("监督组")),
        annexes=volume.annexes,
    )


def _title(view: ScoreBook, number: int, count: int) -> str:
    return _("成绩汇总表 {code}").format(code=view.policy.code) + _volume(number, count)


def _volume(number: int, count: int) -> str:
    return _("（第{number}册，共{count}册）").format(number=number, count=count) if count > 1 else ""


def _facts(view: ScoreBook) -> list[Fact]:
    found = given.outcomes(view)
    taking_part = sum(entry.took_part for entry in view.entries)
    ranked = sum(entry.rank is not None for entry in view.entries)
    people = _("{count}人")
    return [
        Fact(_("竞聘岗位"), view.policy.post.name),
        Fact(_("竞聘方案"), _("{code}　第{version}版").format(code=view.policy.code, version=view.policy.version)),
        Fact(_("报名"), people.format(count=len(view.entries))),
        Fact(_("进入评审"), people.format(count=taking_part)),
        Fact(_("进入排名"), people.format(count=ranked)),
        Fact(_("名额"), _("{count}个").format(count=sum(view.seats.values()))),
        Fact(_("入选"), people.format(count=found["selected"])),
        Fact(_("待加试"), people.format(count=found["tied"])),
    ]


def _remarks(files: Sequence[Attached]) -> list[str]:
    text = _("本文件内附{names}，内容与本表一致，可供独立复算；{name}的校验值（SHA-256）：{digest}。")
    names = _("、").join(file.name for file in files)
    first = files[0]
    return [
        _("签署前请核对：抽查的评分表与附件中的总分一致；去掉的分数、平均分、综合成绩和名次符合公布的规则。"),
        text.format(names=names, name=first.name, digest=sha256(first.content).hexdigest()),
        _("同一综合成绩的人员按公布的顺序比较；仍然相同的名次并列，表中先后只按工号排列，不代表先后。"),
    ]
