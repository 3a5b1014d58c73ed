"""What pages cost, beside a bare FastAPI + SQLModel: the ranking and the board of 1,000 candidates, saving a sheet, and
one candidate's own result among 1,000.

Each application serves the same database from a process of its own; the requests come from here, by one client and by
eight at once. CPU is that of the serving process.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode
from uuid import UUID, uuid4

from actions import accounts, books, decisions, people, rounds, stages
from forms import policies
from kit.settings import settings
from models.accounts import SignedIn
from models.database import reading, transaction
from models.rounds import Round
from models.sheets import Declaration, Sheet
from queries import stages as standing
from rules import course as steps
from rules.access import Role
from rules.records import Application, Assignment, Mark, Person, Personnel, Reviewer
from tasks.terms import terms_of
from tests.bench import course
from tests.bench.measure import Figure, database, postgresql
from tests.bench.wake import POLICY, STAGE
from tests.journeys.test_live import calendar
from web.doors import COOKIE

CANDIDATES, QUICK_CANDIDATES = 1000, 20
REQUESTS, QUICK_REQUESTS = 48, 2
SAVES, QUICK_SAVES = 240, 2
REVIEWERS = 3
STAGE_KEY = "s0"
FORM = {"content-type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Way:
    """How one page is asked for: method, and for the n-th request its address and what is sent."""

    method: str
    request: Callable[[int], tuple[str, str]]
    headers: dict[str, str]


@dataclass(frozen=True)
class Measured:
    """What requests cost: CPU of the server per request, and how long an answer took (seconds)."""

    cpu: float
    p50: float
    p95: float


def figures(*, quick: bool = False) -> Iterator[Figure]:
    """Measure on both databases."""
    for name, home in (("SQLite", database), ("PostgreSQL", postgresql)):
        with home() as folder, working_days(folder):
            yield from _on(name, quick=quick)


@contextmanager
def working_days(folder: Path) -> Iterator[None]:
    """Have working days for this year and the next, whatever years the official calendar knows."""
    os.environ["JINGPIN_CALENDAR"] = calendar(folder, datetime.now(UTC))
    settings.cache_clear()
    try:
        yield
    finally:
        del os.environ["JINGPIN_CALENDAR"]
        settings.cache_clear()


def _on(name: str, *, quick: bool) -> Iterator[Figure]:
    n = QUICK_CANDIDATES if quick else CANDIDATES
    requests, saves = (QUICK_REQUESTS, QUICK_SAVES) if quick else (REQUESTS, SAVES)
    decided, scoring = launch("D", n), launch("S", n)
    to_decision(decided)
    with serving("ours") as ours, serving("bare") as bare:
        hr, reviewer = signed_in("hr", Role.HR), signed_in("R0", Role.REVIEWER)
        pages = {
            f"ranking of {n:,}": (_get("/rounds/D/decision", hr), _get("/ranking/D"), 2, requests),
            f"board of {n:,}": (_get("/rounds/S", hr), _get("/board/S"), 2, requests),
            "saving a sheet": (_saves(reviewer, n), _bare_saves(scoring, n), 3, saves),
        }
        for page, (way, floor, most, number) in pages.items():
            for clients in (1, 8):
                yield from _compare(
                    f"{name}: {page}, clients: {clients}", ours, way, bare, floor, most, number, clients
                )
        to_notice(decided)
        mine = _get("/my/rounds/D/result", signed_in("0000", Role.CANDIDATE))
        [first] = _client(ours, mine, [0])
        yield Figure(f"{name}: the first own result among {n:,}: everybody is counted", 1000 * first, "ms")
        for clients in (1, 8):
            said = f"{name}: own result among {n:,}, clients: {clients}"
            yield from _compare(said, ours, mine, bare, _get("/result/D/0000"), 4, requests, clients)


def _compare(  # noqa: PLR0917 - private, and all of it is one comparison
    name: str, ours: "Server", way: Way, bare: "Server", floor: Way, most: float, number: int, clients: int
) -> Iterator[Figure]:
    theirs, mine = ask(bare, floor, number, clients), ask(ours, way, number, clients)
    said = "bare FastAPI"
    yield Figure(f"{name}: CPU", 1000 * mine.cpu, "ms", 1000 * theirs.cpu, said, most_ratio=most)
    yield Figure("  half of the answers within", 1000 * mine.p50, "ms", 1000 * theirs.p50, said)
    yield Figure("  95 of 100 within", 1000 * mine.p95, "ms", 1000 * theirs.p95, said)


def _get(path: str, headers: dict[str, str] | None = None) -> Way:
    return Way("GET", lambda _n: (path, ""), headers or {})


def _saves(headers: dict[str, str], n: int) -> Way:
    versions = dict.fromkeys(range(n), 1)

    def save(number: int) -> tuple[str, str]:
        who = number % n
        version, versions[who] = versions[who], versions[who] + 1
        mark = str((number + version) % 10)
        typed = {"version": version, "key": uuid4().hex, "reviewer_no": "R0", "mark.speech": mark}
        return f"/reviews/S/{STAGE_KEY}/{who:04d}/draft", urlencode(typed)

    return Way("POST", save, {**headers, **FORM})


def _bare_saves(round_id: UUID, n: int) -> Way:
    def save(number: int) -> tuple[str, str]:
        entries = json.dumps({"speech": [str(number % 10), ""]})
        return f"/sheet/{round_id}/{STAGE_KEY}/{number % n:04d}/R1", urlencode({"entries": entries})

    return Way("POST", save, FORM)


@dataclass(frozen=True)
class Server:
    """A process that serves pages."""

    pid: int
    port: int

    def cpu(self) -> float:
        """Return the seconds of CPU that it has used."""
        with open(f"/proc/{self.pid}/stat", encoding="ascii") as file:  # noqa: PTH123 - read often
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(which: str) -> Iterator[Server]:
    """Serve the database at hand from a process of its own: the pages, or their floor."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen([sys.executable, "-m", "tests.bench.page_server", which, str(port)]) as process:
        _until_it_listens(process, port)
        try:
            yield Server(process.pid, port)
        finally:
            process.send_signal(signal.SIGTERM)


