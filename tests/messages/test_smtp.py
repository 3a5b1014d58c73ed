"""Mail through a real SMTP server, and mail as files."""

import smtplib
import socket
import stat
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP as MAIL
from pathlib import Path
from uuid import UUID

import pytest

from kit import mail_url
from messages import smtp, spool
from messages.envelopes import Envelope, RefusedError, mail
from tests.mailserver import MailServer, serving

ID = UUID("00000000-0000-4000-8000-00000000000a")
WRITTEN = datetime(2026, 10, 22, 10, 0, tzinfo=UTC)


def envelope(**changes: str) -> Envelope:
    parts = {
        "sender": "星海客服中心 竞聘办公室 <hr@example.com>",
        "to": "u009@example.com",
        "subject": "“面试”即将截止，您还有 3 份评分表没有完成",
        "body": "买买提·吐尔逊，您好：\n\n𠮷\n.一个点\n" + "长" * 2000 + "\n",
    }
    return Envelope(id=ID, written_at=WRITTEN, **{**parts, **changes})


@pytest.fixture
def server() -> Iterator[MailServer]:
    with serving() as there:
        yield there


def send(server: MailServer, *envelopes: Envelope, scheme: str = "smtp", rest: str = "", user: str = "") -> None:
    with smtp.connected(f"{scheme}://{user}127.0.0.1:{server.port}{rest}", timeout=5) as deliver:
        for one in envelopes:
            deliver(one)


def test_a_mail_arrives_with_every_character_as_it_was(server: MailServer) -> None:
    send(server, envelope())
    (got,) = server.got
    assert got["Subject"] == "“面试”即将截止，您还有 3 份评分表没有完成"
    assert got["From"].addresses[0].display_name == "星海客服中心 竞聘办公室"
    assert got["From"].addresses[0].addr_spec == "hr@example.com"
    assert got["To"].addresses[0].addr_spec == "u009@example.com"
    assert got.get_content().replace("\r\n", "\n") == envelope().body
    assert got["Date"].datetime == WRITTEN


def test_the_same_message_has_the_same_id_each_time(server: MailServer) -> None:
    send(server, envelope())
    send(server, envelope())
    first, second = server.got
    assert first["Message-ID"] == second["Message-ID"] == f"<{ID}@example.com>"
    assert first["Idempotency-Key"] == str(ID)
    assert bytes(mail(envelope())) == bytes(mail(envelope()))


def test_many_mails_go_over_one_connection(server: MailServer) -> None:
    send(server, *(envelope(to=f"u{n}@example.com") for n in range(5)))
    assert [to for (to,) in server.recipients] == [f"u{n}@example.com" for n in range(5)]
    assert server.connections == 1


def test_an_unknown_address_is_refused_for_good_and_the_next_mail_still_goes(server: MailServer) -> None:
    server.refuse["gone@example.com"] = "550 5.1.1 no such user"
    with smtp.connected(f"smtp://127.0.0.1:{server.port}") as deliver:
        with pytest.raises(RefusedError, match=r"550 5\.1\.1 no such user"):
            deliver(envelope(to="gone@example.com"))
        deliver(envelope())
    assert len(server.got) == 1


def test_who_is_asked_to_come_again_later_comes_again_later(server: MailServer) -> None:
    server.refuse["u009@example.com"] = "450 4.2.0 greylisted"
    with pytest.raises(OSError, match="greylisted"):
        send(server, envelope())
    server.refuse.clear()
    server.after_data = "452 4.3.1 disk full"
    with pytest.raises(OSError, match="disk full"):
        send(server, envelope())
    server.after_data = "554 5.7.1 not wanted here"
    with pytest.raises(RefusedError, match="not wanted here"):
        send(server, envelope())


