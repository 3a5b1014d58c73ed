"""Whom to ask and where to object."""

from datetime import date

from kit.i18n import gettext as _
from kit.i18n import prose
from kit.jinja import day
from rules.policies import Organisation


def contact(organisation: Organisation) -> str:
    """Return who can be asked and how, or nothing."""
    named = (
        ("", organisation.department),
        (_("联系人"), organisation.contact),
        (_("电话"), organisation.phone),
        (_("电子邮箱"), organisation.email),
        (_("地址"), organisation.address),
    )
    return _("，").join(
        _("{label}{value}").format(label=label, value=value) if label else value for label, value in named if value
    )


def objections(organisation: Organisation, *, last_day: date | None = None) -> str:
    """Return until when, to whom and how objections can be raised; before the notice its last day is not known."""
    until = day(last_day) if last_day else _("公示期最后一日")
    text = _("对公示有异议的，请在{until}24:00前以书面、电话或者当面方式实名反映，写明事实和依据。")
    people = contact(organisation)
    whom = _("受理：{contact}。").format(contact=people) if people else _("异议由发布本文件的单位受理。")
    return prose(text.format(until=until), _("受理单位为反映人保密。"), whom)
