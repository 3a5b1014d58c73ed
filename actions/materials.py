"""Take in the files that candidates handed in."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlmodel import Session

from actions import documents, history
from models.applications import Material
from models.rounds import Round


def take_in(
    session: Session,
    *,
    the_round: Round,
    materials: Mapping[str, Iterable[tuple[str, bytes]]],
    actor: str,
    now: datetime,
) -> int:
    """Keep the files of each candidate; one of the same name replaces the earlier. Returns how many are new."""
    kept: list[list[str]] = []
    for staff_no, files in materials.items():
        for name, content in files:
            sha256 = documents.keep(session, content)
            material = session.get(Material, (the_round.id, staff_no, name))
            if material is None or material.sha256 != sha256:
                session.merge(Material(round_id=the_round.id, staff_no=staff_no, name=name, sha256=sha256))
                kept.append([staff_no, name, sha256])
    if kept:
        detail: dict[str, object] = {"files": kept}
        history.record(session, chain=the_round.id, actor=actor, deed="materials.taken_in", now=now, detail=detail)
    return len(kept)
