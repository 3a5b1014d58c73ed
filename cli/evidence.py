"""``jingpin applications|reviewers|marks|attendance|exam import``: what a live round is decided from."""

from collections.abc import Callable
from datetime import UTC, datetime

import typer

from actions import evidence
from actions.books import ChangeError
from cli import intake, options, show
from forms.references import training_of
from kit.i18n import gettext as _
from models.database import reading, transaction
from queries import books, rounds
from rules.policies import Policy
from rules.texts import RuleError, Text
from tasks.terms import policy_of

HELP = {
    "applications": _("导入报名"),
    "reviewers": _("导入评委"),
    "marks": _("导入评分"),
    "attendance": _("导入培训考勤"),
    "exam": _("导入考试成绩"),
}


def add_to(root: typer.Typer) -> None:
    """Add an ``import`` command for each of a round's books."""
    for book, said in HELP.items():
        app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=said)
        app.callback()(lambda: None)
        app.command("import", help=said + _("：先检查每一行，有问题就一行也不导入"))(_importer(book))
        root.add_typer(app, name=book)


def _importer(book: str) -> Callable[..., None]:
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
            people = {p.staff_no for p in books.rows(session, book="people")}
            reviewers = {r.reviewer_no for r in books.rows(session, book="reviewers", round_id=the_round.id)}
        _require_use(book, policy)
        handed = intake.read_rows(file, book=book, policy=policy, people=people, reviewers=reviewers)
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


def _require_use(book: str, policy: Policy) -> None:
    if book in {"attendance", "exam"} and training_of(policy) is None:
        raise RuleError(Text(_("竞聘方案中没有培训环节，不使用考勤和考试成绩")))
