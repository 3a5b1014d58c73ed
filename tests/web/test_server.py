"""Behind a proxy: whom it reports counts only when it is named in the settings."""

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from kit.settings import SettingsError, settings
from web import cookies, tries
from web.server import configured


def seen(monkeypatch: pytest.MonkeyPatch, proxies: str, *, peer: str = "10.0.0.7") -> tuple[str, bool]:
    """Return the address and the safety that the app sees of a request which came over a proxy."""
    monkeypatch.setenv("JINGPIN_TRUSTED_PROXIES", proxies)
    settings.cache_clear()
    app = FastAPI()

    @app.get("/")
    def told(request: Request) -> list[object]:
        return [tries.address(request), cookies.secure(request)]

    config = configured(app)
    config.load()
    client = TestClient(config.loaded_app, client=(peer, 1234))
    address, secure = client.get(
        "/", headers={"x-forwarded-for": "1.1.1.1, 192.0.2.9", "x-forwarded-proto": "https"}
    ).json()
    return address, secure


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("proxies", "expected"),
    [
        ("", ("10.0.0.7", False)),
        ("10.0.0.8", ("10.0.0.7", False)),
        ("10.0.0.7", ("192.0.2.9", True)),
        ("127.0.0.1 10.0.0.0/24", ("192.0.2.9", True)),
    ],
)
def test_what_a_proxy_says_counts_only_if_it_is_trusted(
    monkeypatch: pytest.MonkeyPatch, proxies: str, expected: tuple[str, bool]
) -> None:
    assert seen(monkeypatch, proxies) == expected


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TRUSTED_PROXIES", "proxy.example", "应为 IP 地址或网段"),
        ("OIDC_ISSUER", "http://sso.example.com", "应为 https:// 开头的地址"),
    ],
)
def test_a_setting_that_would_not_be_safe_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(f"JINGPIN_{name}", value)
    settings.cache_clear()
    with pytest.raises(SettingsError, match=said):
        settings()