def _until_it_listens(process: "subprocess.Popen[bytes]", port: int) -> None:
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the server has ended")


def ask(server: Server, way: Way, number: int, clients: int) -> Measured:
    """Ask so often, by so many clients at once, after one warm-up of each; return what it cost."""
    numbers = count()
    _client(server, way, [next(numbers) for _ in range(2)])
    before = server.cpu()
    shares = [[next(numbers) for _ in range(max(1, number // clients))] for _ in range(clients)]
    with ThreadPoolExecutor(clients) as pool:
        times = [t for some in pool.map(lambda share: _client(server, way, share), shares) for t in some]
    cpu = (server.cpu() - before) / len(times)
    return Measured(cpu, median(times), quantiles(times, n=20, method="inclusive")[-1])


def _client(server: Server, way: Way, numbers: Sequence[int]) -> list[float]:
    connection, times = HTTPConnection("127.0.0.1", server.port, timeout=60), []
    for number in numbers:
        path, body = way.request(number)
        began = time.perf_counter()
        connection.request(way.method, path, body or None, way.headers)
        answer = connection.getresponse()
        text = answer.read()
        times.append(time.perf_counter() - began)
        if answer.status not in {200, 303} or "/login" in (answer.getheader("location") or ""):
            raise RuntimeError(f"{path}: {answer.status} {answer.getheader('location')} {text[-400:].decode()}")
    connection.close()
    return times


def signed_in(login: str, role: Role) -> dict[str, str]:
    """Return the headers of a browser in which somebody new of a role is signed in."""
    now = datetime.now(UTC)
    with transaction() as session:
        account = accounts.add(session, login=login, name=login, roles=[role], staff_no=login, actor="bench", now=now)
        secret = accounts.begin_session(session, account=account, agent="bench", now=now)
    with reading() as session:
        csrf = session.get_one(SignedIn, accounts.fingerprint(secret)).csrf
    return {"cookie": f"{COOKIE}={secret}", "x-csrf": csrf}


def launch(code: str, candidates: int) -> UUID:
    """Launch a live round of one open stage: all sheets assigned, the marks of all but one reviewer there."""
    text = POLICY.format(code=code, stages=STAGE.format(n=0)).encode()
    now, staff_nos = datetime.now(UTC), [f"{i:04d}" for i in range(candidates)]
    reviewers = [Reviewer(f"R{i}", f"评委{i}", None, f"R{i}") for i in range(REVIEWERS)]
    with transaction() as session:
        persons = [Person(no, f"员工{no}", "phone", None, "Ⅱ", date(2020, 1, 1)) for no in staff_nos]
        people.take_in(session, personnel=Personnel(people=persons), actor="bench", now=now)
        policy = policies.read(text).policy
        the_round = rounds.launch(
            session, policy=policy, policy_text=text, actor="bench", now=now, with_documents=False
        )
        _take_in(session, the_round, "applications", [Application(no, now, "submitted") for no in staff_nos])
        _take_in(session, the_round, "reviewers", reviewers)
        _take_in(
            session,
            the_round,
            "panels",
            [Assignment(STAGE_KEY, no, r.reviewer_no) for no in staff_nos for r in reviewers],
        )
    course.go_on(the_round.id)
    _close(the_round.id, steps.APPLICATIONS)
    course.go_on(the_round.id)
    with transaction() as session:
        _take_in(session, the_round, "marks", list(_marks(staff_nos, reviewers[1:])))
        session.add(Declaration(round_id=the_round.id, reviewer_no="R0", made_at=now, made_by="R0"))
        session.add_all(_draft(the_round.id, no, r, now) for no in staff_nos for r in ("R0", "R1"))
    return the_round.id


def _marks(staff_nos: Sequence[str], reviewers: Sequence[Reviewer]) -> Iterator[Mark]:
    for number, staff_no in enumerate(staff_nos):
        for reviewer in reviewers:
            mark = Decimal(number % 97) / 10
            yield Mark(STAGE_KEY, staff_no, reviewer.reviewer_no, "speech", mark, "scored")


def _draft(round_id: UUID, staff_no: str, reviewer_no: str, now: datetime) -> Sheet:
    sheet = {"round_id": round_id, "stage": STAGE_KEY, "staff_no": staff_no, "reviewer_no": reviewer_no}
    return Sheet(**sheet, version=1, saved_at=now, saved_by="R0")


def _take_in(session, the_round: Round, book: str, rows: list) -> None:  # noqa: ANN001 - a session
    books.take_in(session, book=book, rows=rows, actor="bench", now=datetime.now(UTC), the_round=the_round)


def _close(round_id: UUID, key: str) -> None:
    with transaction() as session:
        the_round = session.get_one(Round, round_id)
        stage = standing.by_key(session, the_round=the_round, key=key)
        now = datetime.now(UTC)
        stages.close_by_hand(session, stage=stage, the_round=the_round, reason="bench", actor="bench", now=now)


def to_decision(round_id: UUID) -> None:
    """Take a round on to its decision."""
    _close(round_id, STAGE_KEY)
    course.go_on(round_id)


def to_notice(round_id: UUID) -> None:
    """Take a round that stands at its decision on to its notice."""
    with transaction() as session:
        the_round = session.get_one(Round, round_id)
        decisions.confirm(session, the_round=the_round, terms=terms_of(the_round, actor="chair"))
    course.go_on(round_id)
