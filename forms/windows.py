"""Windows of time in a policy: they open before they close."""

from typing import Final

from forms.findings import Findings
from forms.shape_values import moment
from forms.shapes import quietly
from forms.yaml_nodes import Map, get, text_of
from rules.texts import Text, _

MOMENT: Final = moment()


def check_window(node: Map, found: Findings) -> None:
    """Note a window that closes before it opens."""
    closing = get(node, "closes_at")
    opens, closes = quietly(MOMENT, get(node, "opens_at")), quietly(MOMENT, closing)
    if opens and closes and closing and opens > closes:
        found.fault(Text(_("截止早于开始；应不早于开始的时间")), closing, value=text_of(closing))
