"""What one kind of stage adds to the form of a stage. A new kind is one file that makes a ``StageForm``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from forms.shape_records import Check, Field


@dataclass(frozen=True)
class StageForm:
    """The fields of one kind; ``make`` turns them into the kind's terms (see ``rules.stages``)."""

    kind: str
    title: str
    fields: Mapping[str, Field]
    make: Callable[..., Any]
    checks: tuple[Check, ...] = ()
