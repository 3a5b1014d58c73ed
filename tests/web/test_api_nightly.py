"""What a centre's HR system does with the API: push the roster, enter for others, follow, take along."""

import io
import json
import re
import zipfile
from datetime import timedelta
from decimal import Decimal
from itertools import count, pairwise

import pytest
from jsonschema_rs import validator_for
from sqlalchemy import Engine, event
from sqlmodel import select

from actions import answers, documents
from forms import bundles
from kit.canonical import digest
from models import database
from models.accounts import Viewing
from models.answers import Answered
from models.applications import Application
from models.database import reading, transaction
from models.documents import Document
from models.history import Entry
from models.marks import Attendance, ExamScore
from models.people import Certificate, Kpi, Person, Rating
from queries import audit
from rules import rounds as law
from rules.access import Role
from rules.scopes import Scope
from tests.actions.test_stages import close, confirm, launch, look_again, take_in, to_the_decision, to_the_interview
from tests.factories import NOW, handed_in
from tests.web.test_grids import to_the_training
from tests.web.tokens import Program, program
from web.api import admission, doors
from web.api.limits import Buckets
from web.api.reference import document

NIGHTLY = [Scope.PEOPLE_WRITE, Scope.RECORDS_WRITE, Scope.RECORDS_READ]


def post(someone: Program, path: str, rows: list[dict[str, object]], **more: str) -> object:
    headers = {"idempotency_key": more.pop("key")} if "key" in more else {}
    return someone.ask("POST", path, {"rows": rows, **more}, **headers)


def counts(new: int = 0, same: int = 0, changed: int = 0, ignored: int = 0) -> dict[str, int]:
    return {"new": new, "same": same, "changed": changed, "ignored": ignored}


def said(answer: object) -> dict[str, int]:
    assert answer.status_code == 200, answer.text
    return {key: value for key, value in answer.json().items() if key != "notes"}


# --- the roster, every night ------------------------------------------------------------------------------------------


def test_a_roster_with_its_records_is_pushed_and_pushed_again(database: Engine) -> None:
    someone = program("hr", Role.HR, scopes=NIGHTLY)
    people = [{"staff_no": f"{n:04}", "name": "张伟", "business_line": "phone"} for n in range(3)]
    pushed = {
        "people/import": people,
        "people/import/ratings": [{"staff_no": "0001", "period": "2026H1", "rating": "B+"}],
        "people/import/incidents": [{"staff_no": "0001", "occurred_on": "2026-02-03", "severity": "minor"}],
        "people/import/honours": [{"staff_no": "0002", "honour": "服务之星", "awarded_on": "2026-01-15"}],
        "people/import/certificates": [{"staff_no": "0002", "certificate": "CCMP", "issued_on": "2024-05-01"}],
        "people/import/kpis": [{"staff_no": "0001", "period": "2026-09", "kpi": "complaints", "value": "0.420"}],
    }
    for path, rows in pushed.items():
        assert said(post(someone, f"/{path}", rows)) == counts(new=len(rows)), path
        assert said(post(someone, f"/{path}", rows)) == counts(same=len(rows)), path
    there = someone.get("/people/0001/records").json()
    assert [r["rating"] for r in there["ratings"]] == ["B+"]
    assert [k["value"] for k in there["kpis"]] == ["0.420"]  # the digits that were sent
    assert there["certificates"] == []
    with reading() as session:
        assert audit.book_findings(session, chain=audit.CENTRE, round_id=None) == []


