"""The API for programs: tokens, scopes, roles, and the same exact answers as the pages."""

import json
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from actions import accounts, declarations, people
from kit.i18n import say
from models.accounts import ApiToken, Viewing
from models.applications import Application
from models.database import reading, transaction
from models.history import Entry
from models.marks import Mark
from models.people import Person
from models.rounds import Round
from models.sheets import Sheet
from queries import inboxes
from queries.accounts import by_login
from rules import access, records
from rules.access import Act, Reach, Role
from rules.records import Personnel
from rules.scopes import ACTS, Scope, useful
from tests.actions.test_stages import close, confirm, launch, look_again, take_in, to_the_decision, to_the_interview
from tests.factories import NOW
from tests.web.tokens import Program, program, token_of
from tests.web.visiting import hr, nobody
from web.api import admission, doors, routers
from web.api.limits import Buckets
from web.doors import act_of

OPERATIONS = [r for router in routers.ALL for r in router.routes if hasattr(r.endpoint, "scope")]
ANYTHING = {"code": "T-1", "stage": "interview", "staff_no": "001", "document_id": UUID(int=1)}


def ask(someone: Program, route: object, **headers: str) -> object:
    path = route.path.removeprefix("/api/v1").format(**ANYTHING)
    return someone.ask(next(iter(route.methods)), path, **headers)


def hr_program(**options: object) -> Program:
    return program("hr", Role.HR, **options)


def reviewer_program(staff_no: str = "777", *, declared: bool = True) -> Program:
    """Return a reviewer of the small round's interview, who sits on the panel of candidate 001."""
    made = program(f"r{staff_no}", Role.REVIEWER, staff_no=staff_no)
    with transaction() as session:
        the_round = session.exec(select(Round)).one()
        chairs = inboxes.chairs(session, staff_no=staff_no, code="T-1")
        if declared:
            declarations.declare(session, chair=chairs[0], statement="", actor="test", now=NOW)
        the_round.title = "测试轮次"
    return made


