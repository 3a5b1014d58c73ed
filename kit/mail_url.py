"""The address of a mail server: ``smtps://user:password@host:465``, ``smtp+starttls://host:587``, ``smtp://host:25``.

The first two are encrypted and check the server's certificate (``?ca=FILE`` names a private authority); over the third
no password is ever sent, except on this machine.
"""

from typing import Final, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from kit.i18n import gettext as _

PORTS: Final = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


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
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):  # their own texts may hold a part of the password
        raise _not_an_address() from None
    if not parts.hostname:
        raise _not_an_address()
    if parts.username and parts.scheme == "smtp" and parts.hostname not in LOOPBACK:
        raise ValueError(_("smtp:// 会以明文发送密码；请改用 smtps:// 或 smtp+starttls://"))
    ca = parse_qs(parts.query).get("ca", [None])[0]
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Server(parts.scheme, parts.hostname, port, user, password, ca)


def _not_an_address() -> ValueError:
    return ValueError(_("邮件服务器的地址应为 smtps://…、smtp+starttls://… 或 smtp://…，密码中的特殊字符用 % 转义"))
