"""Mail through an SMTP server: ``smtps://user:password@host:465``, ``smtp+starttls://host:587``, ``smtp://host:25``.

The first two are encrypted and check the server's certificate (``?ca=FILE`` names a private authority); over the third
no password is ever sent, except on this machine.
"""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from messages.envelopes import Envelope, RefusedError, mail

TIMEOUT_SECONDS: Final = 6.0
PORTS: Final = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
PERMANENT: Final = 500


class Server(NamedTuple):
    """A mail server as its address names it."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    ca: str | None


def server(url: str) -> Server:
    """Read the address of a mail server.

    :raises ValueError: when it is none, or would send a password readable over the network.
    """
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("an address of a mail server is smtps://…, smtp+starttls://… or smtp://…")
    if parts.username and parts.scheme == "smtp" and parts.hostname not in LOOPBACK:
        raise ValueError("smtp:// would send the password readable; use smtps:// or smtp+starttls://")
    ca = parse_qs(parts.query).get("ca", [None])[0]
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Server(parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme], user, password, ca)


@contextmanager
def connected(url: str, *, timeout: float = TIMEOUT_SECONDS) -> Iterator[Callable[[Envelope], None]]:
    """Connect to a mail server; the block gets what sends one message after the other over this connection.

    :raises OSError: when there is no connection, or the server accepts nothing now; try again later.
    """
    where = server(url)
    line = _line(where, timeout)
    try:
        if where.scheme == "smtp+starttls":
            line.starttls(context=ssl.create_default_context(cafile=where.ca))
        if where.user:
            line.login(where.user, where.password)
        yield lambda envelope: _send(line, envelope)
        with suppress(OSError):  # what was accepted is accepted, with a farewell or without
            line.quit()
    finally:
        line.close()


def _line(where: Server, timeout: float) -> smtplib.SMTP:
    if where.scheme != "smtps":
        return smtplib.SMTP(where.host, where.port, timeout=timeout)
    context = ssl.create_default_context(cafile=where.ca)
    return smtplib.SMTP_SSL(where.host, where.port, timeout=timeout, context=context)


def _send(line: smtplib.SMTP, envelope: Envelope) -> None:
    try:
        line.send_message(mail(envelope))
    except smtplib.SMTPRecipientsRefused as error:
        _sort_out(*error.recipients.popitem()[1], error)
    except smtplib.SMTPDataError as error:
        _sort_out(error.smtp_code, error.smtp_error, error)
    except smtplib.SMTPNotSupportedError as error:  # an address in other letters, at a server that knows none
        raise RefusedError(str(error)) from error


def _sort_out(code: int, said: bytes | str, error: smtplib.SMTPException) -> None:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    if code >= PERMANENT:
        raise RefusedError(f"{code} {text}") from error
    raise OSError(f"{code} {text}") from error
