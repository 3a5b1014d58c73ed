"""Panels of a step: who scores whom, by hand in a table or by lot; substitutes; tables from spreadsheets."""

from collections.abc import Sequence
from typing import Any, Final

from fastapi import Response

from actions import panels, seating
from kit.canonical import digest
from models.stages import Stage
from queries import seating as reads
from queries.seating import Seating
from rules import draw as law
from rules.access import Act
from rules.conflicts import conflict
from rules.draw import Drawn
from rules.policies import ReviewTerms
from rules.texts import RuleError, Text, _
from web import intake, intake_desks
from web.boards import ORDERS
from web.called import Called
from web.doors import Doors
from web.faults import NotFoundError
from web.frames import Frame, framed
from web.sifting import Sieve
from web.visit import Visit

doors: Final = Doors()

MOST_EACH: Final = 15

intake.mount(
    doors, "/rounds/{code}/import/{book}", act=Act.ENTER_EVIDENCE, desk_of=intake_desks.round_desk, name="round_import"
)


@doors.get("/rounds/{code}/panels", act=Act.SEE_ROUND)
def first_panels(visit: Visit, code: str) -> Response:
    """Show the panels of the step at hand, or of the next that has any."""
    frame = framed(visit, code)
    reviewed = [s for s in frame.steps if s.kind == "review"]
    if not reviewed:
        raise NotFoundError(Text(_("本轮没有由评委评分的环节")))
    chosen = next((s for s in reviewed if s.state != "done"), reviewed[-1])
    return _page(frame, chosen.key)


@doors.get("/rounds/{code}/panels/{key}", act=Act.SEE_ROUND, name="panels")
def show(visit: Visit, code: str, key: str) -> Response:
    """Show who scores whom at a step."""
    return _page(framed(visit, code), key)


def _read(frame: Frame, key: str) -> tuple[Stage, ReviewTerms, Seating]:
    stage, terms = frame.review(key)
    criteria = [c.key for c in terms.criteria]
    return stage, terms, reads.of_stage(frame.visit.session, stage=stage, criteria=criteria)


def _page(frame: Frame, key: str, *, fault: Text | None = None, ticked: set[str] | None = None) -> Response:
    visit = frame.visit
    stage, terms, found = _read(frame, key)
    sieve = Sieve.of(visit, found.rows, orders=ORDERS, first="staff_no")
    visit.saw("panels", the_round=frame.the_round)
    return visit.page(
        "panels.html",
        status=409 if fault else 200,
        frame=frame,
        stage=stage,
        terms=terms,
        found=found,
        sieve=sieve,
        ticked={f"{no}|{r}" for no, r in found.assigned} if ticked is None else ticked,
        against=_against(found, sieve),
        loads=_loads(found),
        filed={f"{no}|{r}" for no, r in found.filed},
        per_person=_per_person(found),
        seal=_seal(found, [row.staff_no for row in sieve.rows]),
        changeable=stage.state in {"pending", "open"} and frame.the_round.state == "running",
        fault=fault,
        typed=visit.text,
        seed=f"{frame.the_round.code}-{stage.key}-{frame.day(visit.now)}",
        reviewed=[s for s in frame.steps if s.kind == "review"],
    )


def _against(found: Seating, sieve: Sieve) -> dict[str, Text]:
    """Return the pairs that must not be, with the reason."""
    judges = [found.judge(no) for no in found.seats]
    reasons = {
        f"{row.staff_no}|{j.reviewer_no}": conflict(j.staff_no, j.person, found.people[row.staff_no])
        for row in sieve.rows
        if row.staff_no in found.people
        for j in judges
        if j.staff_no
    }
    return {pair: why for pair, why in reasons.items() if why}


def _loads(found: Seating) -> dict[str, int]:
    still = {row.staff_no for row in found.rows}
    loads = dict.fromkeys(found.seats, 0)
    for no, reviewer in found.assigned:
        if no in still and reviewer in loads:
            loads[reviewer] += 1
    return loads


def _per_person(found: Seating) -> dict[str, int]:
    counts = {row.staff_no: 0 for row in found.rows}
    for no, _reviewer in found.assigned:
        if no in counts:
            counts[no] += 1
    return counts


def _seal(found: Seating, shown: Sequence[str]) -> str:
    """Return what tells whether somebody else has changed the shown rows meanwhile."""
    wanted = set(shown)
    return digest(repr(sorted(pair for pair in found.assigned if pair[0] in wanted)).encode())


