"""What was found while reading one file: faults that refuse it, warnings that do not."""

from typing import NoReturn, Protocol

from forms.faults import Fault, FormError
from rules.texts import Text


class Placed(Protocol):
    """Anything that stands on a line of the file; ``path`` names it (``stages[2].key``), empty for the whole."""

    @property
    def line(self) -> int: ...  # noqa: D102 - a protocol's attribute
    @property
    def path(self) -> str: ...  # noqa: D102 - a protocol's attribute


class Findings:
    """Collects everything about one file, so that all of it can be told at once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.warnings: list[Fault] = []

    def fault(self, text: Text, at: Placed, *, value: str | None = None) -> None:
        """Note what refuses the file."""
        self.faults.append(self._placed(text, at, value))

    def warn(self, text: Text, at: Placed, *, value: str | None = None) -> None:
        """Note what the author should look at again."""
        self.warnings.append(self._placed(text, at, value))

    def fault_on_line(self, text: Text, line: int) -> None:
        """Note a fault that no part of the policy can be named for."""
        self.faults.append(Fault(text, self.file, line))

    def refuse(self) -> NoReturn:
        """Raise all faults with the warnings, in the order of the file."""
        raise FormError(in_order(self.faults), in_order(self.warnings))

    def _placed(self, text: Text, at: Placed, value: str | None) -> Fault:
        return Fault(text, self.file, at.line, at.path or None, value)


def in_order(notes: list[Fault]) -> tuple[Fault, ...]:
    """Return faults or warnings in the order of the file."""
    return tuple(sorted(notes, key=lambda note: note.line or 0))
