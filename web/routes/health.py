"""For machines that watch the machine: is it alive, and how is it doing. Nobody's name is in it."""

from typing import Final

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST

from models.database import reading
from queries import rounds
from web import metrics

router: Final = APIRouter(include_in_schema=False)


@router.get("/healthz", name="health")
def health() -> dict[str, str]:
    """Answer that the process lives and the database can be read: one question by an index, however many rounds."""
    with reading() as session:
        rounds.find(session, code="")
    return {"status": "ok"}


@router.get("/metrics", name="metrics", response_class=Response)
def numbers() -> Response:
    """Answer with the metrics; they name nobody."""
    return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)
