"""Rounds and their steps."""

from typing import Annotated, Final

from fastapi import Path, Query, Response
from pydantic.json_schema import SkipJsonSchema

from models.rounds import Round
from models.stages import Stage
from queries import listings, stages
from queries import rounds as reads
from rules.access import Act
from rules.scopes import Scope
from web.api.doors import ApiDoors, Call, etag
from web.api.shapes import Code, Limit, Page, RoundOut, RoundWhole, StageOut, StagesOut

doors: Final = ApiDoors("rounds")


@doors.door("GET", "/rounds", act=Act.SEE_ROUND, scope=Scope.ROUNDS_READ, answer=Page[RoundOut])
def list_rounds(
    call: Call, after: Annotated[Code | SkipJsonSchema[None], Query()] = None, limit: Annotated[Limit, Query()] = 50
) -> Response:
    """List rounds, by code."""
    found = listings.rounds(call.session, after=after or "", limit=limit + 1)
    call.saw("rounds")
    return call.answer(
        Page[RoundOut](items=[_round(r) for r in found[:limit]], next=found[limit - 1].code if found[limit:] else None)
    )


@doors.door(
    "GET",
    "/rounds/{code}",
    act=Act.SEE_ROUND,
    scope=Scope.ROUNDS_READ,
    answer=RoundWhole,
    refusals=(404,),
    tagged=True,
)
def get_round(call: Call, code: Annotated[Code, Path()]) -> Response:
    """Read one round with its steps and how many people it has."""
    the_round = call.round_of(code)
    numbers = reads.numbers(call.session, round_id=the_round.id)
    told = {**_round(the_round).model_dump(), **numbers, "stages": _stages(call, the_round)}
    body = RoundWhole.model_validate({field: told[field] for field in RoundWhole.model_fields})
    return call.answer(body, tag=etag(body.model_dump(mode="json")))


@doors.door(
    "GET",
    "/rounds/{code}/stages",
    act=Act.SEE_ROUND,
    scope=Scope.ROUNDS_READ,
    answer=StagesOut,
    refusals=(404,),
)
def list_stages(call: Call, code: Annotated[Code, Path()]) -> Response:
    """List the steps of a round, in order."""
    return call.answer(StagesOut(items=_stages(call, call.round_of(code))))


def _round(the_round: Round) -> RoundOut:
    return RoundOut.model_validate({f: getattr(the_round, f) for f in RoundOut.model_fields})


def _stages(call: Call, the_round: Round) -> list[StageOut]:
    return [_stage(s) for s in stages.of_round(call.session, round_id=the_round.id)]


def _stage(stage: Stage) -> StageOut:
    return StageOut.model_validate({f: getattr(stage, f) for f in StageOut.model_fields})
