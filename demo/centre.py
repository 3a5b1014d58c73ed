"""A centre of any size and a whole round of it, from a seed: ``demo/bundle/`` is what the default one makes."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Final, NamedTuple

from demo.chance import stream
from demo.course import evidence
from demo.materials import materials
from demo.merits import personnel
from demo.people import LINES, members
from demo.reviewers import judges
from demo.ties import level_at_the_cut
from forms import policies
from reports import bundles
from rules.records import Evidence, Personnel

HERE: Final = Path(__file__).parent
BUNDLE: Final = HERE / "bundle"
POLICY: Final = HERE / "policy.yaml"

PEOPLE: Final = 300
SEED: Final = 1764
"""A seed whose round has every case worth showing; ``tests/demo`` names them."""

FEWEST: Final = 50
PER_SEAT: Final = 20
"""People of the centre for each seat."""

PER_REVIEWER: Final = 25
FEWEST_REVIEWERS: Final = 12
"""A panel of five needs more than five to draw from: leads and managers stand back from their own people."""

LEVEL_LINE: Final = "phone"
FOLDERS: Final = 6
"""Candidates whose materials are part of the bundle; the others handed theirs in on paper."""


class Centre(NamedTuple):
    """Everything that a bundle holds."""

    policy_text: bytes
    personnel: Personnel
    evidence: Evidence
    materials: Mapping[str, Sequence[tuple[str, bytes]]]


def make(*, people: int = PEOPLE, seed: int = SEED, seats: int | None = None, reviewers: int | None = None) -> Centre:
    """Return a centre and its round; the same arguments give the same bytes on every machine.

    :raises ValueError: for fewer than 50 people, where three lines with teams and leads make no sense.
    :raises FormError: for fewer seats than lines, which the policy does not allow.
    """
    if people < FEWEST:
        raise ValueError(f"a centre has at least {FEWEST} people")
    text = policy_text(seats=seats if seats is not None else max(len(LINES), people // PER_SEAT))
    policy = policies.read(text, file=POLICY.name).policy
    everybody = members(people, seed)
    records = personnel(everybody, seed)
    count = reviewers if reviewers is not None else max(FEWEST_REVIEWERS, people // PER_REVIEWER)
    panel = judges(everybody, count, stream(seed, "reviewers"))
    answers = evidence(policy, everybody, records, panel, seed)
    answers = level_at_the_cut(policy, records, answers, LEVEL_LINE)
    judged = {m.staff_no for m in answers.marks}
    writers = [p for p in records.people if p.staff_no in judged]
    return Centre(text, records, answers, materials(writers, FOLDERS, stream(seed, "materials")))


def policy_text(*, seats: int) -> bytes:
    """Return the policy of the demonstration for so many seats."""
    return Template(POLICY.read_text(encoding="utf-8")).substitute(seats=seats).encode()


def write(directory: Path, centre: Centre) -> None:
    """Write a centre and its round as a bundle."""
    bundles.write(
        directory,
        policy_text=centre.policy_text,
        personnel=centre.personnel,
        evidence=centre.evidence,
        materials=centre.materials,
        facts={},
    )
