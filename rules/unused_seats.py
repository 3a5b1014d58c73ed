"""Seats that a line could not fill: what became of them, and what that meant for one person, in words.

Read out of the working of ``rules.ranking.place``, which is kept with the result.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from rules.policies import Policy, Unused
from rules.texts import Text, _, enumerated

RULES: Final[Mapping[Unused, str]] = {
    Unused.VOID: _("业务线人选不足的，剩余名额空缺，不作调剂。"),
    Unused.BEST_SCORE: _("业务线人选不足的，剩余名额不分业务线，按综合成绩从高到低依次调剂使用。"),
    Unused.REAPPORTION: _("业务线人选不足的，剩余名额按同一方法在仍有人选的业务线之间重新分配。"),
}
"""What a policy may rule about them."""


class Place(NamedTuple):
    """Where somebody stands who is ranked: their line, and the rank over all lines."""

    line: str
    rank: int


class Share(NamedTuple):
    """Unused seats that were given once more, to one line or (``""``) over all lines, and who took them."""

    line: str
    seats: int
    selected: tuple[str, ...] = ()
    tied: tuple[str, ...] = ()
    held: int = 0


@dataclass(frozen=True, slots=True)
class UnusedSeats:
    """``left``: seats that their own line could not fill, by line; ``own``: who took one of their own line's seats."""

    rule: Unused
    left: Mapping[str, int]
    own: frozenset[str]
    shares: tuple[Share, ...] = ()
    waits: bool = False

    @property
    def seats(self) -> int:
        """Return how many there are in all."""
        return sum(self.left.values())

    @property
    def vacant(self) -> int:
        """Return how many of them nobody took; none while they wait for an extra test."""
        return 0 if self.waits else self.seats - sum(len(s.selected) + s.held for s in self.shares)

    def taken_by(self, staff_no: str) -> Share | None:
        """Return the share of which somebody took a seat."""
        return next((s for s in self.shares if staff_no in s.selected), None)

    def share_for(self, line: str) -> Share | None:
        """Return the share that people of a line could take a seat of."""
        return next((s for s in self.shares if s.line in {"", line}), None)


def read(policy: Policy, working: Mapping[str, Any]) -> UnusedSeats:
    """Return what became of the unused seats of a round, from how its seats were given."""
    lines, unused = working.get("lines", {}), working.get("unused", {})
    return UnusedSeats(
        rule=policy.quota.unused,
        left={line: int(part["unused"]) for line, part in lines.items() if part["unused"]},
        own=frozenset(no for part in lines.values() for no in part["selected"]),
        shares=tuple(_shares(unused)),
        waits="held" in unused and "selected" not in unused and policy.quota.unused is not Unused.VOID,
    )


def _shares(unused: Mapping[str, Any]) -> Iterator[Share]:
    given = {"": {**unused, "seats": unused["seats"]}} if "selected" in unused else unused.get("lines", {})
    for line, part in given.items():
        if part["seats"]:
            yield Share(line, int(part["seats"]), tuple(part["selected"]), tuple(part["tied"]), int(part["held"]))


def told(policy: Policy, found: UnusedSeats, *, staff_no: str, places: Mapping[str, Place]) -> list[Text]:
    """Return in sentences, without a name, what the unused seats meant for somebody who is ranked.

    ``places``: everybody's who is ranked. Nothing is said to who took a seat of their own line, or where all are used.
    """
    if not found.seats or staff_no in found.own or staff_no not in places:
        return []
    return [_left(policy, found), Text(RULES[found.rule]), *_place_among(policy, found, staff_no, places)]


def _left(policy: Policy, found: UnusedSeats) -> Text:
    """Say which line could not fill how many seats."""
    by_line = [Text(_("{line}{n}个"), {"line": policy.lines.get(line, line), "n": n}) for line, n in found.left.items()]
    return Text(_("各业务线人选不足而空余的名额共{n}个：{lines}。"), {"n": found.seats, "lines": enumerated(by_line)})


def _place_among(policy: Policy, found: UnusedSeats, staff_no: str, places: Mapping[str, Place]) -> Iterator[Text]:
    """Say where somebody stands among those who competed for the unused seats, and what came of it."""
    own = places[staff_no]
    if found.waits:
        yield Text(_("有人须加试，这些名额保留到加试之后再定。"))
        return
    share = found.share_for(own.line)
    if share is None:
        if found.shares:
            yield Text(_("重新分配后，{line}没有增加名额。"), {"line": policy.lines.get(own.line, own.line)})
        return
    others = [p for no, p in places.items() if no not in found.own and share.line in {"", p.line}]
    values = {
        "line": policy.lines.get(share.line, share.line),
        "seats": share.seats,
        "n": len(others),
        "place": 1 + sum(p.rank < own.rank for p in others),
    }
    yield Text(
        _("{line}因此增加{seats}个名额；本线还没有名额的{n}人中，您列第{place}名。")
        if share.line
        else _("还没有名额的{n}人中，您列第{place}名。"),
        values,
    )
    yield _outcome(share, staff_no)


def _outcome(share: Share, staff_no: str) -> Text:
    if staff_no in share.selected:
        return Text(_("您取得其中1个名额。"))
    if staff_no in share.tied:
        values = {"n": len(share.tied) - 1, "held": share.held}
        return Text(_("您与另外{n}人完全并列，争{held}个名额，由加试决定。"), values)
    if share.held:
        return Text(_("这些名额由列在您前面的人取得，其中{held}个由加试决定。"), {"held": share.held})
    return Text(_("这些名额由列在您前面的人取得。"))
