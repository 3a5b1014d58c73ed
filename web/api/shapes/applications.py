"""Applications: of everybody, as HR registers them, and one's own."""

from typing import Final, Literal

from pydantic import Field

from rules.texts import _
from web.api.shapes.common import Digest, Given, Instant, StaffNo, Taken, Words

OUTCOMES: Final = _(
    "去向：withdrawn、early、late、ineligible、eliminated:<环节>、eliminated:final、tied、reserve、selected"
)


class ApplicationOut(Given):
    """Where somebody's application stands: what counts is the latest act of applying or withdrawing."""

    staff_no: StaffNo
    applied_at: Instant
    status: Literal["submitted", "withdrawn"]
    outcome: str | None = Field(
        description=OUTCOMES,
        examples=[None],
    )


class ApplyBody(Taken):
    """An application; what is said of the person must be ``submitted``."""

    status: Literal["submitted"]


class OwnApplicationOut(Given):
    """One's own side of a round. ``notice`` is the notice on personal data that applying agrees to."""

    status: Literal["none", "submitted", "withdrawn"]
    applied_at: Instant | None
    open: bool = Field(description=_("现在能否报名或撤回"), examples=[True])
    closes_at: Instant | None
    notice: str = Field(examples=[_("为组织本轮竞聘，处理您的工号、姓名……")])
    notice_sha256: Digest
    receipt: str | None = Field(description=_("最近一次报名或撤回的回执编号"), examples=["4f1a9c02b7de"])


class OwnApplyBody(Taken):
    """One's own application; ``agreed`` is the hash of the notice that was shown to the person and agreed to."""

    agreed: Digest


class WithdrawBody(Taken):
    """Why one's own application is taken back; may be left out."""

    reason: Words | None = Field(None, examples=[_("工作安排有变")])