def test_a_correction_needs_a_reason_and_nothing_of_a_faulty_push_is_taken_in(sqlite: Engine) -> None:
    someone = program("hr", Role.HR, scopes=NIGHTLY)
    post(someone, "/people/import", [{"staff_no": "0001", "name": "张伟", "business_line": "phone"}])
    path, row = "/people/import/ratings", {"staff_no": "0001", "period": "2026H1", "rating": "B"}
    post(someone, path, [row])
    answer = post(someone, path, [{**row, "rating": "A"}])
    assert (answer.status_code, answer.json()["code"], answer.json()["where"]) == (409, "reason_missing", "body.reason")
    assert "0001" in answer.json()["detail"]
    assert said(post(someone, path, [{**row, "rating": "A"}], reason="系统更正")) == counts(changed=1)
    new = {**row, "period": "2026H2"}
    for wrong, where in (
        ({**row, "period": "2026-13"}, "body.rows.1.period"),
        ({**row, "period": "2025Q1"}, "body.rows.1.period"),  # another kind of period than the others
        ({**row, "period": "2026H2", "rating": "C"}, "body.rows.0"),  # says otherwise than the first row
        ({**row, "score": "1"}, "body.rows.1.score"),
    ):
        answer = post(someone, path, [new, {**new, "staff_no": "0001", "period": "2027H1"}, wrong][::2])
        assert (answer.status_code, answer.json()["where"]) == (422, where), wrong
    with reading() as session:
        assert [(r.period, r.rating) for r in session.exec(select(Rating))] == [("2026H1", "A")]


def test_records_of_strangers_are_passed_over_and_told(sqlite: Engine) -> None:
    someone = program("hr", Role.HR, scopes=NIGHTLY)
    answer = post(someone, "/people/import/certificates", [{"staff_no": "0009", "certificate": "CCMP"}])
    assert said(answer) == counts(ignored=1)
    assert "0009" in answer.json()["notes"][0]
    with reading() as session:
        assert session.exec(select(Certificate)).all() == []


def test_who_left_is_marked_and_comes_back_with_the_next_push(sqlite: Engine) -> None:
    someone = program("hr", Role.HR, scopes=NIGHTLY)
    row = {"staff_no": "0001", "name": "张伟", "business_line": "phone"}
    post(someone, "/people/import", [row])
    gone = [someone.ask("POST", "/people/leave", {"staff_nos": ["0001"]}).json() for _ in range(2)]
    assert gone == [{"left": 1, "same": 0}, {"left": 0, "same": 1}]
    assert someone.ask("POST", "/people/leave", {"staff_nos": ["0001", "0777"]}).status_code == 422
    with reading() as session:
        assert not session.get_one(Person, "0001").active
        assert audit.book_findings(session, chain=audit.CENTRE, round_id=None) == []
    post(someone, "/people/import", [row])
    with reading() as session:
        assert session.get_one(Person, "0001").active


def test_a_push_looks_only_at_what_it_could_meet(sqlite: Engine) -> None:
    """A night's thousand rows must not read a book of a million."""
    someone = program("hr", Role.HR, scopes=NIGHTLY)
    post(someone, "/people/import", [{"staff_no": "0001", "name": "张伟", "business_line": "phone"}])
    asked: list[str] = []
    event.listen(database.engine(), "before_cursor_execute", lambda *args: asked.append(args[2]))
    post(someone, "/people/import/kpis", [{"staff_no": "0001", "period": "2026-09", "kpi": "calls", "value": "7"}])
    reads = [query for query in asked if query.startswith("SELECT") and "FROM kpi" in query]
    assert len(reads) == 1
    assert "kpi.staff_no IN" in reads[0]
    with reading() as session:
        assert session.exec(select(Kpi.value)).one() == Decimal(7)


# --- the same request again -------------------------------------------------------------------------------------------


def test_a_request_that_is_sent_again_under_its_key_is_done_once(database: Engine) -> None:
    someone = program("hr", Role.HR, scopes=NIGHTLY)
    rows = [{"staff_no": "0001", "name": "张伟", "business_line": "phone"}]
    first, again = (post(someone, "/people/import", rows, key="night-1") for _ in range(2))
    assert said(first) == said(again) == counts(new=1)
    assert (first.headers.get("idempotency-replayed"), again.headers["idempotency-replayed"]) == (None, "true")
    other = post(someone, "/people/import", [{**rows[0], "staff_no": "0002"}], key="night-1")
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert post(someone, "/people/import", rows, key="a b").status_code == 422
    another = program("hr2", Role.HR, scopes=NIGHTLY)
    assert said(post(another, "/people/import", rows, key="night-1")) == counts(same=1)  # a key is one's own
    with reading() as session:
        assert session.get(Person, "0002") is None


