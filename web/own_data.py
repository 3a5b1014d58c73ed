"""Put together a person's own copy of what is kept about them."""

import json
from collections.abc import Iterator
from typing import Any

from sqlmodel import SQLModel

from kit.jinja import day_time
from kit.pdf import Attached
from models.accounts import Account
from models.results import Result
from queries import decided, handovers, own_data, results
from reports import own_data as reports
from reports import requirements
from rules import course, disclosure
from rules.handovers import file_name
from web.looks import ZONE
from web.own_rounds import OwnRound, live_rounds, of_rounds
from web.visit import Visit

SECRET = {"password", "totp_secret", "totp_step", "id", "subject"}
"""Columns of an account that are no information about the person."""


def files(visit: Visit, staff_no: str) -> Iterator[tuple[str, bytes]]:
    """Yield every file of the copy."""
    person = own_data.person(visit.session, staff_no=staff_no)
    name = person.name if person else visit.me.name
    yield "README.txt", reports.read_me(name, day_time(visit.now, ZONE)).encode()
    for made in _about(visit, staff_no):
        yield made.name, made.content
    for own in of_rounds(visit, [the_round for the_round, _step in live_rounds(visit)]):
        for path, content in _of_round(visit, own):
            yield f"rounds/{own.the_round.code.replace('/', '_')}/{path}", content


def _about(visit: Visit, staff_no: str) -> Iterator[Attached]:
    session = visit.session
    person, account = own_data.person(session, staff_no=staff_no), own_data.account(session, staff_no=staff_no)
    roles = sorted(visit.me.roles)
    yield reports.facts("person", {"person": _row(person), "account": {**_account(account), "roles": roles}})
    for book, rows in own_data.records(session, staff_no=staff_no).items():
        yield reports.table(book, own_data.fields(book), [tuple(_plain(v) for v in row) for row in rows])
    seen = own_data.viewings(session, staff_no=staff_no)
    yield reports.table("viewings", ("at", "page", "round"), [(v.at.isoformat(), v.page, v.round_code) for v in seen])
    letters = own_data.messages(session, staff_no=staff_no)
    rows = [(m.written_at.isoformat(), m.address, m.state, m.subject, m.body) for m in letters]
    yield reports.table("messages", ("written_at", "address", "state", "subject", "body"), rows)


def _row(row: SQLModel | None) -> dict[str, Any]:
    return row.model_dump(mode="json") if row else {}


def _account(account: Account | None) -> dict[str, Any]:
    return {key: value for key, value in _row(account).items() if key not in SECRET}


def _plain(value: object) -> object:
    return format(value, "f") if hasattr(value, "as_tuple") else value


def _of_round(visit: Visit, own: OwnRound) -> Iterator[tuple[str, bytes]]:
    """Yield what is kept of one round; scores only once they are public."""
    session, the_round = visit.session, own.the_round
    made = [reports.facts("screening", _screening(own)), reports.facts("application", _row(own.application))]
    told = own_data.entries(session, the_round=the_round, staff_no=own.staff_no)
    made.append(reports.facts("history", [_entry(visit, e) for e in told if own.published or e.deed in OWN_DEEDS]))
    made.append(reports.facts("hearings", [_hearing(h) for h in own.hearings]))
    if own.published:
        made.append(reports.facts("result", _result(visit, own)))
        for paper in own_data.papers(session, the_round=the_round, staff_no=own.staff_no):
            yield paper.name, decided.content(session, document=paper)
    for one in made:
        yield one.name, one.content
    for version in own.versions:
        ending = version.name.rpartition(".")[2]
        name = file_name(f"{version.slot} v{version.version} {version.state}", ending)
        yield f"materials/{name}", handovers.content(session, sha256=version.sha256)


OWN_DEEDS = {*handovers.RECEIPTS, "materials.returned", "hearing.answered", "hearing.withdrawn", "data.exported"}
"""Deeds that may be told before the result is public: the person's own, and the answers to them."""


def _screening(own: OwnRound) -> dict[str, Any]:
    if own.screened is None:
        return {}
    rules = [
        {
            "rule": v.rule,
            "requirement": requirements.requirement(own.policy, v.rule),
            "verdict": v.verdict,
            "value": v.value,
            "reason": requirements.reason(v),
            "sources": [list(source) for source in v.sources],
        }
        for v in own.screened.verdicts
    ]
    return {
        "as_of": own.policy.as_of,
        "eligible": own.screened.eligible,
        "channel": own.screened.channel,
        "qualifies_on": own.screened.qualifies_on,
        "rules": rules,
    }


def _entry(visit: Visit, entry: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of the history
    """Return an entry without the name of whoever else acted, and without what they wrote of others."""
    mine = entry.actor == visit.actor
    said = {"number": entry.number, "at": entry.at.isoformat(), "deed": entry.deed, "hash": entry.hash}
    return {**said, "by_myself": mine, "detail": json.loads(entry.detail) if mine else {}}


def _hearing(hearing: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of the hearings
    row = _row(hearing)
    return {key: row[key] for key in ("number", "kind", "ground", "received_at", "state", "answer", "upheld")}


def _result(visit: Visit, own: OwnRound) -> dict[str, Any]:
    session, round_id = visit.session, own.the_round.id
    result = session.get(Result, (round_id, own.staff_no))
    if result is None:
        return {}
    rows = own_data.of_round(session, the_round=own.the_round, staff_no=own.staff_no)
    components = results.components(session, round_id=round_id, staff_no=own.staff_no).get(own.staff_no, {})
    return {
        "outcome": disclosure.disclosed(
            result.outcome, steps=[(s.key, s.state) for s in own.steps], stage_keys=[s.key for s in own.policy.stages]
        ),
        "final": None if result.final is None else format(result.final, "f"),
        "rank": result.rank,
        "working": json.loads(result.working),
        "components": {key: format(value, "f") for key, value in components.items()},
        "stages": dict(_stages(visit, own)),
        **{name: [_row(r) for r in found] for name, found in rows.items()},
    }


def _stages(visit: Visit, own: OwnRound) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield how each stage that the person was in was counted."""
    ids = {s.id: s.key for s in own.steps if s.key not in course.NAMES}
    for stage_id, people in results.stage_workings(visit.session, stage_ids=list(ids), staff_no=own.staff_no).items():
        if own.staff_no in people:
            left, working = people[own.staff_no]
            yield ids[stage_id], {"left": left, "working": reports.without_reviewers(working)}
