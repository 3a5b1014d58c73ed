"""What a whole round came to, on one screen: where people left, who was selected and why, where everything lies."""

import json
import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlmodel import Session

from cli import conducting, show
from cli.outcome import DOCUMENTS
from kit import terminal
from kit.i18n import gettext as _
from kit.i18n import labelled
from models.results import Allotment, Result
from models.rounds import Round
from models.stages import Stage
from queries import people, results, rounds, stages
from reports import outcomes
from reports.words import component
from rules import course, unused_seats
from rules.policies import Policy
from rules.records import Person
from tasks.terms import policy_of

BAR = 20
"""Characters of the longest bar."""

UNBROKEN = 1000
"""Commands are copied from the screen, so they are not broken into lines."""

NOT_IN = {"ineligible": _("资格不符"), "early": _("提前"), "late": _("逾期"), "withdrawn": _("撤回")}
"""Outcomes of those who applied but took no part, as short as a line of the table wants them."""


class Story:
    """Everything that the summary tells of a round, read once."""

    def __init__(self, session: Session, the_round: Round) -> None:
        self.the_round, self.policy = the_round, policy_of(the_round)
        self.seats: Mapping[str, Allotment] = results.seats(session, round_id=the_round.id)
        self.results: Sequence[Result] = results.of_round(session, round_id=the_round.id)
        self.numbers = rounds.numbers(session, round_id=the_round.id)
        self.special = [s.staff_no for s in results.screened(session, round_id=the_round.id) if s.channel == "special"]
        found: list[Person] = people.frozen_part(session, round_id=the_round.id, part="people")
        self.people = {p.staff_no: p for p in found}
        self.stages: Mapping[str, Stage] = {s.key: s for s in stages.of_round(session, round_id=the_round.id)}
        self.final: dict[str, Any] = json.loads(self.stages[course.FINAL].working)

    def line(self, staff_no: str) -> str:
        """Return the business line of somebody, by its key."""
        return self.people[staff_no].business_line

    def chosen(self) -> list[Result]:
        """Return who was selected or is level for the last seat, best first."""
        chosen = [r for r in self.results if r.outcome in {"selected", "tied"}]
        return sorted(chosen, key=lambda r: (r.rank or 0, r.staff_no))


def tell(session: Session, the_round: Round, out: Path, *, seconds: float) -> None:
    """Tell a round on one screen."""
    story = Story(session, the_round)
    show.line()
    show.line(_("{title}（{code}）").format(title=story.policy.title, code=the_round.code))
    _tell_seats(story)
    _tell_course(story)
    _tell_chosen(story)
    _tell_notes(story)
    for stage in story.stages.values():
        if why := conducting.why_blocked(stage):
            show.problem(labelled(_(stage.name), why))
    _tell_files(out)
    _tell_commands(the_round, out, seconds)


def _tell_seats(story: Story) -> None:
    text = _("资格审查 {screened} 人，符合 {eligible} 人，其中经特殊通道 {special} 人；名额 {seats} 个")
    show.line(text.format(**story.numbers, special=len(story.special), seats=story.policy.quota.seats))
    show.line()
    applied = Counter(story.line(r.staff_no) for r in story.results)
    finalists = Counter(story.line(r.staff_no) for r in story.results if r.rank)
    selected = Counter(story.line(r.staff_no) for r in story.results if r.outcome == "selected")
    rows = [
        {
            "line": name,
            "heads": story.seats[line].heads,
            "applied": applied[line],
            "finalists": finalists[line],
            "seats": story.seats[line].seats,
            "selected": selected[line],
        }
        for line, name in story.policy.lines.items()
        if line in story.seats
    ]
    columns = {
        "line": _("业务线"),
        "heads": _("人数"),
        "applied": _("报名"),
        "finalists": _("排名"),
        "seats": _("名额"),
        "selected": _("入选"),
    }
    show.table(rows, columns=columns, json_wanted=False, empty="")


def _tell_course(story: Story) -> None:
    rows = [
        {"step": step, "left": left, "bar": "█" * _length(left, len(story.results)), "why": why}
        for step, left, why in _course(story.policy, story.results)
    ]
    show.line()
    columns = {"step": _("环节"), "left": _("在轮"), "bar": "", "why": _("离开")}
    show.table(rows, columns=columns, json_wanted=False, empty=_("没有人报名"))


def _length(n: int, most: int) -> int:
    return max(1, round(BAR * n / most)) if n else 0


