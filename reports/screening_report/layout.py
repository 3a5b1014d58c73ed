"""The screening report as HTML and as papers to render."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from kit.i18n import gettext as _
from kit.jinja import day, environment
from kit.pdf import Attached, Paper
from reports import marks, pdf
from reports.internal import STYLE, TEMPLATES, seats
from reports.official.conditions import conditions, special_channel
from reports.screening_report import data, listing, summary
from reports.screening_report.listing import Numbered
from reports.screening_report.view import ScreeningReport

HERE: Final = Path(__file__).parent


def papers(view: ScreeningReport) -> list[Paper]:
    """Return the report, or its volumes: the first has the summary, each its part of the list."""
    volumes = listing.volumes(view)
    return [_paper(view, part, number, len(volumes)) for number, part in enumerate(volumes, 1)]


def _paper(view: ScreeningReport, people: Sequence[Numbered], number: int, count: int) -> Paper:
    organisation = view.policy.organisation
    made = pdf.paper(
        html(view, people, number=number, count=count),
        title=_title(view, number, count),
        issued=view.issued,
        author=organisation.name or organisation.department,
        styles=(STYLE,),
    )
    return pdf.with_files(made, _files(view, people, number))


def _files(view: ScreeningReport, people: Sequence[Numbered], number: int) -> list[Attached]:
    verdicts = data.verdicts(view, [one for _number, one in people])
    return [verdicts, data.seats(view)] if number == 1 else [verdicts]


def html(view: ScreeningReport, people: Sequence[Numbered], *, number: int = 1, count: int = 1) -> str:
    """Return one volume as HTML; pure."""
    template = environment(HERE, TEMPLATES).get_template("screening_report.html")
    return template.render(
        lang=pdf.language_tag(),
        view=view,
        title=_title(view, number, count),
        volume=_volume(number, count),
        first=number == 1,
        facts=summary.facts(view),
        figures=summary.figures(view),
        conditions=conditions(view.policy),
        special=special_channel(view.policy),
        by_line=summary.by_line(view),
        by_rule=summary.by_rule(view),
        seats=summary.seats(view),
        method=seats.method(view.policy),
        steps=seats.tables(view.policy, view.heads, view.seats_working, rest_in="seats.json"),
        remarks=_remarks(view),
        roles=(_("审查人"), _("复核人"), _("监督组")),
        legend=marks.legend(),
        tables=listing.tables(view, people),
    )


def _title(view: ScreeningReport, number: int, count: int) -> str:
    return _("资格审查报告 {code}").format(code=view.policy.code) + _volume(number, count)


def _volume(number: int, count: int) -> str:
    return _("（第{number}册，共{count}册）").format(number=number, count=count) if count > 1 else ""


def _remarks(view: ScreeningReport) -> list[str]:
    return [
        _(
            "审查以{day}的人事记录为准，名册中的人员无论是否报名，逐人逐项判断；各项均为通过或者放宽通过的，符合资格。"
        ).format(day=day(view.policy.as_of)),
        _("缺少记录、无法判断的不视为符合，也不等于不符合：应当由人工核实，补齐记录后重新审查。"),
        _("“到期可符合”和说明中的日期，按其他情况不变推算；只有工龄和事故两项会随时间变化。"),
        _("结论由程序按公布的规则得出。本人可以查看自己的逐项结论和依据，有异议的，由人工复核。"),
    ]
