"""How a round gets on: a bar on a terminal; anywhere else, a line for each step that is over."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple
from uuid import UUID

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from kit.i18n import gettext as _
from models.database import reading
from models.rounds import Round
from queries import rounds, stages


class Where(NamedTuple):
    """Where a round stands: its steps in order, how many are over, documents filed and how many there will be."""

    steps: Sequence[str]
    over: int
    documents: int = 0
    expected: int = 0


Sight = Callable[[Where], None]


def where(round_id: UUID) -> Where:
    """Return where a round stands; most of its documents are the applicants' own."""
    with reading() as session:
        course = stages.of_round(session, round_id=round_id)
        numbers = rounds.numbers(session, round_id=round_id)
        with_documents = session.get_one(Round, round_id).with_documents
    over = next((n for n, step in enumerate(course) if step.state != "done"), len(course))
    expected = numbers["applied"] if with_documents else 0
    return Where([step.name for step in course], over, numbers["documents"], expected)


@contextmanager
def sight(console: Console) -> Iterator[Sight]:
    """Show a round's progress inside the block, in the way that suits the console."""
    if console.is_terminal and not console.is_dumb_terminal:
        with _bar(console) as show:
            yield show
    else:
        yield lines(console)


@contextmanager
def _bar(console: Console) -> Iterator[Sight]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(_("启动流程引擎"), total=None)

        def show(now: Where) -> None:
            total = len(now.steps) + now.expected
            done = now.over + min(now.documents, now.expected)
            progress.update(task, description=said(now), total=total, completed=done)

        yield show


def said(now: Where) -> str:
    """Return in a few words what is being done."""
    if now.over == len(now.steps):
        return _("收尾")
    text = _("{n}/{all} {name}").format(n=now.over + 1, all=len(now.steps), name=_(now.steps[now.over]))
    return text + _("，文档 {n} 份").format(n=now.documents) if now.documents else text


def lines(console: Console) -> Sight:
    """Return what prints a line for each step that is over, and nothing twice."""
    began, told, filed = time.monotonic(), 0, 0
    console.print(_("启动流程引擎"))

    def show(now: Where) -> None:
        nonlocal told, filed
        finished = list(enumerate(now.steps, 1))[told : now.over]
        for n, name in finished:
            text = _("{n}/{all} {name}：完成").format(n=n, all=len(now.steps), name=_(name))
            if len(finished) == 1 and now.documents > filed:  # of several, nobody knows whose they are
                text += _("，文档 {n} 份").format(n=now.documents)
            console.print(text + _("（{seconds:.0f} 秒）").format(seconds=time.monotonic() - began))
        if finished:
            told, filed = now.over, now.documents

    return show
