"""Weight sets: each must sum to exactly 100."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from forms.findings import Findings
from forms.shape_values import number
from forms.shapes import quietly
from forms.yaml_nodes import Node
from rules.texts import Text, _

WEIGHT: Final = number(0, 100)
WHOLE_SET: Final = Decimal(100)


def check_sum(weights: Iterable[Node | None], at: Node, found: Findings) -> None:
    """Note a set that does not sum to 100; one with an unreadable weight has its fault already."""
    values = [quietly(WEIGHT, node) for node in weights]
    sound = [value for value in values if value is not None]
    if values and len(sound) == len(values) and sum(sound) != WHOLE_SET:
        text = Text(_("{n} 个权重之和为 {total}；应恰好为 100"), {"n": len(sound), "total": format(sum(sound), "f")})
        found.fault(text, at)
