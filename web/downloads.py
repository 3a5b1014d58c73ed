"""Files that leave as downloads: never shown in the page's own place, whatever is in them."""

from urllib.parse import quote

from fastapi import Response


def attachment(content: bytes, *, name: str, media_type: str) -> Response:
    """Return a file to be saved under its name; a browser neither guesses its kind nor runs anything in it."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name)
    headers = {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=media_type, headers=headers)
