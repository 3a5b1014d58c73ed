"""What a draft may start from: the policy of an earlier round, moved to the future."""

import json
from datetime import date, datetime, timedelta

from forms.draft_fields import MOMENTS
from forms.draft_tree import Tree, get


def moved(tree: Tree, *, today: date) -> Tree:
    """Return the tree of an earlier round for a new one: its dates moved by whole weeks, its code and number taken out.

    Applications open on the same weekday, a week from now at the earliest.
    """
    made: Tree = json.loads(json.dumps(tree))
    made["code"] = ""
    if isinstance(made.get("organisation"), dict):
        made["organisation"].pop("document_number", None)
    opens = _instant(get(made, "applications.opens_at"))
    if opens is None:
        return made
    weeks = max(-((opens.date() - today - timedelta(days=7)).days // 7), 0)
    for window in [made["applications"], *(get(made, "stages") or [])]:
        for key in MOMENTS & window.keys():
            if at := _instant(window[key]):
                window[key] = (at + timedelta(weeks=weeks)).isoformat()
    if weeks:
        made["as_of"] = ((opens + timedelta(weeks=weeks)).date().replace(day=1) - timedelta(days=1)).isoformat()
    return made


def _instant(value: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return at if at.tzinfo else None
