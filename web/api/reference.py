"""What the API can do: the OpenAPI document for programs, and the same as a page for people; both need no token."""

from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from typing import Any, Final, NamedTuple

from fastapi import Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse

from kit.i18n import gettext
from rules import scopes
from rules.access import Act
from rules.texts import _
from web.api import applications, marks, people, results, rounds
from web.doors import Doors
from web.visit import Visit

doors: Final = Doors()

DESCRIBED: Final = (rounds.doors, people.doors, applications.doors, marks.doors, results.doors)
METHODS: Final = ("get", "put", "post", "delete")
TAGS: Final = {
    "rounds": _("轮次"),
    "people": _("人员"),
    "applications": _("报名"),
    "marks": _("评分"),
    "results": _("结果"),
}


class Field(NamedTuple):
    """One thing that is sent: its name, where it stands, its form in words, whether it is needed."""

    name: str
    place: str
    form: str
    needed: bool


class Operation(NamedTuple):
    """One operation as people read it."""

    method: str
    path: str
    summary: str
    description: str
    scope: str
    fields: list[Field]
    answers: list[tuple[str, str]]


@doors.get("/api/v1/openapi.json", act=Act.READ_REFERENCE, name="openapi")
def openapi(visit: Visit) -> Response:
    """Hand out the OpenAPI document."""
    del visit  # everybody may read it
    return JSONResponse(document())


@doors.get("/api/v1/docs", act=Act.READ_REFERENCE, name="api_reference")
def api_reference(visit: Visit) -> Response:
    """Show the same for people."""
    told = document()
    groups: dict[str, list[Operation]] = {tag: [] for tag in TAGS}
    for path, methods in told["paths"].items():
        for method in METHODS:
            if method in methods:
                groups[methods[method]["tags"][0]].append(_operation(told, method, path, methods[method]))
    words = [(str(scope), gettext(word)) for scope, word in scopes.SCOPES.items()]
    names = {tag: gettext(word) for tag, word in TAGS.items()}
    return visit.page("api_reference.html", groups=groups, names=names, words=words)


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document."""
    told = get_openapi(
        title="Jingpin",
        version=version("jingpin"),
        description="Exact numbers are texts, instants are ISO 8601 with their zone. Send the token as a Bearer.",
        routes=[route for router in DESCRIBED for route in router.routes],
    )
    schemes = {"bearer": {"type": "http", "scheme": "bearer"}}
    told.setdefault("components", {})["securitySchemes"] = schemes
    return told


def _operation(told: Mapping[str, Any], method: str, path: str, one: Mapping[str, Any]) -> Operation:
    fields = [
        Field(p["name"], p["in"], _form(told, p["schema"]), p.get("required", False)) for p in one.get("parameters", [])
    ]
    body = one.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if body:
        fields += _fields_of(told, body, "body", 0)
    answers = [(status, answer["description"]) for status, answer in sorted(one["responses"].items())]
    return Operation(method.upper(), path, one["summary"], one.get("description", ""), one["x-scope"], fields, answers)


def _fields_of(told: Mapping[str, Any], schema: Mapping[str, Any], place: str, depth: int) -> list[Field]:
    schema = _resolved(told, schema)
    found: list[Field] = []
    for name, inner in schema.get("properties", {}).items():
        full = f"{place}.{name}"
        found.append(Field(name, place, _form(told, inner), name in schema.get("required", [])))
        items = _resolved(told, inner).get("items")
        if items and depth == 0:
            found += _fields_of(told, items, f"{full}[]", 1)
    return found


def _resolved(told: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" in schema:
        found: Mapping[str, Any] = told["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return found
    return schema


def _form(told: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """Return the form of a value in a few words."""
    schema = _resolved(told, schema)
    if "anyOf" in schema:
        return " | ".join(_form(told, one) for one in schema["anyOf"])
    if "const" in schema:
        return f'"{schema["const"]}"'
    if "enum" in schema:
        return " | ".join(f'"{word}"' for word in schema["enum"])
    kind = str(schema.get("format") or schema.get("type", ""))
    bounds = [
        f"{sign} {schema[key]}"
        for key, sign in (("minimum", "≥"), ("maximum", "≤"), ("maxLength", "≤"), ("maxItems", "≤"))
        if key in schema
    ]
    return f"{kind} ({', '.join(bounds)})" if bounds else kind
