"""What the law says to the texts of a policy: refused where it forbids, a warning where it doubts."""

from forms.findings import Findings
from forms.yaml_nodes import Scalar
from rules import fairness
from rules.texts import Text, _


def judge(scalar: Scalar, found: Findings) -> None:
    """Hold one text or key of a policy against the law."""
    for hit in fairness.hits(scalar.text):
        if hit.ground.forbidden:
            found.fault(Text(_("法律不允许：{why}；请删去"), {"why": hit.text()}), scalar, value=scalar.text)
        else:
            found.warn(hit.text(), scalar, value=scalar.text)


def of_unknown_key(key: str) -> list[Text]:
    """Return what the law says to a key that is not allowed anyway."""
    return [hit.text() for hit in fairness.hits(key)]
