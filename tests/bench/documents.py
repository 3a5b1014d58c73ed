"""Candidates' own results set in type by two processes, beside a bare page of the same number of characters."""

import re
from collections.abc import Iterator, Sequence

from kit import fonts, pdf
from kit.fonts import FontSet
from kit.pdf import Paper
from kit.renderer import Renderer
from kit.settings import settings
from models.database import reading
from models.rounds import Round
from queries import stages
from rules.course import NOTICE
from tasks.case import Case
from tasks.results import candidate_results
from tasks.terms import policy_of
from tests.bench import course
from tests.bench.bundle import SAMPLE
from tests.bench.measure import Clock, Figure, database, timed

WORKERS = 2
DOCUMENTS, QUICK_DOCUMENTS = 160, 2


def figures(*, quick: bool = False) -> Iterator[Figure]:
    """Measure the sample's candidate results; the processes are warm, as they are after the first of thousands."""
    with database():
        made = papers()[: QUICK_DOCUMENTS if quick else DOCUMENTS]
    font_set = fonts.prepare(settings().cache, settings().fonts)
    start = _set(made[:WORKERS], font_set)
    ours = _set([*made[:WORKERS], *made], font_set)
    n, wall, cpu = len(made), max(ours.wall - start.wall, 1e-9), ours.cpu - start.cpu
    floor = _bare(made, font_set)
    name = f"candidate result of about {_characters(made) / n:,.0f} characters"
    yield Figure(f"CPU per {name}", 1000 * cpu / n, "ms", 1000 * floor / n, "bare WeasyPrint page, as much text")
    yield Figure(
        f"  a second, by {WORKERS} processes", n / wall, "/s", WORKERS * n / floor, "bare page, all cores ours"
    )
    yield Figure(f"  CPU to start {WORKERS} processes and set one document each", start.cpu, "s")


def papers() -> list[Paper]:
    """Return every candidate's result of the sample, ready to be set in type."""
    round_id = course.take_in(SAMPLE)
    course.go_on(round_id)
    with reading() as session:
        the_round = session.get_one(Round, round_id)
        notice = stages.by_key(session, the_round=the_round, key=NOTICE)
        drafts = list(candidate_results(Case(session, the_round, notice, policy_of(the_round)), frozenset()))
    return [d.content for d in drafts if isinstance(d.content, Paper)]


def _set(made: Sequence[Paper], font_set: FontSet) -> Clock:
    with timed() as clock, Renderer(font_set, workers=WORKERS) as renderer:
        for _key, content in renderer.map(enumerate(made)):
            assert content.startswith(b"%PDF")
    return clock


def _bare(made: Sequence[Paper], font_set: FontSet) -> float:
    """Return the seconds of CPU that as many pages of plain paragraphs take, without styles, tags or archive rules."""
    engine = pdf._engine(font_set)
    engine.HTML(string="<p>warm 一").write_pdf()
    with timed() as clock:
        for paper in made:
            lines = "".join(f"<p>{line}" for line in _texts(paper))
            engine.HTML(string=f"<body style='font: 11px Song'>{lines}").write_pdf()
    return clock.cpu


def _texts(paper: Paper) -> list[str]:
    """Return what stands in a paper, block by block, without its tags."""
    body = re.sub(r"(?s)<(head|style|svg)\b.*?</\1>", "", paper.html)
    blocks = re.split(r"</(?:p|li|tr|h\d|div)>", body)
    return [text for block in blocks if (text := " ".join(re.sub(r"<[^>]*>", " ", block).split()))]


def _characters(made: Sequence[Paper]) -> int:
    return sum(len(line) for paper in made for line in _texts(paper))
