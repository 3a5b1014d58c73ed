"""Pictures of the main pages: ``python -m tests.pictures HOME FOLDER``, from the home that ``make demo`` made.

The finished round of the demonstration is shown as it is; beside it a live one is launched, and the clock of the pages
stands still, so that the same pages come out every time.
"""

import os
import re
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PIL import Image
from sqlmodel import col, select

from actions import evidence, stages
from actions.steps import Terms
from cli import sample_rounds
from demo import centre
from forms import bundles, in_force
from models.database import reading, transaction
from models.people import Person
from models.results import Result
from models.rounds import Round
from queries import books
from queries import stages as standing
from rules import course
from rules.access import Role
from rules.records import Reviewer
from tests.journeys.browser import DESKTOP, PHONE, Windows, opened, served, started
from web import doors

if TYPE_CHECKING:
    from playwright.sync_api import Page

NOW: Final = datetime(2026, 10, 20, 2, 30, tzinfo=UTC)
"""On the second day of the first stage."""

DONE: Final = "2026Q4-DEMO"
COLOURS: Final = 128
"""Of a picture: the pages have few, and the files stay small."""


def prepare() -> None:
    """Launch the live round of the demonstration and bring it to its first stage, with half of the sheets filed."""
    bundle = bundles.read(centre.BUNDLE)
    with transaction() as session:
        the_round = sample_rounds.live(session, bundle, now=NOW)
        terms = Terms(
            policy=in_force.policy(the_round.policy_text), calendar=in_force.working_days(), actor="", now=NOW
        )
        while (step := standing.current(session, round_id=the_round.id)) and step.key != sample_rounds.STAGE:
            if step.state == "open":
                stages.close_by_hand(
                    session, stage=step, the_round=the_round, reason="已收齐", actor="hr", now=terms.now
                )
            if stages.open_next(session, stage_id=step.id, terms=terms).state == "closed":
                stages.tally(session, stage_id=step.id, terms=terms)
                stages.finish(session, stage_id=step.id, terms=terms)
        assert step
        stages.open_next(session, stage_id=step.id, terms=terms)
        marks = [m for m in bundle.evidence.marks if m.stage == sample_rounds.STAGE]
        evidence.take_in(session, the_round=the_round, book="marks", rows=marks[: len(marks) // 2], actor="hr", now=NOW)


def winner() -> tuple[str, str]:
    """Return number and name of somebody whom the finished round selected; else, a replayed round is nobody's own."""
    with transaction() as session:
        the_round = session.exec(select(Round).where(Round.code == DONE)).one()
        the_round.mode = course.LIVE
        mine = select(Result).where(Result.round_id == the_round.id, Result.outcome == "selected")
        staff_no = session.exec(mine.order_by(col(Result.staff_no))).first().staff_no
        return staff_no, session.exec(select(Person.name).where(Person.staff_no == staff_no)).one()


def judge() -> tuple[str, str]:
    """Return number and name of a reviewer of the live round."""
    with reading() as session:
        the_round = session.exec(select(Round).where(Round.code == sample_rounds.LIVE)).one()
        seats: list[Reviewer] = books.rows(session, book="reviewers", round_id=the_round.id)
    return next((str(s.staff_no), s.name) for s in reversed(seats) if s.staff_no)


def take(page: "Page", folder: Path, name: str, height: int = 900) -> None:
    """Save what a window shows as a small file."""
    page.wait_for_load_state("networkidle")
    size = page.viewport_size or {"width": DESKTOP}
    page.set_viewport_size({"width": size["width"], "height": height})
    file = folder / f"{name}.png"
    page.screenshot(path=file)
    with Image.open(file) as drawn:
        small = drawn.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(file, optimize=True)


def shoot(windows: Windows, folder: Path) -> None:
    """Open the pages and take their pictures."""
    hr = windows.as_somebody("hr", Role.HR, name="人力资源")
    hr.goto(f"/rounds/{sample_rounds.LIVE}")
    take(hr, folder, "board")
    hr.goto(f"/rounds/{DONE}/decision")
    hr.locator("section h3").first.evaluate("e => e.scrollIntoView()")  # what stands above says when the demo ran
    take(hr, folder, "decision", 760)
    staff_no, name = judge()
    reviewer = windows.as_somebody("judge", Role.REVIEWER, staff_no=staff_no, name=name, width=PHONE)
    reviewer.goto(f"/reviews/{sample_rounds.LIVE}")
    reviewer.get_by_label("我已了解回避规定").check()
    reviewer.get_by_role("button", name="申报").click()
    reviewer.get_by_role("link", name=re.compile("(开始|继续)评分")).click()
    reviewer.locator("input.mark").first.fill("87.5")
    reviewer.locator("#saved:has-text('已保存')").wait_for()
    take(reviewer, folder, "score_sheet")
    staff_no, name = winner()
    candidate = windows.as_somebody("winner", Role.CANDIDATE, staff_no=staff_no, name=name, width=PHONE)
    candidate.goto(f"/my/rounds/{DONE}/result")
    candidate.get_by_role("heading", name="综合成绩的计算").evaluate("e => e.scrollIntoView()")
    take(candidate, folder, "own_result")


def main(home: Path, folder: Path) -> None:
    """Make the pictures from a copy of a home."""
    with tempfile.TemporaryDirectory() as copied:
        for file in home.glob("jingpin.db*"):
            shutil.copy(file, copied)
        os.environ["JINGPIN_HOME"] = copied
        doors.instant = lambda: NOW
        prepare()
        with started() as browser, served() as address, opened(browser, address) as windows:
            shoot(windows, folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
