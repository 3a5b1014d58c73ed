"""A supplement in the making: what may still change, what is typed, and what that would change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Response

from forms import draft_fields, draft_files, draft_policies, draft_tree, in_force
from forms.differences import differences
from forms.draft_tree import Tree
from kit.canonical import digest
from kit.i18n import gettext
from models.rounds import Round
from queries import stages
from rules import course
from rules import supplements as law
from rules.changes import DEEDS, Change
from rules.policies import Deed, Policy
from rules.texts import Text
from web import planning
from web.drafting import Sheet
from web.drafting_steps import ASKED, STEPS
from web.frames import framed
from web.planning import Plan
from web.visit import Visit

ROOTS: Final = frozenset(
    {"organisation", "reminders", "second_person", "confirmations", "notice", "applications", "stages"}
)
"""The parts of a policy of which something may still change."""

OWN: Final = frozenset({"csrf", "do", "title", "reason", "before"})
"""Fields of the page itself, and not of the policy."""


@dataclass(slots=True)
class Changed:
    """What is typed for a supplement: the tree of the policy with the changes, and the checks of it."""

    visit: Visit
    the_round: Round
    before: Tree
    sheet: Sheet

    @property
    def faults(self) -> list[str]:
        """Return everything that is wrong with what is typed."""
        return [text for step in STEPS for _place, text in self.sheet.faults(step.key)]

    def planned(self, path: str, key: str) -> bool:
        """Return whether a date was announced: it may move, not vanish."""
        return bool(draft_tree.get(self.before, f"{path}.{key}"))

    def change(self, after: Policy) -> Change:
        """Return what is asked for, with the policy that it puts in force."""
        return Change(
            Deed.SUPPLEMENT,
            self.visit.text("reason"),
            title=self.visit.text("title"),
            policy_before=self.visit.text("before"),
            policy_after=digest(self.sheet.judged.text),
            after=after,
        )

    def form(self, *, faults: Sequence[str] = (), status: int = 200) -> Response:
        """Show what may still change."""
        return self._page("supplement_new.html", status, faults=faults, pending=self._pending(), planned=self.planned)

    def preview(self, *, fault: Text | None = None, missing: Mapping[str, Text] | None = None) -> Response:
        """Show what would change, before it is published; with a fault when it was refused."""
        typed = [(name, value) for name in self.visit.typed for value in self.visit.texts(name) if name not in OWN]
        status = 409 if fault else 422 if missing else 200
        rows = differences(self.before, self.sheet.tree, zone=self.the_round.time_zone)
        said = {"fault": fault, "missing": missing or {}, "rows": rows, "typed": typed, "plan": self._plan()}
        return self._page("supplement_preview.html", status, **said)

    def _plan(self) -> Plan | None:
        """Return when everything would happen, if dates move."""
        read = self.sheet.judged.read
        if read is None or not law.moved(self.visit.policy_of(self.the_round), read.policy):
            return None
        return planning.plan(self.sheet.tree, in_force.working_days())

    def _page(self, template: str, status: int, **values: Any) -> Response:  # noqa: ANN401 - a template's values
        frame = framed(self.visit, self.the_round.code)
        return self.visit.page(
            template,
            status=status,
            frame=frame,
            sheet=self.sheet,
            second=Deed.SUPPLEMENT in frame.policy.second_person,
            deeds=[(deed.value, gettext(word)) for deed, word in DEEDS.items()],
            title=self.visit.text("title"),
            reason=self.visit.text("reason"),
            **values,
        )

    def _pending(self) -> list[tuple[str, str]]:
        """Return the steps that are still to begin: their place in the policy, and their name."""
        steps = {step.key: step.state for step in stages.of_round(self.visit.session, round_id=self.the_round.id)}
        named = [(course.APPLICATIONS, "applications", gettext(course.NAMES[course.APPLICATIONS]))]
        for number, stage in enumerate(self.visit.policy_of(self.the_round).stages, 1):
            named.append((stage.key, f"stages[{number}]", stage.name))
        return [(path, name) for key, path, name in named if steps.get(key) == law.PENDING]


def changed(visit: Visit, code: str) -> Changed:
    """Return what is typed for a supplement to a round."""
    the_round = visit.round_of(code)
    before = draft_files.from_yaml(the_round.policy_text)
    tree = draft_fields.typed(before, {name: visit.texts(name) for name in visit.typed}, ROOTS)
    tree["_saved"] = sorted(ASKED)
    return Changed(visit, the_round, before, Sheet(None, tree, draft_policies.judged(tree), 0))
