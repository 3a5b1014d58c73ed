"""Rounds: their steps, seats, the policy they run under, their history."""

import json
from typing import Annotated, Any, Final

from fastapi import Path, Query, Response
from pydantic.json_schema import SkipJsonSchema

from models.history import Entry
from models.rounds import Round
from models.stages import Stage
from queries import histories, listings, results, signatures, stages
from queries import rounds as reads
from queries.listings import Kept
from rules.access import Act
from rules.policies import Policy, ReviewTerms, TrainingTerms
from rules.scopes import Scope
from rules.texts import _
from web.api.call import Call, etag
from web.api.doors import ApiDoors
from web.api.shapes.common import Code, Limit, Listed, Page
from web.api.shapes.rounds import CriterionOut, EntryOut, LineOut, PolicyOut, RoundOut, RoundWhole, StageOut

doors: Final = ApiDoors("rounds")
Begin = Annotated[str, Query(pattern=r"^[0-9]{1,9}$", description=_("从这一条之后开始；0 为从头"))]


@doors.door(
    "GET",
    "/rounds",
    act=Act.SEE_ROUND,
    scope=Scope.ROUNDS_READ,
    says=_(
        "列出轮次，按编号。history_length 变大的轮次有了新的事；带上读到的 ETag（If-None-Match），没有变化就不再发送。"
    ),
    answer=Page[RoundOut],
    tagged=True,
)
def list_rounds(
    call: Call, after: Annotated[Code | SkipJsonSchema[None], Query()] = None, limit: Annotated[Limit, Query()] = 50
) -> Response:
    """List rounds, by code."""
    found = listings.rounds(call.session, after=after or "", limit=limit + 1)
    call.saw("rounds")
    body = Page[RoundOut].of(
        found, limit, shown=lambda one: RoundOut.model_validate(_round(one)), key=lambda one: one.the_round.code
    )
    return call.versioned(body)


@doors.door(
    "GET",
    "/rounds/{code}",
    act=Act.SEE_ROUND,
    scope=Scope.ROUNDS_READ,
    says=_("读取一轮：各环节的状态和期限、评分项、业务线和名额、人数"),
    answer=RoundWhole,
    refusals=("not_found",),
    tagged=True,
)
def get_round(call: Call, code: Annotated[Code, Path()]) -> Response:
    """Read one round with its steps, its seats and how many people it has."""
    the_round = call.round_of(code)
    one = Kept(the_round, signatures.head(call.session, round_id=the_round.id).length)
    policy, numbers = call.policy_of(the_round), reads.numbers(call.session, round_id=the_round.id)
    told = {**_round(one), **numbers, "stages": _stages(call, the_round), "lines": _lines(call, the_round, policy)}
    body = RoundWhole.model_validate({field: told[field] for field in RoundWhole.model_fields})
    return call.versioned(body)


@doors.door(
    "GET",
    "/rounds/{code}/stages",
    act=Act.SEE_ROUND,
    scope=Scope.ROUNDS_READ,
    says=_("列出一轮的环节，依次"),
    answer=Listed[StageOut],
    refusals=("not_found",),
    tagged=True,
)
def list_stages(call: Call, code: Annotated[Code, Path()]) -> Response:
    """List the steps of a round, in order."""
    body = Listed[StageOut](items=_stages(call, call.round_of(code)))
    return call.versioned(body)


@doors.door(
    "GET",
    "/rounds/{code}/policy",
    act=Act.SEE_ROUND,
    scope=Scope.ROUNDS_READ,
    says=_("读取一轮现在执行的竞聘方案全文（policy.yaml）"),
    answer=PolicyOut,
    refusals=("not_found",),
    tagged=True,
)
def get_policy(call: Call, code: Annotated[Code, Path()]) -> Response:
    """Read the policy that a round runs under."""
    the_round = call.round_of(code)
    body = PolicyOut(sha256=the_round.policy_sha256, text=the_round.policy_text.decode())
    return call.answer(body, tag=f'"{the_round.policy_sha256}"')


@doors.door(
    "GET",
    "/rounds/{code}/history",
    act=Act.SEE_HISTORY,
    scope=Scope.HISTORY_READ,
    says=_(
        "按顺序读取一轮的留痕：谁、何时、做了什么、为什么。留痕只增不改，编号连续：记住读到的最后一条，下次从它之后读起，就不会漏掉任何变化。"
    ),
    answer=Page[EntryOut],
    refusals=("not_found",),
    tagged=True,
)
def list_history(
    call: Call, code: Annotated[Code, Path()], after: Begin = "0", limit: Annotated[Limit, Query()] = 50
) -> Response:
    """Read a round's history on from an entry; it only grows, so that nobody who does misses anything."""
    the_round = call.round_of(code)
    found = histories.onwards(call.session, chain=the_round.id, after=int(after), limit=limit + 1)
    call.saw("history", the_round=the_round)
    tag = etag(after, limit, [entry.hash for entry in found])
    return call.answer(Page[EntryOut].of(found, limit, shown=_entry, key=lambda entry: entry.number), tag=tag)


def _round(one: Kept) -> dict[str, Any]:
    """Return what is said of a round in lists and by itself."""
    there = {f: getattr(one.the_round, f) for f in RoundOut.model_fields if f != "history_length"}
    return {**there, "history_length": one.history_length}


def _stages(call: Call, the_round: Round) -> list[StageOut]:
    policy = call.policy_of(the_round)
    return [_stage(s, policy) for s in stages.of_round(call.session, round_id=the_round.id)]


def _stage(stage: Stage, policy: Policy) -> StageOut:
    terms = next((s.terms for s in policy.stages if s.key == stage.key), None)
    criteria = terms.criteria if isinstance(terms, ReviewTerms) else ()
    training = terms if isinstance(terms, TrainingTerms) else None
    own = {f: getattr(stage, f) for f in StageOut.model_fields if f not in {"criteria", "sessions", "areas"}}
    return StageOut(
        **own,
        criteria=[CriterionOut.model_validate(c) for c in criteria],
        sessions=training.sessions if training else None,
        areas=list(training.areas) if training else [],
    )


def _lines(call: Call, the_round: Round, policy: Policy) -> list[LineOut]:
    there = results.seats(call.session, round_id=the_round.id)
    return [
        LineOut(
            line=line,
            name=name,
            heads=there[line].heads if line in there else None,
            seats=there[line].seats if line in there else None,
        )
        for line, name in policy.lines.items()
    ]


def _entry(entry: Entry) -> EntryOut:
    told = {f: getattr(entry, f) for f in EntryOut.model_fields}
    return EntryOut.model_validate({**told, "detail": json.loads(entry.detail)})
