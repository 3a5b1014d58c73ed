"""What a browser says it is, in words that its owner recognises."""

from typing import Final

from kit.i18n import gettext as _

PROGRAMS: Final = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("Lark", "飞书"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS: Final = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def browser(agent: str) -> str:
    """Return the program and the system that a User-Agent names, Chrome · Windows."""
    said = [next((name for word, name in known if word in agent), "") for known in (PROGRAMS, SYSTEMS)]
    return " · ".join(filter(None, said)) or agent[:60] or _("未知浏览器")
