"""The web application. For now one page without personal data: which rounds there are and where they stand."""

from pathlib import Path
from zoneinfo import ZoneInfo

from fastapi import FastAPI, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from prometheus_client import CONTENT_TYPE_LATEST

from kit.i18n import gettext
from models.database import reading
from queries import rounds
from web import metrics

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
)
TEMPLATES.globals["_"] = gettext

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def make_app() -> FastAPI:
    """Return the application; it works while Prefect is down, because it only reads our database."""
    app = FastAPI(title="Jingpin", docs_url=None, redoc_url=None, openapi_url=None)
    app.get("/healthz", name="health")(health)
    app.get("/metrics", name="metrics", response_class=Response)(numbers)
    app.get("/", name="start", response_class=HTMLResponse)(start)
    return app


def health() -> dict[str, str]:
    """Answer that the process lives and the database can be read."""
    with reading() as session:
        rounds.all_rounds(session)
    return {"status": "ok"}


def numbers() -> Response:
    """Answer with the metrics; they name nobody."""
    return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST, headers=HEADERS)


def start() -> Response:
    """Show every round and the step at which it stands."""
    with reading() as session:
        rows = [
            {
                "code": r.code,
                "title": r.title,
                "state": r.state,
                "stage": s.name if s and r.state == "running" else "",
                "closes_at": s.closes_at.astimezone(ZoneInfo(r.time_zone)) if s and s.closes_at else None,
            }
            for r, s in rounds.all_rounds(session)
        ]
    return HTMLResponse(TEMPLATES.get_template("start.html").render(rounds=rows), headers=HEADERS)
