"""HTML and CSS to PDF: the same bytes for the same input, nothing fetched from anywhere, many at once.

``render`` sets one document in this process; ``kit.renderer`` keeps warm processes for thousands. Dates come from the
data and the identifier from a hash, so a document made again is identical, byte for byte, under one font set.
"""

import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from hashlib import sha256
from importlib import resources
from threading import RLock
from typing import TYPE_CHECKING, Any, Final

from kit.fontconfig import HALF, REDUCED
from kit.fonts import FontSet

if TYPE_CHECKING:
    import weasyprint

MISSING_SORT: Final = "〓"  # what printers set where a sort is missing
VARIANT: Final = "pdf/a-3a"  # with a structure for screen readers, and files inside
log = logging.getLogger(__name__)
_alone = RLock()  # a font configuration serves one thread at a time


@dataclass(frozen=True, slots=True)
class Attached:
    """A file inside the PDF; its name in ASCII, because readers disagree about others."""

    name: str
    content: bytes
    description: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything a PDF is made of: a whole HTML document, its style sheets (their text), and its metadata.

    ``issued`` is the date of the document, not of its making; it must carry its time zone.
    """

    html: str
    css: Sequence[str]
    title: str
    issued: datetime
    author: str = ""
    subject: str = ""
    attachments: Sequence[Attached] = ()

    def digest(self) -> bytes:
        """Return the hash of everything that decides what the document looks like."""
        parts = [self.html, *self.css, self.title, self.issued.isoformat(), self.author, self.subject]
        whole = sha256("\0".join(parts).encode())
        for attached in self.attachments:
            whole.update(attached.name.encode() + b"\0" + attached.content)
        return whole.digest()


def render(paper: Paper, fonts: FontSet) -> bytes:
    """Return the PDF of a paper.

    A character that no font draws becomes a visible 〓 and a warning in the log, never an empty box.
    """
    with _alone:
        engine = _engine(fonts)
        options = {"pdf_variant": VARIANT, "pdf_identifier": paper.digest()[:16]}
        colours = {"srgb": _screen_colours(fonts)}
        page = engine.HTML(string=_drawable(paper, fonts), url_fetcher=_fetcher())
        document = page.render(
            font_config=_configuration(fonts),
            stylesheets=[_stylesheet(text, fonts) for text in paper.css],
            color_profiles=colours,
            **options,
        )
        _describe(document.metadata, paper, fonts)
        document.metadata.attachments = [_attachment(engine, a, paper.issued) for a in paper.attachments]
        # Any other value than None keeps WeasyPrint from opening the colour profile again, and leaving it open.
        pdf: bytes = document.write_pdf(finisher=_list_attachments_once, output_intent="", **options)
        return pdf


def fonts_used(pdf: bytes) -> list[str]:
    """Return the families that are embedded in a PDF."""
    import pikepdf  # noqa: PLC0415 - not needed to make documents

    with pikepdf.open(io.BytesIO(pdf)) as document:
        objects = [o for o in document.objects if isinstance(o, pikepdf.Dictionary)]
        names = {str(o["/FontName"]) for o in objects if o.get("/Type") == "/FontDescriptor"}
    return sorted({_family(name) for name in names})


def _family(font_name: str) -> str:
    name = font_name.partition("+")[2].replace("-", " ")
    return name.partition(REDUCED)[0].removesuffix(HALF)


def _drawable(paper: Paper, fonts: FontSet) -> str:
    missing = fonts.undrawable(paper.html)
    if not missing:
        return paper.html
    log.warning("No font draws %s in %s", " ".join(f"U+{ord(c):04X}" for c in missing), paper.title)
    return paper.html.translate({ord(c): MISSING_SORT for c in missing})


@cache
def _engine(fonts: FontSet) -> Any:  # noqa: ANN401 - WeasyPrint carries no types
    fonts.activate()
    import weasyprint  # noqa: PLC0415 - loads pango, which reads FONTCONFIG_FILE

    return weasyprint


@cache
def _fetcher() -> Any:  # noqa: ANN401 - WeasyPrint carries no types
    """Return a fetcher that knows ``data:`` and refuses every other address."""
    from weasyprint.urls import URLFetcher  # noqa: PLC0415 - loads pango

    return URLFetcher(allowed_protocols={"data"}, allow_redirects=False)


@lru_cache(maxsize=1)
def _configuration(fonts: FontSet) -> Any:  # noqa: ANN401 - WeasyPrint carries no types
    return _engine(fonts).text.fonts.FontConfiguration()


def _screen_colours(fonts: FontSet) -> Any:  # noqa: ANN401 - WeasyPrint carries no types
    """Return the colour profile that an archived PDF must carry; a new one each time, because use changes it."""
    kind = _engine(fonts).css.ColorProfile
    return kind(io.BytesIO(_profile()), "sRGB2014.icc", "relative-colorimetric", (["r"], ["g"], ["b"]))


@cache
def _profile() -> bytes:
    return (resources.files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()


@lru_cache(maxsize=64)
def _stylesheet(text: str, fonts: FontSet) -> "weasyprint.CSS":
    return _engine(fonts).CSS(string=text, url_fetcher=_fetcher(), font_config=_configuration(fonts))


def _describe(metadata: Any, paper: Paper, fonts: FontSet) -> None:  # noqa: ANN401 - WeasyPrint carries no types
    metadata.title, metadata.description = paper.title, paper.subject
    metadata.authors = [paper.author] if paper.author else []
    metadata.keywords = [f"fonts {fonts.version}"]
    metadata.created = metadata.modified = paper.issued.isoformat(timespec="seconds")


def _attachment(engine: Any, attached: Attached, issued: datetime) -> Any:  # noqa: ANN401 - WeasyPrint carries no types
    return engine.Attachment(
        file_obj=io.BytesIO(attached.content),
        name=attached.name,
        description=attached.description or attached.name,
        created=issued.astimezone(UTC),
        modified=issued.astimezone(UTC),
        relationship="Data",
    )


def _list_attachments_once(_document: object, pdf: Any) -> None:  # noqa: ANN401 - WeasyPrint carries no types
    """Remove what WeasyPrint lists twice."""
    if "AF" in pdf.catalog:
        pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])
