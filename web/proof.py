"""The proof of a round: its history, books, documents and signatures as they stand, and a recount from the evidence.

Each check tells how much it looked at and what it found; for the pages, and for ``jingpin verify``.
"""

import io
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from sqlmodel import Session

from forms import bundles, in_force
from forms.faults import FormError
from models.database import snapshot
from models.rounds import Round
from queries import audit, decided, evidence, proofs, recount, retold, signatures, stages
from reports import bundles as written
from rules import course
from rules import rounds as law
from rules.texts import Text, _


class Check(NamedTuple):
    """One check: what was looked at, how much of it (a text with numbers), and what was found to differ."""

    what: str
    compared: Text
    findings: list[Text]


@contextmanager
def as_of_now() -> Iterator[Session]:
    """Open a session that sees the database as of one instant, however long the reading takes."""
    with snapshot() as connection, Session(connection) as session:
        yield session


def centre(session: Session) -> list[Check]:
    """Check what belongs to all rounds: the directory with its history, and every kept file."""
    chain = audit.CENTRE
    return [
        _check(
            _("名册的留痕"),
            proofs.entries(session, chain=chain),
            lambda: audit.chain_findings(session, chain=chain),
        ),
        _check(
            _("名册"),
            proofs.book_rows(session, round_id=None),
            lambda: audit.book_findings(session, chain=chain, round_id=None),
        ),
        _check(_("存档文件"), proofs.files(session), lambda: audit.file_findings(session)),
    ]


def of_round(session: Session, the_round: Round) -> list[Check]:
    """Check a round: its history, its books, what the history says of its steps, the signatures, and the recount."""
    return [*history(session, the_round), recounted(session, the_round)]


def history(session: Session, the_round: Round) -> list[Check]:
    """Check a round's history, and whether its books, steps, documents and signatures are what the history tells."""
    chain = the_round.id
    return [
        _check(_("留痕"), proofs.entries(session, chain=chain), lambda: audit.chain_findings(session, chain=chain)),
        _check(
            _("录入的内容"),
            proofs.book_rows(session, round_id=chain),
            lambda: audit.book_findings(session, chain=chain, round_id=chain),
        ),
        _check(
            _("环节、文档和审定"),
            proofs.tables(session, round_id=chain),
            lambda: retold.findings(session, the_round=the_round, policy=in_force.policy(the_round.policy_text)),
        ),
        _check(
            _("监督签名"),
            proofs.signed(session, round_id=chain),
            lambda: signatures.findings(session, round_id=chain),
        ),
    ]


def recounted(session: Session, the_round: Round) -> Check:
    """Recount a round from its exported bundle and hold every stored number against it."""
    compared = proofs.decided(session, round_id=the_round.id)
    return _check(_("重新计算的结果"), compared, lambda: _recount_findings(session, the_round))


def _check(what: str, compared: Text, look: Callable[[], list[Text]]) -> Check:
    """Return what a check found; one that fails over what was tampered with says so, and the others go on."""
    try:
        return Check(what, compared, look())
    except FormError as error:
        found = [Text(_("导出的数据包读不回来：{what}"), {"what": fault.whole()}) for fault in error.faults]
    except Exception as error:  # noqa: BLE001 - changed rows provoke whatever there is
        why = str(error) or type(error).__name__
        found = [Text(_("{what}无法核对，数据已损坏：{why}"), {"what": Text(what), "why": why})]
    return Check(what, compared, found)


def _recount_findings(session: Session, the_round: Round) -> list[Text]:
    with tempfile.TemporaryDirectory() as directory:
        out = Path(directory) / "bundle"
        write_bundle(session, the_round, out, materials={})  # no rule reads them; their hashes are checked elsewhere
        bundle = bundles.read(out, rehearse=True)
    policy = decided.in_force(session, the_round=the_round, policy=bundle.policy)
    decision = law.decide(policy, bundle.personnel, bundle.evidence)
    return recount.findings(session, the_round=the_round, decision=decision)


def too_early(session: Session, the_round: Round) -> Text | None:
    """Return why a running round's bundle is not handed out yet: before the ranking, it would tell of open sheets."""
    ranked = any(s.key == course.FINAL and s.state == "done" for s in stages.of_round(session, round_id=the_round.id))
    if ranked or the_round.state != "running":
        return None
    return Text(_("综合成绩还没有算出；算出之后才能取得数据包，以免泄露评分"))


def bundle(the_round: Round) -> bytes:
    """Return the bundle of a round as a zip, without the files handed in; the same round gives the same bytes."""
    packed = io.BytesIO()
    with tempfile.TemporaryDirectory() as directory, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        out = Path(directory) / "bundle"
        with as_of_now() as session:
            write_bundle(session, the_round, out, materials={})
        for file in sorted(out.iterdir()):
            archive.writestr(zipfile.ZipInfo(file.name), file.read_bytes(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def write_bundle(
    session: Session, the_round: Round, out: Path, *, materials: Mapping[str, list[tuple[str, bytes]]] | None = None
) -> None:
    """Write the bundle of a round into a directory; with the files handed in, unless others are given."""
    policy = in_force.policy(the_round.policy_text)
    personnel, handed_in = decided.inputs(session, the_round=the_round)
    written.write(
        out,
        policy_text=the_round.policy_text,
        personnel=personnel,
        evidence=handed_in,
        materials=evidence.materials(session, round_id=the_round.id) if materials is None else materials,
        facts=decided.facts(session, the_round=the_round, policy=policy),
    )