@doors.post("/rounds/{code}/panels/{key}", act=Act.STEER_ROUND, name="save_panels")
def save(visit: Visit, code: str, key: str) -> Response:
    """Save the table: what was ticked is assigned, what was not is taken away; of the shown candidates only."""
    frame = framed(visit, code)
    stage, _terms, found = _read(frame, key)
    shown, ticked = visit.texts("shown"), set(visit.texts("p"))
    if visit.text("seal") != _seal(found, shown):
        text = Text(_("您打开页面之后，分组有了变化；您勾选的内容还在，请核对之后再保存"))
        return _page(frame, key, fault=text, ticked=ticked)
    pairs = {(no, reviewer) for no, _bar, reviewer in (pair.partition("|") for pair in ticked)}
    here = {pair for pair in found.assigned if pair[0] in set(shown)}
    try:
        with visit.session.begin_nested():
            n = seating.seat(
                visit.session,
                the_round=frame.the_round,
                stage=stage,
                seating=found,
                add=pairs - here,
                remove=here - pairs,
                reason=visit.text("reason"),
                terms=visit.terms_of(frame.the_round),
            )
    except RuleError as error:
        return _page(framed(visit, code), key, fault=error.text, ticked=ticked)
    said = Text(_("已保存，改动 {n} 处"), {"n": n}) if n else Text(_("没有改动"))
    return visit.go("panels", code=code, key=key, said=said)


@doors.post("/rounds/{code}/panels/{key}/draw", act=Act.STEER_ROUND)
def draw(visit: Visit, code: str, key: str) -> Response:
    """Draw by lot: first shown, then written down as it was shown."""
    frame = framed(visit, code)
    stage, _terms, found = _read(frame, key)
    chosen, seed, each = visit.texts("reviewer"), visit.text("seed"), visit.text("each")
    if not chosen or not seed or not _is_number(each):
        text = Text(_("请选择参加抽签的评委，写明种子，每人的评委数为 1 至 {most}"), {"most": MOST_EACH})
        return _page(frame, key, fault=text)
    drawn = _draw(found, chosen, seed, int(each))
    seal = digest(repr((drawn.panels, drawn.loads)).encode())
    if visit.text("step") != "confirm":
        return _preview(frame, stage, found, drawn, seal)
    if visit.text("seal") != seal:
        text = Text(_("您预览之后，候选人、评委或分组有了变化；请重新抽签"))
        return _page(frame, key, fault=text)
    said = {"the_round": frame.the_round, "stage": stage, "drawn": drawn, "seed": seed, "each": int(each)}
    try:
        with visit.session.begin_nested():
            n = seating.seat_drawn(visit.session, terms=visit.terms_of(frame.the_round), **said)  # type: ignore[arg-type] # its own names
    except RuleError as error:
        return _page(framed(visit, code), key, fault=error.text)
    return visit.go("panels", code=code, key=key, said=Text(_("已按抽签结果分组，共 {n} 份评分表"), {"n": n}))


def _is_number(each: str) -> bool:
    return each.isascii() and each.isdecimal() and len(each) < len("100") and 0 < int(each) <= MOST_EACH


def _draw(found: Seating, chosen: Sequence[str], seed: str, each: int) -> Drawn:
    given: dict[str, list[str]] = {}
    for no, reviewer in found.assigned:
        given.setdefault(no, []).append(reviewer)
    return law.draw(
        [found.people[row.staff_no] for row in found.rows if row.staff_no in found.people],
        [found.judge(no) for no in found.seats if no in set(chosen)],
        each=each,
        seed=seed,
        given=given,
        loads=_loads(found),
    )


def _preview(frame: Frame, stage: Stage, found: Seating, drawn: Drawn, seal: str) -> Response:
    visit = frame.visit
    names: dict[str, Any] = {no: person.name for no, person in found.people.items()}
    return visit.page(
        "draw_preview.html",
        frame=frame,
        stage=stage,
        drawn=drawn,
        seats=found.seats,
        names=names,
        before=_loads(found),
        seal=seal,
        chosen=visit.texts("reviewer"),
        seed=visit.text("seed"),
        each=visit.text("each"),
    )


@doors.post("/rounds/{code}/substitute", act=Act.STEER_ROUND)
def substitute(visit: Visit, code: str) -> Response:
    """Say who steps in for a reviewer who is late, or nobody."""
    frame = framed(visit, code)
    reviewer_no, substitute_no = visit.text("reviewer_no"), visit.text("substitute_no")
    panels.name_substitute(
        visit.session,
        the_round=frame.the_round,
        reviewer_no=reviewer_no,
        substitute_no=substitute_no or None,
        actor=visit.actor,
        now=visit.now,
    )
    template = _("评委 {reviewer} 的替补是 {substitute}") if substitute_no else _("评委 {reviewer} 没有替补了")
    called = Called(framed(visit, code))
    said = Text(template, {"reviewer": called.reviewer(reviewer_no), "substitute": called.reviewer(substitute_no)})
    return visit.go("panels", code=code, key=visit.text("key"), said=said)
