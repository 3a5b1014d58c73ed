"""Settings: read from the environment or the file, shown without their secrets."""

from pathlib import Path

import pytest

from kit.settings import SettingsError, address, listed, settings


def shown(name: str) -> str:
    return next(row["value"] for row in listed() if row["name"] == f"JINGPIN_{name}")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("SMTP_URL", "smtps://hr:geheim@mail.example.com:465", "smtps://hr:***@mail.example.com:465"),
        ("SMTP_URL", "smtps://hr:ge:h@ei/m@mail.example.com", "smtps://hr:***@mail.example.com"),
        ("SMTP_URL", "smtp://mail.example.com", "smtp://mail.example.com"),
        ("DATABASE_URL", "postgresql://app:geheim@db/jingpin", "postgresql://app:***@db/jingpin"),
        (
            "DATABASE_URL",
            "postgresql:///j?user=app&password=geheim&host=db",
            "postgresql:///j?user=app&password=***&host=db",
        ),
        ("CHAT_URLS", "wecombot://geheim https://x.com/robot/send?access_token=geheim", "wecombot://*** https://***"),
        ("HR_EMAIL", "hr@example.com", "hr@example.com"),
    ],
)
def test_a_secret_is_never_shown(
    home: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(f"JINGPIN_{name}", value)
    settings.cache_clear()
    assert shown(name) == expected


def test_chat_groups_come_from_one_line_or_from_a_list_in_the_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "jingpin.toml").write_text('chat_urls = ["wecombot://a", "feishu://b"]\n')
    settings.cache_clear()
    assert settings().chat_urls == ("wecombot://a", "feishu://b")
    monkeypatch.setenv("JINGPIN_CHAT_URLS", " dingtalk://c\n wecombot://d ")
    settings.cache_clear()
    assert settings().chat_urls == ("dingtalk://c", "wecombot://d")


@pytest.mark.parametrize(
    "url", ["smtp://hr:geheim@mail.example.com", "mail.example.com", "smtps://", "smtps://hr:a:geheim"]
)
def test_a_mail_server_that_cannot_be_used_is_named_without_its_password(
    home: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("JINGPIN_SMTP_URL", url)
    settings.cache_clear()
    with pytest.raises(SettingsError, match=r"JINGPIN_SMTP_URL: .*smtps://") as refused:
        settings()
    assert "geheim" not in str(refused.value)


def test_without_any_setting_mail_becomes_files_and_nobody_is_chatted_to(home: Path) -> None:
    assert (settings().smtp_url, settings().chat_urls, settings().hr_email) == ("", (), "")


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),  # noqa: S104 - the example
        ("::", "http://[::1]:8000"),
        ("hr.example", "http://hr.example:8000"),
    ],
)
def test_a_link_leads_to_a_place_that_a_browser_can_go_to(host: str, expected: str) -> None:
    assert address(host, 8000) == expected


def test_the_data_directory_is_said_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JINGPIN_HOME", "here")
    settings.cache_clear()
    assert settings().home == tmp_path / "here"
    settings.cache_clear()
