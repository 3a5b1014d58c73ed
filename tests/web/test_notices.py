"""The public notice in the intranet: what the paper says, to everybody, and nothing before it is posted."""

from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from sqlalchemy import Engine
from sqlmodel import select

from kit.settings import settings
from models.database import transaction
from models.people import Person
from models.rounds import Round
from models.stages import Stage
from tests.actions.test_stages import to_the_decision
from tests.web.test_own_results import file_paper, to_the_notice
from tests.web.visiting import candidate, nobody

PATHS = ("/notices/T-1", "/notices/T-1/notice.pdf", "/notices/T-1/notice.ics")


def test_nobody_needs_to_sign_in_and_an_empty_list_says_what_will_appear(sqlite: Engine) -> None:
    page = nobody().get("/notices")
    assert page.status_code == 200
    assert "现在没有公示" in page.text


def test_nothing_of_a_round_that_is_not_posted_is_told(sqlite: Engine) -> None:
    to_the_decision()
    for path in PATHS:
        answer = nobody().get(path)
        assert answer.status_code == 404
        assert "测试轮次" not in answer.text
    assert "T-1" not in nobody().get("/notices").text
    unknown = nobody().get("/notices/T-2").text.replace("T-2", "T-1")
    assert unknown == nobody().get("/notices/T-1").text


def test_the_page_says_what_the_paper_says_with_masked_numbers_and_no_scores(sqlite: Engine) -> None:
    to_the_notice()
    page = nobody().get("/notices/T-1").text
    assert "测试轮次拟任人选公示" in page
    assert "李雷" in page
    assert "0***" in page or "***2" in page
    assert ">002<" not in page
    for hidden in ("90.00", "王芳", "买买提", "80.00"):
        assert hidden not in page
    assert "对公示有异议的，请在2026年10月21日24:00前" in page
    assert "共 5 个工作日" in page


def test_a_replay_and_a_cancelled_round_have_no_public_notice(sqlite: Engine) -> None:
    round_id = to_the_notice()
    for change in ({"mode": "replay"}, {"state": "cancelled"}):
        before = {}
        with transaction() as session:
            the_round = session.get_one(Round, round_id)
            for name, value in change.items():
                before[name] = getattr(the_round, name)
                setattr(the_round, name, value)
        assert nobody().get("/notices/T-1").status_code == 404
        assert "T-1" not in nobody().get("/notices").text
        with transaction() as session:
            for name, value in before.items():
                setattr(session.get_one(Round, round_id), name, value)


def test_only_the_published_announcement_is_given_out(sqlite: Engine) -> None:
    round_id = to_the_notice()
    assert nobody().get(PATHS[1]).status_code == 404
    file_paper(round_id, "", b"%PDF-book", kind="score_book")
    assert nobody().get(PATHS[1]).status_code == 404
    file_paper(round_id, "", b"%PDF-notice", kind="announcement")
    answer = nobody().get(PATHS[1])
    assert answer.content == b"%PDF-notice"
    assert answer.headers["content-disposition"].startswith("attachment")


def test_the_calendar_file_has_the_days_and_the_last_hour_for_objections(sqlite: Engine) -> None:
    to_the_notice()
    made = icalendar.Calendar.from_ical(nobody().get(PATHS[2]).content)
    days, last = made.walk("VEVENT")
    assert (days["dtstart"].dt, days["dtend"].dt) == (date(2026, 10, 14), date(2026, 10, 22))
    assert last["dtend"].dt == datetime(2026, 10, 21, 16, 0, tzinfo=UTC)
    assert (last["dtstart"].params, last["dtend"].dt - last["dtstart"].dt) == ({}, timedelta(hours=1))
    assert "异议受理到 2026年10月21日（周三）24:00" in last["description"]
    assert [alarm["trigger"].dt for alarm in last.walk("VALARM")] == [timedelta(days=-1)]
    assert "测试轮次" in days["summary"]


def test_a_name_with_a_script_is_only_ever_text(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests import factories

    centre = factories.centre()
    evil = centre.people[1]._replace(name="<script>alert(1)</script>", team="<b>一组")
    people = [evil if p.staff_no == "002" else p for p in centre.people]
    monkeypatch.setattr(factories, "centre", lambda: type(centre)(people=people))
    to_the_notice()
    page = nobody().get("/notices/T-1").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "<b>一组" not in page


def test_after_its_days_the_notice_says_that_it_is_over(sqlite: Engine) -> None:
    to_the_notice()
    with transaction() as session:
        stage = session.exec(select(Stage).where(Stage.key == "_notice")).one()
        stage.state, stage.closes_at = "done", datetime.now(UTC) - timedelta(days=1)
    assert "公示期已满" in nobody().get("/notices/T-1").text
    assert "公示期已满" in nobody().get("/notices").text


def test_who_has_left_since_is_named_as_the_paper_names_them(sqlite: Engine) -> None:
    to_the_notice()
    with transaction() as session:
        session.get_one(Person, "002").name = "改名"
    page = nobody().get("/notices/T-1").text
    assert "李雷" in page
    assert "改名" not in page


def test_signed_in_people_read_it_too(sqlite: Engine) -> None:
    to_the_notice()
    assert candidate("003").get("/notices/T-1").status_code == 200


def test_where_the_settings_say_so_nobody_reads_it_without_signing_in(
    sqlite: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_id = to_the_notice()
    file_paper(round_id, "", b"%PDF-notice", kind="announcement")
    monkeypatch.setenv("JINGPIN_OPEN_NOTICES", "false")
    settings.cache_clear()
    for path in ("/notices", *PATHS):
        answer = nobody().get(path)
        assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/login")
        assert candidate("003").get(path).status_code == 200
