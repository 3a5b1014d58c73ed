"""policy.yaml → ``Policy``, or every fault of it at once. The only way from a file to a policy."""

from pathlib import Path
from typing import NamedTuple

from forms.faults import Fault
from forms.findings import Findings, in_order
from forms.policy_parts import POLICY
from forms.shapes import Unread
from forms.yaml_reading import read_nodes
from forms.yaml_text import plain_text
from rules.policies import Policy


class PolicyRead(NamedTuple):
    """A policy that may be launched, and what its author should look at again."""

    policy: Policy
    warnings: tuple[Fault, ...]


def read(text: str | bytes, *, file: str = "policy.yaml") -> PolicyRead:
    """Return the policy; raise ``FormError`` with every fault, each with its line, in the order of the file."""
    found = Findings(file)
    root = read_nodes(plain_text(text, found), found)
    policy = POLICY.read(root, found)
    if isinstance(policy, Unread) or found.faults:
        found.refuse()
    return PolicyRead(policy, in_order(found.warnings))


def load(path: Path) -> Policy:
    """Return the policy of a file, without its warnings."""
    return read(path.read_bytes(), file=path.name).policy
