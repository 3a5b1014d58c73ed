"""``jingpin candidate …``: withdraw, hold, release one candidate of a running round."""

import typer

from cli import changing, options
from kit.i18n import gettext as _
from rules.changes import Change
from rules.policies import Deed

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=_("候选人：撤回报名、暂缓、解除暂缓"))


def add_to(root: typer.Typer) -> None:
    """Add these commands to the command line."""
    root.add_typer(app, name="candidate")


@app.command(help=_("撤回一位候选人的报名；已有的成绩整体重新清点"))
def withdraw(
    code: options.Code, staff_no: options.StaffNo, reason: options.Reason, by: options.By = "", yes: options.Yes = False
) -> None:
    """Take a candidate out of a round, after saying who moves."""
    changing.carry_out(
        code,
        Change(Deed.WITHDRAW, reason, staff_no=staff_no),
        by=by,
        yes=yes,
        done=_("{staff_no} 已撤回报名").format(staff_no=staff_no),
    )


@app.command(help=_("暂缓一位候选人：解除之前不能审定，公示也不结束"))
def hold(
    code: options.Code, staff_no: options.StaffNo, reason: options.Reason, by: options.By = "", yes: options.Yes = False
) -> None:
    """Put a candidate on hold."""
    changing.carry_out(
        code,
        Change(Deed.HOLD, reason, staff_no=staff_no),
        by=by,
        yes=yes,
        done=_("{staff_no} 已暂缓").format(staff_no=staff_no),
        already=_("{staff_no} 早已暂缓，没有变化").format(staff_no=staff_no),
    )


@app.command(help=_("解除一位候选人的暂缓"))
def release(
    code: options.Code, staff_no: options.StaffNo, reason: options.Reason, by: options.By = "", yes: options.Yes = False
) -> None:
    """Release a candidate from hold."""
    changing.carry_out(
        code,
        Change(Deed.RELEASE, reason, staff_no=staff_no),
        by=by,
        yes=yes,
        done=_("{staff_no} 已解除暂缓").format(staff_no=staff_no),
        already=_("{staff_no} 没有暂缓，没有变化").format(staff_no=staff_no),
    )
