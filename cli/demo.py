"""``jingpin demo``: the example centre's whole round, through the same flow as any other; or a bundle of any size."""

import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

from cli import replay, show, summary
from clock.lock import try_conduct
from demo import centre
from forms import bundles
from forms.bundles import Bundle
from kit.i18n import gettext as _
from kit.settings import settings
from models.database import reading
from rules import course
from rules.texts import RuleError, Text

ELSEWHERE = ("JINGPIN_DATABASE_URL", "JINGPIN_DATABASE_SCHEMA", "JINGPIN_PREFECT_API_URL")
"""Settings that would lead the demonstration out of its folder, to a database or a server that others use."""


def add_to(root: typer.Typer) -> None:
    """Add these commands to the command line."""
    root.command("demo", help=_("用随附的示例数据完整跑一轮；或生成任意规模的示例数据包"))(demo)


def demo(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help=_("写入的目录；上一次的演示会清除"))] = Path(
        "var/demo"
    ),
    generate: Annotated[
        Path | None, typer.Option("--generate", metavar="DIR", help=_("不跑流程，只把示例数据包写入这个目录"))
    ] = None,
    people: Annotated[int, typer.Option(min=centre.FEWEST, metavar="N", help=_("示例中心的人数"))] = centre.PEOPLE,
    seed: Annotated[int, typer.Option(metavar="N", help=_("随机种子；相同的种子生成相同的内容"))] = centre.SEED,
) -> None:
    """Run the example centre's whole round anew, or write the bundle of such a centre."""
    if generate:
        _generate(generate, people=people, seed=seed)
    else:
        _run(out, people=people, seed=seed)


def _generate(out: Path, *, people: int, seed: int) -> None:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise RuleError(Text(_("{out} 已经存在且不是空目录；请换一个目录"), {"out": str(out)}))
    centre.write(out, centre.make(people=people, seed=seed))
    said = _("已生成 {people} 人的示例数据包：{out}")
    show.line(said.format(people=people, out=out))
    show.line(_("重放：jingpin replay {out} --out DIR").format(out=out))


def _run(out: Path, *, people: int, seed: int) -> None:
    began = time.monotonic()
    os.environ.update(dict.fromkeys(ELSEWHERE, ""))
    settings.cache_clear()
    _clear(out)
    bundle = _bundle(people=people, seed=seed)
    show.note(_("示例中心 {people} 人：{title}").format(people=people, title=bundle.policy.title))
    the_round = replay.run(bundle, out, mode=course.REPLAY, with_documents=True)
    with reading() as session:
        summary.tell(session, the_round, out, seconds=time.monotonic() - began)
    if the_round.state != "finished":
        raise typer.Exit(1)


def _bundle(*, people: int, seed: int) -> Bundle:
    """Return the bundle that ships with the product, or one made for the occasion."""
    if (people, seed) == (centre.PEOPLE, centre.SEED):
        return bundles.read(centre.BUNDLE)
    with tempfile.TemporaryDirectory() as folder:
        centre.write(Path(folder), centre.make(people=people, seed=seed))
        return bundles.read(Path(folder))


def _clear(out: Path) -> None:
    """Remove an earlier demonstration, also one that was interrupted; nothing else, and none that is in use."""
    if not (out / replay.MARKER).exists():
        return
    baton = try_conduct(out)
    if baton is None:
        raise RuleError(Text(_("{out} 正由另一个 jingpin 使用；请先停止它，或用 --out 换一个目录"), {"out": str(out)}))
    with baton:
        shutil.rmtree(out)
    show.note(_("{out} 里上一次的演示已清除，重新开始").format(out=out))