@pytest.fixture
def judging(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The small round in its interview, with two outside reviewers on the panel of 001; the time stands still."""
    round_id = to_the_interview()
    seats = [records.Reviewer("R7", "评委七", None, "777"), records.Reviewer("R8", "评委八", None, "888")]
    take_in(round_id, "reviewers", seats)
    take_in(round_id, "panels", [records.Assignment("interview", "001", no) for no in ("R7", "R8")])
    monkeypatch.setattr(doors, "instant", lambda: datetime.now(UTC))


def scored(mark: str, *, version: int = 0) -> dict[str, object]:
    return {"status": "scored", "marks": [{"criterion": "speech", "mark": mark}], "version": version}


SHEET = "/rounds/T-1/stages/interview/sheets/001"


# --- who may come in ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("route", OPERATIONS, ids=lambda r: r.operation_id)
def test_an_operation_names_an_act_and_a_scope_that_is_of_use(route: object) -> None:
    act, scope = act_of(route), route.endpoint.scope
    assert act is not None
    assert act not in access.OPEN_TO_ALL
    roles = {role for role in Role if access.reach(act, {role})}
    assert any(scope in useful({role}) for role in roles)


@pytest.mark.parametrize("role", list(Role), ids=lambda r: r.value)
def test_every_operation_lets_in_exactly_the_roles_of_its_act(sqlite: Engine, role: Role) -> None:
    with_all = Program(token_of(f"x{role}", Role.HR, scopes=[str(s) for s in useful({Role.HR})]))
    with transaction() as session:
        for token in session.exec(select(ApiToken)):
            token.scopes = " ".join(Scope)  # whatever the roles: what counts is what the account is now
        mine = by_login(session, login=f"x{role}")
        accounts.set_roles(session, account=mine, roles=[role], actor="test", now=NOW)
    for route in OPERATIONS:
        allowed = access.reach(act_of(route), {role}) is not None
        answer = ask(with_all, route)
        assert (answer.status_code != 403) == allowed, route.path
        assert answer.status_code in {200, 404, 409, 422} if allowed else answer.json()["code"] == "forbidden"


def test_a_token_without_the_scope_opens_nothing(sqlite: Engine) -> None:
    roles = {r.operation_id: next(x for x in Role if access.reach(act_of(r), {x})) for r in OPERATIONS}
    programs = {role: program(f"n{role}", role, staff_no=f"n{role}") for role in set(roles.values())}
    for route in OPERATIONS:
        with transaction() as session:
            for token in session.exec(select(ApiToken)):
                token.scopes = " ".join(s for s in Scope if s != route.endpoint.scope)
        answer = ask(programs[roles[route.operation_id]], route)
        assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


def test_nobody_a_cookie_and_a_dead_token_are_told_to_bring_a_token(sqlite: Engine) -> None:
    token = token_of("hr", Role.HR)
    for answer in (
        nobody().get("/api/v1/rounds"),
        hr().get("/api/v1/rounds"),
        Program("jingpin_wrong").get("/rounds"),
        Program(f"{token}x").get("/rounds"),
        nobody().get("/api/v1/rounds", headers={"authorization": f"Basic {token}"}),
        nobody().get("/api/v1/rounds", params={"access_token": token}),
    ):
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()["code"] == "not_authenticated"
    assert Program(token).get("/rounds").status_code == 200


def test_a_malformed_body_tells_nothing_to_who_has_no_token(sqlite: Engine) -> None:
    answer = nobody().client.put("/api/v1/people/001", content="{", headers={"content-type": "application/json"})
    assert answer.status_code == 401


@pytest.mark.parametrize("way", ["revoked", "expired", "inactive", "left"])
def test_a_token_dies_with_its_time_or_its_account(sqlite: Engine, way: str) -> None:
    with transaction() as session:
        people.take_in(
            session, personnel=Personnel(people=[records.Person("900", "某人", "phone")]), actor="x", now=NOW
        )
    someone = program("hr", Role.HR, staff_no="900")
    assert someone.get("/rounds").status_code == 200
    with transaction() as session:
        token, mine = session.exec(select(ApiToken)).one(), by_login(session, login="hr")
        if way == "revoked":
            token.revoked_at = NOW
        elif way == "expired":
            token.made_at = datetime.now(UTC) - timedelta(days=2)
            token.expires_at = datetime.now(UTC) - timedelta(seconds=1)
        elif way == "inactive":
            mine.active = False
        else:
            people.leave(session, staying=[], actor="x", now=NOW)
    assert someone.get("/rounds").status_code == 401


def test_a_role_that_is_taken_away_is_gone_for_the_token_too(sqlite: Engine) -> None:
    someone = hr_program()
    with transaction() as session:
        mine = by_login(session, login="hr")
        accounts.set_roles(session, account=mine, roles=[Role.CANDIDATE], actor="root", now=NOW)
    assert someone.get("/people").status_code == 403


def test_too_many_requests_are_told_when_to_come_again(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "ASKED", Buckets(per_minute=2))
    someone = hr_program()
    statuses = [someone.get("/rounds").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert int(someone.get("/rounds").headers["retry-after"]) > 0


def test_a_bucket_fills_again() -> None:
    bucket = Buckets(per_minute=2)
    assert [bucket.wait("a", now=NOW) for _ in range(3)] == [0, 0, 30]
    assert bucket.wait("b", now=NOW) == 0
    assert bucket.wait("a", now=NOW + timedelta(seconds=30)) == 0


# --- tokens on the account's page -------------------------------------------------------------------------------------


def test_a_token_is_shown_once_kept_as_a_hash_and_can_be_revoked(sqlite: Engine) -> None:
    someone = hr()
    until = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    typed = {"name": "人事系统同步", "scope": ["people:read"], "until": until}
    page = someone.post("/account/tokens", typed).text
    token = page.split('id="secret">')[1].split("<")[0]
    assert token not in someone.get("/account/tokens").text
    with reading() as session:
        kept = session.exec(select(ApiToken)).one()
        deeds = list(session.exec(select(Entry.deed).where(Entry.chain == "centre")))
    assert token not in str(kept.model_dump())
    assert kept.id == accounts.fingerprint(token)
    assert deeds[-1] == "token.made"
    assert Program(token).get("/people").status_code == 200
    assert Program(token).get("/rounds").status_code == 403
    with reading() as session:
        assert session.exec(select(ApiToken)).one().used_at is not None
    for _ in range(2):
        assert someone.post("/account/tokens/revoke", {"token": kept.id}).status_code == 303
    assert Program(token).get("/people").status_code == 401
    with reading() as session:
        deeds = list(session.exec(select(Entry.deed).where(Entry.chain == "centre")))
    assert deeds.count("token.revoked") == 1


def test_a_token_that_may_not_be_is_refused_at_the_form(sqlite: Engine) -> None:
    someone = hr()
    until = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    too_far = (datetime.now(UTC) + timedelta(days=370)).date().isoformat()
    for wrong in (
        {"name": " "},
        {"name": "字" * 61},
        {"scope": []},
        {"scope": ["marks:write"]},
        {"scope": ["everything"]},
        {"until": "2030-13-01"},
        {"until": "1999-01-01"},
        {"until": "9999-12-31"},
        {"until": too_far},
    ):
        typed = {"name": "同步", "scope": ["people:read"], "until": until, **wrong}
        answer = someone.post("/account/tokens", typed)
        assert answer.status_code == 422, wrong
        assert 'role="alert"' in answer.text
    with reading() as session:
        assert session.exec(select(ApiToken)).all() == []


def test_anothers_token_cannot_be_revoked(sqlite: Engine) -> None:
    token = token_of("hr", Role.HR)
    hr("another").post("/account/tokens/revoke", {"token": accounts.fingerprint(token)})
    assert Program(token).get("/rounds").status_code == 200


# --- what is read -----------------------------------------------------------------------------------------------------


def test_lists_come_in_pages_that_miss_and_repeat_nobody(database: Engine) -> None:
    to_the_decision()
    someone = hr_program()
    for path, key in (("/people", "staff_no"), ("/rounds/T-1/applications", "staff_no")):
        seen, after = [], None
        while True:
            page = someone.get(f"{path}?limit=3" + (f"&after={after}" if after else "")).json()
            seen += [item[key] for item in page["items"]]
            after = page["next"]
            if after is None:
                break
        assert seen == ["001", "002", "003", "004"]


def test_lists_ask_as_many_questions_for_one_as_for_all(sqlite: Engine) -> None:
    from sqlalchemy import event

    round_id = to_the_decision()
    confirm(round_id)
    look_again(round_id)
    someone = hr_program()
    counts = {}

    def count(*_: object) -> None:
        counts[path] = counts.get(path, 0) + 1

    from models import database

    someone.get("/rounds")
    event.listen(database.engine(), "before_cursor_execute", count)
    for base in (
        "/people",
        "/rounds",
        "/rounds/T-1/applications",
        "/rounds/T-1/history",
        "/rounds/T-1/results",
        "/rounds/T-1/stages/interview/marks",
    ):
        for limit in (1, 50):
            path = f"{base}?limit={limit}"
            assert someone.get(path).status_code == 200
        # The first time leaves a line of who saw what.
        counts[f"{base}?limit=1"] = 0
        path = f"{base}?limit=1"
        someone.get(path)
        assert counts[f"{base}?limit=1"] <= counts[f"{base}?limit=50"] + 1, counts
    event.remove(database.engine(), "before_cursor_execute", count)


def test_a_version_that_is_known_is_not_sent_again(sqlite: Engine) -> None:
    to_the_decision()
    someone = hr_program()
    for path in ("/people/001", "/rounds/T-1"):
        first = someone.get(path)
        again = someone.get(path, if_none_match=first.headers["etag"])
        assert (again.status_code, again.content) == (304, b"")
        assert someone.get(path, if_none_match='"other"').status_code == 200


def test_marks_are_told_only_once_their_stage_is_closed(judging: None) -> None:
    someone = program("obs", Role.OBSERVER)
    assert reviewer_program().put(SHEET, scored("8.50")).status_code == 200
    answer = someone.get("/rounds/T-1/stages/interview/marks")
    assert (answer.status_code, answer.json()["code"]) == (409, "stage_open")
    with reading() as session:
        round_id = session.exec(select(Round.id)).one()
    close(round_id, "interview", now=datetime.now(UTC))
    (mark,) = someone.get("/rounds/T-1/stages/interview/marks").json()["items"]
    assert (mark["mark"], mark["reviewer_no"]) == ("8.50", "R7")  # the digits that were written
    assert someone.get("/rounds/T-1/stages/_final/marks").status_code == 404


def test_results_are_told_after_the_decision_with_their_working(sqlite: Engine) -> None:
    round_id = to_the_decision()
    someone = program("obs", Role.OBSERVER)
    assert someone.get("/rounds/T-1/results").status_code == 409
    assert someone.get("/rounds/T-1/results/002").status_code == 409
    outcomes = {a["staff_no"]: a["outcome"] for a in someone.get("/rounds/T-1/applications").json()["items"]}
    assert outcomes == {"001": None, "002": None, "003": None, "004": "ineligible"}  # the ranking is not told here
    confirm(round_id)
    look_again(round_id)
    found = {r["staff_no"]: r for r in someone.get("/rounds/T-1/results").json()["items"]}
    assert [(found[n]["rank"], found[n]["final"], found[n]["outcome"]) for n in ("001", "002", "004")] == [
        (2, "80.00", "reserve"),
        (1, "90.00", "selected"),
        (None, None, "ineligible"),
    ]
    assert found["002"]["components"] == {"interview": "90.00"}
    whole = someone.get("/rounds/T-1/results/002").json()
    assert whole["stages"][0]["working"]["sheets"][0]["reviewer"] == "R1"
    with reading() as session:
        assert "api.results" in list(session.exec(select(Viewing.page)))


def test_a_candidate_reads_only_their_own_result_and_no_reviewer(sqlite: Engine) -> None:
    round_id = to_the_decision()
    someone = program("c001", Role.CANDIDATE, staff_no="001")
    confirm(round_id)
    assert someone.get("/rounds/T-1/results").status_code == 409  # decided, but not public yet
    look_again(round_id)
    assert [r["staff_no"] for r in someone.get("/rounds/T-1/results").json()["items"]] == ["001"]
    assert someone.get("/rounds/T-1/results/002").status_code == 404
    mine = someone.get("/rounds/T-1/results/001").json()
    assert mine["stages"][0]["working"]["sheets"][0]["total"] == "80"
    assert "R1" not in json.dumps(mine)
    assert program("c999", Role.CANDIDATE, staff_no="999").get("/rounds/T-1/results").json()["items"] == []
    assert program("outside", Role.CANDIDATE).get("/rounds/T-1/results").json()["items"] == []


def test_refusals_speak_the_language_that_was_asked_for(sqlite: Engine) -> None:
    someone = hr_program()
    chinese = someone.get("/rounds/none", accept_language="zh-CN").json()
    assert chinese == {
        "type": "/api/v1/docs#not_found",
        "title": "没有找到",
        "status": 404,
        "detail": "没有编号为“none”的竞聘轮次",
        "code": "not_found",
        "where": "",
    }
    english = someone.get("/rounds/none", accept_language="en-GB,en;q=0.9").json()
    assert english["detail"].isascii() or "none" in english["detail"]
    assert english["code"] == "not_found"


@pytest.mark.parametrize(
    "path", ["/rounds?limit=0", "/rounds?limit=201", "/people?after=%00", "/people?active=perhaps"]
)
def test_what_may_not_be_asked_is_named(sqlite: Engine, path: str) -> None:
    answer = hr_program().get(path)
    assert answer.status_code == 422
    assert answer.json()["where"].startswith("query.")


# --- people -----------------------------------------------------------------------------------------------------------

ZHANG = {"name": "张伟", "business_line": "phone", "team": None, "grade": "Ⅱ", "hired_on": "2021-03-01"}


def test_a_person_is_put_once_and_changed_only_knowingly(database: Engine) -> None:
    someone = hr_program()
    first = someone.put("/people/0042", ZHANG)
    assert (first.status_code, first.json()["staff_no"]) == (201, "0042")
    again = someone.put("/people/0042", ZHANG)
    assert (again.status_code, again.headers["etag"]) == (200, first.headers["etag"])
    changed = {**ZHANG, "team": "二组"}
    assert someone.put("/people/0042", changed).status_code == 428
    assert someone.put("/people/0042", changed, if_match='"old"').status_code == 412
    tag = first.headers["etag"]
    answer = someone.put("/people/0042", changed, if_match=tag)
    assert (answer.status_code, answer.json()["where"]) == (409, "body.reason")
    answer = someone.put("/people/0042", {**changed, "reason": "调组"}, if_match=tag)
    assert (answer.status_code, answer.json()["team"]) == (200, "二组")
    assert someone.put("/people/0042", {**ZHANG, "reason": "x"}, if_match=tag).status_code == 412
    with reading() as session:
        entries = session.exec(select(Entry).where(Entry.deed == "people.taken_in")).all()
    assert [json.loads(e.detail)["reason"] for e in entries] == ["", "调组"]


def test_what_does_not_belong_to_a_person_is_refused(sqlite: Engine) -> None:
    someone = hr_program()
    for extra, where in (
        ({"status": "x"}, "body.status"),
        ({"role": "hr"}, "body.role"),
        ({"score": "100"}, "body.score"),
        ({"active": False}, "body.active"),
        ({"name": "a\nb"}, "body.name"),
        ({"name": ""}, "body.name"),
        ({"name": 5}, "body.name"),
        ({"hired_on": "2021-02-30"}, "body.hired_on"),
        ({"hired_on": 20210301}, "body.hired_on"),
        ({"manager_no": "../x"}, "body.manager_no"),
    ):
        answer = someone.put("/people/0042", {**ZHANG, **extra})
        assert (answer.status_code, answer.json()["where"]) == (422, where)
    with reading() as session:
        assert session.get(Person, "0042") is None


def test_an_import_is_all_or_nothing(sqlite: Engine) -> None:
    someone = hr_program()
    rows = [{"staff_no": f"{n:04}", **ZHANG} for n in range(3)]
    counts = someone.ask("POST", "/people/import", {"rows": rows}).json()
    unmoved = {"changed": 0, "ignored": 0, "notes": []}
    assert counts == {"new": 3, "same": 0, **unmoved}
    assert someone.ask("POST", "/people/import", {"rows": rows}).json() == {
        "new": 0,
        "same": 3,
        "changed": 0,
        "ignored": 0,
        "notes": [],
    }
    wrong = [{**rows[0], "staff_no": "9999"}, {**rows[1], "hired_on": "2021-02-30"}]
    answer = someone.ask("POST", "/people/import", {"rows": wrong})
    assert (answer.status_code, answer.json()["where"]) == (422, "body.rows.1.hired_on")
    twice = someone.ask("POST", "/people/import", {"rows": [rows[0], {**rows[0], "team": "二组"}]})
    assert twice.status_code == 422
    differs = someone.ask("POST", "/people/import", {"rows": [{**rows[0], "team": "三组"}]})
    assert (differs.status_code, differs.json()["code"]) == (409, "reason_missing")
    with reading() as session:
        assert session.get(Person, "9999") is None


# --- applications -----------------------------------------------------------------------------------------------------


@pytest.fixture
def applying(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The small round while applications are open."""
    round_id = launch()
    assert look_again(round_id) == "_applications"
    minutes = count(1)
    monkeypatch.setattr(doors, "instant", lambda: NOW + timedelta(minutes=next(minutes)))


def applications() -> list[tuple[str, str]]:
    with reading() as session:
        return [(a.staff_no, a.status) for a in session.exec(select(Application).order_by(Application.id))]


def test_an_application_is_registered_once_and_withdrawn_with_a_reason(applying: None) -> None:
    someone = hr_program()
    path = "/rounds/T-1/applications/001"
    statuses = [someone.put(path, {"status": "submitted"}).status_code for _ in range(2)]
    assert statuses == [201, 200]
    assert applications() == [("001", "submitted")]
    assert someone.ask("DELETE", path).status_code == 422
    assert someone.ask("DELETE", "/rounds/T-1/applications/002?reason=x").status_code == 404
    for _ in range(2):
        answer = someone.ask("DELETE", f"{path}?reason=本人要求")
        assert (answer.status_code, answer.json()["status"]) == (200, "withdrawn")
    assert applications() == [("001", "submitted"), ("001", "withdrawn")]


def test_a_stranger_a_late_one_and_extra_fields_are_refused(applying: None, monkeypatch: pytest.MonkeyPatch) -> None:
    someone = hr_program()
    assert someone.put("/rounds/T-1/applications/999", {"status": "submitted"}).status_code == 409
    for body in ({"status": "selected"}, {"status": "submitted", "score": "9"}, {"outcome": "selected"}, []):
        assert someone.put("/rounds/T-1/applications/001", body).status_code == 422
    monkeypatch.setattr(doors, "instant", lambda: NOW + timedelta(days=20))
    with transaction() as session:
        session.exec(select(ApiToken)).one().expires_at = NOW + timedelta(days=400)
    answer = someone.put("/rounds/T-1/applications/001", {"status": "submitted"})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert applications() == []


# --- sheets -----------------------------------------------------------------------------------------------------------


def marks() -> list[tuple[str, str, str]]:
    with reading() as session:
        rows = session.exec(select(Mark).order_by(Mark.id)).all()
    return [(m.staff_no, m.reviewer_no, str(m.mark)) for m in rows]


def test_a_reviewer_files_their_own_sheet_once(judging: None) -> None:
    someone = reviewer_program()
    assert [s["staff_no"] for s in someone.get("/rounds/T-1/stages/interview/sheets").json()["items"]] == ["001"]
    there = someone.get(SHEET).json()
    assert (there["state"], there["version"], there["reviewer_no"]) == ("open", 0, "R7")
    filed = [someone.put(SHEET, scored("8.5")) for _ in range(2)]
    assert [(f.status_code, f.json()["version"]) for f in filed] == [(200, 1), (200, 1)]
    assert marks() == [("001", "R7", "8.5")]
    other = someone.put(SHEET, scored("10", version=1))
    assert other.status_code == 409  # filed is locked
    assert marks() == [("001", "R7", "8.5")]
    with reading() as session:
        assert session.exec(select(Sheet)).one().state == "filed"


def test_a_faulty_sheet_files_nothing(judging: None) -> None:
    someone = reviewer_program()
    for body in (
        scored("11"),
        scored("1E1"),
        scored("-1"),
        scored("８"),
        scored("8.555"),
        scored("NaN"),
        {"status": "scored", "marks": [], "version": 0},
        {"status": "scored", "marks": [{"criterion": "looks", "mark": "1"}], "version": 0},
        {"status": "scored", "marks": [{"criterion": "speech", "mark": 8}], "version": 0},
        {"status": "abstained", "version": 0},
        {"status": "recused", "reason": "亲属", "marks": [{"criterion": "speech", "mark": "1"}], "version": 0},
        {**scored("8"), "reviewer_no": "R8"},
        {**scored("8"), "state": "filed"},
        {**scored("8"), "total": "100"},
    ):
        answer = someone.put(SHEET, body)
        assert answer.status_code == 422, body
        assert answer.json()["where"].startswith("body.")
    assert marks() == []


def test_a_reviewer_declines_with_a_reason(judging: None) -> None:
    someone = reviewer_program()
    answer = someone.put(SHEET, {"status": "recused", "reason": "亲属", "version": 0})
    assert (answer.status_code, answer.json()["status"]) == (200, "recused")


def test_nobody_writes_on_anothers_sheet(judging: None) -> None:
    stranger = program("r555", Role.REVIEWER, staff_no="555")
    for path in (SHEET, "/rounds/T-1/stages/interview/sheets/002"):
        assert stranger.put(path, scored("9")).status_code == 404
    someone = reviewer_program()
    assert someone.get("/rounds/T-1/stages/interview/sheets/002").status_code == 404  # not on that panel
    for other in (program("hr", Role.HR, scopes=[Scope.ROUNDS_READ]), program("obs", Role.OBSERVER)):
        assert other.put(SHEET, scored("9")).status_code == 403
    assert marks() == []


def test_sheets_need_the_declaration_of_interests(judging: None) -> None:
    someone = reviewer_program(declared=False)
    for answer in (
        someone.get(SHEET),
        someone.put(SHEET, scored("9")),
        someone.get("/rounds/T-1/stages/interview/sheets"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "not_declared")


def test_two_reviewers_do_not_see_each_others_sheets(judging: None) -> None:
    assert reviewer_program("777").put(SHEET, scored("3")).status_code == 200
    other = reviewer_program("888").get(SHEET).json()
    assert (other["reviewer_no"], other["marks"][0]["mark"]) == ("R8", "")


# --- the reference ----------------------------------------------------------------------------------------------------


def test_the_reference_names_every_operation_and_comes_from_here(sqlite: Engine) -> None:
    page = nobody().get("/api/v1/docs")
    assert page.status_code == 200
    assert "//" not in page.text.replace("http://www.w3.org", "").split("<main")[0]  # no asset from elsewhere
    told = nobody().get("/api/v1/openapi.json").json()
    paths = {(method, path) for path, methods in told["paths"].items() for method in methods}
    assert len(paths) == len(OPERATIONS)
    for method, path in paths:
        assert f"{method.upper()} {path}" in page.text
    assert told["components"]["securitySchemes"] == {"bearer": {"type": "http", "scheme": "bearer"}}


def test_scopes_and_acts_fit(sqlite: Engine) -> None:
    assert set(ACTS) == set(Scope)
    assert [say(access.refusal(act)) for act in ACTS.values()]
    assert access.reach(Act.SEE_RESULTS, {Role.CANDIDATE}) is Reach.OWN