@pytest.mark.parametrize(("tls", "scheme"), [("starttls", "smtp+starttls"), ("implicit", "smtps")])
def test_a_password_goes_over_an_encrypted_line(tmp_path: Path, tls: str, scheme: str) -> None:
    with serving(tls=tls, folder=tmp_path) as server:
        send(server, envelope(), scheme=scheme, rest=f"?ca={tmp_path / 'ca.pem'}", user="hr:geheim%3A%40%2F@")
        assert server.logins == [(b"hr", b"geheim:@/")]
        assert server.encrypted == [True]


@pytest.mark.parametrize(("tls", "scheme"), [("starttls", "smtp+starttls"), ("implicit", "smtps")])
def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path, tls: str, scheme: str) -> None:
    with serving(tls=tls, folder=tmp_path) as server:
        with pytest.raises(OSError, match="certificate verify failed"):
            send(server, envelope(), scheme=scheme, user="hr:geheim%3A%40%2F@")
        assert (server.logins, server.got) == ([], [])


def test_where_encryption_is_wanted_and_there_is_none_nothing_is_sent(server: MailServer) -> None:
    with pytest.raises(smtplib.SMTPNotSupportedError):
        send(server, envelope(), scheme="smtp+starttls", user="hr:geheim@")
    assert (server.logins, server.got) == ([], [])


def test_a_wrong_password_is_told(server: MailServer) -> None:
    with pytest.raises(OSError, match="535"):
        send(server, envelope(), user="hr:falsch@")


@pytest.mark.parametrize("url", ["smtp://hr:geheim@mail.example.com", "http://mail.example.com", "smtp://", "mail"])
def test_an_address_that_is_none_or_would_show_the_password_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="smtps://"):
        mail_url.server(url)


def test_a_server_that_is_not_there_or_says_nothing_is_left_soon() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        began = time.monotonic()
        with (
            pytest.raises(OSError, match="timed out"),
            smtp.connected(f"smtp://127.0.0.1:{port}", timeout=0.3) as deliver,
        ):
            deliver(envelope())
        assert time.monotonic() - began < 25  # not the half minute that a socket has by default
    with pytest.raises(ConnectionRefusedError), smtp.connected(f"smtp://127.0.0.1:{port}") as deliver:
        deliver(envelope())


@pytest.mark.parametrize(
    "to",
    [
        "",
        "u009",
        "u009@example.com, b@example.com",
        "a@b.c\nBcc: d@example.com",
        "a@b.c\r\n\r\nHello",
        "<@>",
        "a b@c d",
    ],
)
def test_what_is_no_address_is_refused_and_no_header_is_smuggled_in(to: str) -> None:
    with pytest.raises(RefusedError, match="not an e-mail address"):
        mail(envelope(to=to))


def test_a_subject_of_several_lines_becomes_one() -> None:
    assert mail(envelope(subject="竞聘\nBcc: d@example.com"))["Subject"] == "竞聘 Bcc: d@example.com"


def test_without_a_server_each_mail_is_a_file_that_mail_programs_read(tmp_path: Path) -> None:
    file = spool.deliver(tmp_path / "outbox", envelope())
    assert file.name == f"20261022T100000Z-{ID}.eml"
    read = message_from_bytes(file.read_bytes(), policy=MAIL)
    assert (read["Subject"], read.get_content().replace("\r\n", "\n")) == (envelope().subject, envelope().body)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_the_same_mail_again_is_the_same_file(tmp_path: Path) -> None:
    first = spool.deliver(tmp_path, envelope()).read_bytes()
    assert spool.deliver(tmp_path, envelope()).read_bytes() == first
    assert len(list(tmp_path.iterdir())) == 1


def test_a_file_that_cannot_be_written_leaves_no_half_of_one(tmp_path: Path) -> None:
    (tmp_path / f"20261022T100000Z-{ID}.eml").mkdir()
    with pytest.raises(OSError, match="eml"):
        spool.deliver(tmp_path, envelope())
    assert [p.name for p in tmp_path.glob("*.eml")] == [f"20261022T100000Z-{ID}.eml"]
