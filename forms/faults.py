"""What is wrong with an input, so that the person who sent it can mend it.

Every way in collects all of its faults and raises one ``FormError``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from forms.characters import visible
from rules.texts import Text, _

SHOWN = 80
"""So much of what was typed is told again."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: where (file, line or row, column), what was found, what is wrong and what is allowed.

    ``line`` counts from 1: the row as a spreadsheet shows it (the header is row 1), in other files the line as an
    editor shows it. ``value`` is what was typed.
    """

    text: Text
    file: str = ""
    line: int | None = None
    column: str | None = None
    value: str | None = None

    def place(self) -> Text:
        """Return where the fault is, as a text."""
        parts: list[Text] = []
        if self.file:
            parts.append(Text("{file}", {"file": visible(self.file)}))
        if self.line is not None:
            parts.append(self._row(self.line))
        if self.column:
            parts.append(Text(_("“{column}”"), {"column": self.column}))
        return Text(" ".join(f"{{p{i}}}" for i in range(len(parts))), {f"p{i}": p for i, p in enumerate(parts)})

    def _row(self, line: int) -> Text:
        """Return the line, which languages other than Chinese call a row in a table."""
        if self.file.endswith((".yaml", ".yml")):
            return Text(_("第 {number} 行"), {"number": line})
        return Text(_("第 {line} 行"), {"line": line})

    def whole(self) -> Text:
        """Return place, value and remedy in one line, whatever characters the value has."""
        typed = None if self.value is None else visible(self.value[:SHOWN])
        shown = "" if typed is None else Text(_("（填写为“{value}”）"), {"value": typed})
        return Text(_("{place}{value}：{what}"), {"place": self.place(), "value": shown, "what": self.text})


class FormError(Exception):
    """An input that was refused as a whole; nothing of it was taken. ``warnings`` are no reason for that."""

    def __init__(self, faults: Sequence[Fault], warnings: Sequence[Fault] = ()) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults, self.warnings = tuple(faults), tuple(warnings)
