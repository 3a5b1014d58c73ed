"""Texts that are decided here and translated where they are shown.

The law speaks in templates with named places, so that the room that shows a text can translate it. Templates
are written in Chinese, marked with ``_`` for gettext, and never built from untrusted text: what people typed
goes only into ``values``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


def _(template: str) -> str:
    """Mark a template for the catalogues; translation happens where it is shown."""
    return template


@dataclass(frozen=True, slots=True)
class Text:
    """A template in Chinese with named places ``{like_this}`` and the values for them.

    A value may itself be a ``Text`` or a list of them (shown one after the other with "；" between).
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the text in Chinese, for logs and developers; people are spoken to in their language elsewhere."""
        return self.template.format_map(dict(self.values))


def enumerated(words: Iterable[object]) -> Text:
    """Return words as an enumeration, 甲、乙, with the mark that the language puts between them."""
    named = {f"word{n}": word for n, word in enumerate(words)}
    return Text("{mark}".join(f"{{{name}}}" for name in named), {"mark": Text(_("、")), **named})


class RuleError(Exception):
    """A rule that cannot be followed; carries the ``Text`` that says why and what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text
