"""Two languages: texts stand in the code in Chinese, the English catalogue translates them.

The catalogue is read from the ``.po`` file itself, once, when English is first asked for: nothing to compile,
nothing that can be stale.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Protocol

from babel.messages.pofile import read_po

LANGUAGES = ("zh", "en")
CATALOGUES = Path(__file__).resolve().parent.parent / "locale"

_language: ContextVar[str] = ContextVar("language", default="zh")


class Sayable(Protocol):
    """A template with named places, and the values for them."""

    @property
    def template(self) -> str: ...  # noqa: D102 - a protocol's attribute
    @property
    def values(self) -> Mapping[str, object]: ...  # noqa: D102 - a protocol's attribute


def language() -> str:
    """Return the language in force here: ``zh`` or ``en``."""
    return _language.get()


def use_language(code: str) -> None:
    """Speak ``code`` from here on; ``zh_CN.UTF-8`` and the like are understood, anything else is Chinese."""
    _language.set("en" if code.lower().startswith("en") else "zh")


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """Speak ``code`` inside the block."""
    token = _language.set("en" if code.lower().startswith("en") else "zh")
    try:
        yield
    finally:
        _language.reset(token)


@cache
def catalogue(code: str) -> Mapping[str, str]:
    """Return the translations of one language by their Chinese text; none for Chinese itself."""
    path = CATALOGUES / code / "LC_MESSAGES" / "jingpin.po"
    if code == "zh" or not path.exists():
        return {}
    with path.open("rb") as file:
        messages = read_po(file)
    return {str(m.id): str(m.string) for m in messages if m.id and m.string}


def gettext(message: str) -> str:
    """Return ``message`` in the language in force."""
    return catalogue(_language.get()).get(message, message)


def say(text: Sayable) -> str:
    """Return a text with its values filled in, in the language in force."""
    return gettext(text.template).format_map({k: _shown(v) for k, v in text.values.items()})


def labelled(name: str, text: str) -> str:
    """Return a text after what it is about: 数据库：已就绪."""
    return gettext("{name}：{text}").format(name=name, text=text)


def prose(*sentences: str) -> str:
    """Return sentences one after the other, empty ones left out; Chinese puts nothing between them, English a blank."""
    return ("" if language() == "zh" else " ").join(filter(None, sentences))


def _shown(value: object) -> object:
    if isinstance(value, str):
        return value
    if hasattr(value, "template") and hasattr(value, "values"):
        return say(value)
    if isinstance(value, Sequence):
        return gettext("；").join(str(_shown(v)) for v in value)
    return value
