"""Tasks of a round's documents: draft what is due, set it in type, file it. What is filed is never made again."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from uuid import UUID

from prefect import task

from actions import documents
from actions.documents import Sheet
from kit import fonts, pdf
from kit.fonts import FontSet
from kit.i18n import in_language
from kit.pdf import Paper
from kit.renderer import Renderer
from kit.settings import settings
from models.database import reading, transaction
from models.rounds import Round
from models.stages import Stage
from queries import decided
from tasks import stopping
from tasks.case import Case, Draft
from tasks.drafts import ALWAYS, DUE
from tasks.stages import DELAYS
from tasks.terms import CONDUCTOR, policy_of

BATCH = 16
"""Documents that are filed in one transaction: what a crash repeats at most."""

PDF = "application/pdf"


@task(name="papers", task_run_name="papers {name} {moment}", retries=2, retry_delay_seconds=DELAYS)
def make_papers(stage_id: UUID, name: str, moment: str) -> int:  # noqa: ARG001 - the name is for people who watch the run
    """Make and file the documents that are due when a step is ``planned``, ``opened`` or ``tallied``.

    Returns how many were new.
    """
    with reading() as session:
        stage = session.get_one(Stage, stage_id)
        if not session.get_one(Round, stage.round_id).with_documents:
            return 0
    return make(stage_id, moment)


def make(stage_id: UUID, moment: str) -> int:
    """Make and file what is due and not filed yet; return how many documents were new."""
    with reading() as session:
        stage = session.get_one(Stage, stage_id)
        the_round = session.get_one(Round, stage.round_id)
        case = Case(session, the_round, stage, policy_of(the_round))
        filed = decided.filed(session, round_id=the_round.id, version=stage.generation)
        with in_language(settings().document_language):  # whoever makes them, in whatever language they speak
            drafts = [d for draft in (*DUE.get((stage.kind, moment), ()), *ALWAYS) for d in draft(case, filed)]
    for batch in _batches(_set(drafts)):
        _file(the_round, stage, batch)
    return len(drafts)


def _set(drafts: Iterable[Draft]) -> Iterator[tuple[Draft, bytes]]:
    ready = [d for d in drafts if isinstance(d.content, bytes)]
    yield from ((d, d.content) for d in ready if isinstance(d.content, bytes))
    papers = ((d, d.content) for d in drafts if isinstance(d.content, Paper))
    for pair in renderer().map(papers):
        stopping.look()
        yield pair


def _batches(pairs: Iterator[tuple[Draft, bytes]]) -> Iterator[list[tuple[Draft, bytes]]]:
    while batch := list(islice(pairs, BATCH)):
        yield batch


def _file(the_round: Round, stage: Stage, batch: list[tuple[Draft, bytes]]) -> None:
    with transaction() as session:
        for draft, content in batch:
            sheet = Sheet(
                kind=draft.kind,
                name=draft.name,
                media_type=draft.media_type,
                staff_no=draft.staff_no,
                version=draft.version or stage.generation,
                fonts="、".join(pdf.fonts_used(content)) if draft.media_type == PDF else "",
            )
            now = datetime.now(UTC)
            documents.file(session, the_round=the_round, sheet=sheet, content=content, actor=CONDUCTOR, now=now)


@cache
def font_set() -> FontSet:
    """Return the prepared fonts of this process."""
    return fonts.prepare(settings().cache, settings().fonts)


@cache
def renderer() -> Renderer:
    """Return this process's renderer; its child processes start when first needed and end with us."""
    return Renderer(font_set(), workers=settings().workers)
