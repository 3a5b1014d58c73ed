"""What a replay leaves behind: results.json, the documents, the history; and what it says at the end."""

import json
import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlmodel import Session

from cli import conducting, show
from kit.i18n import gettext as _
from kit.i18n import labelled
from models.rounds import Round
from queries import audit, decided, people, results, stages
from reports import outcomes
from rules import rounds as law
from tasks.terms import policy_of

DOCUMENTS = "documents"

_ENCODER = json.JSONEncoder(ensure_ascii=False)


def write_out(session: Session, the_round: Round, out: Path) -> None:
    """Write results.json, the documents and the history of a round into a directory."""
    _write(out / "results.json", _json(results_of(session, the_round)))
    write_documents(session, the_round, out / DOCUMENTS)
    lines = [
        json.dumps(_entry(e), ensure_ascii=False, sort_keys=True) for e in audit.entries(session, chain=the_round.id)
    ]
    _write(out / "history.jsonl", ("\n".join(lines) + "\n").encode())


def results_of(session: Session, the_round: Round) -> dict[str, Any]:
    """Return a round's results as ``results.json`` says them."""
    policy = policy_of(the_round)
    return law.results_json(policy, decided.decision(session, the_round=the_round, policy=policy))


def write_documents(session: Session, the_round: Round, directory: Path) -> int:
    """Write every filed document into a directory, each candidate's own in a folder below; return how many.

    Of several versions the last has the plain name.
    """
    documents = decided.documents(session, round_id=the_round.id)
    last = {(d.kind, d.staff_no, d.media_type): d.version for d in sorted(documents, key=lambda d: d.version)}
    for document in documents:
        folder = directory / _("个人结果") if document.staff_no else directory
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / document.name
        if document.version != last[document.kind, document.staff_no, document.media_type]:
            file = file.with_stem(_("{name}（第 {n} 版）").format(name=file.stem, n=document.version))
        _write(file, decided.content(session, document=document))
    return len(documents)


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    os.replace(part, path)  # noqa: PTH105 - Path.replace is the same


def _json(parts: Mapping[str, object]) -> bytes:
    """Return JSON with one person a line: quick to write and read, and easy to compare with another."""
    said = [f"{_ENCODER.encode(name)}: {_lines(part)}" for name, part in parts.items()]
    return ("{\n" + ",\n".join(said) + "\n}\n").encode()


def _lines(part: object) -> str:
    if isinstance(part, list) and part:
        return "[\n" + ",\n".join(map(_ENCODER.encode, part)) + "\n]"
    return _ENCODER.encode(part)


def _entry(entry: Any) -> dict[str, Any]:  # noqa: ANN401 - an entry of the history
    said: dict[str, Any] = entry.model_dump(mode="json")
    return {**said, "at": entry.at.isoformat(timespec="microseconds"), "detail": json.loads(entry.detail)}


def tell_outcome(session: Session, the_round: Round, out: Path) -> None:
    """Say what was decided and where the documents lie."""
    show.line()
    tell_results(session, the_round)
    show.line(_("结果与留痕：{out}").format(out=out / "results.json"))
    if (out / DOCUMENTS).exists():
        show.line(_("文档：{out}").format(out=out / DOCUMENTS))
    for stage in stages.of_round(session, round_id=the_round.id):
        if why := conducting.why_blocked(stage):
            show.problem(labelled(_(stage.name), why))


def tell_results(session: Session, the_round: Round) -> None:
    """Say what was decided so far: the seats, how many stand where, who is selected."""
    policy = policy_of(the_round)
    show.line(f"{the_round.code}  {the_round.title}")
    seats = results.seats(session, round_id=the_round.id)
    by_line = _("，").join(f"{policy.lines[line]} {a.seats}" for line, a in seats.items())
    show.line(_("名额：{seats}").format(seats=by_line))
    rows = results.of_round(session, round_id=the_round.id)
    counts = Counter(r.outcome or "" for r in rows)
    if rows:
        show.line(_("报名 {n} 人：{counts}").format(n=len(rows), counts=_in_words(policy, counts)))
    _tell_selected(session, the_round, rows)


def _in_words(policy: Any, counts: Counter[str]) -> str:  # noqa: ANN401 - a policy
    return _("，").join(f"{outcomes.outcome(policy, outcome)} {n}" for outcome, n in sorted(counts.items()))


def _tell_selected(session: Session, the_round: Round, rows: Any) -> None:  # noqa: ANN401 - results
    chosen = sorted((r for r in rows if r.outcome in {"selected", "tied"}), key=lambda r: (r.rank, r.staff_no))
    if not chosen:
        return
    persons = people.frozen_part(session, round_id=the_round.id, part="people")
    names = {p.staff_no: p for p in persons}
    policy = policy_of(the_round)
    table = [
        {
            "rank": r.rank,
            "name": names[r.staff_no].name,
            "staff_no": r.staff_no,
            "line": policy.lines[names[r.staff_no].business_line],
            "final": format(r.final, "f"),
            "outcome": outcomes.outcome(policy, r.outcome),
        }
        for r in chosen
    ]
    columns = {
        "rank": _("名次"),
        "name": _("姓名"),
        "staff_no": _("工号"),
        "line": _("业务线"),
        "final": _("综合成绩"),
        "outcome": _("结果"),
    }
    show.table(table, columns=columns, json_wanted=False, empty="")
