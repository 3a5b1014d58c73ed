"""Settings: from the environment (``JINGPIN_…``), else from ``jingpin.toml`` in the data directory, else a default."""

import os
import re
from collections.abc import Callable, Mapping
from functools import cache
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from kit import mail_url
from kit.i18n import gettext

PREFIX = "JINGPIN_"
FILE_NAME = "jingpin.toml"


class SettingsError(Exception):
    """A setting that cannot be used; says which one, where it came from and what is wrong."""


def _mark(message: str) -> str:
    """Mark a meaning for the catalogues; it is translated where it is shown."""
    return message


_ = _mark


def address(host: str, port: int) -> str:
    """Return what to type into a browser on this machine for a server that listens there."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - all of them is no place to go to
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def home() -> Path:
    """Return the data directory, ``JINGPIN_HOME``; by default ``var/`` of the working directory."""
    return Path(os.environ.get(f"{PREFIX}HOME") or "var").absolute()


class Settings(BaseSettings):
    """All settings with their meaning; ``jingpin settings`` prints them."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    home: Path = Field(default_factory=home, description=_("数据目录：数据库、Prefect 的数据和日志都在其中"))
    database_url: str = Field(default="", description=_("数据库地址；为空时使用数据目录下的 SQLite 文件 jingpin.db"))
    database_schema: str = Field(default="", description=_("PostgreSQL 的模式（schema）；为空时使用默认模式"))
    host: str = Field(default="127.0.0.1", description=_("网页服务监听的地址"))
    port: int = Field(default=8000, ge=0, le=65535, description=_("网页服务监听的端口"))
    public_url: str = Field(
        default="", description=_("人们打开网页用的地址（如 https://jingpin.example.com）；为空时用监听的地址和端口")
    )
    log_format: str = Field(
        default="text", pattern="^(text|json)$", description=_("日志的格式：text 或 json（每行一个对象）")
    )
    log_level: str = Field(
        default="info", pattern="^(debug|info|warning|error)$", description=_("记录多详细：debug、info、warning、error")
    )
    session_idle_minutes: int = Field(default=30, ge=1, le=1440, description=_("登录后多少分钟没有操作即退出"))
    second_factor: str = Field(
        default="administrators",
        pattern="^(administrators|staff|everyone)$",
        description=_(
            "登录时谁必须有第二重验证：administrators（系统管理员）、staff（候选人以外的各角色）或 everyone（所有人）"
        ),
    )
    upload_mb: int = Field(default=20, ge=1, le=50, description=_("候选人上传的单个文件最大多少 MB"))
    open_notices: bool = Field(default=True, description=_("公示是否不登录也能看；只限登录后看的写 false"))
    session_hours: int = Field(default=12, ge=1, le=168, description=_("一次登录最长多少小时"))
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description=_(
            "前面的反向代理的地址或网段，用空格分隔（如 127.0.0.1 10.0.0.0/8）；只有它们报告的访问者地址和 https 才可信"
        ),
    )
    oidc_issuer: str = Field(
        default="", description=_("单位统一登录（OIDC）的地址，如 https://sso.example.com/realms/staff；为空时不使用")
    )
    oidc_client_id: str = Field(default="", description=_("在单位统一登录中登记的客户端编号"))
    oidc_client_secret: str = Field(default="", description=_("在单位统一登录中登记的客户端密钥"))
    oidc_claim: str = Field(
        default="preferred_username", description=_("单位统一登录返回的哪一项是登录名或工号，用来找到账号")
    )
    oidc_second_factor: str = Field(
        default="",
        description=_(
            "单位统一登录在 amr 或 acr 中用哪个词表示已验证第二重（如 mfa）；有它时本系统不再要验证码，为空时总要"
        ),
    )
    prefect_port: int = Field(default=0, ge=0, le=65535, description=_("内嵌 Prefect 的本机端口；0 表示自动选择"))
    prefect_api_url: str = Field(
        default="", description=_("另行运行的 Prefect 服务器（如 http://prefect:4200/api）；为空时使用内嵌的 Prefect")
    )
    takeover_seconds: int = Field(
        default=120, ge=5, le=86_400, description=_("多机运行时，多久没有进展的轮次由别的工作进程接手（秒）")
    )
    workers: int = Field(default=2, ge=1, le=64, description=_("制作文档的进程数和同时推进的轮次数"))
    actor: str = Field(default="", description=_("命令行的操作人，记入留痕；为空时是当前的系统用户"))
    language: str = Field(default="zh", pattern="^(zh|en)", description=_("界面语言：zh 或 en"))
    document_language: str = Field(
        default="zh", pattern="^(zh|en)$", description=_("文档的语言：zh 或 en；与操作人的界面语言无关")
    )
    cache: Path = Field(
        default_factory=lambda: Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "jingpin",
        description=_("可以随时重建的缓存：精简字体、Prefect 的空数据库"),
    )
    fonts: Path | None = Field(default=None, description=_("单位自有字体的文件夹，优先于系统字体"))
    calendar: Path | None = Field(
        default=None, description=_("补充的工作日历（CSV：date,kind），用于程序尚不知道的年份")
    )
    smtp_url: str = Field(
        default="",
        description=_("邮件服务器，如 smtps://用户:密码@主机；为空时邮件写成数据目录下 outbox 中的 .eml 文件"),
    )
    mail_from: str = Field(default="jingpin@localhost", description=_("邮件的发件人，如 竞聘办公室 <hr@example.com>"))
    hr_email: str = Field(default="", description=_("竞聘方案没有写明单位邮箱时，给人力资源的邮件发到这里"))
    chat_urls: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description=_(
            "给人力资源的催办同时发到这些群机器人（企业微信、钉钉、飞书的 Webhook 地址或 Apprise 地址，用空格分隔）"
        ),
    )

    @classmethod
    def settings_customise_sources(  # noqa: D102 - pydantic's own hook
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic passes all sources by name
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic passes all sources by name
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        file = TomlConfigSettingsSource(settings_cls, toml_file=home() / FILE_NAME)
        return init_settings, env_settings, file

    @field_validator("home")
    @classmethod
    def _whole(cls, value: Path) -> Path:
        return value.absolute()  # a command may be typed elsewhere, and a message is read elsewhere

    @field_validator("chat_urls", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return value.split() if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if value and not re.match(r"(sqlite|postgres(ql)?)(\+\w+)?:/", value):
            raise ValueError(gettext("应为 postgresql://用户:密码@主机/数据库，或 sqlite:///文件"))
        return value

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer(cls, value: str) -> str:
        if value and not re.match(r"https://|http://(127\.0\.0\.1|localhost|\[::1\])[:/]", value):
            raise ValueError(gettext("应为 https:// 开头的地址"))
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for one in value:
            try:
                ip_network(one)
            except ValueError:
                raise ValueError(gettext("应为 IP 地址或网段，如 127.0.0.1 10.0.0.0/8")) from None
        return value

    @field_validator("smtp_url")
    @classmethod
    def _mail_server(cls, value: str) -> str:
        if value:
            mail_url.server(value)
        return value

    def address(self) -> str:
        """Return the address under which people open the pages."""
        return self.public_url.rstrip("/") or address(self.host, self.port)

    def database(self) -> str:
        """Return the database's address: the one that is set, else the file in the data directory."""
        return self.database_url or f"sqlite:///{self.home / 'jingpin.db'}"


@cache
def settings() -> Settings:
    """Return the settings of this process, read once.

    :raises SettingsError: naming every setting that cannot be used.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError("\n".join(_fault(e) for e in error.errors())) from None
    except ValueError as error:  # the file is no TOML
        raise SettingsError(f"{home() / FILE_NAME}: {error}") from None


_WRONG: Mapping[str, str] = {
    "int_parsing": _("应为整数"),
    "int_type": _("应为整数"),
    "greater_than_equal": _("不能小于 {ge}"),
    "less_than_equal": _("不能大于 {le}"),
    "string_pattern_mismatch": _("应符合 {pattern}"),
    "string_type": _("应为文字"),
    "extra_forbidden": _("没有这个设置；用 jingpin settings 查看有哪些"),
}
"""What pydantic finds wrong, in our words; its own stand for the rest."""


def _fault(error: Mapping[str, Any]) -> str:
    name, kind = str(error["loc"][0]), error["type"]
    about = error.get("ctx", {})
    what = gettext(_WRONG[kind]).format(**about) if kind in _WRONG else str(about.get("error", error["msg"]))
    given = "" if name in _SECRETS else gettext("（现为 {value}）").format(value=error["input"])
    return f"{PREFIX}{name.upper()}: {what}{given}"


def listed() -> list[dict[str, Any]]:
    """Return each setting with its variable, value and meaning (untranslated)."""
    now = settings()
    return [
        {
            "name": f"{PREFIX}{name.upper()}",
            "value": _shown(name, getattr(now, name)),
            "meaning": field.description or "",
        }
        for name, field in Settings.model_fields.items()
    ]


def _shown(name: str, value: object) -> str:
    if isinstance(value, tuple):
        return " ".join(_SECRETS.get(name, str)(item) for item in value)
    return "" if value is None else _SECRETS.get(name, str)(str(value))


def without_password(url: str) -> str:
    """Return an address with its passwords as stars: ``smtps://hr:***@mail.example.com``."""
    shown = re.sub(r"(?<=://)([^:/?#]*):\S*@", r"\1:***@", url)
    return re.sub(r"(password=)[^&\s]*", r"\1***", shown)


def _kind_only(url: str) -> str:
    """Return what of a chat group's address is no secret: whoever knows the rest can speak there."""
    return f"{url.partition('://')[0]}://***"


def _stars(secret: str) -> str:
    return "***" if secret else ""


_SECRETS: Mapping[str, Callable[[str], str]] = {
    "database_url": without_password,
    "prefect_api_url": without_password,
    "smtp_url": without_password,
    "chat_urls": _kind_only,
    "oidc_client_secret": _stars,
}
"""Settings that hold a secret, and how they are shown without it."""
