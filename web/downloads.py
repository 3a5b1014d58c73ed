"""Files that leave: fetched, or a document of ours opened in the browser; never run, whatever is in them."""

from typing import Final
from urllib.parse import quote

from fastapi import Response

PDF: Final = "application/pdf"


def opened(content: bytes, *, name: str) -> Response:
    """Return a PDF that we made ourselves, to be opened in the browser."""
    headers = {
        "Content-Disposition": f"inline; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    }
    return Response(content, media_type=PDF, headers=headers)


def attachment(content: bytes, *, name: str, media_type: str) -> Response:
    """Return a file to be saved under its name; a browser neither guesses its kind nor runs anything in it."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name)
    headers = {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=media_type, headers=headers)
