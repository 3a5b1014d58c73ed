"""Chat groups: what the robots of WeCom, DingTalk and Feishu are told, and what they answer."""

import base64
import hashlib
import hmac
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from apprise import Apprise

from messages import chat
from messages.envelopes import Envelope, RefusedError
from tests.webhook import Webhook, listening

# Apprise loads every service that it knows, and one of them still uses a module that Python will drop.
through_apprise = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")

ENVELOPE = Envelope(
    UUID(int=1), "", "", "“面试”还有 2 位评委没有完成", "- 郑评委：3 份\n", datetime(2026, 10, 23, 10, tzinfo=UTC)
)
TEXT = "“面试”还有 2 位评委没有完成\n\n- 郑评委：3 份\n"
WECOM, DINGTALK, FEISHU = (
    "/cgi-bin/webhook/send?key=693a91f6",
    "/robot/send?access_token=566cc69d",
    "/open-apis/bot/v2/hook/0a1b-2c3d",
)


@pytest.fixture
def group(monkeypatch: pytest.MonkeyPatch) -> Iterator[Webhook]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with listening() as there:
        yield there


@pytest.mark.parametrize(
    ("path", "query", "said"),
    [
        (WECOM, {"key": "693a91f6"}, {"msgtype": "text", "text": {"content": TEXT}}),
        (DINGTALK, {"access_token": "566cc69d"}, {"msgtype": "text", "text": {"content": TEXT}}),
        (FEISHU, {}, {"msg_type": "text", "content": {"text": TEXT}}),
    ],
)
def test_each_robot_is_told_in_its_own_form(group: Webhook, path: str, query: dict, said: dict) -> None:
    chat.deliver(group.url(path), ENVELOPE)
    assert group.calls == [(path.partition("?")[0], query, said)]


@pytest.mark.parametrize(
    ("path", "answer", "why"),
    [
        (WECOM, {"errcode": 93000, "errmsg": "invalid webhook url"}, "wecombot: 93000 invalid webhook url"),
        (DINGTALK, {"errcode": 310000, "errmsg": "keywords not in content"}, "dingtalk: 310000 keywords"),
        (FEISHU, {"code": 19024, "msg": "Key Words Not Found"}, "feishu: 19024 Key Words"),
        (FEISHU, {}, "feishu: None"),
        (WECOM, [], "no answer that can be read"),
        (WECOM, b"<html>", "no answer that can be read"),
    ],
)
def test_a_robot_that_answers_200_and_says_no_has_said_no(group: Webhook, path: str, answer: object, why: str) -> None:
    group.answer = answer
    with pytest.raises(OSError, match=why):
        chat.deliver(group.url(path), ENVELOPE)


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_robot_that_is_elsewhere_or_ill_is_tried_again_later(group: Webhook, status: int) -> None:
    group.status, group.location = status, group.url(FEISHU)
    with pytest.raises(OSError, match=f"HTTP Error {status}"):
        chat.deliver(group.url(WECOM), ENVELOPE)
    assert len(group.calls) == 1


def test_a_robot_that_does_not_answer_is_left_soon(group: Webhook) -> None:
    group.go_on.clear()
    began = time.monotonic()
    with pytest.raises(OSError, match="timed out"):
        chat.deliver(group.url(WECOM), ENVELOPE, timeout=0.3)
    assert time.monotonic() - began < 25  # not for ever


def test_dingtalk_gets_the_signature_that_its_manual_describes(group: Webhook) -> None:
    chat.deliver(group.url(DINGTALK) + "&secret=SECabc", ENVELOPE)
    (call,) = group.calls
    stamp = call.query["timestamp"]
    expected = hmac.new(b"SECabc", f"{stamp}\nSECabc".encode(), hashlib.sha256).digest()
    assert base64.b64decode(call.query["sign"], validate=True) == expected
    assert abs(int(stamp) / 1000 - time.time()) < 60
    assert sorted(call.query) == ["access_token", "sign", "timestamp"]


def test_feishu_gets_the_signature_that_its_manual_describes(group: Webhook) -> None:
    chat.deliver(group.url(FEISHU) + "?secret=abc", ENVELOPE)
    (call,) = group.calls
    expected = hmac.new(f"{call.said['timestamp']}\nabc".encode(), b"", hashlib.sha256).digest()
    assert base64.b64decode(call.said["sign"], validate=True) == expected
    assert abs(int(call.said["timestamp"]) - time.time()) < 60
    assert (call.query, call.said["msg_type"]) == ({}, "text")


@through_apprise
@pytest.mark.parametrize(
    ("address", "webhook", "secret"),
    [
        ("wecombot://693a-Ab_c", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a-Ab_c", ""),
        ("dingtalk://SECx@566C/", "https://oapi.dingtalk.com/robot/send?access_token=566C", "SECx"),
        ("feishu://a%2Fb@0a1B", "https://open.feishu.cn/open-apis/bot/v2/hook/0a1B", "a/b"),
    ],
)
def test_apprises_addresses_lead_to_the_same_robots(address: str, webhook: str, secret: str) -> None:
    found = chat.robot(address)
    assert found is not None
    assert (found.webhook, found.secret) == (webhook, secret)
    assert Apprise.instantiate(address.replace("a%2Fb@", "")) is not None


def test_what_is_too_long_for_a_robot_is_cut_between_two_characters(group: Webhook) -> None:
    long = Envelope(UUID(int=1), "", "", "主题", "长" * 2000, ENVELOPE.written_at)
    chat.deliver(group.url(WECOM), long)
    content = group.calls[0].said["text"]["content"]
    assert content.endswith("长…")
    assert 2040 < len(content.encode()) <= 2048


@through_apprise
def test_any_other_service_goes_through_apprise(group: Webhook) -> None:
    address = f"json://127.0.0.1:{group.port}/hook"
    chat.deliver(address, ENVELOPE)
    assert (group.calls[0].path, group.calls[0].said["title"]) == ("/hook", ENVELOPE.subject)
    group.status = 500
    with pytest.raises(OSError, match="json: not taken"):
        chat.deliver(address, ENVELOPE)
    with pytest.raises(RefusedError):
        chat.deliver("no such service", ENVELOPE)


def test_an_address_has_a_name_without_its_secret() -> None:
    names = {chat.name(a) for a in ("wecombot://k1", "wecombot://k2", "dingtalk://SECx@k1", "json://user:pw@host")}
    assert len(names) == 4
    assert {n.partition("-")[0] for n in names} == {"wecombot", "dingtalk", "json"}
    assert not any(secret in name for name in names for secret in ("k1", "k2", "SECx", "pw"))
    assert chat.name("wecombot://k1") in names
