"""Rounds: their steps, seats, policy and history."""

from typing import Any, Literal

from pydantic import Field

from rules.texts import _
from web.api.shapes.common import Digest, Exact, Given, Instant


class RoundOut(Given):
    """A round."""

    code: str = Field(examples=["2026Q4-SUP"])
    title: str = Field(examples=[_("2026年第四季度初级主管竞聘")])
    mode: Literal["live", "replay", "rehearsal"]
    state: Literal["running", "finished", "cancelled"]
    time_zone: str = Field(examples=["Asia/Shanghai"])
    launched_at: Instant
    ended_at: Instant | None = Field(examples=[None])
    policy_sha256: Digest
    history_length: int = Field(description=_("留痕条数；变大了，就是有了新的事"), examples=[57])


class CriterionOut(Given):
    """What is judged at a stage: ``weight`` in percent of the sheet, marks from 0 to ``max``, in steps if there are."""

    key: str = Field(examples=["empathy"])
    name: str = Field(examples=[_("共情与措辞")])
    weight: Exact = Field(examples=["40"])
    max: Exact = Field(examples=["10"])
    step: Exact | None = Field(examples=["0.5"])


class StageOut(Given):
    """A step of a round; those that every round has begin with an underline."""

    key: str = Field(examples=["interview"])
    name: str = Field(examples=[_("结构化面试")])
    kind: str = Field(
        description=_("review 由评委评分，training 有考勤和考试；以下划线开头的环节各轮都有"), examples=["review"]
    )
    position: int = Field(examples=[3])
    state: Literal["pending", "open", "closed", "done"]
    opens_at: Instant | None
    closes_at: Instant | None = Field(description=_("截止时间；此后不再受理，宽限期内的除外"))
    due_at: Instant | None = Field(description=_("截止时间加宽限期"))
    opened_at: Instant | None
    closed_at: Instant | None = Field(examples=[None])
    tallied_at: Instant | None = Field(examples=[None])
    criteria: list[CriterionOut] = Field(description=_("评分项；不由评委评分的环节为空"))
    sessions: int | None = Field(description=_("培训的场次数，从 1 编号；没有培训的环节为 null"), examples=[None])
    areas: list[str] = Field(description=_("考试科目"), examples=[[]])


class LineOut(Given):
    """A business line with its people and seats, once they are shared out."""

    line: str = Field(examples=["phone"])
    name: str = Field(examples=[_("电话客服")])
    heads: int | None = Field(examples=[60])
    seats: int | None = Field(examples=[3])


class RoundWhole(RoundOut):
    """A round with its steps in order, its business lines, and how many people it has."""

    stages: list[StageOut]
    lines: list[LineOut]
    screened: int = Field(examples=[120])
    eligible: int = Field(examples=[41])
    applied: int = Field(examples=[28])
    still_in: int = Field(examples=[25])


class PolicyOut(Given):
    """The policy that a round runs under, as it was frozen (policy.yaml); a supplement changes it."""

    sha256: Digest
    text: str = Field(examples=["version: 1\ncode: 2026Q4-SUP\n…"])


class EntryOut(Given):
    """An entry of the history: each is hashed over all that it says and over the hash of the one before."""

    number: int = Field(examples=[57])
    at: Instant
    actor: str = Field(examples=["hr.wang"])
    deed: str = Field(examples=["stage.closed"])
    subject: str = Field(description=_("工号、环节或其他对象；可以为空"), examples=["interview"])
    detail: dict[str, Any] = Field(examples=[{"reason": "deadline"}])
    evidence: str | None = Field(description=_("存档原件的 SHA-256"), examples=[None])
    previous: str = Field(examples=["60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"])
    hash: Digest
