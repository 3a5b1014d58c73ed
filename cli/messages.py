"""``jingpin messages …``: what was told to whom, what waits, what could not be sent, and how to try again."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from actions import outbox
from cli import options, show
from kit.i18n import gettext as _
from models.database import reading, transaction
from models.messages import Message
from queries import outbox as reads
from rules.texts import RuleError, Text, enumerated

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=_("邮件和群消息：列表、立即发送、重新发送"))

STATES = {
    "waiting": _("待发"),
    "sending": _("发送中"),
    "sent": _("已发"),
    "given_up": _("未能发出"),
    reads.OVERTAKEN: _("已不需要"),
}
REASONS = {
    reads.NO_ADDRESS: _("没有地址"),
    reads.NO_GROUP: _("设置中已没有这个群机器人"),
    reads.OVERTAKEN: _("环节已截止或延期，不再需要"),
}
"""Why we gave up a message ourselves; anything else is what a server said."""

SHOWN_ID = 8
WITHOUT_END = float("inf")


def add_to(root: typer.Typer) -> None:
    """Add these commands to the command line."""
    root.add_typer(app, name="messages")


@app.command("list", help=_("列出消息，最新的在前"))
def list_messages(
    state: Annotated[str, typer.Option("--state", help=_("只列这种状态的：waiting、sending、sent 或 given_up"))] = "",
    most: Annotated[int, typer.Option("--most", min=1, help=_("最多列出几条"))] = 100,
    json: options.Json = False,
) -> None:
    """List messages with their state and why they could not be sent."""
    known = [name for name in STATES if name != reads.OVERTAKEN]
    if state and state not in known:
        raise RuleError(Text(_("没有“{state}”这种状态；有：{known}"), {"state": state, "known": enumerated(known)}))
    with reading() as session:
        found = reads.messages(session, states=[state] if state else [], limit=most)
        counts = reads.counts(session)
    rows = [_row(m, plain=json) for m in found]
    columns = {
        "id": _("编号"),
        "state": _("状态"),
        "written_at": _("写于"),
        "to": _("收件人"),
        "subject": _("主题"),
        "error": _("原因"),
    }
    show.table(rows, columns=columns, json_wanted=json, empty=_("没有消息"))
    said = _("，").join(f"{_(STATES[name])} {n}" for name, n in counts.items() if n)
    if said:
        show.note(said)


def _row(message: Message, *, plain: bool) -> dict[str, object]:
    if plain:
        return message.model_dump(mode="json", exclude={"body"})
    return {
        "id": str(message.id)[:SHOWN_ID],
        "state": _(STATES[reads.OVERTAKEN if message.error == reads.OVERTAKEN else message.state]),
        "written_at": message.written_at.astimezone().strftime("%Y-%m-%d %H:%M"),
        "to": f"{message.recipient} {message.address}".strip(),
        "subject": message.subject,
        "error": _(REASONS.get(message.error, message.error)),
    }


@app.command(help=_("写好到期的提醒，并立即发送所有到时间的消息；没有运行 serve 时可以定时运行"))
def send(json: options.Json = False) -> None:
    """Write the letters that are due, and send everything whose time has come."""
    from tasks.outbox import send_due  # noqa: PLC0415 - templates and mail, which the list does without
    from tasks.reminders import Reminders  # noqa: PLC0415 - see above

    now = datetime.now(UTC)
    written = Reminders().look(now=now)
    done = send_due(now=now, seconds=WITHOUT_END)
    if json:
        show.as_json({"written": written, **done._asdict()})
        return
    show.line(_("新写 {written} 条，发出 {sent} 条，未能发出 {failed} 条").format(written=written, **done._asdict()))
    if done.failed:
        show.note(_("未能发出的会自动重试；原因见 jingpin messages list"))


@app.command(help=_("重新发送未能发出的消息；不写编号就是全部"))
def retry(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help=_("消息编号，写前几位即可"))] = None,
    by: options.By = "",
    json: options.Json = False,
) -> None:
    """Let messages that were given up be tried again."""
    with transaction() as session:
        wanted = reads.given_up(session, beginnings=ids or [])
        n = outbox.retry(session, ids=wanted, actor=options.actor(by), now=datetime.now(UTC))
    if json:
        show.as_json({"retried": n})
    else:
        show.line(_("{n} 条消息将重新发送").format(n=n))
