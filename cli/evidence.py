"""``jingpin applications|reviewers|marks|attendance|exam import``: what a live round is decided from."""

from collections.abc import Callable
from datetime import UTC, datetime

import typer

from actions import evidence
from actions.books import ChangeError
from cli import intake, options, show
from cli.intake import Handed
from forms.faults import Fault
from forms.references import training_of
from kit.i18n import gettext as _
from models.database import reading, transaction
from queries import books, people, rounds
from rules.policies import Policy
from rules.texts import RuleError, Text
from tasks.terms import policy_of

HELP = {
    "applications": (_("报名：导入"), _("导入报名：先检查每一行，有问题就一行也不导入")),
    "reviewers": (_("评委：导入"), _("导入评委：先检查每一行，有问题就一行也不导入")),
    "marks": (_("评分：导入"), _("导入评分：先检查每一行，有问题就一行也不导入")),
    "attendance": (_("培训考勤：导入"), _("导入培训考勤：先检查每一行，有问题就一行也不导入")),
    "exam": (_("考试成绩：导入"), _("导入考试成绩：先检查每一行，有问题就一行也不导入")),
}


def add_to(root: typer.Typer) -> None:
    """Add an ``import`` command for each of a round's books."""
    for book, (what, how) in HELP.items():
        app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=what)
        app.callback()(lambda: None)
        app.command("import", help=how)(importer(book))
        root.add_typer(app, name=book)


def importer(book: str) -> Callable[..., None]:
    """Return the command that imports one book of a round."""

    def command(
        code: options.Code,
        file: options.File,
        good_rows: options.GoodRows = False,
        faults_to: options.FaultsTo = None,
        change: options.Change = None,
        by: options.By = "",
    ) -> None:
        """Check every row, then take them in."""
        intake.check_faults_to(faults_to, file)
        with reading() as session:
            the_round = rounds.by_code(session, code=code)
            policy = policy_of(the_round)
            there = {p.staff_no for p in people.frozen_part(session, round_id=the_round.id, part="people")}
            reviewers = {r.reviewer_no for r in books.rows(session, book="reviewers", round_id=the_round.id)}
        _require_use(book, policy)
        if not there:
            raise RuleError(Text(_("资格审查还没有完成，不能录入")))
        if book in {"marks", "panels"} and not reviewers:
            raise RuleError(Text(_("本轮还没有评委；请先用 jingpin reviewers import 导入")))
        handed = intake.read_rows(file, book=book, policy=policy, people=there, reviewers=reviewers)
        if book == "applications":
            _refuse_future(handed, datetime.now(UTC))
        intake.settle([handed], good_rows=good_rows, faults_to=faults_to)
        with transaction() as session:
            the_round = rounds.by_code(session, code=code)
            try:
                taken = evidence.take_in(
                    session,
                    the_round=the_round,
                    book=book,
                    rows=handed.read.records,
                    actor=options.actor(by),
                    now=datetime.now(UTC),
                    change_reason=change,
                )
            except ChangeError as error:
                raise intake.refused_changes(error, [handed], faults_to=faults_to) from None
        intake.tell(book, taken)
        show.note(_("已导入 {file}").format(file=file.name))

    return command


def _refuse_future(handed: Handed, now: datetime) -> None:
    """Move applications of a time that is still to come from the good rows to the faults."""
    read = handed.read
    rows = list(zip(read.lines, read.records, strict=True))
    good = [(line, row) for line, row in rows if row.applied_at <= now]
    text = Text(_("申请时间还没有到；请核对日期和时区"))
    read.faults += [
        Fault(text, handed.name, line, "applied_at", row.applied_at.isoformat())
        for line, row in rows
        if row.applied_at > now
    ]
    read.lines[:], read.records[:] = [line for line, _row in good], [row for _line, row in good]


def _require_use(book: str, policy: Policy) -> None:
    if book in {"attendance", "exam"} and training_of(policy) is None:
        raise RuleError(Text(_("竞聘方案中没有培训环节，不使用考勤和考试成绩")))