def _course(policy: Policy, rows: Sequence[Result]) -> Iterator[tuple[str, int, str]]:
    """Yield each step with how many were still in after it, and why the others left there."""
    if not rows:
        return
    counts = Counter(r.outcome or "" for r in rows)
    left = len(rows)
    yield _("报名"), left, ""
    left -= sum(counts[key] for key in NOT_IN)
    yield _("资格"), left, _("，").join(f"{_(word)} {counts[key]}" for key, word in NOT_IN.items() if counts[key])
    for key, name in [*((s.key, s.name) for s in policy.stages), ("final", _("综合成绩"))]:
        gone = counts[f"eliminated:{key}"]
        left -= gone
        yield name, left, _("{n} 人").format(n=gone) if gone else ""
    yield _("入选"), counts["selected"], _("后备 {n} 人").format(n=counts["reserve"])


def _tell_chosen(story: Story) -> None:
    rows = [
        {
            "rank": r.rank,
            "name": story.people[r.staff_no].name,
            "staff_no": r.staff_no,
            "line": f"{story.policy.lines[story.line(r.staff_no)]} {story.people[r.staff_no].team or ''}".rstrip(),
            "final": format(r.final, "f"),
            "remark": _("，").join(_remarks(story, r)),
        }
        for r in story.chosen()
    ]
    columns = {
        "rank": _("名次"),
        "name": _("姓名"),
        "staff_no": _("工号"),
        "line": _("现所在单位"),
        "final": _("综合成绩"),
        "remark": _("备注"),
    }
    show.line()
    show.table(rows, columns=columns, json_wanted=False, empty=_("没有人入选"))


def _remarks(story: Story, result: Result) -> Iterator[str]:
    if result.outcome == "tied":
        yield outcomes.outcome(story.policy, "tied")
    if result.staff_no in story.special:
        yield _("特殊通道")
    if result.staff_no in story.final["unused"].get("selected", ()):
        yield _("调剂名额")


def _tell_notes(story: Story) -> None:
    notes = list(_notes(story))
    if notes:
        show.line()
    for note in notes:
        for n, text in enumerate(terminal.wrap(note, show.out.width - 2)):
            show.line(f"{'  ' if n else '· '}{text}")


def _notes(story: Story) -> Iterator[str]:
    """Yield what somebody would ask about: level people at the cut, seats that a line could not fill."""
    outcome = {r.staff_no: r.outcome for r in story.results}
    for tie in story.final["ties"]:
        if len({outcome[no] for no in tie["people"]}) > 1:
            text = _("{names}综合成绩同为 {final}，按{by}分出先后")
            names = _("、").join(story.people[no].name for no in tie["people"])
            yield text.format(names=names, final=tie["final"], by=_told_apart(story.policy, tie))
    for line, given in story.final["lines"].items():
        if given["unused"]:
            yield _("{line}名额 {seats} 个，合格 {n} 人。{rule}").format(
                line=story.policy.lines[line],
                seats=given["seats"],
                n=len(given["selected"]),
                rule=_(unused_seats.RULES[story.policy.quota.unused]),
            )


def _told_apart(policy: Policy, tie: Mapping[str, Any]) -> str:
    """Return by which part of the chain the first of a level group went ahead."""
    by = next((step["by"] for step in tie["steps"] if len(step["level"]) > 1), "")
    return component(policy, by) if by else _("加试")


def _tell_files(out: Path) -> None:
    folder = out / DOCUMENTS
    if not folder.exists():
        return
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    own = Counter(p.parent.name for p in files if p.parent != folder)
    show.line()
    show.line(_("文档 {n} 份，在 {folder}").format(n=len(files), folder=folder))
    for file in files:
        if file.parent == folder:
            show.line(f"  {file.name}")
    for name, n in own.items():
        show.line(_("  {name}/  每名报名人各一份，共 {n} 份").format(name=name, n=n))
    show.line(_("结果 {results}，留痕 {history}").format(results=out / "results.json", history=out / "history.jsonl"))


def _tell_commands(the_round: Round, out: Path, seconds: float) -> None:
    mine = f"{_program()} --home {out}"
    pairs = [
        (_("核对并重算"), f"{mine} verify"),
        (_("各个环节"), f"{mine} round show {the_round.code}"),
        (_("全部留痕"), f"{mine} history {the_round.code}"),
        (_("更大的示例"), f"{_program()} demo --people 1000"),
        (_("只要数据包"), f"{_program()} demo --generate DIR"),
    ]
    show.line()
    show.line(_("用时 {seconds:.0f} 秒。接下来可以：").format(seconds=seconds))
    for text in terminal.definitions(pairs, width=UNBROKEN):
        show.line(text)


def _program() -> str:
    """Return how this program was called, as somebody can type it again."""
    called = Path(sys.argv[0])
    if called.suffix == ".py" or shutil.which(called.name):
        return "jingpin"
    return min(str(called), os.path.relpath(called), key=len)
