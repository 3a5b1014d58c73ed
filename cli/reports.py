"""``jingpin report …``: make documents that are due and missing, and write them to a folder."""

import typer

from cli import options, show
from cli.outcome import write_documents
from kit.i18n import gettext as _
from models.database import reading
from queries import rounds, stages

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=_("文档：补做、导出"))


def add_to(root: typer.Typer) -> None:
    """Add these commands to the command line."""
    root.add_typer(app, name="report")


@app.callback()
def documents() -> None:
    """Keep ``make`` a command of its own."""


@app.command(help=_("补做应有而未做的文档，并把全部文档写入目录；已存档的不会重做"))
def make(code: options.Code, out: options.Out) -> None:
    """Make what is due and missing, then write every filed document into a directory."""
    from tasks import papers  # noqa: PLC0415 - loads Prefect, which only this command needs

    with reading() as session:
        the_round = rounds.by_code(session, code=code)
        steps = [s for s in stages.of_round(session, round_id=the_round.id) if s.state in {"open", "closed", "done"}]
    new = sum(papers.make(s.id, "opened") + (papers.make(s.id, "tallied") if s.tallied_at else 0) for s in steps)
    with reading() as session:
        written = write_documents(session, the_round, out)
    show.line(_("新做 {new} 份，写出 {written} 份：{out}").format(new=new, written=written, out=out))
