"""Metrics say how the rounds are doing, and nobody's name."""

from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine

from actions import signals, stages
from kit.logs import extras
from models.database import reading, transaction
from models.rounds import Round
from queries import stages as standing
from queries.accounts import by_login
from tests.actions.test_stages import launch, look_again, to_the_decision
from tests.factories import NOW, centre
from tests.web.visiting import hr, nobody
from web.routes.health import numbers


def scraped() -> dict[str, float]:
    text = bytes(numbers().body).decode()
    return {
        s.name + "".join(f"/{v}" for v in s.labels.values()): s.value
        for family in text_string_to_metric_families(text)
        for s in family.samples
    }


def refused(why: str) -> float:
    return scraped().get(f"jingpin_refusals_total/{why}", 0)


def test_a_scrape_counts_rounds_and_what_they_wait_for(database: Engine) -> None:
    assert scraped()["jingpin_rounds/running"] == 0
    to_the_decision()
    found = scraped()
    assert found["jingpin_rounds/running"] == 1
    assert found["jingpin_open_steps/decision"] == 1
    assert found["jingpin_documents"] == 0
    assert found["jingpin_blocked_steps"] == 0


def test_what_nobody_closes_or_conducts_is_seen(database: Engine) -> None:
    round_id = launch()
    assert scraped()["jingpin_stuck_rounds"] == 1  # launched at a time of the past, and nobody has looked
    look_again(round_id)
    assert scraped()["jingpin_overdue_steps"] == 1  # its deadline of the past has gone by, and no clock runs
    assert scraped()["jingpin_oldest_signal_seconds"] > timedelta(days=1).total_seconds()
    with transaction() as session:
        stages.close_due(session, now=NOW + timedelta(days=30))
        signals.delivered(session, ids=[1, 2, 3, 4], now=NOW)
    assert scraped()["jingpin_overdue_steps"] == 0
    assert scraped()["jingpin_signals_waiting"] == 0


def test_a_step_that_something_stops_is_seen(database: Engine) -> None:
    round_id = launch()
    look_again(round_id)
    with transaction() as session:
        stage = standing.by_key(session, the_round=session.get_one(Round, round_id), key="interview")
        stage.blocked = '{"template": "没有日历", "values": {}}'
    assert scraped()["jingpin_blocked_steps"] == 1


def test_what_is_refused_is_counted_and_logged_without_a_name_or_an_address(
    sqlite: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    someone = hr("wang")
    before = {why: refused(why) for why in ("forbidden", "stale", "password", "token", "code")}
    someone.get("/accounts?q=secret")
    someone.client.post("/logout")
    nobody().client.post("/login", data={"login": "wang", "password": "geheim"})
    nobody().get("/api/v1/rounds/T-1", headers={"authorization": "Bearer geheim"})
    someone.post("/account/second-factor/begin")
    someone.post("/account/second-factor/confirm", {"code": "000000"})
    assert [refused(why) - n for why, n in before.items()] == [1, 1, 1, 1, 1]
    logged = [extras(r) for r in caplog.records if r.name == "jingpin.refused"]
    with reading() as session:
        wang = by_login(session, login="wang")
    assert wang
    assert {"why": "forbidden", "method": "GET", "route": "/accounts", "account": str(wang.id)} in logged
    assert {"why": "token", "method": "GET", "route": "/api/v1/rounds/{code}", "account": ""} in logged
    assert not [word for word in ("wang", "geheim", "secret", "testclient", "T-1") if word in str(logged)]


def test_metrics_name_nobody(database: Engine) -> None:
    to_the_decision()
    text = bytes(numbers().body).decode()
    for person in centre().people:
        assert person.name not in text
        assert f'"{person.staff_no}"' not in text
