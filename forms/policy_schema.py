"""The JSON Schema of policy.yaml: what an editor can complete and check while HR writes."""

from typing import Any

from forms.policy_parts import POLICY
from kit.i18n import gettext as _


def schema() -> dict[str, Any]:
    """Return the schema (2020-12), with titles in the language in force.

    It says what may stand where. What must agree across places (weights, scales, components) only the check can say.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": _("竞聘方案 policy.yaml"),
        **POLICY.schema(),
    }
