"""What the API can do: the OpenAPI document for programs, and the same as a page for people; both need no token."""

from functools import cache
from importlib.metadata import version
from typing import Any, Final

from fastapi import Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse

from kit.i18n import gettext, in_language, language
from rules import scopes
from rules.access import Act
from rules.texts import _
from web.api import (
    applications,
    described,
    documents,
    examples,
    marks,
    own_applications,
    people,
    personnel_records,
    results,
    rounds,
    sheets,
    training,
)
from web.api.admission import ASKED
from web.api.faults import KINDS
from web.api.shapes.common import Problem
from web.doors import Doors
from web.visit import Visit

doors: Final = Doors()

DESCRIBED: Final = (
    rounds.doors,
    people.doors,
    personnel_records.doors,
    applications.doors,
    own_applications.doors,
    marks.doors,
    training.doors,
    sheets.doors,
    results.doors,
    documents.doors,
)
TAGS: Final = {
    "rounds": _("轮次"),
    "people": _("人员"),
    "applications": _("报名"),
    "marks": _("评分"),
    "results": _("结果"),
}
ABOUT: Final = _(
    "精确的数是文字，不是浮点数；时刻是带时区的 ISO 8601；日期是 YYYY-MM-DD。令牌以 Bearer 提供。"
    "出错时按 RFC 9457 回答（application/problem+json），语言由 Accept-Language 决定（zh 或 en）。"
)


@doors.get("/api/v1/openapi.json", act=Act.READ_REFERENCE, name="openapi")
def openapi(visit: Visit) -> Response:
    """Hand out the OpenAPI document."""
    del visit  # everybody may read it
    return JSONResponse(document(language()))


@doors.get("/api/v1/docs", act=Act.READ_REFERENCE, name="api_reference")
def api_reference(visit: Visit) -> Response:
    """Show the same for people."""
    told = document(language())
    groups: dict[str, list[described.Operation]] = {tag: [] for tag in TAGS}
    for path, methods in told["paths"].items():
        for method, one in methods.items():
            groups[one["tags"][0]].append(described.operation(told, method, path, one))
    words = [(str(scope), gettext(word)) for scope, word in scopes.SCOPES.items()]
    names = {tag: gettext(word) for tag, word in TAGS.items()}
    return visit.page(
        "api_reference.html", groups=groups, names=names, words=words, kinds=KINDS, limit=ASKED.per_minute
    )


@cache
def document(spoken: str = "zh") -> dict[str, Any]:
    """Return the OpenAPI document in a language."""
    with in_language(spoken):
        told = get_openapi(
            title=gettext("竞聘接口"),
            version=version("jingpin"),
            description=gettext(ABOUT),
            routes=[route for router in DESCRIBED for route in router.routes],
            tags=[{"name": tag, "description": gettext(word)} for tag, word in TAGS.items()],
        )
        components = told.setdefault("components", {})
        components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        components["schemas"] |= {**problem.pop("$defs", {}), "Problem": problem}
        _translate(told["paths"])
        _translate(components["schemas"])
        examples.add_to(told)
    return told


def _translate(part: Any) -> None:  # noqa: ANN401 - a part of the document
    """Say summaries, descriptions and examples in the language in force; several lines are as many texts."""
    if isinstance(part, list):
        for one in part:
            _translate(one)
    if not isinstance(part, dict):
        return
    for key, value in part.items():
        if key in {"summary", "description"} and isinstance(value, str):
            part[key] = "\n".join(map(gettext, value.split("\n")))
        elif key == "examples" and isinstance(value, list):
            part[key] = [gettext(one) if isinstance(one, str) else one for one in value]
        else:
            _translate(value)
