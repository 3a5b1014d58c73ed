"""What the documents of a round are drafted from."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from kit.i18n import gettext as _
from kit.pdf import Paper
from models.results import Allotment, Result
from models.rounds import Notice, Round
from models.stages import Stage
from queries import books, people, results, stages
from reports.entries import Entry, StageScore
from rules import course
from rules.policies import Policy
from rules.records import Application, Person
from rules.workdays import NoticePeriod

PDF: Final = "application/pdf"
NAMED_AT_MOST: Final = 5000
"""So many people are asked for by number; if there are more, everybody is read: databases limit a question's length."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A document to be made: a paper to set in type, or bytes that are ready.

    ``version`` is the generation of its step unless it has one of its own.
    """

    kind: str
    name: str
    content: Paper | bytes
    staff_no: str = ""
    media_type: str = PDF
    version: int | None = None


Filed = frozenset[tuple[str, str, str]]
"""What lies in the files already: kind, staff number, media type."""


def in_volumes(kind: str, name: str, papers: Sequence[Paper], filed: Filed) -> Iterator[Draft]:
    """Return those volumes of a document that are not filed yet; ``name`` is the file name of the first."""
    for number, paper in enumerate(papers, 1):
        one = kind if number == 1 else f"{kind}:{number}"
        if (one, "", PDF) not in filed:
            yield Draft(one, name if number == 1 else _numbered(name, number), paper)


def _numbered(name: str, number: int) -> str:
    stem, dot, kind = name.rpartition(".")
    return _("{name}（第{number}册）").format(name=stem, number=number) + dot + kind


@dataclass(frozen=True, eq=False)
class Case:
    """A round at the step whose documents are due; everything decided so far, read once."""

    session: Session
    the_round: Round
    stage: Stage
    policy: Policy

    @cached_property
    def people(self) -> Mapping[str, Person]:
        """Return the people as they were screened."""
        rows: list[Person] = people.frozen_part(self.session, round_id=self.the_round.id, part="people")
        return {p.staff_no: p for p in rows}

    @cached_property
    def allotments(self) -> Mapping[str, Allotment]:
        """Return each line's heads and seats."""
        return results.seats(self.session, round_id=self.the_round.id)

    def shared_out(self) -> tuple[dict[str, int], dict[str, int]]:
        """Return the heads and the seats of each line, in the policy's order."""
        lines = [(line, self.allotments[line]) for line in self.policy.lines if line in self.allotments]
        return {line: a.heads for line, a in lines}, {line: a.seats for line, a in lines}

    @cached_property
    def results(self) -> list[Result]:
        """Return every applicant's result."""
        return list(results.of_round(self.session, round_id=self.the_round.id))

    @cached_property
    def entries(self) -> list[Entry]:
        """Return every applicant's round, by staff number."""
        numbers = [r.staff_no for r in self.results]
        some = numbers if len(numbers) <= NAMED_AT_MOST else None
        screened = {s.staff_no: s for s in results.screened(self.session, round_id=self.the_round.id, staff_nos=some)}
        applications: list[Application] = books.rows(self.session, book="applications", round_id=self.the_round.id)
        applied = {a.staff_no: a.applied_at for a in sorted(applications, key=lambda a: a.applied_at)}
        scores = self._scores()
        return [
            Entry(
                person=self.people[r.staff_no],
                outcome=r.outcome or "",
                applied_at=applied.get(r.staff_no),
                screened=screened.get(r.staff_no),
                stages=scores.get(r.staff_no, {}),
                final=r.final,
                rank=r.rank,
                working=json.loads(r.working),
            )
            for r in self.results
        ]

    def _scores(self) -> dict[str, dict[str, StageScore]]:
        """Return everyone's stages by staff number and stage key."""
        components = results.components(self.session, round_id=self.the_round.id)
        ids = {self.stages[s.key].id: s.key for s in self.policy.stages}
        found: dict[str, dict[str, StageScore]] = {}
        for stage_id, workings in results.stage_workings(self.session, stage_ids=list(ids)).items():
            key = ids[stage_id]
            for staff_no, (left, working) in workings.items():
                own = {k: v for k, v in components.get(staff_no, {}).items() if k.partition(".")[0] == key}
                found.setdefault(staff_no, {})[key] = StageScore(own, working, left)
        return found

    @cached_property
    def stages(self) -> Mapping[str, Stage]:
        """Return the round's steps by key."""
        return {s.key: s for s in stages.of_round(self.session, round_id=self.the_round.id)}

    def working(self, key: str) -> dict[str, Any]:
        """Return how a step was counted."""
        found: dict[str, Any] = json.loads(self.stages[key].working)
        return found

    @cached_property
    def notice(self) -> Notice:
        """Return the notice as it was posted last."""
        of_round = select(Notice).where(Notice.round_id == self.the_round.id)
        return self.session.exec(of_round.order_by(col(Notice.generation).desc()).limit(1)).one()

    def period(self) -> NoticePeriod:
        """Return the days of the notice."""
        days = tuple(date.fromisoformat(d) for d in json.loads(self.notice.working_days))
        return NoticePeriod(self.notice.first_day, self.notice.last_day, days)

    @cached_property
    def zone(self) -> ZoneInfo:
        """Return the round's time zone."""
        return ZoneInfo(self.the_round.time_zone)

    def day(self, at: datetime) -> date:
        """Return the day of an instant in the round's time zone."""
        return at.astimezone(self.zone).date()

    def start_of(self, day: date) -> datetime:
        """Return the first instant of a day in the round's time zone."""
        return datetime.combine(day, time(), self.zone)

    @cached_property
    def launched_on(self) -> date:
        """Return the date of the launch documents: of the launch, or, in a replay, of the opening of applications."""
        live = self.the_round.mode == course.LIVE
        return self.day(self.the_round.launched_at if live else self.policy.applications.opens_at)

    @cached_property
    def screened_at(self) -> datetime:
        """Return the start of the day of the screening; in a replay, of the day of the launch documents."""
        tallied = self.stages[course.SCREENING].tallied_at
        live = self.the_round.mode == course.LIVE
        return self.start_of(self.day(tallied) if live and tallied else self.launched_on)


Drafter = Callable[[Case, Filed], Iterable[Draft]]
