"""An example for everything that is sent and answered, put together from those of the fields."""

from collections.abc import Mapping
from typing import Any, Final

from kit.i18n import gettext
from rules.texts import _

JSON: Final = "application/json"
PARAMETERS: Final[Mapping[str, tuple[Any, str]]] = {
    "code": ("2026Q4-SUP", _("轮次编号")),
    "stage": ("interview", _("环节的键，如 GET /rounds/{code} 所列")),
    "staff_no": ("000042", _("工号")),
    "document_id": ("6f9619ff-8b86-4d01-b42d-00cf4fc964ff", _("文档的 id")),
    "after": ("000042", _("上一页的 next；从头开始的不写")),
    "limit": (50, _("最多几项，默认 50")),
    "active": (True, _("只要在职的，或只要离职的")),
    "if-match": ('"9f86d081884c7d65"', _("读到的 ETag；更正时必填")),
    "reason": (_("本人书面申请"), _("理由；会记入留痕")),
}
"""What stands for a parameter, and what it is, by its name."""

BY_KIND: Final[Mapping[str, Any]] = {"string": "…", "integer": 1, "boolean": True, "number": 1, "null": None}


def add_to(told: dict[str, Any]) -> None:
    """Give every parameter, every body and every good answer of an OpenAPI document an example."""
    for methods in told["paths"].values():
        for one in methods.values():
            for parameter in one.get("parameters", []):
                example, says = PARAMETERS.get(parameter["name"], ("", ""))
                parameter.setdefault("example", gettext(example) if isinstance(example, str) else example)
                parameter.setdefault("description", gettext(says))
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
