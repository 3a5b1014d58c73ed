"""How much there is to check: what a check compared, in numbers, so that "all agrees" is never said of nothing."""

from typing import Final
from uuid import UUID

from sqlmodel import Session, col, func, select

from models.books import BOOKS
from models.documents import Blob, Document
from models.hearings import Signature
from models.history import Entry
from models.results import Component, Result, Screening, StageResult, Verdict
from models.stages import Stage
from queries.books import table_of
from rules.texts import Text, _

_DECIDED: Final = (Screening, Verdict, Result, Component)


def entries(session: Session, *, chain: UUID | str) -> Text:
    """Say how many entries a chain has."""
    n = session.exec(select(func.count()).select_from(Entry).where(Entry.chain == str(chain))).one()
    return Text(_("留痕 {n} 条，逐条验算指纹"), {"n": n})


def book_rows(session: Session, *, round_id: UUID | None) -> Text:
    """Say how many rows the books of a round hold; without one, those of the directory."""
    n = 0
    for book in BOOKS.values():
        if book.of_round != (round_id is not None):
            continue
        table = table_of(book.table)
        query = select(func.count()).select_from(table)
        n += session.exec(query.where(table.c.round_id == round_id) if round_id else query).one()
    return Text(_("录入的数据 {n} 行，逐行与留痕中的原件比对"), {"n": n})


def files(session: Session) -> Text:
    """Say how many files are kept."""
    n, size = session.exec(select(func.count(), func.coalesce(func.sum(Blob.size), 0)).select_from(Blob)).one()
    return Text(_("存档文件 {n} 份，共 {kb} KB，逐份验算指纹"), {"n": n, "kb": -(-size // 1024)})


def tables(session: Session, *, round_id: UUID) -> Text:
    """Say how many steps and documents a round has."""
    steps = session.exec(select(func.count()).select_from(Stage).where(Stage.round_id == round_id)).one()
    papers = session.exec(select(func.count()).select_from(Document).where(Document.round_id == round_id)).one()
    return Text(_("环节 {steps} 个、文档 {papers} 份，与留痕逐项比对"), {"steps": steps, "papers": papers})


def signed(session: Session, *, round_id: UUID) -> Text:
    """Say how many signatures stand under a round's history."""
    n = session.exec(select(func.count()).select_from(Signature).where(Signature.round_id == round_id)).one()
    return Text(_("签名 {n} 个，签名时的指纹与现在的留痕比对"), {"n": n})


def decided(session: Session, *, round_id: UUID) -> Text:
    """Say how many stored results a recount is held against."""
    screened, verdicts, results, components = (
        session.exec(select(func.count()).select_from(table).where(table.round_id == round_id)).one()
        for table in _DECIDED
    )
    stages = select(Stage.id).where(Stage.round_id == round_id)
    workings = select(func.count()).select_from(StageResult).where(col(StageResult.stage_id).in_(stages))
    said = {
        "screened": screened,
        "verdicts": verdicts,
        "results": results,
        "components": components,
        "workings": session.exec(workings).one(),
    }
    return Text(
        _(
            "资格审查 {screened} 人 {verdicts} 条结论、候选人结果 {results} 个、分项成绩 {components} 个、"
            "计算过程 {workings} 份，逐项与重新计算的结果比对"
        ),
        said,
    )
