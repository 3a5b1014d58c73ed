"""A round bundle (directory or zip) → a policy, people, evidence; or every fault of all its files at once."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

from forms import archives, policies
from forms.archives import MATERIALS
from forms.characters import visible
from forms.columns import SPECS
from forms.faults import Fault, FormError
from forms.references import training_of
from forms.rows import Checked, check
from forms.tables import read_table
from rules.policies import CertificateKey, HonourKey, Policy, ReviewTerms
from rules.records import Evidence, Personnel
from rules.texts import Text, _

POLICY, FACTS = "policy.yaml", "round.json"
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
    notes = [note for one in checked.values() for note in one.notes]
    materials = _materials(files, {p.staff_no for p in checked["people"].records}, notes)
    hashes = {name: sha256(content).hexdigest() for name, content in sorted(files.items())}
    return Bundle(
        policy=policy,
        policy_text=text,
        personnel=Personnel(**{part: checked[part].records for part in PERSONNEL}),
        evidence=Evidence(**{part: checked[part].records for part in EVIDENCE}),
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
        faults.append(_missing(Text(_("数据包中没有竞聘方案 policy.yaml")), POLICY, files))
        return None, b"", ()
    try:
        found = policies.read(text, file=POLICY)
    except FormError as error:
        faults.extend(error.faults)
        return None, text, ()
    return found.policy, text, found.warnings


def _missing(text: Text, name: str, files: Collection[str]) -> Fault:
    """Return a fault for a file that is not there; one of a similar name is pointed out."""
    stem = PurePosixPath(name).stem
    similar = sorted(other for other in files if PurePosixPath(other).stem.lower() == stem)
    if similar:
        said = {"missing": text, "other": visible(similar[0]), "name": name}
        text = Text(_("{missing}；现有 {other}，请改为最上层的 {name}"), said)
    return Fault(text, name)


def _tables(
    files: Mapping[str, bytes], policy: Policy | None, faults: list[Fault], *, rehearse: bool
) -> dict[str, Checked]:
    """Check every table, people first; a broken policy leaves the checks that do not need it."""
    needed = _needed(policy, rehearse=rehearse)
    checked: dict[str, Checked] = {}
    for name in (*PERSONNEL, *EVIDENCE):
        file = f"{name}.csv"
        if policy is not None and name in {"attendance", "exam"} and not training_of(policy):
            checked[name] = Checked()
        elif file in files:
            checked[name] = _table(files[file], name, policy, _sound(files, checked))
            faults.extend(checked[name].faults)
        else:
            checked[name] = Checked()
            if name in needed:
                faults.append(_missing(Text(_("数据包中缺少这个文件，而方案用到了它")), file, files))
    return checked


def _sound(files: Mapping[str, bytes], checked: Mapping[str, Checked]) -> dict[str, list[Any]]:
    """Return the tables that others may be checked against: what is broken or missing makes no further faults."""
    return {name: one.records for name, one in checked.items() if f"{name}.csv" in files and not one.faults}


def _table(content: bytes, name: str, policy: Policy | None, sound: Mapping[str, list[Any]]) -> Checked:
    people = {p.staff_no for p in sound["people"]} if "people" in sound else None
    reviewers = {r.reviewer_no for r in sound["reviewers"]} if "reviewers" in sound else None
    try:
        table = read_table(content, name=f"{name}.csv")
    except FormError as error:
        return Checked(faults=list(error.faults))
    return check(table, SPECS[name], people=people, policy=policy, reviewers=reviewers)


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
        training = training_of(policy) is not None
        used |= {"marks": review, "reviewers": review, "attendance": training, "exam": training}
    return needed | {name for name, is_used in used.items() if is_used}


def _facts(files: Mapping[str, bytes], faults: list[Fault]) -> dict[str, str]:
    content = files.get(FACTS)
    if content is None:
        return {}
    try:
        facts = {str(k): str(v) for k, v in json.loads(content).items()}
        if "posted_on" in facts:
            date.fromisoformat(facts["posted_on"])
        window_of(facts)
    except (ValueError, AttributeError, RecursionError):
        faults.append(Fault(Text(_("不是程序导出的 round.json；请删去这个文件")), FACTS))
        return {}
    return facts


def window_of(facts: Mapping[str, str]) -> tuple[datetime, datetime] | None:
    """Return when applications were really taken, if an export says that it was not as the policy planned.

    :raises ValueError: when that is no window.
    """
    if "applications_opened_at" not in facts:
        return None
    opened, closed = (datetime.fromisoformat(facts.get(f"applications_{end}_at", "")) for end in ("opened", "closed"))
    if opened.tzinfo is None or closed.tzinfo is None or opened > closed:
        raise ValueError(facts)
    return opened, closed


def _materials(
    files: Mapping[str, bytes], people: Collection[str], notes: list[Fault]
) -> dict[str, list[tuple[str, bytes]]]:
    """Return the files of each candidate; what belongs to nobody is ignored, with a note."""
    found: dict[str, list[tuple[str, bytes]]] = {}
    nobodys: list[str] = []
    for name, content in sorted(files.items()):
        folder, *below = PurePosixPath(name).parts
        if folder != MATERIALS or not below:
            continue
        staff_no, *rest = below
        if rest and staff_no in people:
            found.setdefault(staff_no, []).append(("/".join(rest), content))
        else:
            nobodys.append(name)
    if nobodys:
        said = {"n": len(nobodys), "name": visible(nobodys[0])}
        notes.append(Fault(Text(_("{n} 个文件不属于名册中的人（如 {name}），已忽略"), said), MATERIALS))
    return found
