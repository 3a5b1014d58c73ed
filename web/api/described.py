"""An operation of the OpenAPI document as people read it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from web.api.examples import JSON, resolved

GOOD: Final = ("200", "201")
PLACES: Final = ("path", "query", "header")


class Field(NamedTuple):
    """One thing that is sent or answered: its name, where it stands, its form in words, whether it is always there."""

    name: str
    place: str
    form: str
    needed: bool
    says: str


class Operation(NamedTuple):
    """One operation: what it does, what is sent, what is answered, each with an example."""

    key: str
    method: str
    path: str
    says: str
    scope: str
    sent: list[Field]
    call: str
    answered: list[Field]
    answer: str
    statuses: list[tuple[str, str]]


def operation(told: Mapping[str, Any], method: str, path: str, one: Mapping[str, Any]) -> Operation:
    """Return an operation as people read it."""
    parameters = sorted(one.get("parameters", []), key=lambda p: PLACES.index(p["in"]))
    sent = [
        Field(p["name"], p["in"], _form(told, p["schema"]), p.get("required", False), _says(p, p["schema"]))
        for p in parameters
    ]
    body = one.get("requestBody", {}).get("content", {}).get(JSON, {})
    sent += _fields(told, body.get("schema", {}), "body")
    answer = next(one["responses"][status] for status in GOOD if status in one["responses"])
    content = answer.get("content", {}).get(JSON, {})
    return Operation(
        key=one["operationId"],
        method=method.upper(),
        path=path,
        says=one["summary"],
        scope=one["x-scope"],
        sent=sent,
        call=_call(method, path, parameters, body.get("example")),
        answered=list(_fields(told, content.get("schema", {}), "")),
        answer=_pretty(content["example"]) if content else "",
        statuses=[(status, said["description"]) for status, said in sorted(one["responses"].items())],
    )


def _says(*parts: Mapping[str, Any]) -> str:
    """Return the first description that there is."""
    return next((part["description"] for part in parts if part.get("description")), "")


def _call(method: str, path: str, parameters: Sequence[Mapping[str, Any]], body: Any) -> str:  # noqa: ANN401 - JSON
    """Return a request as it goes over the wire, with the places of the path filled in."""
    for p in parameters:
        path = path.replace(f"{{{p['name']}}}", str(p["example"]))
    query = "&".join(f"{p['name']}={p['example']}" for p in parameters if p["in"] == "query" and p["required"])
    lines = [f"{method.upper()} {path}{f'?{query}' if query else ''}", "Authorization: Bearer jingpin_…"]
    if body is not None:
        lines += ["Content-Type: application/json", "", _pretty(body)]
    return "\n".join(lines)


def _pretty(value: Any) -> str:  # noqa: ANN401 - any value of JSON
    return json.dumps(value, ensure_ascii=False, indent=2)


def _fields(told: Mapping[str, Any], schema: Mapping[str, Any], place: str) -> Iterator[Field]:
    """Yield what an object is made of, and what its parts are made of, each with the way to it."""
    schema = resolved(told, schema)
    for name, inner in schema.get("properties", {}).items():
        needed = name in schema.get("required", [])
        yield Field(name, place, _form(told, inner), needed, _says(inner))
        way = f"{place}.{name}" if place else name
        kind = resolved(told, inner)
        yield from _fields(told, kind.get("items", {}), f"{way}[]")
        yield from _fields(told, {} if "items" in kind else kind, way)


def _form(told: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """Return the form of a value in a few words."""
    schema = resolved(told, schema)
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
