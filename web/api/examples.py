"""An example for everything that is sent and answered, put together from those of the fields."""

from collections.abc import Mapping
from typing import Any, Final

JSON: Final = "application/json"
BY_KIND: Final[Mapping[str, Any]] = {"string": "…", "integer": 1, "boolean": True, "number": 1, "null": None}


def add_to(told: dict[str, Any]) -> None:
    """Give every body and every good answer of an OpenAPI document an example."""
    for methods in told["paths"].values():
        for one in methods.values():
            bodies = [one["requestBody"]] if "requestBody" in one else []
            good = [answer for status, answer in one["responses"].items() if status.startswith("2")]
            for content in (part.get("content", {}).get(JSON) for part in (*bodies, *good)):
                if content:
                    content["example"] = of(told, content["schema"])


def of(told: Mapping[str, Any], schema: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any value of JSON
    """Return an example of what fits a schema."""
    schema = resolved(told, schema)
    for key in ("examples", "enum"):
        if key in schema:
            return schema[key][0]
    if "anyOf" in schema:
        return of(told, schema["anyOf"][0])
    if "properties" in schema:
        return {name: of(told, inner) for name, inner in schema["properties"].items()}
    if schema.get("type") == "array":
        return [of(told, schema["items"])]
    return schema.get("const", BY_KIND.get(schema.get("type", ""), {}))


def resolved(told: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a schema, looked up where it is only named."""
    if "$ref" in schema:
        found: Mapping[str, Any] = told["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return found
    return schema
