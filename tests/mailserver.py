"""A real SMTP server on a port of its own, that keeps what it gets and misbehaves on request."""

import asyncio
import datetime as dt
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as MAIL
from ipaddress import ip_address
from pathlib import Path
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


class MailServer:
    """Keeps mails in ``got``; ``refuse`` says what an address is answered, ``held`` is set while a mail is held."""

    def __init__(self) -> None:
        self.got: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.connections = 0
        self.logins: list[tuple[bytes, bytes]] = []
        self.encrypted: list[bool] = []
        self.refuse: dict[str, str] = {}
        self.after_data = "250 OK"
        self.hold = False
        self.held, self.go_on = threading.Event(), threading.Event()
        self.port = 0

    async def handle_EHLO(  # noqa: N802 - the server's hook
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802 - the server's hook
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the server's hook
        if self.hold:
            self.held.set()
            await asyncio.to_thread(self.go_on.wait, 60)
        if self.after_data.startswith("250"):
            content = cast("bytes", envelope.content)
            self.got.append(cast("EmailMessage", message_from_bytes(content, policy=MAIL)))
            self.recipients.append(list(envelope.rcpt_tos))
            self.encrypted.append(session.ssl is not None or server.transport.get_extra_info("sslcontext") is not None)
        return self.after_data

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"geheim:@/", handled=False)


class _OnAFreePort(Controller):
    """A server on port 0 is asked whether it is there at the port that it got."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def serving(*, tls: str = "", folder: Path | None = None, port: int = 0) -> Iterator[MailServer]:
    """Run a mail server; ``tls`` is ``implicit`` or ``starttls``, with a certificate of its own in ``folder``."""
    there = MailServer()
    options: dict[str, Any] = {"authenticator": there.authenticate, "auth_require_tls": tls == "starttls"}
    context = _context(folder) if folder else None
    if tls == "starttls":
        options |= {"tls_context": context, "require_starttls": True}
    controller = _OnAFreePort(
        there, "127.0.0.1", port, ssl_context=context if tls == "implicit" else None, ready_timeout=30, **options
    )
    controller.start()
    there.port = controller.port
    try:
        yield there
    finally:
        there.go_on.set()
        controller.stop()


def _context(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.test")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "ca.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(private)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "ca.pem", folder / "key.pem")
    return context
