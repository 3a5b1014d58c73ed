"""Every document in English: from a policy without Chinese no Chinese is left, and sentences do not run together."""

import json
import re
from collections.abc import Iterator
from datetime import datetime, time
from functools import cache
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest

from forms import bundles
from kit.i18n import in_language
from reports import screening_report
from reports.candidate_result import layout as candidate_result
from reports.official import announcement, appointment, launch
from reports.official import layout as official
from reports.official.announcement import Announcement, Chosen, Level
from reports.official.appointment import Appointee, AppointmentNotice
from reports.official.blocks import Official
from reports.official.launch import LaunchNotice
from reports.score_book import ScoreBook, papers
from reports.screening_report import Judged, ScreeningReport
from rules.screening import screen
from rules.seats import Allotment, allot
from tests.reports.decided import SAMPLE, Decided, decide

CHINESE = re.compile(r"[\u3001-\u3013\u4e00-\u9fff\uff00-\uffef]+")
GLUED = re.compile(r"[a-z)\d][.;,:](?=[A-Z])|[a-z](?=[A-Z][a-z])|  +|\(\)| [,;]| \.(?!\.)")
ZONE = ZoneInfo("Asia/Shanghai")
SHA = "c3" * 32


@cache
def decided() -> Decided:
    """Return the sample with an English word for every Chinese one, decided again."""
    words: dict[str, str] = {}

    def word(found: re.Match[str]) -> str:
        return words.setdefault(found[0], f"Word {len(words)}")

    with TemporaryDirectory() as directory:
        for file in SAMPLE.iterdir():
            text = file.read_text(encoding="utf-8")
            (Path(directory) / file.name).write_text(CHINESE.sub(word, text), encoding="utf-8")
        bundle = bundles.read(Path(directory))
    return decide(bundle.policy, bundle.personnel, bundle.evidence)


def shared() -> Allotment:
    policy = decided().policy
    quota = policy.quota
    return allot(quota.seats, decided().heads, method=quota.method, minimum=quota.minimum, code=policy.code)


def texts(html: str) -> list[str]:
    """Return what stands between two tags: what a template or the code has joined."""
    return [unescape(text) for text in re.split(r"<[^>]*>|\n", html.partition("<body>")[2]) if text.strip()]


def notices() -> Iterator[Official]:
    policy, period, today = decided().policy, decided().period, decided().period.first_day
    chosen = [Chosen("00038", "Yu Tong", "phone", "Phone 2", "II"), Chosen("00045", "Mai Mai", "online", "Online 1")]
    yield launch.document(LaunchNotice(policy, SHA, today, decided().seats, decided().heads), language="en")
    yield launch.document(LaunchNotice(policy, SHA, today), language="en")
    level, vacant = (Level("phone", 3, 2), Level("", 2, 1)), {"vip": 1, "": 2}
    for people in (chosen, []):
        view = Announcement(policy, people, period, today, level=level, vacant=vacant)
        yield announcement.document(view, language="en")
        yield announcement.document(Announcement(policy, people, period, today, vacant={"vip": 1}), language="en")
    named = [Appointee(one.staff_no, one.name, one.line, one.unit, one.grade) for one in chosen]
    for posted in (period, None):
        yield appointment.document(AppointmentNotice(policy, named, today, today, posted), language="en")


def internal() -> Iterator[str]:
    policy, personnel = decided().policy, decided().personnel
    issued = datetime.combine(decided().period.first_day, time(), ZONE)
    screened = {one.staff_no: one for one in screen(policy, personnel)}
    people = [Judged(person, screened[person.staff_no]) for person in personnel.people]
    sharing = json.loads(json.dumps(shared().working))
    report = ScreeningReport(policy, SHA, issued, people, decided().heads, decided().seats, sharing)
    yield from (paper.html for paper in screening_report.papers(report))
    book = ScoreBook(
        policy, SHA, issued, decided().entries, decided().heads, decided().seats, sharing, decided().ranking
    )
    yield from (paper.html for paper in papers(book))


@pytest.fixture(scope="module")
def documents() -> list[str]:
    with in_language("en"):
        made = [*map(official.html, notices()), *internal()]
    return made + [candidate_result.html(view, spoken="en") for view in decided().views.values()]


def test_no_chinese_is_left_in_an_english_document(documents: list[str]) -> None:
    left = {found for html in documents for found in CHINESE.findall(html.partition("<body>")[2])}
    assert left <= {"〔", "〕"}


def test_what_is_joined_in_english_keeps_its_blanks(documents: list[str]) -> None:
    glued = {line for html in documents for line in texts(html) if GLUED.search(line)}
    assert glued == set()


def test_documents_are_chinese_unless_asked_otherwise_whoever_makes_them() -> None:
    view = next(iter(decided().views.values()))
    with in_language("en"):
        assert 'lang="zh-CN"' in candidate_result.html(view)
        assert candidate_result.paper(view, spoken="en").title.startswith("Individual result")
