"""Compare what is stored of a round with what a recount of its bundle gives; every difference in words."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from typing import Any, Final

from sqlmodel import Session

from kit.canonical import json_text
from models.results import Result
from models.rounds import Round
from models.stages import Stage
from queries import results, stages
from queries.people import frozen_part
from rules import course
from rules.outcomes import WORDS
from rules.rounds import Counted, Decision, PersonResult
from rules.screening import RuleVerdict, Screened
from rules.texts import Text, _

LONGEST: Final = 100
"""So much of a larger value is shown."""

NAMES: Final[Mapping[str, str]] = {
    "eligible": _("是否符合资格"),
    "channel": _("通道"),
    "qualifies_on": _("可符合资格之日"),
    "outcome": _("去向"),
    "decided_at": _("定下去向的环节"),
    "rank": _("名次"),
    "final": _("综合成绩"),
    "seats": _("名额"),
    "heads": _("人数"),
}
"""What is compared, in words; rules, components and lines go by their own keys."""


def findings(session: Session, *, the_round: Round, decision: Decision) -> list[Text]:
    """Return where the stored verdicts, seats, scores, outcomes and their arithmetic differ from the recount.

    Only steps that were counted are compared, so that a running round can be verified too.
    """
    done = {s.key: s for s in stages.of_round(session, round_id=the_round.id) if s.tallied_at}
    found: list[Text] = []
    if course.SCREENING in done:
        found += _screening(results.screened(session, round_id=the_round.id), decision.screened)
        found += _seats(session, the_round, done[course.SCREENING], decision)
    if course.APPLICATIONS in done:
        found += _results(session, the_round, decision, done)
        found += _stages(session, decision, done)
    if course.FINAL in done:
        stored = json.loads(done[course.FINAL].working)
        found += _changed(Text(_("综合成绩：名次与名额的计算过程")), stored, decision.working)
    return _named(session, the_round, found)


def _named(session: Session, the_round: Round, found: list[Text]) -> list[Text]:
    """Return findings in which people go by name and number, as the frozen directory has them."""
    people = {p.staff_no: p.name for p in frozen_part(session, round_id=the_round.id, part="people")} if found else {}

    def named(text: Text) -> Text:
        return Text(text.template, {key: shown(key, value) for key, value in text.values.items()})

    def shown(key: str, value: object) -> object:
        if isinstance(value, Text):
            return named(value)
        return f"{people[value]} {value}" if key in {"staff_no", "of"} and value in people else value

    return [named(text) for text in found]


def _screening(stored: list[Screened], counted: list[Screened]) -> Iterator[Text]:
    there = {s.staff_no: s for s in stored}
    for s in counted:
        now = there.pop(s.staff_no, None)
        if now is None:
            yield Text(_("资格审查：{staff_no} 的结论缺失"), {"staff_no": s.staff_no})
            continue
        yield from _values(_("资格审查"), _flat(now), _flat(s), of=s.staff_no)
        yield from _grounds(now, s)
    for staff_no in there:
        yield Text(_("资格审查：{staff_no} 不应有结论"), {"staff_no": staff_no})


def _flat(s: Screened) -> dict[str, object]:
    verdicts = {v.rule: f"{v.verdict} {v.value} {v.threshold}" for v in s.verdicts}
    return {"eligible": s.eligible, "channel": s.channel, "qualifies_on": s.qualifies_on, **verdicts}


def _grounds(stored: Screened, counted: Screened) -> Iterator[Text]:
    """Say whose sources or facts were changed; what an earlier release did not note is no change."""
    there = {v.rule: v for v in stored.verdicts}
    for wanted in counted.verdicts:
        if now := there.get(wanted.rule):
            what = Text(_("资格审查：{staff_no} {rule} 的依据"), {"staff_no": counted.staff_no, "rule": wanted.rule})
            yield from _changed(what, _noted(now, now.facts), _noted(wanted, now.facts))


def _noted(verdict: RuleVerdict, facts: Iterable[str]) -> dict[str, object]:
    """Return the sources of a verdict, and those of its facts that were noted."""
    return {"sources": verdict.sources, **{key: verdict.facts.get(key) for key in facts}}


def _seats(session: Session, the_round: Round, stage: Stage, decision: Decision) -> Iterator[Text]:
    stored = results.seats(session, round_id=the_round.id)
    for line, seats in decision.allotment.seats.items():
        there = stored.pop(line, None)
        counted = {"seats": seats, "heads": decision.heads.get(line)}
        now = {"seats": there.seats, "heads": there.heads} if there else {}
        yield from _values(_("名额"), now, counted, of=line)
    for line in stored:
        yield Text(_("名额：{line} 不是本轮的业务线"), {"line": line})
    yield from _changed(Text(_("名额：分配过程")), json.loads(stage.working).get("seats"), decision.allotment.working)


def _results(session: Session, the_round: Round, decision: Decision, done: Mapping[str, Stage]) -> Iterator[Text]:
    components = results.components(session, round_id=the_round.id)
    stored = {r.staff_no: r for r in results.of_round(session, round_id=the_round.id)}
    for staff_no in {**decision.results, **components}:
        wanted = decision.results.get(staff_no, PersonResult(staff_no))
        counted = {key: value for key, value in wanted.components.items() if key.partition(".")[0] in done}
        yield from _values(_("成绩"), components.get(staff_no, {}), counted, of=staff_no)
    for staff_no, wanted in decision.results.items():
        there = stored.pop(staff_no, None)
        if there is None:
            yield Text(_("成绩：{staff_no} 的结果缺失"), {"staff_no": staff_no})
        else:
            yield from _result(there, wanted, done)
    for staff_no in stored:
        yield Text(_("成绩：{staff_no} 不应有结果"), {"staff_no": staff_no})


def _result(there: Result, wanted: PersonResult, done: Mapping[str, Stage]) -> Iterator[Text]:
    final = course.FINAL in done
    outcome = course.outcome_after(wanted.outcome, done)
    decided = done.get(_decided_by(outcome)) if outcome else None
    expected = {
        "outcome": outcome,
        "decided_at": decided.position if decided else None,
        "rank": wanted.rank if final else None,
        "final": wanted.final if final else None,
    }
    yield from _values(_("结果"), {k: getattr(there, k) for k in expected}, expected, of=wanted.staff_no)
    what = Text(_("结果：{staff_no} 综合成绩的计算过程"), {"staff_no": wanted.staff_no})
    yield from _changed(what, json.loads(there.working), wanted.working if final else {})


def _decided_by(outcome: str) -> str:
    kind, _colon, stage = outcome.partition(":")
    if kind == "eliminated" and stage != "final":
        return stage
    return course.APPLICATIONS if kind in {"withdrawn", "early", "late", "ineligible"} else course.FINAL


def _stages(session: Session, decision: Decision, done: Mapping[str, Stage]) -> Iterator[Text]:
    """Compare how each stage was counted, candidate by candidate."""
    ids = {stage.id: key for key, stage in done.items() if not key.startswith("_")}
    for stage_id, stored in results.stage_workings(session, stage_ids=list(ids)).items():
        key = ids[stage_id]
        counted = {no: r.stages[key] for no, r in decision.results.items() if key in r.stages}
        for staff_no in sorted({*stored, *counted}):
            said = {"staff_no": staff_no, "stage": done[key].name}
            what = Text(_("成绩：{staff_no} 在“{stage}”的计算过程"), said)
            yield from _changed(what, _told(stored.get(staff_no)), _told(counted.get(staff_no)))


def _told(counted: Counted | None) -> dict[str, object] | None:
    return {"left": counted[0], "working": counted[1]} if counted else None


def _changed(what: Text, stored: object, counted: object) -> Iterator[Text]:
    """Say where two workings differ first, and what stands there in each."""
    pair = (_normal(json.loads(json_text(stored))), _normal(json.loads(json_text(counted))))
    if found := next(_differences("", *pair), None):
        way, there, wanted = found
        said = {"what": what, "way": way or Text(_("全部")), "stored": _shown(there), "counted": _shown(wanted)}
        yield Text(_("{what}被改动过：{way} 存的是 {stored}，重新计算是 {counted}"), said)


def _differences(way: str, stored: Any, counted: Any) -> Iterator[tuple[str, object, object]]:  # noqa: ANN401 - JSON
    """Yield every place in which two values differ: the way to it, and what stands there in each."""
    if isinstance(stored, dict) and isinstance(counted, dict):
        for key in sorted({*stored, *counted}):
            yield from _differences(f"{way}.{key}".lstrip("."), stored.get(key), counted.get(key))
    elif isinstance(stored, list) and isinstance(counted, list):
        for n, pair in enumerate(zip_longest(stored, counted)):
            yield from _differences(f"{way}[{n}]", *pair)
    elif stored != counted:
        yield way, stored, counted


def _normal(value: Any) -> Any:  # noqa: ANN401 - anything that JSON can say
    """Return a value in which people who stand level are named in one order, whatever the database's order is."""
    if isinstance(value, dict):
        return {key: _normal(v) for key, v in value.items()}
    if isinstance(value, list):
        items = [_normal(v) for v in value]
        return sorted(items) if all(isinstance(v, str) for v in items) else items
    return value


def _values(what: str, stored: Mapping[str, object], counted: Mapping[str, object], *, of: str = "") -> Iterator[Text]:
    for key in sorted({*stored, *counted}):
        if stored.get(key) != counted.get(key):
            said = {
                "what": Text(what),
                "of": of,
                "key": Text(NAMES[key]) if key in NAMES else key,
                "stored": _shown(stored.get(key)),
                "counted": _shown(counted.get(key)),
            }
            yield Text(_("{what}：{of} {key} 存的是 {stored}，重新计算是 {counted}"), said)


def _shown(value: object) -> object:
    if isinstance(value, dict | list):
        return json_text(value)[:LONGEST]
    if isinstance(value, bool):
        return Text(_("是")) if value else Text(_("否"))
    return Text(_("（空）")) if value is None else Text(WORDS.get(str(value), "{value}"), {"value": str(value)})
