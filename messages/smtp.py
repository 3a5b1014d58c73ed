"""Mail through an SMTP server; ``kit.mail_url`` says how its address is written."""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from kit import mail_url
from kit.mail_url import Server
from messages.envelopes import Envelope, RefusedError, mail

TIMEOUT_SECONDS: Final = 30.0
"""Long, because a server that takes a mail and is slow to say so would get it twice."""

PERMANENT: Final = 500


@contextmanager
def connected(url: str, *, timeout: float = TIMEOUT_SECONDS) -> Iterator[Callable[[Envelope], None]]:
    """Connect to a mail server; the block gets what sends one message after the other over this connection.

    :raises OSError: when there is no connection, or the server accepts nothing now; try again later.
    """
    where = mail_url.server(url)
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
