"""A round bundle (directory or zip) → a policy, people, evidence; or every fault of all its files at once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

from forms import archives, policies
from forms.columns import SPECS, Checked, check
from forms.faults import Fault, FormError
from forms.tables import read_table
from rules.policies import CertificateKey, HonourKey, Policy, ReviewTerms, TrainingTerms
from rules.records import Evidence, Personnel
from rules.texts import Text, _

POLICY, FACTS, MATERIALS = "policy.yaml", "round.json", "materials"
PERSONNEL = ("people", "ratings", "incidents", "honours", "certificates", "kpis")
EVIDENCE = ("applications", "reviewers", "panels", "marks", "attendance", "exam")


@dataclass(frozen=True, slots=True)
class Bundle:
    """Everything that a round is decided from, checked; ``notes`` say what was ignored.

    ``files`` holds the SHA-256 of each file, ``sha256`` that of the whole; ``facts`` come from an export's round.json.
    """

    policy: Policy
    policy_text: bytes
    personnel: Personnel
    evidence: Evidence
    materials: Mapping[str, list[tuple[str, bytes]]]
    notes: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    files: Mapping[str, str]
    sha256: str
    facts: Mapping[str, str]


def read(path: Path, *, rehearse: bool = False) -> Bundle:
    """Read and check a bundle; a rehearsal needs no applications and nothing that comes after them.

    :raises FormError: with every fault of every file.
    """
    files = {part.name: part.content for part in archives.parts(path)}
    faults: list[Fault] = []
    policy, text, warnings = _policy(files, faults)
    checked = _tables(files, policy, faults, rehearse=rehearse)
    facts = _facts(files, faults)
    if faults or policy is None:
        raise FormError(faults)
    materials = _materials(files, {p.staff_no for p in checked["people"].records()})
    notes = [note for one in checked.values() for note in one.notes]
    hashes = {name: sha256(content).hexdigest() for name, content in sorted(files.items())}
    return Bundle(
        policy=policy,
        policy_text=text,
        personnel=Personnel(**{part: checked[part].records() for part in PERSONNEL}),
        evidence=Evidence(**{part: checked[part].records() for part in EVIDENCE}),
        materials=materials,
        notes=tuple(notes),
        warnings=warnings,
        files=hashes,
        sha256=sha256(json.dumps(hashes, sort_keys=True).encode()).hexdigest(),
        facts=facts,
    )


def _policy(files: Mapping[str, bytes], faults: list[Fault]) -> tuple[Policy | None, bytes, tuple[Fault, ...]]:
    text = files.get(POLICY)
    if text is None:
        faults.append(Fault(Text(_("数据包中没有竞聘方案 policy.yaml")), POLICY))
        return None, b"", ()
    try:
        found = policies.read(text, file=POLICY)
    except FormError as error:
        faults.extend(error.faults)
        return None, text, ()
    return found.policy, text, found.warnings


def _tables(
    files: Mapping[str, bytes], policy: Policy | None, faults: list[Fault], *, rehearse: bool
) -> dict[str, Checked]:
    """Check every table, people first; a broken policy leaves the checks that do not need it."""
    needed = _needed(policy, rehearse=rehearse)
    checked: dict[str, Checked] = {}
    for name in (*PERSONNEL, *EVIDENCE):
        file = f"{name}.csv"
        if policy is not None and name in {"attendance", "exam"} and not _training(policy):
            checked[name] = Checked()
        elif file not in files:
            checked[name] = Checked()
            if name in needed:
                faults.append(Fault(Text(_("数据包中缺少这个文件，而方案用到了它")), file))
        else:
            checked[name] = _table(files[file], name, file, policy, checked)
            faults.extend(checked[name].faults)
    return checked


def _table(content: bytes, name: str, file: str, policy: Policy | None, checked: Mapping[str, Checked]) -> Checked:
    people = reviewers = None
    if name != "people" and not checked["people"].faults:
        people = {p.staff_no for p in checked["people"].records()}
    if name in {"marks", "panels"} and not checked["reviewers"].faults:
        reviewers = {r.reviewer_no for r in checked["reviewers"].records()}
    try:
        table = read_table(content, name=file)
    except FormError as error:
        return Checked(faults=list(error.faults))
    return check(table, SPECS[name], people=people, policy=policy, reviewers=reviewers)


def _training(policy: Policy) -> bool:
    return any(isinstance(s.terms, TrainingTerms) for s in policy.stages)


def _needed(policy: Policy | None, *, rehearse: bool) -> set[str]:
    """Return the tables that some rule of the policy uses."""
    needed = {"people"}
    if policy is None:
        return needed
    rules, channel = policy.eligibility, policy.special_channel
    keys: tuple[Any, ...] = channel.any_of if channel and rules.tenure else ()
    used = {
        "ratings": rules.ratings is not None,
        "incidents": rules.incidents is not None,
        "kpis": bool(rules.kpis),
        "honours": any(isinstance(k, HonourKey) for k in keys),
        "certificates": any(isinstance(k, CertificateKey) for k in keys),
        "applications": not rehearse,
    }
    if not rehearse:
        review = any(isinstance(s.terms, ReviewTerms) for s in policy.stages)
        used |= {"marks": review, "reviewers": review, "attendance": _training(policy), "exam": _training(policy)}
    return needed | {name for name, is_used in used.items() if is_used}


def _facts(files: Mapping[str, bytes], faults: list[Fault]) -> dict[str, str]:
    content = files.get(FACTS)
    if content is None:
        return {}
    try:
        facts = {str(k): str(v) for k, v in json.loads(content).items()}
        if "posted_on" in facts:
            date.fromisoformat(facts["posted_on"])
    except (ValueError, AttributeError, RecursionError):
        faults.append(Fault(Text(_("不是程序导出的 round.json；请删去这个文件")), FACTS))
        return {}
    return facts


def _materials(files: Mapping[str, bytes], people: set[str]) -> dict[str, list[tuple[str, bytes]]]:
    found: dict[str, list[tuple[str, bytes]]] = {}
    for name, content in sorted(files.items()):
        match PurePosixPath(name).parts:
            case (folder, staff_no, *rest) if folder == MATERIALS and rest and staff_no in people:
                found.setdefault(staff_no, []).append(("/".join(rest), content))
    return found
