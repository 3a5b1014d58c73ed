"""Which documents are due when."""

from collections.abc import Mapping
from typing import Final

from tasks.case import Drafter
from tasks.official import appointment_notice, launch_notice, result_announcement

DUE: Final[Mapping[tuple[str, str], tuple[Drafter, ...]]] = {
    ("screening", "tallied"): (launch_notice,),
    ("notice", "opened"): (result_announcement,),
    ("archive", "tallied"): (appointment_notice,),
}
