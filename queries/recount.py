"""Compare what is stored of a round with what a recount of its bundle gives; every difference in words."""

from collections.abc import Iterator, Mapping

from sqlmodel import Session

from models.rounds import Round
from queries import results, stages
from rules import course
from rules.rounds import Decision
from rules.screening import Screened
from rules.texts import Text, _


def findings(session: Session, *, the_round: Round, decision: Decision) -> list[Text]:
    """Return where the stored verdicts, seats, components and outcomes differ from the recount.

    Only steps that were counted are compared, so that a running round can be verified too.
    """
    done = {s.key: s for s in stages.of_round(session, round_id=the_round.id) if s.tallied_at}
    found: list[Text] = []
    if course.SCREENING in done:
        found += _screening(results.screened(session, round_id=the_round.id), decision.screened)
        stored = {line: a.seats for line, a in results.seats(session, round_id=the_round.id).items()}
        found += _values(_("名额"), stored, decision.allotment.seats)
    if course.APPLICATIONS in done:
        found += _results(session, the_round, decision, set(done))
    return found


def _screening(stored: list[Screened], counted: list[Screened]) -> Iterator[Text]:
    there = {s.staff_no: s for s in stored}
    for s in counted:
        now = there.pop(s.staff_no, None)
        if now is None:
            yield Text(_("资格审查：{staff_no} 的结论缺失"), {"staff_no": s.staff_no})
            continue
        yield from _values(_("资格审查"), _flat(now), _flat(s), of=s.staff_no)
    for staff_no in there:
        yield Text(_("资格审查：{staff_no} 不应有结论"), {"staff_no": staff_no})


def _flat(s: Screened) -> dict[str, object]:
    verdicts = {v.rule: f"{v.verdict} {v.value} {v.threshold}" for v in s.verdicts}
    return {"eligible": s.eligible, "channel": s.channel, "qualifies_on": s.qualifies_on, **verdicts}


def _results(session: Session, the_round: Round, decision: Decision, done: set[str]) -> Iterator[Text]:
    components = results.components(session, round_id=the_round.id)
    stored = {r.staff_no: r for r in results.of_round(session, round_id=the_round.id)}
    final = course.FINAL in done
    for staff_no, wanted in decision.results.items():
        there = stored.pop(staff_no, None)
        counted = {key: value for key, value in wanted.components.items() if key.partition(".")[0] in done}
        yield from _values(_("成绩"), components.get(staff_no, {}), counted, of=staff_no)
        if there is None:
            yield Text(_("成绩：{staff_no} 的结果缺失"), {"staff_no": staff_no})
            continue
        expected = {
            "outcome": course.outcome_after(wanted.outcome, done),
            "rank": wanted.rank if final else None,
            "final": wanted.final if final else None,
        }
        yield from _values(_("结果"), {k: getattr(there, k) for k in expected}, expected, of=staff_no)
    for staff_no in stored:
        yield Text(_("成绩：{staff_no} 不应有结果"), {"staff_no": staff_no})


def _values(what: str, stored: Mapping[str, object], counted: Mapping[str, object], *, of: str = "") -> Iterator[Text]:
    for key in sorted({*stored, *counted}):
        if stored.get(key) != counted.get(key):
            said = {"what": Text(what), "of": of, "key": key, "stored": stored.get(key), "counted": counted.get(key)}
            yield Text(_("{what}：{of} {key} 存的是 {stored}，重新计算是 {counted}"), said)