def test_a_refused_request_leaves_its_key_free(sqlite: Engine) -> None:
    someone = program("hr", Role.HR, scopes=NIGHTLY)
    assert someone.ask("POST", "/people/leave", {"staff_nos": ["0001"]}, idempotency_key="k").status_code == 422
    post(someone, "/people/import", [{"staff_no": "0001", "name": "张伟", "business_line": "phone"}])
    assert someone.ask("POST", "/people/leave", {"staff_nos": ["0001"]}, idempotency_key="k").json()["left"] == 1


def test_a_late_repetition_does_not_apply_again_for_who_withdrew(
    sqlite: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_again(launch())
    minutes = count(1)
    monkeypatch.setattr(doors, "instant", lambda: NOW + timedelta(minutes=next(minutes)))
    someone, path = program("hr", Role.HR), "/rounds/T-1/applications/001"
    assert someone.put(path, {"status": "submitted"}, idempotency_key="k").status_code == 201
    assert someone.ask("DELETE", f"{path}?reason=x").json()["status"] == "withdrawn"
    assert someone.put(path, {"status": "submitted"}, idempotency_key="k").status_code == 201  # as it was answered then
    assert someone.get(path).json()["status"] == "withdrawn"


def test_answers_are_kept_for_a_day(sqlite: Engine) -> None:
    someone = program("hr", Role.HR, scopes=NIGHTLY)
    rows = [{"staff_no": "0001", "name": "张伟", "business_line": "phone"}]
    post(someone, "/people/import", rows, key="night-1")
    with transaction() as session:
        session.exec(select(Answered)).one().at -= answers.KEPT
    assert said(post(someone, "/people/import", rows, key="night-2")) == counts(same=1)
    with reading() as session:
        assert [one.key for one in session.exec(select(Answered))] == ["night-2"]


def test_a_body_of_unknown_length_and_a_huge_one_are_not_read(sqlite: Engine) -> None:
    someone = program("hr", Role.HR, scopes=NIGHTLY)
    said = {"authorization": f"Bearer {someone.token}", "content-type": "application/json"}
    chunked = someone.client.post("/api/v1/people/import", content=iter([b"{}"]), headers=said)
    assert (chunked.status_code, chunked.json()["code"]) == (411, "length_required")
    huge = someone.client.post("/api/v1/people/import", content=b" " * (admission.MOST_BYTES + 1), headers=said)
    assert (huge.status_code, huge.json()["code"]) == (413, "too_large")


# --- training and paper sheets ----------------------------------------------------------------------------------------


def test_a_learning_platform_enters_attendance_and_scores(sqlite: Engine) -> None:
    to_the_training()
    someone = program("hr", Role.HR, scopes=[Scope.TRAINING_WRITE])
    attended = [{"staff_no": "001", "session": n, "status": "present"} for n in (1, 2)]
    assert said(post(someone, "/rounds/T-1/attendance", attended)) == counts(new=2)
    assert said(
        post(someone, "/rounds/T-1/exam", [{"staff_no": "001", "area": "product", "score": "86.50"}])
    ) == counts(new=1)
    for path, wrong, where in (
        ("attendance", {"staff_no": "001", "session": 3, "status": "present"}, "body.rows.0.session"),
        ("attendance", {"staff_no": "777", "session": 1, "status": "present"}, "body.rows.0.staff_no"),
        ("exam", {"staff_no": "001", "area": "cooking", "score": "1"}, "body.rows.0.area"),
        ("exam", {"staff_no": "001", "area": "policy", "score": "100.5"}, "body.rows.0.score"),
        ("exam", {"staff_no": "001", "area": "policy", "score": 90}, "body.rows.0.score"),
    ):
        answer = post(someone, f"/rounds/T-1/{path}", [wrong])
        assert (answer.status_code, answer.json()["where"]) == (422, where)
    changed = post(someone, "/rounds/T-1/exam", [{"staff_no": "001", "area": "product", "score": "87"}])
    assert changed.json()["code"] == "reason_missing"
    reader = program("obs", Role.OBSERVER, scopes=[Scope.RESULTS_READ])
    assert [r["score"] for r in reader.get("/rounds/T-1/exam").json()["items"]] == ["86.50"]
    assert len(reader.get("/rounds/T-1/attendance?limit=1").json()["items"]) == 1
    assert post(reader, "/rounds/T-1/exam", []).status_code == 403
    with reading() as session:
        assert len(session.exec(select(Attendance)).all()) == 2
        assert str(session.exec(select(ExamScore.score)).one()) == "86.50"


def test_paper_sheets_are_entered_while_their_stage_is_open(sqlite: Engine) -> None:
    to_the_interview()
    someone = program("hr", Role.HR, scopes=[Scope.MARKS_IMPORT, Scope.ROUNDS_READ])
    path = "/rounds/T-1/stages/interview/marks"
    row = {"staff_no": "001", "reviewer_no": "R1", "criterion": "speech", "mark": "8.5", "status": "scored"}
    for wrong, where in (
        ({"mark": "11"}, "body.rows.0.mark"),
        ({"criterion": "looks"}, "body.rows.0.criterion"),
        ({"reviewer_no": "R9"}, "body.rows.0.reviewer_no"),
        ({"total": "100"}, "body.rows.0.total"),
    ):
        answer = post(someone, path, [{**row, **wrong}])
        assert (answer.status_code, answer.json()["where"]) == (422, where)
    assert said(post(someone, path, [row])) == counts(new=1)
    stage = next(s for s in someone.get("/rounds/T-1").json()["stages"] if s["key"] == "interview")
    assert stage["criteria"] == [{"key": "speech", "name": "表达", "weight": "100", "max": "10", "step": None}]
    assert post(someone, "/rounds/T-1/stages/_final/marks", [row]).status_code == 404


def test_marks_are_refused_after_the_deadline(sqlite: Engine) -> None:
    to_the_decision()
    row = {"staff_no": "001", "reviewer_no": "R1", "criterion": "speech", "mark": "1", "status": "scored"}
    answer = post(program("hr", Role.HR), "/rounds/T-1/stages/interview/marks", [row], reason="x")
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


# --- one's own application --------------------------------------------------------------------------------------------

OWN = "/my/rounds/T-1/application"


@pytest.fixture
def applying(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The small round while applications are open."""
    assert look_again(launch()) == "_applications"
    minutes = count(1)
    monkeypatch.setattr(doors, "instant", lambda: NOW + timedelta(minutes=next(minutes)))


def test_a_candidate_applies_after_agreeing_to_the_notice_and_withdraws(applying: None) -> None:
    someone = program("c001", Role.CANDIDATE, staff_no="001")
    there = someone.get(OWN).json()
    assert (there["status"], there["open"], there["receipt"]) == ("none", True, None)
    assert there["notice_sha256"] == digest(there["notice"].encode())
    answer = someone.put(OWN, {"agreed": "0" * 64})
    assert (answer.status_code, answer.json()["where"]) == (412, "body.agreed")
    assert someone.put(OWN, {"agreed": there["notice_sha256"], "staff_no": "002"}).status_code == 422
    applied = [someone.put(OWN, {"agreed": there["notice_sha256"]}).json() for _ in range(2)]
    assert applied[0]["status"] == "submitted"
    assert applied[0]["receipt"] == applied[1]["receipt"]
    assert someone.ask("POST", f"{OWN}/withdrawal", {"reason": "改期"}).json()["status"] == "withdrawn"
    assert someone.ask("POST", f"{OWN}/withdrawal", {}).status_code == 409
    with reading() as session:
        rows = session.exec(select(Application).order_by(Application.id)).all()
        consent = session.exec(select(Entry).where(Entry.deed == "application.submitted")).one()
    assert [(a.staff_no, a.status) for a in rows] == [("001", "submitted"), ("001", "withdrawn")]
    assert (consent.actor, consent.evidence) == ("c001", there["notice_sha256"])


def test_others_have_no_application_of_their_own(applying: None) -> None:
    assert program("outside", Role.CANDIDATE).get(OWN).status_code == 409
    assert program("hr", Role.HR).get(OWN).status_code == 403
    narrow = program("c002", Role.CANDIDATE, staff_no="002", scopes=[Scope.RESULTS_READ])
    assert narrow.get(OWN).json()["code"] == "scope_missing"


# --- to follow, and to take along -------------------------------------------------------------------------------------


def test_whoever_reads_the_history_on_misses_nothing(sqlite: Engine) -> None:
    round_id = to_the_decision()
    someone = program("obs", Role.OBSERVER)
    seen: list[dict[str, object]] = []
    after = "0"
    while after:
        page = someone.get(f"/rounds/T-1/history?after={after}&limit=4").json()
        seen, after = seen + page["items"], page["next"]
    assert [e["number"] for e in seen] == list(range(1, len(seen) + 1))
    assert all(e["previous"] == before["hash"] for before, e in pairwise(seen))
    rounds = someone.get("/rounds")
    assert rounds.json()["items"][0]["history_length"] == len(seen)
    tag = rounds.headers["etag"]
    assert someone.get("/rounds", if_none_match=tag).status_code == 304
    last = f"/rounds/T-1/history?after={len(seen)}"
    quiet = someone.get(last)
    assert quiet.json()["items"] == []
    assert someone.get(last, if_none_match=quiet.headers["etag"]).status_code == 304
    confirm(round_id)
    assert someone.get("/rounds", if_none_match=tag).json()["items"][0]["history_length"] > len(seen)
    assert "decision.confirmed" in [e["deed"] for e in someone.get(last).json()["items"]]


def test_a_round_tells_its_deadlines_seats_and_policy(sqlite: Engine) -> None:
    to_the_decision()
    someone = program("hr", Role.HR, scopes=[Scope.ROUNDS_READ])
    whole = someone.get("/rounds/T-1").json()
    assert {line["line"]: (line["heads"], line["seats"]) for line in whole["lines"]} == {"phone": (3, 1), "vip": (1, 0)}
    applications = next(s for s in whole["stages"] if s["key"] == "_applications")
    assert applications["closes_at"] == "2026-10-16T10:00:00Z"
    policy = someone.get("/rounds/T-1/policy").json()
    assert digest(policy["text"].encode()) == policy["sha256"] == whole["policy_sha256"]


def test_the_bundle_gives_the_same_result_and_not_before_the_ranking(sqlite: Engine, tmp_path: object) -> None:
    round_id = to_the_interview()
    someone = program("obs", Role.OBSERVER, scopes=[Scope.BUNDLE_READ])
    early = someone.get("/rounds/T-1/bundle")
    assert (early.status_code, early.json()["code"]) == (409, "not_decided")
    take_in(round_id, "marks", handed_in().marks)
    close(round_id, "interview")
    look_again(round_id)
    answer = someone.get("/rounds/T-1/bundle")
    assert zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None
    file = tmp_path / "bundle.zip"
    file.write_bytes(answer.content)
    bundle = bundles.read(file)
    decision = law.decide(bundle.policy, bundle.personnel, bundle.evidence)
    assert {no: r.outcome for no, r in decision.results.items()}["002"] == "selected"
    assert answer.headers["etag"] == f'"{digest(answer.content)}"'
    assert someone.get("/rounds/T-1/bundle", if_none_match=answer.headers["etag"]).status_code == 304
    with reading() as session:
        assert "api.bundle" in session.exec(select(Viewing.page)).all()


def test_documents_are_everybodys_own(sqlite: Engine) -> None:
    round_id = to_the_decision()
    confirm(round_id)
    with transaction() as session:
        for staff_no in ("", "001", "002"):
            sha256 = documents.keep(session, f"%PDF {staff_no}".encode())
            made = {"kind": "result", "name": "结果.pdf", "media_type": "application/pdf", "made_at": NOW}
            session.add(Document(round_id=round_id, staff_no=staff_no, sha256=sha256, **made))
    mine, others = program("c001", Role.CANDIDATE, staff_no="001"), program("obs", Role.OBSERVER)
    everything = others.get("/rounds/T-1/documents").json()["items"]
    ids = {d["staff_no"]: d["id"] for d in everything}
    assert mine.get("/rounds/T-1/documents").json()["items"] == []  # not public yet
    assert mine.get(f"/rounds/T-1/documents/{ids['001']}").status_code == 404
    look_again(round_id)
    assert [d["staff_no"] for d in mine.get("/rounds/T-1/documents").json()["items"]] == ["001"]
    paper = mine.get(f"/rounds/T-1/documents/{ids['001']}")
    assert paper.content == b"%PDF 001"
    assert "sandbox" in paper.headers["content-security-policy"]
    assert mine.get(f"/rounds/T-1/documents/{ids['002']}").status_code == 404
    assert mine.get(f"/rounds/T-1/documents/{ids['']}").status_code == 404
    assert others.get(f"/rounds/T-1/documents/{ids['002']}").content == b"%PDF 002"


# --- the document -----------------------------------------------------------------------------------------------------


def test_a_refusal_is_a_problem_in_the_language_that_was_asked_for(sqlite: Engine) -> None:
    someone = program("hr", Role.HR)
    wrong = {"rows": [{"staff_no": "1", "name": "", "business_line": 5}]}
    for spoken, title in (("zh", "提交的内容不合规则"), ("en", "What was sent is not as it may be")):
        answer = someone.ask("POST", "/people/import", wrong, accept_language=spoken)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["content-language"] == spoken
        problem = answer.json()
        assert (problem["status"], problem["code"], problem["title"]) == (422, "invalid", title)
        assert [one["where"] for one in problem["errors"]] == ["body.rows.0.name", "body.rows.0.business_line"]
        assert problem["type"] == "/api/v1/docs#invalid"


@pytest.mark.parametrize("spoken", ["zh", "en"])
def test_everything_that_is_sent_and_answered_has_an_example_that_fits(spoken: str) -> None:
    told = document(spoken)

    def look(content: dict[str, object], where: str) -> None:
        assert "example" in content, where
        schema = {"components": told["components"], **content["schema"]}
        assert validator_for(schema).is_valid(content["example"]), where

    for path, methods in told["paths"].items():
        for method, one in methods.items():
            bodies = [one["requestBody"]] if "requestBody" in one else []
            for part in (*bodies, *(a for s, a in one["responses"].items() if s in {"200", "201"})):
                for kind, content in part["content"].items():
                    if kind == "application/json":
                        look(content, f"{method} {path}")
            assert one["summary"]
    chinese = re.findall(r"[^\"]*[一-鿿][^\"]*", json.dumps(told, ensure_ascii=False))
    assert bool(chinese) == (spoken == "zh"), chinese


def test_an_own_limit_for_each_token(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "ASKED", Buckets(per_minute=1))
    assert program("hr", Role.HR).get("/rounds").status_code == 200
    assert program("hr2", Role.HR).get("/rounds").status_code == 200
